"""test/query/expressions.py - what both are asked: written by hand, and made."""
import random

WRITTEN = [line for line in r'''
1+1
1
-1
+1
1e3
0x1F
010
.5
1e-7
1/0
-1/0
0/0
NaN
Inf
-inf
2^3^2
-2^2
2*-3
7%4
-7%4
7 % 0
1 atan2 2
2 > bool 1
1 == bool 1
1 != bool NaN
"a string"
'it''s'
`raw \n`
"esc\u00e9\x41\101\n\"q\""
time()
pi()
vector(1)
vector(time())
scalar(flat)
scalar(flat{n="1"})
scalar(nothing_there)
temperature_celsius
temperature_celsius{room="a"}
temperature_celsius{room!="a"}
temperature_celsius{room=~"a|b"}
temperature_celsius{room=~"a|b",}
temperature_celsius{room!~"a.*"}
temperature_celsius{room=~"h..l",rack!="r1"}
temperature_celsius{nothing=""}
temperature_celsius{room!=""}
{room="a"}
{__name__="up"}
{__name__=~"up|flat"}
{__name__=~"(?i)UP"}
{__name__=~"^up$"}
{__name__=~"[a-f]lat",n=~"\\d+"}
{instance=~"h[^13]:\\d{4}"}
{instance=~"h(1|2):9100"}
{instance=~"(?:h1|h3).*"}
{owner="情報"}
{owner=~"情."}
{note="q\"uo\\te"}
ticks:rate1m
nothing_there
up offset 5m
up offset -5m
up offset 1h30m
sparse
sparse offset 10m
ended
ended offset 30m
count_over_time(ended[1h])
temperature_celsius @ end()
temperature_celsius @ start()
temperature_celsius @ 0
sum(temperature_celsius @ start() offset 5m)
flat[5m]
flat[5m] offset 1m
ended[10m]
sparse[20m]
flat[5m:1m]
temperature_celsius{room="a",rack="r1"}[3m]
sum(up)[10m:30s]
up == 1
up != 1
up > bool 0
1 < bool up
up >= 1
0 <= up
temperature_celsius > 25
temperature_celsius > bool 25
30 > temperature_celsius
temperature_celsius * 2
2 - temperature_celsius
temperature_celsius % 3
temperature_celsius ^ 2
temperature_celsius atan2 3
temperature_celsius / 0
-temperature_celsius
+temperature_celsius
- -flat
temperature_celsius + temperature_celsius
temperature_celsius - temperature_celsius offset 5m
flat + on(n) flat
flat - ignoring(n) flat
flat{n="1"} / ignoring(n) flat{n="2"}
flat{n="1"} * on() flat{n="2"}
requests_total / on(instance) group_left sum by (instance) (requests_total)
requests_total / ignoring(code,job) group_left sum by (instance) (requests_total)
requests_total * on(instance) group_left(os) host_info
requests_total * on(instance) group_left(os,owner) host_info
host_info * on(instance) group_right(os) requests_total
sum by (instance) (requests_total) < on(instance) group_right requests_total * 3
requests_total > on(instance) group_left avg by (instance) (requests_total)
requests_total > bool on(instance) group_left avg by (instance) (requests_total)
up and on(instance) host_info{os="linux"}
up or flat
up unless on(instance) host_info{os="bsd"}
up and flat
up or on(job) humidity_ratio
temperature_celsius{room="a"} or temperature_celsius{room="b"}
temperature_celsius and temperature_celsius > 25
vector(1) or vector(2)
nothing_there + on(job) up
up * on() nothing_there
flat == on(n) flat
flat == bool on(n) flat
flat != ignoring() flat
sum(temperature_celsius)
sum by (room) (temperature_celsius)
sum(temperature_celsius) by (room, rack)
sum without (rack) (temperature_celsius)
sum(temperature_celsius) without ()
sum by () (temperature_celsius)
avg by (room) (temperature_celsius)
min by (room) (temperature_celsius)
max(temperature_celsius)
count(temperature_celsius)
count by (nothing) (temperature_celsius)
group(temperature_celsius)
stddev(temperature_celsius)
stdvar by (room) (temperature_celsius)
quantile(0.5, temperature_celsius)
quantile(0.9, temperature_celsius) by (room)
quantile by (room) (2, temperature_celsius)
quantile(-1, temperature_celsius)
quantile(NaN, temperature_celsius)
topk(2, latency_bucket)
topk(3, requests_total)
bottomk(2, requests_total)
topk by (instance) (1, requests_total)
bottomk(1, requests_total) without (code)
topk(0, up)
topk(100, flat)
count_values("v", up)
count_values("v", flat)
count_values without (instance) ("v", up)
count_values by (job) ("job", up)
sum(odd)
avg(odd)
max(odd)
min(odd)
count(odd)
stddev(odd)
topk(1, odd)
bottomk(1, odd)
quantile(0.5, odd)
sort(flat)
sort_desc(flat)
sort(requests_total)
sort_desc(temperature_celsius{room="a"})
odd
odd * 2
odd > 0
odd == odd
abs(odd)
-odd
sgn(odd)
ceil(odd)
floor(odd)
round(odd)
sqrt(odd)
exp(odd)
ln(odd)
log2(odd)
log10(odd)
clamp(odd, -1, 1)
clamp_min(odd, 0)
clamp_max(odd, 0)
rate(requests_total[5m])
rate(requests_total[1m])
rate(requests_total[20s])
rate(requests_total{code="200"}[5m] offset 10m)
rate(requests_total[5m] @ end())
increase(requests_total[10m])
irate(requests_total[5m])
delta(temperature_celsius[10m])
idelta(temperature_celsius[10m])
deriv(temperature_celsius[10m])
deriv(flat[10m])
predict_linear(temperature_celsius[30m], 3600)
predict_linear(flat[30m], 3600)
predict_linear(odd[30m], 60)
holt_winters(temperature_celsius[10m], 0.3, 0.6)
sum(rate(requests_total[5m])) by (instance)
sum(rate(requests_total{code!="200"}[5m])) / sum(rate(requests_total[5m]))
avg_over_time(temperature_celsius[10m])
sum_over_time(temperature_celsius[10m])
min_over_time(temperature_celsius[10m])
max_over_time(temperature_celsius[1h])
count_over_time(temperature_celsius[10m])
last_over_time(temperature_celsius[10m])
present_over_time(sparse[5m])
stddev_over_time(temperature_celsius[10m])
stdvar_over_time(temperature_celsius[10m])
quantile_over_time(0.9, temperature_celsius[10m])
quantile_over_time(0.5, odd[10m])
avg_over_time(odd[20m])
sum_over_time(odd[20m])
max_over_time(odd[20m])
min_over_time(odd[20m])
changes(up[10m])
changes(odd[20m])
resets(requests_total[1h])
absent(up)
absent(nothing_there)
absent(nothing_there{job="x",instance=~"y",room="z"})
absent(nothing_there{job="x",job="y"})
absent(sum(nothing_there))
absent((nothing_there{job="x"}))
absent_over_time(nothing_there{job="x"}[5m])
absent_over_time(up[5m])
absent_over_time(ended[5m])
absent_over_time(sum(nothing_there)[5m:1m])
histogram_quantile(0.9, latency_bucket)
histogram_quantile(0.5, rate(latency_bucket[5m]))
histogram_quantile(0.99, sum by (le) (rate(latency_bucket[10m])))
histogram_quantile(0, latency_bucket)
histogram_quantile(1, latency_bucket)
histogram_quantile(2, latency_bucket)
histogram_quantile(-1, latency_bucket)
histogram_quantile(0.5, up)
label_replace(up, "host", "$1", "instance", "(.*):.*")
label_replace(up, "host", "x$1y${1}z$$", "instance", "(h)(\\d):.*")
label_replace(up, "host", "${n}-$m", "instance", "(?P<n>h\\d):(?P<m>.*)")
label_replace(up, "instance", "", "instance", ".*")
label_replace(up{instance="h1:9100"}, "instance", "", "instance", ".*")
label_replace(up, "job", "new", "nothing", "")
label_replace(up, "job", "new", "instance", "nomatch")
label_replace(up, "__name__", "down", "job", "node")
label_join(up, "both", "-", "job", "instance")
label_join(up, "both", ", ", "instance", "nothing", "job")
label_join(up{instance="h1:9100"}, "instance", "")
timestamp(up)
timestamp(up offset 5m)
timestamp(up * 1)
timestamp(sum(up))
timestamp(timestamp(up))
minute()
hour()
day_of_week()
day_of_month()
day_of_year()
days_in_month()
month()
year()
hour(vector(1500000000))
year(vector(-1))
days_in_month(vector(951782400))
day_of_year(vector(951868800))
minute(flat * 1000)
round(temperature_celsius, 5)
round(temperature_celsius, 0.3)
round(temperature_celsius)
clamp(temperature_celsius, 20, 25)
clamp(temperature_celsius, 25, 20)
deg(flat)
rad(flat)
sin(temperature_celsius)
cos(temperature_celsius)
tan(temperature_celsius)
asin(flat / 10)
acos(flat / 10)
atan(temperature_celsius)
sinh(flat)
cosh(flat)
tanh(flat)
asinh(flat)
acosh(flat)
atanh(flat / 10)
max_over_time(rate(requests_total[1m])[10m:30s])
avg_over_time(sum by (room) (temperature_celsius)[30m:1m])
sum_over_time(up[10m:])
rate(requests_total[5m:15s])
max_over_time(max_over_time(temperature_celsius[5m])[20m:2m])
min_over_time((temperature_celsius > 24)[10m:1m] offset 5m)
count_over_time(up[10m:1m] @ end())
quantile_over_time(0.5, (up + 1)[5m:20s])
deriv(sum(temperature_celsius)[10m:30s])
last_over_time(vector(time())[10m:1m])
stddev_over_time(time()[10m:1m]) or vector(0)
sum(up) by (job) + on(job) group_right up
count(up) > 2
(up)
((up) + (flat or vector(1)))
up # a comment
sum ( up )
SUM(up)
sum BY (job) (up)
up OFFSET 5m
{__name__=~"up|flat"} == 1
rate({__name__=~"requests_total|latency_bucket"}[5m])
sum({__name__=~".+_total"})
flat{n="1"} - on() flat{n="2"} > 3
1 + 2 * 3 - 4 / 2 ^ 2 % 3
(1 + 2) * 3
flat > 3 < 100
up or up or up
up and up unless up
sum(flat) or sum(up) and vector(1)
2 * flat ^ 2 / 3
flat + flat * 2 - -flat
'''.strip("\n").split("\n") if not line.startswith("'it''s'") and "time()[10m" not in line or line.startswith("last")]

WRONG = ["", "(", "1 +", "foo{", "foo{a}", "foo{a=b}", 'foo{a="b"', "foo[5m", "foo[5]", "foo[]", "foo[0s]",
         "foo[5m:", "1[5m]", "(foo)[5m]", "foo[5m][5m]", "foo offset", "foo offset 5", "1 offset 5m",
         "foo offset 5m offset 5m", "sum(foo) offset 5m", "foo offset 5m [5m]", "sum()", "sum(foo, bar)", "topk(foo)",
         "topk(foo, 1)", "sum(1)", "rate(foo)", "rate(1)", "abs()", "abs(1)", "abs(foo, 1)", "nosuch(foo)", "{}",
         '{a=""}', '{a=~".*"}', 'foo{__name__="bar"}', "1 and 2", "1 or foo", "1 == 2", "foo + bool bar",
         '"a" + 1', "-foo[5m]", '-"a"', "foo and on() group_left() bar",
         "foo + on(a) group_left(a) bar", 'foo{a=~"("}', 'foo{a=~"*"}', 'foo{a=~"a**"}', "foo bar", "foo @ bar", "foo @",
         "foo @ start", "@ 5", "foo @ 1 @ 2", "1 @ 2", "foo # ", "# only", "foo)", "by (a)", "sum by a (foo)", "sum by (1) (foo)",
         "count_values(1, foo)", 'count_values("x-y", up)', "histogram_quantile(up)", 'label_replace(up, "a")',
         'label_replace(up, "x-y", "", "job", "")', 'label_replace(up, "a", "", "job", "(")', 'label_join(up, "x-y", "")',
         "holt_winters(flat[5m], 2, 0.5)", "holt_winters(flat[5m], 0.5, 0)", "up + on(job) up", "up + on() flat",
         "flat + on() flat", "up * on(job) group_left host_info", "host_info * on(job) group_left up",
         'label_replace(up, "instance", "x", "job", ".*")', "1..2", "1e", "0x", "foo[1m1h]", "foo[5m1m]", "foo[1.5m]",
         '"unterminated', "'a\\'", '"\\q"', "foo !", "foo =~ bar", "foo = bar", "$foo", "foo{a=\"b\" c=\"d\"}",
         "absent()", "time(1)", "vector(foo)", "scalar(1)", "topk(1e20, up)", "topk(NaN, up)", "sum(up) by", "up on(job) up", "bool", "rate(up[5m])[5m]",
         'flat[5m] + 1', 'ended["5m"]', "{__name__=~\"up|flat\"} + 1 + {", "up{job=\"a\"}{x=\"y\"}", "sum without", "offset 5m", "1 1"]
WRONG = [q for q in WRONG if q not in ("foo # ", "foo and on() group_left() bar_")]


def generated(n, seed=7):
    """Expressions out of a grammar: most mean something, some are refused by both."""
    r = random.Random(seed)
    gauges = ["temperature_celsius", 'temperature_celsius{room="a"}', 'temperature_celsius{rack=~"r[12]",place!="room"}',
              "humidity_ratio", "up", "flat", "sparse", "odd", "host_info", "ended"]
    counters = ["requests_total", 'requests_total{code="200"}', "latency_bucket"]
    labels = ["room", "rack", "place", "job", "instance", "code", "le", "n"]
    durations = ["1m", "5m", "10m", "1h", "90s", "7m30s"]

    def vector(depth):
        kind = r.randrange(12 if depth > 0 else 2)
        if kind == 0:
            return r.choice(gauges) + r.choice(["", "", "", " offset " + r.choice(durations)])
        if kind == 1:
            return r.choice(counters)
        if kind == 2:
            return f"{r.choice(['rate', 'increase', 'irate', 'delta', 'resets', 'changes'])}({r.choice(counters)}[{r.choice(durations)}])"
        if kind == 3:
            f = r.choice("avg sum min max count last stddev stdvar present".split())
            return f"{f}_over_time({r.choice(gauges)}[{r.choice(durations)}])"
        if kind == 4:
            by = r.sample(labels, r.randrange(3))
            return f"{r.choice('sum avg min max count stddev stdvar group'.split())} {r.choice(['by', 'without'])} ({', '.join(by)}) ({vector(depth - 1)})"
        if kind == 5:
            return f"({vector(depth - 1)} {r.choice('+ - * / % ^ > < >= <= == !='.split())} {r.choice(['2', '0.5', '-1', '100', 'NaN'])})"
        if kind == 6:
            on = f"{r.choice(['on', 'ignoring'])} ({', '.join(r.sample(labels, r.randrange(3)))})"
            return f"({vector(depth - 1)} {r.choice('+ - * / and or unless > == '.split())} {r.choice(['', on])} {vector(depth - 1)})"
        if kind == 7:
            return f"{r.choice('abs ceil floor round sgn sqrt exp ln'.split())}({vector(depth - 1)})"
        if kind == 8:
            return f"{r.choice('avg max min sum count last'.split())}_over_time({vector(depth - 1)}[{r.choice(['10m', '30m'])}:{r.choice(['1m', '3m', '45s'])}])"
        if kind == 9:
            return f"quantile({r.choice(['0.1', '0.5', '0.99'])}, {vector(depth - 1)}) by ({r.choice(labels)})"
        if kind == 10:
            return f"clamp({vector(depth - 1)}, {r.choice(['-1', '0', '20'])}, {r.choice(['1', '25', '1e3'])})"
        return f"({vector(depth - 1)} or {vector(depth - 1)})"

    return [vector(1 + i % 3) for i in range(n)]
