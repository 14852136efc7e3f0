"""Talks to «gaoshi-display render --serve» (display/edge/app/render_serve.h)."""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time

NOW = "2021-07-20T18:30:00+08:00"
SHAPES = {"landscape": ("1920x1080", 680, "8"),
          "portrait": ("1080x1920", 1200, "5"),
          "strip": ("1024x256", 640, "12")}
MESSAGES = {"panel": "data/erqi/q01-gdp.json",
            "notice": "data/samples/sample-notice.json",
            "alert": "data/drills/flood-red.json"}


class Helper:
    def __init__(self, display, *flags):
        self.process = subprocess.Popen(
            [display, "render", "--serve", *flags], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)

    def take(self):
        head, picture = struct.unpack(">II", self.process.stdout.read(8))
        return (json.loads(self.process.stdout.read(head)),
                self.process.stdout.read(picture))

    def ask_bytes(self, request):
        self.process.stdin.write(struct.pack(">I", len(request)) + request)
        self.process.stdin.flush()
        return self.take()

    def ask(self, **request):
        return self.ask_bytes(json.dumps(request).encode())

    def end(self):
        self.process.stdin.close()
        return self.process.wait(60)


def request_of(file, shape, page=1, **more):
    size, height, viewing = SHAPES[shape]
    with open(file, encoding="utf-8") as text:
        return dict(message=text.read(), size=size, now=NOW, page=page,
                    options={"glass.height_mm": str(height),
                             "glass.viewing_distance_m": viewing,
                             "screen.name": "一楼大厅"}, **more)


def pixels(png, folder):
    """Pixels rather than files: both are written by one function today."""
    path = os.path.join(folder, "one.png")
    with open(path, "wb") as out:
        out.write(png)
    return subprocess.run(["gm", "convert", path, "rgb:-"], check=True,
                          stdout=subprocess.PIPE).stdout if has_gm() else png


def has_gm():
    return any(os.access(os.path.join(place, "gm"), os.X_OK)
               for place in os.environ["PATH"].split(":"))


def check_same(display, folder):
    helper = Helper(display, "--furniture")
    for shape, (size, height, viewing) in SHAPES.items():
        for name, file in MESSAGES.items():
            out = os.path.join(folder, f"{shape}-{name}")
            os.mkdir(out)
            beside = ["--over", "sample"] if name == "alert" else []
            subprocess.run(
                [display, "render", file, "--furniture", "--size", size,
                 "--height-mm", str(height), "--viewing-distance", viewing,
                 "--place", "一楼大厅", "--now", NOW, "--out", out + "/",
                 *beside], check=True)
            files = sorted(os.listdir(out),
                           key=lambda one: (len(one), one))
            more = {"over": "sample"} if name == "alert" else {}
            for page, one in enumerate(files, 1):
                head, png = helper.ask(**request_of(file, shape, page, **more))
                assert "problem" not in head, head
                assert head["pages"] == len(files), (head, files)
                with open(os.path.join(out, one), "rb") as wanted:
                    assert pixels(png, folder) == pixels(wanted.read(), folder), \
                        f"{shape} {name} page {page} differs from render"
    # A page beyond the last is the last one.
    head, _ = helper.ask(**request_of(MESSAGES["panel"], "strip", 9999))
    assert head["page"] == head["pages"], head
    head, _ = helper.ask(**request_of(MESSAGES["panel"], "landscape", shrink=2))
    assert (head["width"], head["height"]) == (960, 540), head
    assert helper.end() == 0


def hostile():
    """Requests that are wrong, each in another way."""
    good = request_of(MESSAGES["panel"], "strip")
    for field, values in {
            "message": [5, {}, "", "{", "x" * 70000, "gaoshi1 x",
                        '{"gaoshi":1,"kind":"tick"}', "\u0000"],
            "over": [1, "nothing", "{}", MESSAGES["alert"]],
            "figures": [{}, [1], ["{}"], ["x"] * 1000],
            "size": [7, "", "0x0", "-5x-5", "8192x8192", "99999x99999",
                     "1920x1080x3", "1920 x 1080"],
            "options": [[], {"glass.theme": "../../etc/passwd"},
                        {"glass.theme": "/etc/shadow"},
                        {"glass.height_mm": "-1"}, {"glass.rotation": "45"},
                        {"broker.address": "mqtt://x"}, {"glass.theme": 5},
                        {"trust.root": "/etc/passwd"}, {"nonsense": "x"}],
            "now": [1, "yesterday", "9999-99-99T00:00:00+00:00"],
            "page": [0, -1, 1.5, "one", 10 ** 18],
            "shrink": [0, 17, "x", None]}.items():
        for value in values:
            yield json.dumps({**good, field: value}).encode()
    yield b""
    yield b"[]"
    yield b"null"
    yield b"\xff\xfe"
    yield b"{" * 100000
    yield b'{"id":1,"id":2}'
    yield b'{"message":"\\ud800"}'
    yield b" " * (300 * 1024)
    yield b'{"message":"' + b"x" * (1024 * 1024) + b'"}'


def check_hostile(display):
    helper = Helper(display)
    good = request_of(MESSAGES["panel"], "strip")
    _, wanted = helper.ask(**good)
    for request in hostile():
        head, png = helper.ask_bytes(request)
        assert "problem" in head and head["problem"]["text"], \
            (request[:200], head)
        assert not png, request[:200]
    chance = random.Random(17)
    text = json.dumps(good).encode()
    for _ in range(300):
        broken = bytearray(text)
        for _ in range(chance.randint(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        helper.ask_bytes(bytes(broken))
    head, png = helper.ask(**good, id=42)
    assert head["id"] == 42 and png == wanted, head
    assert helper.end() == 0
    # A request that breaks off is told by the exit code.
    helper = Helper(display)
    helper.process.stdin.write(struct.pack(">I", 100) + b"{")
    assert helper.end() != 0


def bench(display):
    """By hand: how long a keystroke takes at 1080p halved."""
    helper = Helper(display, "--furniture")
    for name, file in MESSAGES.items():
        times = []
        for stroke in range(20):
            request = request_of(file, "landscape", shrink=2)
            request["message"] = request["message"].replace(
                "。", "。" + "水" * (stroke % 5), 1)
            start = time.monotonic()
            head, _ = helper.ask(**request)
            assert "problem" not in head, head
            times.append(1000 * (time.monotonic() - start))
        print(f"{name}: first {times[0]:.0f} ms, then "
              f"{sorted(times[1:])[9]:.0f} ms in the median, "
              f"{max(times[1:]):.0f} ms at most")
    helper.end()


def main():
    display = sys.argv[1]
    if len(sys.argv) > 2:
        bench(display)
        return
    with tempfile.TemporaryDirectory() as folder:
        check_same(display, folder)
    check_hostile(display)


main()
