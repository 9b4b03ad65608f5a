#!/usr/bin/python3
"""test/scene/panel_lost.py KEISOKU - the night of the panel: a thousand hosts, databases
on both feeds and most else on one, and a distribution panel is lost.  What whatif and
plan say, in both languages, held against the site file itself."""
import json, os, re, subprocess, sys, tempfile, urllib.request
SOURCE = os.environ.get("KS_SOURCE", ".")
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
os.environ["KS_KEISOKU"] = sys.argv[1]
from daemon import Daemon
SITE = os.path.join(SOURCE, "test/data/power/gen-mixed-1000-s1.site")
LOST = "Ap1"
count = bad = 0

def ok(what, good, more=""):
    global count, bad
    count, bad = count + 1, bad + (not good)
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + ("" if good else f"\n# {more}"))

def run(*words):
    out = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=120)
    return out.returncode, out.stdout

def below(nodes, name):
    while name is not None and name != LOST:
        name = nodes[name]
    return name == LOST

def told_on_the_page(dark):
    """The same night in the daemon: what the page says of the panel, in both languages."""
    with open(SITE, encoding="utf8") as f:
        site = f.read() + 'sensor hall via=command address="/bin/echo 24.1" kind=temperature at=room1 every=2s\n'
    daemon = Daemon(site=site).start()
    try:
        daemon.wait(60)
        for lang, words in (("en", ("If Ap1 fails", "every limit holds after", "In this order", "If nobody does anything",
                                    "The way back", "Try a loss")),
                            ("ja", ("Ap1 が止まったら", "すべての限度が守られます", "この順に", "何もしなければ", "復旧後に戻す順",
                                    "喪失を試す"))):
            url = f"http://127.0.0.1:{daemon.port}/whatif?lose={LOST}&lang={lang}"
            with urllib.request.urlopen(url, timeout=60) as r:
                page = r.read().decode()
            gone = [w for w in words if w not in page]
            ok(f"the page tells it ({lang})", not gone and re.search(rf">{dark}\s*<", page), f"{gone} {page[:200]}")
        with urllib.request.urlopen(f"http://127.0.0.1:{daemon.port}/whatif?lose=nowhere,%3Cb%3E&lang=en", timeout=60) as r:
            page = r.read().decode()
        ok("what is not there is said, not run", 'no "nowhere"' in page.replace("&quot;", '"') and "<b>\"" not in page, page[:300])
    finally:
        daemon.stop()
        daemon.done()

def main():
    nodes, dark, hosts = {}, set(), 0
    for line in open(SITE, encoding="utf8"):
        words = line.split()
        keys = dict(w.split("=", 1) for w in words[2:] if "=" in w)
        if words[0] in ("feed", "ups", "panel", "leg", "breaker", "pdu"):
            nodes[words[1]] = keys.get("from")
        if words[0] == "host":
            hosts += 1
            if all(below(nodes, c.rsplit(".", 1)[0]) for c in keys["cords"].split(",")):
                dark.add(words[1])
    code, out = run("whatif", SITE, "--lose", LOST, "--cascade", "--json")
    loss = json.loads(out)["losses"][LOST]
    ok(f"{len(dark)} of {hosts} hosts go dark, and they are named", code == 0 and set(loss["lost"]) == dark,
       f"{code}: {len(loss['lost'])}")
    ok("what is above its limit is on the other side", loss["over"] and all(n[0] == "B" for n in loss["over"]), loss["over"])
    for lang, words in (("en", f"hosts dark at once: {len(dark)} of {hosts}"), ("ja", f"すぐに停電するサーバ：{len(dark)} 台（全 {hosts} 台）")):
        code, out = run("whatif", SITE, "--lose", LOST, "--lang", lang)
        ok(f"a person reads it ({lang})", code == 0 and words in out, out[:300])
    code, out = run("plan", SITE, "--lose", LOST, "--seconds", "1", "--json")
    plan = json.loads(out)
    ok("there is a plan, and its cost is proven", plan["feasible"] and plan["bound"] <= plan["cost"] + 1e-6,
       f"{code}: {out[:300]}")
    gone = set(plan["off"])
    ok("nobody is switched off who is dark already", not gone & dark, gone & dark)
    code, out = run("plan", SITE, "--lose", LOST, "--seconds", "1", "--no-caps", "--json")
    off = json.loads(out)["off"]
    code, after = run("whatif", SITE, "--lose", LOST, "--off", ",".join(off), "--json")
    ok("with its hosts off, nothing is above its limit", off and not json.loads(after)["losses"][LOST]["over"], after[:300])
    code, after = run("whatif", SITE, "--lose", LOST, "--off", ",".join(off[1:]), "--json")
    ok("with one of them less, something is", json.loads(after)["losses"][LOST]["over"], off)
    with tempfile.TemporaryDirectory() as folder:
        file, other = os.path.join(folder, "a.plan"), os.path.join(folder, "other.site")
        run("plan", SITE, "--lose", LOST, "--seconds", "1", "-o", file)
        code, out = run("plan", SITE, "--check", file, "--lang", "en")
        ok("the plan file holds", code == 0 and "it holds every limit" in out, f"{code}: {out}")
        text = open(SITE, encoding="utf8").read()
        open(other, "w", encoding="utf8").write(text + "# one line more\n")
        code, out = run("plan", other, "--check", file, "--lang", "en")
        ok("of a changed site file it is stale, and why", code == 1 and "the site file has changed" in out, f"{code}: {out}")
        heavy = re.sub(r" w=(\d+)", lambda m: f" w={int(m[1]) * 11 // 10}", text)
        open(other, "w", encoding="utf8").write(heavy)
        code, out = run("plan", other, "--check", file, "--lang", "en")
        ok("what it would leave above its limits is named", code == 1 and "stay above their limits: " in out, f"{code}: {out}")
        open(file, "a").write("off nobody\n")
        code, out = run("plan", SITE, "--check", file)
        ok("a file that is no plan is refused", code == 3 and out == "", f"{code}: {out}")
    told_on_the_page(len(dark))
    print(f"1..{count}")
    return 1 if bad else 0

sys.exit(main())
