#!/usr/bin/python3
"""test/plan/recount_losses.py KEISOKU [SITE...] - every single loss and its cascade by both
edges, counted anew with floating point from the site file itself; shares no code with
the program.  Default: the made sites of test/data/power and own small ones."""
import json, math, os, subprocess, sys, tempfile
SOURCE = os.environ.get("KS_SOURCE", ".")
NODES = ("feed", "ups", "panel", "leg", "breaker", "pdu")
T2 = (30, 50, 100, 225, 400, 600, 800, 1000, 1200, 1600, 2000)

OWN = ["""site chain volt=200
feed A amps=60
feed B amps=60
breaker A1 from=A amps=20 curve=C
breaker B1 from=B amps=20 curve=C
breaker B2 from=B1 amps=16 curve=B
ups U from=A amps=30
host a cords=A1.1,B1.1 w=2900 pf=1
host b cords=A1.2,B2.2 w=2950 pf=0.98
host c cords=U.1,B2.3 w=900 pf=0.95
host d cords=U.2 w=5000 pf=1
""", """site switch volt=100
feed A amps=30
feed B amps=30
pdu s from=A from2=B
breaker x from=B amps=15 curve=D
host a cords=s.1 w=1500 pf=1
host b cords=x.1,s.2 w=1400 pf=1
host c cords=x.2 w=600 pf=1
"""]

def read(path):
    nodes, hosts = {}, []
    with open(path, encoding="utf8") as f:
        for line in f:
            words = line.split()
            if len(words) < 2 or words[0][0] == "#":
                continue
            kind, name, keys = words[0], words[1], dict(w.split("=", 1) for w in words[2:] if "=" in w)
            if kind == "site":
                volt = float(keys.get("volt", 200))
            if kind in NODES:
                nodes[name] = dict(kind=kind, up=keys.get("from"), up2=keys.get("from2"),
                    amps=float(keys.get("amps", 0)), volt=keys.get("volt"), phases=keys.get("phases", "1"),
                    derate=float(keys.get("derate", 0.8)), curve=keys.get("curve"))
            if kind == "host":
                hosts.append((name, float(keys.get("w", 0)) / float(keys.get("pf", 0.95)),
                    [c.rsplit(".", 1)[0] if c.rsplit(".", 1)[-1].isdigit() and "." in c else c
                     for c in keys.get("cords", "").split(",") if c]))
    for node in nodes.values():
        top = node
        while top["volt"] is None and top["up"]:
            top = nodes[top["up"]]
        node["rated"] = float(top["volt"] or volt) * node["amps"] * (3 ** .5 if node["phases"] == "3" else 1)
    return nodes, hosts

class State:
    """Which nodes are lost; transfer switches stay where they turned."""
    def __init__(self, nodes, hosts):
        self.nodes, self.hosts, self.lost, self.side = nodes, hosts, set(), {}
    def live(self, name):
        if name in self.lost:
            return False
        node = self.nodes[name]
        if node["up"] is None:
            return True
        sides = [node["up"], node["up2"]] if self.side.get(name, 0) == 0 else [node["up2"], node["up"]]
        return any(s is not None and self.live(s) for s in sides)
    def up(self, name):
        node = self.nodes[name]
        if node["up2"] is None:
            return node["up"]
        now = self.side.get(name, 0)
        if not self.live((node["up"], node["up2"])[now]):
            now = 1 - now
            self.side[name] = now
        return (node["up"], node["up2"])[now]
    def loads(self):
        load, dark = dict.fromkeys(self.nodes, 0.0), []
        for name, va, cords in self.hosts:
            alive = [c for c in cords if self.live(c)]
            if cords and not alive:
                dark.append(name)
            for cord in alive:
                at = cord
                while at is not None:
                    load[at] += va / len(alive)
                    at = self.up(at)
        return load, dark

def points(node, late):
    """(holds up to, snap from, [(r, s), ...]) of a device; None: it opens nothing."""
    amps, curve = node["amps"], node["curve"]
    if amps == 0 or (curve is None and node["kind"] in ("leg", "pdu")):
        return None
    curve = curve or ("UPS" if node["kind"] == "ups" else "MCCB")
    if curve in "BCD":
        hour = 3600 if amps <= 63 else 7200
        low, high = {"B": (3, 5), "C": (5, 10), "D": (10, 20)}[curve]
        if late:
            return 1.13, (high, .1), [(1.45, hour), (2.55, 60 if amps <= 32 else 120)], hour / 3
        return 1.05, (low, .02), [(1.13, hour), (2.55, 1)], hour / 3
    if curve == "MCCB":
        hour, t2 = 3600 if amps <= 50 else 7200, 120 * (1 + sum(amps > a for a in T2))
        if late:
            return 1.05, (10, .02), [(1.25, hour), (2, t2)], hour / 3
        return 1.05, (4, .02), [(1.05, hour), (2, t2 / 8)], hour / 3
    if late:
        return 1.05, (2, .5), [(1.1, 3600), (1.25, 600), (1.5, 60)], 1200
    return 1.02, (1.5, .5), [(1.1, 120), (1.25, 30), (1.5, 10)], 40

def seconds(device, r):
    if device is None or r <= device[0]:
        return math.inf
    if r >= device[1][0]:
        return device[1][1]
    at = device[2]
    i = 0
    while i + 2 < len(at) and r > at[i + 1][0]:
        i += 1
    (r1, t1), (r2, t2) = at[i], at[i + 1]
    p = math.log(t1 / t2) / math.log((r2 * r2 - 1) / (r1 * r1 - 1))
    return max(device[1][1], t2 * ((r2 * r2 - 1) / (r * r - 1)) ** p)

def warm(device, r):
    return 1 - math.log((2.25 - min((r / device[0]) ** 2, .94)) / 1.25) / math.log(1.8)

def cascade(nodes, hosts, lost, late):
    state = State(nodes, hosts)
    device = {n: points(nodes[n], late) for n in nodes}
    load, _ = state.loads()
    ratio = lambda n: load[n] / nodes[n]["rated"] if nodes[n]["rated"] else 0
    rest = {n: 0 if late else warm(device[n], ratio(n)) for n in nodes if device[n]}
    theta, now, trips, moved = dict(rest), 0.0, [], {n: 0.0 for n in rest}
    state.lost.add(lost)
    while True:
        load, dark = state.loads()
        t = {n: seconds(device[n], ratio(n)) for n in rest if state.live(n)}
        hot = [(now + max(0, 1 - theta[n]) * s, n) for n, s in t.items() if s < math.inf]
        if not hot:
            return trips, sorted(dark)
        at = min(hot)[0]
        first = next(n for n in nodes if any(h[1] == n and h[0] <= at * (1 + 1e-12) for h in hot))
        for n in rest:
            if t.get(n, math.inf) < math.inf:
                theta[n] += (at - now) / t[n]
            else:
                target = 0 if late else warm(device[n], ratio(n))
                theta[n] = target + (theta[n] - target) * math.exp(-(at - now) / device[n][3])
        now = at
        trips.append((first, at))
        state.lost.add(first)

def check(keisoku, path):
    nodes, hosts = read(path)
    out = subprocess.run([keisoku, "whatif", path, "--every", "--cascade", "--json"], capture_output=True, text=True)
    said, bad = json.loads(out.stdout)["losses"], []
    for lost in (n for n in nodes if nodes[n]["kind"] != "pdu"):
        state = State(nodes, hosts)
        state.lost.add(lost)
        load, dark = state.loads()
        over = {n for n in nodes if nodes[n]["rated"] and load[n] > nodes[n]["rated"] * nodes[n]["derate"] + 1e-6}
        answer = said[lost]
        if len(dark) != answer["hosts_lost"] or over != set(answer["over"]):
            bad.append(f"losing {lost}: {len(dark)} dark, over {sorted(over)}; said {answer['hosts_lost']}, {sorted(answer['over'])}")
        if any(abs(load[n] - answer["over"][n][0]) > .1 for n in over & set(answer["over"])):
            bad.append(f"losing {lost}: VA differ")
        for late, word in ((True, "latest"), (False, "earliest")):
            trips, dark = cascade(nodes, hosts, lost, late)
            told = [(t["node"], t["after_s"]) for t in answer[word]["trips"]]
            same = len(told) == len(trips) and all(abs(a[1] - b[1]) <= .01 + 1e-3 * b[1] for a, b in zip(told, trips)) \
                and sorted(n for n, _ in told) == sorted(n for n, _ in trips)
            if not same or sorted(answer[word]["dark"]) != dark:
                bad.append(f"losing {lost}, {word}: {trips[:4]} {len(dark)} dark; said {told[:4]} {answer[word]['hosts_dark']}")
    return bad, len(said)

def main():
    paths = sys.argv[2:]
    folder = tempfile.TemporaryDirectory()
    if not paths:
        data = os.path.join(SOURCE, "test/data/power")
        paths = sorted(os.path.join(data, n) for n in os.listdir(data) if n.endswith(".site"))
        for i, text in enumerate(OWN):
            paths.append(os.path.join(folder.name, f"own{i}.site"))
            with open(paths[-1], "w") as f:
                f.write(text)
    wrong = 0
    for i, path in enumerate(paths):
        bad, n = check(sys.argv[1], path)
        print(f"{'not ok' if bad else 'ok'} {i + 1} - {os.path.basename(path)}: {n} losses and their cascades")
        for line in bad[:6]:
            print("# " + line)
        wrong += bool(bad)
    print(f"1..{len(paths)}")
    return 1 if wrong else 0

sys.exit(main())
