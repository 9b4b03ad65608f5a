"""test/peers/peers.py - real peers for tests: each starts on a free loopback port,
says when it is ready, and is stopped by pid.  Raises Missing when its package is not
there, so that a test can say what it skipped."""
import http.server, json, os, shutil, signal, socket, struct, subprocess, sys, tempfile
import threading, time

class Missing(Exception):
    pass

def program(name, *places):
    for place in places + ("/usr/sbin/" + name, "/usr/bin/" + name, "/lib/nut/" + name):
        if os.access(place, os.X_OK):
            return place
    raise Missing(name)

def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]

def wait_tcp(port, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port} after {seconds} s")

class Peers:
    """A folder of its own and a list of processes; `with Peers() as p:` stops all."""
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="keisoku-peers-")
        os.chmod(self.folder, 0o755)
        self.running, self.servers = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()
        for p in reversed(self.running):
            try:
                os.killpg(p.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        for p in self.running:
            try:
                p.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(p.pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, argv, **kw):
        log = open(os.path.join(self.folder, os.path.basename(argv[0]) + ".log"), "ab")
        kw.setdefault("stdin", subprocess.DEVNULL)
        p = subprocess.Popen(argv, stdout=log, stderr=log, start_new_session=True, **kw)
        self.running.append(p)
        return p

    def path(self, *names):
        path = os.path.join(self.folder, *names)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    # --- SNMP: every recording of a folder, community = file name ---------------
    def snmpsim(self, recordings, ports=1):
        simulator = program("snmpsimd")
        cache = self.path("snmpsim-cache", "x")
        os.chmod(os.path.dirname(cache), 0o777)
        numbers = [free_port(socket.SOCK_DGRAM) for _ in range(ports)]
        argv = [simulator, "--data-dir=" + recordings, "--cache-dir=" + os.path.dirname(cache)]
        argv += [f"--agent-udpv4-endpoint=127.0.0.1:{n}" for n in numbers]
        if os.getuid() == 0:
            argv += ["--process-user=nobody", "--process-group=nogroup"]
        self.start(argv)
        first = sorted(n for n in os.listdir(recordings) if n.endswith(".snmprec"))[0]
        self._wait_snmp(numbers[-1], first[:-len(".snmprec")], 120)
        return numbers

    def snmpd(self, extra=""):
        port = free_port(socket.SOCK_DGRAM)
        conf = self.write(f"snmpd-{port}.conf",
            f"agentaddress udp:127.0.0.1:{port}\nrocommunity public 127.0.0.1\n" + extra)
        self.start([program("snmpd"), "-f", "-Lf", self.path("snmpd.log"), "-C", "-c", conf,
            "-I", "-smux", "-p", self.path(f"snmpd-{port}.pid")],
            env=dict(os.environ, SNMP_PERSISTENT_DIR=self.folder))
        self._wait_snmp(port, "public", 20)
        return port

    def _wait_snmp(self, port, community, seconds):
        c = community.encode()
        oid = bytes.fromhex("06082b06010201010100")          # sysDescr.0
        body = lambda tag, b: bytes([tag]) + (bytes([len(b)]) if len(b) < 128
            else b"\x81" + bytes([len(b)])) + b
        pdu = body(0xa0, b"\x02\x01\x01\x02\x01\x00\x02\x01\x00" + body(0x30, body(0x30, oid + b"\x05\x00")))
        packet = body(0x30, b"\x02\x01\x01" + body(4, c) + pdu)
        end = time.monotonic() + seconds
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.5)
            while time.monotonic() < end:
                try:
                    s.sendto(packet, ("127.0.0.1", port))
                    s.recv(65536)
                    return
                except OSError:
                    time.sleep(0.1)
        raise RuntimeError(f"no SNMP agent on port {port} after {seconds} s")

    # --- NUT: {name: file}; .seq files loop, .dev files stand still ---------------
    def upsd(self, units):
        upsd, dummy = program("upsd", "/lib/nut/upsd"), program("dummy-ups")
        port = free_port()
        home = os.path.dirname(self.path("nut", "x"))
        os.chmod(home, 0o750)
        text = ""
        for name, source in units.items():
            # the driver wants its file where it may read it
            mine = self.path("nut", name + os.path.splitext(source)[1])
            shutil.copy(source, mine)
            os.chmod(mine, 0o644)
            mode = "dummy-loop" if source.endswith(".seq") else "dummy-once"
            text += f"[{name}]\n driver = dummy-ups\n port = {mine}\n mode = {mode}\n desc = {name}\n"
        for name, content in (("ups.conf", "user = root\n" + text), ("upsd.users", ""),
                              ("upsd.conf", f"LISTEN 127.0.0.1 {port}\nMAXAGE 30\n"),
                              ("nut.conf", "MODE=standalone\n")):
            self.write("nut/" + name, content, 0o640)
        env = dict(os.environ, NUT_CONFPATH=home, NUT_STATEPATH=home, NUT_ALTPIDPATH=home)
        for name in units:
            self.start([dummy, "-F", "-a", name, "-u", "root"], env=env)
        for name in units:                        # upsd retries a missing driver late
            end = time.monotonic() + 10
            while not os.path.exists(os.path.join(home, "dummy-ups-" + name)):
                if time.monotonic() > end:
                    raise RuntimeError("dummy-ups does not start: see dummy-ups.log")
                time.sleep(0.05)
        self.start([upsd, "-F", "-u", "root"], env=env)
        wait_tcp(port)
        return port

    # --- IPMI: a BMC with one inlet thermometer, read from a file in millidegrees ---
    def ipmi(self, milli=24000):
        simulator = program("ipmi_sim")
        port = free_port(socket.SOCK_DGRAM)
        state = os.path.dirname(self.path("ipmi-state", "x"))
        value = self.write("ipmi-temperature", f"{milli}\n")
        emu = self.write("bmc.emu", f"""mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
sel_enable 0x20 1000 0x0a
sensor_add 0x20 0 1 0x01 0x01 poll 2000 file "{value}" div=1000
sensor_set_threshold 0x20 0 1 settable 111111 0x32 0x2d 0x28 0x00 0x00 0x00
sensor_set_event_support 0x20 0 1 enable scanning per-state 000111111111111 000111111111111 000111111111111 000111111111111
main_sdr_add 0x20 0x00 0x00 0x51 0x01 0x32 0x20 0x00 0x01 0x37 0x01 0x7f 0x68 0x01 0x01 0x80 0x0a 0x80 0x0a 0x3f 0x3f 0x00 0x01 0x00 0x00 0x01 0x00 0x00 0x00 0x00 0x00 0x07 0x18 0x28 0x00 0xff 0x00 0x32 0x2d 0x28 0x00 0x00 0x00 0x01 0x01 0x00 0x00 0x00 0xc7 0x49 0x6e 0x6c 0x65 0x74 0x20 0x54
mc_enable 0x20
""")
        lan = self.write("lan.conf", f"""name "keisoku-test"
set_working_mc 0x20
startlan 1
  addr 127.0.0.1 {port}
  priv_limit admin
  allowed_auths_callback none md2 md5 straight
  allowed_auths_user none md2 md5 straight
  allowed_auths_operator none md2 md5 straight
  allowed_auths_admin none md2 md5 straight
  guid a123456789abcdefa123456789abcdef
endlan
user 1 true  ""        "test" user     10 none md2 md5 straight
user 2 true  "ipmiusr" "test" admin    10 none md2 md5 straight
""")
        self.start([simulator, "-c", lan, "-f", emu, "-s", state, "-n"],
            stdin=subprocess.PIPE)                # its standard input must stay open
        time.sleep(1)
        return port, value

    # --- HTTP: a Redfish mockup folder (X -> X/index.json), or one fixed text -------
    def redfish(self, folder):
        def answer(path):
            if not path.startswith("/redfish/v1"):
                return None
            rest = path[len("/redfish/v1"):].split("?")[0].strip("/")
            for name in (os.path.join(folder, rest, "index.json"), os.path.join(folder, rest)):
                if os.path.isfile(name):
                    return open(name, "rb").read(), "application/json"
        return self.http(answer)

    def exporter(self, text):
        return self.http(lambda path: (text.encode(), "text/plain; version=0.0.4")
            if path == "/metrics" else None)

    def http(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                found = answer(self.path)
                body, kind = found if found else (b"not here\n", "text/plain")
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *_):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers.append(server)
        return server.server_address[1]

    # --- 1-wire ---------------------------------------------------------------------
    def owserver(self, families="DS18S20,DS2438"):
        port = free_port()
        self.start([program("owserver"), "--foreground", "--tester=" + families,
            "--fake=DS18B20", "--temperature_low=18", "--temperature_high=30",
            "-p", f"127.0.0.1:{port}"])
        wait_tcp(port)
        return port

    # --- Modbus TCP: {address: 16-bit register}, holding and input alike -------------
    def modbus(self, registers):
        listener = socket.create_server(("127.0.0.1", 0))
        def talk(c):
            with c:
                while True:
                    head = c.recv(12, socket.MSG_WAITALL)
                    if len(head) < 12:
                        return
                    tid, _, _, unit, function, at, count = struct.unpack(">HHHBBHH", head)
                    wanted = [registers.get(at + i) for i in range(count)]
                    if function not in (3, 4) or None in wanted:
                        body = bytes([unit, function | 0x80, 2])
                    else:
                        body = bytes([unit, function, 2 * count]) + b"".join(
                            struct.pack(">H", v & 0xffff) for v in wanted)
                    c.sendall(struct.pack(">HHH", tid, 0, len(body)) + body)
        def serve():
            while True:
                try:
                    c, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=talk, args=(c,), daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()
        class Stop:
            shutdown = staticmethod(lambda: None)
            server_close = staticmethod(listener.close)
        self.servers.append(Stop)
        return listener.getsockname()[1]
