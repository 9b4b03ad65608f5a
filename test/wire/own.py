#!/usr/bin/python3
"""test/wire/own.py KEISOKU - captures made here (made.py), through the built program: the
audit and the comparison say what is in them and nothing else, the same on one thread and
on several, from a file, packed, cut short, or from a pipe; each form of the report is
written."""
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile
from tap import check, ended

HERE = os.path.dirname(os.path.abspath(__file__))


def run(*words, data=None, codes=(0, 1, 2)):
    out = subprocess.run([sys.argv[1], *words], capture_output=True, timeout=120, input=data)
    if out.returncode not in codes:
        check(" ".join(words), False, f"{out.returncode} {out.stderr.decode()}")
    return out


def audit(*words, data=None):
    return json.loads(run("audit", "--json", "--tz", "UTC", *words, data=data).stdout)


def what_is_said(a):
    check("frames and streams", (a["flows"]["udp"], a["flows"]["tcp"]) == (115, 109), a["flows"])
    laptop = a["devices"][0]
    check("the device has a name by DHCP", (laptop["address"], laptop["name"],
          laptop["name_from"]) == ("192.168.7.20", "keiri-pc-07", "dhcp"), laptop)
    sums = [d for d in a["destinations"] if d["device"] == "192.168.7.20"]
    check("bytes of the device are those of its destinations", laptop["bytes_out"] >=
          sum(d["bytes_out"] for d in sums) > 0, laptop)
    mdm = [d for d in sums if d["name"] == "mdm.vendor.example"]
    check("one destination by name", [(d["domain"], d["protocol"], d["port"], d["flows"])
          for d in mdm] == [("vendor.example", "tls", 443, 96)], mdm)
    check("questions", {q["name"]: q["count"] for q in a["dns"]} == {
        "mdm.vendor.example": 96, "telemetry.vendor.example": 12, "ads.tracker.example": 1},
        a["dns"])
    check("requests", [h["method"] for h in a["http"]].count("POST") == 12 and
          len(a["http"]) == 13)
    check("handshakes", len(a["tls"]) == 96 and a["tls"][0]["version"] == "TLS 1.2" and
          a["tls"][0]["sni"] == "mdm.vendor.example", a["tls"][:1])


def what_is_found(a):
    found = {(p["what"], p["to"], p["period_s"]) for p in a["periodic"]}
    check("periods: the hourly contact and the daily traceroute, no other",
          found == {("contact", "mdm.vendor.example", 3600),
                    ("traceroute", "telemetry.vendor.example", 86400)}, found)
    check("four traceroutes of five hops", [t["hops"] for t in a["traceroutes"]] == [5] * 4,
          a["traceroutes"])
    cards = [p for p in a["personal"] if p["category"] == "card"]
    check("the card, masked, twelve times", [(p["masked"], p["count"]) for p in cards] ==
          [("45************66", 12)], cards)
    check("no full value anywhere", "4532015112830366" not in json.dumps(a))
    ids = {f["id"] for f in a["findings"]}
    check("findings", {"KS-WIRE-002", "KS-WIRE-004", "KS-WIRE-015", "KS-WIRE-017"} <= ids, ids)
    for f in a["findings"]:
        if run("explain", f["id"], codes=(0,)).returncode != 0 or not f["evidence"]:
            check("finding " + f["id"], False, f)


def same_any_way(path, a):
    for key in ("capture", "speed"):
        a.pop(key)
    with open(path, "rb") as f:
        data = f.read()
    for way, b in (("one thread", audit(path, "--threads", "1")),
                   ("three threads", audit(path, "--threads", "3")),
                   ("a pipe", audit("-", data=data)),
                   ("a packed pipe", audit("-", data=gzip.compress(data)))):
        for key in ("capture", "speed"):
            b.pop(key)
        check("the same from " + way, a == b, [k for k in a if a[k] != b[k]])
    with tempfile.NamedTemporaryFile(suffix=".pcap") as cut:
        cut.write(data[:len(data) // 2])
        cut.flush()
        b = audit(cut.name)
        stopped = b["capture"]["files"][0]["stopped"]
        check("half a file: what was read, and where it stopped", stopped is not None and
              0 < b["capture"]["frames"] < 900 and
              "KS-WIRE-023" in {f["id"] for f in b["findings"]}, b["capture"])


def forms(folder, path):
    text = run("audit", path, "--tz", "UTC", "--lang", "en").stdout.decode()
    first = "\n".join(text.split("\n")[:14])
    for word in ("keiri-pc-07", "card numbers", "telemetry.vendor.example",
                 "every 1 h", "96 of 96", "04:30"):
        check("the first screen says " + word, word in first, first)
    html, eve = os.path.join(folder, "a.html"), os.path.join(folder, "eve.json")
    for lang in ("ja", "en"):
        run("audit", path, "--html", html, "--lang", lang, "--zeek", folder, "--eve", eve)
        with open(html, encoding="utf-8") as f:
            page = f.read()
        check(f"a page in {lang} that asks nobody", f'<html lang="{lang}">' in page and
              "<svg" in page and "http://" not in page.split("</style>")[0] and
              "<script" not in page and "<img" not in page)


def zeek(folder, name):
    """Rows of a log, by the names of its columns."""
    with open(os.path.join(folder, name + ".log")) as f:
        lines = f.read().split("\n")
    names = [x for x in lines if x.startswith("#fields")][0].split("\t")[1:]
    rows = [x.split("\t") for x in lines if x and x[0] != "#"]
    check(f"{name}.log has its columns in each row", all(len(r) == len(names) for r in rows), rows[:1])
    return [dict(zip(names, r)) for r in rows]


def rows_of_flows(folder, path, a):
    """One row a flow, when it ends; one a question; the same with any number of threads."""
    eve = os.path.join(folder, "eve.json")
    run("audit", path, "--zeek", folder, "--eve", eve, "--threads", "1")
    conn = zeek(folder, "conn")
    tcp = [c for c in conn if c["proto"] == "tcp"]
    check("a row for each TCP stream", len(tcp) == a["flows"]["tcp"] == 109, len(tcp))
    check("each closed in order", {(c["conn_state"], c["history"]) for c in tcp} == {("SF", "ShADdFf")},
          {(c["conn_state"], c["history"]) for c in tcp})
    check("probes without an answer", sum(c["conn_state"] == "S0" for c in conn) >= 20)
    check("each flow has a name of its own", len({c["uid"] for c in conn}) == len(conn))
    check("packets and bytes are those of the capture", (
        sum(int(c["orig_pkts"]) + int(c["resp_pkts"]) for c in conn),
        sum(int(c["orig_frame_bytes"]) + int(c["resp_frame_bytes"]) for c in conn)) ==
        (a["capture"]["frames"], a["capture"]["frame_bytes"]), a["capture"])
    mdm = [c for c in tcp if c["resp_name"] == "mdm.vendor.example"]
    check("payload, not frames", {(c["orig_bytes"], c["resp_bytes"], c["service"]) for c in mdm} ==
          {("290", "258", "ssl")} and len(mdm) == 96, mdm[:1])
    check("requests and handshakes are of these flows", {h["uid"] for h in zeek(folder, "http")} |
          {t["uid"] for t in zeek(folder, "ssl")} == {c["uid"] for c in tcp})
    dns = zeek(folder, "dns")
    check("a row for each question, with its answer", len(dns) == 109 and all(
        d["rcode_name"] == "NOERROR" and abs(float(d["rtt"]) - .002) < .00001 and d["answers"].count(".") == 3 for d in dns),
        dns[:1])
    check("what was found", {n["note"] for n in zeek(folder, "notice")} >=
          {"Keisoku::KS-WIRE-002", "Keisoku::KS-WIRE-004"})
    zeek(folder, "x509"), zeek(folder, "files")
    with open(eve) as f:
        events = [json.loads(line) for line in f]
    kinds = [e["event_type"] for e in events]
    flows = [e for e in events if e["event_type"] == "flow"]
    check("EVE events", (kinds.count("flow"), kinds.count("dns"), kinds.count("http"), kinds.count("tls")) ==
          (len(conn), 218, 13, 96) and kinds.count("alert") > 2, {k: kinds.count(k) for k in set(kinds)})
    check("EVE flows are the same flows", sum(e["flow"]["bytes_toserver"] + e["flow"]["bytes_toclient"]
          for e in flows) == a["capture"]["frame_bytes"] and len({e["flow_id"] for e in flows}) == len(conn))
    run("audit", path, "--zeek", folder, "--threads", "3")
    key = lambda r: sorted(r.items())
    check("as many threads as there are", sorted(zeek(folder, "conn"), key=key) == sorted(conn, key=key) and
          sorted(zeek(folder, "dns"), key=key) == sorted(dns, key=key))
    run("audit", path, "--zeek", folder, "--zeek-json")
    with open(os.path.join(folder, "conn.log")) as f:
        lines = [json.loads(line) for line in f]
    check("as JSON lines", len(lines) == len(conn) and {x["uid"] for x in lines} == {c["uid"] for c in conn})
    out = run("audit", path, "--zeek", os.path.join(folder, "none"), "--lang", "en", codes=(3,))
    check("a folder that is not there is said", b"no such folder; make it first" in out.stderr, out.stderr)


def listed(folder, path):
    lists, accept = os.path.join(folder, "bad.txt"), os.path.join(folder, "accept")
    with open(lists, "w") as f:
        f.write("||ads.tracker.example^\n203.0.113.9\n")
    a = audit(path, "--list", "bad=" + lists)
    check("what is on a list", sorted((x["indicator"], x["list"]) for x in a["listed"]) ==
          [("203.0.113.9", "bad"), ("ads.tracker.example", "bad")], a["listed"])
    with open(accept, "w") as f:
        f.write('accept keiri-pc-07 ads.tracker.example KS-WIRE-001 reason="known" '
                'owner=yamada until=2027-03-31\n')
    for day, want in (("2027-03-31", ["ads.tracker.example"]), ("2027-04-01", [])):
        a = audit(path, "--list", "bad=" + lists, "--accept", accept, "--today", day)
        kept = [f["to"] for f in a["findings"] if f["accepted"]]
        check("what is accepted stays, apart, until its day is over: " + day, kept == want, kept)


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def named(folder, path):
    """The same frames as pcapng, with a name block behind them."""
    with open(path, "rb") as f:
        data = f.read()
    out = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)),
           block(1, struct.pack("<HHI", 1, 0, 0))]
    at = 24
    while at < len(data):
        s, us, here, length = struct.unpack("<IIII", data[at:at + 16])
        t = s * 1000000 + us
        out.append(block(6, struct.pack("<IIIII", 0, t >> 32, t & 0xffffffff, here, length) +
                         data[at + 16:at + 16 + here]))
        at += 16 + here
    name = b"the-gateway\0"
    out.append(block(4, struct.pack("<HH", 1, 4 + len(name)) + bytes([192, 168, 7, 1]) + name +
                     b"\0" * (-len(name) % 4) + b"\0\0\0\0"))
    with open(os.path.join(folder, "named.pcapng"), "wb") as f:
        f.write(b"".join(out))
    a = audit(os.path.join(folder, "named.pcapng"))
    got = {d["address"]: (d["name"], d["name_from"]) for d in a["devices"]}
    check("a name block names a device, marked as the capture's word; its own name counts more",
          got.get("192.168.7.1") == ("the-gateway", "capture") and
          got.get("192.168.7.20") == ("keiri-pc-07", "dhcp"), got)


def compared(before, after):
    c = json.loads(run("compare", "--json", before, after).stdout)
    check("destinations gone and new",
          {d["name"] for d in c["destinations"]["gone"]} == {
              "mdm.vendor.example", "telemetry.vendor.example", "ads.tracker.example"} and
          [d["name"] for d in c["destinations"]["new"]] == ["update.os.example"],
          c["destinations"])
    check("less bytes, shorter round trip", c["bytes"]["change"] < -90 and
          c["handshake_us"]["before"] > c["handshake_us"]["after"] > 0, c["bytes"])
    check("findings gone", "KS-WIRE-002" in {f["id"] for f in c["findings"]["gone"]})
    text = run("compare", before, after, "--lang", "en").stdout.decode()
    check("the first line tells", text.startswith("−") and "findings gone" in
          text.split("\n")[0], text[:200])


def compared_with_nothing(folder, before):
    """A capture without a packet on one side, or on both: said so, and no empty brackets."""
    empty, page = os.path.join(folder, "empty.pcap"), os.path.join(folder, "empty.html")
    with open(empty, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for sides, said in (((before, empty), ("may only not have been heard", "記録されなかっただけ")),
                        ((empty, before), ("no traffic before", "前の記録に通信がありません")),
                        ((empty, empty), ("nothing was heard", "何も記録されていません"))):
        for lang, first, none in (("en", said[0], "not one packet"), ("ja", said[1], "パケットがありません")):
            text = run("compare", *sides, "--lang", lang, "--html", page).stdout.decode()
            with open(page) as f:
                markup = f.read()
            n = sides.count(empty)
            check(f"compared with nothing, {lang}: {first}", first in text.split("\n")[0] and
                  text.count(none) == n and "()" not in text and "（）" not in text, text[:300])
            check(f"compared with nothing, page, {lang}", first in markup and markup.count(none) == n and
                  "()" not in markup and "（）" not in markup, markup[:300])


# as a proxy (mitmproxy) and a browser's driver (_securityDetails, _error) write it
HAR_POST = '{"mail":"taro.yamada@mail.example.jp","card":"4539578763621486","phone":"090-1234-5678"}'
HAR_TOLD = {"protocol": "TLS 1.3", "subjectName": "mdm.vendor.example", "issuer": "Vendor CA",
            "validFrom": 1775600000, "validTo": 1775900000}


def har_entry(hour, method, url, address, status=200, **more):
    post = more.pop("post", "")
    request = {"method": method, "url": url, "headers": [], "headersSize": 100,
               "bodySize": len(post), "httpVersion": "HTTP/1.1"}
    if post:
        request["postData"] = {"mimeType": "application/json", "text": post}
    return {"startedDateTime": f"2026-04-{20 + hour // 24}T{hour % 24:02}:00:00+00:00", "time": 20,
            "serverIPAddress": address, "request": request, "response": {
                "status": status, "headers": [], "headersSize": 90, "bodySize": 10,
                "content": {"size": 10, "mimeType": "text/html"}, **more.pop("response", {})},
            **more}


def proxied(folder):
    path, page = os.path.join(folder, "laptop.har"), os.path.join(folder, "laptop.html")
    entries = [har_entry(h, "GET", "https://mdm.vendor.example/checkin", "203.0.113.10",
                         _securityDetails=HAR_TOLD) for h in range(40)]
    entries.append(har_entry(3, "POST", "http://up.vendor.example/api", "203.0.113.11",
                             post=HAR_POST))
    entries.append(har_entry(4, "GET", "http://up.vendor.example/q?mail=hanako.sato%40mail."
                             "example.jp&n=1", "203.0.113.11"))
    entries.append(har_entry(5, "GET", "https://bad.example/", "203.0.113.12", status=0,
                             response={"_error": "net::ERR_CERT_AUTHORITY_INVALID"}))
    with open(path, "w") as f:
        json.dump({"log": {"version": "1.2", "creator": {"name": "mitmproxy",
                                                         "version": "10.4"},
                           "entries": entries}}, f)
    with open(path, "rb") as f:
        packed = gzip.compress(f.read())
    a = audit(path)
    check("a HAR's device, destinations and requests", (
        a["devices"][0]["name"], {d["name"]: d["flows"] for d in a["destinations"]},
        len(a["http"])) == ("laptop", {"mdm.vendor.example": 40, "up.vendor.example": 2,
                                       "bad.example": 1}, 43), a["devices"])
    check("a HAR's hourly contact", [(p["to"], p["period_s"]) for p in a["periodic"]] ==
          [("mdm.vendor.example", 3600)], a["periodic"])
    check("a HAR's personal data", sorted(p["category"] for p in a["personal"]) ==
          ["card", "email", "email", "phone"], a["personal"])
    check("the address of a request is masked where a person stands in it", "/q?mail=ha" in str(
        [h["uri"] for h in a["http"]]) and "hanako.sato" not in json.dumps(a) and
        any(h["uri"].endswith("&n=1") for h in a["http"]), a["http"][-2:])
    tls = {t["sni"]: t for t in a["tls"]}
    check("a certificate that a HAR tells of, and one that was refused",
          tls["mdm.vendor.example"]["certificate"]["issuer"] == "Vendor CA" and
          tls["mdm.vendor.example"]["certificate"]["verdicts"] == ["expired", "short_validity"]
          and tls["bad.example"]["refused"] == "yes", a["tls"][:1])
    piped = audit("-", data=packed)
    check("a HAR packed and from a pipe", piped["findings"] != [] and
          len(piped["http"]) == 43, piped["capture"])
    out = [run("audit", path, "--html", page, "--lang", "en").stdout.decode(), json.dumps(a)]
    with open(page) as f:
        out.append(f.read())
    check("nothing of a HAR's personal data in full", all(
        w not in o for o in out for w in ("taro.yamada", "hanako.sato", "4539578763621486", "090-1234-5678")) and
        all("up.vendor.example" in o for o in out))


def opened(folder):
    """What was inside TLS does not stand under what was in clear."""
    path, page = os.path.join(folder, "inside.har"), os.path.join(folder, "inside.html")
    inside = har_entry(1, "POST", "https://up.vendor.example/api", "203.0.113.11", post=HAR_POST)
    clear = har_entry(2, "POST", "http://in.vendor.example/api", "203.0.113.12",
                      post='{"mail":"hanako.sato@mail.example.jp"}')
    for entries, heads in (([inside], (False, True)), ([clear], (True, False)),
                           ([inside, clear], (True, True))):
        with open(path, "w") as f:
            json.dump({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"},
                               "entries": entries}}, f)
        text = run("audit", path, "--lang", "en").stdout.decode()
        run("audit", path, "--html", page, "--lang", "en")
        with open(page) as f:
            markup = f.read()
        for what, said in (("text", text), ("report", markup)):
            check(f"{what}: personal data in clear, inside TLS: {heads}", (
                "Personal data in clear" in said, "Personal data inside TLS" in said) == heads)


def wrong():
    for words, say in ((("audit", "/nonexistent.pcap"), "nonexistent"),
                       (("audit", __file__), "own.py"), (("audit",), "name capture files")):
        out = run(*words, codes=(3,))
        check("wrong words: " + " ".join(words)[-30:], out.returncode == 3 and
              say in out.stderr.decode(), out.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        before, after = os.path.join(folder, "before.pcap"), os.path.join(folder, "after.pcap")
        subprocess.run([os.path.join(HERE, "made.py"), before], check=True)
        subprocess.run([os.path.join(HERE, "made.py"), after, "after"], check=True)
        a = audit(before)
        what_is_said(a)
        what_is_found(a)
        rows_of_flows(folder, before, a)
        same_any_way(before, a)
        forms(folder, before)
        listed(folder, before)
        compared(before, after)
        compared_with_nothing(folder, before)
        named(folder, before)
        proxied(folder)
        opened(folder)
        wrong()
    return ended()


if __name__ == "__main__":
    sys.exit(main())
