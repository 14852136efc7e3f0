#!/usr/bin/env python3
"""The walls of the house, by what the compiled code calls.

Reads the object files of a build: which function of which file calls which
function of which other file. Fails
- when a room uses a room that does not stand below it (ROOMS),
- when files call each other in a circle,
- when a pure layer needs a clock, a file, a socket, a window or a broker, or
  includes a header from outside that is not in its list (PURE).
Before that it shows on small files of its own that it sees each of these.

usage: test_purity.py BIN   (the folder of binaries of a build)
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

# What a room may use besides itself, in the order in which they stand.
ROOMS = {
    "base": [],
    "protocol": ["base"],
    "protocol/link": ["base", "protocol"],
    "cap": ["base", "protocol"],
    "image": ["base", "protocol"],
    "display/core/typeset": ["base", "protocol"],
    # When panels come; ICU tells the changes of a time zone.
    "display/core/schedule": ["base", "protocol"],
    # A draw list holds lines of placed glyphs.
    "display/core/draw": ["base", "protocol", "display/core/typeset"],
    "display/core/page": ["base", "protocol", "display/core/draw",
                          "display/core/typeset", "display/core/schedule"],
    "display/core/compose": ["base", "protocol", "display/core/page",
                             "display/core/draw", "display/core/typeset"],
    "display/core/templates": ["base", "protocol", "display/core/compose",
                               "display/core/page", "display/core/draw",
                               "display/core/typeset", "display/core/alerts"],
    "display/core/validation": ["base", "protocol"],
    "display/core/alerts": ["base", "protocol", "display/core/validation"],
    "display/core/board": ["base", "protocol", "display/core/alerts",
                           "display/core/validation", "display/core/page",
                           "display/core/schedule"],
}
EVERYTHING_BELOW = [room for room in ROOMS if room != "cap"]
for room, beside in (
    ("config", []),
    ("text", []),
    ("render", ["text"]),
    ("store", []),
    ("album", []),
    ("net", ["config"]),
    ("app", ["config", "text", "render", "store", "album", "net"]),
    ("rehearse", ["config", "text", "render", "album", "app"]),
):
    ROOMS["display/edge/" + room] = EVERYTHING_BELOW + [
        "display/edge/" + name for name in beside]
ROOMS["display"] = [room for room in ROOMS if room != "cap"]
BELOW_PUBLISHER = ["base", "protocol", "protocol/link", "cap", "image"]
for room, beside in (
    ("cli", []),
    ("outbox", ["cli"]),
    ("keyfile", ["cli"]),
    ("fleet", ["cli", "outbox"]),
    ("send", ["cli", "outbox", "keyfile", "fleet"]),
    ("alert", ["cli", "outbox", "send"]),
    ("panel", ["cli", "outbox", "fleet", "send"]),
    ("cap", ["cli", "outbox", "send"]),
    ("keys", ["cli", "outbox", "keyfile", "send"]),
    ("provision", ["cli", "keyfile", "fleet", "keys"]),
    ("screens", ["cli", "outbox", "keyfile", "send", "fleet"]),
    ("console", ["cli", "outbox", "keyfile", "send", "fleet", "alert",
                 "panel"]),
):
    ROOMS["publisher/" + room] = BELOW_PUBLISHER + [
        "publisher/" + name for name in beside]
ROOMS["publisher"] = BELOW_PUBLISHER + [
    room for room in ROOMS if room.startswith("publisher/")]

C_HEADERS = ("assert|ctype|errno|float|inttypes|limits|math|stdarg|stdbool|"
             "stddef|stdint|stdio|stdlib|string|strings|uchar")
# Headers from outside that a pure layer may include.
PURE = {
    "protocol/": C_HEADERS + "|jansson|openssl/(bio|ec|err|evp|pem|pkcs12|x509|x509v3)",
    "cap/": C_HEADERS + "|jansson|expat|iconv|openssl/sha",
    "display/core/": C_HEADERS + "|jansson|unicode/[a-z0-9]+|qrencode|ini",
}
# Of base only these have no clock and no file: pure layers may use them.
PURE_BASE = ["base/escape", "base/problem", "base/timestamp",
             "base/translate", "base/utf8"]
# What reaches outside, or tells what only the edges may tell.
IMPURE = re.compile(
    "time|clock|clock_[a-z]+|gettimeofday|timespec_get|localtime(_r)?|"
    "mktime|nanosleep|usleep|sleep|ucal_getNow\\w*|"
    "fopen|freopen|fdopen|tmpfile|open(64)?|openat|creat|read|write|"
    "rename|unlink|remove|stat|mkdir|opendir|mmap|"
    "socket|connect|bind|listen|accept|send|recv|poll|select|"
    "getenv|setenv|system|popen|fork|exec[a-z]+|kill|pthread_[a-z_]+|"
    "rand|random|srand|printf|__printf_chk|vprintf|puts|putchar|perror|"
    "stdout|stderr|stdin|"
    "SDL_\\w+|TTF_\\w+|MQTT\\w+|sqlite3_\\w+|sd_\\w+")


def is_pure(source):
    return (source.startswith(tuple(PURE)) and
            not source.startswith("protocol/link/"))


class House:
    """Sources, what each defines and what each needs."""

    def __init__(self):
        self.needs = collections.defaultdict(set)
        self.homes = collections.defaultdict(set)

    def read(self, objects):
        """objects: source (without .c) by the path of its object file."""
        listing = subprocess.run(
            ["nm", "-A", "-P", "-g", *objects], check=True, text=True,
            stdout=subprocess.PIPE).stdout
        for line in listing.splitlines():
            where, rest = line.split(": ", 1)
            name, kind = rest.split()[:2]
            source = objects[where]
            if kind == "U":
                self.needs[source].add(name)
            elif kind.isupper() and kind != "W":
                self.homes[name].add(source)

    def home_of(self, name, source):
        """The two programs may each have a function of that name."""
        homes = sorted(self.homes.get(name, ()))
        own = [home for home in homes if top_of(home) == top_of(source)]
        return (own or homes or [None])[0]

    def arrows(self):
        for source, names in self.needs.items():
            for name in sorted(names):
                target = self.home_of(name, source)
                if target and target != source:
                    yield source, target, name

    def wrong_arrows(self):
        for source, target, name in self.arrows():
            room, other = room_of(source), room_of(target)
            if room not in ROOMS:
                yield f"{source}: its folder has no row in ROOMS"
            elif other != room and other not in ROOMS[room]:
                yield (f"{source} calls {name} of {target}: "
                       f"{room} may not use {other}")
            elif is_pure(source) and other == "base" \
                    and target not in PURE_BASE:
                yield f"{source} calls {name} of {target}, which is not pure"

    def impure(self):
        for source, names in self.needs.items():
            if is_pure(source) or source in PURE_BASE:
                for name in sorted(names):
                    if IMPURE.fullmatch(name) and name not in self.homes:
                        yield f"{source} needs {name}"

    def circles(self):
        """Strongly connected files (Tarjan)."""
        graph = collections.defaultdict(set)
        for source, target, _ in self.arrows():
            graph[source].add(target)
        index, low, stack, found = {}, {}, [], []

        def visit(node):
            index[node] = low[node] = len(index)
            stack.append(node)
            for other in graph[node]:
                if other not in index:
                    visit(other)
                    low[node] = min(low[node], low[other])
                elif other in stack:
                    low[node] = min(low[node], index[other])
            if low[node] == index[node]:
                circle = []
                while not circle or circle[-1] != node:
                    circle.append(stack.pop())
                if len(circle) > 1:
                    found.append(sorted(circle))

        for node in sorted(graph):
            if node not in index:
                visit(node)
        for circle in found:
            yield "a circle of calls: " + ", ".join(circle)


def top_of(source):
    return source.split("/")[0]


def room_of(source):
    return str(pathlib.PurePosixPath(source).parent)


def wrong_includes(root, sources):
    """sources: paths below root."""
    for path in sources:
        layer = next((top for top in PURE if path.startswith(top)), None)
        if not layer or not is_pure(path):
            continue
        text = (root / path).read_text(encoding="utf-8")
        for header in re.findall(r"^[ \t]*#[ \t]*include[ \t]*([<\"].*)$",
                                 text, re.MULTILINE):
            if header.startswith("<"):
                if not re.match(f"<({PURE[layer]})\\.h>", header):
                    yield f"{path}: includes {header}"
                continue
            name = header.strip().strip('"')
            room, other = room_of(path), room_of(name)
            if other != room and other not in ROOMS.get(room, []):
                yield f"{path}: includes {header}: {room} may not use {other}"
            elif other == "base" and name[:-2] not in PURE_BASE:
                yield f"{path}: includes {header}, which is not pure"


def prove():
    """Each fault is seen on files made for it, and a good one is not."""
    files = {
        "protocol/good": "#include <stddef.h>\n/* time(NULL) */\n"
                         "int lifetime(int t) { return t; }",
        "protocol/clock": "#include <time.h>\n"
                          "long now(void) { return time(0); }",
        "cap/prints": "#include <stdio.h>\n"
                      "void say(void) { puts(\"a\"); }",
        "display/core/draw/up": "int lead(void);\n"
                                "int draw(void) { return lead(); }",
        "display/core/board/lead": "int lead(void) { return 1; }",
        "publisher/cli/one": "int two(void);\nint one(void) { return two(); }",
        "publisher/cli/two": "int one(void);\nint two(void) { return one(); }",
        "display/edge/app/end": "void finish(void) { }",
        "display/edge/app/loop": "void finish(void);\n"
                                 "void loop(void) { finish(); }",
        "publisher/cli/end": "void finish(void) { }",
        "cap/includes": "#include \"display/core/board/lead.h\"\n",
    }
    expected = ["protocol/clock needs time", "protocol/clock.c: includes",
                "cap/prints needs puts",
                "display/core/draw/up calls lead of display/core/board/lead",
                "a circle of calls: publisher/cli/one, publisher/cli/two",
                "cap/includes.c: includes \"display"]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        house, objects = House(), {}
        for name, text in files.items():
            path = root / (name + ".c")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            if "\"display" not in text:
                made = str(path.with_suffix(".o"))
                subprocess.run(["cc", "-c", str(path), "-o", made], check=True)
                objects[made] = name
        house.read(objects)
        found = everything(house, root, [name + ".c" for name in files])
    for text in expected:
        if not any(line.startswith(text) for line in found):
            sys.exit(f"this was not seen: {text}; but: {found}")
    if len(found) != len(expected) or any("good" in line for line in found):
        sys.exit(f"this was seen too much: {found}")


def everything(house, root, sources):
    return [*house.wrong_arrows(), *house.circles(), *house.impure(),
            *wrong_includes(root, sources)]


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    build = pathlib.Path(sys.argv[1]).resolve().parent
    prove()
    objects = {}
    for path in build.rglob("*.c.o"):
        top, _, inside = str(path.relative_to(build)).partition(
            "/CMakeFiles/")
        source = f"{top}/{inside.partition('.dir/')[2]}"[:-len(".c.o")]
        if source.split("/")[0] in ("base", "protocol", "cap", "display",
                                    "publisher") and \
                (root / (source + ".c")).exists() and \
                "faked-clock" not in str(path):
            objects[str(path)] = source
    if len(objects) < 100:
        sys.exit(f"{build}: only {len(objects)} object files; build it first")
    house = House()
    house.read(objects)
    sources = sorted(
        str(path.relative_to(root)) for top in PURE
        for path in (root / top).rglob("*.[ch]"))
    found = everything(house, root, sources)
    for line in found:
        print(line)
    if found:
        sys.exit(1)
    print(f"{len(objects)} files: every call goes downward, no circle, and "
          "protocol, cap and display/core are pure")


main()
