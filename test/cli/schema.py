#!/usr/bin/python3
"""test/cli/schema.py KEISOKU - every answer for machines is held to its JSON Schema in
doc/schema/, and so is the worked example in each of them.  Runs the real daemon on a
site of its own.  SKIP (77) without python3-jsonschema."""
import json, os, subprocess, sys, tempfile, time, urllib.request
SOURCE = os.environ["KS_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(77)
os.environ["KS_KEISOKU"] = sys.argv[1]
from daemon import Daemon
count = bad = 0

def check(what, answer, schema):
    global count, bad
    faults = [f"{'/'.join(map(str, e.path))}: {e.message}"[:300]
              for e in Draft202012Validator(schema).iter_errors(answer)]
    count, bad = count + 1, bad + bool(faults)
    print(f"{'not ok' if faults else 'ok'} {count} - {what}" + "".join("\n# " + f for f in faults[:5]))

def run(schemas, *words):
    out = subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60)
    try:
        answer = json.loads(out.stdout)
    except ValueError:
        answer = {"schema": f"{out.returncode}: {out.stdout[:100]} {out.stderr[:200]}"}
    check("keisoku " + " ".join(os.path.basename(w) for w in words), answer,
          schemas.get(answer["schema"], {"properties": {"schema": {"enum": sorted(schemas)}}}))

def main():
    schemas = {}
    folder = os.path.join(SOURCE, "doc/schema")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as f:
            schema = json.load(f)
        Draft202012Validator.check_schema(schema)
        schemas[schema["$id"]] = schema
        for example in schema["examples"]:
            check("the example of " + name, example, schema)
    daemon = Daemon().start()
    try:
        with open(os.path.join(daemon.folder, "wrong"), "w") as f:
            f.write("site s\nroom r limti=3\n")
        daemon.wait(30)
        time.sleep(3)
        power = os.path.join(SOURCE, "conf/two-feeds.site")
        for words in (["--every"], ["--every", "--cascade"], ["--pairs"], ["--lose", "A", "--cascade"],
                      [], ["--off", "db-1,web-1"], ["--lose-cooling", "hall"],
                      ["--add", "r01 2U 400W cords=r01-A,r01-B"]):
            run(schemas, "whatif", power, "--json", *words)
        for words in ([], ["--lose", "A"], ["--lose", "B", "--feed-scale", "0.02"],
                      ["--heat-scale", "0.02", "--no-caps"]):
            run(schemas, "plan", power, "--json", *words)
        run(schemas, "check", "--json", daemon.site)
        run(schemas, "check", "--json", os.path.join(daemon.folder, "wrong"))
        run(schemas, "status", "--json", "--state", daemon.state)
        run(schemas, "heat", "--now", "--json", daemon.site)
        users = os.path.join(daemon.folder, "users")
        subprocess.run([sys.argv[1], "user", "add", "山田", "--role", "approver", "--users", users],
                       input="a long enough word\n", text=True, capture_output=True, check=True)
        subprocess.run([sys.argv[1], "user", "token", "graf", "--users", users], capture_output=True,
                       check=True)
        run(schemas, "user", "list", "--json", "--users", users)
        laptop = os.path.join(daemon.folder, "laptop.pcap")
        repaired = os.path.join(daemon.folder, "repaired.pcap")
        made = os.path.join(SOURCE, "test/wire/made.py")
        subprocess.run([made, laptop], check=True)
        subprocess.run([made, repaired, "after"], check=True)
        run(schemas, "audit", "--json", laptop)
        run(schemas, "audit", "--json", laptop, repaired)
        run(schemas, "compare", "--json", laptop, repaired)
        run(schemas, "heat", "--json", "--state", daemon.state)
        run(schemas, "power", "--json", "--state", daemon.state)
        url = f"http://127.0.0.1:{daemon.port}/api/history?series=t1&kind=temperature&from=-600"
        with urllib.request.urlopen(url, timeout=10) as answer:
            history = json.load(answer)
        check("GET /api/history", history, schemas["keisoku.history/1"])
        check("its values are there", {"there": 23.5 in history["values"]},
              {"properties": {"there": {"const": True}}})
        run(schemas, "sense", "/bin/echo 23.5", "--via", "command", "--json")
        run(schemas, "store", "size", "--json", "--state", daemon.state)
        run(schemas, "store", "backup", os.path.join(daemon.folder, "copy"), "--json",
            "--state", daemon.state)
        daemon.stop()
        run(schemas, "status", "--json", "--state", daemon.state)
        run(schemas, "store", "check", "--json", "--state", daemon.state)
    finally:
        daemon.done()
    print(f"1..{count}")
    return 1 if bad else 0

if __name__ == "__main__":
    sys.exit(main())
