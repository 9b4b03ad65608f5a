#!/usr/bin/python3
"""test/wire/cards.py KEISOKU - which addresses are one device: those of one network card, also
when DHCP gave it others day by day, and with IPv6 beside; not those that came through a
router's card, be they two, three or four."""
import json
import os
import struct
import subprocess
import sys
import tempfile

import made
from made import Capture, START, address
from tap import check, ended

ROUTER_MAC, LAPTOP_MAC = bytes.fromhex("000c29000001"), bytes.fromhex("3c5282aabb01")
WORLD = "203.0.113.9"


class Link(Capture):
    """The card and the distance of each address are chosen."""
    def __init__(self):
        super().__init__()
        self.cards, self.left = {}, {}

    def put(self, at, source, target, kind, body):
        card = self.cards.get
        self.frames.append((at, card(target, ROUTER_MAC) + card(source, ROUTER_MAC) + kind + body))

    def frame(self, at, source, target, protocol, body, ttl=64):
        ttl = self.left.get(source, ttl)
        if ":" in source:
            import ipaddress
            head = struct.pack(">IHBB", 0x60000000, len(body), protocol, ttl)
            self.put(at, source, target, b"\x86\xdd", head + ipaddress.ip_address(source).packed +
                     ipaddress.ip_address(target).packed + body)
            return
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0x4000, ttl, protocol, 0,
                           address(source), address(target))
        self.put(at, source, target, b"\x08\0", head[:10] + struct.pack(">H", made.total(head)) +
                 head[12:] + body)

    def asks(self, at, source, target="203.0.113.9", n=3):
        """A few datagrams there and back."""
        for i in range(n):
            self.port += 1
            for a, b, ports in ((source, target, (self.port, 8443)), (target, source, (8443, self.port))):
                body = struct.pack(">HHHH", *ports, 18, 0) + b"0123456789"
                self.frame(at + i, a, b, 17, body)

    def arp(self, at, op, mac, source, target):
        self.frames.append((at, b"\xff" * 6 + mac + b"\x08\x06" + struct.pack(">HHBBH", 1, 0x800, 6, 4, op) +
                            mac + address(source) + bytes(6) + address(target)))


def devices(link, folder, *words):
    path = os.path.join(folder, "c.pcap")
    link.write(path)
    said = json.loads(subprocess.run([sys.argv[1], "audit", path, "--json", *words], capture_output=True,
                      text=True, timeout=60).stdout)
    return said["devices"]


def behind(folder):
    for n in (2, 3, 4):
        for ttl in (63, 127, 254, 62):
            link = Link()
            hosts = [f"10.{i}.{i}.5" for i in range(1, n + 1)]
            link.left = {h: ttl for h in hosts} | {WORLD: 55}
            for i, host in enumerate(hosts):
                link.asks(START + 10 * i, host, "192.168.7.20")
            link.cards["192.168.7.20"] = LAPTOP_MAC
            link.left["192.168.7.20"] = 128
            link.asks(START + 90, "192.168.7.1", "192.168.7.20")
            got = devices(link, folder)
            check(f"{n} hosts behind a router, TTL {ttl}: each is itself, and so is the router",
                  sorted(d["address"] for d in got) == sorted(hosts + ["192.168.7.1", "192.168.7.20"]) and
                  all(len(d["addresses"]) == 1 for d in got), got)
            check("the router's card is not theirs", {d["mac"] for d in got if d["address"] in hosts} == {None},
                  [(d["address"], d["mac"]) for d in got])


def answered_for(folder):
    link = Link()
    hosts = ["192.168.7.200", "192.168.7.201"]
    link.left = {h: 63 for h in hosts}
    for host in hosts:
        link.arp(START, 2, ROUTER_MAC, host, "192.168.7.20")
        link.asks(START + 5, host, WORLD)
    got = devices(link, folder)
    check("a router that answers ARP for two behind it", sorted(d["address"] for d in got) == hosts, got)


def called_by_its_card(folder):
    site = os.path.join(folder, "s.site")
    with open(site, "w") as f:
        f.write("site s\ndevice gate address=192.168.7.1 mac=00:0c:29:00:00:01\n")
    link = Link()
    link.left = {"10.1.1.5": 63, "10.2.2.5": 63, WORLD: 55}
    for host in ("192.168.7.1", "10.1.1.5", "10.2.2.5"):
        link.asks(START, host)
    got = devices(link, folder, "--site", site)
    check("a router of the site file does not take those behind it", {d["name"] or d["address"]: d["addresses"]
          for d in got} == {"gate": ["192.168.7.1"], "10.1.1.5": ["10.1.1.5"], "10.2.2.5": ["10.2.2.5"]}, got)


def day_by_day(folder):
    for ttl in (64, 128):
        link = Link()
        leases = [f"192.168.{7 + i % 3}.{20 + i}" for i in range(8)]
        for i, lease in enumerate(leases):
            link.cards[lease], link.left[lease] = LAPTOP_MAC, ttl
            link.left[WORLD] = 55
            for hour in range(0, 20, 2):
                link.asks(START + 86400 * i + hour * 3600, lease)
        got = devices(link, folder)
        check(f"eight addresses in eight days, TTL {ttl}: one laptop", [sorted(d["addresses"]) for d in got] ==
              [sorted(leases)], [(d["address"], d["addresses"]) for d in got])
    link = Link()
    for i, lease in enumerate(("192.168.7.20", "192.168.8.21")):
        link.cards[lease], link.left[lease] = LAPTOP_MAC, 65 # a stack of its own mind
        link.arp(START + i * 86400, 1, LAPTOP_MAC, lease, "192.168.7.1")
        link.asks(START + i * 86400 + 5, lease)
    got = devices(link, folder)
    check("who asks by ARP says which card it has, whatever its TTL", len(got) == 1 and
          len(got[0]["addresses"]) == 2, got)


def at_once(folder):
    link = Link()
    hosts = [f"192.168.7.{i}" for i in range(20, 26)]
    for hour in range(20):
        for host in hosts:
            link.cards[host] = LAPTOP_MAC
            link.asks(START + hour * 3600, host)
    got = devices(link, folder)
    check("six addresses of one card at the same time are not one laptop", len(got) == 6, got)


def both_families(folder):
    own = ["192.168.7.20", "fe80::3e52:82ff:feaa:bb01", "2001:db8:7::20"] + \
        [f"2001:db8:7::{i:x}:beef" for i in range(1, 5)]
    link = Link()
    link.left = {"2001:db8:99::1": 55, WORLD: 55}
    for i, at in enumerate(own):
        link.cards[at] = LAPTOP_MAC
        link.asks(START + 100 * i, at, "2001:db8:99::1" if ":" in at else WORLD)
    got = devices(link, folder)
    check("IPv4, IPv6 and its privacy addresses: one device", [sorted(d["addresses"]) for d in got] ==
          [sorted(own)], got)
    for at in ("192.168.7.1", "fe80::1"):
        link.asks(START + 900, at, "192.168.7.20" if "." in at else own[1])
    got = devices(link, folder)
    check("the router's own two are one, the world behind it is nobody's", sorted(sorted(d["addresses"])
          for d in got) == sorted([sorted(own), ["192.168.7.1", "fe80::1"]]), [d["addresses"] for d in got])


def main():
    with tempfile.TemporaryDirectory() as folder:
        behind(folder)
        answered_for(folder)
        called_by_its_card(folder)
        day_by_day(folder)
        at_once(folder)
        both_families(folder)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
