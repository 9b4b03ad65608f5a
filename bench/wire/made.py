#!/usr/bin/env python3
"""N made flows as a pcap: three of four are TCP with an HTTP request, one is DNS.
usage: made.py OUT.pcap FLOWS"""
import struct
import sys


def ip(src, dst, protocol, payload):
    return struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, src, dst) + payload


def tcp(sport, dport, seq, ack, flags, payload=b""):
    return struct.pack(">HHIIBBHHH", sport, dport, seq, ack, 0x50, flags, 8192, 0, 0) + payload


def packets(i):
    client, server, port = 0x0A000000 + i % 60000, 0xC6330000 + i // 7 % 65000, 1024 + i % 60000
    if i % 4 == 3:
        name = b"\x04h%03d\x07example\x00" % (i % 1000)
        question = struct.pack(">HHHHHH", i & 0xFFFF, 0x100, 1, 0, 0, 0) + name + b"\0\1\0\1"
        answer = struct.pack(">HHHHHH", i & 0xFFFF, 0x8180, 1, 1, 0, 0) + name + b"\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + struct.pack(">I", server)
        for src, dst, a, b, body in ((client, server, port, 53, question), (server, client, 53, port, answer)):
            yield ip(src, dst, 17, struct.pack(">HHHH", a, b, 8 + len(body), 0) + body)
        return
    ask = b"GET /%d HTTP/1.1\r\nHost: h%03d.example\r\n\r\n" % (i, i % 1000)
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    up = lambda *a: ip(client, server, 6, tcp(port, 80, *a))
    down = lambda *a: ip(server, client, 6, tcp(80, port, *a))
    yield up(1, 0, 2)
    yield down(1, 2, 18)
    yield up(2, 2, 16)
    yield up(2, 2, 24, ask)
    yield down(2, 2 + len(ask), 24, said)
    yield up(2 + len(ask), 2 + len(said), 17)
    yield down(2 + len(said), 3 + len(ask), 17)


def main():
    count = 0
    with open(sys.argv[1], "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for i in range(int(sys.argv[2])):
            for packet in packets(i):
                count += 1
                out.write(struct.pack("<IIII", 1700000000 + count // 20000, count % 20000 * 50, len(packet), len(packet)) + packet)


main()
