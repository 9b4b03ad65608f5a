#!/usr/bin/python3
"""past.py KEISOKU - the daemon follows a recording that is made here, of two days: what its
store then says of each day is what the recording has; compared, what is gone and new; an
accepted finding stays apart; the ear killed and begun anew counts nothing twice; and two
hosts of the site that talk are offered as a dependency, never used."""
import csv, json, os, signal, sqlite3, struct, subprocess, sys, time
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/fault"))
os.environ["KS_KEISOKU"] = keisoku = sys.argv[1]
import daemon
sys.path.insert(0, os.path.join(os.environ.get("KS_SOURCE", "."), "test/live"))
from live_wire import talk, post

DAY = 86400
TODAY = int(time.time()) // DAY * DAY
SITE = """site lab tz=UTC lang=en
service shop
service base
host web address=10.77.0.1 svc=shop
host db address=10.77.0.2 svc=base
wire tap file={folder}/wire.pcap accept={folder}/accept
"""


def conversation(at, *what, **how):
    """Packets of one connection, a tenth of a second apart."""
    return [(at + i / 10, frame) for i, frame in enumerate(talk(*what, **how))]


def recording():
    one, two = [], []
    for hour in range(6):
        at = TODAY - 2 * DAY + hour * 3600 + 60
        one += conversation(at, "10.77.0.1", "203.0.113.9", 80, post(b"old=1"), b"HTTP/1.1 200 OK\r\n\r\n")
        one += conversation(at + 5, "10.77.0.1", "10.77.0.2", 5432, b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")
        at += DAY
        two += conversation(at, "10.77.0.1", "198.51.100.7", 8080, post(b"new=1").replace(
            b"telemetry.vendor", b"www.other"), b"HTTP/1.1 200 OK\r\n\r\n")
        two += conversation(at + 5, "10.77.0.1", "10.77.0.2", 5432, b"\0\0\0\x08\x04\xd2\x16\x2f", b"N")
    return one, two


def pcap(path, packets):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for at, frame in packets:
            f.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame)


def run(*words):
    return subprocess.run([keisoku, *words], capture_output=True, text=True, timeout=60)


def told(d):
    path = f"{d.state}/facts.db"
    if not os.path.exists(path):
        return 0
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5) as db:
        return db.execute("SELECT ifnull(sum(out), 0), ifnull(sum(count), 0) FROM wire WHERE kind = 0").fetchone()


def until(what, test, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if test():
                return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.2)
    raise SystemExit("not ok - " + what)


def day(back):
    return time.strftime("%Y-%m-%d", time.gmtime(TODAY - back * DAY))


def follows(d, packets):
    """All of it, and once: also when the one who reads it is killed on the way."""
    sums = (sum(len(f) for _, f in packets), len(packets))
    until("the whole recording is told", lambda: told(d) == sums)
    ear = d.roles()["ear"]
    os.kill(ear, signal.SIGKILL)
    until("the ear is back", lambda: d.roles().get("ear", ear) != ear)
    time.sleep(4)
    assert told(d) == sums, (told(d), sums)
    print(f"ok - {sums[1]} frames of a recording, told once, also after a kill")


def compared(d, one, two):
    out = run("compare", day(2), day(1), "--state", d.state, "--json")
    said = json.loads(out.stdout)
    assert said["schema"] == "keisoku.compare/1"
    for key, packets in (("before", one), ("after", two)):
        assert said["bytes"][key] == sum(len(f) for _, f in packets), said["bytes"]
        assert said["frames"][key] == len(packets), said["frames"]
    destinations = {part: [x["name"] for x in rows] for part, rows in said["destinations"].items()}
    assert destinations["gone"] == ["telemetry.vendor.example"], destinations
    assert destinations["new"] == ["www.other.example"], destinations
    words = [f["words_en"] for f in said["findings"]["gone"]]
    assert any("telemetry.vendor.example" in w for w in words), words
    assert not any("www.other.example" in f["words_en"] for f in said["findings"]["new"]), "accepted"
    assert out.returncode == 0, out.returncode
    text = run("compare", f"{day(2)}..{day(2)}", f"{day(1)}..{day(1)}", "--state", d.state, "--lang", "ja")
    assert "telemetry.vendor.example" in text.stdout and text.returncode == 0, text
    print("ok - two days compared: the bytes of the recording, what is gone and new, accepted apart")


def reported(d, one, two):
    """The same hours as a report of their own: accepted findings are in it, apart."""
    for back, packets in ((2, one), (1, two)):
        out = run("wire", day(back), "--state", d.state, "--json")
        said = json.loads(out.stdout)
        assert said["schema"] == "keisoku.audit/1"
        assert said["capture"]["frame_bytes"] == sum(len(f) for _, f in packets), said["capture"]
        assert {x["name"] for x in said["devices"]} >= {"web"}, said["devices"]
        assert out.returncode == (1 if back == 2 else 0), out.returncode
    assert "known" in run("wire", day(1), "--state", d.state, "--lang", "en").stdout
    assert run("wire", "yesterday", "--state", d.state).returncode == 3
    since, until = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(TODAY - back * DAY - 1 * (back == 1)))
                    for back in (2, 1))
    span = ("wire", "--since", since, "--until", until, "--state", d.state)
    assert json.loads(run(*span, "--json").stdout)["capture"]["frame_bytes"] == sum(len(f) for _, f in one)
    hours = json.loads(run("wire", f"{day(1)}T02:00..{day(1)}T03:00", "--state", d.state, "--json").stdout)
    for part in (f"{day(1)}T02:30..{day(1)}T02:45", f"{day(1)}T02:30..{day(1)}T03:00"):
        out = run("wire", part, "--state", d.state, "--json", "--lang", "en")
        same = json.loads(out.stdout)
        assert same == hours and len(same["destinations"]) == 2, (part, same["destinations"])
        assert f"whole hours; this is {day(1)}T02:00..{day(1)}T03:00" in out.stderr, out.stderr
    assert "whole hours" in run("compare", f"{day(2)}T01:10..{day(2)}T01:20", day(1), "--state", d.state,
                                "--lang", "en").stderr
    for row in hours["devices"] + hours["destinations"]:
        assert all((row[f"frames_{way}"] is None) == (row[f"bytes_{way}"] > 0) for way in ("out", "in")), row
    rows = list(csv.DictReader(run(*span, "--csv").stdout.lstrip("\ufeff").splitlines()))
    assert sum(int(r["bytes_out"]) + int(r["bytes_in"]) for r in rows) >= sum(len(f) for _, f in one), rows
    assert all(r["frames_out"] == "" and int(r["bytes_out"]) > 0 for r in rows), rows
    assert "telemetry.vendor.example" in [r["name"] for r in rows], rows
    picture = run(*span, "--svg").stdout
    assert picture.startswith("<svg") and picture.endswith("</svg>") and "outbar" in picture
    assert run("wire", day(2), "--since", "2h", "--state", d.state).returncode == 3
    assert run("wire", "--since", "1h", "--until", "2h", "--state", d.state).returncode == 3
    print("ok - a day as a report of its own, with what is accepted")


def placed(d):
    """Where addresses are is told from the same data as of a capture, and who made it is named."""
    file = json.loads(run("audit", f"{d.folder}/wire.pcap", "--json").stdout)
    past = json.loads(run("wire", day(2), "--state", d.state, "--json").stdout)
    where = lambda a: {x["name"]: x["country"] for x in a["destinations"] if x["name"] == "telemetry.vendor.example"}
    assert where(past) == where(file) and where(past), (where(past), where(file))
    assert past["geo"] == file["geo"], (past["geo"], file["geo"])
    for words in (("audit", f"{d.folder}/wire.pcap"), ("wire", day(2), "--state", d.state)):
        text = " ".join(run(*words, "--lang", "en").stdout.split())
        assert ("no data was built in" in text) == (file["geo"] is None), text
        assert words[0] == "audit" or "--geo" not in text, text
        assert file["geo"] is None or "source: " + file["geo"] in text, text
    print("ok - countries of what was heard, and whose data told them:", file["geo"])


def refused(d):
    for words, says in (((day(9), day(1)), "nothing was heard"), ((day(1), "x.pcap"), "one of each"),
                        ((day(1), f"{day(1)}T25:00"), "one of each")):
        out = run("compare", *words, "--state", d.state)
        assert out.returncode == 3 and says in out.stderr, out
    print("ok - a period without hours, and half a period, are refused in words")


def offered(d):
    out = run("check", d.site, "--state", d.state)
    assert "shop" in out.stdout and "dep=base" in out.stdout, out.stdout
    answer = json.loads(run("check", d.site, "--state", d.state, "--json").stdout)
    one = [p for p in answer["proposals"] if p["service"] == "shop"]
    assert one and one[0]["needs"] == "base" and one[0]["contacts"] == 12, answer["proposals"]
    with open(d.site) as f:
        said = f.read().replace("service shop\n", "service shop dep=base\n")
    with open(d.site + ".told", "w") as f:
        f.write(said)
    out = run("check", d.site + ".told", "--state", d.state)
    assert "dep=base" not in out.stdout, out.stdout
    print("ok - who talks to whom is offered as a line of the site file, until it stands there")


def main():
    d = daemon.Daemon()
    with open(d.site, "w") as f:
        f.write(SITE.format(folder=d.folder))
    with open(f"{d.folder}/accept", "w") as f:
        f.write('accept * www.other.example KS-WIRE-004 reason="known" owner=yamada until=2099-01-01\n')
    one, two = recording()
    pcap(f"{d.folder}/wire.pcap", one + two)
    try:
        d.start()
        d.wait(30)
        follows(d, one + two)
        compared(d, one, two)
        reported(d, one, two)
        placed(d)
        refused(d)
        offered(d)
    except SystemExit:
        print(open(d.log).read()[-2000:], file=sys.stderr)
        raise
    finally:
        d.stop()


main()
