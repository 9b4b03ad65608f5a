#!/usr/bin/env python3
"""test/live/live_transport.py - each transport asks a real peer and gets its answer."""
import os, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.join(os.environ["KS_SOURCE"], "test/peers"))
import peers

ASK = os.environ["KS_ASK"]
SYS_DESCR, UPTIME, CONTACT = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.4.0")
failed = 0

def ask(*words, root=None):
    env = dict(os.environ, **({"KS_ROOT": root} if root else {}))
    p = subprocess.run([ASK, *words], capture_output=True, text=True, errors="replace",
        timeout=60, env=env)
    return p.returncode, p.stdout + p.stderr

def check(what, good, said=""):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + said[:1500]))
    failed += not good

def snmp(p):
    port = p.snmpd("syscontact somebody\n"
        "createUser watch SHA-256 \"auth phrase 1\" AES \"priv phrase 2\"\n"
        "createUser old SHA authphrase1 AES privphrase2\n"
        "rouser watch authpriv\nrouser old authpriv\n")
    at = f"127.0.0.1:{port}"
    v3 = 'user=watch auth=SHA-256 authpass="auth phrase 1" priv=AES privpass="priv phrase 2"'
    for name, secret in (("v2c", "public"), ("v1", "version=1 community=public"), ("v3", v3),
            ("v3 SHA", "user=old auth=SHA authpass=authphrase1 priv=AES privpass=privphrase2")):
        code, said = ask("snmp", at, secret, "get", f"{CONTACT} 1.3.6.1.2.1.1.99.0 {UPTIME}",
            f"{CONTACT} {UPTIME}")
        lines = said.splitlines()
        check(f"SNMP {name}: GET in order, what is missing is said", code == 0 and len(lines) == 5
            and '"somebody"' in lines[0] and lines[1].split()[1] in ("0x80", "0x81") and
            " 0x43 " in lines[2] and '"somebody"' in lines[3] and "left open" not in said, said)
        code, said = ask("snmp", at, secret, "walk", "1.3.6.1.2.1.1")
        walked = subprocess.run(["snmpwalk", "-v2c", "-c", "public", "-On", "-Oe", "-m", "", at,
            "1.3.6.1.2.1.1"], capture_output=True, text=True, errors="replace").stdout.splitlines()
        want = sum(line.startswith(".1.3") for line in walked)
        check(f"SNMP {name}: WALK gives the {want} variables that snmpwalk gives",
            code == 0 and
            sum(line.startswith(".1.3") for line in said.splitlines()) == want > 5, said)
    code, said = ask("snmp", at, v3.replace("auth phrase 1", "another one"), "get", UPTIME)
    check("SNMP v3: a wrong pass phrase is refused, not silent", code == 1 and
        said.startswith("-6"), said)
    code, said = ask("snmp", at, v3.replace("watch", "nobody"), "get", UPTIME)
    check("SNMP v3: an unknown user is refused", code == 1 and said.startswith("-6"), said)
    code, said = ask("snmp", f"127.0.0.1:{peers.free_port(2)}", "public", "get", UPTIME)
    check("SNMP: nobody there is said as silence", code == 1 and said.startswith("-7"), said)

def others(p):
    root = tempfile.mkdtemp(dir=p.folder)
    os.makedirs(root + "/sys/a")
    open(root + "/sys/b", "w").write("23500\n")
    os.symlink("../b", root + "/sys/a/link")
    os.symlink("/etc", root + "/sys/out")
    code, said = ask("file", "", "", "bytes", "/sys/b", root=root)
    check("FILE: bytes", code == 0 and said.strip() == "23500", said)
    code, said = ask("file", "", "", "list", "/sys", root=root)
    check("FILE: names, sorted", code == 0 and said.split() == ["a", "b", "out"], said)
    code, said = ask("file", "", "", "link", "/sys/a/link", root=root)
    check("FILE: a link's real path, without the root", code == 0 and said.strip() == "/sys/b", said)
    code, said = ask("file", "", "", "link", "/sys/out", root=root)
    check("FILE: no link leads outside", code == 1 and said.startswith("-6"), said)
    code, said = ask("file", "", "", "bytes", "/sys/../../etc/passwd", root=root)
    check("FILE: no .. in paths", code != 0 and "root:" not in said, said)
    code, said = ask("file", "", "", "bytes", "/sys/none", root=root)
    check("FILE: what is not there is absent", code == 1 and said.startswith("-5"), said)
    port = p.exporter("temperature_celsius 23.5\n")
    at = f"http://127.0.0.1:{port}"
    code, said = ask("http", at, "", "bytes", "/metrics")
    check("HTTP: GET", code == 0 and "temperature_celsius 23.5" in said, said)
    code, said = ask("http", at, "user=a password=b", "bytes", "/metrics", "/metrics")
    check("HTTP: twice over one connection", code == 0 and said.count("23.5") == 2, said)
    code, said = ask("http", f"127.0.0.1:{peers.free_port()}", "", "bytes", "/metrics")
    check("HTTP: nobody there is said as silence", code == 1 and said.startswith("-7"), said)
    code, said = ask("http", "ftp://127.0.0.1", "", "bytes", "/")
    check("HTTP: no other scheme", code == 1, said)

def ups(p):
    port = p.upsd({"a": p.write("a.dev", "battery.charge: 87\nups.status: OL\n")})
    for _ in range(50): # the driver tells upsd its values in its own time
        code, said = ask("stream", f"127.0.0.1:{port}", "", "line", "GET VAR a battery.charge",
            "GET VAR a ups.status")
        if '"OL"' in said:
            break
        time.sleep(0.1)
    check("STREAM: two questions, one connection", code == 0 and
        'VAR a battery.charge "87"' in said and '"OL"' in said, said)
    code, said = ask("stream", f"127.0.0.1:{peers.free_port()}", "", "line", "VER")
    check("STREAM: nobody there is said as silence", code == 1 and said.startswith("-7"), said)

skipped = []
with peers.Peers() as p:
    for part in (snmp, others, ups):
        try:
            part(p)
        except peers.Missing as missing:
            skipped.append(str(missing))
            print("SKIP " + part.__name__ + ": no " + str(missing))
sys.exit(1 if failed else 77 if skipped else 0)
