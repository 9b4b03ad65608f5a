#!/usr/bin/python3
"""test/plan/recount_plan.py KEISOKU [random N [FIRST]] - shed plans counted anew.

Shares nothing with the planner: its own reader of the site file, its own loads, costs,
limits and walk of the waves.  Holds `keisoku plan --json` to
  * every limit after the plan, the cost by the cost model, no must service down;
  * waves: every host once, what stands on it first, quorums on the way;
  * the recorded answers (KS_SHARED/power, else ../shared/data): optimum up to 200 hosts, 1.01 x elsewhere,
    bound never above the optimum;
  * random N: random sites of 30 to 250 hosts, and coinor-cbc as a judge: bound <= its
    optimum <= cost.
SKIP (77) without the recordings, when nothing random is asked for."""
import glob, json, math, os, random, shlex, subprocess, sys, tempfile

KEISOKU = sys.argv[1]
EPS = 1e-6

def read(path):
    things = []
    for line in open(path, encoding="utf-8"):
        words = shlex.split(line, comments=True)
        if words:
            things.append((words[0], words[1], dict(w.split("=", 1) for w in words[2:])))
    return things

class Site:
    def __init__(self, path, failed, feed_scale, heat_scale, caps):
        self.nodes, self.hosts, self.services, self.rooms, racks = {}, {}, {}, {}, {}
        for kind, name, kv in read(path):
            if kind in ("feed", "ups", "panel", "leg", "breaker", "pdu"):
                limit = None
                if "amps" in kv:
                    limit = float(kv.get("volt", 200)) * float(kv["amps"]) * float(kv.get("derate", .8))
                    limit *= math.sqrt(3) if kv.get("phases") == "3" else 1
                    limit *= feed_scale if kind in ("feed", "ups") else 1
                self.nodes[name] = dict(up=kv.get("from"), limit=limit, load=0.0)
            elif kind == "room":
                self.rooms[name] = dict(limit=float(kv.get("heat_kw", 0)) * 1000 * heat_scale, load=0.0)
            elif kind == "rack":
                racks[name] = kv.get("room")
            elif kind == "service":
                self.services[name] = dict(value=int(kv.get("value", 0)), unit=int(kv.get("unit", 0)),
                    need=int(kv.get("need", 1)), min=int(kv.get("min", 0)), must=kv.get("must") == "1",
                    cap=float(kv.get("cap", 0)), live=0, stop=int(kv.get("stop", 0)),
                    deps=[d for d in kv.get("dep", "").split(",") if d])
            elif kind == "host":
                self.hosts[name] = dict(w=float(kv["w"]), pf=float(kv.get("pf", 1)),
                    capw=float(kv["cap"]) if caps and "cap" in kv else None, svc=kv.get("svc"),
                    cords=[c.split(".")[0] for c in kv.get("cords", "").split(",") if c],
                    room=racks.get(kv.get("rack")))
        dark = set(failed)
        for _ in range(12):
            dark |= {n for n, v in self.nodes.items() if v["up"] in dark}
        self.lost = []
        for name, h in self.hosts.items():
            live = [c for c in h["cords"] if c not in dark]
            h["lit"] = bool(live) or not h["cords"]
            h["ways"] = {}
            if not h["lit"]:
                self.lost.append(name)
                continue
            for c in live:
                n = c
                while n:
                    h["ways"][n] = h["ways"].get(n, 0) + 1 / len(live)
                    n = self.nodes[n]["up"]
            if h["svc"]:
                self.services[h["svc"]]["live"] += 1
            for n, part in h["ways"].items():
                self.nodes[n]["load"] += h["w"] / h["pf"] * part
            if h["room"]:
                self.rooms[h["room"]]["load"] += h["w"]

    def rows(self):
        """(name, load, limit, host -> (watts or VA per watt drawn))"""
        out = []
        for n, v in self.nodes.items():
            if v["limit"] and v["load"] > v["limit"] + EPS:
                out.append((n, v["load"], v["limit"],
                    {h: x["ways"][n] / x["pf"] for h, x in self.hosts.items() if n in x["ways"]}))
        for n, v in self.rooms.items():
            if v["limit"] and v["load"] > v["limit"] + EPS:
                out.append((n, v["load"], v["limit"],
                    {h: 1.0 for h, x in self.hosts.items() if x["room"] == n and x["lit"]}))
        return out

    def falls(self, live):
        down = {s for s, v in self.services.items() if live[s] < v["min"]}
        while True:
            more = {s for s, v in self.services.items() if s not in down and any(d in down for d in v["deps"])}
            if not more:
                return down
            down |= more

    def cost(self, off, capped):
        live = {s: v["live"] for s, v in self.services.items()}
        cost = len(off) * 1.0
        for h in off:
            if self.hosts[h]["svc"]:
                live[self.hosts[h]["svc"]] -= 1
        for h in capped:
            if self.hosts[h]["svc"]:
                cost += .2 * self.services[self.hosts[h]["svc"]]["cap"]
        down = self.falls(live)
        for s, v in self.services.items():
            cost += v["value"] if s in down else v["unit"] * max(0, v["need"] - live[s])
        return cost, down, live

    def lp(self, path):
        """The problem as coinor-cbc reads it."""
        rows = self.rows()
        use = sorted({h for r in rows for h in r[3]})
        cap = [h for h in use if self.hosts[h]["capw"] is not None and self.hosts[h]["capw"] < self.hosts[h]["w"]]
        ix, sx = {h: i for i, h in enumerate(use)}, {s: i for i, s in enumerate(self.services)}
        f = ["Minimize", " obj: 0 zz"]
        f += [f" + 1 x{ix[h]}" for h in use]
        f += [f" + {.2 * self.services[self.hosts[h]['svc']]['cap'] if self.hosts[h]['svc'] else 0:.6f} y{ix[h]}" for h in cap]
        f += [f" + {v['unit']} u{sx[s]} + {v['value']} z{sx[s]}" for s, v in self.services.items()]
        f += ["Subject To", " zero: zz = 0"]
        for i, (_, load, limit, part) in enumerate(rows):
            f.append(f" r{i}: 0 zz")
            f += [f" + {part[h] * self.hosts[h]['w']:.9f} x{ix[h]}" for h in part]
            f += [f" + {part[h] * (self.hosts[h]['w'] - self.hosts[h]['capw']):.9f} y{ix[h]}" for h in part if h in cap]
            f.append(f" >= {load - limit:.9f}")
        f += [f" c{ix[h]}: x{ix[h]} + y{ix[h]} <= 1" for h in cap]
        for s, v in self.services.items():
            mine = "".join(f" - 1 x{ix[h]}\n" for h in use if self.hosts[h]["svc"] == s)
            f.append(f" n{sx[s]}: 1 u{sx[s]} + {v['need']} z{sx[s]}\n{mine} >= {v['need'] - v['live']}")
            f.append(f" m{sx[s]}: 0 zz + {v['min']} z{sx[s]}\n{mine} >= {v['min'] - v['live']}")
            f += [f" d{sx[s]}_{i}: z{sx[s]} - z{sx[d]} >= 0" for i, d in enumerate(v["deps"])]
            if v["must"]:
                f.append(f" t{sx[s]}: z{sx[s]} = 0")
        f += ["Binaries"] + [f" x{ix[h]}" for h in use] + [f" y{ix[h]}" for h in cap]
        f += [f" z{i}" for i in sx.values()] + ["End", ""]
        with open(path, "w") as out:
            out.write("\n".join(f))

def plan(path, failed, feed, heat, caps, seconds):
    words = [KEISOKU, "plan", path, "--json", "--seconds", str(seconds), "--feed-scale", repr(feed),
             "--heat-scale", repr(heat)]
    words += (["--lose", ",".join(failed)] if failed else []) + ([] if caps else ["--no-caps"])
    out = subprocess.run(words, capture_output=True, text=True, timeout=300)
    if out.returncode not in (0, 1, 2):
        raise SystemExit(f"{' '.join(words)}: {out.returncode} {out.stderr}")
    return json.loads(out.stdout)

def waves_fault(site, answer, waves):
    """Every host once; what falls goes from the top; quorums hold after each wave."""
    _, down, _ = site.cost(answer["off"], answer["capped"])
    live = {s: v["live"] for s, v in site.services.items()}
    going = {s: 0 for s in site.services}
    left = {"cap": sorted(answer["capped"]), "off": sorted(answer["off"])}
    for h in answer["off"]:
        if site.hosts[h]["svc"]:
            going[site.hosts[h]["svc"]] += 1
    stands = {s: {t for t, v in site.services.items() if s in v["deps"] and t in down} for s in site.services}
    def above(s, seen):
        for t in stands[s]:
            if t not in seen:
                seen.add(t)
                above(t, seen)
        return seen
    last = 0.0
    for wave in waves:
        if wave["start_s"] < last - EPS or wave["end_s"] <= wave["start_s"]:
            return "times run backwards"
        last = wave["end_s"]
        if wave["kind"] == "off" and len(wave["hosts"]) > 50:
            return "more than 50 at once"
        key = "cap" if wave["kind"] == "cap" else "off"
        for h in wave["hosts"]:
            if h not in left[key]:
                return f"{h} is in no plan, or twice"
            left[key].remove(h)
            s = site.hosts[h]["svc"]
            if key == "off" and s:
                if wave["kind"] == "off" and s in down and any(going[t] for t in above(s, set())):
                    return f"{h} stops under what stands on it"
                live[s] -= 1
        for h in wave["hosts"]:
            if key == "off" and site.hosts[h]["svc"]:
                going[site.hosts[h]["svc"]] -= 1
        for s, v in site.services.items():
            if s not in down and live[s] < v["min"]:
                return f"{s} below its minimum on the way"
    return "hosts in no wave" if left["cap"] or left["off"] else None

def fault(site, answer):
    rows = site.rows()
    if sorted(answer["hosts_lost"]) != sorted(site.lost):
        return "other hosts lost"
    named = {x.get("node", x.get("room")) for x in answer["limits"]}
    if named != {r[0] for r in rows}:
        return f"other limits broken: {sorted(named ^ {r[0] for r in rows})[:5]}"
    if not answer["feasible"]:
        return None
    off, capped = set(answer["off"]), set(answer["capped"])
    for name, load, limit, part in rows:
        for h in off & part.keys():
            load -= part[h] * site.hosts[h]["w"]
        for h in capped & part.keys():
            load -= part[h] * (site.hosts[h]["w"] - site.hosts[h]["capw"])
        if load > limit + 1e-3:
            return f"{name} at {load:.3f} of {limit:.3f}"
    cost, down, _ = site.cost(off, capped)
    if abs(cost - answer["cost"]) > 1e-3 or answer["bound"] > answer["cost"] + EPS:
        return f"cost {answer['cost']}, counted {cost}, bound {answer['bound']}"
    if sorted(down) != sorted(answer["services_down"]):
        return "other services down"
    if any(site.services[s]["must"] for s in down):
        return "a must service is down"
    return waves_fault(site, answer, answer["waves"]) or \
        waves_fault(site, answer, answer.get("fast_waves", answer["waves"]))

def recorded(folder):
    bad = 0
    for path in sorted(glob.glob(os.path.join(folder, "*.answer.json"))):
        want = json.load(open(path))
        p = want["problem"]
        name = path[:-len(".answer.json")] + ".site"
        ask = (p["failed"], p["feed_ups_scale"], p["heat_scale"], p["cap_allowed"])
        site, answer = Site(name, *ask), plan(name, *ask, 3)
        wrong = fault(site, answer)
        if not wrong and answer["cost"] > want["best"] * 1.01 + EPS:
            wrong = f"cost {answer['cost']} > 1.01 x {want['best']}"
        if not wrong and want["optimal_proven"] and len(site.hosts) <= 200 and \
                abs(answer["cost"] - want["optimum"]) > 1e-3:
            wrong = f"cost {answer['cost']}, optimum {want['optimum']}"
        if not wrong and (answer["bound"] > want["best"] + 1e-3 or answer["cost"] < want["lower_bound"] - 1e-3):
            wrong = f"bound {answer['bound']} above {want['best']}, or cost below {want['lower_bound']}"
        print(f"# {os.path.basename(name)}: cost {answer['cost']}, bound {answer['bound']}, "
              f"best known {want['best']}: {wrong or 'good'}")
        bad += bool(wrong)
    return bad

def site_write(path, rnd):
    """A site of its own kind: panels of racks on two sides, products of three tiers."""
    hosts, racks = rnd.randint(30, 250), 0
    out = ["site r volt=200"]
    lines, room_w, n = [], 0.0, 0
    sides = [("A", rnd.random()), ("B", rnd.random())]
    services = []
    for i in range(rnd.randint(2, 7)):
        size = max(1, hosts // rnd.randint(4, 12))
        low = rnd.choice([0, 0, size // 2 + 1, int(size * .4)])
        need = min(size, low + rnd.randint(0, size - low))
        unit = rnd.choice([0, 1, 3, 10, 40])
        value = unit * (need - low) + rnd.choice([0, 10, 200, 3000])
        deps = [s[0] for s in services if rnd.random() < .25]
        services.append((f"s{i}", size))
        cap = rnd.choice([0, 1, 2])
        lines.append(f"service s{i} value={value} unit={unit} need={need} min={low} cap={cap} stop={rnd.randint(0, 9)}"
                     + (" must=1" if rnd.random() < .12 else "") + (f" dep={','.join(deps)}" if deps else ""))
    load, members = {}, []
    for name, size in services:
        members += [name] * size
    rnd.shuffle(members)
    cords = []
    for i, svc in enumerate(members):
        rack = i // 20
        racks = rack + 1
        w, pf = rnd.randint(80, 500), rnd.choice([1, .98, .95])
        both = rnd.random() < .7
        where = "AB" if both else rnd.choice("AB")
        for s in where:
            load[s, rack] = load.get((s, rack), 0) + w / pf / len(where)
        room_w += w
        cap = f" cap={int(w * .6)}" if rnd.random() < .3 else ""
        cords.append(f"host h{i} rack=r{rack} w={w} pf={pf} svc={svc} cords={','.join(f'r{rack}-{s}' for s in where)}{cap}")
    out.append(f"room hall heat_kw={room_w * rnd.uniform(.9, 1.2) / 1000:.2f}")
    out += [f"rack r{r} room=hall units=48" for r in range(racks)]
    for s in "AB":
        total = sum(v for (side, _), v in load.items() if side == s)
        out.append(f"feed {s} volt=6600 phases=3 amps={max(1, total / 6600 / 1.732 / .8 * rnd.uniform(1.1, 1.9)):.2f} derate=0.8")
        out.append(f"panel {s}p from={s} volt=200 phases=3 amps={max(1, total / 200 / 1.732 / .8 * rnd.uniform(1.1, 1.9)):.2f} derate=0.8")
        for r in range(racks):
            a = max(1, load.get((s, r), 100) / 200 / .8 * rnd.uniform(1.05, 1.9))
            out.append(f"breaker {s}{r} from={s}p volt=200 amps={a:.1f} curve=C derate=0.8")
            out.append(f"pdu r{r}-{s} from={s}{r} rack=r{r}")
    with open(path, "w") as f:
        f.write("\n".join(out + lines + cords) + "\n")

def judge(site, folder, seconds):
    """coinor-cbc: (optimum or best, lower bound), None when there is no plan."""
    path = os.path.join(folder, "judge.lp")
    site.lp(path)
    out = subprocess.run(["cbc", path, "sec", str(seconds), "ratio", "0", "timeMode", "cpu", "solve", "quit"],
                         capture_output=True, text=True, timeout=20 * seconds + 60).stdout
    if "infeasible" in out and "Objective value" not in out:
        return None
    best = [float(l.split()[-1]) for l in out.splitlines() if l.startswith("Objective value")]
    low = [float(l.split()[-1]) for l in out.splitlines() if l.startswith("Lower bound")]
    return (best[0], low[0] if low else best[0]) if best else (math.inf, low[0] if low else 0)

def drawn(count, first):
    bad = exact = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            rnd = random.Random(seed)
            path = os.path.join(folder, "r.site")
            site_write(path, rnd)
            ask = (rnd.choice([["A"], ["B"], ["A0"], ["Bp"], []]), rnd.choice([1, .9, .7]),
                   rnd.choice([0, 1, .8]), rnd.random() < .5)
            site = Site(path, *ask)
            answer = plan(path, *ask, .3)
            wrong = fault(site, answer)
            best = judge(site, folder, 3) if not answer["must_lost"] else False
            if wrong or best is False:
                pass
            elif best is None:
                wrong = None if not answer["feasible"] else "a plan where there is none"
            elif not answer["feasible"]:
                wrong = f"no plan, where there is one of {best[0]}" if best[0] < math.inf else None
            elif answer["bound"] > best[0] + 1e-3 or answer["cost"] < best[1] - 1e-3:
                wrong = f"bound {answer['bound']}, cost {answer['cost']}, cbc {best}"
            else:
                exact += abs(answer["cost"] - best[0]) < 1e-3
            if wrong:
                print(f"# seed {seed} {ask}: {wrong}")
            bad += bool(wrong)
    print(f"# {count} random sites: {bad} wrong, {exact} as good as cbc's best")
    return bad

def main():
    if sys.argv[2:3] == ["random"]:
        bad = drawn(int(sys.argv[3]), int((sys.argv[4:] or ["1"])[0]))
    else:
        source = os.environ.get("KS_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
        beside = [os.path.join(source, up, "shared/data") for up in ("..", "../..")]
        shared = os.environ.get("KS_SHARED") or next((f for f in beside if os.path.isdir(f)), beside[0])
        folder = os.path.join(shared, "power")
        if not glob.glob(os.path.join(folder, "*.answer.json")):
            print("1..0 # SKIP no recordings of power here")
            return 77
        bad = recorded(folder)
    print(f"{'not ok' if bad else 'ok'} 1 - plans recounted\n1..1")
    return bad != 0

if __name__ == "__main__":
    sys.exit(main())
