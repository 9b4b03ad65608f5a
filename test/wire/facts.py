#!/usr/bin/python3
"""test/wire/facts.py KEISOKU [--table] [NAME...] - every recorded capture audited by the
built program and held against its facts: frames, bytes, hosts, streams, names,
certificates, requests, questions; the story captures against the truth of their
generator; each certificate verdict, with and without keys.

SSDP looks like HTTP and goes over UDP: the facts count it as requests (M-SEARCH, NOTIFY),
we tell it as names of devices; those rows of the facts are left out of the comparison.

A difference is either a failure or a row of deviations.txt with what is expected, what we
say and the reason; a row that no longer happens fails too.  There is no tolerance.
--table prints the rows for doc/measured.md, --rows the present differences as rows of
deviations.txt, whose reason is then to be written.  A TAP skip where the recordings are absent:
KS_SHARED, else ../shared/data beside the repository, holds wire/.
"""
import collections
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

HERE = os.path.dirname(os.path.abspath(__file__))
WIRE = os.path.join(os.environ.get("KS_SHARED", os.path.join(HERE, "../../../shared/data")), "wire")
VERSIONS = {"0x0300": "SSL 3.0", "0x0301": "TLS 1.0", "0x0302": "TLS 1.1",
            "0x0303": "TLS 1.2", "0x0304": "TLS 1.3"}


def audit(program, *words):
    out = subprocess.run([program, "audit", *words, "--json"], capture_output=True, timeout=300)
    if out.returncode not in (0, 1, 2):
        return None, out.stderr.decode(errors="replace")[-600:]
    return json.loads(out.stdout), ""


def when(text):
    return int(datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(
        tzinfo=timezone.utc).timestamp())


def stamp(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) if text else None


def ms(text):
    seconds, _, fraction = text.partition(".")
    return int(seconds) * 1000 + int((fraction + "000")[:3])


def clean(text):
    """tshark prints what is no UTF-8 its own way."""
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)


class Held:
    """What was found to differ in one capture."""

    def __init__(self):
        self.rows = []

    def same(self, field, want, got):
        if want != got:
            self.rows.append((field, json.dumps(want, ensure_ascii=False, sort_keys=True),
                              json.dumps(got, ensure_ascii=False, sort_keys=True)))


def numbers(held, facts, said):
    capture = said["capture"]
    for field in ("frames", "frame_bytes", "captured_bytes", "outer_ip_bytes"):
        held.same(field, facts[field], capture[field])
    held.same("hosts", facts["hosts"], said["hosts"])
    held.same("tcp_streams", facts["tcp_streams"], said["flows"]["tcp"])
    held.same("udp_streams", facts["udp_streams"], said["flows"]["udp"])
    for end in ("first", "last"):
        got = capture[end]
        want = facts[end]
        if want not in ("", "n/a") and facts["frames"] > 0:
            got = got and round(datetime.fromisoformat(
                got.replace("Z", "+00:00")).timestamp() * 1000)
            held.same(end + "_ms", ms(want), got)


def names(held, facts, said):
    want = {k.lower(): 0 for k in facts.get("sni", {})}
    for k, n in facts.get("sni", {}).items():
        want[k.lower()] += n
    got = collections.Counter(t["sni"] for t in said["tls"] if t["sni"])
    held.same("sni", want, dict(got))
    want = {VERSIONS.get(k, k): n for k, n in facts.get("server_hello_versions", {}).items()}
    got = collections.Counter(t["version"] for t in said["tls"] if t["version"] and t["cipher"])
    held.same("versions", want, dict(got))
    got = collections.Counter(t["ja3"] for t in said["tls"] if t["ja3"])
    held.same("ja3", facts.get("ja3", {}), dict(got))


def certificates(held, want, said):
    got = {c["sha256"]: c for c in said["certificates"]}
    held.same("certs", sorted(c["sha256_der"] for c in want), sorted(got))
    for fact in want:
        one = got.get(fact["sha256_der"])
        if one is None:
            continue
        at = "cert " + fact["sha256_der"][:12] + " "
        held.same(at + "subject", fact["subject"], one["subject"])
        held.same(at + "issuer", fact["issuer"], one["issuer"])
        held.same(at + "not_before", when(fact["not_before"]), stamp(one["not_before"]))
        held.same(at + "not_after", when(fact["not_after"]), stamp(one["not_after"]))
        held.same(at + "self_issued", fact["self_issued"], one["self_issued"])
        held.same(at + "serial", fact["serial"].upper(), (one["serial"] or "").upper())
        if "san" in fact and fact["san"]:
            san = [s.strip().replace("IP Address:", "IP:") for s in fact["san"].split(",")]
            held.same(at + "san", sorted(san), sorted(one["san"]))


SSDP = ("M-SEARCH", "NOTIFY")


def without_ssdp(facts):
    methods = facts.get("http_methods", {})
    n = sum(methods.get(m, 0) for m in SSDP)
    if n == 0:
        return facts
    kept = dict(facts)
    kept["http_methods"] = {k: v for k, v in methods.items() if k not in SSDP}
    kept["http_requests"] = facts["http_requests"] - n
    kept["http_hosts"] = {k: v for k, v in facts["http_hosts"].items()
                          if not k.endswith(":1900")}
    kept["http_first"] = [h for h in facts["http_first"] if h["method"] not in SSDP]
    return kept


def requests(held, facts, said):
    facts = without_ssdp(facts)
    # facts list what tshark decrypts with a file's own secrets only where they name it so
    opened = "without_dsb" in facts
    rows = [h for h in said["http"] if opened or not h["decrypted"]]
    held.same("http_requests", facts.get("http_requests", 0), len(rows))
    held.same("http_methods", facts.get("http_methods", {}),
              dict(collections.Counter(h["method"] for h in rows)))
    held.same("http_hosts", {clean(k): n for k, n in facts.get("http_hosts", {}).items() if k},
              dict(collections.Counter(clean(h["host"]) for h in rows if h["host"])))
    for field, picked in (("http_first", rows), ("http_posts", [h for h in rows
                                                                if h["method"] == "POST"])):
        want = [(f["frame"], f["method"], clean(f["host"] or ""), clean(f["uri"] or ""))
                for f in facts.get(field, [])]
        got = [(h["frame"], h["method"], clean(h["host"] or ""), clean(h["uri"] or "")[:300])
               for h in picked[:len(want)]]
        for i, one in enumerate(want):
            held.same(f"{field} {i}", list(one), list(got[i]) if i < len(got) else None)


def questions(held, facts, said):
    got = collections.Counter()
    for row in said["dns"]:
        if row["count"] > 0:
            got[clean(row["name"].lower())] += row["count"]
    want = collections.Counter()
    for name, n in facts.get("dns_top", {}).items():
        want[clean(name.lower())] += n
    held.same("dns_queries", facts.get("dns_queries", 0), sum(got.values()))
    held.same("dns_names", facts.get("dns_names", 0), len(got))
    for name, n in want.items():
        held.same("dns " + name, n, got.get(name, 0))


def traces(held, facts, said):
    if facts.get("is_traceroute"):
        held.same("traceroute found", True, len(said["traceroutes"]) > 0)
    elif facts["category"] != "traceroute" and facts["category"] != "story":
        held.same("traceroutes", 0, len(said["traceroutes"]))


def periodic_of(said, name):
    return [p for p in said["periodic"] if p["what"] == "contact" and p["to"] == name]


def story_periods(held, truth, said):
    for name, period in truth.get("period_s", {}).items():
        if name == "traceroute":
            found = [p for p in said["periodic"] if p["what"] == "traceroute"]
            want = truth["counts"]["traceroutes"]
            held.same("story traceroute period", [period] if want >= 3 else [],
                      [p["period_s"] for p in found])
            if found:
                held.same("story traceroute time", True, abs(
                    int(found[0]["local_time"][:2]) * 60 + int(found[0]["local_time"][3:]) -
                    int(truth["traceroute_local_time"][:2]) * 60 -
                    int(truth["traceroute_local_time"][3:])) <= 1)
            continue
        found = periodic_of(said, name)
        held.same(f"story {name} found", 1, len(found))
        if found:
            held.same(f"story {name} period", True,
                      abs(found[0]["period_s"] - period) <= period / 100)
            held.same(f"story {name} missed", 0, found[0]["missed"])
    counts = {"mdm.vendor.example": "mdm_checkins", "c2.badlist.example": "c2_contacts"}
    for name, key in counts.items():
        for p in periodic_of(said, name):
            held.same(f"story {name} contacts", truth["counts"].get(key), p["contacts"])
    allowed = set(truth.get("period_s", {})) | {"192.0.2.123", "ntp.example",
                                                "update.os.example", "cdn.os.example"}
    held.same("story no other periods", [], [p["to"] for p in said["periodic"]
              if p["what"] == "contact" and p["to"] not in allowed])


def story_rest(held, truth, said):
    days = {day for s in said["silence"] for day in s["days"] if "vendor" in s["to"]}
    held.same("story silent days", truth["silent_days"], sorted(days))
    held.same("story calendars", [], sorted({c for s in said["silence"]
                                             for c in s["calendars"]}))
    held.same("story traceroutes", truth["counts"].get("traceroutes", 0),
              len(said["traceroutes"]))
    held.same("story posts", truth["counts"].get("http_posts", 0),
              sum(h["method"] == "POST" for h in said["http"]))
    held.same("story gets", truth["counts"].get("http_gets", 0),
              sum(h["method"] == "GET" for h in said["http"]))
    held.same("story tls", truth["counts"]["tls_sessions"], len(said["tls"]))
    held.same("story device", True, truth["device"] in [d["address"] for d in said["devices"]])


def ends(text):
    """What masking keeps, however the value is written (a telephone's hyphens)."""
    return text[:2] + text[-2:]


def story_personal(held, truth, said):
    rows = {(p["category"], ends(p["masked"])) for p in said["personal"]
            if p["grade"] != "possible"}
    planted = truth.get("personal_data_in_clear", {})
    for key, category in (("card", "card"), ("my_number", "my_number"), ("email", "email"),
                          ("phone", "phone"), ("imei", "device_id"), ("serial", "device_id")):
        if key in planted:
            held.same(f"story {key}", True, (category, ends(planted[key])) in rows)
    if "lat" in planted:
        held.same("story location", True, any(c == "location" for c, _ in rows))
    if not planted:
        held.same("story no personal data", [], sorted(rows))
    for key, value in truth.get("decoys_that_must_not_be_reported", {}).items():
        held.same(f"story decoy {key}", False, ends(value) in [
            m for c, m in rows if c in ("card", "my_number", "phone", "device_id")])


def story_listed(held, program, path, truth):
    with tempfile.TemporaryDirectory() as folder:
        listing = os.path.join(folder, "list.txt")
        with open(listing, "w") as f:
            f.write("\n".join(truth["block_listed"]["domains"] +
                              truth["block_listed"]["ips"]) + "\n")
        said, failed = audit(program, path, "--list", "bad=" + listing)
    if said is None:
        held.same("story list", "an audit", failed)
        return
    want = set()
    if "c2_contacts" in truth["counts"]:
        want = set(truth["block_listed"]["domains"] + truth["block_listed"]["ips"])
    held.same("story listed", sorted(want), sorted({row["indicator"] for row in said["listed"]}))


# by the name of the capture: verdicts of the leaf, refused
MATRIX = {
    "tls10-valid": ([], "no"), "tls11-valid": ([], "no"), "tls12-valid": ([], "no"),
    "tls12-expired": (["expired"], "no"), "tls12-mismatch": (["name_mismatch"], "no"),
    "tls12-notyet": (["not_yet_valid"], "no"), "tls12-norsa-null": ([], "no"),
    "tls12-rsa-kex": ([], "no"), "tls12-short-lived": (["short_validity"], "no"),
    "tls12-selfsigned": (["self_signed"], "no"), "tls12-rejected": (["self_signed"], "yes"),
    "tls12-rejected-gnutls": (None, "yes"), "tls12-weak": (["weak_digest", "weak_key"], "no"),
    "tls12-valid-dsb": ([], "no"), "tls13-valid": (None, "no"), "tls13-valid-dsb": ([], "no"),
    "tls13-selfsigned": (None, "no"), "tls13-selfsigned-dsb": (["self_signed"], "no"),
    "tls13-rejected": (None, "yes"), "tls13-rejected-gnutls": (None, "likely"),
    "tls13-rejected-dsb": (["self_signed"], "yes"),
}


def matrix(held, program, path, name, facts):
    root = os.path.join(os.path.dirname(path), "test-root.pem")
    said, failed = audit(program, path, "--trust", root)
    if said is None or len(said["tls"]) != 1:
        held.same("matrix sessions", 1, failed or len(said["tls"]))
        return
    row = said["tls"][0]
    verdicts, refused = MATRIX[name]
    held.same("matrix refused", refused, row["refused"])
    if row["version"] == "TLS 1.3" and not name.endswith("-dsb"):
        held.same("matrix not visible", False, row["certificate"]["visible"])
    if verdicts is not None:
        known = ("expired", "name_mismatch", "not_yet_valid", "short_validity", "weak_key",
                 "weak_digest", "self_signed")
        held.same("matrix verdicts", sorted(verdicts), sorted(
            v for v in row["certificate"]["verdicts"] if v in known))
    if name.endswith("-dsb"):
        late(held, program, path, said)
    if name == "tls12-norsa-null": # encrypted with nothing: anybody reads it
        held.same("matrix NULL cipher is clear text", [False], [
            h["decrypted"] for h in said["http"]])
    if "with_keylog" in facts:
        log = re.sub(r"\.pcap$", ".sslkeylog.txt", path)
        said, failed = audit(program, path, "--trust", root, "--keylog", log)
        if said is None:
            held.same("matrix key log", "an audit", failed)
            return
        certificates(held, facts["with_keylog"]["certs"] or [], said)
        want = [(h["method"], h["host"], h["uri"])
                for h in facts["with_keylog"]["http_first"] or []]
        held.same("matrix http with keys", want,
                  [(h["method"], h["host"], h["uri"]) for h in said["http"]])


def late(held, program, path, before):
    """The secrets behind the frames, as a dump that is made at the end has them."""
    with open(path, "rb") as f:
        data = f.read()
    out, last, at = b"", b"", 0
    while at < len(data):
        kind, length = struct.unpack("<II", data[at:at + 8])
        block = data[at:at + length]
        out, last, at = (out, last + block, at + length) if kind == 10 else (
            out + block, last, at + length)
    with tempfile.NamedTemporaryFile(suffix=".pcapng") as f:
        f.write(out + last)
        f.flush()
        said, failed = audit(program, f.name)
    held.same("secrets behind the frames", [
        (h["uri"], h["decrypted"]) for h in before["http"]], failed or [
        (h["uri"], h["decrypted"]) for h in said["http"]])


def hold(program, name):
    with open(os.path.join(WIRE, "facts", name)) as f:
        facts = json.load(f)
    held = Held()
    path = os.path.join(WIRE, facts["file"])
    said, failed = audit(program, path, "--tz", "Asia/Tokyo")
    if said is None:
        held.same("audit", "an answer", failed)
        return held
    numbers(held, facts, said)
    names(held, facts, said)
    certificates(held, facts.get("certs", []), said)
    requests(held, facts, said)
    questions(held, facts, said)
    traces(held, facts, said)
    if "quic-with-secrets" in name: # its handshake opens, its content does not
        held.same("secrets without use are said", True, any(
            "QUIC" in w and "secrets were given" in w for w in said["not_visible"]))
    truth_path = re.sub(r"\.pcap$", ".truth.json", path)
    if facts["category"] == "story" and os.path.exists(truth_path):
        with open(truth_path) as f:
            truth = json.load(f)
        story_periods(held, truth, said)
        story_rest(held, truth, said)
        story_personal(held, truth, said)
        story_listed(held, program, path, truth)
    base = re.sub(r"\.pcap(ng)?$", "", os.path.basename(path))
    if facts["category"] == "tls-matrix" and base in MATRIX:
        matrix(held, program, path, base, facts)
    return held


def deviations():
    """{(file, field, expected, said): reason}"""
    rows = {}
    with open(os.path.join(HERE, "deviations.txt")) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                file, field, want, got, reason = line.rstrip("\n").split("\t")
                rows[(file, field, want, got)] = reason
    return rows


def main():
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    if not os.path.isdir(os.path.join(WIRE, "facts")):
        print("1..0 # SKIP no recordings: KS_SHARED names no folder with wire/facts")
        return 0
    known = deviations()
    if "--table" in sys.argv:
        print("| capture | what | why |\n|---|---|---|")
        grouped = {}
        for (file, field, _, _), reason in sorted(known.items()):
            grouped.setdefault((file, reason), []).append(field.split(" ")[0])
        for (file, reason), fields in grouped.items():
            what = ", ".join(f"{f} ({fields.count(f)})" for f in sorted(set(fields)))
            print(f"| {file} | {what} | {reason} |")
        return 0
    files = [f for f in sorted(os.listdir(os.path.join(WIRE, "facts"))) if f.endswith(".json")]
    files = [f for f in files if len(words) < 2 or any(w in f for w in words[1:])]
    bad, met, used = 0, 0, set()
    for i, name in enumerate(files):
        rows = []
        for field, want, got in hold(words[0], name).rows:
            key = (name.removesuffix(".json"), field, want, got)
            if key in known:
                used.add(key)
            else:
                rows.append(key)
        bad += bool(rows)
        met += not rows
        print(f"{'not ok' if rows else 'ok'} {i + 1} - {name.removesuffix('.json')}")
        for row in rows if "--rows" in sys.argv else []:
            print("\t".join(row) + "\t")
        for _, field, want, got in rows:
            print(f"# {field}: facts {want[:200]} keisoku {got[:200]}")
    count = len(files)
    if len(words) < 2:
        stale = [k for k in known if k not in used]
        count += 1
        print(f"{'not ok' if stale else 'ok'} {count} - every explained difference still happens")
        for k in stale:
            print("# no longer: " + " | ".join(k)[:300])
        bad += bool(stale)
    print(f"1..{count}")
    print(f"# {met} of {len(files)} captures meet their facts, {len(used)} differences explained")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
