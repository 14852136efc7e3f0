"""The panels that «panel import» made say the facts of the district.

usage: import_check.py FACTS FOLDER: every row of FACTS (facts_erqi.tsv) whose
row is Q1 … E6 is found in FOLDER/q01.json … e06.json: a figure with its unit
and its qualifier, a ratio, a number of years, or a text."""
import json
import pathlib
import re
import sys

facts, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def texts(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def is_told(panel, what, kind, number, unit, qualifier):
    words = "\n".join(texts(panel))
    if kind == "text":
        return what in words
    if kind == "years":
        return (panel.get("years") == int(number) and panel["honour"] in what
                ) or f"连续 {number} 年" in words
    if kind == "ratio":
        return (panel.get("ratio") == float(number)
                and panel.get("ratio_qualifier", "-") == qualifier)
    return any(figure["value"] == float(number) and figure["unit"] == unit
               and figure.get("qualifier", "-") == qualifier
               and what in (figure.get("label", ""), panel["title"])
               for figure in panel["figures"])


faults = rows = 0
for line in open(facts, encoding="utf-8"):
    if line.startswith("#") or not line.strip():
        continue
    row, what, kind, number, unit, qualifier, _ = line.rstrip("\n").split("\t")
    letter, digits = re.fullmatch(r"([A-Z])(\d+)", row).groups()
    file = folder / f"{letter.lower()}{int(digits):02}.json"
    panel = json.loads(file.read_text(encoding="utf-8"))["panel"]
    rows += 1
    if not is_told(panel, what, kind, number, unit, qualifier):
        faults += 1
        print(f"{file.name}: {line.rstrip()} is not told")
print(f"{rows} facts, {faults} missing")
sys.exit(1 if faults else 0)
