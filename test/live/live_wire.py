#!/usr/bin/env python3
"""live_wire.py [flood] - the ear on a real interface: a pair of virtual cables, packets made
here at one end, heard at the other.  What was sent is what the store has; a card number in
clear is found and written nowhere; the ear has no right and no file; killed, it is back and
nothing told is lost; an interface that goes away is said, and heard again when it is back;
a flood of strangers stays within its memory.  SKIP without the right to make interfaces."""
import csv, glob, io, json, os, random, signal, socket, sqlite3, struct, subprocess, sys, threading, time
import urllib.request
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/fault"))
import daemon
from daemon import Daemon
try:
    import jsonschema
except ImportError:
    jsonschema = None

daemon.ROLES = daemon.ROLES + ("ear",)
A, B = f"ksw{os.getpid() % 10000}a", f"ksw{os.getpid() % 10000}b"
CARD = "4132479807365555"
SITE = f"""site lab tz=UTC lang=en
host web address=10.77.0.1
host db address=10.77.0.2
wire tap interface={A} filter="not port 9999"
"""
MACS = {"10.77.0.1": "020000000001", "10.77.0.2": "020000000002", "203.0.113.9": "0200000000fe"}


def ip(*words):
    return subprocess.run(["ip", *words], capture_output=True, text=True)


def make():
    made = ip("link", "add", A, "type", "veth", "peer", "name", B)
    for name in (A, B):  # no neighbour discovery of the kernel's own in between
        subprocess.run(["sysctl", "-qw", f"net.ipv6.conf.{name}.disable_ipv6=1"], capture_output=True)
        made = made if made.returncode else ip("link", "set", name, "up")
    return made.returncode == 0


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(source, target, protocol, payload):
    mac = lambda a: bytes.fromhex(MACS.get(a, "0200000000aa"))
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(target))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return mac(target) + mac(source) + b"\x08\x00" + head + payload


def tcp(source, target, ports, seq, ack, flags, data=b""):
    return frame(source, target, 6, struct.pack("!HHIIBBHHH", *ports, seq, ack, 0x50, flags,
                                                65535, 0, 0) + data)


def talk(client, server, port, request=b"", answer=b"", number=[40000]):
    """A whole TCP connection."""
    number[0] += 1
    there, back = (number[0], port), (port, number[0])
    one, two = 1000, 9000
    yield tcp(client, server, there, one, 0, 2)
    yield tcp(server, client, back, two, one + 1, 0x12)
    yield tcp(client, server, there, one + 1, two + 1, 0x10)
    yield tcp(client, server, there, one + 1, two + 1, 0x18, request)
    yield tcp(server, client, back, two + 1, one + 1 + len(request), 0x18, answer)
    yield tcp(client, server, there, one + 1 + len(request), two + 1 + len(answer), 0x11)
    yield tcp(server, client, back, two + 1 + len(answer), one + 2 + len(request), 0x11)


class Cable:
    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((B, 0))
        self.bytes = self.frames = 0

    def send(self, frames):
        for one in frames:
            self.socket.send(one)
            self.bytes += len(one)
            self.frames += 1


def status(d):
    out = subprocess.run([daemon.KEISOKU, "status", "--json", "--state", d.state],
                         capture_output=True, text=True, timeout=30)
    return json.loads(out.stdout)


def until(what, test, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = test()
        if got:
            return got
        time.sleep(0.1)
    raise SystemExit("not ok - " + what)


def rows(d, sql):
    with sqlite3.connect(f"file:{d.state}/facts.db?mode=ro", uri=True, timeout=5) as db:
        return db.execute(sql).fetchall()


def heard(d):
    return (rows(d, "SELECT ifnull(sum(out), 0) FROM wire WHERE kind = 0") or [(0,)])[0][0]


def wire(d):
    said = status(d)["wire"]
    return said[0] if said else {"state": "none", "frames": 0, "dropped": 0}


def confined(pid):
    said = dict(line.split(":\t", 1) for line in open(f"/proc/{pid}/status") if ":\t" in line)
    assert said["CapEff"].strip("0\n") == "" and said["CapPrm"].strip("0\n") == "", said["CapEff"]
    assert said["NoNewPrivs"].strip() == "1", said["NoNewPrivs"]
    assert said["Seccomp"].strip() == "2", said["Seccomp"]
    opened = [os.readlink(p) for p in glob.glob(f"/proc/{pid}/fd/*") if os.path.lexists(p)]
    files = [o for o in opened if o.startswith("/") and not o.startswith(("/dev/null", "/memfd:")) and
             not o.endswith("/log")]
    assert not files, files


def post(body):
    return (b"POST /report HTTP/1.1\r\nHost: telemetry.vendor.example\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)) + body


def first(d, cable):
    """What was sent is what is told."""
    until("the ear listens", lambda: wire(d)["state"] == "listening")
    body = json.dumps({"card_number": CARD}).encode()
    cable.send(talk("10.77.0.1", "203.0.113.9", 80, post(body), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    for _ in range(5):
        cable.send(talk("10.77.0.1", "10.77.0.2", 5432, b"\0\0\0\x08\x04\xd2\x16\x2f", b"N"))
    cable.socket.send(frame("10.77.0.1", "10.77.0.2", 17, struct.pack("!HHHH", 9999, 9999, 8, 0)))  # filtered
    until("all bytes are told", lambda: heard(d) == cable.bytes, 30)
    until("of the device too", lambda: rows(d, "SELECT sum(out + into_) FROM wire WHERE kind = 1"
                                            " AND device = 'web'")[0][0] == cable.bytes, 30)
    assert wire(d)["frames"] == cable.frames and wire(d)["dropped"] == 0, wire(d)
    web = rows(d, "SELECT sum(out), sum(into_), max(flags) FROM wire WHERE kind = 1 AND device = 'web'")[0]
    assert web[0] + web[1] == cable.bytes and web[2] & 8, web
    assert rows(d, "SELECT sum(count) FROM wire WHERE kind = 5 AND device = 'web' AND name = 'db'"
                " AND port = 5432")[0][0] == 5
    print(f"ok - {cable.frames} frames sent, {cable.frames} told; who talks to whom")


def found(d):
    until("the card number is a finding", lambda: any(
        f["id"] == "KS-WIRE-002" and f["subject"] == "web" and f["severity"] == "critical"
        for f in status(d)["findings"]))
    for path in glob.glob(d.state + "/**", recursive=True) + [d.log]:
        if os.path.isfile(path):
            assert CARD.encode() not in open(path, "rb").read(), path
    assert CARD not in json.dumps(status(d))
    print("ok - a card number in clear is found, and written nowhere")


def tables(d, cable):
    """What the page Wire shows, as JSON held to its schema and as CSV with the same rows."""
    def get(name, form):
        with urllib.request.urlopen(f"http://127.0.0.1:{d.port}/api/{name}?format={form}", timeout=20) as r:
            return r.read().decode("utf-8-sig")
    got = {}
    for name in ("wires", "wire_hours", "wire_devices", "wire_destinations", "wire_countries", "wire_new",
                 "wire_findings", "wire_periodic", "wire_certificates", "wire_unseen"):
        answer = json.loads(get(name, "json"))
        with open(os.path.join(os.environ["KS_SOURCE"], f"doc/schema/keisoku.{name}.1.json")) as f:
            schema = json.load(f)
        if jsonschema is not None:
            jsonschema.validate(answer, schema)
        got[name] = answer[name]
        lines = list(csv.DictReader(io.StringIO(get(name, "csv"), newline="")))
        assert len(lines) == len(got[name]), (name, lines, got[name])
        for line, row in zip(lines, got[name]):
            assert list(line) == list(row), (name, line, row)
    web = next(r for r in got["wire_devices"] if r["device"] == "web")
    assert web["bytes_out"] + web["bytes_in"] == cable.bytes, (web, cable.bytes)
    assert sum(h["bytes"] for h in got["wire_hours"]) == cable.bytes, got["wire_hours"]
    assert any(r["address"] == "203.0.113.9" and r["port"] == 80 and not r["in_house"]
               for r in got["wire_destinations"]), got["wire_destinations"]
    assert any(r["rule"] == "KS-WIRE-002" and r["severity"] == "critical" for r in got["wire_findings"]), got
    assert got["wires"][0]["state"] == "listening" and got["wires"][0]["frames"] == cable.frames, got["wires"]
    print(f"ok - ten tables of the wire as JSON and CSV: {sum(map(len, got.values()))} rows")


def killed(d, cable):
    before, pid = heard(d), d.roles()["ear"]
    confined(pid)
    print("ok - no capability, no new privileges, system calls bounded, no file open")
    os.kill(pid, signal.SIGKILL)
    begin = time.monotonic()
    until("the ear is back", lambda: d.roles().get("ear", pid) != pid, 5)
    until("it listens again", lambda: wire(d)["state"] == "listening", 5)
    took = time.monotonic() - begin
    assert took < 2.5, took
    assert heard(d) == before
    until("that it died is said", lambda: any(
        f["id"] == "KS-SELF-002" and f["subject"] == "ear" for f in status(d)["findings"]), 5)
    cable.send(talk("10.77.0.1", "10.77.0.2", 5432, b"again", b"again"))
    until("what came after the kill is told too", lambda: heard(d) == cable.bytes, 30)
    print(f"ok - killed: back in {took:.1f} s, what it had told stays, the rest of the hour follows")


def core_killed(d, cable):
    """Who hears goes on while nobody writes, and tells the next core."""
    core = d.roles()["core"]
    os.kill(core, signal.SIGKILL)
    cable.send(talk("10.77.0.1", "10.77.0.2", 5432, b"while away", b"while away"))
    until("core is back", lambda: d.roles().get("core", core) != core, 5)
    until("what was said meanwhile is told", lambda: heard(d) == cable.bytes, 30)
    until("the finding of before is open still", lambda: any(
        f["id"] == "KS-WIRE-002" for f in status(d)["findings"]), 5)
    print("ok - core killed: what was said meanwhile is told, what was found is open still")


def young(d, cable):
    """What a device does that was heard just now is never said of another, nor of the site."""
    body = json.dumps({"card_number": CARD}).encode()
    for n in range(100):
        client = f"10.77.1.{n + 1}"
        MACS[client] = f"0200000001{n:02x}"
        cable.send(talk(client, "203.0.113.9", 80, post(body), b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        time.sleep(0.05)
    until("all of them are told", lambda: heard(d) == cable.bytes, 30)
    until("and found", lambda: sum(f["id"] == "KS-WIRE-002" for f in status(d)["findings"]) == 101, 30)
    names = {f["subject"] for f in status(d)["findings"] if f["id"] == "KS-WIRE-002"}
    assert all(n == "web" or n.startswith("10.77.1.") for n in names), names
    print("ok - a hundred devices met in passing: each is told of itself")


def gone(d, cable):
    ip("link", "del", A)
    until("a lost interface is said", lambda: any(
        f["id"] == "KS-SELF-010" and f["subject"] == "tap" for f in status(d)["findings"]), 10)
    until("its state is down", lambda: wire(d)["state"] == "down", 10)
    assert make()
    until("it is heard again", lambda: wire(d)["state"] == "listening", 10)
    until("and the finding is over", lambda: not any(
        f["id"] == "KS-SELF-010" for f in status(d)["findings"]), 10)
    cable.__init__()
    print("ok - an interface that goes away is said, and heard again when it is back")


def flood(d, cable, frames=150000):
    """Strangers that come once each, as fast as this machine can send them."""
    ear, begin = d.roles()["ear"], wire(d)
    random.seed(7)
    for _ in range(frames):
        cable.socket.send(frame(f"10.{random.getrandbits(8)}.{random.getrandbits(8)}.{random.getrandbits(8)}",
                                f"198.51.{random.getrandbits(8)}.{random.getrandbits(8)}", 17,
                                struct.pack("!HHHH", random.randrange(10000, 60000), 53, 8, 0)))
    def all_counted():
        now = wire(d)
        return now["frames"] + now["dropped"] - begin["frames"] - begin["dropped"] >= frames
    until("each packet of the flood is counted as heard or lost", all_counted, 60)
    said = open(f"/proc/{ear}/status").read()
    peak = int(said.split("VmHWM:")[1].split()[0]) // 1024
    assert d.roles()["ear"] == ear, "it died in the flood"
    assert peak < 1024, peak
    now = wire(d)
    print(f"ok - a flood of {frames} strangers: {now['dropped']} lost and counted, at most {peak} MB")


def ended(d):
    """No daemon any more, and never a sensor: what was found is still what is wrong."""
    d.stop()
    out = subprocess.run([daemon.KEISOKU, "status", "--lang", "en", "--state", d.state],
                         capture_output=True, text=True, timeout=30)
    lines = dict((l[:8].strip(), l[8:]) for l in out.stdout.splitlines())
    assert out.returncode == 2 and lines["What"].startswith("Critical, no daemon measures here. Known "), out
    assert "sends card numbers in clear to " in lines["What"] and lines["Since"] != "-", out.stdout
    assert lines["Do now"].startswith("1. "), out.stdout
    print("ok - without a daemon and without a sensor the gravest finding is named")


def main():
    if os.geteuid() != 0 or not make():
        print("SKIP: making interfaces needs root")
        sys.exit(77)
    d = Daemon(site=SITE, args=("--clock", "2026-11-23T00:00:10Z,30"))
    try:
        cable = Cable()
        d.start()
        d.wait(30)
        first(d, cable)
        found(d)
        tables(d, cable)
        killed(d, cable)
        core_killed(d, cable)
        young(d, cable)
        gone(d, cable)
        flood(d, cable)
        ended(d)
    except SystemExit:
        print(open(d.log).read()[-3000:], file=sys.stderr)
        raise
    finally:
        d.stop()
        ip("link", "del", A)


if __name__ == "__main__":
    main()
