#!/usr/bin/python3
"""test/wire/made.py OUT.pcap [after] - a small capture, made here byte by byte: a laptop
for four days, or the same one after its repair.  The same bytes every time.

What is in it, exactly: DHCP (the laptop calls itself), DNS, TLS 1.2 hellos to
mdm.vendor.example every hour +-15 s, plain POSTs with a card number, a GET every 6 h to
ads.tracker.example, a traceroute every day at 04:30 (UTC), one refused handshake.
"""
import random
import struct
import sys

START = 1780272000  # 2026-06-01 00:00 UTC
LAPTOP, ROUTER = "192.168.7.20", "192.168.7.1"
HOSTS = {"mdm.vendor.example": "203.0.113.9", "telemetry.vendor.example": "203.0.113.10",
         "ads.tracker.example": "198.51.100.7", "update.os.example": "198.51.100.20"}
CARD, DECOY = "4532015112830366", "4532015112830367"
MACS = {LAPTOP: bytes.fromhex("3c5282aabb01"), ROUTER: bytes.fromhex("000c29000001")}


def address(text):
    return bytes(int(p) for p in text.split("."))


def total(data):
    data += b"\0" * (len(data) % 2)
    s = sum(struct.unpack(f">{len(data) // 2}H", data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff


class Capture:
    def __init__(self):
        self.frames = []
        self.port = 40000
        self.ident = 0

    def frame(self, at, source, target, protocol, body, ttl=64):
        self.ident = (self.ident + 1) & 0xffff
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), self.ident, 0x4000, ttl,
                           protocol, 0, address(source), address(target))
        head = head[:10] + struct.pack(">H", total(head)) + head[12:]
        mac = MACS.get
        ether = mac(target, MACS[ROUTER]) + mac(source, MACS[ROUTER]) + b"\x08\0"
        self.frames.append((at, ether + head + body))

    def udp(self, at, source, target, ports, data, ttl=64):
        self.frame(at, source, target, 17,
                   struct.pack(">HHHH", *ports, 8 + len(data), 0) + data, ttl)

    def segment(self, at, ends, ports, seq, ack, flags, data=b""):
        body = struct.pack(">HHIIBBHHH", *ports, seq & 0xffffffff, ack & 0xffffffff, 0x50,
                           flags, 65535, 0, 0) + data
        pseudo = address(ends[0]) + address(ends[1]) + struct.pack(">BBH", 0, 6, len(body))
        body = body[:16] + struct.pack(">H", total(pseudo + body)) + body[18:]
        self.frame(at, *ends, 6, body)

    def talk(self, at, server, port, turns, round_trip=0.04, client=LAPTOP,
             most=1400):
        """A whole TCP stream; turns: (from the client?, bytes)."""
        self.port = self.port + 1 if self.port < 60000 else 40000
        out, back = (client, server), (server, client)
        to, fro = (self.port, port), (port, self.port)
        c, s = 1000, 5000
        self.segment(at, out, to, c, 0, 2)
        self.segment(at + round_trip, back, fro, s, c + 1, 18)
        self.segment(at + round_trip + .0001, out, to, c + 1, s + 1, 16)
        c, s, now = c + 1, s + 1, at + round_trip + .001
        for mine, data in turns:
            for i in range(0, len(data), most):
                part = data[i:i + most]
                if mine:
                    self.segment(now, out, to, c, s, 24, part)
                    c += len(part)
                else:
                    self.segment(now, back, fro, s, c, 24, part)
                    s += len(part)
                now += .0005
            now += round_trip
        self.segment(now, out, to, c, s, 17)
        self.segment(now + round_trip, back, fro, s, c + 1, 17)
        self.segment(now + round_trip + .0001, out, to, c + 1, s + 1, 16)

    def ask(self, at, name):
        question = b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0\0\1\0\1"
        self.port = self.port + 1 if self.port < 60000 else 40000
        head = struct.pack(">HHHHHH", self.port, 0x100, 1, 0, 0, 0)
        self.udp(at, LAPTOP, ROUTER, (self.port, 53), head + question)
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + address(HOSTS[name])
        head = struct.pack(">HHHHHH", self.port, 0x8180, 1, 1, 0, 0)
        self.udp(at + .002, ROUTER, LAPTOP, (53, self.port), head + question + answer)

    def write(self, path, snap=65535):
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snap, 1))
            for at, data in sorted(self.frames, key=lambda f: f[0]):
                f.write(struct.pack("<IIII", int(at), int(at * 1000000) % 1000000,
                                    min(len(data), snap), len(data)) + data[:snap])


def record(kind, body):
    return bytes([kind]) + b"\3\3" + struct.pack(">H", len(body)) + body


def hello(name):
    sni = struct.pack(">BH", 0, len(name)) + name.encode()
    sni = struct.pack(">H", len(sni)) + sni
    extensions = struct.pack(">HH", 0, len(sni)) + sni
    body = (b"\3\3" + bytes(32) + b"\0" + struct.pack(">H", 2) + b"\xc0\x2f" + b"\1\0" +
            struct.pack(">H", len(extensions)) + extensions)
    return record(22, b"\1" + struct.pack(">I", len(body))[1:] + body)


SERVER = record(22, b"\2" + struct.pack(">I", 38)[1:] + b"\3\3" + bytes(32) + b"\0\xc0\x2f\0")
DONE = record(20, b"\1") + record(23, bytes(range(200)))


def name_by_dhcp(capture):
    body = struct.pack(">BBBBIHH4s4s4s4s16s", 1, 1, 6, 0, 7, 0, 0, bytes(4), bytes(4), bytes(4),
                       bytes(4), MACS[LAPTOP] + bytes(10)) + bytes(192) + b"\x63\x82\x53\x63"
    body += b"\x35\1\3" + bytes([50, 4]) + address(LAPTOP) + b"\x0c\x0bkeiri-pc-07" + b"\xff"
    capture.frames.append((START + 1, b"\xff" * 6 + MACS[LAPTOP] + b"\x08\0" + ip_of(body)))


def ip_of(body):
    udp = struct.pack(">HHHH", 68, 67, 8 + len(body), 0) + body
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes(4),
                       b"\xff" * 4)
    return head[:10] + struct.pack(">H", total(head)) + head[12:] + udp


def before(capture, rng, days=4):
    for hour in range(days * 24):
        at = START + hour * 3600 + 1800 + rng.uniform(-15, 15)
        capture.ask(at - .5, "mdm.vendor.example")
        capture.talk(at, HOSTS["mdm.vendor.example"], 443,
                     [(True, hello("mdm.vendor.example")), (False, SERVER + DONE),
                      (True, DONE)])
    for n in range(days * 3):
        at = START + 7200 + n * 25000 + rng.uniform(0, 9000)
        body = (f'{{"card":"{CARD}","order":"{DECOY}","mail":"hanako@mail.example"}}').encode()
        request = (f"POST /v1/collect HTTP/1.1\r\nHost: telemetry.vendor.example\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                   ).encode() + body
        capture.ask(at - .5, "telemetry.vendor.example")
        capture.talk(at, HOSTS["telemetry.vendor.example"], 80,
                     [(True, request), (False, b"HTTP/1.1 204 No Content\r\n\r\n")])
    for day in range(days):
        at = START + day * 86400 + 16200 + rng.uniform(0, 20)
        for ttl in range(1, 6):
            capture.udp(at + ttl * .05, LAPTOP, HOSTS["telemetry.vendor.example"],
                        (50000 + ttl, 33433 + ttl), bytes(32), ttl)
    capture.ask(START + 5000, "ads.tracker.example")
    capture.talk(START + 5001, HOSTS["ads.tracker.example"], 80,
                 [(True, b"GET /p.gif HTTP/1.1\r\nHost: ads.tracker.example\r\n\r\n"),
                  (False, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nGIF")])


def after(capture, rng, days=4):
    for n in range(days):
        at = START + 30 * 86400 + n * 86400 + rng.uniform(30000, 60000)
        capture.ask(at - .5, "update.os.example")
        capture.talk(at, HOSTS["update.os.example"], 443,
                     [(True, hello("update.os.example")), (False, SERVER + DONE), (True, DONE)],
                     round_trip=.01)


def main():
    capture, rng = Capture(), random.Random(7)
    if "after" in sys.argv[2:]:
        after(capture, rng)
    else:
        name_by_dhcp(capture)
        before(capture, rng)
    capture.write(sys.argv[1])


if __name__ == "__main__":
    main()
