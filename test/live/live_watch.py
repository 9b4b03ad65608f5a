#!/usr/bin/env python3
"""test/live/live_watch.py - the whole daemon against real peers at once: snmpd (with its
community in a secret file), upsd, ipmi_sim through the confined runner, an exporter, a
command, hosts by ping and TCP.  What the peers were told to say stands in /metrics and
in `keisoku status`; a wrong site file is refused while the old one goes on."""
import os, re, shutil, subprocess, sys, time, urllib.request
SOURCE = os.environ["KS_SOURCE"]
for folder in ("test/peers", "test/fault"):
    sys.path.insert(0, os.path.join(SOURCE, folder))
import peers
from daemon import Daemon, KEISOKU

failed = 0


def check(what, good, said=""):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[-3000:]))
    failed += not good


def tried(what, start):
    try:
        return start()
    except peers.Missing as missing:
        print(f"skip - {what}: {missing} is not installed")
        return None


def metrics(daemon):
    """{(name, sensor or host): value}"""
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.port}/metrics", timeout=5) as r:
        text = r.read().decode()
    found = {}
    for line in text.splitlines():
        m = re.match(r'(\w+)\{(?:sensor|host|device)="([^"]*)"(?:,reading="([^"]*)")?.*\} (\S+)$', line)
        if m:
            thing = m.group(2) + (":" + m.group(3) if m.group(3) else "")
            found[m.group(1), thing] = float(m.group(4))
    return found, text


def wanted(daemon, want, seconds=25):
    """Wait until each {(name, id): value} is there; returns what is not."""
    end = time.monotonic() + seconds
    while True:
        found, _ = metrics(daemon)
        missing = {k: (v, found.get(k)) for k, v in want.items()
                   if k not in found or abs(found[k] - v) > 0.06}
        if not missing or time.monotonic() > end:
            return missing
        time.sleep(0.3)


def main():
    with peers.Peers() as p:
        site = "site live tz=Asia/Tokyo lang=en\nroom r1\nrack k1 room=r1\n"
        want = {("keisoku_temperature_celsius", "echo"): 23.5}
        site += 'sensor echo via=command address="/bin/echo 23.5" kind=temperature at=r1 every=2s\n'
        closed = peers.free_port()
        ports = {}
        for name, start in (
                ("snmpd", lambda: p.snmpd('sysContact "keisoku live"\n')),
                ("upsd", lambda: p.upsd({"u1": p.write("u1.dev",
                    "ups.status: OL\nbattery.charge: 91\nups.temperature: 31.4\n")})),
                ("ipmi_sim", lambda: p.ipmi(24000)[0]),
                ("exporter", lambda: p.exporter(
                    "# TYPE node_hwmon_temp_celsius gauge\n"
                    'node_hwmon_temp_celsius{chip="a",sensor="temp1"} 41.5\n'))):
            port = tried(name, start)
            if port:
                ports[name] = port
        if "snmpd" in ports:
            secret = p.write("community", "public\n", 0o600)
            site += (f'host agent rack=k1 u=1 address=127.0.0.1:{ports["snmpd"]} check=snmp '
                     f'secret={secret} every=2s\n')
            want["keisoku_reach", "agent:reach"] = 1
        if "upsd" in ports:
            site += f'sensor ups via=nut address=u1@127.0.0.1:{ports["upsd"]} every=2s\n'
            want["keisoku_temperature_celsius", "ups:u1.ups.temperature"] = 31.4
        if "ipmi_sim" in ports and shutil.which("ipmitool"):
            login = p.write("ipmi-secret", "user=ipmiusr\npassword=test\n", 0o600)
            site += (f'sensor bmc via=ipmi address=127.0.0.1:{ports["ipmi_sim"]} '
                     f'secret={login} every=3s\n')
        if "exporter" in ports:
            site += (f'sensor node via=prometheus address=127.0.0.1:{ports["exporter"]} '
                     'every=2s\n')
        site += f"host here rack=k1 u=2 address=127.0.0.1 every=2s\n"
        site += f"host shut rack=k1 u=3 address=127.0.0.1 check=tcp:{closed} every=2s\n"
        want["keisoku_reach", "here:reach"] = 1
        daemon = Daemon(site)
        try:
            daemon.start()
            daemon.wait(30)
            missing = wanted(daemon, want)
            check(f"what {len(want)} peers say stands in /metrics", not missing,
                  f"{missing}\n{metrics(daemon)[1]}\n{daemon.tail(20)}")
            found, text = metrics(daemon)
            if "ipmi_sim" in ports and shutil.which("ipmitool"):
                end = time.monotonic() + 60  # a first try may be lost; the next is a back-off away
                bmc = {}
                while not bmc and time.monotonic() < end:
                    time.sleep(0.5)
                    bmc = {k: v for k, v in metrics(daemon)[0].items()
                           if k[1].startswith("bmc:") and k[0] == "keisoku_temperature_celsius"}
                check("ipmitool ran in the confined runner", 24.0 in bmc.values(),
                      f"{bmc}\n{daemon.tail(20)}")
            if "exporter" in ports:
                check("the exporter's value is there", 41.5 in found.values(), text)
            status = subprocess.run([KEISOKU, "status", "--state", daemon.state, "--lang", "en"],
                                    capture_output=True, text=True, timeout=20)
            check("status answers in six lines", len(status.stdout.splitlines()) == 6,
                  status.stdout + status.stderr)
            with open(daemon.site, "a") as f:
                f.write("host broken rack=nowhere\n")
            end, said = time.monotonic() + 8, ""
            while "KS-SELF-004" not in said and time.monotonic() < end:
                time.sleep(0.2)
                said = daemon.tail(50)
            check("a wrong site file is refused with its line", re.search(
                r'id=KS-SELF-004 .*site\.conf:\d+:\d+: ', said), said)
            check("and the old one goes on", not wanted(daemon, want, 5))
            with open(daemon.site, "w") as f:
                f.write(site + "host late rack=k1 u=9 address=127.0.0.1 every=2s\n")
            check("the right one is taken without a restart",
                  not wanted(daemon, {("keisoku_reach", "late:reach"): 1}, 15),
                  daemon.tail(20))
            check("stops in order", daemon.stop() == 0, daemon.tail(20))
            check("no role died", "died=" not in daemon.tail(500), daemon.tail(20))
        finally:
            daemon.done()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
