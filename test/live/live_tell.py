#!/usr/bin/python3
"""test/live/live_tell.py - messages out of the real daemon, each kind of channel against a
server of its kind on loopback: SMTP with STARTTLS and a password (aiosmtpd), HTTP, syslog
by TCP and UDP.  A switch with twenty hosts behind it is one message, its end one more; a
channel that answers 500, then 429 with Retry-After, is tried again; no secret is in any
log.  SKIP (77) without python3-aiosmtpd."""
import base64, concurrent.futures, hashlib, http.server, json, os, re, socket, socketserver, ssl, subprocess, sys, threading, time
import urllib.error, urllib.parse, urllib.request
SOURCE = os.environ["KS_SOURCE"]
for folder in ("test/peers", "test/fault"):
    sys.path.insert(0, os.path.join(SOURCE, folder))
try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    print("1..0 # SKIP python3-aiosmtpd is not installed")
    sys.exit(77)
from daemon import Daemon, KEISOKU, free_port

SECRET = "geheim-4711"
failed = 0
mails, posts, lines = [], [], []
answers = {}  # path: list of (status, headers) to give first


def check(what, good, said=""):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[-2500:]))
    failed += not good


def until(seconds, done):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.2)
    return done()


class Web(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        posts.append((time.monotonic(), self.path, dict(self.headers), body))
        status, headers = answers[self.path].pop(0) if answers.get(self.path) else (200, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
    do_GET = do_POST

    def log_message(self, *words):
        pass


class Mail:
    async def handle_DATA(self, server, session, envelope):
        mails.append((envelope, session.ssl is not None, session.authenticated))
        return "250 OK"


def login(server, session, envelope, mechanism, data):
    good = data.login == b"keisoku" and data.password == SECRET.encode()
    return AuthResult(success=good)


class Line(socketserver.StreamRequestHandler):
    def handle(self):
        lines.append(self.rfile.read(65536))


def paths(path):
    """What came there of anything but the broken channel, which is an incident of its own."""
    return [p for p in posts if p[1] == path and not re.search(rb'"bad[ "]|\bbad\+', p[3])]


def mails_of(number):
    return [m for m in mails if f".{number}.".encode() in m[0].content.split(b"Message-ID:")[1][:60]]


def ask(url, fields=None):
    """(status, text) of a page, or of a form sent to it; redirections are followed."""
    data = urllib.parse.urlencode(fields).encode() if fields is not None else None
    request = urllib.request.Request(url, data, {"Accept-Language": "en"})
    try:
        with urllib.request.urlopen(request, timeout=70) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ask_status(request):
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def form_of(page, act):
    """The hidden fields of the form that asks for act."""
    for form in re.findall(r"<form method=\"post\" action=\"/act\">.*?</form>", page, re.S):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        if fields.get("act") == act:
            return fields
    return {}


def forms(daemon, number, mail):
    """What a person does on the page, without JavaScript."""
    page = f"http://127.0.0.1:{daemon.port}"
    text = base64.b64decode(mail.content.split(b"\r\n\r\n", 1)[1]).decode()
    found = re.search(r"https://k\.example(/take/\S+)", text)
    check("a mail has the link \"I have it\"", found, text)
    link = page + found[1]
    status, said = ask(link)
    check("the link asks first", status == 200 and "<form method=\"post\">" in said, (status, said))
    status, said = ask(page + f"/incident/{number}")
    check("and a scanner that follows it takes nothing on", "has it since" not in said and
          form_of(said, "acknowledge").get("number") == str(number), said)
    check("the messages of the incident stand there", said.count("Told through") >= 8 and
          "Could not be told through hook" in said, said)
    forged = link.replace(f"/take/{number}-", f"/take/{number + 1}-")
    check("a link for another incident is none", ask(forged, {"who": "x"})[0] == 400, ask(forged))
    other = re.sub(r"-mail$", "-chat", link)
    check("nor one for another channel", ask(other, {"who": "x"})[0] == 400)
    check("without a token no form is taken", ask(page + "/act", {"act": "acknowledge",
          "number": str(number)})[0] == 403)
    status, said = ask(link, {"who": "Aki"})
    check("pressed, it takes on", status == 200 and "You have it" in said, (status, said))
    check("once", ask(link, {"who": "Bea"})[0] == 400)
    status, said = ask(page + f"/incident/{number}")
    check("who has it stands on the page", "Aki has it since" in said and
          not form_of(said, "acknowledge"), said)
    check("and by what way", "by the link of a message through mail" in said, said)
    status, said = ask(page + "/channels")
    check("each channel has its state and a trial", status == 200 and said.count("Send a trial") >= 13
          and "Last delivered" in said, said)
    trial = form_of(said, "test")
    trial["subject"] = "chat"
    before = len(posts)
    status, said = ask(page + "/act", trial)
    check("a trial by the button", status == 200 and len(posts) > before, (status, said))
    trial["subject"] = "nosuch"
    check("a channel that is not there says so", ask(page + "/act", trial)[0] == 404)


def windows(daemon):
    page = f"http://127.0.0.1:{daemon.port}"
    said = ask(page + "/windows/r1")[1]
    fields = form_of(said, "maintenance")
    yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600 - 86400))
    fields.update({"subject": "r1", "from": yesterday + "T03:04", "to": yesterday + "T05:00", "who": "Aki",
                   "reason": "new <UPS>"})
    status, said = ask(page + "/act", fields)
    check("a window afterwards is put on record", status == 200, (status, said))
    fields.update({"to": yesterday + "T01:00"})
    check("one that ends before it begins is refused", ask(page + "/act", fields)[0] == 400)
    fields.update({"from": time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + 9 * 3600 - 60)),
                   "to": "", "for": "2h"})
    status, said = ask(page + "/act", fields)
    check("one from now on", status == 200 and "new &lt;UPS&gt;" in said and "Aki" in said, (status, said))
    request = urllib.request.Request(page + "/calendar.ics")
    with urllib.request.urlopen(request, timeout=10) as answer:
        tag, kind, text = answer.headers["ETag"], answer.headers["Content-Type"], answer.read().decode()
    unfolded = text.replace("\r\n ", "")
    check("the calendar has both windows, the past one too", kind.startswith("text/calendar") and
          re.search(r"DTSTART:\d{8}T180400Z\r\nDTEND:\d{8}T200000Z", unfolded) and
          unfolded.count("BEGIN:VEVENT") >= 2 and "new <UPS> (Aki)" in unfolded and
          max(len(line.encode()) for line in text.split("\r\n")) <= 75, text)
    request.add_header("If-None-Match", tag)
    check("and who has it already is told so", ask_status(request) == 304)
    end = form_of(said, "end")
    status, said = ask(page + "/act", end)
    check("and it is ended", status == 200 and not form_of(said, "end"), (status, said))


class TlsLine(socketserver.ThreadingTCPServer):
    """Syslog over TLS (RFC 5425) with the certificate of this test."""
    daemon_threads = True

    def __init__(self, context, got):
        class Take(socketserver.BaseRequestHandler):
            def handle(self):
                try:
                    with context.wrap_socket(self.request, server_side=True) as tls:
                        while data := tls.recv(65536):
                            got.append((tls.version(), data))
                except (ssl.SSLError, OSError):
                    pass
        super().__init__(("127.0.0.1", 0), Take)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Mute(socketserver.ThreadingTCPServer):
    """Takes every connection and never says a word."""
    daemon_threads = True

    def __init__(self):
        class Hold(socketserver.BaseRequestHandler):
            def handle(self):
                time.sleep(100)
        super().__init__(("127.0.0.1", 0), Hold)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def pin_of(cert):
    key = subprocess.run(["openssl", "x509", "-in", cert, "-pubkey", "-noout"], check=True,
                         capture_output=True).stdout
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key, check=True,
                         capture_output=True).stdout
    return "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()


MUTE = {"mutehook": "webhook to={http}/x", "mutentfy": "ntfy to={http}/room",
        "mutepager": "pagerduty to={http}/x secret={token}", "mutechat": "chatwork to={http}/x secret={token}",
        "muteam": "alertmanager to={http}/x",
        "mutetls": "syslog to=tls://localhost:{port}",
        "mutemail": "mail to=a@example.net from=k@example.net server=smtp://localhost:{port}",
        "mutemails": "mail to=a@example.net from=k@example.net server=smtps://localhost:{port}"}


class Half(socketserver.ThreadingTCPServer):
    """Reads a whole request, says the half answer that its path names, and no more."""
    daemon_threads = True
    SAYS = {"line": b"HTTP/1.1 20", "head": b"HTTP/1.1 200 OK\r\nContent-Ty",
            "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok",
            "no": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nno", "mute": b""}

    def __init__(self):
        heard = self.heard = []

        class Say(socketserver.StreamRequestHandler):
            def handle(self):
                path = self.rfile.readline().split(b" ")[1].decode().strip("/")
                size = 0
                while (line := self.rfile.readline().strip()):
                    if line.lower().startswith(b"content-length:"):
                        size = int(line.split(b":")[1])
                heard.append((path, self.rfile.read(size)))
                self.wfile.write(Half.SAYS[path.split("/")[-1]])
                time.sleep(100)
        super().__init__(("127.0.0.1", 0), Say)
        threading.Thread(target=self.serve_forever, daemon=True).start()


LATE, TAKEN, REFUSED = "no answer in time", "", "refuses it"
HALVES = {"line": LATE, "head": TAKEN, "body": TAKEN, "no": REFUSED, "mute": LATE}
# those that are told by a secret URL, and the heartbeat; at most 16 are told at once
KINDS = {"slack": HALVES, "teams": ("line", "body", "mute"), "lineworks": ("line", "body", "mute"),
         "heartbeat": ("line", "body", "mute")}


def halves(secret):
    """Half an answer, or none: what has said that it took the message is not told again, who
    has refused is not asked again, and the rest is late."""
    half = Half()
    base = f"http://127.0.0.1:{half.server_address[1]}"
    there = socket.create_server(("127.0.0.1", 0))
    site = "site half tz=UTC lang=en\nroom r1\n"
    site += f"device sw address=127.0.0.1 check=tcp:{there.getsockname()[1]} every=1s\n"
    for kind, forms in KINDS.items():
        for form in forms:
            to = f"{base}/{kind}/{form}"
            way = f"to={to} every=1d" if kind == "heartbeat" else "secret=" + secret(kind + form, to + "\n")
            site += f"notify {kind}-{form} via={kind} {way}\n"
    daemon = Daemon(site)
    try:
        daemon.start()
        daemon.wait(40)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            trials = {(k, f): pool.submit(subprocess.run, [KEISOKU, "notify", "test", f"{k}-{f}", "--state", daemon.state,
                      "--lang", "en"], capture_output=True, text=True, timeout=150) for k in KINDS for f in KINDS[k]}
            for (kind, form), waits in trials.items():
                done = waits.result()
                good = done.returncode == 0 if HALVES[form] == TAKEN else \
                    done.returncode == 1 and HALVES[form] in done.stderr
                check(f"{kind}: half an answer ({form}) is {HALVES[form] or 'taken'}", good, done.stdout + done.stderr)

        def told(kind, form):  # of the switch, not of the trial or of channels that are broken
            return sum(p == f"{kind}/{form}" and b"sw" in body for p, body in half.heard)
        there.close()
        kinds = [k for k in KINDS if k != "heartbeat"]
        until(90, lambda: all(told(k, f) >= 2 for k in kinds for f in ("line", "mute")))
        for kind in kinds:
            heard = {form: told(kind, form) for form in KINDS[kind]}
            check(f"{kind}: what was taken or refused is said once, the rest again",
                  all(n >= 2 if HALVES[form] == LATE else n == 1 for form, n in heard.items()), heard)
        check("all go on as before", daemon.stop() == 0 and "died=" not in daemon.tail(9999), daemon.tail(20))
    finally:
        daemon.done()
        half.shutdown()


def trust(context, cert, secret):
    """TLS channels and receivers that never answer: each by its trial."""
    got, mute = [], Mute()
    tls = f"tls://localhost:{TlsLine(context, got).server_address[1]}"
    files = {"tlsca": open(cert).read(), "tlspin": f"pin={pin_of(cert)}\n",
             "tlswrong": "pin=sha256//" + base64.b64encode(bytes(32)).decode() + "\n"}
    site = "site trust tz=UTC lang=en\nroom r1\n"
    site += "".join(f"notify {n} via=syslog to={tls} secret={secret(n, t)}\n" for n, t in files.items())
    site += f"notify tlsnone via=syslog to={tls}\n"
    for name, line in MUTE.items():
        site += f"notify {name} via=" + line.format(http=f"http://127.0.0.1:{mute.server_address[1]}",
                                                    port=mute.server_address[1], token=secret("m", SECRET)) + "\n"
    daemon = Daemon(site)

    def trial(name):
        return subprocess.run([KEISOKU, "notify", "test", name, "--state", daemon.state, "--lang", "en"],
                              capture_output=True, text=True, timeout=100)
    try:
        daemon.start()
        daemon.wait(40)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            began = time.monotonic()
            mutes = {name: pool.submit(trial, name) for name in MUTE}
            said = {name: trial(name) for name in [*files, "tlsnone"]}
            check("syslog over TLS with the authority named", said["tlsca"].returncode == 0 and
                  said["tlspin"].returncode == 0, {n: s.stderr for n, s in said.items()})
            framed = [re.match(rb"(\d+) (<\d+>1 )", data) for _, data in got]
            check("framed by octets, one message each, TLS 1.2 or later", len(got) == 2 and all(framed) and
                  all(int(m[1]) == len(d) - len(m[1]) - 1 for m, (_, d) in zip(framed, got)) and
                  all(v in ("TLSv1.2", "TLSv1.3") for v, _ in got), got)
            check("another key than the pinned one is refused, and says so", said["tlswrong"].returncode == 1
                  and "pin=" in said["tlswrong"].stderr, said["tlswrong"].stderr)
            check("an unknown authority is refused", said["tlsnone"].returncode == 1 and
                  "authority" in said["tlsnone"].stderr, said["tlsnone"].stderr)
            for name, waits in mutes.items():
                done = waits.result()
                check(f"{name}: who never answers is late, not waited for", done.returncode == 1 and
                      "no answer in time" in done.stderr, done.stderr)
            check("all within the time of one", time.monotonic() - began < 60)
        check("the daemon is as well as before", daemon.stop() == 0 and "died=" not in daemon.tail(9999),
              daemon.tail(20))
    finally:
        daemon.done()
        mute.shutdown()


def main():
    import tempfile
    folder = tempfile.mkdtemp(prefix="keisoku-tell-")
    key, cert = os.path.join(folder, "key"), os.path.join(folder, "cert")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    smtp = Controller(Mail(), hostname="127.0.0.1", port=free_port(), tls_context=context,
                      require_starttls=True, authenticator=login, auth_required=True)
    smtp.start()
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.settimeout(40)
    for server in (web, tcp):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{web.server_port}"

    def secret(name, text):
        path = os.path.join(folder, name)
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
            f.write(text)
        return path
    token = secret("token", SECRET + "\n")
    url = {n: secret(n, f"{base}/{n}/{SECRET}\n") for n in ("slack", "teams", "lineworks")}
    login_file = secret("login", f"user=keisoku\npassword={SECRET}\n" + open(cert).read())
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    site = f"""site tell tz=Asia/Tokyo lang=ja url=https://k.example
room r1
rack k1 room=r1
device sw rack=k1 address=127.0.0.1 check=tcp:{port} every=1s
notify mail via=mail to=a@example.net from=k@example.net server=smtp://localhost:{smtp.port} secret={login_file}
notify hook via=webhook to={base}/hook secret={token} lang=en
notify am via=alertmanager to={base}/am
notify slack via=slack secret={url['slack']}
notify teams via=teams secret={url['teams']}
notify works via=lineworks secret={url['lineworks']}
notify chat via=chatwork to={base}/chatwork secret={token}
notify push via=ntfy to={base}/room secret={token}
notify pager via=pagerduty to={base}/pager secret={token}
notify logtcp via=syslog to=tcp://127.0.0.1:{tcp.server_address[1]}
notify logudp via=syslog to=udp://127.0.0.1:{udp.getsockname()[1]}
notify late via=webhook to={base}/late after=1d
notify bad via=webhook to=http://127.0.0.1:{free_port()}/x severity=critical
notify beat via=heartbeat to={base}/beat every=10s
"""
    for i in range(20):
        site += f"host h{i} rack=k1 u={i + 1} behind=sw address=127.0.0.1 check=tcp:{port} every=1s\n"
    daemon = Daemon(site)
    answers["/hook"] = [(500, {}), (429, {"Retry-After": "2"})]
    try:
        daemon.start()
        daemon.wait(40)
        check("a heartbeat while all is well", until(20, lambda: paths("/beat")), daemon.tail(20))
        cli = [KEISOKU, "notify", "test", "mail", "--state", daemon.state, "--lang", "en"]
        said = subprocess.run(cli, capture_output=True, text=True, timeout=100)
        check("a trial by mail over STARTTLS with a password is delivered", said.returncode == 0
              and len(mails) == 1 and mails[0][1] and mails[0][2], said.stdout + said.stderr)
        said = subprocess.run([w if w != "mail" else "bad" for w in cli], capture_output=True,
                              text=True, timeout=100)
        check("a channel that is not there says so", said.returncode == 1 and
              "not done" in said.stderr, said.stdout + said.stderr)
        mails.clear()
        listener.close()  # the switch and all behind it are gone
        check("one message on each channel", until(90, lambda: len(paths("/hook")) >= 3 and
              len(mails) >= 1 and lines), (len(paths("/hook")), len(mails), daemon.tail(20)))
        time.sleep(10)
        got = [json.loads(p[3]) for p in paths("/hook")]
        gaps = [b[0] - a[0] for a, b in zip(paths("/hook"), paths("/hook")[1:])]
        check("500 and 429 are tried again with pauses", len(got) == 3 and gaps[0] > 4 and
              gaps[1] > 8 and [g["attempt"] for g in got] == [1, 2, 3], (gaps, got))
        check("twenty hosts behind one switch are one message", len(mails_of(got[0]["finding"]["number"])) == 1 and
              got[0]["finding"]["id"] == "KS-NET-001" and got[0]["explains"] >= 20, got)
        for path in (f"/slack/{SECRET}", f"/teams/{SECRET}", f"/lineworks/{SECRET}", "/chatwork",
                     "/", "/pager", "/am"):
            check(f"one request to {path.split('/')[1] or 'ntfy'}", len(paths(path)) == 1,
                  len(paths(path)))
        check("alertmanager's shape", (lambda b: b["version"] == "4" and b["status"] == "firing"
              and len(b["alerts"]) == 1)(json.loads(paths("/am")[0][3])))
        check("syslog by TCP and UDP", re.match(rb"\d+ <130>1 |\d+ <132>1 ", lines[0]) and
              b"KS-NET-001" in udp.recv(65536), lines)
        number = got[0]["finding"]["number"]
        forms(daemon, number, mails_of(number)[0][0])
        said = subprocess.run([KEISOKU, "ack", str(number), "--state", daemon.state, "--lang",
                               "en", "--who", "mio"], capture_output=True, text=True, timeout=60)
        check("somebody has it", said.returncode == 0, said.stdout + said.stderr)
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
        again.listen(64)
        check("the end is one message", until(60, lambda: len(mails_of(number)) >= 2), daemon.tail(20))
        time.sleep(15)
        check("and no more", len(mails_of(number)) == 2 and len(paths("/am")) == 2 and
              json.loads(paths("/am")[1][3])["status"] == "resolved",
              (len(mails_of(number)), paths("/am")))
        check("a broken channel is told through the others", any(b"KS-SELF-009" in p[3]
              for p in posts if p[1] == "/am"), daemon.tail(20))
        check("who has to be asked last was not told", not paths("/late"))
        alert = json.dumps({"version": "4", "status": "firing", "alerts": [{"status": "firing",
            "labels": {"alertname": "DiskFull", "instance": "h3:9100", "severity": "warning"},
            "startsAt": "2026-01-01T00:00:00Z"}]}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{daemon.port}/api/v2/alerts", alert,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            check("an alert of another system is taken", answer.status == 200)
        status = subprocess.run([KEISOKU, "status", "--json", "--state", daemon.state],
                                capture_output=True, text=True, timeout=20).stdout
        check("and is a finding of its host", any(f["id"] == "KS-ALERT-001" and
              f["subject"] == "h3" for f in json.loads(status)["findings"]), status)
        number = next(f["number"] for f in json.loads(status)["findings"] if f["id"] == "KS-ALERT-001")
        said = ask(f"http://127.0.0.1:{daemon.port}/incident/{number}")[1]
        asked = ask(f"http://127.0.0.1:{daemon.port}/act", form_of(said, "escalate"))
        check("the others are told when somebody asks for it", asked[0] == 200 and
              until(20, lambda: paths("/late")), (asked[0], asked[1][-700:], len(paths("/late"))))
        windows(daemon)
        said = subprocess.run([KEISOKU, "maintenance", "r1", "--for", "1h", "--reason", "disks",
                               "--state", daemon.state, "--lang", "en"], capture_output=True,
                              text=True, timeout=60)
        check("a maintenance window is set", said.returncode == 0, said.stdout + said.stderr)
        check("stops in order", daemon.stop() == 0, daemon.tail(20))
        log = daemon.tail(100000)
        check("no secret in any log", SECRET not in log and base not in log, log)
        check("no role died", "died=" not in log, log)
        stored = b"".join(open(os.path.join(d, f), "rb").read()
                          for d, _, fs in os.walk(daemon.state) for f in fs)
        check("no secret in the store", SECRET.encode() not in stored)
        check("who has it is on record", b"mio" in stored)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waits = pool.submit(halves, secret)
            trust(context, cert, secret)
            waits.result()
    finally:
        daemon.done()
        smtp.stop()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
