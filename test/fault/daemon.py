"""test/fault/daemon.py - the real `keisoku watch` under test: started on free loopback
ports, its roles found by parent pid, stopped by pid; a remote-write sender that knows
what was acknowledged; and the store read back."""
import os, re, shutil, signal, socket, struct, subprocess, sys, tempfile, time, urllib.request

ROLES = ("core", "poller", "page", "courier")
KEISOKU = os.environ.get("KS_KEISOKU", "build/src/keisoku")
SITE = """site fault tz=Asia/Tokyo lang=en
room r1
rack k1 room=r1
sensor t1 via=command address="/bin/echo 23.5" kind=temperature at=r1 every=2s
host h1 rack=k1 address=127.0.0.1 every=5s
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    def __init__(self, site=SITE, wrap=(), args=(), folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="keisoku-fault-")
        self.site = os.path.join(self.folder, "site.conf")
        self.state = os.path.join(self.folder, "state")
        self.log = os.path.join(self.folder, "log")
        self.port = free_port()
        with open(self.site, "w") as f:
            f.write(site)
        self.argv = list(wrap) + [KEISOKU, "watch", self.site, "--state", self.state,
                                  "--listen", f"127.0.0.1:{self.port}"] + list(args)
        self.process = None
        self.wrapped = bool(wrap)

    def start(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL,
                                        stdout=open(self.log, "ab"),
                                        stderr=subprocess.STDOUT)
        return self

    def keeper(self):
        if not self.wrapped:
            return self.process.pid
        kids = children(self.process.pid)
        return kids[0] if kids else 0

    def roles(self):
        """{role: pid} of those that run."""
        found = {}
        for pid in children(self.keeper()):
            words = cmdline(pid)
            if len(words) >= 3 and words[1] == "--role" and words[2] in ROLES:
                found[words[2]] = pid
        return found

    def answers(self):
        """The page answers with what core says: both are at work."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/status",
                                        timeout=2) as r:
                return r.status == 200
        except OSError:
            return False

    def wait(self, seconds=10, gone=()):
        """Seconds until all roles run, none of `gone` among them, and the page answers."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            roles = self.roles()
            if len(roles) == len(ROLES) and not set(gone) & set(roles.values()) \
                    and self.answers():
                return time.monotonic() - begin
            if self.process.poll() is not None:
                raise RuntimeError("the daemon ended: " + self.tail())
            time.sleep(0.02)
        raise RuntimeError(f"not back in {seconds} s: {self.roles()} {self.tail()}")

    def tail(self, lines=8):
        with open(self.log, errors="replace") as f:
            return "".join(f.readlines()[-lines:])

    def stop(self, seconds=10):
        """Orderly; returns the exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else None
        pid = self.keeper()
        if pid:
            os.kill(pid, signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            for pid in list(self.roles().values()) + [self.keeper(), self.process.pid]:
                if pid:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
            self.process.wait(5)
            return None

    def done(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def samples(self, name):
        """{(time_ms): value} of one remote-written series, from the closed store."""
        out = subprocess.run([KEISOKU, "store", "export", "--openmetrics", "--series", name,
                              "--state", self.state], capture_output=True, text=True,
                             timeout=120)
        if out.returncode != 0:
            raise RuntimeError("store export: " + out.stderr)
        found = {}
        for line in out.stdout.splitlines():
            m = re.match(r"%s\{[^}]*\} (\S+) (\d+)\.(\d{3})$" % re.escape(name), line)
            if m:
                found[int(m.group(2)) * 1000 + int(m.group(3))] = float(m.group(1))
        return found

    def check(self):
        """keisoku store check; its sentence and exit code."""
        out = subprocess.run([KEISOKU, "store", "check", "--state", self.state],
                             capture_output=True, text=True, timeout=120)
        return out.returncode, (out.stdout + out.stderr).strip()


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            return [int(p) for p in f.read().split()]
    except OSError:
        return []


def cmdline(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return [w.decode(errors="replace") for w in f.read().split(b"\0")]
    except OSError:
        return []


def rss_kib(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


def fds(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


# Prometheus remote-write 1.0 by hand: protobuf and a snappy block of literals
def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, body):
    return varint(number << 3 | 2) + varint(len(body)) + body


def snappy(raw):
    out = varint(len(raw))
    for at in range(0, len(raw), 60):
        part = raw[at:at + 60]
        out += bytes([(len(part) - 1) << 2]) + part
    return out


def write_request(name, samples, **labels):
    series = b""
    for key, value in sorted({"__name__": name, **labels}.items()):
        series += field(1, field(1, key.encode()) + field(2, value.encode()))
    for time_ms, value in samples:
        series += field(2, b"\x09" + struct.pack("<d", value) + b"\x10" + varint(time_ms))
    return snappy(field(1, series))


def push(port, name, samples, timeout=5, **labels):
    """HTTP status, or 0 when there was no answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/write", data=write_request(name, samples, **labels),
        headers={"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                 "X-Prometheus-Remote-Write-Version": "0.1.0"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as r:
            return r.status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return 0
    except Exception:
        return 0
