#!/usr/bin/env python3
"""test/live/live_drivers.py - every driver over its real transport against a real peer:
what the peer was told to say is what is read.  Recordings in KS_SHARED (or
../shared/data beside the source) are read too when they are there."""
import collections, glob, json, os, re, subprocess, sys, time
sys.path.insert(0, os.path.join(os.environ["KS_SOURCE"], "test/peers"))
import peers

OFFERS = os.environ["KS_OFFERS"]
SHARED = os.environ.get("KS_SHARED") or os.path.join(os.environ["KS_SOURCE"], "../shared/data")
failed = skipped = 0

Offer = collections.namedtuple("Offer", "source id label kind place value quality doubt state "
    "severity lc lw hw hc")

def read(driver, address, secret="", what=None, root=None):
    env = dict(os.environ, **({"KS_ROOT": root} if root else {}))
    p = subprocess.run([OFFERS, driver, address, secret] + ([what] if what else []),
        capture_output=True, text=True, errors="replace", timeout=120, env=env)
    rows = [Offer(*line.split("\t")) for line in p.stdout.splitlines() if line.count("\t") == 13]
    return rows, p.returncode, p.stdout[-1500:] + p.stderr[-3000:]

def check(what, good, said=""):
    global failed
    print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + str(said)[:3000]))
    failed += not good

def skip(what):
    global skipped
    skipped += 1
    print("skip - " + what)

def near(a, b, by=0.0006):
    return abs(float(a) - float(b)) <= by

def by_source(rows):
    return {r.source: r for r in rows}

def by_id(rows):
    return {r.id: r for r in rows}

# --- files of this machine --------------------------------------------------------
def make_tree(p, root, files, links=()):
    for name, text in files.items():
        p.write(root + "/" + name, text)
    for name, target in links:
        path = p.path(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
    return os.path.join(p.folder, root)

def own_files(p):
    root = make_tree(p, "own", {
        "sys/devices/platform/coretemp.0/hwmon/hwmon0/name": "coretemp\n",
        "sys/devices/platform/coretemp.0/hwmon/hwmon0/temp1_input": "45250\n",
        "sys/devices/platform/coretemp.0/hwmon/hwmon0/temp1_crit": "100000\n",
        "sys/class/hwmon/hwmon1/name": "acpi_meter\n",
        "sys/class/hwmon/hwmon1/power1_average": "235500000\n",
        "sys/class/thermal/thermal_zone0/type": "acpitz\n",
        "sys/class/thermal/thermal_zone0/temp": "27800\n",
        "sys/bus/w1/devices/28-00000a1b2c3d/w1_slave":
            "72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n",
        "sys/bus/w1/devices/28-00000a1b2c3e/w1_slave":
            "50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n"},
        [("sys/class/hwmon/hwmon0", "../../devices/platform/coretemp.0/hwmon/hwmon0"),
         ("sys/devices/platform/coretemp.0/hwmon/hwmon0/device", "../../../coretemp.0")])
    rows, code, said = read("hwmon", "", root=root)
    r = by_id(rows)
    check("hwmon: a chip named by its place, its value and its limit", code == 0 and
        r["platform_coretemp_0.temp1"].value == "45.25" and r["platform_coretemp_0.temp1"].hc == "100"
        and r["acpi_meter.power1"].value == "235.5", said)
    rows, code, said = read("hwmon", "", what="platform_coretemp_0.temp1", root=root)
    check("hwmon: read= takes one", code == 0 and len(rows) == 1 and rows[0].value == "45.25", said)
    rows, code, said = read("hwmon", "", what="nothing.here", root=root)
    check("hwmon: read= of what is not there is absent", code == 0 and len(rows) == 1 and
        rows[0].quality == "absent", said)
    rows, code, said = read("thermal", "", root=root)
    check("thermal: a zone", code == 0 and rows[0].value == "27.8" and rows[0].label == "acpitz", said)
    rows, code, said = read("w1", "", root=root)
    r = by_id(rows)
    check("w1: a thermometer, and one that never converted", code == 0 and
        r["28-00000a1b2c3d"].value == "23.125" and r["28-00000a1b2c3d"].quality == "ok" and
        r["28-00000a1b2c3e"].quality == "untrusted", said)

def recorded_hwmon(p):
    tree, want = (os.path.join(SHARED, "devices/hwmon", n)
        for n in ("sys-tree.txt", "expected-node_exporter.prom"))
    if not os.path.isfile(tree):
        return skip("hwmon: no recorded tree in " + SHARED)
    files, links = {}, []
    for line in open(tree):
        if line[:2] in ("F ", "L "):
            name, _, content = line[2:].rstrip("\n").partition("\t")
            if line[0] == "F":
                files[name] = content.replace("\\n", "\n")
            else:
                links.append((name, content))
    rows, code, said = read("hwmon", "", root=make_tree(p, "recorded", files, links))
    got, wrong, n = by_id(rows), [], 0
    unit = {"temp_celsius": "value", "in_volts": "value", "fan_rpm": "value", "curr_amps": "value",
        "power_watt": "value", "temp_max_celsius": "hw", "temp_crit_celsius": "hc",
        "in_max_volts": "hw", "freq_freq_mhz": "value", "fan_min_rpm": "lw"}
    for line in open(want):
        m = re.match(r'node_hwmon_(\w+)\{chip="([^"]+)",sensor="([^"]+)"\} (\S+)', line)
        if not m or m[1] not in unit:
            continue
        value = float(m[4]) * (1e6 if m[1] == "freq_freq_mhz" else 1)
        # the exporter names a frequency by its label
        r = got.get(f"{m[2]}.{m[3]}") or next((o for o in rows if o.id.startswith(m[2] + ".") and
            o.label.endswith(" " + m[3])), None)
        if r is None:
            # the exporter's list has chips whose files the tree has not
            if not any(name.endswith(f"{m[3]}_input") and m[2].split("_")[1] in name for name in files
                    if "_" in m[2]):
                continue
            wrong.append(line)
            continue
        have = getattr(r, unit[m[1]])
        if unit[m[1]] != "value" and (value == 0 or have == "-" and value == 0):
            continue
        n += 1
        if have == "-" or not near(have, value):
            wrong.append(f"{line.strip()} but {have}")
    check(f"hwmon: {n} values of the recorded tree as node_exporter has them", code == 0 and
        n >= 20 and not wrong, wrong or said)
    check("hwmon: a chip of odd names is passed over", not any("bogus" in r.id for r in rows))
    rows, code, said = read("thermal", "", root=os.path.join(p.folder, "recorded"))
    check("thermal: the recorded zone", code == 0 and rows and rows[0].value == "12.376", said)

# --- NUT --------------------------------------------------------------------------
MEASURED = re.compile(r"(^|\.)(voltage|current|frequency|realpower|power|load|powerfactor|"
    r"efficiency|power\.percent|realpower\.percent|power\.(minimum|maximum)\.percent|"
    r"(voltage|current|frequency|realpower|power)\.(nominal|minimum|maximum|total)|"
    r"temperature|humidity|charge|runtime|phases|count|packs)$")
LIMIT = re.compile(r"^(.*(?:temperature|humidity|voltage|current|charge|runtime|load))"
    r"(?:\.alarm)?\.(high|low|warning|high\.critical|high\.warning|low\.critical|low\.warning)$")

def nut_lines(path):
    for line in open(path, errors="replace"):
        m = re.match(r"([a-z][\w.-]*):\s*(-?\d+(?:\.\d+)?)\s*$", line, re.I)
        if m and not m[1].startswith(("driver.", "battery.energysave")):
            yield m[1], float(m[2])

def compare_nut(name, path, rows):
    got, wrong, n = {r.source: r for r in rows if r.id.startswith(name + ".")}, [], 0
    for variable, value in nut_lines(path):
        if not MEASURED.search(variable):
            m = LIMIT.match(variable)
            if m and value and m[1] in got and variable != "battery.voltage.high":
                limits = [float(x) for x in got[m[1]][10:14] if x != "-"]
                wanted = value / 60 if m[1].endswith("runtime") else value
                if m[1].endswith("charge") and not 0 <= value <= 110:
                    continue             # a limit that nothing can reach is none
                n += 1
                if not any(near(x, wanted) for x in limits):
                    wrong.append(f"{variable} {value} is no limit of {got[m[1]]}")
            continue
        n += 1
        r = got.get(variable)
        wanted = value / 60 if variable.endswith("runtime") else value
        if r is None or (not near(r.value, wanted) and r.quality == "ok"):
            wrong.append(f"{variable} {value}: {r}")
        elif r.quality != "ok" and r.doubt == "0":
            wrong.append(f"{variable} {value}: {r}")
    return n, wrong

def nut(p):
    own = p.write("own.dev", "ups.status: OB DISCHRG LB\nbattery.charge: 31\n"
        "battery.runtime: 245\nbattery.charge.low: 20\nups.temperature: 31.5\nups.load: 77.5\n"
        "input.voltage: 0\noutput.L2.current: 3.25\nambient.present: no\nambient.temperature: 0\n"
        "ups.alarm: Replace battery!\n")
    units = {"own": own}
    for path in sorted(glob.glob(os.path.join(SHARED, "devices/nut/*.dev"))):
        # what dummy-ups would choke on is left out: comments in its lines
        clean = "".join(line for line in open(path, errors="replace")
            if re.match(r"[a-z][\w.-]*:", line, re.I))
        name = "u%d" % len(units)
        units[name] = p.write(name + ".dev", clean)
    if len(units) == 1:
        skip("nut: no recordings in " + SHARED)
    port = p.upsd(units)
    at = f"127.0.0.1:{port}"
    before = -1
    for _ in range(50):                  # the drivers only say WAIT until they have begun
        rows, code, said = read("nut", at)
        r = by_id(rows)
        if len(rows) == before and len(rows) > 2 * len(units) and "own.battery.charge" in r:
            break
        before = len(rows)
        time.sleep(0.5)
    check("nut: a UPS on battery, its states and units", code == 0 and
        r["own.ups.status"].state == "OB DISCHRG LB" and r["own.ups.status"].severity == "critical" and
        near(r["own.battery.runtime"].value, 245 / 60) and r["own.battery.charge"].lc == "20" and
        r["own.output.L2.current"].value == "3.25" and r["own.ups.alarm"].severity == "warning" and
        r["own.ambient.temperature"].quality == "absent", said)
    total, wrong = 0, []
    for name, path in units.items():
        n, bad = compare_nut(name, path, rows)
        total += n
        wrong += [f"{name}: {b}" for b in bad]
    check(f"nut: {total} numbers of {len(units)} UPSes and PDUs come back", not wrong,
        "\n".join(wrong[:20]))
    rows, code, said = read("nut", at, what="own/battery.charge")
    check("nut: read= of one UPS and variable", code == 0 and len(rows) == 1 and
        rows[0].value == "31", said)

# --- the others ---------------------------------------------------------------------
def redfish(p):
    def page(path):
        pages = {"/redfish/v1/": {"Chassis": {"@odata.id": "/redfish/v1/Chassis"}},
            "/redfish/v1/Chassis": {"Members": [{"@odata.id": "/redfish/v1/Chassis/1"}]},
            "/redfish/v1/Chassis/1": {"Id": "1", "Thermal": {"@odata.id": "/redfish/v1/Chassis/1/Thermal"}},
            "/redfish/v1/Chassis/1/Thermal": {"Temperatures": [
                {"Name": "Inlet", "ReadingCelsius": 23.5, "PhysicalContext": "Intake",
                 "UpperThresholdCritical": 40}, {"Name": "CPU2", "Status": {"State": "Absent"}}]}}
        return (json.dumps(pages[path]).encode(), "application/json") if path in pages else None
    rows, code, said = read("redfish", f"http://127.0.0.1:{p.http(page)}")
    r = by_id(rows)
    check("redfish: an old Thermal resource", code == 0 and r["1.Thermal.Inlet"].value == "23.5" and
        r["1.Thermal.Inlet"].place == "inlet" and r["1.Thermal.Inlet"].hc == "40" and
        r["1.Thermal.CPU2"].quality == "absent", said)
    folder = os.path.join(SHARED, "devices/redfish/public-rackmount1")
    if not os.path.isdir(folder):
        return skip("redfish: no recorded service in " + SHARED)
    rows, code, said = read("redfish", f"http://127.0.0.1:{p.redfish(folder)}")
    r, wrong, n = by_source(rows), [], 0
    listed = [m["@odata.id"] for path in glob.glob(folder + "/Chassis/*/Sensors/index.json")
        for m in json.load(open(path))["Members"]]
    for path in listed:
        page = json.load(open(folder + path[len("/redfish/v1"):] + "/index.json"))
        have = r.get(page["@odata.id"])
        n += 1
        if have is None or (have.quality == "ok") != isinstance(page.get("Reading"), (int, float)) or \
                (have.quality == "ok" and not near(have.value, page["Reading"])):
            wrong.append(f"{page['@odata.id']} {page.get('Reading')}: {have}")
    check(f"redfish: {n} sensors of the recorded service", code == 0 and n > 10 and not wrong,
        wrong or said)
    thermal = {x.label: x for x in rows if "/Thermal#" in x.source}
    check("redfish: its old Thermal: 41, absent, 25", thermal["CPU1 Temp"].value == "41" and
        thermal["CPU1 Temp"].hw == "42" and thermal["CPU1 Temp"].hc == "45" and
        thermal["CPU2 Temp"].quality == "absent" and thermal["Chassis Intake Temp"].value == "25" and
        thermal["Chassis Intake Temp"].place == "inlet", thermal)

def ipmi(p):
    port, value = p.ipmi(24000)
    rows, code, said = read("ipmi", f"ipmiusr@127.0.0.1:{port}", "test")
    check("ipmi: a BMC's inlet and its limits", code == 0 and len(rows) == 1 and
        rows[0].value == "24" and rows[0].place == "inlet" and rows[0].hw == "40" and
        rows[0].hc == "45", said)
    rows, code, said = read("ipmi", f"ipmiusr@127.0.0.1:{port}", "wrong")
    check("ipmi: a wrong password is no reading", code == 1 and not rows, said)

def owserver(p):
    port = p.owserver()
    rows, code, said = read("owserver", f"127.0.0.1:{port}")
    real, wrong = 0, []
    tester = [r for r in rows if r.source.endswith("/temperature")]
    for r in tester:
        value = subprocess.run(["owread", "-s", f"127.0.0.1:{port}", r.source], capture_output=True,
            text=True).stdout.strip()
        if r.id.startswith("10.") or r.id.startswith("26."):    # --tester: fixed by address
            real += 1
            if r.quality != "ok" or not near(r.value, value):
                wrong.append(f"{r}: owread says {value}")
        elif not (r.quality == "ok" and 18 <= float(r.value) <= 30):
            wrong.append(f"{r}: not between 18 and 30")
    check(f"owserver: {len(tester)} thermometers, {real} as owread has them", code == 0 and
        len(tester) >= 2 and real >= 1 and not wrong, wrong or said)

def modbus(p):
    port = p.modbus({100: 247, 101: -53, 102: 0x7fff, 103: 0x8000, 200: 0x4247, 201: 0xeb85})
    rows, code, said = read("modbus", f"127.0.0.1:{port}", "",
        "holding:100:int16:/10:temperature,holding:101:/10:temperature,holding:102,holding:103,"
        "input:200:float32:frequency,holding:900")
    check("modbus: values, signs, sentinels, floats, a refused address", code == 0 and
        [r.value for r in rows[:2]] == ["24.7", "-5.3"] and
        [r.quality for r in rows[2:4]] == ["absent"] * 2 and near(rows[4].value, 49.98, 0.001) and
        rows[5].quality == "absent", said)

def exporter(p):
    text = 'a_temperature_celsius{room="A"} 24.5\na_humidity_ratio 0.41\nbuild_info 1\n# EOF\n'
    at = f"127.0.0.1:{p.exporter(text)}"
    rows, code, said = read("prometheus", at)
    check("prometheus: by their units", code == 0 and [r.value for r in rows] == ["24.5", "41"], said)
    rows, code, said = read("prometheus", f"http://{at}/metrics", "", 'build_info')
    check("prometheus: by name", code == 0 and len(rows) == 1 and rows[0].value == "1", said)

def command(p):
    thermometer = p.write("thermometer", "#!/bin/sh\necho 'outlet: 31.5 C'\necho 'inlet: 22.25 C'\n", 0o755)
    rows, code, said = read("command", thermometer)
    check("command: its first number", code == 0 and rows[0].value == "31.5" and
        rows[0].kind == "temperature", said)
    rows, code, said = read("command", thermometer, "", "inlet")
    check("command: by key", code == 0 and rows[0].value == "22.25", said)
    rows, code, said = read("command", "/bin/false")
    check("command: an exit status is no reading", code == 1 and not rows, said)

with peers.Peers() as p:
    for story in (own_files, recorded_hwmon, nut, redfish, ipmi, owserver, modbus, exporter, command):
        try:
            story(p)
        except peers.Missing as missing:
            skip(f"{story.__name__}: {missing} is not installed")
        except (KeyError, IndexError) as e:
            check(f"{story.__name__}: not offered: {e!r}", False)
print(f"{'FAILED' if failed else 'ok'}: {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
