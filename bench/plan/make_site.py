#!/usr/bin/env python3
"""make_site.py - write a realistic, repeatable site for keisoku (the same bytes for the same words).

  make_site.py --hosts 1000 --seed 1 [--profile story|mixed|dual] [--format site|json|netbox] > x.site

Same arguments give the same bytes (own 64-bit generator, no use of the clock or of Python's random).

Line format "site 1": one thing a line, KIND ID key=value ...; '#' starts a comment; a value with blanks
stands in double quotes; UTF-8.  Kinds: site room rack feed ups panel leg breaker pdu host service.
  feed/ups/panel/leg/breaker/pdu: from=<parent id> volt= amps= phases= curve= derate=
      limit in VA = volt * amps * (sqrt(3) if phases=3) * derate   (derate: 0.8 continuous-load rule)
      pdu without amps= has no limit of its own
  host: rack= u= h= cords=<pdu>[.<outlet>],<pdu>... w=<measured W> pf= wmax= cap=<W when capped, if it can be>
        svc=<service id>
  service: tier= value=<loss when down> unit=<loss per host missing below need> need=<hosts> min=<hosts>
           dep=<service>,<service> (this one needs those) cap=<weight: a capped host costs 0.2 x cap> must=1 (may never go down)
           stop=<order class: higher number stops later>;  value must be >= unit*(need-min)
"""
import argparse, json, sys

M64 = (1 << 64) - 1
class Rng:                                   # splitmix64
    def __init__(self, s): self.s = (s * 0x9E3779B97F4A7C15 + 0x1234567) & M64
    def u64(self):
        self.s = (self.s + 0x9E3779B97F4A7C15) & M64
        z = self.s
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        return z ^ (z >> 31)
    def f(self): return (self.u64() >> 11) / float(1 << 53)
    def i(self, n): return self.u64() % n
    def tri(self): return (self.f() + self.f() + self.f()) / 1.5 - 1.0     # about normal, -1..1

# kind: U height, W mean, spread, wmax/w, cap fraction (0 = cannot be capped)
HW = {"web": (1, 165, .22, 1.6, 0), "app": (1, 215, .22, 1.6, 0), "cache": (1, 190, .15, 1.4, 0),
      "db": (2, 390, .15, 1.5, 0), "batch": (1, 310, .25, 1.3, .65), "store": (2, 330, .10, 1.3, 0),
      "infra": (1, 140, .20, 1.5, 0), "dev": (1, 150, .35, 1.9, .7)}

def build(hosts, seed, profile):
    r = Rng(seed); T = []                     # T: list of (kind, id, dict)
    add = lambda k, i, **kw: T.append((k, i, kw))
    perrack = 26; nrack = max(2, -(-hosts // perrack)); racks_per_panel = 20
    add("site", f"gen-{profile}-{hosts}-{seed}", format=1, volt=200, generator="make_site.py")
    # services: products, each web -> app -> (cache, db shards); shared infra; batch; dev
    S = {}; plan = []                         # plan: (service, kind, n)
    def svc(name, kind, n, **kw):
        if n <= 0: return
        S[name] = dict(kind=kind, n=n, **kw); plan.append(name)
    shared = ["dns", "ad", "file"] if hosts >= 30 else ["ad"]
    svc("ad", "infra", max(2, hosts // 5000 + 2), tier=0, value=200000, minf="1", needf=1.0, unit=2000, must=1, stop=9, dep=[])
    if "dns" in shared:
        svc("dns", "infra", max(2, hosts // 3000 + 2), tier=0, value=150000, minf="1", needf=.5, unit=2000, must=1, stop=9, dep=[])
        svc("file", "store", 1 if hosts < 500 else 3, tier=1, value=20000, minf="q", needf=1.0, unit=1500, stop=8, dep=["ad"])
    left = hosts - sum(s["n"] for s in S.values())
    nprod = max(1, min(60, hosts // 160)); ndev = int(left * .08); nbatch = int(left * .17)
    live = left - ndev - nbatch
    wts = [1.0 / (i + 1) ** .7 for i in range(nprod)]; tot = sum(wts)
    for i in range(nprod):
        n = int(live * wts[i] / tot)
        if i == 0: n += live - sum(int(live * w / tot) for w in wts)
        v = [9000, 5000, 3000, 1500, 900, 500][min(5, r.i(6))] * (3 if i == 0 else 1) * max(1.0, n / 60.0)
        ndb = max(3, int(n * .14)); nc = int(n * .08); na = int(n * .38); nw = n - ndb - nc - na
        sh = max(1, ndb // 5); base = ndb // sh; ex = ndb - base * sh
        p = f"p{i+1:02d}"; dbs = []
        for k in range(sh):
            m = base + (1 if k < ex else 0)
            svc(f"{p}-db{k+1}", "db", m, tier=1, value=round(v * (1.0 if sh == 1 else .6)), minf="q", needf=1.0, unit=round(v * .04), stop=7, dep=["ad"] + (["dns"] if "dns" in shared else []))
            dbs.append(f"{p}-db{k+1}")
        svc(f"{p}-cache", "cache", nc, tier=2, value=round(v * .6), minf=.4, needf=.8, unit=round(v * .9 / max(1, nc)), stop=5, dep=[])
        svc(f"{p}-app", "app", na, tier=2, value=round(v), minf=.45, needf=.80, unit=round(v * 1.1 / max(1, na)), stop=4, dep=dbs + ([f"{p}-cache"] if nc else []))
        svc(f"{p}-web", "web", nw, tier=2, value=round(v), minf=.40, needf=.75, unit=round(v * .9 / max(1, nw)), stop=3, dep=[f"{p}-app"])
    q = max(1, hosts // 800)
    for k in range(q):
        n = nbatch // q + (1 if k < nbatch % q else 0)
        bu = 4 + r.i(4)
        svc(f"batch{k+1}", "batch", n, tier=4, value=200 + bu * n, minf=.0, needf=1.0, unit=bu, cap=1, stop=1, dep=["ad"])
    svc("dev", "dev", ndev, tier=5, value=50 + 2 * ndev, minf=.0, needf=1.0, unit=2, cap=1, stop=0, dep=["ad"])
    # hosts: spread every service over racks (stride), fill racks by U
    order = []
    for s in plan:
        for j in range(S[s]["n"]): order.append(((j + .5 * r.f()) / S[s]["n"] + .37 * r.f(), s, j))
    order.sort()
    racku = [42 - 4] * nrack; rackh = [[] for _ in range(nrack)]; H = []; ri = 0
    for _, s, j in order:
        k = S[s]["kind"]; u = HW[k][0]
        for t in range(nrack):
            x = (ri + t) % nrack
            if racku[x] >= u and len(rackh[x]) < perrack + 4: break
        else:
            nrack += 1; racku.append(38); rackh.append([]); x = nrack - 1
        ri = (ri + 7 if nrack % 7 else ri + 5) % nrack
        un, w, sp, mx, cf = HW[k]
        watt = max(40, round(w * (1 + sp * r.tri())))
        dual = {"story": k == "db" , "dual": True,
                "mixed": k in ("db", "store", "infra") or (k in ("app", "cache") and r.f() < .6) or r.f() < .15}[profile]
        h = dict(id=f"{s}-{j+1:03d}", svc=s, rack=x, u=43 - racku[x], h=un, w=watt, wmax=round(watt * mx),
                 cap=round(watt * cf) if cf else 0, dual=dual, side="AB"[r.i(2)], pf=[.99, .97, .95, .92][r.i(4)])
        racku[x] -= u; rackh[x].append(h); H.append(h)
    # power tree; ratings chosen from catalogue sizes so that the healthy load sits at 55-80 % of the limit
    def va(h): return h["w"] / h["pf"]
    need = [[0, 0] for _ in range(nrack)]
    for x in range(nrack):
        for h in rackh[x]:
            if h["dual"]: need[x][0] += va(h) / 2; need[x][1] += va(h) / 2
            else: need[x]["AB".index(h["side"])] += va(h)
    def pick(va_, volt, ph, sizes, util):
        for a in sizes:
            if volt * a * (3 ** .5 if ph == 3 else 1) * .8 * util >= va_: return a
        return sizes[-1]
    npanel = -(-nrack // racks_per_panel); nups = -(-npanel // 4); nroom = -(-nrack // 200)
    for i in range(nroom): add("room", f"room{i+1}", heat_kw=0)
    rooms = [t for t in T if t[0] == "room"]
    for x in range(nrack): add("rack", f"r{x+1:04d}", room=f"room{x//200+1}", units=42)
    for s, side in enumerate("AB"):
        tp = [sum(need[x][s] for x in range(p * racks_per_panel, min(nrack, (p + 1) * racks_per_panel))) for p in range(npanel)]
        tu = [sum(tp[u * 4:(u + 1) * 4]) for u in range(nups)]
        add("feed", side, volt=6600, phases=3, amps=pick(sum(tu), 6600, 3, [5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1200, 1600, 2000], .80), derate=.8)
        for u in range(nups):
            add("ups", f"{side}u{u+1}", **{"from": side}, volt=200, phases=3, amps=pick(tu[u], 200, 3, [30, 60, 100, 150, 225, 300, 400, 600, 800, 1000, 1200, 1600, 2000], .78), derate=.8)
        for p in range(npanel):
            amps = pick(tp[p], 200, 3, [30, 50, 75, 100, 125, 150, 175, 200, 225, 250, 300, 350, 400, 500, 600], .74)
            add("panel", f"{side}p{p+1}", **{"from": f"{side}u{p//4+1}"}, volt=200, phases=3, amps=amps, curve="MCCB", derate=.8)
            for l, ph in enumerate(("RS", "ST", "TR")):
                add("leg", f"{side}p{p+1}{ph}", **{"from": f"{side}p{p+1}"}, volt=200, phases=1, amps=round(amps * 3 ** .5 / 3 * 1.15), derate=.8)
            for x in range(p * racks_per_panel, min(nrack, (p + 1) * racks_per_panel)):
                a = pick(need[x][s], 200, 1, [15, 20, 30, 40, 50, 60], .80)
                add("breaker", f"{side}{x+1:04d}", **{"from": f"{side}p{p+1}" + ("RS", "ST", "TR")[(x + s) % 3]}, volt=200, phases=1, amps=a, curve="C", derate=.8)
                add("pdu", f"r{x+1:04d}-{side}", **{"from": f"{side}{x+1:04d}"}, rack=f"r{x+1:04d}")
    for rm in rooms:
        i = rooms.index(rm); w = sum(h["w"] for x in range(i * 200, min(nrack, (i + 1) * 200)) for h in rackh[x])
        rm[2]["heat_kw"] = round(w * 1.15 / 1000, 1)
    for n in plan:
        s = S[n]; k = s["n"]
        mn = {"1": 1, "q": k // 2 + 1}.get(s["minf"], None)
        if mn is None: mn = int(-(-k * s["minf"] // 1))
        nd = max(mn, int(-(-k * s["needf"] // 1)))
        kw = dict(tier=s["tier"], value=s["value"], unit=s["unit"], need=nd, min=mn, stop=s["stop"])
        if s.get("cap"): kw["cap"] = s["cap"]
        if s.get("must"): kw["must"] = 1
        if s["dep"]: kw["dep"] = ",".join(s["dep"])
        add("service", n, **kw)
    cnt = {}
    for h in H:
        rk = f"r{h['rack']+1:04d}"; c = []
        for sd in ("AB" if h["dual"] else h["side"]):
            cnt[rk, sd] = cnt.get((rk, sd), 0) + 1; c.append(f"{rk}-{sd}.{cnt[rk, sd]}")
        kw = dict(rack=rk, u=h["u"], h=h["h"], cords=",".join(c), w=h["w"], pf=h["pf"], wmax=h["wmax"], svc=h["svc"])
        if h["cap"]: kw["cap"] = h["cap"]
        add("host", h["id"], **kw)
    return T

def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--hosts", type=int, default=100); ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--profile", choices=["story", "mixed", "dual"], default="mixed")
    ap.add_argument("--format", choices=["site", "json", "netbox"], default="site")
    a = ap.parse_args(); T = build(a.hosts, a.seed, a.profile); w = sys.stdout.write
    if a.format == "json":
        d = {}
        for k, i, kw in T: d.setdefault(k, []).append(dict(id=i, **kw))
        w(json.dumps(d, ensure_ascii=False, indent=None, separators=(",", ":"))); w("\n")
    elif a.format == "netbox":               # the column names NetBox's own CSV import takes; one file after another
        w("# power-panels.csv\nsite,name\n")
        for k, i, kw in T:
            if k == "panel": w(f"gen,{i}\n")
        w("# power-feeds.csv\nsite,power_panel,rack,name,status,type,supply,phase,voltage,amperage,max_utilization\n")
        par = {i: kw.get("from") for k, i, kw in T}
        for k, i, kw in T:
            if k == "breaker":
                w(f"gen,{par[par[i]]},r{i[1:]},{i},active,{'primary' if i[0]=='A' else 'redundant'},ac,single-phase,{kw['volt']},{kw['amps']},{round(kw['derate']*100)}\n")
        w("# devices.csv\nname,role,manufacturer,device_type,site,rack,position,face,status\n")
        for k, i, kw in T:
            if k == "host": w(f"{i},{kw['svc']},gen,gen-{kw['h']}u,gen,{kw['rack']},{kw['u']},front,active\n")
        w("# power-ports.csv\ndevice,name,type,maximum_draw,allocated_draw\n")
        for k, i, kw in T:
            if k == "host":
                n = kw["cords"].count(",") + 1
                for j in range(n): w(f"{i},PSU{j+1},iec-60320-c14,{kw['wmax']},{kw['w']//n}\n")
    else:
        w("# keisoku site, format 1 (see make_site.py)\n")
        for k, i, kw in T: w(k + " " + i + "".join(f" {a}={b}" for a, b in kw.items()) + "\n")
main()
