#!/usr/bin/python3
"""test/wire/flowing.py KEISOKU - rows for a SIEM while the capture still comes: a pipe that is
fed in odd pieces and then held open, in the middle of a frame.  What was over by then stands in
each log and in EVE before the pipe ends; at the end the rows are those of the same bytes as a
file; what stands of a person in the address of a request is masked in all of them."""
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
from tap import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))
LOGS = ("conn", "dns", "http", "ssl", "files")


def tcp(us, ends, seq, ack, flags, data=b""):
    ports = ends[1], ends[3]
    head = struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x50, flags, 65535, 0, 0) + data
    packet = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(head), 1, 0, 64, 6, 0,
                         bytes(map(int, ends[0].split("."))), bytes(map(int, ends[2].split(".")))) + head
    frame = b"\2\0\0\0\0\7" * 2 + b"\x08\x00" + packet
    return struct.pack("<IIII", us // 1000000, us % 1000000, len(frame), len(frame)) + frame


def asked(us, port, request):
    """A connection with one request that tells of somebody."""
    there = "192.168.7.20", port, "203.0.113.77", 80
    back = there[2:] + there[:2]
    answer = b"HTTP/1.1 204 No Content\r\n\r\n"
    n, m = 1001 + len(request), 9001 + len(answer)
    return b"".join((tcp(us, there, 1000, 0, 2), tcp(us + 1, back, 9000, 1001, 0x12),
                     tcp(us + 2, there, 1001, 9001, 0x18, request),
                     tcp(us + 3, back, 9001, n, 0x18, answer),
                     tcp(us + 4, there, n, m, 0x11), tcp(us + 5, back, m, n + 1, 0x11)))


def shown(us, port, folder):
    """A handshake of TLS 1.2 up to the server's certificate, which is made here."""
    der = os.path.join(folder, "leaf.der")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj",
                    "/CN=box.example", "-days", "30", "-outform", "DER", "-out", der], check=True, capture_output=True)
    with open(der, "rb") as f:
        leaf = f.read()
    number = lambda n, width: n.to_bytes(width, "big")
    message = lambda kind, body: bytes([kind]) + number(len(body), 3) + body
    record = lambda body: b"\x16\x03\x03" + number(len(body), 2) + body
    name = b"box.example"
    sni = number(len(name) + 3, 2) + b"\0" + number(len(name), 2) + name
    sni = b"\0\0" + number(len(sni), 2) + sni
    hello = record(message(1, b"\3\3" + b"c" * 32 + b"\0" + b"\0\2\xc0\x2f" + b"\1\0" + number(len(sni), 2) + sni))
    chain = number(len(leaf), 3) + leaf
    answer = record(message(2, b"\3\3" + b"s" * 32 + b"\0\xc0\x2f\0") + message(11, number(len(chain), 3) + chain) +
                    message(14, b""))
    there = "192.168.7.20", port, "203.0.113.78", 443
    back = there[2:] + there[:2]
    n, m = 1001 + len(hello), 9001 + len(answer)
    return b"".join((tcp(us, there, 1000, 0, 2), tcp(us + 1, back, 9000, 1001, 0x12),
                     tcp(us + 2, there, 1001, 9001, 0x18, hello), tcp(us + 3, back, 9001, n, 0x18, answer),
                     tcp(us + 4, there, n, m, 0x14)))


def last_us(data):
    at, last = 24, 0
    while at + 16 <= len(data):
        s, us, here, _ = struct.unpack("<IIII", data[at:at + 16])
        last = max(last, s * 1000000 + us)
        at += 16 + here
    return last


def rows(folder, log):
    path = os.path.join(folder, log + ".log")
    if not os.path.exists(path):
        return []
    with open(path) as f:
        return [json.loads(line) for line in f.read().split("\n")[:-1]]


def events(folder):
    path = os.path.join(folder, "eve.json")
    if not os.path.exists(path):
        return {}
    with open(path) as f:
        kinds = [json.loads(line)["event_type"] for line in f.read().split("\n")[:-1]]
    return {k: kinds.count(k) for k in ("flow", "dns", "http", "tls")}


def start(folder, source, threads):
    return subprocess.Popen([sys.argv[1], "audit", source, "--zeek", folder, "--zeek-json", "--eve",
                             os.path.join(folder, "eve.json"), "--threads", threads],
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def until(test, seconds=30):
    end = time.monotonic() + seconds
    while not test() and time.monotonic() < end:
        time.sleep(.05)
    return test()


def flowing(data, whole, threads):
    """The pipe is held open until all that is over stands there."""
    over = {"conn": [r for r in whole["conn"] if r["conn_state"] in ("SF", "RSTO") and r["proto"] == "tcp"],
            "dns": whole["dns"], "http": whole["http"], "ssl": whole["ssl"], "files": whole["files"]}
    with tempfile.TemporaryDirectory() as folder:
        run = start(folder, "-", threads)
        for at in range(0, len(data), 997):
            run.stdin.write(data[at:at + 997])
            run.stdin.flush()
        run.stdin.write(tcp(last_us(data), ("192.168.7.20", 1, "192.168.7.1", 2), 0, 0, 2)[:30])
        run.stdin.flush()
        key = lambda r: json.dumps(r, sort_keys=True)
        there = lambda log: {key(r) for r in over[log]} <= {key(r) for r in rows(folder, log)}
        for log in LOGS:
            check(f"{threads}: what is over stands in {log}.log while the pipe is open",
                  until(lambda: there(log)), (len(rows(folder, log)), len(over[log])))
        got = events(folder)
        check(f"{threads}: and in EVE", got.get("http") == len(over["http"]) and
              got.get("tls") == len(over["ssl"]) and got.get("flow", 0) >= len(over["conn"]), got)
        check(f"{threads}: it goes on", run.poll() is None)
        run.stdin.close()
        run.wait(60)
        for log in LOGS:
            got = sorted(map(key, rows(folder, log)))
            check(f"{threads}: at the end {log}.log is that of the file", got == sorted(map(key, whole[log])),
                  (len(got), len(whole[log])))
        with open(os.path.join(folder, "eve.json")) as f:
            said = f.read() + "".join(map(key, rows(folder, "http")))
        check(f"{threads}: who stands in an address is masked", "090-1234-5678" not in said and
              "hanako.sato" not in said and "n=17" in said, said[-200:])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.pcap")
        subprocess.run([os.path.join(HERE, "made.py"), path], check=True)
        with open(path, "rb") as f:
            data = f.read()
        us = last_us(data) + 1000000
        data += asked(us, 50001, b"GET /a?tel=090-1234-5678&n=17 HTTP/1.1\r\nHost: q.example\r\n\r\n")
        data += asked(us + 9, 50002, b"GET /b?mail=hanako.sato%40mail.example.jp HTTP/1.1\r\nHost: q.example\r\n\r\n")
        data += shown(us + 18, 50003, folder)
        with open(path, "wb") as f:
            f.write(data)
        run = start(folder, path, "2")
        run.stdin.close()
        run.wait(60)
        whole = {log: rows(folder, log) for log in LOGS}
        check("rows of each log", all(whole.values()) and len(whole["http"]) == 15, {k: len(v) for k, v in whole.items()})
        leaf = [r for r in whole["ssl"] if r.get("server_name") == "box.example"]
        check("a certificate is judged in its row", len(leaf) == 1 and leaf[0]["subject"] == "CN=box.example" and
              "self_signed" in leaf[0]["validation_status"] and "name_mismatch" in leaf[0]["validation_status"] and
              leaf[0]["cert_chain_fps"] == [whole["files"][0]["sha256"]], leaf)
        for threads in ("1", "3"):
            flowing(data, whole, threads)
    return ended()


sys.exit(main())
