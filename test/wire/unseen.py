#!/usr/bin/python3
"""test/wire/unseen.py KEISOKU - captures made here of which not everything can be read: what
can be is told, what can not is said, and nothing is taken for what it is not."""
import bz2
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

from made import Capture, DONE, HOSTS, LAPTOP, SERVER, START, hello, total
from tap import check, ended

FOLDER = tempfile.TemporaryDirectory()
SERVERS = ["203.0.113.9", "203.0.113.10", "198.51.100.7", "198.51.100.20"]
ANSWER = b"HTTP/1.1 200 OK\r\nServer: small\r\nContent-Length: 2\r\n\r\nhi"


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


# -- tunnels -------------------------------------------------------------------------------------

def counted(capture, *ends):
    """Bytes of frames between two addresses."""
    one, two = (bytes(int(p) for p in e.split(".")) for e in ends)
    return sum(len(data) for _, data in capture.frames if data[12:14] == b"\x08\0" and
               {data[26:30], data[30:34]} == {one, two})


def esp(index, number, rng, size=64):
    return struct.pack(">II", index, number) + rng.randbytes(size)


def ike(rng, size=100):
    return rng.randbytes(8) + bytes(8) + b"\x21\x20\x22\x08" + bytes(4) + struct.pack(">I", 28 + size) + \
        rng.randbytes(size)


def wireguard(rng, number):
    kind = lambda n, rest: bytes([n, 0, 0, 0]) + rest
    yield True, kind(1, rng.randbytes(128) + bytes(16))
    yield False, kind(2, rng.randbytes(72) + bytes(16))
    for i in range(number):
        yield i % 3 != 1, kind(4, rng.randbytes(4) + struct.pack("<Q", i) + rng.randbytes(16 * (1 + i % 60)))


def openvpn(rng, kind):
    """The first two messages, and data after them."""
    mine, other = rng.randbytes(8), rng.randbytes(8)
    first = struct.pack(">II", 1, START)
    if kind == "plain":
        yield True, b"\x38" + mine + bytes(5)
        yield False, b"\x40" + other + b"\1" + bytes(4) + mine + bytes(4)
    elif kind == "auth":
        yield True, b"\x38" + mine + rng.randbytes(20) + first + bytes(5)
        yield False, b"\x40" + other + rng.randbytes(20) + first + b"\1" + bytes(4) + mine + bytes(4)
    else:
        yield True, b"\x38" + mine + first + rng.randbytes(32 + 5)
        yield False, b"\x40" + other + first + rng.randbytes(32 + 17)
    for i in range(9):
        yield i % 2 == 0, b"\x48" + rng.randbytes(80 + i)


def sent(capture, server, port, turns, at):
    for i, (mine, data) in enumerate(turns):
        ends, ports = ((LAPTOP, server), (40000, port)) if mine else ((server, LAPTOP), (port, 40000))
        capture.udp(at + i * .02, *ends, ports, data)


def tunnels():
    rng, capture = random.Random(11), Capture()
    for i in range(6):
        capture.frame(START + i, LAPTOP, "203.0.113.1", 50, esp(0x1001, i + 1, rng))
        capture.frame(START + i + .1, "203.0.113.1", LAPTOP, 50, esp(0x2001, i + 1, rng))
    sent(capture, "203.0.113.2", 4500, [(True, bytes(4) + ike(rng)), (False, bytes(4) + ike(rng)),
         (True, b"\xff")] + [(True, esp(0x3001, n, rng)) for n in range(1, 9)], START + 20)
    # caught in the middle: the numbers go on
    sent(capture, "203.0.113.3", 4500, [(True, b"\xff")] + [(n % 2 == 0, esp(0x4001 + n % 2, 90000000 + n, rng))
                                                            for n in range(8)], START + 40)
    sent(capture, "203.0.113.4", 51820, wireguard(rng, 40), START + 60)
    sent(capture, "203.0.113.5", 7777, list(wireguard(rng, 20))[2:], START + 80)
    for i, kind in enumerate(("plain", "auth", "crypt")):
        sent(capture, f"203.0.113.{6 + i}", 1194, openvpn(rng, kind), START + 100 + 20 * i)
    capture.talk(START + 160, "203.0.113.9", 443, [(mine, struct.pack(">H", len(data)) + data)
                                                    for mine, data in openvpn(rng, "auth")])
    sent(capture, "203.0.113.10", 500, [(True, ike(rng)), (False, ike(rng, 300))], START + 180)
    a = audit(capture)
    spoken = {d["addresses"][0]: (d["protocol"], d["bytes_out"] + d["bytes_in"]) for d in a["destinations"]}
    want = ["esp"] * 3 + ["wireguard"] * 2 + ["openvpn"] * 4 + ["ike"]
    check("each tunnel by its name, with its bytes", spoken == {
        f"203.0.113.{i + 1}": (w, counted(capture, LAPTOP, f"203.0.113.{i + 1}")) for i, w in enumerate(want)}, spoken)
    for name, servers in (("IPsec (ESP)", (1, 2, 3)), ("WireGuard", (4, 5)), ("OpenVPN", (6, 7, 8, 9))):
        size = {n: counted(capture, LAPTOP, f"203.0.113.{n}") for n in servers}
        line = "".join(said_of(a, name))
        check(f"what {name} carried is not seen: how much, between whom",
              f"what {sum(size.values())} bytes of {name}" in line and all(
                  f"{LAPTOP} > 203.0.113.{n}{p}: {size[n]}" in line for n, p in zip(servers, (
                      "", " port 4500", " port 4500") if 1 in servers else
                      (" port 51820", " port 7777") if 4 in servers else
                      (" port 1194",) * 3 + (" port 443",))), line)
    check("and it is no unknown protocol", not said_of(a, "does not know their protocol") and
          not a["findings"], a["not_visible"])
    many = Capture()
    for i in range(12):
        many.frame(START + i, LAPTOP, f"203.0.113.{i + 1}", 50, esp(0x1001, i + 1, rng))
    check("of many the largest, and how many more", said_of(audit(many), "and 4 more"),
          audit(many)["not_visible"])


def macsec(capture, at, tag, inside):
    one, two = bytes.fromhex("3c5282aabb01"), bytes.fromhex("000c29000001")
    capture.frames.append((at, one + two + b"\x88\xe5" + tag + inside))


def under_ip():
    """MACsec, encrypted and only signed; AH over IPv4."""
    rng, capture = random.Random(12), Capture()
    for i in range(5):
        macsec(capture, START + i, b"\x2c\0" + struct.pack(">I", i) + rng.randbytes(8), rng.randbytes(90))
    a = audit(capture)
    line = "".join(said_of(a, "MACsec"))
    check("MACsec: how much, between whom", f"what {5 * 118} bytes of MACsec" in line and
          "00:0c:29:00:00:01 > 3c:52:82:aa:bb:01: 590" in line, a["not_visible"])
    signed, inner = Capture(), Capture()
    inner.ask(START, "mdm.vendor.example")
    for at, data in inner.frames:
        macsec(signed, at, b"\x20\0" + bytes(12), data[12:] + bytes(16))
    a = audit(signed)
    check("MACsec that only signs is opened", [d["name"] for d in a["dns"]] == ["mdm.vendor.example"] and
          not said_of(a, "MACsec"), a["dns"])
    ah = Capture()
    for at, data in inner.frames:
        head, body = data[14:34], data[34:]
        ah.frame(at, *(".".join(map(str, head[i:i + 4])) for i in (12, 16)), 51,
                 struct.pack(">BBHII", 17, 4, 0, 0x1234, 1) + bytes(12) + body)
    a = audit(ah)
    check("AH over IPv4 is opened", [d["name"] for d in a["dns"]] == ["mdm.vendor.example"] and
          [d["protocol"] for d in a["destinations"]] == ["dns"], a["destinations"])


# -- fragments ----------------------------------------------------------------------------------

def pieces(capture, at, ends, ident, body, size=1480, order=None, lose=()):
    parts = [(i, body[i:i + size]) for i in range(0, len(body), size)]
    for k in order or range(len(parts)):
        if k in lose:
            continue
        start, part = parts[k]
        capture.frame(at + k * .001, *ends, 17, part)
        stamp, data = capture.frames[-1]
        field = start // 8 | (0x2000 if start + len(part) < len(body) else 0)
        head = data[14:18] + struct.pack(">HH", ident, field) + data[22:24] + bytes(2) + data[26:34]
        capture.frames[-1] = stamp, data[:14] + head[:10] + struct.pack(">H", total(head)) + head[12:] + data[34:]


def fragments():
    def udp(data, ports=(40000, 5000)):
        return struct.pack(">HHHH", *ports, 8 + len(data), 0) + data

    rng, capture, server = random.Random(3), Capture(), "203.0.113.1"
    for i in range(10):
        pieces(capture, START + i, (LAPTOP, server), 100 + i, udp(rng.randbytes(4000 + 300 * i)), lose=(1,) if i == 5 else ())
        pieces(capture, START + i + .5, (server, LAPTOP), 200 + i, udp(rng.randbytes(3000), (5000, 40000)))
    for snap in (65535, 128):
        a = audit(capture, snap)
        check(f"{snap} bytes a frame: pieces belong to the flow of their first one, with all their bytes",
              [(d["port"], d["flows"], d["bytes_out"] + d["bytes_in"]) for d in a["destinations"]] ==
              [(5000, 1, counted(capture, LAPTOP, server))], a["destinations"])
        check("and are one stream", (a["flows"]["udp"], a["flows"]["other"]) == (1, 0), a["flows"])
    check("what was lost on the way is said", said_of(audit(capture), "1 datagram of which fragments are missing"),
          a["not_visible"])
    alone = Capture()
    pieces(alone, START, (LAPTOP, server), 1, udp(rng.randbytes(4000)), lose=(0,))
    check("without the first one nobody knows the port", [(d["port"], d["transport"]) for d in
          audit(alone)["destinations"]] == [(0, "udp")], audit(alone)["destinations"])


# -- Redis -------------------------------------------------------------------------------------------

def redis():
    capture = Capture()
    word = b"*2\r\n$4\r\nAUTH\r\n$10\r\nhunter2222\r\n"
    for i, (port, ask) in enumerate(((6379, word), (7001, word), (6379, b"AUTH hunter2222\r\n"),
                                     (7001, b"AUTH taro hunter2222\r\n"))):
        capture.talk(START + 10 * i, SERVERS[i], port, [(True, ask), (False, b"+OK\r\n"),
                     (True, b"*1\r\n$4\r\nPING\r\n"), (False, b"+PONG\r\n")])
    capture.talk(START + 60, "203.0.113.110", 110, [(False, b"+OK\r\n"), (True, b"USER taro\r\n"),
                 (False, b"+OK\r\n"), (True, b"PASS hunter2222\r\n"), (False, b"+OK\r\n")])
    a = audit(capture)
    check("Redis by its words at any port, and not POP3, which speaks first",
          [d["protocol"] for d in sorted(a["destinations"], key=lambda d: d["first"])] == ["redis"] * 4 + ["pop3"],
          a["destinations"])
    login = [(p["where"], p["masked"]) for p in a["personal"] if p["category"] == "credential"]
    check("its password in clear is told", login == [("redis", "********")] * 3 + [("redis", "t**o"), ("pop3", "t**o")],
          login)
    check("and found", sum("a password in clear" in f["words_en"] for f in a["findings"]) == 5 and
          "hunter2222" not in json.dumps(a), [f["words_en"] for f in a["findings"]])


# -- key logs and packings ---------------------------------------------------------------------------

def refused(data, *words):
    path = os.path.join(FOLDER.name, "given")
    with open(path, "wb") as f:
        f.write(data)
    out = subprocess.run([sys.argv[1], "audit", "--lang", "en", *(w.replace("GIVEN", path) for w in words)],
                         capture_output=True, timeout=60)
    return out.returncode, out.stderr.decode()


def keys_and_packings():
    capture, path = Capture(), os.path.join(FOLDER.name, "tls.pcap")
    capture.talk(START, HOSTS["mdm.vendor.example"], 443,
                 [(True, hello("mdm.vendor.example")), (False, SERVER + DONE), (True, DONE)])
    capture.write(path)
    for what, log in (("an empty key log", b""), ("one of comments", b"# nothing\n# yet\n"),
                      ("a file that is none", b"\x0a\x0d\x0d\x0a" + bytes(60))):
        code, said = refused(log, path, "--keylog", "GIVEN")
        check(what + ": no secret in it, and who writes one", code == 3 and "no TLS secret in it" in said and
              "SSLKEYLOGFILE=FILE" in said, (code, said))
    log = os.path.join(FOLDER.name, "keys")
    with open(log, "w") as f:
        f.writelines(f"CLIENT_RANDOM {i:064x} {i:096x}\n" for i in range(1, 4))
    a = audit(capture, words=("--keylog", log))
    check("secrets that open nothing", said_of(a, "what 3 secrets of the key log would open"), a["not_visible"])
    check("without a key log nothing is said of it", not said_of(audit(capture), "key log"))
    with open(path, "rb") as f:
        data = f.read()
    for name, packed in (("bzip2 -dc", bz2.compress(data)), ("lz4 -dc", b"\x04\x22\x4d\x18" + data),
                         ("unzip -p", b"PK\3\4" + data)):
        code, said = refused(packed, "GIVEN")
        check("what to do: " + name, code == 3 and f"{name} FILE | keisoku audit -" in said, (code, said))
    code, said = refused(b"RTSS" + bytes(60), "GIVEN")
    check("of a capture of another kind: editcap", code == 3 and "editcap" in said, (code, said))


PARTS = [cut_to_heads, cut_hello, long_and_short, random_bytes, tunnels, under_ip, fragments, redis, keys_and_packings]

if __name__ == "__main__":
    for part in PARTS:
        part()
    sys.exit(ended())
