/* src/plan/order.c - see the header. */
#include "plan/order.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct order_rules order_rules_usual = { .at_once = 50, .of_one = 10, .drain_s = 60,
	.stop_s = 90, .check_s = 30, .cap_s = 10, .cut_s = 10, .cut_stop = 1 };

struct order_rules order_rules_of(const struct site *site)
{
	struct order_rules rules = order_rules_usual;

	rules.at_once = site->waves.at_once;
	rules.of_one = site->waves.of_one;
	rules.drain_s = (double)site->waves.drain_ms / 1000;
	rules.stop_s = (double)site->waves.stop_ms / 1000;
	rules.check_s = (double)site->waves.check_ms / 1000;
	return rules;
}

struct due {
	double urgent_s;
	int64_t relief;
	int32_t stop;
	uint32_t host;
};

struct making {
	const struct order_ask *ask;
	const struct shed_problem *p;
	struct order *order;
	double now_s;
	double *used;	   /* of each row: part of what it bears, used up */
	int64_t *relief;   /* of each row, measured */
	double *left_s;	   /* of each row: until it opens as things are */
	uint32_t *left;	   /* of each service: hosts still to stop */
	uint32_t *in_wave; /* of each service */
	uint8_t *blocked;  /* services that others stand on which still run */
	double *urgent_s;  /* of each service */
	uint8_t *done;	   /* of each host */
	struct due *due;
	uint32_t due_n;
	bool by_class;	   /* a wave is of one class, the lowest first */
};

static int making_new(struct making *m, struct arena *arena, struct why *why)
{
	size_t H = m->p->hosts_n, R = m->p->rows_n, S = m->p->services_n;

	m->order = arena_take(arena, sizeof *m->order);
	if (m->order == NULL)
		return fail(why, KS_FULL, "no memory for this plan");
	struct { void *at; size_t n, size; } rooms[] = {
		{ &m->order->waves, H + 2, sizeof(struct wave) },
		{ &m->order->hosts, H, sizeof(uint32_t) },
		{ &m->order->deadline_s, R, sizeof(double) },
		{ &m->order->held_s, R, sizeof(double) }, { &m->order->trip_s, R, sizeof(double) },
		{ &m->used, R, sizeof(double) }, { &m->relief, R, sizeof(int64_t) },
		{ &m->left_s, R, sizeof(double) }, { &m->left, S, sizeof(uint32_t) },
		{ &m->in_wave, S, sizeof(uint32_t) }, { &m->blocked, S, 1 },
		{ &m->urgent_s, S, sizeof(double) }, { &m->done, H, 1 },
		{ &m->due, H, sizeof(struct due) },
	};

	for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
		void *at = arena_array(arena, rooms[i].n + 1, rooms[i].size);

		if (at == NULL)
			return fail(why, KS_FULL, "no memory for this plan");
		*(void **)rooms[i].at = at;
	}
	return KS_OK;
}

/* What each row still bears at what it carries now. */
static void rows_look(struct making *m)
{
	for (uint32_t r = 0; r < m->p->rows_n; r++) {
		bool held = m->relief[r] >= m->p->excess[r];

		if (held && isinf(m->order->held_s[r]))
			m->order->held_s[r] = m->now_s;
		m->left_s[r] = isinf(m->order->trip_s[r])
		    ? (1 - m->used[r]) * m->ask->seconds(m->ask->user, r, m->relief[r]) : 0;
	}
}

/* Time passes at the present loads. */
static void rows_heat(struct making *m, double seconds)
{
	for (uint32_t r = 0; r < m->p->rows_n; r++) {
		double whole = m->ask->seconds(m->ask->user, r, m->relief[r]);

		if (!isinf(m->order->trip_s[r]) || isinf(whole))
			continue;
		if (m->left_s[r] <= seconds) {
			m->order->trip_s[r] = m->now_s + m->left_s[r];
			m->order->late_n++;
		}
		m->used[r] += seconds / whole;
	}
	m->now_s += seconds;
}

/* A wave of the hosts added to the order since `first`. */
static void wave_end(struct making *m, enum wave_kind kind, uint32_t first, double seconds)
{
	const struct shed_problem *p = m->p;
	struct order *o = m->order;

	if (o->hosts_n == first)
		return;
	o->waves[o->waves_n++] = (struct wave){ kind, m->now_s, m->now_s + seconds, first,
		o->hosts_n - first };
	rows_heat(m, seconds);
	for (uint32_t i = first; i < o->hosts_n; i++) {
		const struct shed_host *host = &p->hosts[o->hosts[i]];

		for (uint32_t u = host->use; u < host->use + host->uses_n; u++)
			m->relief[p->uses[u].row] += kind == WAVE_CAP ? p->uses[u].capped : p->uses[u].off;
	}
	rows_look(m);
}

static void host_take(struct making *m, uint32_t h)
{
	m->order->hosts[m->order->hosts_n++] = h;
	m->done[h] = 1;
	if (m->ask->plan->state[h] == SHED_OFF && m->p->hosts[h].service != SHED_NONE)
		m->left[m->p->hosts[h].service]--;
}

static void caps_wave(struct making *m)
{
	for (uint32_t h = 0; h < m->p->hosts_n; h++)
		if (m->ask->plan->state[h] == SHED_CAPPED)
			host_take(m, h);
	wave_end(m, WAVE_CAP, 0, m->ask->rules->cap_s);
}

static bool may_cut(const struct order_ask *ask, uint32_t h)
{
	uint32_t s = ask->problem->hosts[h].service;

	return ask->plan->state[h] == SHED_OFF && s != SHED_NONE &&
	    ask->stop[s] <= ask->rules->cut_stop && !ask->problem->services[s].must;
}

static void cuts_wave(struct making *m)
{
	uint32_t first = m->order->hosts_n;

	for (uint32_t h = 0; m->ask->fast && h < m->p->hosts_n; h++)
		if (may_cut(m->ask, h))
			host_take(m, h);
	wave_end(m, WAVE_CUT, first, m->ask->rules->cut_s);
}

/* Who must wait for those that stand on him, and hand his urgency on to them. */
static void services_look(struct making *m)
{
	const struct shed_problem *p = m->p;
	const uint8_t *down = m->ask->plan->down;

	memset(m->blocked, 0, p->services_n);
	for (bool again = true; again;) {
		again = false;
		for (uint32_t t = 0; t < p->services_n; t++)
			for (uint32_t d = 0; down[t] && d < p->services[t].deps_n; d++) {
				uint32_t s = p->deps[p->services[t].dep + d];

				if (!m->blocked[s] && (m->left[t] > 0 || m->blocked[t]))
					{
					m->blocked[s] = 1;
					again = true;
				}
				if (m->urgent_s[s] < m->urgent_s[t]) {
					m->urgent_s[t] = m->urgent_s[s];
					again = true;
				}
			}
	}
}

static int by_relief(const struct due *x, const struct due *y)
{
	if (x->relief != y->relief)
		return x->relief > y->relief ? -1 : 1;
	return (x->host > y->host) - (x->host < y->host);
}

static int class_first(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if (x->stop != y->stop)
		return x->stop < y->stop ? -1 : 1;
	if (x->urgent_s != y->urgent_s)
		return x->urgent_s < y->urgent_s ? -1 : 1;
	return by_relief(x, y);
}

static int sooner_first(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	if (x->urgent_s != y->urgent_s)
		return x->urgent_s < y->urgent_s ? -1 : 1;
	if (x->stop != y->stop)
		return x->stop < y->stop ? -1 : 1;
	return by_relief(x, y);
}

static void due_add(struct making *m, uint32_t h)
{
	const struct shed_problem *p = m->p;
	const struct shed_host *host = &p->hosts[h];
	struct due due = { .urgent_s = INFINITY, .host = h,
		.stop = host->service == SHED_NONE ? INT32_MIN : m->ask->stop[host->service] };

	for (uint32_t u = host->use; u < host->use + host->uses_n; u++) {
		uint32_t r = p->uses[u].row;

		if (m->relief[r] >= p->excess[r])
			continue;
		due.urgent_s = fmin(due.urgent_s, m->left_s[r]);
		due.relief += p->uses[u].off;
	}
	if (host->service != SHED_NONE)
		m->urgent_s[host->service] = fmin(m->urgent_s[host->service], due.urgent_s);
	m->due[m->due_n++] = due;
}

static bool may_go(const struct making *m, uint32_t s)
{
	return s == SHED_NONE || (!m->blocked[s] &&
	    (m->ask->plan->down[s] || m->in_wave[s] < m->ask->rules->of_one));
}

/* The class of this wave: the lowest that may go; hosts without a service go with any. */
static int32_t class_find(const struct making *m)
{
	int32_t lowest = INT32_MAX;

	for (uint32_t i = 0; m->by_class && i < m->due_n; i++)
		if (m->p->hosts[m->due[i].host].service != SHED_NONE && m->due[i].stop < lowest &&
		    may_go(m, m->p->hosts[m->due[i].host].service))
			lowest = m->due[i].stop;
	return lowest;
}

static bool stops_wave(struct making *m)
{
	const struct order_rules *rules = m->ask->rules;
	uint32_t first = m->order->hosts_n;

	m->due_n = 0;
	for (uint32_t s = 0; s < m->p->services_n; s++) {
		m->urgent_s[s] = INFINITY;
		m->in_wave[s] = 0;
	}
	for (uint32_t h = 0; h < m->p->hosts_n; h++)
		if (m->ask->plan->state[h] == SHED_OFF && !m->done[h])
			due_add(m, h);
	services_look(m);
	for (uint32_t i = 0; i < m->due_n; i++) {
		uint32_t s = m->p->hosts[m->due[i].host].service;

		if (s != SHED_NONE && m->ask->plan->down[s])
			m->due[i].urgent_s = fmin(m->due[i].urgent_s, m->urgent_s[s]);
	}
	qsort(m->due, m->due_n, sizeof *m->due, m->by_class ? class_first : sooner_first);
	int32_t lowest = class_find(m);

	for (uint32_t i = 0; i < m->due_n && m->order->hosts_n - first < rules->at_once; i++) {
		uint32_t h = m->due[i].host, s = m->p->hosts[h].service;

		if (!may_go(m, s) || m->due[i].stop > lowest)
			continue;
		if (s != SHED_NONE)
			m->in_wave[s]++;
		host_take(m, h);
	}
	wave_end(m, WAVE_OFF, first, rules->drain_s + rules->stop_s + rules->check_s);
	return m->order->hosts_n > first;
}

static int order_try(const struct order_ask *ask, bool by_class, struct arena *arena, struct order **ret_order,
    struct why *why)
{
	struct making m = { .ask = ask, .p = ask->problem, .by_class = by_class };
	int bad = making_new(&m, arena, why);

	if (bad != KS_OK)
		return bad;
	for (uint32_t r = 0; r < m.p->rows_n; r++)
		m.order->held_s[r] = m.order->trip_s[r] = INFINITY;
	for (uint32_t h = 0; h < m.p->hosts_n; h++)
		if (ask->plan->state[h] == SHED_OFF && m.p->hosts[h].service != SHED_NONE)
			m.left[m.p->hosts[h].service]++;
	rows_look(&m);
	memcpy(m.order->deadline_s, m.left_s, m.p->rows_n * sizeof(double));
	caps_wave(&m);
	cuts_wave(&m);
	while (stops_wave(&m))
		;
	/* a limit that no plan holds goes on heating after the last wave */
	rows_heat(&m, INFINITY);
	m.order->by_class = by_class;
	*ret_order = m.order;
	return KS_OK;
}

int order_new(const struct order_ask *ask, struct arena *arena, struct order **ret_order,
    struct why *why)
{
	struct order *sooner = NULL;
	int bad = order_try(ask, true, arena, ret_order, why);

	if (bad != KS_OK || (*ret_order)->late_n == 0)
		return bad;
	bad = order_try(ask, false, arena, &sooner, why);
	if (bad == KS_OK && sooner->late_n < (*ret_order)->late_n)
		*ret_order = sooner;
	return bad;
}
