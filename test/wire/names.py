#!/usr/bin/python3
"""test/wire/names.py KEISOKU - what a destination is called: one name however it is written, two
names on one address apart where the bytes tell, a doubt said where they do not; and what is on
a list, with list, entry and date, in each form of the report."""
import json
import os
import subprocess
import sys
import tempfile

import made
from made import Capture, START, hello, DONE, SERVER
from tap import check, ended

SHOP, OTHER = "www.shop.example", "other.example"
AT = "203.0.113.9"


def run(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60).stdout


def capture(path):
    c, at = Capture(), START
    made.HOSTS.update({name: AT for name in (SHOP, "WWW.Shop.Example", OTHER)})
    for host in (SHOP, "WWW.Shop.Example", SHOP + ".", SHOP + ":80", "WWW.SHOP.EXAMPLE:80"):
        at += 10
        c.talk(at, AT, 80, [(True, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()),
                            (False, b"HTTP/1.1 204 No\r\n\r\n")])
    for host in ("Up.Shop.Example", "up.shop.example:80"):
        at += 10
        body = json.dumps({"card": made.CARD})
        c.talk(at, AT, 80, [(True, f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
                             f"Content-Length: {len(body)}\r\n\r\n{body}".encode()),
                            (False, b"HTTP/1.1 204 No\r\n\r\n")])
    for host in (SHOP, "WWW.Shop.Example", OTHER):
        at += 10
        c.ask(at - 1, host)
        c.talk(at, AT, 443, [(True, hello(host)), (False, SERVER + DONE), (True, DONE)])
    c.talk(at + 10, AT, 22, [(True, b"SSH-2.0-x\r\n"), (False, b"SSH-2.0-y\r\n")])
    c.talk(at + 20, "203.0.113.77", 80, [(True, b"GET / HTTP/1.1\r\nHost: [2001:db8::9]:80\r\n\r\n"),
                                         (False, b"HTTP/1.1 204 No\r\n\r\n")])
    c.write(path)


def one_name(a):
    got = sorted((d["name"], d["port"], d["flows"]) for d in a["destinations"] if d["addresses"] == [AT])
    check("one destination however its name is written", got == [(OTHER, 443, 1), ("up.shop.example", 80, 2),
          (SHOP, 22, 1), (SHOP, 80, 5), (SHOP, 443, 2)], got)
    check("requests too", {h["name"] for h in a["http"]} == {SHOP, "up.shop.example", "2001:db8::9"} and
          "WWW.SHOP.EXAMPLE:80" in {h["host"] for h in a["http"]}, [h["host"] for h in a["http"]])
    check("and handshakes, and questions", {t["sni"] for t in a["tls"]} == {SHOP, OTHER} ==
          {q["name"] for q in a["dns"]})
    check("a finding is one", sorted((f["id"], f["to"], f["count"]) for f in a["findings"] if
          f["to"] and "shop" in f["to"]) == [("KS-WIRE-002", "up.shop.example", 2),
          ("KS-WIRE-004", "up.shop.example", 2), ("KS-WIRE-005", SHOP, 5)], a["findings"])


def two_names(a, path):
    """By SNI they are told apart; of what only DNS names it is said that it may be the other."""
    known = {(d["port"], d["name"]): (d["name_from"], d["other_names"]) for d in a["destinations"]
             if d["addresses"] == [AT]}
    check("by content: sure", known[443, SHOP] == known[443, OTHER] == known[80, SHOP] == ("content", []), known)
    check("by DNS: the other name is told", known[22, SHOP] == ("dns", [OTHER]), known)
    for lang, words in (("en", "which was meant can not be told"), ("ja", "どれを指したかは分かりません")):
        text = run("audit", path, "--lang", lang)
        check("said below the list, in " + lang, "~ " + SHOP in text and words in text.replace("\n    ", " ")
              and text.count("~ ") == 2, text)


def on_lists(folder, path):
    lists = os.path.join(folder, "bad.txt")
    with open(lists, "w") as f:
        f.write("# date: 2026-05-07\n||shop.example^\n203.0.113.0/28\n")
    os.utime(lists, (1777000000, 1777000000))
    a = json.loads(run("audit", path, "--list", "bad=" + lists, "--json"))
    got = {f["to"]: f["list"] for f in a["findings"] if f["id"] == "KS-WIRE-001"}
    date = {row["date"] for row in a["listed"]}
    check("the list has a date", len(date) == 1 and None not in date, date)
    date = date.pop()
    check("JSON: list, entry and date", got.get(SHOP) == {"name": "bad", "entry": "shop.example", "date": date} and
          got.get(AT) == {"name": "bad", "entry": "203.0.113.0/28", "date": date}, got)
    check("nothing else has one", {f["id"] for f in a["findings"] if f["list"]} == {"KS-WIRE-001"})
    words = [f for f in a["findings"] if f["to"] == AT and f["id"] == "KS-WIRE-001"][0]
    check("in words", f"entry 203.0.113.0/28, of {date}" in words["words_en"] and
          f"項目 203.0.113.0/28、{date} 付け" in words["words_ja"], words)
    page = os.path.join(folder, "a.html")
    for lang, said in (("en", f"entry shop.example, of {date}"), ("ja", f"項目 shop.example、{date} 付け")):
        text = " ".join(run("audit", path, "--list", "bad=" + lists, "--lang", lang, "--html", page).split())
        text = " ".join(run("audit", path, "--list", "bad=" + lists, "--lang", lang).split())
        with open(page, encoding="utf-8") as f:
            html = f.read()
        check("text and page in " + lang, said.replace(" ", "") in text.replace(" ", "") and said in html, text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "names.pcap")
        capture(path)
        a = json.loads(run("audit", path, "--json", "--tz", "UTC"))
        one_name(a)
        two_names(a, path)
        on_lists(folder, path)
    return ended()


if __name__ == "__main__":
    sys.exit(main())
