#!/usr/bin/env python3
"""test/fault/soak.py [HOURS [SITE]] - the daemon at work for hours: memory and descriptors
of all roles, read every minute; memory may grow by less than 1 MiB after the first
tenth, descriptors not at all."""
import os, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, SITE, fds, push, rss_kib


def main():
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    site = open(sys.argv[2]).read() if len(sys.argv) > 2 else SITE
    daemon = Daemon(site).start()
    rows = []
    try:
        daemon.wait(60)
        begin = time.monotonic()
        while time.monotonic() - begin < hours * 3600:
            now = int(time.time() * 1000)
            push(daemon.port, "soak_probe", [(now, float(now % 97))])
            roles = dict(daemon.roles(), keeper=daemon.keeper())
            row = {name: (rss_kib(pid), fds(pid)) for name, pid in roles.items()}
            rows.append(row)
            print(f"{time.monotonic() - begin:8.0f} s  " + "  ".join(
                f"{name} {kib} KiB {n} fd" for name, (kib, n) in sorted(row.items())), flush=True)
            time.sleep(min(60, max(0.5, hours * 3600 / 60)))
        first, last = rows[len(rows) // 10], rows[-1]
        grown = {n: (last[n][0] - first[n][0], last[n][1] - first[n][1]) for n in last}
        bad = [n for n, (kib, fd) in grown.items() if kib >= 1024 or fd > 2]
        print("grown:", {n: f"{kib:+d} KiB {fd:+d} fd" for n, (kib, fd) in grown.items()})
        return 1 if bad or daemon.stop() != 0 else 0
    finally:
        daemon.done()


if __name__ == "__main__":
    sys.exit(main())
