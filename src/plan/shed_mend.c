/* src/plan/shed_mend.c - see the header. */
#include "plan/shed_mend.h"
#include "base/must.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* of a row, that can still give something; chains between two looks at the time */
enum { LOOKS_MOST = 48, LOOK_EVERY = 16 };

int mend_new(struct shed_draft *draft, struct arena *arena, struct shed_mend *ret_mend,
    struct why *why)
{
	const struct shed_work *w = draft->w;
	/* a chain: one host back, each other up twice and back twice at most */
	struct shed_mend m = { .draft = draft,
		.picks = arena_array(arena, w->U + 1, sizeof *m.picks),
		.sorted = arena_array(arena, w->R + 1, 1),
		.backs = arena_array(arena, w->H + 1, sizeof *m.backs),
		.steps = arena_array(arena, 4 * w->H + 1, sizeof *m.steps) };

	if (m.picks == NULL || m.sorted == NULL || m.backs == NULL || m.steps == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	int bad = draft_new(draft->w, arena, &m.hold, why);

	if (bad == KS_OK)
		*ret_mend = m;
	return bad;
}

static int pick_order(const void *a, const void *b)
{
	const struct mend_pick *x = a, *y = b;

	if (x->ratio != y->ratio)
		return x->ratio < y->ratio ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

static int back_order(const void *a, const void *b)
{
	const struct mend_back *x = a, *y = b;

	if (x->price != y->price)
		return x->price < y->price ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

/* What the host costs for what it gives to one row, off or capped; of one that is off:
 * what it would cost once it were taken back. */
static double entry_ratio(const struct shed_mend *m, const struct row_entry *entry)
{
	const struct shed_draft *d = &m->hold;
	uint32_t h = entry->host;
	bool off = d->state[h] == SHED_OFF;
	int64_t price = draft_price(d, h, off ? d->w->lo[h] : SHED_OFF);
	double ratio = INFINITY;

	if (price != INT64_MAX && entry->capped + entry->extra > 0)
		ratio = (double)(off ? -price : price) / (double)(entry->capped + entry->extra);
	price = d->state[h] == SHED_ON ? draft_price(d, h, SHED_CAPPED) : INT64_MAX;
	if (price != INT64_MAX && entry->capped > 0)
		ratio = fmin(ratio, (double)price / (double)entry->capped);
	return ratio;
}

/* Once in a run, when the row is first short. */
static void picks_set(struct shed_mend *m, uint32_t row)
{
	const struct shed_work *w = m->hold.w;
	uint32_t from = w->row_at[row], to = w->row_at[row + 1];

	for (uint32_t i = from; i < to; i++)
		m->picks[i] = (struct mend_pick){ entry_ratio(m, &w->rows[i]), i };
	qsort(m->picks + from, to - from, sizeof *m->picks, pick_order);
	m->sorted[row] = 1;
}

static void step(struct shed_mend *m, uint32_t host, enum shed_state to, int64_t price)
{
	m->steps[m->steps_n++] = (struct mend_step){ host, m->hold.state[host] };
	m->price += price;
	draft_set(&m->hold, host, to);
}

static void undo(struct shed_mend *m)
{
	while (m->steps_n > 0) {
		const struct mend_step *last = &m->steps[--m->steps_n];

		draft_set(&m->hold, last->host, last->was);
	}
}

/* Of all that is missing in the host's rows: the share that the change gives, summed. */
static double useful(const struct shed_draft *d, uint32_t host, enum shed_state state)
{
	const struct shed_problem *p = d->w->p;
	const struct shed_host *at = &p->hosts[host];
	double sum = 0;

	for (uint32_t u = at->use; u < at->use + at->uses_n; u++) {
		int64_t rest = d->rest[p->uses[u].row];
		int64_t gain = state == SHED_OFF ? p->uses[u].off : p->uses[u].capped;

		if (rest <= 0)
			continue;
		gain -= d->state[host] == SHED_CAPPED ? p->uses[u].capped : 0;
		sum += gain < rest ? (double)gain / (double)rest : 1;
	}
	return sum;
}

/* The smallest row of the host that is short; SHED_NONE: all hold. */
static uint32_t row_short(const struct shed_draft *d, uint32_t host)
{
	const struct shed_work *w = d->w;
	const struct shed_host *at = &w->p->hosts[host];
	uint32_t best = SHED_NONE, least = UINT32_MAX;

	for (uint32_t u = at->use; u < at->use + at->uses_n; u++) {
		uint32_t r = w->p->uses[u].row, n = w->row_at[r + 1] - w->row_at[r];

		if (d->rest[r] > 0 && n < least) {
			best = r;
			least = n;
		}
	}
	return best;
}

/* The cheapest relief of a row for what it gives, so that the chain is still cheaper;
 * false: there is none. */
static bool relieve(struct shed_mend *m, uint32_t row, uint32_t not)
{
	const struct shed_work *w = m->hold.w;
	struct { double ratio; int64_t price; uint32_t host; enum shed_state to; } best = { .ratio = INFINITY };
	uint32_t looks = 0;

	if (!m->sorted[row])
		picks_set(m, row);
	for (uint32_t i = w->row_at[row]; i < w->row_at[row + 1] && looks < LOOKS_MOST; i++) {
		uint32_t h = w->rows[m->picks[i].entry].host;

		if ((m->hold.state[h] == SHED_OFF) | (h == not))
			continue;
		looks++;
		for (enum shed_state to = m->hold.state[h] + 1; to <= SHED_OFF; to++) {
			int64_t price = draft_price(&m->hold, h, to);
			double use;

			if (price >= -m->price)
				continue;
			use = useful(&m->hold, h, to);
			if (use > 0 && (double)price / use < best.ratio) {
				best.ratio = (double)price / use;
				best.price = price;
				best.host = h;
				best.to = to;
			}
		}
	}
	if (best.ratio < INFINITY)
		step(m, best.host, best.to, best.price);
	return best.ratio < INFINITY;
}

/* Of the hosts that the chain changed after its first: back, where all rows hold so. */
static void trim(struct shed_mend *m)
{
	struct shed_draft *d = &m->hold;
	uint32_t n = m->steps_n;

	for (uint32_t i = 1; i < n; i++) {
		uint32_t h = m->steps[i].host;

		for (enum shed_state to = d->w->lo[h]; to < d->state[h]; to++) {
			int64_t price = draft_price(d, h, to);

			if (price < 0 && draft_holds(d, h, to))
				step(m, h, to, price);
		}
	}
}

/* One chain; true: it is cheaper, and made. */
static bool chain(struct shed_mend *m, uint32_t host, enum shed_state to)
{
	int64_t price = draft_price(&m->hold, host, to);
	uint32_t row;

	if (price >= 0)
		return false;
	m->steps_n = 0;
	m->price = 0;
	step(m, host, to, price);
	while ((row = row_short(&m->hold, host)) != SHED_NONE)
		if (!relieve(m, row, host)) {
			undo(m);
			return false;
		}
	trim(m);
	must(m->price < 0 && m->hold.short_n == 0);
	return true;
}

/* A chain from every host that is off or capped, the dearest first; true: one was good. */
static bool sweep(struct shed_mend *m)
{
	const struct shed_draft *d = &m->hold;
	const struct shed_work *w = d->w;
	uint32_t n = 0;
	bool better = false;

	for (uint32_t h = 0; h < w->H; h++)
		if (d->state[h] > w->lo[h])
			m->backs[n++] = (struct mend_back){ draft_price(d, h, w->lo[h]), h };
	qsort(m->backs, n, sizeof *m->backs, back_order);
	for (uint32_t i = 0; i < n && (i % LOOK_EVERY != 0 || m->go_on(m->user)); i++) {
		uint32_t h = m->backs[i].host;

		for (enum shed_state to = w->lo[h]; to < d->state[h]; to++)
			better |= chain(m, h, to);
	}
	return better;
}

void mend_run(struct shed_mend *m)
{
	draft_load(&m->hold, m->draft->state);
	must(m->hold.short_n == 0);
	memset(m->sorted, 0, m->hold.w->R);
	while (m->go_on(m->user) && sweep(m))
		; /* ends: each was cheaper by a whole number */
	draft_load(m->draft, m->hold.state);
}
