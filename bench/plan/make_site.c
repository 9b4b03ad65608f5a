#include "make_site.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PER_RACK = 26, PER_PANEL = 20, UNITS = 38, SERVICES = 4096, DEPS = 512 };

const char *const profile_words[PROFILES] = { "story", "mixed", "dual" };

struct random {
	uint64_t s;
};

/* splitmix64 */
static uint64_t random_u64(struct random *r)
{
	uint64_t z;

	r->s += 0x9E3779B97F4A7C15u;
	z = r->s;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static double random_part(struct random *r)
{
	return (double)(random_u64(r) >> 11) / (double)((uint64_t)1 << 53);
}

static uint64_t random_of(struct random *r, uint64_t n)
{
	return random_u64(r) % n;
}

/* About normal, -1 .. 1. */
static double random_bell(struct random *r)
{
	double a = random_part(r), b = random_part(r), c = random_part(r);

	return (a + b + c) / 1.5 - 1.0;
}

enum ware { WEB, APP, CACHE, DB, BATCH, STORE, INFRA, DEV, WARES };

static const struct {
	uint32_t height;
	double watts, spread, most, cap; /* cap: part when capped; 0: cannot be */
} wares[WARES] = {
	[WEB] = { 1, 165, .22, 1.6, 0 }, [APP] = { 1, 215, .22, 1.6, 0 }, [CACHE] = { 1, 190, .15, 1.4, 0 },
	[DB] = { 2, 390, .15, 1.5, 0 }, [BATCH] = { 1, 310, .25, 1.3, .65 }, [STORE] = { 2, 330, .10, 1.3, 0 },
	[INFRA] = { 1, 140, .20, 1.5, 0 }, [DEV] = { 1, 150, .35, 1.9, .7 },
};

struct service {
	char name[24];
	enum ware ware;
	uint32_t n, tier, stop;
	double value, unit;
	double min; /* part of n; -1: one; -2: more than half */
	double need;
	bool must, cap;
	uint32_t deps[DEPS], deps_n;
};

struct host {
	uint32_t service, number, rack, u, watts, most, cap;
	bool dual;
	int side, pf;
	double rank;
};

struct plan {
	struct random random;
	struct service *services;
	uint32_t services_n;
	struct host *hosts;
	uint32_t hosts_n, racks_n, racks_room;
	uint32_t *free_u, *in_rack;	/* of each rack */
	double (*need)[2];		/* VA of each rack and side */
};

static const double pfs[] = { .99, .97, .95, .92 };

/* Python's round(): halves to even. */
static double even_round(double x)
{
	return nearbyint(x);
}

static struct service *service_add(struct plan *plan, const char *name, enum ware ware, uint32_t n)
{
	struct service *service = &plan->services[plan->services_n];

	if (n == 0)
		return NULL;
	if (plan->services_n == SERVICES)
		abort();
	*service = (struct service){ .ware = ware, .n = n, .need = 1, .min = -1 };
	(void)snprintf(service->name, sizeof service->name, "%s", name);
	plan->services_n++;
	return service;
}

static void dep_add(struct service *service, uint32_t on)
{
	if (service->deps_n == DEPS)
		abort();
	service->deps[service->deps_n++] = on;
}

/* One product: shards of a database, a cache, applications, web servers. */
static void product_add(struct plan *plan, uint32_t at, uint32_t n, bool has_dns)
{
	static const double values[] = { 9000, 5000, 3000, 1500, 900, 500 };
	double v = values[random_of(&plan->random, 6)] * (at == 0 ? 3 : 1) * fmax(1.0, n / 60.0);
	uint32_t dbs = (uint32_t)(n * .14) > 3 ? (uint32_t)(n * .14) : 3, caches = (uint32_t)(n * .08);
	uint32_t apps = (uint32_t)(n * .38), webs = n - dbs - caches - apps;
	uint32_t shards = dbs / 5 > 1 ? dbs / 5 : 1, base = dbs / shards, more = dbs - base * shards;
	uint32_t first = plan->services_n, cache = UINT32_MAX, app;
	char name[24];
	struct service *s;

	for (uint32_t k = 0; k < shards; k++) {
		(void)snprintf(name, sizeof name, "p%02u-db%u", at + 1, k + 1);
		s = service_add(plan, name, DB, base + (k < more ? 1 : 0));
		s->tier = 1;
		s->value = even_round(v * (shards == 1 ? 1.0 : .6));
		s->min = -2;
		s->unit = even_round(v * .04);
		s->stop = 7;
		dep_add(s, 0);
		if (has_dns)
			dep_add(s, 1);
	}
	(void)snprintf(name, sizeof name, "p%02u-cache", at + 1);
	if ((s = service_add(plan, name, CACHE, caches)) != NULL) {
		cache = plan->services_n - 1;
		s->tier = 2;
		s->value = even_round(v * .6);
		s->min = .4;
		s->need = .8;
		s->unit = even_round(v * .9 / (caches > 1 ? caches : 1));
		s->stop = 5;
	}
	(void)snprintf(name, sizeof name, "p%02u-app", at + 1);
	app = plan->services_n;
	if ((s = service_add(plan, name, APP, apps)) != NULL) {
		s->tier = 2;
		s->value = even_round(v);
		s->min = .45;
		s->need = .80;
		s->unit = even_round(v * 1.1 / (apps > 1 ? apps : 1));
		s->stop = 4;
		for (uint32_t k = 0; k < shards; k++)
			dep_add(s, first + k);
		if (cache != UINT32_MAX)
			dep_add(s, cache);
	}
	(void)snprintf(name, sizeof name, "p%02u-web", at + 1);
	if ((s = service_add(plan, name, WEB, webs)) != NULL) {
		s->tier = 2;
		s->value = even_round(v);
		s->min = .40;
		s->need = .75;
		s->unit = even_round(v * .9 / (webs > 1 ? webs : 1));
		s->stop = 3;
		dep_add(s, app);
	}
}

static void shared_add(struct plan *plan, uint32_t hosts)
{
	struct service *s = service_add(plan, "ad", INFRA, hosts / 5000 + 2);

	s->value = 200000;
	s->unit = 2000;
	s->must = true;
	s->stop = 9;
	if (hosts < 30)
		return;
	s = service_add(plan, "dns", INFRA, hosts / 3000 + 2);
	s->value = 150000;
	s->need = .5;
	s->unit = 2000;
	s->must = true;
	s->stop = 9;
	s = service_add(plan, "file", STORE, hosts < 500 ? 1 : 3);
	s->tier = 1;
	s->value = 20000;
	s->min = -2;
	s->unit = 1500;
	s->stop = 8;
	dep_add(s, 0);
}

static void batches_add(struct plan *plan, uint32_t hosts, uint32_t batch, uint32_t dev)
{
	uint32_t q = hosts / 800 > 1 ? hosts / 800 : 1;
	struct service *s;

	for (uint32_t k = 0; k < q; k++) {
		uint32_t n = batch / q + (k < batch % q ? 1 : 0);
		double unit = 4 + (double)random_of(&plan->random, 4);
		char name[24];

		(void)snprintf(name, sizeof name, "batch%u", k + 1);
		if ((s = service_add(plan, name, BATCH, n)) == NULL)
			continue;
		s->tier = 4;
		s->value = 200 + unit * n;
		s->min = 0;
		s->unit = unit;
		s->cap = true;
		s->stop = 1;
		dep_add(s, 0);
	}
	if ((s = service_add(plan, "dev", DEV, dev)) == NULL)
		return;
	s->tier = 5;
	s->value = 50 + 2.0 * dev;
	s->min = 0;
	s->unit = 2;
	s->cap = true;
	s->stop = 0;
	dep_add(s, 0);
}

static void services_make(struct plan *plan, uint32_t hosts)
{
	uint32_t left = hosts, dev, batch, live, products = hosts / 160;
	double total = 0;

	shared_add(plan, hosts);
	for (uint32_t i = 0; i < plan->services_n; i++)
		left -= plan->services[i].n;
	products = products < 1 ? 1 : products > 60 ? 60 : products;
	dev = (uint32_t)(left * .08);
	batch = (uint32_t)(left * .17);
	live = left - dev - batch;
	for (uint32_t i = 0; i < products; i++)
		total += 1.0 / pow(i + 1, .7);
	for (uint32_t i = 0; i < products; i++) {
		uint32_t n = (uint32_t)(live * (1.0 / pow(i + 1, .7)) / total), sum = 0;

		for (uint32_t k = 0; i == 0 && k < products; k++)
			sum += (uint32_t)(live * (1.0 / pow(k + 1, .7)) / total);
		product_add(plan, i, n + (i == 0 ? live - sum : 0), hosts >= 30);
	}
	batches_add(plan, hosts, batch, dev);
}

static const struct service *order_services;

static int by_rank(const void *left, const void *right)
{
	const struct host *a = left, *b = right;
	int names;

	if (a->rank < b->rank || a->rank > b->rank)
		return a->rank < b->rank ? -1 : 1;
	names = strcmp(order_services[a->service].name, order_services[b->service].name);
	return names != 0 ? names : a->number < b->number ? -1 : a->number > b->number;
}

static bool is_dual(struct plan *plan, enum profile profile, enum ware ware)
{
	if (profile == PROFILE_STORY)
		return ware == DB;
	if (profile == PROFILE_DUAL)
		return true;
	if (ware == DB || ware == STORE || ware == INFRA)
		return true;
	if ((ware == APP || ware == CACHE) && random_part(&plan->random) < .6)
		return true;
	return random_part(&plan->random) < .15;
}

/* Which of the values of a profile table Python works out before it picks one: all. */
static bool dual_draw(struct plan *plan, enum profile profile, enum ware ware)
{
	bool mixed = is_dual(plan, PROFILE_MIXED, ware);

	return profile == PROFILE_MIXED ? mixed : is_dual(plan, profile, ware);
}

static void host_place(struct plan *plan, struct host *host, uint32_t *at, enum profile profile)
{
	enum ware ware = plan->services[host->service].ware;
	uint32_t height = wares[ware].height, x = 0, t;

	for (t = 0; t < plan->racks_n; t++) {
		x = (*at + t) % plan->racks_n;
		if (plan->free_u[x] >= height && plan->in_rack[x] < PER_RACK + 4)
			break;
	}
	if (t == plan->racks_n) {
		if (plan->racks_n == plan->racks_room)
			abort();
		x = plan->racks_n++;
		plan->free_u[x] = UNITS;
	}
	*at = (*at + (plan->racks_n % 7 != 0 ? 7 : 5)) % plan->racks_n;
	double watts = even_round(wares[ware].watts * (1 + wares[ware].spread * random_bell(&plan->random)));

	host->watts = watts > 40 ? (uint32_t)watts : 40;
	host->most = (uint32_t)even_round(host->watts * wares[ware].most);
	host->cap = (uint32_t)even_round(host->watts * wares[ware].cap);
	host->dual = dual_draw(plan, profile, ware);
	host->side = (int)random_of(&plan->random, 2);
	host->pf = (int)random_of(&plan->random, 4);
	host->rack = x;
	host->u = 43 - plan->free_u[x];
	plan->free_u[x] -= height;
	plan->in_rack[x]++;
	double va = host->watts / pfs[host->pf];

	for (int s = 0; s < 2; s++)
		if (host->dual || host->side == s)
			plan->need[x][s] += host->dual ? va / 2 : va;
}

static void hosts_make(struct plan *plan, enum profile profile)
{
	uint32_t at = 0, h = 0;

	for (uint32_t s = 0; s < plan->services_n; s++)
		for (uint32_t j = 0; j < plan->services[s].n; j++) {
			double a = random_part(&plan->random), b = random_part(&plan->random);

			plan->hosts[h++] = (struct host){ .service = s, .number = j,
				.rank = (j + .5 * a) / plan->services[s].n + .37 * b };
		}
	order_services = plan->services;
	qsort(plan->hosts, plan->hosts_n, sizeof *plan->hosts, by_rank);
	for (h = 0; h < plan->hosts_n; h++)
		host_place(plan, &plan->hosts[h], &at, profile);
}

/* The smallest catalogue size that the load fills to `part` of its derated limit. */
static int pick(double va, double volt, int phases, const int *sizes, size_t n, double part)
{
	for (size_t i = 0; i < n; i++)
		if (volt * sizes[i] * (phases == 3 ? sqrt(3) : 1) * .8 * part >= va)
			return sizes[i];
	return sizes[n - 1];
}

static void side_write(struct plan *plan, struct text *text, int s)
{
	static const int feeds[] = { 5, 10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1000, 1200, 1600, 2000 };
	static const int upses[] = { 30, 60, 100, 150, 225, 300, 400, 600, 800, 1000, 1200, 1600, 2000 };
	static const int panels[] = { 30, 50, 75, 100, 125, 150, 175, 200, 225, 250, 300, 350, 400, 500, 600 };
	static const int breakers[] = { 15, 20, 30, 40, 50, 60 };
	static const char *const legs[] = { "RS", "ST", "TR" };
	char side = "AB"[s];
	uint32_t panels_n = (plan->racks_n + PER_PANEL - 1) / PER_PANEL, upses_n = (panels_n + 3) / 4;
	double *panel = calloc(panels_n, sizeof *panel), *ups = calloc(upses_n, sizeof *ups), all = 0;

	if (panel == NULL || ups == NULL)
		abort();
	for (uint32_t x = 0; x < plan->racks_n; x++)
		panel[x / PER_PANEL] += plan->need[x][s];
	for (uint32_t p = 0; p < panels_n; p++)
		ups[p / 4] += panel[p];
	for (uint32_t u = 0; u < upses_n; u++)
		all += ups[u];
	text_addf(text, "feed %c volt=6600 phases=3 amps=%d derate=0.8\n", side,
	    pick(all, 6600, 3, feeds, sizeof feeds / sizeof *feeds, .80));
	for (uint32_t u = 0; u < upses_n; u++)
		text_addf(text, "ups %cu%u from=%c volt=200 phases=3 amps=%d derate=0.8\n", side, u + 1, side,
		    pick(ups[u], 200, 3, upses, sizeof upses / sizeof *upses, .78));
	for (uint32_t p = 0; p < panels_n; p++) {
		int amps = pick(panel[p], 200, 3, panels, sizeof panels / sizeof *panels, .74);

		text_addf(text, "panel %cp%u from=%cu%u volt=200 phases=3 amps=%d curve=MCCB derate=0.8\n", side, p + 1, side,
		    p / 4 + 1, amps);
		for (int l = 0; l < 3; l++)
			text_addf(text, "leg %cp%u%s from=%cp%u volt=200 phases=1 amps=%d derate=0.8\n", side, p + 1, legs[l], side,
			    p + 1, (int)even_round(amps * sqrt(3) / 3 * 1.15));
		for (uint32_t x = p * PER_PANEL; x < plan->racks_n && x < (p + 1) * PER_PANEL; x++) {
			text_addf(text, "breaker %c%04u from=%cp%u%s volt=200 phases=1 amps=%d curve=C derate=0.8\n", side, x + 1,
			    side, p + 1, legs[(x + (uint32_t)s) % 3],
			    pick(plan->need[x][s], 200, 1, breakers, sizeof breakers / sizeof *breakers, .80));
			text_addf(text, "pdu r%04u-%c from=%c%04u rack=r%04u\n", x + 1, side, side, x + 1, x + 1);
		}
	}
	free(panel);
	free(ups);
}

static void rooms_write(struct plan *plan, struct text *text)
{
	uint32_t rooms = (plan->racks_n + 199) / 200;
	double *watts = calloc(rooms, sizeof *watts);

	if (watts == NULL)
		abort();
	for (uint32_t h = 0; h < plan->hosts_n; h++)
		watts[plan->hosts[h].rack / 200] += plan->hosts[h].watts;
	for (uint32_t i = 0; i < rooms; i++)
		text_addf(text, "room room%u heat_kw=%.1f\n", i + 1, watts[i] * 1.15 / 1000);
	for (uint32_t x = 0; x < plan->racks_n; x++)
		text_addf(text, "rack r%04u room=room%u units=42\n", x + 1, x / 200 + 1);
	free(watts);
}

static void services_write(struct plan *plan, struct text *text)
{
	for (uint32_t i = 0; i < plan->services_n; i++) {
		const struct service *s = &plan->services[i];
		uint32_t min = s->min <= -1.5 ? s->n / 2 + 1 : s->min < 0 ? 1 : (uint32_t)ceil(s->n * s->min);
		uint32_t need = (uint32_t)ceil(s->n * s->need);

		need = need > min ? need : min;
		text_addf(text, "service %s tier=%u value=%.0f unit=%.0f need=%u min=%u stop=%u", s->name, s->tier, s->value,
		    s->unit, need, min, s->stop);
		text_add(text, s->cap ? " cap=1" : "");
		text_add(text, s->must ? " must=1" : "");
		for (uint32_t k = 0; k < s->deps_n; k++)
			text_addf(text, "%s%s", k == 0 ? " dep=" : ",", plan->services[s->deps[k]].name);
		text_add_char(text, '\n');
	}
}

static void hosts_write(struct plan *plan, struct text *text)
{
	uint32_t (*outlets)[2] = calloc(plan->racks_n, sizeof *outlets);

	if (outlets == NULL)
		abort();
	for (uint32_t i = 0; i < plan->hosts_n; i++) {
		const struct host *h = &plan->hosts[i];
		const struct service *s = &plan->services[h->service];
		const char *comma = "";

		text_addf(text, "host %s-%03u rack=r%04u u=%u h=%u cords=", s->name, h->number + 1, h->rack + 1, h->u,
		    wares[s->ware].height);
		for (int side = 0; side < 2; side++) {
			if (!h->dual && h->side != side)
				continue;
			text_addf(text, "%sr%04u-%c.%u", comma, h->rack + 1, "AB"[side], ++outlets[h->rack][side]);
			comma = ",";
		}
		text_addf(text, " w=%u pf=%g wmax=%u svc=%s", h->watts, pfs[h->pf], h->most, s->name);
		if (h->cap > 0)
			text_addf(text, " cap=%u", h->cap);
		text_add_char(text, '\n');
	}
	free(outlets);
}

void make_site(struct text *text, uint32_t hosts, uint64_t seed, enum profile profile)
{
	struct plan plan = { .random = { seed * 0x9E3779B97F4A7C15u + 0x1234567u }, .hosts_n = hosts };

	plan.racks_n = (hosts + PER_RACK - 1) / PER_RACK > 2 ? (hosts + PER_RACK - 1) / PER_RACK : 2;
	plan.racks_room = plan.racks_n * 2 + 16;
	plan.services = calloc(SERVICES, sizeof *plan.services);
	plan.hosts = calloc(hosts + 1, sizeof *plan.hosts);
	plan.free_u = calloc(plan.racks_room, sizeof *plan.free_u);
	plan.in_rack = calloc(plan.racks_room, sizeof *plan.in_rack);
	plan.need = calloc(plan.racks_room, sizeof *plan.need);
	if (plan.services == NULL || plan.hosts == NULL || plan.free_u == NULL || plan.in_rack == NULL || plan.need == NULL)
		abort();
	for (uint32_t x = 0; x < plan.racks_n; x++)
		plan.free_u[x] = UNITS;
	services_make(&plan, hosts);
	hosts_make(&plan, profile);
	text_add(text, "# keisoku site, format 1 (see make_site.py)\n");
	text_addf(text, "site gen-%s-%u-%llu format=1 volt=200 generator=make_site.py\n", profile_words[profile], hosts,
	    (unsigned long long)seed);
	rooms_write(&plan, text);
	side_write(&plan, text, 0);
	side_write(&plan, text, 1);
	services_write(&plan, text);
	hosts_write(&plan, text);
	free(plan.services);
	free(plan.hosts);
	free(plan.free_u);
	free(plan.in_rack);
	free(plan.need);
}
