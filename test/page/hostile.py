#!/usr/bin/env python3
"""test/page/hostile.py MODE [N] - the real page against those who wish it ill; each mode
is its own command, with a short form in `make check`; figures of the long ones stand in
doc/measured.md.  KS_KEISOKU: the program; KS_SANITIZED=yes: no figure of memory or time.
  forms            requests that mean two things, wrong paths, drips: a clear 4xx, page lives
  passwords [N]    N wrong passwords (10000); honest people log in meanwhile
  half [N]         N half requests held open (5000); honest requests meanwhile
  half-tls [N]     the same with half handshakes, some begun, some stopped in the middle
  listen [N]       N listeners (1000), 50 pages at once with 200 of them"""
import http.client, os, random, re, selectors, socket, ssl, statistics, subprocess, sys, threading, time
import urllib.parse
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
from daemon import Daemon, KEISOKU, SITE

SANITIZED = os.environ.get("KS_SANITIZED") == "yes"
WORDS = {"taro": "correct horse staple", "hanako": "another long phrase"}
CLIENT = ssl.create_default_context()
CLIENT.check_hostname, CLIENT.verify_mode = False, ssl.CERT_NONE
count = bad = 0


def ok(holds, what):
    global count, bad
    count, bad = count + 1, bad + (not holds)
    print(f"{'ok' if holds else 'not ok'} {count} - {what}", flush=True)


class Page(Daemon):
    """keisoku with its page in clear, or over TLS with two users."""

    def __init__(self, tls):
        super().__init__()
        self.tls = tls
        if not tls:
            return
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-days", "9", "-nodes", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
                        self.folder + "/key", "-out", self.folder + "/cert"], check=True,
                       capture_output=True)
        for name, word in WORDS.items():
            subprocess.run([KEISOKU, "user", "add", name, "--role", "operator", "--users",
                            self.folder + "/users"], input=word + "\n", text=True, check=True,
                           capture_output=True)
        with open(self.site, "a") as f:
            f.write(f"page web listen=127.0.0.1:{self.port} cert={self.folder}/cert "
                    f"key={self.folder}/key users={self.folder}/users\n")

    def answers(self):
        try:
            return self.get("/login" if self.tls else "/api/status")[0] == 200
        except OSError:
            return False

    def link(self, source="127.0.0.1", timeout=20):
        s = socket.create_connection(("127.0.0.1", self.port), timeout, (source, 0))
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as browsers and curl do
        return CLIENT.wrap_socket(s, server_hostname="localhost") if self.tls else s

    def get(self, path, source="127.0.0.1"):
        """(status, seconds) over a new connection."""
        begin = time.monotonic()
        with self.link(source) as s:
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while True:
                part = s.recv(65536)
                if not part:
                    break
                answer += part
        return int(answer[9:12] or 0), time.monotonic() - begin

    def memory(self, what="VmRSS"):
        with open(f"/proc/{self.roles()['page']}/status") as f:
            return int(re.search(what + r":\s+(\d+)", f.read())[1]) / 1000


def talk(page, what, wait=3):
    """The answer to raw bytes."""
    with page.link() as s:
        s.settimeout(wait)
        answer = b""
        try:
            s.sendall(what)
            while True:
                part = s.recv(65536)
                if not part:
                    break
                answer += part
        except (socket.timeout, ConnectionError, ssl.SSLError):
            pass
    return answer


FORMS = [  # request, statuses that are clear; "": closed without a word
    ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "400 411 501"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "411"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n", "400 413"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: +2\r\n\r\n{}", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2, 3\r\n\r\n{}", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 0x2\r\n\r\n{}", "400"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "400 413"),
    ("POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n", "413"),
    ("GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400 421"),
    ("GET / HTTP/1.1\r\n\r\n", "400"),
    ("GET / HTTP/1.0\r\n\r\n", "400"),
    ("GET / HTTP/1.1\r\nAccept: */*\r\n\r\n", "400"),
    ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "421"),
    ("GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", "421"),
    ("GET / HTTP/1.1\r\nHost: 127.0.0.1@evil.example\r\n\r\n", "421"),
    ("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 404"),
    ("GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
    ("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
    ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
    ("GET /host/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 404"),
    ("GET /host/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 404"),
    ("GET /a/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"),
    ("GET /" + "a" * 20000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "413 414 431"),
    ("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 20000 + "\r\n\r\n", "413 431"),
    ("GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: a\r\n" * 5000 + "\r\n", "413 431"),
    ("GET / HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n", "400 421"),
    ("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "505 400"),
    ("\0\0\0\0\r\n\r\n", "400 "),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 505 404 405 421"),
    ("CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400 405 403"),
    ("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 403"),
    ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "405 403 200"),
    ("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "405 403"),
]


def forms():
    page = Page(False).start()
    try:
        page.wait(20)
        for request, clear in FORMS:
            answer = talk(page, request.encode("latin-1"), 4)
            status = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/1.") else ""
            # one answer: what stood in a body must never be taken for a second request
            # (libmicrohttpd 0.9.75 says the head of its refusal of a length that is no number twice,
            # and closes; nothing else is)
            heads = re.findall(rb"HTTP/1.1 (\d+)", answer)
            length = re.search(r"Content-Length: (.*)\r", request)
            none = length is not None and not re.fullmatch(r"\d{1,18}", length[1])
            second = len(set(heads)) > 1 if none else len(heads) > 1
            ok(status in clear.split(" ") and not second, f"{status or 'closed'}{' twice' if second else ''}: "
               f"{request[:60]!r}")
        smuggled = talk(page, b"POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        b"Content-Length: 4\r\nContent-Length: 60\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        ok(smuggled.count(b"HTTP/1.1 ") == 1 and b"keisoku_" not in smuggled, "a request inside a body is none")
        rng = random.Random(7)
        for _ in range(300):  # any bytes
            talk(page, bytes(rng.randrange(256) for _ in range(rng.randrange(1, 400))) + b"\r\n\r\n", 0.02)
        begin = time.monotonic()
        with page.link() as s:  # a byte a second: cut off within 10 s
            s.settimeout(1)
            closed = False
            for c in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 60:
                try:
                    s.sendall(bytes([c]))
                    closed = s.recv(1) == b""
                except socket.timeout:
                    continue
                except ConnectionError:
                    closed = True
                if closed:
                    break
        ok(closed and time.monotonic() - begin < 13, f"a header that drips is cut off after {time.monotonic() - begin:.1f} s")
        ok(page.get("/api/status")[0] == 200, "and the page answers")
        ok(not re.search(r"died|AddressSanitizer|runtime error", open(page.log, errors="replace").read()), "nothing died")
    finally:
        page.stop()


class Person:
    """A browser of one address: keeps its connection and its cookies."""

    def __init__(self, page, source):
        self.page, self.source, self.http, self.token, self.known = page, source, None, None, None

    def ask(self, method, path, body=None):
        for attempt in (0, 1):
            try:
                if self.http is None:
                    self.http = http.client.HTTPSConnection("127.0.0.1", self.page.port, timeout=30,
                                                            context=CLIENT, source_address=(self.source, 0))
                headers = {"Host": "localhost"}
                if body:
                    headers["Content-Type"] = "application/x-www-form-urlencoded"
                if self.known:
                    headers["Cookie"] = self.known
                self.http.request(method, path, body, headers)
                answer = self.http.getresponse()
                return answer, answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                self.http = None
                if attempt:
                    raise

    def log_in(self, name, word):
        """(status, seconds)"""
        if self.token is None:
            self.token = re.search(r'name="form" value="([^"]+)"', self.ask("GET", "/login")[1])[1]
        begin = time.monotonic()
        answer, _ = self.ask("POST", "/login", urllib.parse.urlencode(
            {"form": self.token, "name": name, "password": word, "next": "/"}))
        cookies = ", ".join(answer.headers.get_all("Set-Cookie") or []) or None
        known = re.search(r"__Secure-keisoku-known=[^;]+", cookies or "")
        self.known = known[0] if known else self.known
        return answer.status, time.monotonic() - begin, cookies


def passwords(n):
    page = Page(True).start()
    try:
        page.wait(30)
        before, lock, seen, honest, over = page.memory(), threading.Lock(), {}, [], threading.Event()

        def attack(k):
            person = Person(page, "127.0.0.1")
            for i in range(k, n, 8):
                status, _, cookie = person.log_in("taro" if i % 2 else f"nobody{i % 50}", f"wrong password {i}")
                with lock:
                    seen[status] = seen.get(status, 0) + 1
                    if cookie is not None:
                        seen["in"] = seen.get("in", 0) + 1

        def visit():
            i = 0
            while not over.is_set() or i < 6:
                person = Person(page, f"127.0.{1 + i // 250}.{1 + i % 250}")
                name = "hanako" if i % 2 else "taro"
                status, took, cookie = person.log_in(name, WORDS[name])
                honest.append((status == 303 and "__Host-keisoku=" in (cookie or ""), took))
                i += 1
                time.sleep(0.4)

        begin = time.monotonic()
        visitor = threading.Thread(target=visit)
        crowd = [threading.Thread(target=attack, args=(k,)) for k in range(8)]
        for t in [visitor] + crowd:
            t.start()
        for t in crowd:
            t.join()
        took = time.monotonic() - begin
        over.set()
        visitor.join()
        ok(seen.get("in", 0) == 0 and sum(v for k, v in seen.items()) == n and set(seen) <= {401, 429, 503},
           f"{n} wrong passwords in {took:.0f} s: none in ({seen})")
        ok(seen.get(401, 0) <= 10 * took + 10, f"{seen.get(401, 0)} of them were checked at all")
        slow = max(t for _, t in honest)
        ok(all(good for good, _ in honest) and (SANITIZED or slow <= 2),
           f"{len(honest)} honest logins meanwhile: slowest {slow:.2f} s, median "
           f"{statistics.median(t for _, t in honest):.2f} s")
        many(page, n // 4)
        after, peak = page.memory(), page.memory("VmHWM")
        ok(SANITIZED or (peak <= before + 64 * 1.049 + 12 and after <= before + 12),
           f"memory {before:.1f} MB before, {peak:.1f} at most (one check takes 67.1), {after:.1f} after")
        # a name that is none must not be told by the time
        times = {"taro": [], "nobody": []}
        time.sleep(2)
        for i in range(12):
            for name in times:
                person = Person(page, f"127.7.{i}.{1 + (name == 'taro')}")
                status, took, _ = person.log_in(name if name == "taro" else f"nobody-{i}", "wrong password")
                if name == "taro" and took > 0.9:
                    continue  # the name is slowed after many failures
                times[name].append(took)
        known, none = (statistics.median(times[k] or [0]) for k in ("taro", "nobody"))
        print(f"# a wrong word takes {known * 1000:.0f} ms, a wrong name {none * 1000:.0f} ms")
        ok(not page.died(), "nothing died")
    finally:
        page.stop()


def many(page, n):
    """The same from many addresses, five tries each, at a name that is; its owner meanwhile."""
    owner, seen, over, lock = Person(page, "127.8.0.1"), {}, threading.Event(), threading.Lock()
    time.sleep(1.5)
    first = owner.log_in("taro", WORDS["taro"])
    before = owner.known

    def attack(k):
        for i in range(k, n // 5, 16):
            person = Person(page, f"127.9.{i // 250}.{1 + i % 250}")
            for j in range(5):
                status, _, cookie = person.log_in("taro", f"wrong password {j}")
                with lock:
                    seen[status] = seen.get(status, 0) + 1
                    seen["in"] = seen.get("in", 0) + (cookie is not None)
                if over.is_set():
                    return

    crowd = [threading.Thread(target=attack, args=(k,)) for k in range(16)]
    for t in crowd:
        t.start()
    times, good = [], first[0] == 303 and before is not None
    for _ in range(5):
        time.sleep(1)
        owner = Person(page, "127.8.0.1")
        owner.known = before
        status, took, _ = owner.log_in("taro", WORDS["taro"])
        good, times = good and status == 303, times + [took]
    over.set()
    for t in crowd:
        t.join()
    ok(seen.get("in", 0) == 0 and good and (SANITIZED or max(times) <= 2),
       f"tries at one name from many addresses ({seen}): its owner, let in here before, waits "
       f"{max(times):.2f} s at most")


def honest_times(page, n, path):
    times = []
    for _ in range(n):
        status, took = page.get(path)
        times.append(took if status == 200 else 99)
    times.sort()
    return times


def report(page, times, before, held, what):
    p99 = times[int(len(times) * 0.99) - 1] * 1000
    memory = page.memory()
    ok(SANITIZED or p99 <= 200, f"{what}: {held} held, {len(times)} honest requests: p99 {p99:.0f} ms, median "
       f"{statistics.median(times) * 1000:.1f} ms")
    ok(SANITIZED or memory <= 64 * 1.048576, f"{what}: memory {memory:.1f} MB (before {before:.1f} MB)")


def half(n):
    page = Page(False).start()
    try:
        page.wait(20)
        before, held = page.memory(), []
        for i in range(n):
            s = socket.create_connection(("127.0.0.1", page.port), 10)
            s.sendall(b"POST /api/v1/acts HTTP/1.1\r\nHost: localhost\r\nX-Half: " + b"a" * (i % 200))
            held.append(s)
        times = honest_times(page, 300, "/api/status")
        report(page, times, before, len(held), "half requests")
        for s in held:
            s.close()
        ok(page.get("/api/status")[0] == 200 and not page.died(), "and afterwards the page answers")
    finally:
        page.stop()


def hello():
    """The first flight of an honest client."""
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    o = CLIENT.wrap_bio(into, out, server_hostname="localhost")
    try:
        o.do_handshake()
    except ssl.SSLWantReadError:
        return out.read()


def half_tls(n):
    page = Page(True).start()
    try:
        page.wait(30)
        first, held, before = hello(), [], page.memory()
        for i in range(n):
            s = socket.create_connection(("127.0.0.1", page.port), 20)
            # nothing; a part of the first flight; the whole, and then no more
            s.sendall((b"", first[:60], first)[i % 3])
            held.append(s)
        times = honest_times(page, 200, "/login")
        report(page, times, before, len(held), "half handshakes")
        for s in held:
            s.close()
        rng = random.Random(9)
        for i in range(60):  # what is no TLS, and what begins like it
            with socket.create_connection(("127.0.0.1", page.port), 20) as s:
                junk = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 600)))
                s.sendall((junk, b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + junk,
                           bytes(b ^ (rng.random() < 0.01) for b in first))[i % 4])
        large = Person(page, "127.0.0.1")  # more than a socket holds, both ways
        answer, _ = large.ask("POST", "/login", "x" * 4000)
        ok(answer.status == 403, "a body comes through whole")
        ok(page.get("/login")[0] == 200 and not page.died(), "and afterwards the page answers")
    finally:
        page.stop()


def listen(n):
    page = Page(False).start()
    try:
        page.wait(20)
        before, clients = page.memory(), []
        ask = (b"GET /events HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
               b"(KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\nAccept: text/event-stream\r\n"
               b"Accept-Language: ja,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nSec-Fetch-Site: same-origin\r\n"
               b"Sec-Fetch-Mode: cors\r\nReferer: http://localhost/\r\nCookie: lang=ja; theme=dark\r\n\r\n")
        poll = selectors.DefaultSelector()
        events = {}

        def drain(seconds):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                for key, _ in poll.select(0.1):
                    part = key.fileobj.recv(65536)
                    events[key.fileobj] += part.count(b"event: now")
                    if not part:
                        poll.unregister(key.fileobj)

        def join(k):
            for _ in range(k):
                s = socket.create_connection(("127.0.0.1", page.port), 10)
                s.sendall(ask)
                s.setblocking(False)
                poll.register(s, selectors.EVENT_READ)
                events[s] = 0
                clients.append(s)

        join(min(n, 200))
        drain(3)
        times = []
        pages = [threading.Thread(target=lambda: times.append(page.get("/")[1])) for _ in range(50)]
        for t in pages:
            t.start()
        while any(t.is_alive() for t in pages):
            drain(0.1)
        ok(len(times) == 50 and (SANITIZED or max(times) < 1),
           f"{len(clients)} listen, 50 pages at once: slowest {max(times) * 1000:.0f} ms, median "
           f"{statistics.median(times) * 1000:.0f} ms")
        join(n - len(clients))
        drain(1)
        for s in events:
            events[s] = 0
        drain(6)
        there = page.memory()
        ok(SANITIZED or n < 1000 or there <= 20, f"{n} listen: memory {there:.1f} MB (before {before:.1f} MB), "
           f"{(there - before) * 1000 / n:.1f} kB each")
        ok(min(events.values()) >= 3, f"each hears {min(events.values())} to {max(events.values())} events in 6 s")
        for s in clients:
            s.close()
        time.sleep(3)
        print(f"# gone again: {page.memory():.1f} MB")
        ok(not page.died(), "nothing died")
    finally:
        page.stop()


def died(self):
    with open(self.log, errors="replace") as f:
        return re.search(r"died=|AddressSanitizer|runtime error", f.read()) is not None


Page.died = died
MODES = {"forms": (forms, None), "passwords": (passwords, 10000), "half": (half, 5000),
         "half-tls": (half_tls, 5000), "listen": (listen, 1000)}
if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    run, usual = MODES[sys.argv[1]]
    run(*([int(sys.argv[2]) if len(sys.argv) > 2 else usual] if usual else []))
    print(f"1..{count}")
    sys.exit(bad != 0)
