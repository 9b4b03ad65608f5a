#!/usr/bin/python3
"""test/wire/direction.py KEISOKU - who began it?  A server of the house to which others send,
a certificate that it shows, strangers that call by the clock or stand on a list: told of the
device that receives, never as if it sent; in both languages, JSON, Zeek, EVE, compare, accept."""
import base64
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

import made
from made import Capture, LAPTOP, START, hello, record
from tap import check, ended

WEB, OWN_CLIENT = "192.168.7.30", "192.168.7.31"
made.MACS[WEB] = bytes.fromhex("525400000030")
made.MACS[OWN_CLIENT] = bytes.fromhex("525400000031")
STRANGERS = ["203.0.113.50", "203.0.113.51", "203.0.113.52"]
CLOCK, LISTED, TRACER = "198.51.100.40", "198.51.100.66", "198.51.100.77"
# EC P-256, CN=shop.example, signed by itself, 2026-04-01 to 2026-04-21
CERTIFICATE = bytes.fromhex(
    "3082019c30820142a0030201020214030f83d27e98f8981ec46c1fd008a9376471ff46300a06082a8648ce3d"
    "04030230173115301306035504030c0c73686f702e6578616d706c65301e170d323630343031303030303030"
    "5a170d3236303432313030303030305a30173115301306035504030c0c73686f702e6578616d706c65305930"
    "1306072a8648ce3d020106082a8648ce3d03010703420004b4e838282f43590abc2a76291ca5540214ee6d63"
    "82fee8ec8c41d7f333ef324ee41e70a1285a13575c8843cd104b10682e9778b1a05b255bca59feabe6605d72"
    "a36c306a301d0603551d0e04160414055e5480ffbf975d3c09d7b4720b0f6f0991d331301f0603551d230418"
    "30168014055e5480ffbf975d3c09d7b4720b0f6f0991d331300f0603551d130101ff040530030101ff301706"
    "03551d110410300e820c73686f702e6578616d706c65300a06082a8648ce3d040302034800304502207fd415"
    "6e556f03fdad4cf0ff6bfe3728f0384d43b16ac000e9b1cb93f22a44d5022100a03702ac5ff860eb1e11da5c"
    "52bd2c2d8c618292ad86cd9f7695e5373b0675dc")


def run(*words, **how):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60, **how)


def audit(*words):
    return json.loads(run("audit", "--json", "--tz", "UTC", *words).stdout)


def post(host, body, more=""):
    return (f"POST /pay HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}"
            f"Content-Length: {len(body)}\r\n\r\n{body}").encode()


def get(host, path="/", more=""):
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n".encode()


NONE = b"HTTP/1.1 204 No Content\r\n\r\n"
LOGIN = "Authorization: Basic " + base64.b64encode(b"taro:geheim77").decode() + "\r\n"


def server_says():
    """ServerHello, Certificate, ServerHelloDone of TLS 1.2."""
    one = struct.pack(">I", len(CERTIFICATE))[1:] + CERTIFICATE
    chain = struct.pack(">I", len(one))[1:] + one
    return made.SERVER + record(22, b"\x0b" + struct.pack(">I", len(chain))[1:] + chain) + \
        record(22, b"\x0e\0\0\0")


def received(capture):
    card = json.dumps({"card": made.CARD})
    for i, stranger in enumerate(STRANGERS):
        capture.talk(START + 100 + i, WEB, 80, [(True, post("shop.example", card)), (False, NONE)],
                     client=stranger)
    capture.talk(START + 200, WEB, 80, [(True, get("shop.example", "/admin", LOGIN)), (False, NONE)],
                 client=STRANGERS[0])
    capture.talk(START + 210, WEB, 80, [(True, get("shop.example")), (False, NONE)],
                 client=STRANGERS[1])
    for i, client in enumerate([STRANGERS[0], OWN_CLIENT, LAPTOP]):
        capture.talk(START + 300 + i, WEB, 443, [(True, hello("shop.example")),
                     (False, server_says()), (True, made.DONE), (False, made.DONE)], client=client)
    rng = random.Random(3)
    for hour in range(72):
        capture.talk(START + hour * 3600 + 900 + rng.uniform(-10, 10), WEB, 8022,
                     [(True, b"SSH-2.0-x\r\n"), (False, b"SSH-2.0-y\r\n")], client=CLOCK)
    capture.talk(START + 500, WEB, 8022, [(True, b"SSH-2.0-x\r\n"), (False, b"SSH-2.0-y\r\n")],
                 client=LISTED)
    for ttl in range(1, 6):
        capture.udp(START + 600 + ttl * .05, TRACER, WEB, (50000 + ttl, 33433 + ttl), bytes(32), ttl)


def sent(capture):
    """The same, from the server to the world: that is its own doing."""
    capture.talk(START + 900, "203.0.113.90", 80,
                 [(True, post("pay.example", json.dumps({"card": made.CARD}))), (False, NONE)], client=WEB)
    capture.talk(START + 910, "203.0.113.90", 443, [(True, hello("shop.example")),
                 (False, server_says()), (True, made.DONE), (False, made.DONE)], client=WEB)


def found(a, number, way):
    return [f for f in a["findings"] if f["id"] == f"KS-WIRE-{number:03}" and f["way"] == way]


def what_is_found(a):
    one = {(f["id"], f["way"]): f for f in a["findings"] if f["device"] == WEB}
    card = one.get(("KS-WIRE-002", "at"), {})
    check("cards received: of the server, from three clients", (card.get("to"), card.get("clients"),
          card.get("client_addresses"), card.get("count")) == ("shop.example", 3, STRANGERS, 3), card)
    check("said so", card.get("words_en", "").startswith(
          f"{WEB} (shop.example) receives card numbers in clear from 3 clients (3 times)") and
          card.get("words_ja", "").startswith(
          f"{WEB}（shop.example）がクライアント 3 台からカード番号を平文で受け取っています（3 回）"), card)
    check("nowhere said that it sends to itself", not any(
          " sends " in f["words_en"] and "shop.example" in f["words_en"] for f in a["findings"]))
    key = one.get(("KS-WIRE-003", "at"), {})
    check("one client is called by its address", f"receives passwords in clear from {STRANGERS[0]}"
          in key.get("words_en", ""), key)
    check("data and requests by plain HTTP", "receives data from 3 clients by plain HTTP (3 requests)" in
          one[("KS-WIRE-004", "at")]["words_en"] and "answers 2 clients by plain HTTP (2 requests)" in
          one[("KS-WIRE-005", "at")]["words_en"], one.keys())
    check("what it sends is told as before", "sends card numbers in clear to pay.example" in
          one[("KS-WIRE-002", "out")]["words_en"] and one[("KS-WIRE-002", "out")]["clients"] == 0)
    due = one.get(("KS-WIRE-015", "from"), {})
    check("a stranger by the clock", due.get("words_en", "").startswith(
          f"{CLOCK} contacts {WEB} every 1 h"), due)
    way = one.get(("KS-WIRE-016", "from"), {})
    check("a route that others trace", way.get("words_en", "").startswith(
          f"{TRACER} traces the route to {WEB}"), way)


def certificates(a):
    """It is the server's own, also for clients of the house; of the client where the server is not."""
    shown = found(a, 10, "at")
    check("an expired certificate is of who shows it", [(f["device"], f["clients"]) for f in shown] ==
          [(WEB, 3)] and "shows 3 clients is expired" in shown[0]["words_en"], shown)
    check("and of the client where the server is none of the house",
          [(f["device"], f["to"]) for f in found(a, 10, "out")] == [(WEB, "shop.example")],
          found(a, 10, "out"))
    check("no client of the house is blamed for it", not any(f["device"] in (LAPTOP, OWN_CLIENT)
          for f in a["findings"] if "KS-WIRE-008" <= f["id"] <= "KS-WIRE-013"))


def told(path):
    text = run("audit", path, "--tz", "UTC", "--lang", "en").stdout
    first = text.split("\nWhere to")[0]
    for words in ("receives in clear from 3 clients (as shop.example): card numbers",
                  f"receives passwords in clear from {STRANGERS[0]} (as shop.example)",
                  "shows certificates out of their dates to 3 clients (as shop.example)",
                  f"is contacted by {CLOCK}", f"the route to it is traced by {TRACER}",
                  "sends in clear to pay.example: card numbers"):
        check("the story: " + words, words in " ".join(first.split()), first)
    check("the story in Japanese", "平文で受け取っています" in
          run("audit", path, "--lang", "ja").stdout)
    check("rows of what was received are marked", f"<- {STRANGERS[0]}" in text.split("Personal data")[-1], text)


def asked(path):
    a = audit(path, "--device", LAPTOP)
    check("asked for the client alone: its server is somebody else", [(f["device"], f["way"], f["to"])
          for f in a["findings"] if f["id"] == "KS-WIRE-010"] == [(LAPTOP, "out", "shop.example")], a["findings"])


def listed(folder, path):
    lists = os.path.join(folder, "bad.txt")
    with open(lists, "w") as f:
        f.write(LISTED + "\n")
    got = found(audit(path, "--list", "bad=" + lists), 1, "from")
    check("who is on a list and calls", len(got) == 1 and got[0]["words_en"].startswith(
          f"{LISTED}, which is on the list bad, contacts {WEB}"), got)
    shared, capture = os.path.join(folder, "shared.pcap"), Capture()
    for i in range(8): # two names of one address, that alone is listed
        name = "one.example" if i < 5 else "two.example"
        capture.talk(START + i * i * 37, LISTED, 80, [(True, get(name)), (False, NONE)], client=LAPTOP)
    capture.write(shared)
    for words in (["--lang", "en"], ["--lang", "ja"]):
        lines = run("audit", shared, "--list", "bad=" + lists, *words).stdout.split("\n  ")
        lines = [" ".join(line.split()) for line in lines if "bad" in line and "8" in line]
        check("of an address on a list its names are told, not accused " + words[1], lines and all(
              f"{LISTED} (one.example" in line and "two.example)" in line for line in lines[:1]), lines)


def answers(folder):
    """What stands in an answer went to the client, whoever that is."""
    path, capture = os.path.join(folder, "answers.pcap"), Capture()
    body = json.dumps({"card": made.CARD, "password": "geheim77"}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    capture.talk(START, "198.51.100.8", 80, [(True, get("api.example")), (False, head + body)], client=LAPTOP)
    capture.talk(START + 9, WEB, 80, [(True, get("shop.example")), (False, head + body)], client=STRANGERS[0])
    capture.write(path)
    a = audit(path)
    ways = sorted((p["device"], p["category"], p["way"], p["inward"]) for p in a["personal"])
    check("an answer's way in each row", ways == sorted(row for kind in ("card", "credential") for row in (
          (LAPTOP, kind, "from", False), (WEB, kind, "out", True))), ways)
    says = {(f["device"], f["id"], f["way"]): f["words_en"] for f in a["findings"] if f["id"] in (
            "KS-WIRE-002", "KS-WIRE-003")}
    want = {(LAPTOP, "KS-WIRE-002", "from"): f"{LAPTOP} receives card numbers in clear from api.example (1 time)",
            (LAPTOP, "KS-WIRE-003", "from"): f"{LAPTOP} receives a password in clear from api.example (json password",
            (WEB, "KS-WIRE-002", "out"): f"{WEB} sends card numbers in clear to {STRANGERS[0]} (1 time)",
            (WEB, "KS-WIRE-003", "out"): f"{WEB} sends a password in clear to {STRANGERS[0]} (json password"}
    check("told of who sent and who received", says.keys() == want.keys() and all(
          says[key].startswith(want[key]) for key in want), says)
    page = os.path.join(folder, "answers.html")
    text = run("audit", path, "--lang", "en").stdout + run("audit", path, "--html", page, "--lang", "en").stdout
    with open(page, encoding="utf-8") as f:
        html = f.read()
    check("text and page too", "receives in clear from api.example: card numbers" in text and
          "receives passwords in clear from api.example" in text and "sends in clear to api.example" not in text and
          "← api.example" in html, text)


def accepted(folder, path):
    accept = os.path.join(folder, "accept")

    def kept(line):
        with open(accept, "w") as f:
            f.write(line + ' reason="old" owner=yamada\n')
        return sorted({(f["id"], f["way"]) for f in audit(path, "--accept", accept)["findings"] if f["accepted"]})

    check("accepted by the name that clients use", kept(f"accept {WEB} shop.example KS-WIRE-002") ==
          [("KS-WIRE-002", "at")])
    check("by a pattern", kept(f"accept {WEB} *.example KS-WIRE-002") ==
          [("KS-WIRE-002", "at"), ("KS-WIRE-002", "out")])
    check("by the one client", kept(f"accept {WEB} {STRANGERS[0]} KS-WIRE-*") == [("KS-WIRE-003", "at")])
    check("not by one client of three", kept(f"accept {WEB} {STRANGERS[1]} KS-WIRE-002") == [])
    check("a certificate: strangers see it too", kept(
          f"accept {LAPTOP} shop.example KS-WIRE-010") == [])
    inside = os.path.join(folder, "inside.pcap")
    capture = Capture()
    for client in (LAPTOP, OWN_CLIENT):
        capture.talk(START, WEB, 443, [(True, hello("shop.example")), (False, server_says()),
                     (True, made.DONE), (False, made.DONE)], client=client)
    capture.write(inside)
    path = inside
    check("not as long as one of its clients does not live with it", kept(
          f"accept {LAPTOP} shop.example KS-WIRE-010") == [])
    check("a certificate that each client of the house lives with", kept(
          f"accept 192.168.7.* shop.example KS-WIRE-010") == [("KS-WIRE-010", "at")] and
          kept(f"accept {WEB} * KS-WIRE-010") == [("KS-WIRE-010", "at")])


def rows(folder, path):
    eve = os.path.join(folder, "eve.json")
    run("audit", path, "--zeek", folder, "--zeek-json", "--eve", eve)
    with open(os.path.join(folder, "notice.log")) as f:
        notices = [json.loads(line) for line in f]
    ends = {(n["note"][-11:], n.get("src"), n.get("dst")) for n in notices}
    check("Zeek: from the client to the server", ("KS-WIRE-003", STRANGERS[0], WEB) in ends and
          ("KS-WIRE-016", TRACER, WEB) in ends and ("KS-WIRE-002", WEB, None) in ends, ends)
    with open(eve) as f:
        alerts = [json.loads(line) for line in f]
    ends = {(e["alert"]["category"], e.get("src_ip"), e.get("dest_ip")) for e in alerts
            if e["event_type"] == "alert"}
    check("EVE too", ("KS-WIRE-003", STRANGERS[0], WEB) in ends and ("KS-WIRE-002", None, WEB) in ends and
          ("KS-WIRE-002", WEB, None) in ends, ends)


def compared(folder, path):
    """Received before, sent afterwards to a name that is the same: that is another finding."""
    other = os.path.join(folder, "sends.pcap")
    capture = Capture()
    capture.talk(START, "203.0.113.91", 80, [(True, post("shop.example", json.dumps({"card": made.CARD}))),
                 (False, NONE)], client=WEB)
    capture.write(other)
    c = json.loads(run("compare", "--json", path, other).stdout)["findings"]
    ways = {part: {f["way"] for f in c[part] if f["id"] == "KS-WIRE-002" and f["to"] == "shop.example"}
            for part in c}
    check("compare keeps them apart", ways == {"gone": {"at"}, "new": {"out"}, "kept": set()}, ways)
    c = json.loads(run("compare", "--json", path, path).stdout)["findings"]
    check("with itself nothing is gone or new", not c["gone"] and not c["new"], c["new"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "server.pcap")
        capture = Capture()
        received(capture)
        sent(capture)
        capture.write(path)
        a = audit(path)
        what_is_found(a)
        certificates(a)
        told(path)
        asked(path)
        listed(folder, path)
        answers(folder)
        accepted(folder, path)
        rows(folder, path)
        compared(folder, path)
        page = os.path.join(folder, "a.html")
        run("audit", path, "--html", page, "--lang", "ja")
        with open(page, encoding="utf-8") as f:
            html = f.read()
        check("the page marks them", "← " + STRANGERS[0] in html and "<b>← " + CLOCK in html)
        loop = os.path.join(folder, "loop.pcap")
        capture = Capture()
        made.MACS["127.0.0.1"] = bytes(6)
        capture.talk(START, "127.0.0.1", 443, [(True, hello("shop.example")), (False, server_says()),
                     (True, made.DONE), (False, made.DONE)], client="127.0.0.1")
        capture.write(loop)
        check("who talks with itself shows nothing to itself", {f["way"] for f in audit(loop)["findings"]
              if f["id"] == "KS-WIRE-010"} == {"out"})
    return ended()


if __name__ == "__main__":
    sys.exit(main())
