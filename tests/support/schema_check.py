"""Runs the JSON Schemas of data/schema over the data and the corpus.

Every schema must be a sound schema. Every file of data/ and every valid body
of the corpus must pass; every invalid one must be refused, by the JSON reader
or by the schema. What no schema can see (the last column of expected.tsv says
«blind») must really pass, so that the list of exceptions stays true. That the
programs' own reader gives the same verdicts is what test_corpus checks.
"""
import json
import pathlib
import sys
import warnings

import jsonschema

warnings.simplefilter("ignore", DeprecationWarning)
ROOT = pathlib.Path(sys.argv[1]).resolve()
SCHEMAS = ROOT / "data" / "schema"
CORPUS = ROOT / "tests" / "messages"


def refuse_constant(word):
    raise ValueError(f"{word} is not JSON")


def load_validator(name):
    path = SCHEMAS / name
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(path.as_uri(), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def why_refused(path, validator):
    """The first reason to refuse the file, or None."""
    try:
        body = json.loads(path.read_bytes().decode("utf-8"),
                          parse_constant=refuse_constant)
    except ValueError as error:
        return f"not JSON: {error}"
    errors = sorted(validator.iter_errors(body), key=lambda e: list(map(str, e.path)))
    return errors[0].message[:200] if errors else None


def read_expected():
    rows = {}
    for line in (CORPUS / "expected.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, _, _, schema = line.split("\t")
            rows[name] = schema
    return rows


def main():
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        load_validator(path.name)
    draft = load_validator("message.schema.json")
    wire = load_validator("wire.schema.json")
    expected = read_expected()
    faults = 0
    files = [path for folder in ("erqi", "drills", "samples")
             for path in sorted((ROOT / "data" / folder).glob("*.json"))]
    files += sorted(CORPUS.glob("*.json"))
    for path in files:
        must_pass = expected.get(path.name, "blind") == "blind"
        validator = wire if "valid_wire_" in path.name else draft
        reason = why_refused(path, validator)
        if (reason is None) != must_pass:
            faults += 1
            print(f"{path.relative_to(ROOT)}: "
                  + (f"refused: {reason}" if reason else "passed the schema"))
    print(f"{len(files)} files, {faults} wrong verdicts")
    return 1 if faults else 0


sys.exit(main())
