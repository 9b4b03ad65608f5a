#!/usr/bin/python3
"""test/wire/change.py KEISOKU - two captures made here, compared: whose finding is new and
whose is still there, who moved to another address, what comes by another clock, grew or got
slower; and that what did not change is told so."""
import json
import os
import subprocess
import sys
import tempfile

import made
from made import CARD, Capture, HOSTS, LAPTOP, START, hello
from tap import check, ended

OTHER, MOVED, THIRD = "192.168.7.44", "192.168.7.77", "192.168.7.51"
MACS = dict(made.MACS)
MACS[OTHER], MACS[THIRD] = bytes.fromhex("3c5282aabb44"), bytes.fromhex("3c5282aabb51")
TO = "telemetry.vendor.example"


def post(capture, at, client, body=f'{{"card":"{CARD}"}}', kind="application/json"):
    data = (f"POST /c HTTP/1.1\r\nHost: {TO}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
    capture.talk(at, HOSTS[TO], 80, [(True, data), (False, b"HTTP/1.1 204 No Content\r\n\r\n")],
                 client=client)


def password(capture, at, client):
    post(capture, at, client, "user=a&password=hunter2secret", "application/x-www-form-urlencoded")


def usual(capture, client=LAPTOP, trip=.02, every=1800, hours=24):
    """What the laptop does on any day: one contact with one server, by the clock."""
    for n in range(hours * 3600 // every):
        capture.talk(START + 600 + n * every, HOSTS["mdm.vendor.example"], 443,
                     [(True, hello("mdm.vendor.example")), (False, made.SERVER + made.DONE)],
                     round_trip=trip, client=client)


class Pair:
    """BEFORE and AFTER out of two functions that fill a capture; macs of the second."""
    def __init__(self, folder, before, after, macs=None):
        self.paths = [os.path.join(folder, n) for n in ("before.pcap", "after.pcap")]
        for path, fill, cards in zip(self.paths, (before, after), (MACS, macs or MACS)):
            made.MACS.clear()
            made.MACS.update(cards)
            capture = Capture()
            fill(capture)
            capture.write(path)
        run = self.run("--json")
        self.code, self.json = run.returncode, json.loads(run.stdout)
        self.text = " ".join(self.run("--lang", "en").stdout.split())
        self.lines = self.run("--lang", "en").stdout.split("\n")
        self.first = self.lines[0]

    def run(self, *words):
        return subprocess.run([sys.argv[1], "compare", *self.paths, "--tz", "UTC", *words],
                              capture_output=True, text=True, timeout=60)

    def found(self, part, code):
        return [(f["device"]["before"], f["device"]["after"]) for f in self.json["findings"][part]
                if f["id"] == code]

    def told(self, sign):
        return [x for x in self.lines if x.startswith(f"  {sign} ") and "→" not in x]


def whose(folder):
    def both(c):
        usual(c)
        post(c, START + 9000, LAPTOP)

    def two(c):
        both(c)
        post(c, START + 9100, OTHER)

    def moved(c):
        usual(c)
        post(c, START + 9000, OTHER)

    p = Pair(folder, both, two)
    check("a device that was not there before does nothing still", (p.code, p.found("new", "KS-WIRE-002"),
          p.found("kept", "KS-WIRE-002")) == (2, [(None, OTHER)], [(LAPTOP, LAPTOP)]), (p.code, p.text))
    check("its heading and its words name it", f"{OTHER} (this device was not there before)" in p.text and
          [f["words_en"].split()[0] for f in p.json["findings"]["new"]] == [OTHER] * 2, p.json["findings"]["new"])
    check("as many new ones are counted as are shown", "0 findings gone, 1 new" in p.first and
          len(p.told("+")) == 1, p.text)
    page = os.path.join(folder, "page.html")
    p.run("--html", page, "--lang", "en")
    with open(page) as f:
        markup = f.read()
    check("the page too", f"{OTHER} (this device was not there before)" in markup and "1 new" in markup and
          markup.count('<span class="mark critical">+</span>') == 1, markup[:900])
    p = Pair(folder, both, moved)
    check("what one stopped and another began is gone and new", (p.code, p.found("gone", "KS-WIRE-002"),
          p.found("new", "KS-WIRE-002")) == (2, [(LAPTOP, None)], [(None, OTHER)]), (p.code, p.text))

    def three(c):
        both(c)
        for n, client in enumerate((OTHER, THIRD, MOVED)):
            password(c, START + 5000 + n * 60, client)
    p = Pair(folder, both, three, {**MACS, MOVED: bytes.fromhex("3c5282aabb77")})
    check("three new senders are three", len(p.found("new", "KS-WIRE-003")) == 3 and
          not p.found("kept", "KS-WIRE-003"), p.json["findings"])
    accept = os.path.join(folder, "accepted")
    with open(accept, "w") as f:
        f.write(f'accept {OTHER} * KS-WIRE-* reason="till of the shop" owner=me\n')
    run = subprocess.run([sys.argv[1], "compare", *Pair(folder, both, two).paths, "--accept", accept, "--lang", "en"],
                         capture_output=True, text=True, timeout=60)
    check("what was accepted is neither told nor in the code", run.returncode == 0 and
          "0 new" in run.stdout.split("\n")[0], (run.returncode, run.stdout, run.stderr))


def renumbered(folder):
    def here(c):
        usual(c)
        post(c, START + 9000, LAPTOP)

    def there(c):
        usual(c, MOVED)
        post(c, START + 9000, MOVED)

    p = Pair(folder, here, there, {**MACS, MOVED: MACS[LAPTOP]})
    check("the same card at another address is the same device", (p.code, p.found("kept", "KS-WIRE-002")) ==
          (0, [(LAPTOP, MOVED)]) and f"{MOVED} (before: {LAPTOP})" in p.text, (p.code, p.text))
    mac = ":".join(f"{b:02x}" for b in MACS[LAPTOP])
    run = p.run("--device", LAPTOP, "--lang", "en")
    check("asked for by its old address it is missing, and its card is named", run.returncode == 3 and
          f"no device {LAPTOP} is in {p.paths[1]}" in run.stderr and f"--device {mac} finds it" in run.stderr, run)
    run = p.run("--device", mac, "--lang", "en")
    check("by its card it is the same", run.returncode == 0 and f"{MOVED} (before: {LAPTOP})" in run.stdout, run)
    p = Pair(folder, here, there, {**MACS, MOVED: MACS[OTHER]})
    check("another card at another address is another", (p.code, p.found("new", "KS-WIRE-002")) ==
          (2, [(None, MOVED)]), (p.code, p.text))
    p = Pair(folder, here, here, {**MACS, LAPTOP: MACS[OTHER]})
    check("another card at the old address is another", (p.code, p.found("new", "KS-WIRE-002")) ==
          (2, [(None, LAPTOP)]), (p.code, p.text))

    def named(fill):
        def filled(c):
            made.name_by_dhcp(c)
            fill(c)
        return filled

    def swapped(c):  # a new card in the same computer, which tells its name
        made.LAPTOP = MOVED
        made.name_by_dhcp(c)
        made.LAPTOP = LAPTOP
        there(c)
    p = Pair(folder, named(here), swapped, {**MACS, MOVED: MACS[OTHER]})
    check("the same name by its own word is the same device", (p.code, p.found("kept", "KS-WIRE-002")) ==
          (0, [(LAPTOP, MOVED)]), (p.code, p.text))


def changed(folder):
    p = Pair(folder, lambda c: usual(c, every=600), lambda c: usual(c, every=900))
    periods = [f["period_s"] for f in p.json["findings"]["kept"] if f["changed"]]
    check("another clock is a change, old and new", periods == [{"before": 600, "after": 900}] and
          "1 changed" in p.first and len(p.told("~")) == 1 and
          "every 15 min ± 0 s, 96 of 96" in p.text and "; before: every 10 min ± 0 s, 144 of 144" in p.text, (periods, p.first, p.told("~")))

    def words(n):
        def fill(c):
            usual(c)
            for i in range(n):
                password(c, START + 9000 + i * 3, LAPTOP)
        return fill
    p = Pair(folder, words(1), words(100))
    check("passwords a hundred times as often", p.code == 2 and "sends passwords in clear to "
          f"{TO} (100 times); before: 1 time" in p.text, (p.code, p.text))
    check("as many changed ones are counted as are shown", f"{len(p.told('~'))} changed" in p.first, p.text)
    p = Pair(folder, words(100), words(1))
    check("far less often is a change that is no alarm", p.code == 0 and "before: 100 times" in p.text, p.text)
    p = Pair(folder, words(10), words(13))
    check("a few more are chance", p.code == 0 and not p.told("~"), p.text)
    p = Pair(folder, lambda c: usual(c, hours=6), lambda c: usual(c, hours=48))
    check("a longer capture has more of all, which is no change", not p.told("~"), p.text)


def slower(folder):
    p = Pair(folder, lambda c: usual(c), lambda c: usual(c, trip=.2))
    check("one destination became slow", "round trip to mdm.vendor.example: 20.1 ms → 200.1 ms" in p.text, p.text)
    page = os.path.join(folder, "page.html")
    p.run("--html", page, "--lang", "ja")
    with open(page) as f:
        check("the page names it", "mdm.vendor.example との往復時間: 20.1 ms → 200.1 ms" in f.read())
    p = Pair(folder, lambda c: usual(c), lambda c: usual(c, trip=.03))
    check("a little slower is not named", "round trip to" not in p.text, p.text)
    p = Pair(folder, lambda c: usual(c, hours=2), lambda c: usual(c, trip=.2, hours=2))
    check("nor what too few handshakes tell", "round trip to" not in p.text, p.text)
    p = Pair(folder, lambda c: usual(c, trip=.00004), lambda c: usual(c, trip=.00005))
    check("a short round trip is told in figures that differ", "0.0 ms" not in p.text and
          "0.140 ms" in p.text and "0.150 ms" in p.text, p.text)


def same(folder):
    p = Pair(folder, lambda c: usual(c), lambda c: usual(c))
    check("no change is said plainly", p.code == 0 and p.first.startswith("no change"), p.first)
    said = p.run("--lang", "ja").stdout.split("\n")[0]
    check("also in Japanese", said.startswith("変化はありません"), said)
    short = Pair(folder, lambda c: password(c, START, LAPTOP), lambda c: password(c, START, LAPTOP))
    check("what is not known is null", all(short.json[k] == dict.fromkeys(("before", "after", "difference", "change"))
          for k in ("bytes_per_day", "rate_in")), short.json)


def main():
    with tempfile.TemporaryDirectory() as folder:
        whose(folder)
        renumbered(folder)
        changed(folder)
        slower(folder)
        same(folder)
    return ended()


sys.exit(main())
