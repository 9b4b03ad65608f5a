#!/usr/bin/python3
"""test/wire/counts.py KEISOKU - how many destinations a device has is how many are listed: in the
head of the text, in its table, JSON and the page, also when routers sent errors back."""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

import made
from made import Capture, LAPTOP, START, address, total
from tap import check, ended


def run(*words):
    return subprocess.run([sys.argv[1], "audit", *words], capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, COLUMNS="200")).stdout


def expired(c, at, router, to, ports, ttl):
    """A probe, and the router's error about it."""
    c.udp(at, LAPTOP, to, ports, bytes(32), ttl)
    quoted = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 60, 1, 0, 1, 17, 0, address(LAPTOP), address(to)) + \
        struct.pack(">HHHH", *ports, 40, 0)
    body = struct.pack(">BBHI", 11, 0, 0, 0) + quoted
    c.frame(at + .01, router, LAPTOP, 1, body[:2] + struct.pack(">H", total(body)) + body[4:])


def capture(path, n):
    c = Capture()
    for i in range(n):
        c.talk(START + i, f"203.0.113.{i + 1}", 443, [(True, b"x" * 40), (False, b"y" * 40)])
    for hop in range(1, 7):
        expired(c, START + 100 + hop, f"198.51.100.{hop}", "203.0.113.200", (50000 + hop, 33433 + hop), hop)
    c.ask(START + 200, "update.os.example")
    c.write(path)


def held(folder, n):
    path, page = os.path.join(folder, "c.pcap"), os.path.join(folder, "c.html")
    capture(path, n)
    a = json.loads(run(path, "--json"))
    laptop = a["devices"][0]
    listed = [d for d in a["destinations"] if d["device"] == LAPTOP]
    check(f"{n} servers: JSON counts what it lists", laptop["destinations"] == len(listed) >= n + 1, len(listed))
    check("errors of routers stand apart", {d["addresses"][0] for d in a["unanswered_icmp"]} ==
          {f"198.51.100.{hop}" for hop in range(1, 7)} and not {d["addresses"][0] for d in listed} &
          {f"198.51.100.{hop}" for hop in range(1, 7)}, a["unanswered_icmp"])
    text = run(path, "--lang", "en")
    head = int(re.search(r"(\d+) destinations", text).group(1))
    table = text.split("FLOWS\n")[1].split("\n 192.")[0].split("\n  source")[0].split("\n  countries:")[0]
    more = re.search(r"(\d+) more", table)
    rows = sum(bool(re.match(r"  \S", line)) for line in table.split("\n")) - (more is not None and
        not re.match(r"   ", [x for x in table.split("\n") if "more" in x][0]))
    check("head and table of the text", head == len(listed) == rows + (int(more.group(1)) if more else 0),
          (head, rows, more, table))
    run(path, "--html", page, "--lang", "en")
    with open(page, encoding="utf-8") as f:
        html = f.read()
    part = html.split("<h2>Where to")[1].split("</table>")[0] if "<h2>Where to" in html else ""
    check("the page", part.count("<tr><td") == len(a["destinations"]) and
          f"{head} destinations" in html, (part.count("<tr><td"), len(a["destinations"])))
    check("countries are of destinations", sum(x["destinations"] for x in a["countries"]) ==
          sum(not d["local"] for d in a["destinations"]), a["countries"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        for n in (3, 40):
            held(folder, n)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
