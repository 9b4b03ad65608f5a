#!/usr/bin/python3
"""test/wire/crowd.py KEISOKU - many devices that do the same: the first ten lines tell the whole,
one line a kind of finding, and the story of the same devices stands once."""
import os
import struct
import subprocess
import sys
import tempfile
from tap import check, ended


def tcp(us, ends, seq, ack, flags, data=b""):
    address = lambda a: bytes(map(int, a.split(".")))
    mac = lambda a: b"\2\0" + address(a)
    head = struct.pack("!HHIIBBHHH", ends[1], ends[3], seq, ack, 0x50, flags, 65535, 0, 0) + data
    packet = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(head), 1, 0, 64, 6, 0, address(ends[0]),
                         address(ends[2])) + head
    frame = mac(ends[2]) + mac(ends[0]) + b"\x08\x00" + packet
    return struct.pack("<IIII", us // 1000000, us % 1000000, len(frame), len(frame)) + frame


def asked(us, client, server, request):
    there = client, 50000 + us // 1000 % 10000, server, 80
    back = there[2:] + there[:2]
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    n, m = 1001 + len(request), 9001 + len(answer)
    return b"".join((tcp(us, there, 1000, 0, 2), tcp(us + 1, back, 9000, 1001, 0x12),
                     tcp(us + 2, there, 1001, 9001, 0x18, request), tcp(us + 3, back, 9001, n, 0x18, answer),
                     tcp(us + 4, there, n, m, 0x11), tcp(us + 5, back, m, n + 1, 0x11)))


def post(host, body):
    return (f"POST /u HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            f"\r\n\r\n{body}").encode()


def capture(path, devices):
    us = 1776600000 * 1000000
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for i in range(devices):
            for k, host in enumerate(("one.example", "two.example", "three.example", "four.example")):
                us += 1000
                f.write(asked(us, f"192.168.7.{20 + i}", f"203.0.113.{9 + k}", post(
                    host, '{"card":"4532015112830366","mail":"taro@mail.example.jp"}')))
        us += 1000
        f.write(asked(us, "192.168.7.99", "203.0.113.9", post("one.example", '{"n":1}')))


def run(*words):
    return subprocess.run([sys.argv[1], "audit", *words, "--tz", "UTC"], capture_output=True, text=True,
                          timeout=60).stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        path, page = os.path.join(folder, "crowd.pcap"), os.path.join(folder, "crowd.html")
        capture(path, 9)
        for lang, of, same, short in (("en", "9 devices (", "the same of 8 other devices", "In short, over all devices"),
                                      ("ja", "機器 9 台（", "ほかの 8 台も同じです", "全機器のまとめ")):
            lines = run(path, "--lang", lang, "--html", page).split("\n")
            first = "\n".join(lines[:10])
            check(f"{lang}: the first ten lines tell the whole", of in first and "192.168.7.20" in first, first)
            check(f"{lang}: and are not a device's own", lines[2].startswith("  ✖") and ".example" not in "".join(lines[2:4]), first)
            whole = "\n".join(lines)
            check(f"{lang}: devices with the same story are told once", whole.count(same) == 1 and
                  sum(x.startswith("192.168.7.2") for x in lines) == 1, whole)
            hosts = [x for x in lines if "one.example" in x and "three.example" in x]
            check(f"{lang}: hosts that are sent the same are one line", len(hosts) >= 1, whole)
            with open(page, encoding="utf-8") as f:
                markup = f.read()
            check(f"{lang}: so has the page", short in markup and same in markup)
        capture(path, 1)
        text = run(path, "--lang", "en", "--html", page)
        with open(page, encoding="utf-8") as f:
            check("one device needs no summary", "In short" not in f.read() and "devices (" not in text, text[:300])
        with open(path, "wb") as f:  # a link that nobody knows
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 147))
            f.write(struct.pack("<IIII", 1776600000, 0, 4, 4) + b"\1\2\3\4")
        text = run(path, "--lang", "en", "--html", page)
        check("what nobody could read is not called well", "no device could be made out" in text.split("\n")[0] and
              "Where to" not in text and ": 1 frame, " in text, text)
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
            f.write(asked(1776600000000000, "192.168.7.20", "203.0.113.9", b"GET /a HTTP/1.1\r\nHost: one.example\r\n"
                          b"Authorization: Basic dGFybzpodW50ZXIy\r\n\r\n"))
        text = run(path, "--lang", "en")
        check("no warnings are not counted", text.startswith("1 critical finding\n"), text)
    return ended()


sys.exit(main())
