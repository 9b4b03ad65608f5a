/* test/unit/plan/test_remedy.c - the whole answer to a loss on a small site, and the plan
 * file: written, read back the same, refused when stale or torn. */
#include "../harness.h"
#include "plan_site.h"
#include "base/drop.h"
#include "base/text.h"
#include "plan/phase.h"
#include "plan/remedy.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char site_text[] =
    "site t volt=200\n"
    "room hall heat_kw=100\n"
    "rack r1 room=hall units=42\n"
    "feed A volt=200 phases=3 amps=400 derate=0.8\n"
    "breaker A1 from=A volt=200 amps=20 curve=C derate=0.8\n"
    "pdu pa from=A1 rack=r1\n"
    "feed B volt=200 phases=3 amps=400 derate=0.8\n"
    "breaker B1 from=B volt=200 amps=20 curve=C derate=0.8\n"
    "pdu pb from=B1 rack=r1\n"
    "service db value=900 unit=100 need=2 min=2 stop=7\n"
    "service web value=500 unit=20 need=4 min=1 stop=3 dep=db\n"
    "service dev value=50 unit=2 need=2 min=0 stop=0 cap=1\n"
    "service lone value=10 unit=0 need=1 min=1 must=1\n"
    "host db1 rack=r1 u=1 cords=pa.1,pb.1 w=500 pf=1 svc=db\n"
    "host db2 rack=r1 u=2 cords=pa.2,pb.2 w=500 pf=1 svc=db\n"
    "host web1 rack=r1 u=3 cords=pa.3,pb.3 w=600 pf=1 svc=web\n"
    "host web2 rack=r1 u=4 cords=pa.4,pb.4 w=600 pf=1 svc=web\n"
    "host web3 rack=r1 u=5 cords=pa.5,pb.5 w=600 pf=1 svc=web\n"
    "host web4 rack=r1 u=6 cords=pa.6,pb.6 w=600 pf=1 svc=web\n"
    "host dev1 rack=r1 u=7 cords=pa.7,pb.7 w=300 pf=1 wmax=400 cap=200 svc=dev\n"
    "host dev2 rack=r1 u=8 cords=pa.8,pb.8 w=300 pf=1 cap=200 svc=dev\n"
    "host lone1 rack=r1 u=9 cords=pa.9 w=10 pf=1 svc=lone\n"
    "host free1 rack=r1 u=10 cords=pa.10,pb.10 w=100 pf=1\n";

static bool forever(void *user)
{
	(void)user;
	return true;
}

static struct remedy *remedy_of(struct bench *bench, const char *lost, const struct grid_ask *scales)
{
	uint32_t node = node_of(bench, lost);
	struct remedy_ask ask = { .lost = &node, .lost_n = 1, .caps = true,
		.feed_scale = scales->feed_scale, .heat_scale = scales->heat_scale,
		.shed = { .go_on = forever } };
	struct remedy *remedy = NULL;

	assert_int_equal(remedy_new(bench->flow, &ask, &bench->arena, &remedy, NULL), KS_OK);
	return remedy;
}

static void a_loss_is_answered(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	struct remedy *r = remedy_of(bench, "A", &grid_as_is);

	/* 4,100 VA on a breaker that bears 3,200: 900 must go.  A web host is 600 for
	 * 1 + 20, the free host 100 for 1, both developers capped 200 for 0.4; the lone
	 * service is down by the loss itself: 10 */
	assert_int_equal(r->site->problem.rows_n, 1);
	assert_true(r->plan.feasible && r->plan.cost == r->plan.bound);
	assert_int_equal(r->plan.cost, 32 * SHED_COST + 4 * SHED_COST / 10);
	assert_int_equal(r->dark_n, 1);
	assert_int_equal(r->site->must_lost_n, 1);
	assert_int_equal(r->site->must_lost[0], service_of(bench, "lone"));
	assert_int_equal(r->order->late_n, 0);
	assert_null(r->fast);
	assert_true(flow_recount(bench->flow)); /* left as it was */
	/* what was dark and what was shed comes back, the database's kind before the web's */
	assert_int_equal(r->back->hosts_n, r->dark_n + 2); /* capped ones were never off */
	assert_int_equal(r->back->waiting_n, 0);
	bench_free(bench);
}

/* A switch between two sides, a room too warm, cords that meet, hosts without a room, a
 * service that falls, a limit that trips within minutes. */
static const char hard_text[] =
    "site t volt=200\n"
    "room hall heat_kw=3.5\n"
    "room big heat_kw=0\n"
    "rack r1 room=hall units=42\n"
    "rack r2 room=big units=42\n"
    "feed A volt=200 phases=3 amps=14 derate=0.8\n"
    "feed B volt=200 phases=3 amps=14 derate=0.8\n"
    "breaker A1 from=A volt=200 amps=20 curve=C derate=0.8\n"
    "breaker B1 from=B volt=200 amps=16 curve=C derate=0.8\n"
    "pdu pa from=A1 rack=r1\n"
    "pdu pb from=B1 rack=r1\n"
    "pdu ats from=pa from2=pb rack=r1 amps=16\n"
    "service db value=90 unit=10 need=2 min=2 stop=7\n"
    "service web value=50 unit=20 need=1 min=1 stop=3 dep=db\n"
    "service dev value=50 unit=2 need=4 min=0 stop=0 cap=1\n"
    "service gone value=5 unit=0 need=1 min=1\n"
    "service left value=9 unit=0 need=1 min=1 must=1\n"
    "host db1 rack=r1 u=1 cords=pa.1,pb.1 w=900 pf=1 svc=db\n"
    "host db2 rack=r1 u=2 cords=pa.2,pb.2 w=900 pf=1 svc=db\n"
    "host web1 rack=r1 u=3 cords=ats.1 w=600 pf=1 svc=web\n"
    "host dev1 rack=r1 u=4 cords=pb.3,pb.4 w=700 pf=1 cap=200 svc=dev\n"
    "host dev2 rack=r1 u=5 cords=pa.5,pb.5 w=700 wmax=1000 pf=1 cap=900 svc=dev\n"
    "host dev3 cords=pa.6,pb.6 w=700 pf=1 svc=dev\n"
    "host dev4 rack=r2 u=7 cords=pb.7 w=0 pf=1 svc=dev\n"
    "host dev5 rack=r2 u=8 cords=pa.8,pb.8 w=200 pf=1 svc=dev\n"
    "host gone1 rack=r2 u=9 cords=pa.9 w=10 pf=1 svc=gone\n"
    "host left1 rack=r2 u=10 cords=pa.10,pb.10 w=10 pf=1 svc=left\n";

static void a_hard_loss_is_answered(void **state)
{
	(void)state;
	struct grid_ask ask = grid_as_is;

	for (int i = 0; i < 3; i++) {
		ask.feed_scale = i == 2 ? 300000 : GRID_SCALE;
		struct bench *bench = bench_new(hard_text, &ask);
		struct remedy *r = remedy_of(bench, i == 1 ? "B" : "A", &ask);
		KS_DROP(text) struct text text;
		struct paper back;

		text_init(&text, 1 << 20);
		assert_true(r->site->problem.rows_n >= 2);
		assert_true(flow_recount(bench->flow));
		for (size_t h = 0; r->plan.feasible && h < r->site->problem.hosts_n; h++)
			if (r->plan.state[h] != SHED_ON)
				flow_draw(bench->flow, r->site->hosts[h],
				    r->plan.state[h] == SHED_OFF ? 0 : bench->grid->hosts[r->site->hosts[h]].cap_uva,
				    r->plan.state[h] == SHED_OFF ? 0 : bench->grid->hosts[r->site->hosts[h]].cap_mw);
		flow_lose(bench->flow, node_of(bench, i == 1 ? "B" : "A"));
		loss_look(bench->loss, bench->flow);
		assert_true(!r->plan.feasible || bench->loss->over_n + bench->loss->hot_n == 0);
		if (i < 2) {
			assert_true(r->plan.feasible && r->plan.cost == r->plan.bound);
			assert_int_equal(r->site->must_lost_n, 0);
		}
		if (r->fast != NULL) {
			paper_write(&text, &r->paper_fast);
			assert_int_equal(paper_read(text_span(&text), &bench->arena, &back, NULL), KS_OK);
		}
		assert_true((r->fast != NULL) == (r->order->late_n > 0));
		bench_free(bench);
	}
}

/* Back: what is needed first, no more at once than the limits bear, and honest about what
 * does not fit. */
static const char back_text[] =
    "site t volt=200\n"
    "room hall heat_kw=2.5\n"
    "rack r1 room=hall units=42\n"
    "feed A volt=200 phases=3 amps=100 derate=0.8\n"
    "breaker A1 from=A volt=200 amps=20 curve=C derate=0.8\n"
    "pdu pa from=A1 rack=r1\n"
    "breaker A2 from=A volt=200 amps=5 curve=B derate=0.8\n"
    "pdu pz from=A2 rack=r1\n"
    "breaker A3 from=A curve=C\n"
    "pdu py from=A3 rack=r1\n"
    "service db value=9 need=1 stop=7\n"
    "service web value=9 need=1 stop=3 dep=db\n"
    "host web1 rack=r1 u=1 cords=pa.1 w=300 wmax=1400 pf=1 svc=web\n"
    "host web2 rack=r1 u=2 cords=pa.2 w=300 wmax=1400 pf=1 svc=web\n"
    "host web3 rack=r1 u=3 cords=pa.3 w=300 wmax=1400 pf=1 svc=web\n"
    "host db1 rack=r1 u=4 cords=pa.4 w=300 pf=1 svc=db\n"
    "host inrush rack=r1 u=5 cords=pz.1 w=100 pf=1\n"
    "host nowhere cords=py.1 w=100 pf=1\n"
    "host unlimited cords=pa.5 w=100 pf=1\n";

static void it_comes_back_in_order(void **state)
{
	(void)state;
	struct bench *bench = bench_new(back_text, &grid_as_is);
	const uint32_t off[] = { 0, 1, 2, 3, 4, 5, 6 };
	struct back_rules rules = back_rules_usual;
	struct back *back;

	assert_int_equal(back_new(bench->flow, off, 7, &rules, &bench->arena, &back, NULL), KS_OK);
	/* the breaker of 5 A, class B, would open at the inrush of 30 A */
	assert_int_equal(back->waiting_n, 1);
	assert_int_equal(back->waiting[0], host_of(bench, "inrush"));
	/* the room takes 2.5 kW: the database, then the web hosts one by one at their most */
	assert_int_equal(back->hosts[0], host_of(bench, "db1"));
	assert_int_equal(back->waves_n, 4);
	assert_int_equal(back->waves[1].n + back->waves[2].n + back->waves[3].n, 3);
	assert_true(back->waves[0].end_s == 120 + 3 * 0.2);
	rules.at_once = 1;
	assert_int_equal(back_new(bench->flow, off, 7, &rules, &bench->arena, &back, NULL), KS_OK);
	assert_int_equal(back->waves_n, 6);
	assert_true(flow_recount(bench->flow));
	bench_free(bench);
}

static void same(const struct paper *a, const struct paper *b)
{
	KS_DROP(text) struct text x, y;

	text_init(&x, 1 << 20);
	text_init(&y, 1 << 20);
	paper_write(&x, a);
	paper_write(&y, b);
	assert_string_equal(text_cstr(&x), text_cstr(&y));
}

static void the_paper_is_read_as_written(void **state)
{
	(void)state;
	struct grid_ask ask = grid_as_is;

	ask.feed_scale = 900000;
	struct bench *bench = bench_new(site_text, &ask);
	struct remedy *r = remedy_of(bench, "A1", &ask);
	struct paper back;
	struct why why;
	KS_DROP(text) struct text text, more;

	text_init(&text, 1 << 20);
	text_init(&more, 1 << 20);
	paper_write(&text, &r->paper);
	assert_int_equal(paper_read(text_span(&text), &bench->arena, &back, &why), KS_OK);
	same(&r->paper, &back);
	assert_int_equal(paper_fits(&back, bench->grid, &bench->arena, &why), KS_OK);

	r->paper.caps = !r->paper.caps;
	text_clear(&more);
	paper_write(&more, &r->paper);
	assert_int_equal(paper_read(text_span(&more), &bench->arena, &back, &why), KS_OK);
	same(&r->paper, &back);
	r->paper.caps = !r->paper.caps;
	text_clear(&more);

	/* comments and blank lines say nothing */
	text_add(&more, "# approved by nobody yet\n\n");
	text_add_span(&more, text_span(&text));
	assert_int_equal(paper_read(text_span(&more), &bench->arena, &back, &why), KS_OK);
	same(&r->paper, &back);

	/* a torn file is none: up to each line's end but the last */
	for (size_t n = 0; n + 1 < text.len; n++)
		assert_int_not_equal(paper_read(span_of(text.at, n), &bench->arena, &back, &why), KS_OK);
	bench_free(bench);
}

static void what_is_stale_is_refused(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	struct remedy *r = remedy_of(bench, "A", &grid_as_is);
	struct why why;

	for (int i = 0; i < 8; i++) {
		struct paper paper = r->paper;
		struct paper_step steps[64];
		const char *nobody = "nobody";

		memcpy(steps, paper.steps, paper.steps_n * sizeof *steps);
		paper.steps = steps;
		if (i == 0)
			paper.site = "other";
		else if (i == 1)
			paper.hash++;
		else if (i == 2)
			paper.readings++;
		else if (i == 3)
			paper.lost = &nobody;
		else if (i == 4) {
			paper.down = &nobody;
			paper.down_n = 1;
		} else if (i == 5)
			steps[0].host = nobody;
		else if (i == 6)
			steps[1].host = steps[0].host;
		else
			steps[paper.steps_n - 1].host = steps[paper.steps_n - 2].host;
		assert_int_equal(paper_fits(&paper, bench->grid, &bench->arena, &why), KS_REFUSED);
	}
	assert_int_equal(paper_fits(&r->paper, bench->grid, &bench->arena, &why), KS_OK);
	bench_free(bench);
}

/* What a plan would leave above its limits with other loads than it was made for. */
static void an_old_plan_is_tried_on_new_loads(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	struct remedy *r = remedy_of(bench, "A", &grid_as_is);
	struct paper nothing = r->paper;
	uint32_t *over = NULL, n = 9;
	struct arena little;

	assert_int_equal(paper_over(&r->paper, bench->flow, &bench->arena, &over, &n), KS_OK);
	assert_int_equal(n, 0);
	nothing.waves_n = 0;
	assert_int_equal(paper_over(&nothing, bench->flow, &bench->arena, &over, &n), KS_OK);
	assert_int_equal(n, 1);
	assert_int_equal(over[0], r->site->limits[0].at);
	assert_true(flow_recount(bench->flow));
	for (size_t memory = 0; memory < 4096; memory += 64) {
		arena_init(&little, memory);
		int code = paper_over(&nothing, bench->flow, &little, &over, &n);

		assert_true(code == KS_FULL || code == KS_OK);
		arena_done(&little);
	}
	bench_free(bench);
	/* a room too warm, with one that has no limit beside it */
	bench = bench_new("site t\nroom bare\nroom hall heat_kw=1\nrack r1 room=hall\nfeed A\nfeed B\n"
	    "host h1 rack=r1 cords=A w=1200\nhost h2 cords=B w=1\n", &grid_as_is);
	r = remedy_of(bench, "B", &grid_as_is);
	nothing = r->paper;
	assert_int_equal(paper_over(&nothing, bench->flow, &bench->arena, &over, &n), KS_OK);
	assert_int_equal(n, 0);
	nothing.waves_n = 0;
	assert_int_equal(paper_over(&nothing, bench->flow, &bench->arena, &over, &n), KS_OK);
	assert_int_equal(n, 1);
	assert_int_equal(over[0], bench->grid->nodes_n + 1);
	bench_free(bench);
}

static void wrong_lines_are_named(void **state)
{
	(void)state;
	static const struct { const char *line, *says; } wrong[] = {
		{ "keisoku plan 2", "line 1 of the plan: a plan begins with: keisoku plan 1" },
		{ "site t", "line 2 of the plan: here is: site ID hash=16 digits readings=16 digits" },
		{ "site t hash=000000000000000g readings=0000000000000000", "line 2 " },
		{ "site t hash=0000000000000000 readings=000000000000000", "line 2 " },
		{ "site t hash=0000000000000000 readings=0000000000000000 more", "line 2 " },
		{ "scale feed=1 heat=1", "line 2 of the plan: here is: scale feed=1 heat=1 caps=yes (or no)" },
		{ "scale feed=-1 heat=1 caps=yes", "line 2 " },
		{ "scale feed=1 heat=x caps=yes", "line 2 " },
		{ "scale feed=1 heat=1 caps=yes more", "line 2 " },
		{ "cost x bound=1 before=0", "line 2 of the plan: here is: cost NUMBER bound=NUMBER before=NUMBER" },
		{ "cost 1 bound=1", "line 2 " }, { "cost 1 before=1 bound=1", "line 2 " },
		{ "cost 1 bound=1 before=0 more", "line 2 " },
		{ "lose\tA\tB", "line 2 " },
		{ "site t hash=00000000000000/0 readings=0000000000000000", "line 2 " },
		{ "site t hash=00000000000000_0 readings=0000000000000000", "line 2 " },
		{ "site t hash=00000000000000:0 readings=0000000000000000", "line 2 " },
		{ "lose A\001", "line 2 " }, { "off \x7f", "line 2 " },
		{ "lose", "line 2 of the plan: one ID belongs here" }, { "lose A B", "line 2 " },
		{ "lose 0123456789012345678901234567890123456789012345678901234567890123", "line 2 " },
		{ "down", "line 2 " }, { "off h", "line 2 of the plan: this step does not belong to the wave above it" },
		{ "cap h", "line 2 of the plan: a cap says to how many watts: cap HOST w=120" },
		{ "end lines=7", "line 2 of the plan: lines are missing, or there are too many" },
		{ "end lines=2 more", "line 2 " }, { "end", "line 2 " },
		{ "what is this", "line 2 of the plan: this is no line of a plan" },
		{ "wave 2 off from=0s to=1s hosts=1", "line 2 of the plan: here is: wave NUMBER off "
		    "from=0s to=180s hosts=NUMBER; they count up from 1" },
		{ "wave x off from=0s to=1s hosts=1", "line 2 " },
		{ "wave 1 up from=0s to=1s hosts=1", "line 2 " },
		{ "wave 1 off from=0 to=1s hosts=1", "line 2 " },
		{ "wave 1 off from=0s to=s hosts=1", "line 2 " },
		{ "wave 1 off from=0s hosts=1", "line 2 " },
		{ "wave 1 off from=2s to=1s hosts=1", "line 2 " },
		{ "wave 1 off from=0s to=1s hosts=0", "line 2 " },
		{ "wave 1 off from=0s to=1s hosts=99", "line 2 " },
		{ "wave 1 off from=0s to=1s hosts=x", "line 2 " },
		{ "wave 1 off from=0s to=1s hosts=1 more", "line 2 " },
		{ "wave 1 off from=0s to=1s hosts=1\nend lines=3", "line 3 of the plan: the wave above has fewer hosts than it says" },
		{ "wave 1 off from=0s to=1s hosts=1\non h", "line 3 " },
		{ "wave 1 off from=0s to=1s hosts=1\noff", "line 3 " },
		{ "wave 1 off from=0s to=1s hosts=1\noff h more", "line 3 " },
		{ "end lines=2\nend lines=3", "line 3 of the plan: nothing may follow the end" },
		{ "scale feed=1 heat=1 caps=no\nscale feed=1 heat=1 caps=no", "line 3 " },
		{ "cost 1 bound=1 before=0\ncost 1 bound=1 before=0", "line 3 " },
		{ "site t hash=0000000000000000 readings=0000000000000000\n"
		  "site t hash=0000000000000000 readings=0000000000000000", "line 3 " },
		{ "lose A", "the plan ends too soon" },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct arena arena;
		struct paper paper;
		struct why why;
		char bytes[400];

		arena_init(&arena, 1 << 20);
		(void)snprintf(bytes, sizeof bytes, "%s%s\n", i == 0 ? "" : "keisoku plan 1\n", wrong[i].line);
		assert_int_not_equal(paper_read(span_text(bytes), &arena, &paper, &why), KS_OK);
		if (strncmp(why.text, wrong[i].says, strlen(wrong[i].says)) != 0)
			fail_msg("%s: %s, not %s", wrong[i].line, why.text, wrong[i].says);
		arena_done(&arena);
	}
}

static void a_wrong_site_is_refused_by_name(void **state)
{
	(void)state;
	KS_DROP(text) struct text text;
	struct shed_site *site;
	struct why why;

	text_init(&text, 1 << 16);
	text_add(&text, site_text);
	text_add(&text, "service odd value=900000000000\n");
	struct bench *bench = bench_new(text_cstr(&text), &grid_as_is);

	assert_int_equal(shed_site_new(bench->flow, true, &bench->arena, &site, &why), KS_MALFORMED);
	assert_non_null(strstr(why.text, "service odd: value, unit or cap is too large"));
	bench_free(bench);
}

/* Every allocation fails once. */
static void without_memory(const char *site, const char *lost)
{
	struct bench *bench = bench_new(site, &grid_as_is);
	struct remedy *remedy;
	struct paper paper;
	uint32_t node = node_of(bench, lost);
	struct remedy_ask ask = { .lost = &node, .lost_n = 1, .caps = true,
		.shed = { .go_on = forever } };
	KS_DROP(text) struct text text;
	int code = KS_FULL;

	text_init(&text, 1 << 20);
	for (size_t max = 0; code == KS_FULL; max += 16) {
		struct arena arena;
		struct why why;

		arena_init(&arena, max);
		code = remedy_new(bench->flow, &ask, &arena, &remedy, &why);
		if (code == KS_OK) {
			text_clear(&text);
			paper_write(&text, &remedy->paper);
		} else {
			assert_string_equal(why.text, "no memory for this plan");
		}
		arena_done(&arena);
	}
	assert_int_equal(code, KS_OK);
	code = KS_FULL;
	for (size_t max = 0; code != KS_OK; max += 16) {
		struct arena arena;
		struct why why;

		arena_init(&arena, max);
		code = paper_read(text_span(&text), &arena, &paper, &why);
		if (code == KS_OK)
			code = paper_fits(&paper, bench->grid, &arena, &why);
		arena_done(&arena);
		assert_true(max < 1 << 20);
	}
	assert_true(flow_recount(bench->flow));
	bench_free(bench);
}

static void without_memory_it_says_so(void **state)
{
	(void)state;
	without_memory(site_text, "A1");
	without_memory(hard_text, "A");
	without_memory(hard_text, "B");
}

/* With --no-caps nothing is capped. */
static void caps_may_be_forbidden(void **state)
{
	(void)state;
	struct bench *bench = bench_new(site_text, &grid_as_is);
	struct shed_site *site;

	flow_lose(bench->flow, node_of(bench, "A"));
	assert_int_equal(shed_site_new(bench->flow, false, &bench->arena, &site, NULL), KS_OK);
	for (size_t h = 0; h < site->problem.hosts_n; h++)
		assert_false(site->problem.hosts[h].can_cap);
	bench_free(bench);
}

/* Times, numbers and inrush are those of the site's line; a room too warm has a deadline:
 * when its air, at the soonest, is at the temperature of stop=, else of critical=. */
static void the_site_sets_the_pace(void **state)
{
	(void)state;
	struct bench *bench = bench_new("site t volt=200 drain=10s shutdown=20s settle=5s at-once=2 of-one=1 "
	    "boot=7s inrush=15A\nroom hall heat_kw=1 volume=50m3 stop=33C\nrack r1 room=hall\nfeed A amps=100\n"
	    "feed B amps=100\nservice s value=9\nhost h1 rack=r1 cords=A w=600 svc=s\nhost h2 rack=r1 cords=A w=600 svc=s\n"
	    "host h3 rack=r1 cords=A w=600\nhost h4 rack=r1 cords=A w=600\nhost h5 cords=B w=1\n", &grid_as_is);
	struct remedy *r = remedy_of(bench, "B", &grid_as_is);
	struct back_rules back = back_rules_of(bench->site);

	assert_int_equal(r->order->hosts_n, 3);
	assert_int_equal(r->order->waves_n, 2);
	assert_true(r->order->waves[0].n == 2 && r->order->waves[0].end_s == 35);
	assert_true(back.at_once == 2 && back.boot_s == 7 && back.inrush_a == 15);
	/* 1,400 W too much, 8 K to go: 1,206 J/m3 K of air, a tenth of 4 U at 7.5 kJ/K */
	double seconds = 8 * (1206.0 * 50 + 750 * 4) / 1400;

	assert_true(fabs(r->order->deadline_s[0] - seconds) < 0.01);
	assert_true(isinf(r->order->trip_s[0]) && r->order->late_n == 0);
	bench_free(bench);
	bench = bench_new("site t drain=1h\nroom hall heat_kw=1 volume=50m3 critical=30C\nrack r1 room=hall\nfeed A\n"
	    "feed B\nhost h1 rack=r1 u=1 cords=A w=600\nhost h2 rack=r1 u=2 cords=A w=600\nhost h3 cords=B w=1\n", &grid_as_is);
	r = remedy_of(bench, "B", &grid_as_is);
	seconds = 5 * (1206.0 * 50 + 750 * 2) / 200;
	assert_true(fabs(r->order->deadline_s[0] - seconds) < 0.01);
	assert_int_equal(r->order->late_n, 1); /* an hour to drain is too long */
	assert_true(fabs(r->order->trip_s[0] - seconds) < 0.01);
	bench_free(bench);
}

/* A panel of three phases: below its limit as a whole, but one line is not.  What is shed
 * brings every line to what it may carry, counted anew from the currents themselves. */
static void a_line_is_a_limit_too(void **state)
{
	(void)state;
	struct bench *bench = bench_new("site t volt=200\nfeed A phases=3\npanel P from=A phases=3 amps=50\n"
	    "leg RS from=P phase=RS\nleg ST from=P phase=ST\nleg TR from=P phase=TR\nleg N from=P phase=S\n"
	    "leg E from=P phases=3 amps=50\nfeed X\nservice w value=1000 unit=2 need=0\nhost b cords=X w=1\n"
	    "host r1 cords=RS w=1500 pf=1 cap=1200 svc=w\nhost r2 cords=RS w=1400 pf=1 svc=w\n"
	    "host r3 cords=RS w=1300 pf=1 svc=w\nhost r4 cords=RS w=1200 pf=1 svc=w\n"
	    "host t1 cords=TR w=1600 pf=1 svc=w\nhost t2 cords=TR w=2200 pf=1 svc=w\nhost s1 cords=ST w=700 pf=1 svc=w\n"
	    "host n1 cords=N w=300 pf=1 svc=w\nhost e1 cords=E w=900 pf=1 svc=w\n", &grid_as_is);
	struct remedy *r = remedy_of(bench, "X", &grid_as_is);
	uint32_t panel = node_of(bench, "P");
	struct phase_lines before = phase_lines(bench->flow, panel);

	assert_true(bench->flow->load_uva[panel] < bench->grid->nodes[panel].limit_uva);
	assert_true(before.amps[0] > before.may && before.amps[1] < before.may && before.amps[2] < before.may);
	assert_int_equal(r->site->broken_n, 1);
	assert_true(r->site->problem.rows_n > 1 && r->site->limits[0].line == 1 && !r->site->limits[0].again &&
	    r->site->limits[1].again);
	assert_true(r->plan.feasible && r->plan.cost > 0);
	for (size_t i = 0; i < r->site->problem.hosts_n; i++) {
		const struct grid_host *host = &bench->grid->hosts[r->site->hosts[i]];

		if (r->plan.state[i] != SHED_ON)
			flow_draw(bench->flow, r->site->hosts[i], r->plan.state[i] == SHED_OFF ? 0 : host->cap_uva,
			    r->plan.state[i] == SHED_OFF ? 0 : host->cap_mw);
	}
	struct phase_lines after = phase_lines(bench->flow, panel);

	for (int i = 0; i < 3; i++)
		assert_true(after.amps[i] <= after.may);
	assert_false(phase_over(bench->flow, panel));
	flow_reset(bench->flow);
	assert_true(phase_over(bench->flow, panel));
	assert_int_equal(phase_fullest(bench->flow, panel, &after), 0);
	/* even loads, one line, no rating, no load */
	assert_int_equal(phase_fullest(bench->flow, node_of(bench, "E"), &after), 3);
	assert_int_equal(phase_fullest(bench->flow, node_of(bench, "RS"), &after), 3);
	assert_false(phase_over(bench->flow, node_of(bench, "A")));
	flow_lose(bench->flow, node_of(bench, "A"));
	assert_int_equal(phase_fullest(bench->flow, panel, &after), 3);
	assert_false(phase_over(bench->flow, panel));
	bench_free(bench);
	/* two lines of one panel at once */
	bench = bench_new("site t volt=200\nfeed A phases=3\npanel P from=A phases=3 amps=50\nleg RS from=P phase=RS\n"
	    "leg ST from=P phase=ST\nleg TR from=P phase=TR\nfeed X\nhost b cords=X w=1\nhost r1 cords=RS w=4000 pf=1\n"
	    "host r2 cords=RS w=5000 pf=1\nhost t1 cords=TR w=1500 pf=1\nhost s1 cords=ST w=1000 pf=1\n", &grid_as_is);
	r = remedy_of(bench, "X", &grid_as_is);
	assert_int_equal(r->site->broken_n, 2);
	assert_true(r->plan.feasible && r->plan.cost == SHED_COST);
	assert_int_equal(phase_fullest(bench->flow, node_of(bench, "P"), &after), 0);
	flow_draw(bench->flow, host_of(bench, "t1"), 1, 1); /* then S is the fullest */
	assert_int_equal(phase_fullest(bench->flow, node_of(bench, "P"), &after), 1);
	bench_free(bench);
	/* all directions together are the current, never above it */
	for (unsigned way = 0; way < PHASE_WAYS; way++)
		for (unsigned kind = 0; kind < PHASE_KINDS; kind++)
			for (unsigned line = 0; line < 3; line++)
				assert_true(phase_part(line, way, kind) > -1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loss_is_answered),
		cmocka_unit_test(a_hard_loss_is_answered),
		cmocka_unit_test(it_comes_back_in_order),
		cmocka_unit_test(the_paper_is_read_as_written),
		cmocka_unit_test(what_is_stale_is_refused),
		cmocka_unit_test(an_old_plan_is_tried_on_new_loads),
		cmocka_unit_test(wrong_lines_are_named),
		cmocka_unit_test(a_wrong_site_is_refused_by_name),
		cmocka_unit_test(without_memory_it_says_so),
		cmocka_unit_test(caps_may_be_forbidden),
		cmocka_unit_test(the_site_sets_the_pace),
		cmocka_unit_test(a_line_is_a_limit_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
