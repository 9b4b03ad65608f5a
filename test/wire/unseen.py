#!/usr/bin/python3
"""test/wire/unseen.py KEISOKU - captures made here of which not everything can be read: what
can be is told, what can not is said, and nothing is taken for what it is not."""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

from made import Capture, DONE, HOSTS, LAPTOP, SERVER, START, hello

count = bad = 0
FOLDER = tempfile.TemporaryDirectory()
SERVERS = ["203.0.113.9", "203.0.113.10", "198.51.100.7", "198.51.100.20"]
ANSWER = b"HTTP/1.1 200 OK\r\nServer: small\r\nContent-Length: 2\r\n\r\nhi"


def check(what, fine, said=""):
    global count, bad
    count, bad = count + 1, bad + (not fine)
    print(f"{'ok' if fine else 'not ok'} {count} - {what}")
    if not fine:
        print("# " + str(said)[:900].replace("\n", "\n# "))


def audit(capture, snap=65535, words=()):
    """Of what was captured, the first `snap` bytes of each frame."""
    path = os.path.join(FOLDER.name, "made.pcap")
    capture.write(path, snap)
    out = subprocess.run([sys.argv[1], "audit", "--json", "--tz", "UTC", path, *words],
                         capture_output=True, timeout=120)
    if out.returncode > 2:
        check("an audit", False, out.stderr.decode())
    return json.loads(out.stdout)


def said_of(answer, word):
    return [line for line in answer["not_visible"] if word in line]


# -- frames cut to their heads ---------------------------------------------------------------

def requests(capture):
    """One short, one in which a field is cut, a secret one, and two in one stream."""
    for i, (server, turns) in enumerate((
            (0, [(True, b"GET /short HTTP/1.1\r\nHost: a.example\r\n\r\n"), (False, ANSWER)]),
            (1, [(True, b"POST /collect?u=1&v=22 HTTP/1.1\r\nHost: b.example\r\nUser-Agent: Box/2\r\n"
                  b"X-Long: " + b"l" * 400 + b"\r\nContent-Length: 2000\r\n\r\n" + b"b" * 2000),
                 (False, ANSWER)]),
            (2, [(True, b"GET /s HTTP/1.1\r\nHost: c.example\r\nAuthorization: Basic "
                  b"aGFuYWtvOnNlY3JldHNlY3JldHNlY3JldHNlY3JldHNlY3JldA==\r\nUser-Agent: " +
                  b"x" * 300 + b"\r\n\r\n"), (False, ANSWER)]),
            (3, [(True, b"GET /" + b"p" * 200 + b" HTTP/1.1\r\nHost: d.example\r\n\r\n"),
                 (False, ANSWER.replace(b"small", b"s" * 300)),
                 (True, b"GET /second HTTP/1.1\r\nHost: d.example\r\nUser-Agent: " + b"y" * 300 +
                  b"\r\n\r\n"), (False, ANSWER)]))):
        capture.talk(START + 10 * i, SERVERS[server], 80, turns)


def cut_to_heads():
    capture = Capture()
    requests(capture)
    for snap in (96, 112, 128, 192, 256):
        a = audit(capture, snap)
        rows = {h["uri"][:9]: h for h in a["http"]}
        check(f"{snap} bytes a frame: every request",
              set(rows) == {"/short", "/collect?", "/s", "/pppppppp", "/second"}, list(rows))
        room = snap - 54  # bytes of a segment that are here
        check("methods, answers, and which heads are cut", [(h["method"], h["status"], h["cut"])
              for h in (rows["/short"], rows["/collect?"], rows["/second"])] ==
              [("GET", 200, room < 40), ("POST", 200, True), ("GET", 200, True)],
              list(rows.values()))
        collect, host = rows["/collect?"], room >= 33 + 17
        check("fields that are whole, no others", (collect["host"], collect["agent"]) ==
              ("b.example" if host else None, "Box/2" if room >= 33 + 17 + 19 else None), collect)
        check("a path that is cut as far as it is here", rows["/pppppppp"]["uri"] ==
              "/" + "p" * min(200, room - 5), rows["/pppppppp"])
        check("how far it was captured", said_of(a, f"captured to {snap} bytes a frame"),
              a["not_visible"])
        check("how many heads end early", said_of(a, "HTTP heads"), a["not_visible"])
        login = [p for p in a["personal"] if p["category"] == "credential"]
        check("a password in a line that is cut: told from the colon on, its user then known",
              [p["masked"] for p in login] == ([] if room < 58 else ["********"] if room < 66
                                               else ["h****o"]), (room, login))
    check("nothing of the kind is said of whole frames", not said_of(audit(capture), "captured to"))


def cut_hello():
    """The name stands first, and a long field behind it that is cut."""
    whole = hello("mdm.vendor.example")
    more = struct.pack(">HH", 21, 400) + bytes(400)
    body = bytearray(whole + more)
    for at, width in ((3, 2), (6, 3), (50, 2)):
        size = int.from_bytes(body[at:at + width], "big") + len(more)
        body[at:at + width] = size.to_bytes(width, "big")
    capture = Capture()
    capture.talk(START, HOSTS["mdm.vendor.example"], 443,
                 [(True, bytes(body)), (False, SERVER + DONE), (True, DONE)])
    a = audit(capture, 192)
    check("a name within the part of a hello that is here", [t["sni"] for t in a["tls"]] ==
          ["mdm.vendor.example"], a["tls"])


# -- long heads, short segments ----------------------------------------------------------------

def long_and_short():
    def head(name, size):
        return (f"GET /{name} HTTP/1.1\r\nHost: {name}.example\r\nUser-Agent: Box/2\r\n".encode() +
                b"".join(b"X-%05d: " % i + b"v" * 90 + b"\r\n" for i in range(size // 101)) + b"\r\n")

    capture = Capture()
    for i, (name, size) in enumerate((("k70", 70000), ("k200", 200000), ("k400", 400000))):
        capture.talk(START + 10 * i, SERVERS[i], 80, [(True, head(name, size)), (False, ANSWER)])
    capture.talk(START + 50, SERVERS[3], 80, [(True, head("bytes", 200)), (False, ANSWER),
                 (True, b"POST /more HTTP/1.1\r\nHost: bytes.example\r\nContent-Length: 24\r\n\r\n"
                  b"mail=hanako@mail.example"), (False, ANSWER)], most=1)
    a = audit(capture)
    check("heads of 70 and 200 kB whole, of one of 400 kB what was read; one byte a segment",
          [(h["uri"], h["host"], h["agent"], h["status"], h["cut"]) for h in a["http"]] ==
          [("/k70", "k70.example", "Box/2", 200, False), ("/k200", "k200.example", "Box/2", 200, False),
           ("/k400", "k400.example", "Box/2", 200, True), ("/bytes", "bytes.example", "Box/2", 200, False),
           ("/more", "bytes.example", None, 200, False)], a["http"])
    check("what is past the limit is said", said_of(a, "the rest of 1 HTTP head:"), a["not_visible"])
    check("a body of one byte a segment", [p["category"] for p in a["personal"] if
          p["host"] == "bytes.example"] == ["email"], a["personal"])


# -- random bytes ---------------------------------------------------------------------------------

# where content has least to say, for the port seems to: none of them may be enough
PORTS = [21, 22, 23, 25, 53, 67, 68, 80, 110, 123, 143, 161, 389, 443, 465, 500, 546, 547, 636, 853,
         993, 995, 1194, 1701, 1883, 1900, 2152, 3544, 4500, 4789, 5353, 5355, 6081, 6379, 8443, 8883,
         51820]


def random_flows(seed, n):
    rng = random.Random(seed)
    capture = Capture()
    for i in range(n):
        port = rng.choice(PORTS) if i % 4 else rng.randrange(1024, 65536)
        server, at = f"203.0.{113 + i // 250}.{i % 250 + 1}", START + i * 3 + rng.random()
        size = lambda: rng.choice((1, 2, 3, 8, 16, 17, 20, 32, 48, 64, 92, 148, 300, 1200))
        turns = [(rng.random() < .5, rng.randbytes(size())) for _ in range(rng.randrange(1, 9))]
        if i % 2:
            capture.talk(at, server, port, turns)
            continue
        mine = rng.choice((port, 40000 + i)) # a tunnel has the same port on both sides
        for k, (out, data) in enumerate(turns):
            ends, ports = ((LAPTOP, server), (mine, port)) if out else ((server, LAPTOP), (port, mine))
            capture.udp(at + k * .01, *ends, ports, data)
    return capture


def random_bytes():
    for seed in (1, 2):
        a = audit(random_flows(seed, 1000))
        named = {(d["protocol"], d["port"]) for d in a["destinations"]} - {
            (p, d["port"]) for d in a["destinations"] for p in ("tcp", "udp")}
        check("1,000 flows of random bytes: of none the protocol is claimed", not named, sorted(named))
        check("and nothing is found", not a["findings"], [f["words_en"] for f in a["findings"]])
        check("each is a stream", (a["flows"]["tcp"], a["flows"]["udp"]) == (500, 500), a["flows"])
        check("what they speak is not known", said_of(a, "does not know their protocol"),
              a["not_visible"])
        check("nothing else is claimed of them", len(a["devices"]) == 1 and not any(
            a[k] for k in ("dns", "http", "tls", "personal", "traceroutes")), a["devices"])


PARTS = [cut_to_heads, cut_hello, long_and_short, random_bytes]

if __name__ == "__main__":
    for part in PARTS:
        part()
    print(f"1..{count}")
    sys.exit(bad > 0)
