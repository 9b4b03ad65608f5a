#!/usr/bin/env python3
"""test/live/live_sense.py - keisoku sense and keisoku heat --now against real peers."""
import json, os, subprocess, sys, time
sys.path.insert(0, os.path.join(os.environ["KS_SOURCE"], "test/peers"))
import peers

KEISOKU = os.environ["KS_KEISOKU"]
failed = 0

def run(*words, lang="en"):
    p = subprocess.run([KEISOKU, *words], capture_output=True, text=True, timeout=60,
        env=dict(os.environ, LC_ALL="ja_JP.UTF-8" if lang == "ja" else "C.UTF-8"))
    return p.returncode, p.stdout, p.stderr

def check(what, good, *said):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[:1500]))
    failed += not good

def snmp(p):
    port = p.snmpd('createUser watch SHA-256 "auth phrase 1" AES "priv phrase 2"\n'
        "rouser watch authpriv\n")
    at = f"127.0.0.1:{port}"
    code, out, err = run("sense", at, "--community", "public", "--json")
    answer = json.loads(out) if code == 0 else {}
    up = [r for r in answer.get("readings", []) if r["kind"] == "uptime"]
    check("sense finds SNMP by itself", code == 0 and answer["schema"] == "keisoku.sense/1" and
        answer["device"] == at and up and up[0]["source"] == ".1.3.6.1.2.1.1.3.0" and
        up[0]["quality"] == "ok" and up[0]["why"] is None, code, out, err)
    secret = p.write("v3", 'user=watch auth=SHA-256 authpass="auth phrase 1"\n'
        'priv=AES privpass="priv phrase 2"\n', 0o600)
    code, out, err = run("sense", at, "--via", "snmp", "--secret", secret)
    check("sense speaks v3 authPriv, and prints a line to paste", code == 0 and
        f"via=snmp address={at} secret={secret}" in out, code, out, err)
    code, out, err = run("sense", at, "--via", "snmp", "--community", "public", "--version", "1")
    check("sense speaks v1", code == 0 and "uptime" in out, code, out, err)
    code, out, err = run("sense", f"127.0.0.1:{peers.free_port(2)}", "--via", "snmp", lang="ja")
    check("silence is said, in Japanese too", code == 3 and "応答がありません" in err, code, out, err)

def ups(p):
    port = p.upsd({"a": p.write("a.dev",
        "battery.charge: 87\nups.status: OB DISCHRG\nups.temperature: 41.5\nbattery.runtime: 1800\n")})
    for _ in range(50):
        code, out, err = run("sense", f"127.0.0.1:{port}", "--via", "nut", "--json")
        readings = {r["id"]: r for r in json.loads(out)["readings"]} if code == 0 else {}
        if "a.battery.charge" in readings:
            break
        time.sleep(0.1)
    check("NUT: charge, runtime in minutes, a state with its word and severity",
        readings.get("a.battery.charge", {}).get("value") == 87 and
        readings.get("a.battery.runtime", {}).get("value") == 30 and
        readings.get("a.battery.runtime", {}).get("unit") == "min" and
        readings.get("a.ups.status", {}).get("severity") in ("warning", "critical"), out, err)
    site = p.write("site.conf", f"""site s
room r
rack k room=r
sensor ups via=nut address=127.0.0.1:{port} at=r
sensor inlet via=command address="echo 33.5" kind=temperature at=k.10 offset=-1K
sensor warm via=command address="echo 95" kind=temperature unit=F at=r
sensor none via=command address="false" kind=temperature at=r
sensor gone via=snmp address=127.0.0.1:{peers.free_port(2)} at=r
""")
    code, out, err = run("heat", "--now", site, "--json")
    rows = {r["sensor"].split(":")[0]: r for r in json.loads(out)["readings"]} if out else {}
    check("heat --now: the calibration offset is added, limits are those of an inlet",
        rows.get("inlet", {}).get("value") == 32.5 and rows["inlet"]["place"] == "inlet" and
        rows["inlet"]["limit"] == 27 and rows["inlet"]["critical"] == 32, code, out, err)
    check("heat --now: unit=F", rows.get("warm", {}).get("value") == 35, out, err)
    check("heat --now: critical is the exit code, what failed is said",
        code == 2 and "none:" in err and "gone: no answer by SNMP" in err, code, err)
    code, out, err = run("heat", "--now", site)
    check("heat --now: a table", "32.5 °C" in out and "inlet" in out, out)

skipped = []
with peers.Peers() as p:
    for part in (snmp, ups):
        try:
            part(p)
        except peers.Missing as missing:
            skipped.append(str(missing))
            print("SKIP " + part.__name__ + ": no " + str(missing))
sys.exit(1 if failed else 77 if skipped else 0)
