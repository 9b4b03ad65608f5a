#!/usr/bin/env python3
"""test/fault/every_peer.py [HOURS] - every real peer read at once by one `keisoku watch`:
snmpsim with all recordings, upsd with all dumps, ipmi_sim, the Redfish mockup, owserver,
a Modbus server, an exporter.  Each minute every value of the daemon is held against what
`keisoku sense` said of the same device before (which the unit tests hold against the
lists of expected values); values that move by themselves are only asked to be there and
fresh.  Memory of all roles may grow by less than 1 MiB in the last third: the first
block of 64 samples of each series fills up in the half hour before.
Needs the recordings ($KS_SHARED or ../shared/data); SKIP (77) without them."""
import json, os, subprocess, sys, time
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "peers")]
from daemon import Daemon, KEISOKU, fds, rss_kib
from peers import Peers

MOVING = ("uptime", "reach")	# kinds that change by themselves
PERIOD = 30			# seconds between polls of a device


def recordings():
    for root in (os.environ.get("KS_SHARED"), os.path.join(HERE, "../../../shared/data")):
        if root and os.path.isdir(os.path.join(root, "devices/snmprec")):
            return os.path.join(root, "devices")
    return None


def start_all(p, data):
    """[(id, via, address, secret or None, moves)] of every device started."""
    found = []
    snmp = p.snmpsim(os.path.join(data, "snmprec"))[0]
    for name in sorted(os.listdir(os.path.join(data, "snmprec"))):
        community = name[:-len(".snmprec")]
        secret = p.write("secret-" + community, community + "\n", 0o600)
        with open(os.path.join(data, "snmprec", name), errors="replace") as f:
            moves = ":numeric|" in f.read()     # the simulator changes these by itself
        found.append(("snmp-" + community, "snmp", f"127.0.0.1:{snmp}", secret, moves))
    units = {f"ups{i}": os.path.join(data, "nut", n)
             for i, n in enumerate(sorted(os.listdir(os.path.join(data, "nut"))))}
    moving = any(n.endswith(".seq") for n in units.values())
    found.append(("nut", "nut", f"127.0.0.1:{p.upsd(units)}", None, moving))
    ipmi, _ = p.ipmi()
    found.append(("bmc", "ipmi", f"ipmiusr@127.0.0.1:{ipmi}",
                  p.write("secret-ipmi", "test\n", 0o600), False))
    redfish = p.redfish(os.path.join(data, "redfish/public-rackmount1"))
    found.append(("rack", "redfish", f"http://127.0.0.1:{redfish}", None, False))
    found.append(("wire", "owserver", f"127.0.0.1:{p.owserver()}", None, True))
    exporter = p.exporter('# TYPE room_temperature_celsius gauge\n'
                          'room_temperature_celsius{place="inlet"} 21.5\nups_load_percent 42\n')
    found.append(("exporter", "prometheus", f"http://127.0.0.1:{exporter}/metrics", None, False))
    return found


def sense(device):
    """{reading id: (value, quality)} as one look of `keisoku sense` has it."""
    _, via, address, secret, _ = device
    argv = [KEISOKU, "sense", address, "--via", via, "--json"]
    argv += ["--secret", secret] if secret else []
    out = subprocess.run(argv, capture_output=True, text=True, timeout=120)
    if out.returncode not in (0, 1, 2):
        raise RuntimeError(f"{device[0]}: {out.stderr}")
    return {r["id"]: (r["value"], r["quality"], r["kind"])
            for r in json.loads(out.stdout)["readings"]} if out.stdout else {}


def status(daemon):
    out = subprocess.run([KEISOKU, "status", "--json", "--state", daemon.state],
                         capture_output=True, text=True, timeout=30)
    return {r["sensor"]: r for r in json.loads(out.stdout)["readings"]}


def compare(now, wanted, doubted):
    """Readings of `wanted` that the daemon has otherwise, or not at all, or old; those it
    has with the right value but doubts for a reason go to `doubted`."""
    wrong = []
    for name, (value, quality, kind, moves) in wanted.items():
        r = now.get(name)
        if r is None:
            wrong.append(f"{name}: not there")
        elif r["age_s"] > 3 * PERIOD:
            wrong.append(f"{name}: {r['age_s']:.0f} s old")
        elif r["quality"] in ("untrusted", "stuck") and quality == "ok" and r["why"] and \
                abs(r["value"] - value) <= 0.0011:
            doubted.add(name)       # the judge, who sees the whole room, thinks otherwise
        elif not moves and kind not in MOVING and (r["quality"] != quality or (
                value is not None and quality == "ok" and abs(r["value"] - value) > 0.0011)):
            wrong.append(f"{name}: {r['value']} {r['quality']}, wanted {value} {quality}")
    return wrong


def watch(daemon, hours, wanted):
    rows, wrong, looks, doubted = [], 0, 0, set()
    begin = time.monotonic()
    while time.monotonic() - begin < hours * 3600:
        time.sleep(min(60, max(5, hours * 3600 / 20)))
        bad = compare(status(daemon), wanted, doubted)
        roles = dict(daemon.roles(), keeper=daemon.keeper())
        rows.append({n: (rss_kib(pid), fds(pid)) for n, pid in roles.items()})
        looks, wrong = looks + 1, wrong + len(bad)
        print(f"{time.monotonic() - begin:6.0f} s  {len(wanted) - len(bad)} of {len(wanted)} right  "
              + "  ".join(f"{n} {k} KiB {f} fd" for n, (k, f) in sorted(rows[-1].items())), flush=True)
        for line in bad[:5]:
            print("        " + line, flush=True)
    first, last = rows[len(rows) * 2 // 3], rows[-1]
    grown = {n: last[n][0] - first.get(n, last[n])[0] for n in last}
    print(f"looks {looks}, wrong readings {wrong} of {looks * len(wanted)}; grown (KiB): {grown}; "
          f"right but doubted by the judge: {sorted(doubted)}")
    return wrong == 0 and max(grown.values()) < 1024


def main():
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    data = recordings()
    if data is None:
        print("SKIP: no recordings (KS_SHARED names their folder)")
        return 77
    with Peers() as p:
        devices = start_all(p, data)
        registers = {100: 247, 101: 0x10000 - 53}
        modbus = p.modbus(registers)
        lines, wanted = ["site every tz=Asia/Tokyo lang=en", "room r1",
                         "room r2"], {}     # recordings stand still: what moves sits elsewhere
        for device in devices:
            name, via, address, secret, moves = device
            lines.append(f"sensor {name} via={via} address={address} at={'r2' if moves else 'r1'} every={PERIOD}s"
                         + (f" secret={secret}" if secret else ""))
            for key, (value, quality, kind) in sense(device).items():
                wanted[f"{name}:{key}"] = (value, quality, kind, moves)
        lines.append(f"sensor coil via=modbus address=127.0.0.1:{modbus} at=r1 every={PERIOD}s "
                     "read=holding:100:int16:/10 kind=temperature")
        wanted["coil"] = (24.7, "ok", "temperature", False)
        print(f"{len(devices) + 1} devices, {len(wanted)} readings", flush=True)
        daemon = Daemon("\n".join(lines) + "\n").start()
        try:
            daemon.wait(60)
            time.sleep(2 * PERIOD)
            return 0 if watch(daemon, hours, wanted) and daemon.stop() == 0 else 1
        finally:
            daemon.done()


if __name__ == "__main__":
    sys.exit(main())
