#!/usr/bin/python3
"""test/query/compare.py KEISOKU [GENERATED] - keisoku's answers to PromQL held against those of
the packaged Prometheus, answer by answer: both are sent the same samples by remote-write, then
asked the same, at moments and over ranges, and for series, labels and values.

Equal: the same status and errorType; the same resultType; the same sets of labels (in the same
order where sort() asks for one); the same times; and values that are both NaN, or the same to
4 units in the last place, or - sums taken in another order, libm against Go's - to 1e-12 of the
larger.  How many are the same bit for bit is said.  SKIP (77) without prometheus."""
import json, math, os, shutil, subprocess, sys, tempfile, threading, time
import urllib.error, urllib.parse, urllib.request
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../fault")]
os.environ["KS_KEISOKU"] = os.path.abspath(sys.argv[1])
import daemon
from expressions import WRITTEN, WRONG, generated
from samples import series_of, request_of
SAME_ULP, SAME_SHARE = 4, 1e-12


def send(port, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/write", data=daemon.snappy(body),
        headers={"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf",
                 "X-Prometheus-Remote-Write-Version": "0.1.0"})
    with urllib.request.urlopen(request, timeout=60) as r:
        assert r.status in (200, 204), r.status


def ask(port, path, form, post=False):
    body = urllib.parse.urlencode(form)
    url = f"http://127.0.0.1:{port}/api/v1/{path}"
    try:
        with urllib.request.urlopen(url if post else url + "?" + body, body.encode() if post else None,
                                    timeout=120) as r:
            return r.status, json.load(r)
    except urllib.error.HTTPError as e:
        text = e.read()
        try:
            return e.code, json.loads(text)
        except ValueError:
            return e.code, {"status": "no JSON", "error": text.decode(errors="replace")}


class Prometheus:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="keisoku-prometheus-")
        self.port = daemon.free_port()
        with open(os.path.join(self.folder, "prometheus.yml"), "w") as f:
            f.write("global:\n  scrape_interval: 1m\n")
        self.process = subprocess.Popen(["prometheus", "--config.file=" + self.folder + "/prometheus.yml",
            "--storage.tsdb.path=" + self.folder + "/data", "--web.enable-remote-write-receiver",
            f"--web.listen-address=127.0.0.1:{self.port}", "--storage.tsdb.retention.time=1y",
            "--enable-feature=promql-at-modifier,promql-negative-offset"],
            stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.folder, "log"), "w"))
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2) as r:
                    if r.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("prometheus does not start")

    def done(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


exact = close = 0


def same_value(a, b):
    global exact, close
    x, y = float(a), float(b)
    if a == b or (math.isnan(x) and math.isnan(y)):
        exact += 1
        return True
    if math.isnan(x) or math.isnan(y) or math.isinf(x) or math.isinf(y):
        return False
    if abs(x - y) <= max(SAME_ULP * math.ulp(max(abs(x), abs(y))), SAME_SHARE * max(abs(x), abs(y))):
        close += 1
        return True
    return False


def key(item):
    return json.dumps(item["metric"], sort_keys=True)


def differ(ours, theirs, ordered):
    """None, or what differs first."""
    if ours.get("status") != theirs.get("status"):
        return f"status {ours.get('status')} {ours.get('error')} / {theirs.get('status')} {theirs.get('error')}"
    if ours["status"] != "success":
        return None if ours["errorType"] == theirs["errorType"] else \
            f"{ours['errorType']} {ours['error']} / {theirs['errorType']} {theirs['error']}"
    a, b = ours["data"], theirs["data"]
    if a["resultType"] != b["resultType"]:
        return f"{a['resultType']} / {b['resultType']}"
    if a["resultType"] in ("scalar", "string"):
        same = a["result"][0] == b["result"][0] and (same_value(a["result"][1], b["result"][1])
            if a["resultType"] == "scalar" else a["result"] == b["result"])
        return None if same else f"{a['result']} / {b['result']}"
    x, y = a["result"], b["result"]
    if not ordered:
        x, y = sorted(x, key=key), sorted(y, key=key)
    if [key(i) for i in x] != [key(i) for i in y]:
        more = [key(i) for i in x if key(i) not in {key(k) for k in y}]
        less = [key(i) for i in y if key(i) not in {key(k) for k in x}]
        return f"series: {len(x)} / {len(y)}, only ours {more[:3]}, only theirs {less[:3]}"
    for i, k in zip(x, y):
        p = i.get("values") or [i.get("value")]
        q = k.get("values") or [k.get("value")]
        if [m[0] for m in p] != [m[0] for m in q]:
            return f"{key(i)}: times {len(p)} / {len(q)}"
        for m, n in zip(p, q):
            if not same_value(m[1], n[1]):
                return f"{key(i)} at {m[0]}: {m[1]} / {n[1]}"
    return None


def names(ports, start, end):
    """series, labels and values, with and without match[] and times."""
    matches = [[], ["temperature_celsius"], ['{job=~"n.*"}'], ["up", "requests_total"], ['{__name__=~".+"}'],
               ["nothing_there"]]
    for match in matches:
        for when in ({}, {"start": start, "end": end}):
            form = [("match[]", m) for m in match] + list(when.items())
            if match:
                yield "series", form
            yield "labels", form
            for name in ("__name__", "job", "room", "nothing", "le"):
                yield f"label/{name}/values", form
    yield "series", []
    yield "series", [("match[]", "{")]
    yield "series", [("match[]", "up[5m]")]
    yield "label/x-y/values", []


def sealed(ports):
    """Part of the samples is sealed, part is not: a query reads both.  The store seals a window of two
    hours of the clock when it is over, so soon after its end only a sample of this moment is open."""
    for _ in range(40):
        ms = int(time.time() * 1000)
        for port in ports:
            send(port, request_of([({"__name__": "flat", "n": "1"}, [(ms, 7.5)])], ms, ms + 1))
        with urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/api/status", timeout=20) as r:
            store = json.load(r)["store"]
        if store["samples_sealed"] > 0 and store["samples_head"] > 0:
            return True
        time.sleep(0.5)
    print(f"not ok 1 - sealed {store['samples_sealed']}, open {store['samples_head']} samples")
    return False


def heavy(port, start, end):
    """A query of many seconds: others are answered meanwhile, its time-out is kept, nothing is left."""
    once = 'sum(quantile_over_time(0.5, {__name__=~"requests_total|latency_bucket"}[4h:1s]))'
    form = {"query": " + ".join([once] * 12), "start": start, "end": end, "step": 60, "timeout": "1s"}
    got = []
    thread = threading.Thread(target=lambda: got.append(ask(port, "query_range", form)))
    begin = time.monotonic()
    thread.start()
    slowest = 0
    while thread.is_alive():
        at = time.monotonic()
        ask(port, "query", {"query": "1+1"})
        slowest = max(slowest, time.monotonic() - at)
        time.sleep(0.05)
    thread.join()
    took = time.monotonic() - begin
    status, answer = got[0]
    yield None if status == 503 and answer["errorType"] == "timeout" and 0.9 < took < 5 else \
        f"a query of many seconds was answered {status} {answer.get('error')} after {took:.1f} s"
    yield None if slowest < 1 else f"others waited {slowest:.2f} s for it"
    yield None if ask(port, "query", {"query": "count(up)"})[0] == 200 else "no answer afterwards"


def main():
    if shutil.which("prometheus") is None:
        print("1..0 # SKIP prometheus is not installed")
        sys.exit(77)
    count = bad = 0
    many = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    now = int(time.time()) // 60 * 60
    start, end = now - 4 * 3600, now - 600
    data = series_of(start, end)
    theirs, ours = Prometheus(), daemon.Daemon(site="site q tz=UTC lang=en\nroom r1\n").start()
    try:
        ours.wait(30)
        for at in range(start, end, 300):
            body = request_of(data, at * 1000, (at + 300) * 1000)
            for port in (theirs.port, ours.port):
                send(port, body)
        ports = ours.port, theirs.port
        count, bad = count + 1, bad + (not sealed(ports))
        mid = start + 7321.5
        moments = [("query", {"time": t}) for t in (mid, end - 1, start + 3600)]
        ranges = [("query_range", {"start": start + 1800, "end": end - 600, "step": 60}),
                  ("query_range", {"start": mid, "end": mid + 1000.25, "step": "7.5"})]
        asked = [(q, w, False) for q in WRITTEN for w in moments + ranges] + \
                [(q, w, True) for q in WRONG for w in moments[:1] + ranges[:1]] + \
                [(q, w, False) for i, q in enumerate(generated(many)) for w in (moments[i % 3], ranges[i % 2])]
        for i, (query, (path, form), wrong) in enumerate(asked):
            form = dict(form, query=query)
            answers = [ask(port, path, form, post=i % 2 == 1) for port in ports]
            said = f"HTTP {answers[0][0]} / {answers[1][0]}" if answers[0][0] != answers[1][0] else None
            before = close
            said = differ(answers[0][1], answers[1][1], query.startswith("sort")) or said
            if wrong and not said and answers[0][1]["status"] == "success":
                said = "should be refused"
            count, bad = count + 1, bad + bool(said)
            if said:
                print(f"not ok {count} - {path} {form}\n# {said}")
            elif close > before and os.environ.get("VERBOSE"):
                print(f"# {close - before} within the rule: {query}")
        for path, form in names(ports, start + 60, end):
            a, b = (ask(port, path, form)[1] for port in ports)
            if a.get("status") == "success" and b.get("status") == "success":
                order = lambda d: sorted(json.dumps(i, sort_keys=True) for i in d)
                said = None if order(a["data"]) == order(b["data"]) else \
                    f"{sorted(set(order(a['data'])) ^ set(order(b['data'])))[:4]}"
            else:
                said = None if a.get("errorType") == b.get("errorType") else f"{a} / {b}"
            count, bad = count + 1, bad + bool(said)
            if said:
                print(f"not ok {count} - {path} {form}\n# {said}")
        for said in heavy(ours.port, start, end):
            count, bad = count + 1, bad + bool(said)
            if said:
                print(f"not ok {count} - {said}")
    finally:
        ours.done()
        theirs.done()
    if not bad:
        print(f"ok 1 - {count} answers as Prometheus gives them")
    print(f"# {count} answers, {bad} differ; {exact} values the same, {close} within the rule")
    print("1..1" if not bad else f"1..{count}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
