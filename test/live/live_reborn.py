#!/usr/bin/env python3
"""test/live/live_reborn.py - a host that is down stays down over a killed core, while the poller
has backed off: no end is told, nothing counts it as up.  And all parts stopped for a while and
let go on: what is open began when it began, and nobody is taken for dead."""
import http.server, json, os, signal, subprocess, sys, threading, time
SOURCE = os.environ["KS_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
from daemon import Daemon, KEISOKU, free_port

FACTOR = 60
count = failed = 0
heard = []


def check(what, good, said=""):
    global count, failed
    count += 1
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[-3000:]), flush=True)
    failed += not good


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        heard.append((said["news"], said["key"], said["finding"] and said["finding"]["id"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def status(daemon):
    out = subprocess.run([KEISOKU, "status", "--json", "--state", daemon.state],
                         capture_output=True, text=True, timeout=30)
    return json.loads(out.stdout) if out.stdout else None


def down(said):
    return next((f for f in said["findings"] if f["id"] == "KS-HOST-001"), None) if said else None


def until(seconds, look):
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.1)


def seen_down(daemon, seconds):
    """How long it was looked at, and each look that had it otherwise than down."""
    end, looks, wrong = time.monotonic() + seconds, 0, []
    while time.monotonic() < end:
        said = status(daemon)
        if said and "health" in said:
            looks += 1
            if not down(said) or said["health"]["hosts_up"] != 0 or said["health"]["hosts_down"] != 1:
                wrong.append((said["health"], said["findings"]))
        time.sleep(0.2)
    return looks, wrong


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    daemon = Daemon()
    secret = os.path.join(daemon.folder, "secret")
    with open(secret, "w") as f:
        f.write("word\n")
    os.chmod(secret, 0o600)
    with open(daemon.site, "w") as f:
        f.write(f'site reborn tz=Asia/Tokyo lang=en\n'
                f'notify hook via=webhook to=http://127.0.0.1:{server.server_port}/x secret={secret}\n'
                f'host app1 address=127.0.0.1 check=tcp:{free_port()} every=10s\n')
    daemon.argv += ["--clock", f"2026-11-23T08:00:00Z,{FACTOR}"]
    try:
        daemon.start()
        daemon.wait(30)
        check("nobody listens: it is down", until(20, lambda: down(status(daemon))), daemon.tail(20))
        check("it is told", until(20, lambda: any(h[0] == "opened" and h[2] == "KS-HOST-001" for h in heard)), heard)
        since = down(status(daemon))["since"]
        time.sleep(7 * 60 / FACTOR)  # the poller asks it minutes apart
        roles = daemon.roles()
        os.kill(roles["core"], signal.SIGKILL)
        daemon.wait(30, gone=[roles["core"]])
        looks, wrong = seen_down(daemon, 13 * 60 / FACTOR)
        check("it stays down over a killed core", looks > 5 and not wrong, (looks, wrong[:2]))
        check("no end is told", not any(h[0] == "ended" and h[2] == "KS-HOST-001" for h in heard), heard)
        check("nor is it told anew", len([h for h in heard if h[0] == "opened" and h[2] == "KS-HOST-001"]) == 1, heard)
        check("since then as before", down(status(daemon))["since"] == since, (since, status(daemon)))
        roles, keeper = daemon.roles(), daemon.keeper()
        for pid in [keeper] + list(roles.values()):
            os.kill(pid, signal.SIGSTOP)
        time.sleep(34)  # longer than the keeper waits for an answer
        for pid in [keeper] + list(roles.values()):
            os.kill(pid, signal.SIGCONT)
        time.sleep(4)
        check("nobody is taken for dead", daemon.roles() == roles, (daemon.roles(), roles, daemon.tail(20)))
        said = status(daemon)
        check("what is open began when it began", down(said) and down(said)["since"] == since, (since, said))
        check("no end is told of that either",
              not any(h[0] == "ended" and h[2] == "KS-HOST-001" for h in heard), heard)
    finally:
        daemon.done()
        server.shutdown()
    print(f"1..{count}\n# {count - failed} passed, {failed} failed")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
