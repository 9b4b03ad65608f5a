#!/usr/bin/env python3
"""test/fault/compact.py [SERIES] - a past day of many series is written into the real daemon,
then one sample of a later day, which makes the first due: it is compacted within seconds,
as the store is called again while it has more to do (once a second it would take a step
of 256 series), and the page answers in between."""
import os, sqlite3, struct, sys, time, urllib.request
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, field, snappy, varint

DAY = 86400_000
WITHIN = 20
SITE = "site fault tz=Asia/Tokyo lang=en\nroom r1\n"  # measures nothing of today


def write(port, first, n, time_ms):
    body = b""
    for i in range(first, first + n):
        label = field(1, b"__name__") + field(2, b"compact_%d" % i)
        body += field(1, field(1, label) + field(2, b"\x09" + struct.pack("<d", float(i))
                                                 + b"\x10" + varint(time_ms)))
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/write", data=snappy(body),
        headers={"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                 "X-Prometheus-Remote-Write-Version": "0.1.0"})
    with urllib.request.urlopen(request, timeout=20) as r:
        if r.status not in (200, 204):
            raise RuntimeError(f"write: {r.status}")


def count(state, table):
    db = sqlite3.connect(f"file:{state}/chunks.db?mode=ro", uri=True)
    try:
        return db.execute("SELECT count(*) FROM " + table).fetchone()[0]
    finally:
        db.close()


def main():
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    daemon = Daemon(SITE).start()
    try:
        daemon.wait(30)
        begin = (int(time.time() * 1000) // DAY - 3) * DAY
        for first in range(0, series, 500):
            write(daemon.port, first, 500, begin)
        write(daemon.port, 0, 1, begin + 2 * DAY)
        sent = time.monotonic()
        while count(daemon.state, "day") < series:
            if time.monotonic() - sent > WITHIN or not daemon.answers():
                raise RuntimeError(f"{count(daemon.state, 'day')} of {series} series "
                                   f"after {WITHIN} s: " + daemon.tail())
            time.sleep(0.05)
        took = time.monotonic() - sent
        code = daemon.stop()
        checked, words = daemon.check()
        print(f"a day of {series} series compacted {took:.1f} s after the last write; "
              f"store check {checked}: {words[-120:]}")
        return 0 if code == 0 and checked == 0 else 1
    finally:
        daemon.done()


if __name__ == "__main__":
    sys.exit(main())
