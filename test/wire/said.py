#!/usr/bin/python3
"""test/wire/said.py KEISOKU - requests made here, each to a host of its own, through the
built program: which personal data is found in each and which is not."""
import base64
import json
import os
import random
import subprocess
import sys
import tempfile
import urllib.parse

from made import Capture
from tap import check, ended

JSON, FORM, TEXT = "application/json", "application/x-www-form-urlencoded", "text/plain"


def luhn(digits):
    """Those digits and the one that makes them a card's number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        twice = int(digit) * (2 if place % 2 == 0 else 1)
        total += twice - 9 if twice > 9 else twice
    return digits + str(-total % 10)


CARDS = [luhn(f"4{i:02d}398175620{i:03d}") for i in range(20)]
# {"mail":"taro7@mail.example",...}
BROTLI = ("1b49000004ca6da95f1eab83a5a5fa601114456c623722894245c9c6e9ea31d507c9d55951f0d153"
          "8cad46a2e403")
ZSTD = ("28b52ffd204a6d010034027b226d61696c223a227461726f37402e6578616d706c65222c22706164"
          "223a2261227d0200e0288475d601")
# a JPEG of an Exif head alone: 35.505 north, 35.505 west
PHOTO = ("ffd8ffe000040102ffe1007445786966000049492a0008000000010025880400010000001a000000"
         "00000000040001000200020000004e00000002000500030000004c00000003000200020000005700"
         "000004000500030000004c00000023000000010000001e00000001000000b40000000a000000")
LOGINS = {f"198.51.100.{i}" for i in (240, 241, 242)}
rng = random.Random(5)


def cases():
    """name, type of the content, content, categories that must be found; certain only."""
    yield "policy", JSON, {"password_min_length": 8, "password_strength": 3,
                           "password_changed_at": "2026-01-01T00:00:00Z"}, set()
    yield "login", JSON, {"user": "taro", "password": "hunter22"}, {"credential"}
    yield "memory", JSON, {"memory_bank": 1234567}, set()
    yield "account", FORM, b"bank_name=X&account_number=1234567", {"bank_account"}
    yield "ids", JSON, [{"id": str(4 * 10 ** 15 + rng.randrange(10 ** 15))}
                        for _ in range(400)], set()
    yield "fours", TEXT, " ".join(f"{rng.randrange(10000):04d}" for _ in range(3000)), set()
    yield "lines", TEXT, "\n".join(" ".join(f"{rng.randrange(4000, 6000):04d}"
                                   for _ in range(4)) for _ in range(300)), set()
    yield "cards", TEXT, "\n".join(CARDS), {"card"}
    yield "spaced", TEXT, "pay 4132 4798 0736 5555 now", {"card"}
    # encodings: by the declared type, by the content, by the mark
    mine, card = "788800332725", "4132479807365555"
    yield "sjis", TEXT + "; charset=Shift_JIS", \
        f"新宿支店 口座番号 1234567\r\n個人番号: {mine}".encode("cp932"), \
        {"my_number", "bank_account"}
    yield "eucjp", TEXT + "; charset=EUC-JP", f"マイナンバー: {mine}".encode("euc-jp"), \
        {"my_number"}
    yield "jis", TEXT + "; charset=ISO-2022-JP", \
        f"個人番号は {mine} です".encode("iso2022_jp"), {"my_number"}
    yield "sjisbare", TEXT, f"個人番号: {mine}".encode("cp932"), {"my_number"}
    yield "eucbare", TEXT, f"個人番号: {mine}".encode("euc-jp"), {"my_number"}
    yield "sjisjson", JSON, json.dumps({"個人番号": mine}, ensure_ascii=False).encode("cp932"), \
        {"my_number"}
    yield "sjisform", FORM, urllib.parse.urlencode({"個人番号": mine}, encoding="cp932"), \
        {"my_number"}
    yield "sjishtml", "text/html", ("<html><head><meta charset=\"Shift_JIS\"></head>"
                                    f"個人番号: {mine}</html>").encode("cp932"), {"my_number"}
    yield "utf16", TEXT + "; charset=utf-16", f"card {card} taro7@mail.example".encode("utf-16"), \
        {"card", "email"}
    yield "utf16le", TEXT + "; charset=utf-16le", "taro7@mail.example".encode("utf-16-le"), \
        {"email"}
    yield "utf16be", TEXT, "mail: taro7@mail.example".encode("utf-16-be"), {"email"}
    yield "gb", TEXT + "; charset=GBK", "邮箱 taro7@mail.example".encode("gbk"), {"email"}
    wide = str.maketrans("0123456789-", "０１２３４５６７８９－")
    yield "wide", TEXT, f"カード番号 {card.translate(wide)} 電話 {'090-0950-8313'.translate(wide)}", \
        {"card", "phone"}
    yield "noise", TEXT, bytes(rng.randrange(256) for _ in range(5000)), set()
    # packings, made with brotli and zstd themselves
    packed = bytes.fromhex(BROTLI)
    yield "brotli", JSON, packed, {"email"}, b"Content-Encoding: br\r\n"
    yield "zstd", JSON, bytes.fromhex(ZSTD), {"email"}, b"Content-Encoding: zstd\r\n"
    yield "unknown", JSON, packed, set(), b"Content-Encoding: dcb\r\n"
    yield "damaged", JSON, b"\xff" * 40, set(), b"Content-Encoding: zstd\r\n"
    # places and pictures in other dress
    yield "xml", "application/xml", "<r><latitude>34.693738</latitude>" \
        "<longitude>135.502165</longitude></r>", {"location"}
    yield "gpx", "application/xml", '<trkpt lat="34.693738" lon="135.502165"/>', {"location"}
    yield "geojson", JSON, {"type": "Point", "coordinates": [135.502165, 34.693738]}, {"location"}
    yield "nmea", TEXT, "$GPRMC,081344,A,3541.3692,N,13941.5021,E,0.0,0.0,231126,,*00\r\n", \
        {"location"}
    yield "nofix", TEXT, "$GPRMC,081344,V,,,,,0.0,0.0,231126,,*00\r\n", set()
    yield "xmlelse", "application/xml", "<latency>34.693738</latency><long>1</long>", set()
    photo = base64.b64encode(bytes.fromhex(PHOTO)).decode()
    yield "dataurl", JSON, {"img": "data:image/jpeg;base64," + photo}, {"photo_location"}
    yield "twice", FORM, b"d=" + urllib.parse.quote(
        urllib.parse.quote("taro7@mail.example")).encode(), {"email"}
    yield "abroad", JSON, {"phone": "+1 415-555-2671"}, {"phone"}
    yield "bearer", JSON, {"a": 1}, {"credential"}, \
        b"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl\r\n"
    yield "named", JSON, [{"card_number": luhn(f"4{i:014d}")} for i in range(3, 9)], {"card"}


def request(capture, at, number, name, kind, content, head=b""):
    body = content if isinstance(content, bytes) else content.encode() \
        if isinstance(content, str) else json.dumps(content).encode()
    capture.talk(at, f"198.51.100.{number}", 80, [
        (1, f"POST /in HTTP/1.1\r\nHost: {name}.said.example\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n".encode() + head + b"\r\n" + body),
        (0, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")])


def logins(capture, at):
    """Digests of passwords are no passwords."""
    capture.talk(at, "198.51.100.240", 110, [
        (0, b"+OK <1.2@x>\r\n"), (1, b"APOP taro c4c9334bac560ecc979e58001b3e22fb\r\n"),
        (0, b"+OK\r\n")])
    capture.talk(at + 60, "198.51.100.241", 8081, [
        (1, b"GET / HTTP/1.1\r\nHost: digest.said.example\r\nAuthorization: Digest "
            b'username="taro", realm="r", nonce="n", uri="/", response="abc"\r\n\r\n'),
        (0, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")])
    capture.talk(at + 120, "198.51.100.242", 110, [
        (0, b"+OK ready\r\n"), (1, b"USER taro\r\n"), (0, b"+OK\r\n"),
        (1, b"PASS hunter22\r\n"), (0, b"+OK\r\n")])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path, capture, wanted = os.path.join(folder, "said.pcap"), Capture(), {}
        for number, (name, kind, content, categories, *head) in enumerate(cases(), 1):
            request(capture, 1780272000 + 97 * number, number, name, kind, content, *head)
            wanted[name] = categories
        logins(capture, 1780320000)
        capture.write(path)
        out = subprocess.run([sys.argv[1], "audit", "--json", path], capture_output=True,
                             timeout=120, check=False)
    found = {}
    answer = json.loads(out.stdout)
    for row in answer["personal"]:
        found.setdefault(row["host"], set()).add(row["category"])
    for name, categories in wanted.items():
        got = found.get(f"{name}.said.example", set())
        check(f"{name}: {', '.join(sorted(categories)) or 'nothing'}", got == categories,
              [row for row in answer["personal"] if row["host"].startswith(name + ".")][:5])
    check("what was not unpacked is said", [line for line in answer["not_visible"]
          if line.startswith("what 2 HTTP messages contain")], answer["not_visible"])
    check("only the password sent is one", [row["address"] for row in answer["personal"]
          if row["address"] in LOGINS] == ["198.51.100.242"],
          [row for row in answer["personal"] if row["address"] in LOGINS])
    return ended()


sys.exit(main())
