#!/usr/bin/python3
"""test/page/openapi.py KEISOKU - every route of the program is described in
src/page/openapi.json, and answers as it says there: status, content type, JSON held to its
schema; and wrong requests get the errors that are described.  SKIP (77) without
python3-jsonschema.  Where openapi-spec-validator is installed, the description is held to
OpenAPI 3.1 by it too."""
import concurrent.futures, glob, json, os, re, subprocess, sys, time, urllib.error, urllib.parse, urllib.request
SOURCE = os.environ["KS_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "test/fault"))
try:
    from jsonschema import Draft202012Validator, RefResolver
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(77)
os.environ["KS_KEISOKU"] = os.path.abspath(sys.argv[1])
import daemon
count = bad = 0
SITE = """site api tz=Asia/Tokyo lang=en volt=200
room r1
feed A volt=200 phases=1 amps=30A
panel P1 from=A volt=200 phases=1 amps=20A curve=MCCB
breaker A1 from=P1 amps=10A
feed B volt=200 phases=1 amps=30A
breaker B1 from=B amps=10A
rack k1 room=r1
pdu S1 from=A1 rack=k1
pdu S2 from=B1 rack=k1
service s1 need=1 min=1 must=yes
service s2 need=1 min=0
host d1 rack=k1 u=5 cords=S1.1,S2.1 w=1000 svc=s1
host d2 rack=k1 u=6 cords=S1.2,S2.2 w=1300 cap=300 svc=s2
host d3 rack=k1 u=7 cords=S1.3 w=100 svc=s2
sensor t1 via=command address="/bin/echo 23.5" kind=temperature at=r1 every=2s
host h1 rack=k1 u=3 cords=S2.3 address=127.0.0.1 every=5s w=100
"""
PAGES = re.compile(r'"(/(?:[a-z0-9_.]+/?)*)"')
# a part of a path, a page's word for another, or a prefix: no route by itself
PARTS = {"/api/", "/api/v1/", "/values", "/x", "/host"}

# what stands in the tables of losses for this site: one row of each at least; lost is A
TOLD = {"/api/losses": {"lost": "A", "hosts_dark": 1, "fullest": "B1"},
        "/api/pairs": {"a": "A1", "b": "B1", "hosts_dark": 4, "hosts_only_together": 2},
        "/api/capacity_power": {"id": "B1", "limit_va": 1600, "worst_by": "A", "backs": True},
        "/api/capacity_racks": {"rack": "k1", "units": 42, "free_u": 38, "hosts": 4},
        "/api/capacity_rooms": {"room": "r1", "racks": 1, "units_filled": 4},
        "/api/single_cords": {"host": "d3", "service": "s2", "rack": "k1"},
        "/api/dark": {"host": "d3", "rack": "k1", "u": 7}, "/api/broken": {"id": "B1", "line": "", "unit": "VA"},
        "/api/trips": {"id": "B1"}, "/api/shed": {"host": "d2", "act": "cap", "watts": 300, "watts_less": 1000},
        "/api/waves": {"wave": 1, "act": "cap", "from_s": 0, "host": "d2", "to_watts": 300}}


def tell(what, faults):
    global count, bad
    count, bad = count + 1, bad + bool(faults)
    print(f"{'not ok' if faults else 'ok'} {count} - {what}" + "".join("\n# " + str(f)[:400] for f in faults[:6]))


def routes(document):
    """Every path that the page's sources name is described."""
    named = set()
    for name in glob.glob(os.path.join(SOURCE, "src/page/*.c")):
        with open(name) as f:
            named |= set(PAGES.findall(f.read()))
    with open(os.path.join(SOURCE, "src/page/api_ask.c")) as f:
        named |= {"/api/v1/" + n for n in re.findall(r'\{ "([a-z_/.]+)", API_', f.read())}
    described = {re.sub(r"\{\w+\}.*", "", p) for p in document["paths"]}
    missing = {n for n in named if n not in described and n not in PARTS and not n.startswith("/icon")
               and not n.startswith("/a/")}
    missing -= {"/api/v1/format_query"}  # only in a list of what asks
    tell(f"all of {len(named)} paths in the sources are described", sorted(missing))


def form_of(document):
    faults, ids = [], []
    for path, methods in document["paths"].items():
        for method, op in methods.items():
            ids.append(op["operationId"])
            faults += [f"{method} {path}: no {w}" for w in ("summary", "responses") if not op.get(w)]
            faults += [f"{path}: {n} is not a parameter" for n in re.findall(r"\{(\w+)\}", path)
                       if not any(p["name"] == n and p["in"] == "path" for p in op.get("parameters", ()))]
    faults += sorted({i for i in ids if ids.count(i) > 1})
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
    try:
        from openapi_spec_validator import validate
        validate(document)
        said = "and by openapi-spec-validator"
    except ImportError:
        said = "openapi-spec-validator is not here"
    tell(f"{len(ids)} operations, each with a name of its own ({said})", faults)


def send(port, method, url, headers=(), body=None):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *a):
            return None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{url}", method=method.upper(), data=body,
                                     headers=dict(headers))
    try:
        r = urllib.request.build_opener(Stay).open(request, timeout=20)
    except urllib.error.HTTPError as e:
        r = e
    kind = r.headers.get("Content-Type") or ""
    text = b"" if kind == "text/event-stream" else r.read()
    r.close()
    return r.status, kind, text


def held(document, op, status, kind, text):
    """What is not as described."""
    said = op["responses"].get(str(status))
    if said is None:
        return [f"{status} is not described: {text[:200]}"]
    if "$ref" in said:
        said = document["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
    content = said.get("content")
    if content is None:
        return [f"a body that is not described: {text[:100]}"] if text else []
    if kind not in content:
        return [f"{status} {kind!r} is none of {sorted(content)}"]
    if not kind.startswith("application/json"):
        return []
    try:
        answer = json.loads(text)
    except ValueError as e:
        return [f"no JSON: {e} {text[:100]}"]
    resolver = RefResolver("", document)
    return [f"{'/'.join(map(str, e.path))}: {e.message}"[:300]
            for e in Draft202012Validator(content[kind]["schema"], resolver=resolver).iter_errors(answer)]


def examples(document, port):
    """One good request of every operation; each format it has."""
    for path, methods in sorted(document["paths"].items()):
        for method, op in methods.items():
            url, query = path, []
            for p in op.get("parameters", ()):
                if p["in"] == "path":
                    url = url.replace("{" + p["name"] + "}", urllib.parse.quote(p["example"]))
                elif p["required"]:
                    query.append((p["name"], p["example"]))
            body, headers = None, {}
            if "requestBody" in op:
                kind = next(iter(op["requestBody"]["content"]))
                headers["Content-Type"] = kind
                body = {"application/json": json.dumps({"act": "test", "subject": "nobody", "who": "test"} if
                                                       path.endswith("acts") else []).encode(),
                        "application/x-protobuf": daemon.write_request("x", [(int(time.time() * 1000), 1.0)])
                        }.get(kind, b"query=vector(1)&match[]=up&start=1790000000&end=1790000060&step=60")
                if kind == "application/x-protobuf":
                    headers["Content-Encoding"] = "snappy"
            formats = [p["schema"]["enum"] for p in op.get("parameters", ()) if p["name"] in ("format", "as")]
            for form in formats[0] if formats else [None]:
                name = next((p["name"] for p in op.get("parameters", ()) if p["name"] in ("format", "as")), None)
                asked = query + ([(name, form)] if form else [])
                full = url + ("?" + urllib.parse.urlencode(asked) if asked else "")
                got = send(port, method, full, headers, body)
                faults = held(document, op, *got)
                if path in TOLD and form == "json" and got[0] == 200:
                    rows = json.loads(got[2])[path.rsplit("/", 1)[1]]
                    faults += [f"no {TOLD[path]} in {rows}"] if not any(TOLD[path].items() <= r.items() for r in rows) else []
                need = method == "get" and not path.startswith(("/incident", "/take", "/login", "/windows/"))
                if need and got[0] != 200 and not (form == "svg") and form != "csv":
                    faults.append(f"{got[0]} {got[2][:200]}")
                if form == "csv" and got[0] == 200 and "csv" in got[1]:
                    faults += csv_good(got[2])
                tell(f"{method} {full[:80]} {got[0]}", faults)


def csv_good(text):
    lines = text.decode().split("\r\n")
    head = lines[0].count(",")
    return [] if text.startswith(b"\xef\xbb\xbf") and lines[-1] == "" and "\n" not in "".join(lines) and \
        all(l.count(",") >= head for l in lines[1:-1]) else [f"no CSV: {text[:100]}"]


def wrong(document, port):
    """Errors as they are described."""
    for method, url, status in (
            ("get", "/api/v1/query?query=(", 400), ("get", "/api/v1/query", 400), ("get", "/api/v1/series", 400),
            ("get", "/api/v1/query_range?query=up&start=2&end=1&step=1", 400),
            ("get", "/api/v1/query_range?query=up&start=0&end=99999&step=1", 400),
            ("get", "/api/v1/query_range?query=up[5m]&start=0&end=1&step=1", 400),
            ("get", "/api/v1/query?query=label_replace(vector(1),%22x-y%22,%22%22,%22%22,%22%22)", 422),
            ("get", "/api/v1/label/x-y/values", 400), ("get", "/api/v1/metadata?limit=x", 400),
            ("get", "/api/history?series=nosuch", 404),
            ("get", "/api/history?series=t1&from=abc", 400), ("get", "/api/history?series=t1&from=2000&to=1000", 400),
            ("get", "/draw/heat?to=1e9", 400), ("get", "/api/readings/nosuch", 404),
            ("get", "/api/hours/nosuch", 404), ("get", "/api/dark?lose=nosuch", 404), ("get", "/api/dark", 404),
            ("get", "/api/trips?lose=A,nosuch", 404), ("get", "/api/waves?lose=" + ",".join(["A"] * 9), 404),
            ("get", "/room/nosuch", 404), ("post", "/api/v1/acts", 400),
            ("post", "/api/v1/write", 415), ("post", "/api/v1/query", 415), ("post", "/api/v2/alerts", 415)):
        path = urllib.parse.urlparse(url).path
        match = path if path in document["paths"] else next(
            p for p in document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", p), path))
        headers = {"Content-Type": "application/json" if path.endswith("acts") else "text/plain"}
        got = send(port, method, url, headers if method == "post" else {}, b"[" if method == "post" else None)
        faults = held(document, document["paths"][match][method], *got)
        if got[0] != status:
            faults.append(f"{got[0]}, not {status}: {got[2][:200]}")
        tell(f"{method} {url[:80]} {status}", faults)


def crowd(server):
    """More queries at once than are taken: refused, counted, and named by `keisoku limits`."""
    end = int(time.time())
    for seconds in (900, 1800, 3600, 7200, 10000): # heavy enough for this machine
        heavy = "/api/v1/query_range?" + urllib.parse.urlencode({"start": end - seconds, "end": end, "step": 1,
            "query": f"max_over_time(vector(time())[{seconds}s:1s])"})
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            got = [g[0] for g in pool.map(lambda _: send(server.port, "get", heavy), range(64))]
        if 503 in got:
            break
    tell("more queries than are taken at once: 503", [] if got.count(503) > 0 and got.count(200) > 0 else [got])
    hits = said = 0
    for _ in range(60):
        said = subprocess.run([daemon.KEISOKU, "limits", "--json", "--state", server.state], capture_output=True,
                              text=True, timeout=20).stdout
        hits = next((r.get("hit", 0) for r in json.loads(said)["limits"] if r["name"] == "queries"), 0)
        if hits:
            break
        time.sleep(0.5)
    tell("and which limit that was stands in `keisoku limits`", [] if hits > 0 else [said[-300:]])


def main():
    server = daemon.Daemon(site=SITE).start()
    try:
        server.wait(30)
        time.sleep(3)
        status, kind, text = send(server.port, "get", "/api/v1/openapi.json")
        document = json.loads(text)
        tell("the description is served", [] if document["openapi"].startswith("3.1") else [text[:100]])
        form_of(document)
        routes(document)
        examples(document, server.port)
        wrong(document, server.port)
        crowd(server)
    finally:
        server.done()
    print(f"1..{count}")
    sys.exit(bad > 0)


main()
