#!/usr/bin/python3
"""test/wire/narrow.py KEISOKU - the reports on a terminal of 40 to 120 columns, in both
languages: no line is wider than the terminal or ends in blanks, and names stay whole."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
from tap import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))


def shown(columns, words):
    """What a terminal of so many columns is told, without colours."""
    inside, outside = pty.openpty()
    fcntl.ioctl(outside, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    run = subprocess.Popen([sys.argv[1], *words], stdout=outside, stderr=subprocess.DEVNULL)
    os.close(outside)
    said = b""
    try:
        while True:
            piece = os.read(inside, 65536)
            if not piece:
                break
            said += piece
    except OSError:  # the other end is closed
        pass
    os.close(inside)
    run.wait(60)
    return re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).replace("\r", "").split("\n")


def wide(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def main():
    with tempfile.TemporaryDirectory() as folder:
        before, after, bad_names = (os.path.join(folder, n) for n in ("b.pcap", "a.pcap", "bad.txt"))
        subprocess.run([os.path.join(HERE, "made.py"), before], check=True)
        subprocess.run([os.path.join(HERE, "made.py"), after, "after"], check=True)
        with open(bad_names, "w") as f:
            f.write("||ads.tracker.example^\n203.0.113.9\n")
        for columns in (40, 48, 60, 80, 100, 120):
            for lang in ("ja", "en"):
                for words in (("audit", before, "--list", "bad=" + bad_names), ("compare", before, after)):
                    lines = shown(columns, (*words, "--lang", lang))
                    what = f"{words[0]} in {lang}, {columns} columns"
                    check(f"{what}: no line is wider", len(lines) > 20 and max(map(wide, lines)) <= columns,
                          [x for x in lines if wide(x) > columns] or lines)
                    check(f"{what}: no blanks at a line's end", all(x == x.rstrip() for x in lines),
                          [x for x in lines if x != x.rstrip()])
                    # in the table of destinations, whatever is said above it
                    heads = [i for i, x in enumerate(lines) if x.startswith(("Where to", "どこへ", "Destinations", "相手："))]
                    rows = "\n".join(lines[heads[0]:]) if heads else ""
                    check(f"{what}: names stay whole", "telemetry.vendor.example" in rows and
                          "mdm.vendor.example" in rows, rows)
    return ended()


sys.exit(main())
