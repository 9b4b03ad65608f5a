#!/usr/bin/python3
"""test/scene/plan_watch.py KEISOKU - the A/B fallacy found before its night: two sides that
each look half empty.  The real daemon says what losing one does, in both languages, and
its first advice is the plan that lies ready."""
import json, os, subprocess, sys, time
SOURCE = os.environ.get("KS_SOURCE", ".")
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
os.environ["KS_KEISOKU"] = sys.argv[1]
from daemon import Daemon

HEAD = """site two tz=Asia/Tokyo lang=en volt=200
room r1 heat_kw=30
rack k1 room=r1
feed A volt=200 amps=50
feed B volt=200 amps=50
breaker A1 from=A amps=20 curve=B
breaker B1 from=B amps=20 curve=B
breaker B2 from=B amps=20 curve=B
service batch value=20 unit=1 cap=1
service db value=500 unit=10 need=2 min=2 must=yes
sensor t1 via=command address="/bin/echo 23.5" kind=temperature at=r1 every=2s
"""
BOTH = "".join(f"host w{i} rack=k1 u={i + 1} cords=A1,B1 w=660 pf=1 svc=batch\n" for i in range(8))
ONE = "".join(f"host d{i} rack=k1 u={i + 20} cords=B2 w=900 pf=1 svc=db\n" for i in range(2))
count = bad = 0

def ok(what, good, more=""):
    global count, bad
    count, bad = count + 1, bad + (not good)
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + ("" if good else f"\n# {more}"))

def said(site, code):
    """The status when the finding is there and its plan is ready, as JSON and in words."""
    daemon = Daemon(site=site).start()
    try:
        daemon.wait(30)
        status, words = {}, {}
        for _ in range(100):
            for lang in ("en", "ja"):
                out = subprocess.run([sys.argv[1], "status", "--all", "--state", daemon.state, "--lang", lang],
                                     capture_output=True, text=True, timeout=20)
                words[lang] = out.stdout
            out = subprocess.run([sys.argv[1], "status", "--state", daemon.state, "--json"],
                                 capture_output=True, text=True, timeout=20)
            status = json.loads(out.stdout)
            if code in words["en"] and "(keisoku plan)" in words["en"]:
                break
            time.sleep(0.2)
        return status, words
    finally:
        daemon.stop()
        daemon.done()

def main():
    status, words = said(HEAD + BOTH, "KS-PLAN-002")
    ok("either trips the other, with loads and times",
       "A1 at 66 % and B1 at 66 %: losing either trips the other in " in words["en"] and "(earliest " in words["en"], words["en"])
    ok("the same in Japanese", "A1 は 66 %、B1 は 66 %：どちらを失っても、もう一方が " in words["ja"] and "（最短 " in words["ja"], words["ja"])
    ok("the first thing to do is the plan", "Do now  1. read and approve the plan for a loss of A1" in words["en"], words["en"])
    ok("in Japanese too", "対応    1. A1 の喪失に備えた計画を読み、承認する" in words["ja"], words["ja"])
    ok("machines read it", status["do"][0] == {"what": "read_plan", "subject": "A1"}, status.get("do"))
    _, words = said(HEAD + ONE, "KS-PLAN-001")
    ok("what stops is named", "losing B darkens 2 hosts and stops db" in words["en"] and
       "B を失うとサーバ 2 台が停電し、db が止まります" in words["ja"], words["en"])
    print(f"1..{count}")
    return 1 if bad else 0

sys.exit(main())
