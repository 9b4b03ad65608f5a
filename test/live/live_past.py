#!/usr/bin/env python3
"""test/live/live_past.py - what the daemon keeps over its own failures, and what is known
when it does not run: the age of a value that is gone, a role that died while core was
away, a site file refused before core died, local time and readings out of the store."""
import datetime, json, os, re, signal, subprocess, sys, time
SOURCE = os.environ["KS_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
from daemon import Daemon, KEISOKU, push

FACTOR = 20
failed = 0


def check(what, good, said=""):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[-3000:]))
    failed += not good


def status(daemon):
    out = subprocess.run([KEISOKU, "status", "--json", "--state", daemon.state],
                         capture_output=True, text=True, timeout=30)
    said = json.loads(out.stdout)
    return said, {f["id"] + " " + f["subject"]: f for f in said["findings"]}, \
        {r["sensor"]: r for r in said["readings"]}


def names(text):
    """{name and sorted labels} of the readings of a text in Prometheus' format."""
    return {(m[1], tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', m[2]))))
            for m in re.finditer(r'^(keisoku_(?:temperature_celsius|reach))\{(.*)\} ', text, re.M)}


def warmed(end_ms):
    """Three whole hours before: 22 C, 22 C, then on average 27 C."""
    hour = end_ms // 3600_000 * 3600_000 - 3 * 3600_000
    return [(hour + i * 300_000, 22.0 + (i - 24) * 10 / 11 * (i >= 24)) for i in range(36)]


def cooling_lost(daemon):
    """No later than the room's own pace leaves; without a store the same room may take longer.  What
    was measured an hour ago is not how warm it is."""
    with open(daemon.folder + "/loaded", "w") as f:
        f.write(open(daemon.site).read() + "host h1 rack=k1 w=2000 cords=A\n"
                "sensor before via=command address=/bin/true kind=temperature at=r1\n")

    def asked(state):
        out = subprocess.run([KEISOKU, "whatif", daemon.folder + "/loaded", "--lose-cooling", "r1", "--json", "--state",
                              state], capture_output=True, text=True, timeout=60)
        return json.loads(out.stdout)["cooling"]
    seen, blind = asked(daemon.state), asked(daemon.folder + "/nothing")
    for limit, other in zip(seen["limits"], blind["limits"]):
        pace = (limit["limit_c"] - 25) / 5 * 3600
        if not (limit["soonest_s"] <= limit["likely_s"] <= limit["latest_s"] <= pace + 1):
            return False, seen
        if other["latest_s"] <= limit["latest_s"]:
            return False, (seen, blind)
    return (seen["seen_k_per_h"] == 5 and not seen["from_measured"] and seen["from_c"] == 25 and
            blind["seen_k_per_h"] is None), (seen, blind)


def until(seconds, look):
    """The first true answer of look(), or its last one."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.2)


def main():
    daemon = Daemon()
    value = os.path.join(daemon.folder, "value")
    start = int(time.time() * 1000) - 3600_000 # an hour that is over when the store is asked
    with open(value, "w") as f:
        f.write("23.5\n")
    site = (f'site past tz=Asia/Tokyo lang=en\nroom r1\nrack k1 room=r1\n'
            f'sensor t1 via=command address="/bin/cat {value}" kind=temperature at=r1 every=10s\n'
            f'sensor t2 via=command address="/bin/echo 21.5" kind=temperature at=r1 every=10s\n')
    with open(daemon.site, "w") as f:
        f.write(site)
    clock = datetime.datetime.fromtimestamp(start / 1000, datetime.timezone.utc)
    daemon.argv += ["--clock", clock.strftime("%Y-%m-%dT%H:%M:%SZ") + f",{FACTOR}"]
    try:
        daemon.start()
        daemon.wait(30)
        row = until(20, lambda: status(daemon)[2].get("t1"))
        check("a value has its age", row and row["quality"] == "ok" and
              row["trusted_age_s"] == row["age_s"] < 60, row)
        os.remove(value)
        gone = lambda: (lambda r: r if r["quality"] == "absent" and r["age_s"] > 60 else None)(
            status(daemon)[2]["t1"])
        row = until(30, gone)
        check("what is gone grows old", row and row["value"] is None, status(daemon)[2]["t1"])
        page = subprocess.run(["curl", "-s", f"http://127.0.0.1:{daemon.port}/metrics"],
                              capture_output=True, text=True).stdout
        aged = re.search(r'reading_age_seconds\{sensor="t1".*kind="temperature"\} (\S+)', page)
        check("in /metrics too", aged and float(aged[1]) > 60, page)
        scraped = names(page)
        with open(daemon.site, "a") as f:
            f.write("host broken rack=nowhere\n")
        check("a wrong site file is a finding",
              until(20, lambda: "KS-SELF-004 site file" in status(daemon)[1]), daemon.tail(20))
        roles = daemon.roles()
        os.kill(roles["core"], signal.SIGSTOP)  # it hears nothing any more
        os.kill(roles["core"], signal.SIGKILL)
        os.kill(roles["page"], signal.SIGKILL)
        daemon.wait(30, gone=[roles["core"], roles["page"]])
        time.sleep(0.5)
        found = status(daemon)[1]
        check("who died while core was away is told", "KS-SELF-002 page" in found and
              "KS-SELF-002 core" in found, list(found))
        row = until(20, lambda: status(daemon)[2].get("t1"))
        check("after core's restart it is as old as it was", row and row["age_s"] and
              row["age_s"] > 60, row)
        time.sleep(6.5 * 60 / FACTOR)  # longer than a restored finding lasts by itself
        found = status(daemon)[1]
        check("a refused site file is said for as long as it is refused",
              "KS-SELF-004 site file" in found, list(found))
        with open(daemon.site, "w") as f:
            f.write(site)
        check("and no longer", until(20, lambda: "KS-SELF-004 site file" not in
                                     status(daemon)[1]), list(found))
        with open(daemon.site, "a") as f:
            f.write("host broken rack=nowhere\n")
        until(20, lambda: "KS-SELF-004 site file" in status(daemon)[1])
        check("a sample of the future is taken", push(daemon.port, "fault_probe",
              [(int(time.time() * 1000) + 1800_000, 1.0)]) in (200, 204))
        check("what a room was before is taken", push(daemon.port, "keisoku_temperature_celsius",
              warmed(start), sensor="before", place="room") in (200, 204))
        daemon.stop()
        out = subprocess.run([KEISOKU, "status", "--json", "--state", daemon.state],
                             capture_output=True, text=True, timeout=60)
        kept = subprocess.run([KEISOKU, "store", "export", "--openmetrics", "--state",
                               daemon.state], capture_output=True, text=True, timeout=60).stdout
        check("the store's series have the names and labels of /metrics",
              len(scraped) >= 3 and scraped <= names(kept), (scraped, names(kept)))
        said = json.loads(out.stdout)
        rows = {r["sensor"]: r for r in said["readings"]}
        check("without a daemon the store speaks", said["source"] == "store" and
              said["site"] == "past", said)
        check("a sample of the future hides nothing", rows.get("t2", {}).get("value") == 21.5
              and said["measuring"], rows)
        check("what was gone is gone there too", "t1" not in rows or
              rows["t1"]["quality"] == "absent", rows)
        refused = [f for f in said["findings"] if f["id"] == "KS-SELF-004"]
        since = datetime.datetime.fromisoformat(refused[0]["since"].replace("Z", "+00:00"))
        local = (since + datetime.timedelta(hours=9)).strftime("%H:%M")
        check("in the site's local time", local in refused[0]["words_en"], refused[0])
        picture = lambda *words: subprocess.run([KEISOKU, *words, "--state", daemon.state, "--lang",
                                                 "en"], capture_output=True, text=True, timeout=60)
        broken = picture("rack")
        check("a picture of a site file with errors says so", broken.returncode == 3 and
              daemon.site in broken.stderr, broken.stderr)
        with open(daemon.site, "w") as f:
            f.write(site.replace("rack k1", 'rack k1 name="Left row"') + "feed A volt=100 amps=15A\n")
        heat = picture("heat", "--json")
        values = heat.stdout and {r["sensor"]: r["value"] for r in json.loads(heat.stdout)["readings"]}
        check("heat is read from the store, and one of two gone is a warning",
              heat.returncode == 1 and values.get("t2") == 21.5 and "store" in heat.stderr, heat.stdout + heat.stderr)
        lines = picture("heat").stdout.splitlines()
        check("with a curve, and an age counted from now", any(l.startswith("t2") and "21.5" in l
              and "min" in l for l in lines), lines)
        check("racks and the power path too", "Left row" in picture("rack", "k1").stdout and
              picture("tree").returncode == 0, picture("rack").stdout + picture("tree").stderr)
        check("the loss of cooling goes by what the room did", *cooling_lost(daemon))
        check("no such rack", picture("rack", "k9").returncode == 3)
    finally:
        daemon.done()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
