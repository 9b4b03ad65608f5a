#!/usr/bin/python3
"""days.py KEISOKU - the daemon hears 22 days through a pipe.  In the middle of them the ear is
killed, another time core is, and then the whole daemon ends and begins anew.  What comes back
by the clock is still found over all of the days: n of n, none missed; then nothing of what the
ear learned is readable: its bytes are damaged, that is said, and it learns anew."""
import json, os, signal, sqlite3, struct, subprocess, sys, time
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/fault"))
os.environ["KS_KEISOKU"] = keisoku = sys.argv[1]
import daemon
import random
import made

daemon.ROLES += ("ear",)

DAYS, DAY, HOUR = 22, 86400, 3600
BEGIN = int(time.time()) // DAY * DAY - DAYS * DAY
SITE = """site lab tz=UTC lang=en
wire tap file={folder}/pipe
"""
NAMES = {"hourly.vendor.example": ("203.0.113.21", HOUR), "daily.vendor.example": ("203.0.113.22", DAY),
         "weekly.vendor.example": ("203.0.113.23", 7 * DAY)}


def recording():
    capture, rng = made.Capture(), random.Random(11)
    for name, (address, every) in NAMES.items():
        for at in range(BEGIN + 700, BEGIN + DAYS * DAY, every):
            capture.talk(at + rng.uniform(-10, 10), address, 443,
                         [(True, made.hello(name)), (False, made.SERVER + made.DONE), (True, made.DONE)])
    for day in range(DAYS):
        at = BEGIN + day * DAY + 16200 + rng.uniform(0, 20)
        for ttl in range(1, 6):
            capture.udp(at + ttl * .05, made.LAPTOP, "203.0.113.24", (50000 + ttl, 33433 + ttl), bytes(32), ttl)
    return sorted(capture.frames, key=lambda f: f[0])


def pour(pipe, frames):
    """As a writer that comes, says all it has, and goes."""
    with open(pipe, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for at, frame in frames:
            f.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


def rows(d, sql):
    path = f"{d.state}/facts.db"
    if not os.path.exists(path):
        return []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as db:
        return db.execute(sql).fetchall()


def until(what, test, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if test():
                return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.2)
    raise SystemExit("not ok - " + what)


def told(d, n):
    """All frames so far, and what they teach."""
    def all_there():
        count = rows(d, "SELECT ifnull(sum(count), 0) FROM wire WHERE kind = 0")
        return count and count[0][0] == n
    until(f"{n} frames are told", all_there)
    newest = rows(d, "SELECT max(hour_ms) FROM wire")[0][0]
    until("and what they teach", lambda: rows(d, "SELECT max(hour_ms) FROM wire_learned")[0][0] == newest)


def killed(d, role):
    pid = d.roles()[role]
    os.kill(pid, signal.SIGKILL)
    until(f"{role} is back", lambda: d.roles().get(role, pid) != pid)


def status(d):
    out = subprocess.run([keisoku, "status", "--json", "--state", d.state], capture_output=True, text=True,
                         timeout=30)
    return json.loads(out.stdout)


def heard_whole(d):
    newest = rows(d, "SELECT max(hour_ms) FROM wire WHERE kind = 4")[0][0]
    found = {name: (count, missed, word) for name, count, missed, word in rows(
        d, f"SELECT name, count, n2, word FROM wire WHERE kind = 4 AND hour_ms = {newest}")}
    assert found["hourly.vendor.example"] == (DAYS * 24, 0, "timer"), found
    assert found["daily.vendor.example"] == (DAYS, 0, "daily"), found
    assert found["weekly.vendor.example"] == ((DAYS + 6) // 7, 0, "weekly"), found
    assert found["203.0.113.24"] == (DAYS, 0, "traceroute"), found
    assert len(found) == 4, found
    print(f"ok - {DAYS * 24} of {DAYS * 24}, {DAYS} of {DAYS} and {(DAYS + 6) // 7} of {(DAYS + 6) // 7},"
          " over a killed ear, a killed core and a new daemon")


def shown(d):
    out = subprocess.run([keisoku, "wire", time.strftime("%Y-%m-%d", time.gmtime(BEGIN + (DAYS - 1) * DAY)),
                          "--state", d.state, "--lang", "en"], capture_output=True, text=True, timeout=60)
    assert f"{DAYS * 24} of {DAYS * 24}" in out.stdout, out.stdout
    print("ok - and so it is said")


def damaged(d, frame):
    with sqlite3.connect(f"{d.state}/facts.db", timeout=5) as db:
        assert db.execute("UPDATE wire_learned SET body = substr(body, 1, 100) || x'00' || substr(body, 102)").rowcount
    killed(d, "ear")
    until("that it is damaged is said", lambda: "what was learned is damaged" in open(d.log).read())
    pour(f"{d.folder}/pipe", [(BEGIN + DAYS * DAY + HOUR * k + 1, frame) for k in (1, 2, 3)])
    newest = (BEGIN + DAYS * DAY + 2 * HOUR) * 1000
    until("a new whole is kept", lambda: rows(d, "SELECT hour_ms FROM wire_learned WHERE whole = 1") ==
          [(newest,)])
    killed(d, "ear")
    time.sleep(2)
    assert open(d.log).read().count("what was learned is damaged") == 1
    print("ok - damaged: said, and learned anew")


def main():
    d = daemon.Daemon()
    pipe = f"{d.folder}/pipe"
    os.mkfifo(pipe)
    with open(d.site, "w") as f:
        f.write(SITE.format(folder=d.folder))
    frames = recording()
    # in the middle of hours, and of a day
    cuts = [i for t in (3.3, 9.52, 16.71) for i in [sum(f[0] < BEGIN + t * DAY for f in frames)]]
    parts = [frames[a:b] for a, b in zip([0] + cuts, cuts + [len(frames)])]
    try:
        d.start()
        d.wait(30)
        n = 0
        for i, part in enumerate(parts):
            pour(pipe, part)
            n += len(part)
            told(d, n)
            if i == 0:
                killed(d, "ear")
            elif i == 1:
                killed(d, "core")
                killed(d, "ear")
            elif i == 2:
                d.stop()
                d.start()
                d.wait(30)
        pour(pipe, [(BEGIN + DAYS * DAY + 1, frames[0][1])])  # the last hour ends
        told(d, n + 1)
        heard_whole(d)
        shown(d)
        damaged(d, frames[0][1])
    except SystemExit:
        print(open(d.log).read()[-2000:], file=sys.stderr)
        raise
    finally:
        d.stop()


main()
