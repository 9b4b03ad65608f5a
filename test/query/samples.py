"""test/query/samples.py - the samples both are sent: gauges with gaps and stale marks, counters
that begin again, histograms, odd values, odd times.  The same for the same times."""
import math, os, random, struct, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fault"))
from daemon import field, varint
STALE = struct.unpack("<d", struct.pack("<Q", 0x7ff0000000000002))[0]
STALE_BITS = struct.pack("<Q", 0x7ff0000000000002)


def gauge(r, times, base, step):
    value, out = base, []
    for i, t in enumerate(times):
        value = round(value + r.choice((-step, 0, 0, step)), 1)
        gap = (i // 40) % 7 == 3
        if gap and i % 40 == 0:
            out.append((t, STALE_BITS))
        elif not gap:
            out.append((t, value))
    return out


def counter(r, times, most):
    value, out = 0, []
    for t in times:
        value = 0 if r.random() < 0.004 else value + r.randrange(most)
        out.append((t, float(value)))
    return out


def series_of(start, end):
    """[(labels, [(ms, value or 8 bytes)])]"""
    r, out = random.Random(20260811), []
    every = lambda s, shift=0: range(start * 1000 + shift, end * 1000, int(s * 1000))
    for room in ("a", "b", "hall"):
        for rack in ("r1", "r2"):
            for place in ("inlet", "room"):
                out.append(({"__name__": "temperature_celsius", "room": room, "rack": rack, "place": place},
                            gauge(r, every(30, r.randrange(30000)), 22 + r.randrange(8), 0.1)))
        out.append(({"__name__": "humidity_ratio", "room": room, "job": "node"}, gauge(r, every(60), 0.4, 0.1)))
    for instance in ("h1:9100", "h2:9100", "h3:9100"):
        out.append(({"__name__": "up", "job": "node", "instance": instance},
                    [(t, float(r.random() > 0.05)) for t in every(15)]))
        out.append(({"__name__": "host_info", "instance": instance, "os": "linux" if instance < "h3" else "bsd",
                     "note": 'q"uo\\te', "owner": "情報"}, [(t, 1.0) for t in every(60)]))
        for code in ("200", "404", "500"):
            out.append(({"__name__": "requests_total", "job": "node", "instance": instance, "code": code},
                        counter(r, every(15, r.randrange(15000)), 50)))
    for path in ("/", "/x"):
        totals = [0] * 5
        rows = [[] for _ in totals]
        for t in every(30):
            add = [r.randrange(4) for _ in totals]
            for i in range(5):
                totals[i] += sum(add[:i + 1])
                rows[i].append((t, float(totals[i])))
        for le, row in zip(("0.1", "0.5", "1", "2.5", "+Inf"), rows):
            out.append(({"__name__": "latency_bucket", "path": path, "le": le}, row))
    odd = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e300, -1e-300, 1e21, 123456789.125, 1e-7, 2.5e-308]
    for i in range(len(odd)):
        out.append(({"__name__": "odd", "i": str(i)}, [(t, odd[(i + (t // 600000)) % len(odd)])
                                                       for t in every(60, i * 7)]))
    out.append(({"__name__": "sparse"}, [(t, float(i)) for i, t in enumerate(every(290))]))
    out.append(({"__name__": "ticks:rate1m", "empty": "x"}, [(t, float(t % 86400000)) for t in every(10.001)]))
    out.append(({"__name__": "flat", "n": "1"}, [(t, 7.5) for t in every(30)]))
    out.append(({"__name__": "flat", "n": "2"}, [(t, 2.0) for t in every(30)]))
    out.append(({"__name__": "ended"}, [(t, 3.0) for t in every(30) if t < (start + 7200) * 1000] +
                [((start + 7200) * 1000, STALE_BITS)]))
    return out


def request_of(data, from_ms, to_ms):
    """One remote-write request of what lies in [from, to)."""
    body = b""
    for labels, samples in data:
        part = b""
        for t, v in samples:
            if from_ms <= t < to_ms:
                bits = v if isinstance(v, bytes) else struct.pack("<d", v)
                part += field(2, b"\x09" + bits + b"\x10" + varint(t))
        if part:
            names = b"".join(field(1, field(1, k.encode()) + field(2, v.encode()))
                             for k, v in sorted(labels.items()))
            body += field(1, names + part)
    return body
