#!/usr/bin/env python3
"""What people read is in their language.

- Each message of the sources has a translation, and the catalogue is as the
  sources have it (po/extract).
- LANG=zh_CN.UTF-8: helps, errors, prompts, progress and tables of both programs
  have no English word but names: options, values, files, ids. So too where the
  locale is not installed.
- LANG=C: the same output is ASCII, and Chinese content is escaped.
- Tables and helps align by the columns of a terminal.
- What programs read stays as it is in any language.

usage: test_language.py BIN   (the folder of binaries of a build)
"""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata

BIN = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT_S = 60

# Names that stay in Latin letters: of standards, programs, formats, and values
# that a user types or a file contains.
NAMES = set("""
gaoshi display publish conf json mqtt mqtts ed25519 sm2 gaoshi-display gaoshi-publish README
CAP MQTT TLS NATS JSON CSV PEM DER PNG JPEG WebP WEBP GIF RGB CMYK XML HTML
UTF-8 UTF-16 GB GBK GB2312 GB18030 ISO-8859-1 ASCII Unicode Ed25519 SM2 SHA-256
IANA UTC CA DOCTYPE AllClear X11 X Wayland SDL HTTP URL QoS USB HDMI PPM
SQLite ICU WebSocket EUR HOME PATH LANG TERM DISPLAY PSS KiB MiB
Ctrl-D Shift Space Left Right Up Down Backspace Home Page Esc Enter Tab
Asia Shanghai NUL CDATA IHDR BOM systemd node_exporter mosquitto tar
HOST PORT ID NAME CODE FILE INDEX FAMILY WIDTH HEIGHT SCREEN KEYID SIGNATURE HH
MM RRGGBB
red orange yellow blue unknown actual exercise test
immediate expected future past observed likely possible unlikely
all area group screen province city district township community
panels alerts commands panel alert figure settings cancel keys
ed sm quality garden warmth emergency general columns line
poster photo series notice figures comparison share years list chart place
title countdown qr situation honours growth
identify screenshot reload brightness night restart config on off
full upper banner reduced none often only error warning info debug
bright dimmed dark upright portrait yes no fonts render programme setup card
icons rehearse run tomorrow noon today mon fri sat workday restday holiday
sample png pub pem org sender root id areas groups notes subtitle lines
kind value unit icon texts schedule weight lunar utc offset
campaign wxh start stop replay index tick nonsense iconv gb18030 sudo chmod
issued effective from until sun tue wed thu noday q1 a1 a2
sees
""".split())


def environment(home, **settings):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("LC_") and name not in
            ("LANG", "LANGUAGE", "LOCPATH", "DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "HOME": str(home), "TZ": "Asia/Shanghai", **settings}


CHINESE = {"LANG": "zh_CN.UTF-8"}
PLAIN = {"LANG": "C"}


class Failures(list):
    def expect(self, good, *what):
        if not good:
            self.append(" ".join(str(part) for part in what))
            print("FAILED:", *what, file=sys.stderr)


failures = Failures()


def run(words, home, settings, folder=None, text=None):
    done = subprocess.run([BIN / words[0], *words[1:]], cwd=folder or home,
                          env=environment(home, **settings), timeout=LIMIT_S,
                          input=text.encode() if text else b"",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.stdout + done.stderr


def foreign_words(text, names):
    """The Latin words that are no names."""
    text = re.sub(r"\b[a-z]+-\d{8}-\d{4}-\w{4}\b", " ", text)   # new ids
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+|\d+x\d+|\b1[01][A-Z]\d\d|"
                  r"HH:MM(?:-HH:MM)?|\bF\d+\b", " ", text)       # times, sizes
    text = re.sub(r"--?[a-z][\w-]*(?:=\S+)?", " ", text)        # options
    text = re.sub(r"\w+://[^\s，。；：、）]*", " ", text)          # addresses
    text = re.sub(r"[\w.~*%+-]*(?:/[\w.*%+-]*)+", " ", text)     # paths
    text = re.sub(r"[\w-]*\.(?:conf|tar|png|pem|json|csv|ini|txt|db|key|webp|"
                  r"acl|xml|cap)\b", " ", text)                 # files
    text = re.sub(r"\[[a-z]+\]|\b[a-z0-9_]+_[a-z0-9_]+\b|\bU\+[0-9A-F]+|"
                  r"\b0x[0-9A-F]+|\b\d+[A-Za-z]{1,3}\b|[a-z]+\[\d+\]"
                  r"(?:\.\w+)*|\b[a-z]+(?:\.[a-z]+)+\b|#[0-9a-fA-F]{6}|"
                  r"\b[a-z]+-(?:[A-Z]+|\d+)\b|a-z|a-f|\b[A-Z]\b|\b[a-z]\b",
                  " ", text)                       # keys, fields, numbers
    words = re.findall(r"[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9]|[A-Za-z]{2,}", text)
    return [word for word in words if word not in names]


PANEL = {"gaoshi": 1, "kind": "panel", "id": "q1",
         "panel": {"template": "notice", "section": "general", "order": 1,
                   "title": "停水通知", "body": "明天停水。"}}


def changed(**fields):
    panel = json.loads(json.dumps(PANEL))
    for path, value in fields.items():
        *parents, last = path.split("__")
        place = panel
        for name in parents:
            place = place[name]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return json.dumps(panel, ensure_ascii=False)


def write_files(home):
    """Files with a fault each, and what the commands need besides."""
    files = {
        "good.json": changed(),
        "empty.json": "", "list.json": "[]", "broken.json": '{"gaoshi": 1,',
        "comma.json": '{"gaoshi": 1,, }', "twice.json": '{"a": 1, "a": 2}',
        "unknown.json": changed(panel__colour=1),
        "missing.json": changed(panel__title=None),
        "title.json": changed(panel__title="长" * 200),
        "type.json": changed(panel__title=3),
        "template.json": changed(panel__template="nonsense"),
        "expires.json": changed(expires="2020-01-01T00:00:00+08:00"),
        "time.json": changed(expires="noon"),
        "kind.json": changed(kind="nonsense"),
        "id.json": changed(id="Q 1"),
        "blank.json": changed(panel__title="  "),
        "control.json": changed(panel__title="a\x07b"),
        "schedule.json": changed(panel__schedule={"days": ["noday"]}),
        "hours.json": changed(panel__schedule={"hours": ["7-9"]}),
        "version.json": changed(gaoshi=2),
        "deep.json": "[" * 80, "no.xml": "<alert>", "plain.xml": "text",
        "cap.xml": '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
                   "<identifier>a b</identifier></alert>",
        "sheet.csv": "标题,数值,颜色\n地区生产总值,12.3,红\n,,\n",
        "quote.csv": '标题,数值\n"地区,1\n', "headless.csv": "1,2\n",
        "bad.conf": "[publisher]\ncolour = red\n",
        "number.conf": "[broker]\nmqtt_version = 9\n",
        "section.conf": "[nothing]\na = b\n", "words.conf": "hello\n",
        "screen.conf": "[screen]\norg = town\nid = s1\narea = 41\n",
        "hall.conf": "[glass]\nrotation = 45\nmotion = wild\n",
        "theme.ini": "[colours]\nink = blue\n",
        "screens.csv": "id,place,area\ns1,大厅,4101\n",
        "key.pem": "no key\n",
    }
    for name, text in files.items():
        (home / name).write_text(text)
    (home / "latin.json").write_bytes(b'{"gaoshi": \xe9}')
    (home / "mark.json").write_bytes(b"\xef\xbb\xbf{}")
    (home / "folder").mkdir()
    return [name for name in files if name.endswith(".json")]


def publisher_cases(drafts):
    sign = ["--org", "town", "--key", "keys/gaoshi.pem", "--broker",
            "mqtt://127.0.0.1:1", "--timeout", "1", "--state", "outbox.db"]
    push = ["panel", "push", *sign]
    raising = ["alert", "raise", *sign, "--scope", "area-410103"]
    yield from (
        [], ["nonsense"], ["panl", "lst"], ["panel"], ["alert"], ["--yes"],
        ["panel", "push", "--nonsense"], ["panel", "push", "--titel", "x"],
        ["panel", "push", "--title"], ["panel", "push", "good.json"],
        ["alert", "cancel"], ["alert", "list", "a", "b"],
        ["alert", "list"], ["panel", "list"], ["outbox", "list"],
        ["figures", "list"], ["status"], ["screens"], ["plays"],
        ["validate", *drafts, "latin.json", "mark.json", "nowhere.json",
         "folder"],
        ["validate", "--json", "good.json"],
        [*push, "good.json"], [*push, "good.json", "missing.json"],
        [*push, "nowhere.json"], [*push, "expires.json"],
        [*push, "--kind", "nonsense"], [*push, "--kind", "notice"],
        [*push, "--kind", "通知", "--title", "停水", "--text", "明天停水。",
         "--until", "昨天"],
        [*push, "--kind", "figure", "--title", "人口", "--figure", "x"],
        [*push, "--kind", "通知", "--title", "停水", "--text", "明天停水。"],
        [*push, "folder"], [*push, "--scope", "nowhere", "good.json"],
        [*push, "--config", "bad.conf", "good.json"],
        [*push, "--config", "number.conf", "good.json"],
        [*push, "--config", "section.conf", "good.json"],
        [*push, "--config", "words.conf", "good.json"],
        [*push, "--config", "nowhere.conf", "good.json"],
        ["panel", "push", "--org", "town", "--broker", "mqtt://127.0.0.1:1",
         "--key", "key.pem", "good.json"],
        ["panel", "push", "--org", "town", "--broker", "nothing", "--key",
         "keys/gaoshi.pem", "good.json"],
        ["panel", "push", "--org", "town", "--broker", "mqtts://127.0.0.1:1",
         "--key", "keys/gaoshi.pem", "good.json"],
        ["panel", "list", "--org", "town", "--state", "outbox.db"],
        ["panel", "list", "--org", "town", "--state", "outbox.db", "--all"],
        ["panel", "show", "q1", "--org", "town", "--state", "outbox.db"],
        ["panel", "show", "q9", "--org", "town", "--state", "outbox.db"],
        ["panel", "remove", "q9", *sign],
        ["panel", "update", "q9", *sign], ["panel", "update", "q1", *sign],
        ["panel", "import", "sheet.csv", "--out", "made"],
        ["panel", "import", "quote.csv"], ["panel", "import", "headless.csv"],
        ["panel", "new"], ["panel", "new", "--kind", "figure"],
        ["outbox", "list", "--org", "town", "--state", "outbox.db"],
        ["outbox", "drop", "x9", "--org", "town", "--state", "outbox.db"],
        ["outbox", "drop", "--org", "town", "--state", "outbox.db"],
        ["outbox", "send", *sign],
        [*raising], [*raising, "--template", "nonsense"],
        [*raising, "--template", "rainstorm"],
        [*raising, "--id", "a1", "--level", "purple", "--event", "暴雨",
         "--headline", "暴雨", "--until", "+6h"],
        [*raising, "--id", "a1", "--level", "red", "--event", "暴雨",
         "--headline", "暴雨红色预警", "--until", "+6h", "--status", "actual", "--area-text", "全区"],
        [*raising, "--id", "a1", "--level", "blue", "--event", "暴雨",
         "--headline", "暴雨", "--until", "whenever", "--status", "actual", "--area-text", "全区"],
        [*raising, "--id", "a2", "--level", "blue", "--event", "暴雨",
         "--headline", "暴雨蓝色预警", "--sender", "气象台", "--until", "+6h",
         "--area-text", "全区", "--status", "exercise"],
        ["alert", "list", "--org", "town", "--state", "outbox.db"],
        ["alert", "cancel", "a9", *sign], ["alert", "update", "a9", *sign],
        ["alert", "templates"],
        ["cap", "check", "no.xml", "plain.xml", "cap.xml", "empty.json",
         "nowhere.xml"],
        ["cap", "export", "a9", "--org", "town", "--state", "outbox.db"],
        ["cap", "watch", "nowhere", *sign],
        ["figures", "set", *sign, "x"], ["figures", "set", *sign],
        ["figures", "set", *sign, "river.level=3.5", "--unit", "米"],
        ["figures", "set", *sign, "river.level=deep"],
        ["figures", "list", "--org", "town", "--state", "outbox.db"],
        ["keys", "new"], ["keys", "new", "--out", "keys"],
        ["keys", "new", "--out", "other", "--algorithm", "rsa"],
        ["keys", "grant", "list.json", "keys/gaoshi.pub.pem"],
        ["keys", "list", "nowhere.json"], ["keys", "list", "good.json"],
        ["keys", "drop", "list.json", "x"],
        ["keys", "publish", "list.json"],
        ["provision", "ca"], ["provision", "ca", "--out", "ca", "--org", "T"],
        ["provision", "ca", "--out", "ca", "--org", "town"],
        ["provision", "screen", "s1"], ["provision", "operator", "li"],
        ["provision", "town", "town"], ["provision", "renew", "s1"],
        ["provision", "revoke", "s1", "--ca", "ca"],
        ["setup", "nowhere.tar"], ["setup", "folder"],
        ["programme", "show"], ["programme", "show", "--screen", "s1",
                                "--org", "town", "--state", "outbox.db"],
        ["command"], ["command", "s1", "dance"], ["command", "s1", "night"],
        ["command", "s1", "identify", *sign],
        ["screens", "--org", "town", "--broker", "mqtt://127.0.0.1:1",
         "--timeout", "1"],
        ["screens", "show", "s9", "--org", "town", "--broker",
         "mqtt://127.0.0.1:1", "--timeout", "1"],
        ["status", "q1", "--org", "town", "--broker", "mqtt://127.0.0.1:1",
         "--state", "outbox.db", "--timeout", "1"],
        ["screens", "--inventory", "screens.csv", "--org", "town", "--broker",
         "mqtt://127.0.0.1:1"],
        ["plays", "--screen", "s1", "--from", "noon", "--org", "town"],
        ["settings", "push", "good.json", *sign],
        ["heartbeat", "--once", *sign],
    )


def display_cases():
    yield from (
        ["nonsense"], ["--nonsense"], ["run", "--size", "x"],
        ["--check-config", "--config", "screen.conf"],
        ["--check-config", "--config", "hall.conf"],
        ["--check-config", "--config", "nowhere.conf"],
        ["render"], ["render", "good.json"],
        ["render", "missing.json", "--out", "x.png", "--size", "640x360"],
        ["render", "nowhere.json", "--out", "x.png", "--size", "640x360"],
        ["render", "good.json", "--out", "x.png", "--theme", "theme.ini"],
        ["render", "good.json", "--out", "x.png", "--page", "9", "--size",
         "640x360"],
        ["programme"], ["programme", "good.json", "--on", "noday"],
        ["fonts"], ["fonts", "--missing", "nowhere.json"],
        ["setup"], ["setup", "nowhere.tar"], ["setup", "folder"],
        ["rehearse"], ["rehearse", "nowhere"],
        ["rehearse", "good.json", "--export", "x.txt"],
        ["rehearse", "--replay", "good.json"],
        ["card", "x"], ["icons", "x"],
    )


def commands_of(home):
    text = run(["gaoshi-publish", "--help"], home, PLAIN).decode()
    names = re.findall(r"^  ([a-z]+(?: [a-z]+)*) ", text, re.M)
    assert len(names) > 30, names
    return names


def helps(home):
    yield ["gaoshi-publish", "--help"]
    for name in commands_of(home):
        yield ["gaoshi-publish", *name.split(), "--help"]
    yield ["gaoshi-display", "--help"]
    for name in ("run", "render", "programme", "setup", "card", "icons",
                 "rehearse", "fonts"):
        yield ["gaoshi-display", name, "--help"]


def check_chinese(words, text, names):
    text = re.sub(r"\033\[[0-9]*[A-Z]", " ", text)
    text = re.sub(r"^  gaoshi-.*$", "", text, flags=re.M)       # examples
    typed = set(re.findall(r"[A-Za-z0-9_-]{2,}", " ".join(words)))
    left = foreign_words(text, names | typed)
    failures.expect(not left, " ".join(words), "has the words",
                    sorted(set(left)), "in\n" + text if left else "")
    failures.expect("\ufffd" not in text, " ".join(words), "is torn:", text)


def check_output(home):
    drafts = write_files(home)
    cases = [*helps(home),
             *(["gaoshi-publish", *words] for words in publisher_cases(drafts)),
             *(["gaoshi-display", *words] for words in display_cases())]
    names = NAMES | {word for name in commands_of(home)
                     for word in name.split()}
    for line in run(["gaoshi-publish", "alert", "templates"], home,
                    PLAIN).decode().splitlines():
        if not line.startswith(" "):
            names |= set(re.split(r"\W", line))
    for settings in (CHINESE, PLAIN):
        here = home / ("output-" + settings["LANG"])
        here.mkdir()
        write_files(here)
        run(["gaoshi-publish", "keys", "new", "--out", "keys"], here, settings)
        for words in cases:
            out = run(words, here, settings)
            if settings is CHINESE:
                if "--json" not in words and words[1:3] != ["panel", "show"]:
                    check_chinese(words, out.decode("utf-8", "replace"),
                                  names)
            elif words[1:3] not in (["panel", "show"], ["panel", "new"]):
                failures.expect(out.isascii(), " ".join(words),
                                "is not ASCII:", out)
    return names


def check_catalogue():
    done = subprocess.run([ROOT / "po/extract", "--check"],
                          stderr=subprocess.PIPE, text=True)
    failures.expect(done.returncode == 0, done.stderr)
    for path in sorted(ROOT.glob("po/*.po")):
        done = subprocess.run(["msgfmt", "--check", "--statistics",
                               "--output-file=/dev/null", path],
                              stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "LC_ALL": "C"})
        failures.expect(done.returncode == 0 and
                        re.fullmatch(r"\d+ translated messages\.\n",
                                     done.stderr), done.stderr)


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, words, home, settings):
        self.text = b""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execve(BIN / words[0], words,
                      environment(home, TERM="xterm", **settings))

    def wait_for(self, wanted):
        """Up to that text, or for None to the end; returns all since the
        last call."""
        end = time.monotonic() + LIMIT_S
        while wanted is None or wanted.encode() not in self.text:
            ready, _, _ = select.select([self.file], [], [],
                                        end - time.monotonic())
            try:
                assert ready, (wanted, self.text.decode("utf-8", "replace"))
                got = os.read(self.file, 65536)
            except OSError: # the program has ended
                got = b""
            if not got:
                assert wanted is None, (wanted, self.text.decode())
                break
            self.text += got
        text, self.text = self.text, b""
        return text.decode("utf-8", "replace")

    def type(self, line):
        os.write(self.file, line.encode() + b"\n")

    def finish(self):
        text = self.wait_for(None)
        os.close(self.file)
        return text, os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def check_prompts(home, names):
    words = ["gaoshi-publish", "provision", "town", "place"]
    terminal = Terminal(words, home, CHINESE)
    said = terminal.wait_for("每个主题的一部分：")
    terminal.type("T T")
    said += terminal.wait_for("每个主题的一部分：")
    terminal.type("town")
    said += terminal.wait_for("名称或地址：")
    terminal.type("broker.example")
    said += terminal.wait_for("首位操作员的名称：")
    terminal.type("li")
    said += terminal.wait_for("可以发给谁")
    terminal.type("")
    said += terminal.wait_for("发布单位")
    terminal.type("二七区应急管理局")
    said += terminal.wait_for("加口令吗")
    terminal.type("no")
    rest, code = terminal.finish()
    check_chinese([*words, "town", "broker", "example", "li", "T"], said + rest,
                  names)
    failures.expect(code == 0, said, rest)

    # The word that an operator types is Chinese, too.
    words = ["gaoshi-publish", "alert", "raise", "--org", "town", "--key",
             "place/operators/li/gaoshi.pem", "--broker", "mqtt://127.0.0.1:1",
             "--timeout", "1", "--state", "asked.db", "--id", "a1", "--level",
             "red", "--event", "暴雨", "--headline", "暴雨红色预警", "--until",
             "+6h", "--sender", "气象台", "--status", "actual", "--area-text", "全区"]
    run(["gaoshi-publish", "keys", "new", "--out", "keys"], home, CHINESE)
    words[words.index("--key") + 1] = "keys/gaoshi.pem"
    for answer, code in (("蓝色", 2), ("红色", 3)):
        terminal = Terminal(words, home, CHINESE)
        said = terminal.wait_for("输入“红色”即发送：")
        terminal.type(answer)
        rest, ended = terminal.finish()
        check_chinese(words, said + rest, names)
        failures.expect(ended == code, ended, said, rest)


def free_port():
    with socket.socket() as file:
        file.bind(("127.0.0.1", 0))
        return file.getsockname()[1]


class Broker:
    def __init__(self, folder):
        self.port = free_port()
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.process = subprocess.Popen(
            [shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin"),
             "-c", folder / "mosquitto.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the broker does not listen")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def check_progress(home, names):
    """Twelve panels are sent to a broker that takes them, on a terminal."""
    for number in range(12):
        (home / f"n{number}.json").write_text(changed(id=f"n{number}"))
    run(["gaoshi-publish", "keys", "new", "--out", "keys"], home, CHINESE)
    with Broker(home) as broker:
        words = ["gaoshi-publish", "panel", "push", "--org", "town", "--key",
                 "keys/gaoshi.pem", "--broker",
                 f"mqtt://127.0.0.1:{broker.port}", "--state", "sent.db",
                 *(f"n{number}.json" for number in range(12))]
        text, code = Terminal(words, home, CHINESE).finish()
    failures.expect(code == 0 and "共 12 个" in text, text)
    check_chinese(words, text, names)


def check_screen(home, names):
    """A screen and what operators ask of it, over a broker."""
    (home / "good.json").write_text(changed())
    run(["gaoshi-publish", "keys", "new", "--out", "keys"], home, CHINESE)
    with Broker(home) as broker:
        at = ["--org", "town", "--broker", f"mqtt://127.0.0.1:{broker.port}"]
        sign = [*at, "--key", "keys/gaoshi.pem", "--state", "screen.db"]
        screen = subprocess.Popen(
            [BIN / "gaoshi-display", "run", "--headless", "640x360", *at,
             "--screen", "s1", "--area", "410103001001", "--trust",
             "keys/gaoshi.pub.pem", "--store", "shown.db", "--memory"],
            cwd=home, env=environment(home, **CHINESE), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            said = ""
            while "已连接" not in said:
                line = screen.stdout.readline()
                assert line, said
                said += line
            for words in (
                    ["panel", "push", *sign, "good.json", "--wait-shown", "1"],
                    ["alert", "raise", *sign, "--id", "a1", "--level", "blue",
                     "--event", "暴雨", "--headline", "暴雨蓝色预警",
                     "--sender", "气象台", "--until", "+6h", "--status",
                     "exercise", "--area-text", "全区", "--scope",
                     "area-410103"],
                    ["command", "s1", "brightness", "40", *sign],
                    ["command", "s1", "identify", *sign],
                    ["command", "s1", "screenshot", "--out", "s.png", *sign],
                    ["screens", *at], ["screens", "show", "s1", *at],
                    ["status", *at, "--state", "screen.db"],
                    ["status", "q1", *at, "--state", "screen.db"]):
                text = run(["gaoshi-publish", *words], home, CHINESE).decode()
                check_chinese(words, re.sub(r"系统 .*", "", text),
                              names | {"s1", "seq"})
        finally:
            screen.send_signal(signal.SIGTERM)
            said += screen.communicate()[0]
    check_chinese(["gaoshi-display"], said, names | {"s1"})
    failures.expect("订阅：展板“q1”" in said or "命令：" in said, said)


def columns(text):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1
               for sign in text)


def starts(line):
    """Columns at which the cells of a row begin: behind two blanks, or one
    where a cell is full."""
    return {columns(line[:found.start()])
            for found in re.finditer(r"(?:^|(?<= ))[^ ]", line)}


def check_table(lines, what):
    """Every heading stands where the cells below it begin."""
    head, rows = lines[0], lines[1:]
    failures.expect(rows, what, "has no row", lines)
    for heading in re.finditer(r"[^ ]+(?: OF)?", head):
        at = columns(head[:heading.start()])
        end = at + columns(heading[0])
        for row in rows:
            # A column of numbers ends with its heading.
            ends = {columns(row[:found.end()])
                    for found in re.finditer(r"[^ ]+", row)}
            failures.expect(at in starts(row) or end in ends or
                            columns(row) <= at,
                            what, "does not align at", heading[0], "\n" +
                            "\n".join(lines))


def check_tables(home):
    """Rows of what waits for a broker that is not there; titles and units are
    Chinese in both languages."""
    for settings in (CHINESE, {"LANG": "en_US.UTF-8"}):
        here = home / ("table-" + settings["LANG"])
        here.mkdir()
        write_files(here)
        run(["gaoshi-publish", "keys", "new", "--out", "keys"], here, settings)
        sign = ["--org", "town", "--key", "keys/gaoshi.pem", "--broker",
                "mqtt://127.0.0.1:1", "--timeout", "1", "--state", "outbox.db",
                "--with-waiting"]
        run(["gaoshi-publish", "panel", "push", *sign, "good.json"], here,
            settings)
        run(["gaoshi-publish", "alert", "raise", *sign, "--id", "a1", "--level",
             "blue", "--event", "暴雨", "--headline", "暴雨蓝色预警",
             "--sender", "气象台", "--until", "+6h", "--status", "actual",
             "--area-text", "全区", "--scope", "area-410103000000"], here, settings)
        run(["gaoshi-publish", "figures", "set", *sign, "river.level=3.5",
             "--unit", "米"], here, settings)
        for words in (["panel", "list"], ["alert", "list"], ["outbox", "list"],
                      ["figures", "list"]):
            text = run(["gaoshi-publish", *words, "--org", "town", "--state",
                        "outbox.db"], here, settings).decode()
            check_table(text.splitlines(), " ".join(words))
        for words in [*helps(home)][::4]:
            text = run(words, here, settings).decode()
            places = {columns(found[1]) for found in
                      re.finditer(r"^(  --[^ ]+(?: [^ ]+)? +)[^ ]", text, re.M)
                      if columns(found[1]) > columns(found[1].rstrip()) + 2 or
                      columns(found[1]) == 30}
            failures.expect(places <= {30}, " ".join(words),
                            "has columns at", places)


def check_programs(home):
    """What programs read is the same in each language."""
    (home / "good.json").write_text(changed())
    (home / "bad.json").write_text(changed(panel__colour=1))
    for words in (["validate", "--json", "good.json", "bad.json"],
                  ["panel", "list", "--json", "--org", "town", "--state",
                   "sent.db"]):
        texts = [run(["gaoshi-publish", *words], home, settings)
                 for settings in (CHINESE, PLAIN)]
        rows = [[json.loads(line) for line in text.splitlines()]
                for text in texts]
        failures.expect(rows[0] == rows[1] and rows[0], words, texts)
        failures.expect(texts[1].isascii(), words, texts[1])


def check_locales(home):
    """The catalogue is found by the name of the language alone, and by an
    installed locale; a language that there is none of stays English."""
    wanted = "没有给出命令".encode()
    cases = [({"LANG": "zh_CN.UTF-8"}, True), ({"LANG": "zh_CN"}, True),
             ({"LC_ALL": "zh_CN.UTF-8", "LANG": "C"}, True),
             ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "C.UTF-8"}, True),
             ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, True),
             ({"LANG": "C"}, False), ({"LANG": "C.UTF-8"}, False), ({}, False),
             ({"LANG": "de_DE.UTF-8"}, False), ({"LC_ALL": "C",
                                                 "LANG": "zh_CN.UTF-8"}, False)]
    made = subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8",
                           home / "zh_CN.UTF-8"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    if made.returncode == 0:
        cases.append(({"LANG": "zh_CN.UTF-8", "LOCPATH": str(home)}, True))
    for settings, chinese in cases:
        out = run(["gaoshi-publish"], home, settings)
        failures.expect((wanted in out) == chinese, settings, out)


def main():
    with tempfile.TemporaryDirectory(prefix="gaoshi-language-") as folder:
        home = pathlib.Path(folder)
        check_catalogue()
        check_locales(home)
        names = check_output(home)
        check_prompts(home, names)
        check_progress(home, names)
        check_screen(home, names)
        check_tables(home)
        check_programs(home)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
