#!/usr/bin/python3
"""test/query/record.py KEISOKU > test/data/query/recorded - answers that Prometheus and keisoku
gave alike, bit for bit, for test/unit/test_query_recorded.c, which needs neither.  Lines:
    S LABELS<tab>TIME_MS:BITS TIME_MS:BITS ..     labels name=value, divided by 0x1f
    M QUERY<tab>ANSWER    at AT_MS
    R QUERY<tab>ANSWER    FROM_MS .. AT_MS each minute
    W QUERY<tab>          is refused"""
import json, os, struct, sys, time
import compare
from compare import ask, daemon, differ, send, Prometheus
from expressions import WRITTEN, WRONG
from samples import request_of, series_of
START = 1790000040
END, LONGEST = START + 600, 700


def main():
    data, kept = series_of(START, END), set()
    theirs, ours = Prometheus(), daemon.Daemon(site="site q tz=UTC lang=en\nroom r1\n").start()
    try:
        ours.wait(30)
        for at in range(START, END, 300):
            for port in (theirs.port, ours.port):
                send(port, request_of(data, at * 1000, (at + 300) * 1000))
        time.sleep(1)
        for labels, samples in data:
            said = "\x1f".join(f"{k}={v}" for k, v in sorted(labels.items()))
            bits = [(t, v if isinstance(v, bytes) else struct.pack("<d", v)) for t, v in samples]
            print(f"S {said}\t" + " ".join(f"{t}:{b[::-1].hex()}" for t, b in bits))
        for query in WRONG:
            if ask(ours.port, "query", {"query": query, "time": END - 10})[1]["status"] == \
                    ask(theirs.port, "query", {"query": query, "time": END - 10})[1]["status"] == "error":
                print(f"W {query}\t")
        # what is too long to keep is kept as its sum
        for query in WRITTEN + [f"sum({q})" for q in WRITTEN if not q.startswith("sum")]:
            for kind, path, form in (("M", "query", {"time": END - 10}),
                                     ("R", "query_range", {"start": END - 130, "end": END - 10, "step": 60})):
                form["query"] = query
                close = compare.close
                a, b = (ask(port, path, form)[1] for port in (ours.port, theirs.port))
                answer = json.dumps(a.get("data"), separators=(",", ":"), ensure_ascii=False)
                if differ(a, b, query.startswith("sort")) or compare.close > close or a["status"] != "success" or \
                        len(answer) > LONGEST or "\t" in query + answer or "\\n" in answer:  # a line end has two spellings
                    continue
                if query.startswith("sum(") and query[4:-1] in kept:
                    continue
                kept.add(query)
                print(f"{kind} {query}\t{answer}")
    finally:
        ours.done()
        theirs.done()


main()
