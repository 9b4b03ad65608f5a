#!/usr/bin/env python3
"""test/live/live_init.py - `keisoku init`: what it writes is read, what it finds
stands in it, and a file that is there stays.  With a real upsd where there is one."""
import os, subprocess, sys
sys.path.insert(0, os.path.join(os.environ["KS_SOURCE"], "test/peers"))
from peers import Missing, Peers

keisoku = os.environ["KS_KEISOKU"]
failed = 0

def run(*words, lang="en"):
    env = dict(os.environ, LC_ALL="ja_JP.UTF-8" if lang == "ja" else "C", LANG="")
    p = subprocess.run([keisoku, *words, "--lang", lang], capture_output=True, env=env, timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()

def holds(claim, good, seen=""):
    global failed
    if not good:
        failed += 1
        print(f"FAILED: {claim}\n{seen}")

with Peers() as p:
    for name, text in {
            "sys/class/hwmon/hwmon0/name": "coretemp\n",
            "sys/class/hwmon/hwmon0/temp1_input": "45000\n",
            "sys/class/hwmon/hwmon1/name": "nothing\n",
            "sys/class/hwmon/hwmon2/device/name": "oldchip\n",
            "sys/class/hwmon/hwmon2/device/fan1_input": "1200\n",
            "sys/class/thermal/thermal_zone0/type": "x86_pkg_temp\n",
            "sys/class/thermal/cooling_device0/type": "Processor\n",
            "sys/bus/w1/devices/28-00000a1b2c3d/w1_slave": "",
            "sys/bus/w1/devices/w1_bus_master1/name": "",
            "sys/class/dmi/id/sys_vendor": "Makers\x1b[1m\n",
            "sys/class/dmi/id/product_name": "Server 1\n",
            "etc/hostname": "db 1;rm.example.org\n"}.items():
        p.write("root/" + name, text)
    root = p.path("root", "x")[:-2]

    for lang in ("en", "ja"):
        code, out, err = run("init", lang=lang)
        holds(f"a first file in {lang}", code == 0 and f"lang={lang}" in out, out + err)
        code, out, err = run("init", "--scan", "--root", root, "--nut-port", "0", lang=lang)
        holds(f"scan in {lang}", code == 0, err)
        for word in ("sensor db1rm-board via=hwmon on=host-db1rm", "coretemp, oldchip",
                     "via=thermal", "x86_pkg_temp", "via=w1 address=28-00000a1b2c3d", "Server 1"):
            holds(f"{word} is found", word in out, out)
        for word in ("nothing,", "Processor", "\x1b", ";rm"):
            holds(f"{word} is not taken", word not in out, out)
        mine = p.path(f"{lang}.site")
        code, out, err = run("init", "--scan", "--root", root, "--nut-port", "0", mine, lang=lang)
        holds("it is written to a file", code == 0 and out == "" and "via=w1" in open(mine).read(), err)
        before = open(mine).read()
        code, out, err = run("init", mine, lang=lang)
        holds("a file that is there stays", code == 3 and open(mine).read() == before, err)
        code, out, err = run("check", mine, lang=lang)
        holds("keisoku check reads it", code in (0, 1), out + err)
    code, out, err = run("init", p.path("no", "x")[:-2] + "/deeper/still.site")
    holds("a folder that is not there is said", code == 4 and "still.site" in err, err)
    code, out, err = run("init", "--scan", "--nut-port", "70000")
    holds("a wrong port is said", code == 3, err)
    try:
        unit = p.write("left.dev", "ups.status: OL\nbattery.charge: 100\n")
        port = p.upsd({"left": unit})
        code, out, err = run("init", "--scan", "--root", root, "--nut-port", str(port))
        holds("a UPS of a real upsd is found", code == 0 and "ups ups-left " in out and
              f"sensor power via=nut address=127.0.0.1:{port} on=ups-left" in out, out + err)
    except Missing as e:
        print(f"skipped: {e} is not installed, no real upsd was asked")
print("FAILED" if failed else "ok - init")
sys.exit(1 if failed else 0)
