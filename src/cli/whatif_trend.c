/* src/cli/whatif_trend.c - when a metered piece of the power path is full, if its load goes
 * on growing as it did: from the daily means that the store has. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/whatif.h"
#include "plan/capacity.h"
#include "role/paths.h"
#include "site/metric.h"
#include "store/store.h"
#include <math.h>
#include <string.h>
#include <time.h>

enum { DAYS = 180, DAY_S = 86400 };

/* One node's best series: of several meters, the one that sees most now. */
struct metered {
	struct trend trend;
	enum measure kind;
	int64_t limit, now;
	bool there;
};

struct daily {
	double sum[DAYS];
	uint64_t n[DAYS];
	int64_t from_ms;
};

static int hour_take(void *user, uint32_t series, const struct rollup *hour)
{
	struct daily *daily = user;
	int64_t day = (hour->hour_ms - daily->from_ms) / (DAY_S * 1000LL);

	(void)series;
	if (day >= 0 && day < DAYS) {
		daily->sum[day] += hour->sum;
		daily->n[day] += hour->n;
	}
	return KS_OK;
}

static struct span label_of(struct span labels, const char *name)
{
	while (labels.left > 0) {
		struct span key = span_until(&labels, 0xff), value = span_until(&labels, 0xff);

		if (span_equal(key, name))
			return value;
	}
	return span_of("", 0);
}

/* The sensor line on a piece of the power path that this series is of. */
static const struct sensor *sensor_of(const struct site *site, struct span labels, enum measure *ret_kind)
{
	static const enum measure kinds[] = { MEASURE_POWER, MEASURE_APPARENT_POWER, MEASURE_CURRENT, MEASURE_LOAD };
	struct span id = label_of(labels, "sensor"), name = label_of(labels, "__name__"), part = label_of(labels, "reading");
	bool load = false;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (span_equal(name, metric_name(kinds[i]))) {
			*ret_kind = kinds[i];
			load = true;
		}
	if (!load || (part.left > 0 && memmem(part.at, part.left, "outlet", 6) != NULL))
		return NULL;
	for (size_t i = 0; i < site->sensors_n; i++)
		if (site->sensors[i].node != NULL && span_equal(id, site->sensors[i].id))
			return &site->sensors[i];
	return NULL;
}

/* What may flow all day, in the unit of the series. */
static int64_t limit_of(const struct whatif *whatif, uint32_t node, enum measure kind)
{
	const struct grid_node *at = &whatif->grid->nodes[node];
	const struct node *line = &whatif->site->nodes[node];

	if (kind == MEASURE_LOAD)
		return (int64_t)line->derate_milli * 100;
	if (kind == MEASURE_CURRENT)
		return number_scale(line->milli_amp, line->derate_milli, 1000);
	return number_scale(at->limit_uva, 1, 1000);
}

static void series_try(const struct whatif *whatif, struct store *store, uint32_t series, int64_t now,
    struct metered *nodes)
{
	static struct daily daily;
	enum measure kind = MEASURE_POWER;
	const struct sensor *sensor = sensor_of(whatif->site, store_labels(store, series), &kind);
	int64_t days[DAYS], last = 0;

	if (sensor == NULL)
		return;
	uint32_t node = (uint32_t)(sensor->node - whatif->site->nodes);

	daily = (struct daily){ .from_ms = (now / (DAY_S * 1000LL) - DAYS + 1) * DAY_S * 1000LL };
	if (whatif->grid->nodes[node].limit_uva == 0 ||
	    store_hours(store, series, daily.from_ms, now, hour_take, &daily, NULL) != KS_OK)
		return;
	for (int i = 0; i < DAYS; i++) {
		days[i] = daily.n[i] > 0 ? metric_milli(kind, daily.sum[i] / (double)daily.n[i]) : INT64_MIN;
		last = daily.n[i] > 0 ? days[i] : last;
	}
	if (nodes[node].there && number_scale(nodes[node].now, 1000, nodes[node].limit) >=
	    number_scale(last, 1000, limit_of(whatif, node, kind)))
		return;
	nodes[node] = (struct metered){ .kind = kind, .limit = limit_of(whatif, node, kind), .now = last, .there = true };
	nodes[node].trend = trend_until(days, DAYS, nodes[node].limit);
}

static void trend_json(struct whatif *whatif, uint32_t node, const struct metered *metered, bool first)
{
	struct text *text = &whatif->text;

	text_add(text, first ? "{\"node\":\"" : ",{\"node\":\"");
	text_add_json(text, span_text(whatif->site->nodes[node].id));
	text_addf(text, "\",\"unit\":\"%s\",\"now\":", measure_unit(metered->kind));
	text_add_milli(text, metered->now);
	text_add(text, ",\"limit\":");
	text_add_milli(text, metered->limit);
	text_add(text, ",\"per_month\":");
	text_add_milli(text, llround(metered->trend.per_month));
	text_addf(text, ",\"days\":%u,\"months\":", metered->trend.days);
	if (metered->trend.known)
		text_add_milli(text, llround(metered->trend.months * 1000));
	else
		text_add(text, "null");
	text_add_char(text, '}');
}

static void trend_say(struct whatif *whatif, uint32_t node, const struct metered *metered)
{
	KS_DROP(text) struct text growth = { 0 };

	if (!metered->trend.known)
		return;
	text_init(&growth, 64);
	say_value(&growth, whatif->lang, metered->kind, llround(metered->trend.per_month));
	text_add(&whatif->text, "  ");
	say(&whatif->text, whatif->lang, "%s is full in %.1f months (grows by %s a month, over %u {day|days})",
	    whatif->site->nodes[node].id, metered->trend.months, text_cstr(&growth), metered->trend.days);
	text_add_char(&whatif->text, '\n');
}

void whatif_trends(struct whatif *whatif)
{
	struct store *store = NULL;
	struct store_found found;
	struct paths paths;
	struct timespec now;
	struct metered *nodes = arena_array(&whatif->arena, whatif->site->nodes_n + 1, sizeof *nodes);
	bool first = true;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (nodes == NULL || whatif->site->sensors_n == 0 || paths_find(whatif->state, &paths, NULL) != KS_OK ||
	    access(paths.state, F_OK) != 0 ||
	    store_open(paths.state, STORE_READ, &(struct store_options){ .window_s = 0 }, &store, &found, NULL) != KS_OK)
		return;
	for (uint32_t i = 1; i <= store_series_count(store); i++)
		series_try(whatif, store, i, (int64_t)now.tv_sec * 1000, nodes);
	store_close(store);
	if (whatif->json)
		text_add(&whatif->text, ",\"trends\":[");
	for (uint32_t i = 0; i < whatif->site->nodes_n; i++) {
		if (!nodes[i].there)
			continue;
		if (whatif->json)
			trend_json(whatif, i, &nodes[i], first);
		else
			trend_say(whatif, i, &nodes[i]);
		first = false;
	}
	text_add(&whatif->text, whatif->json ? "]" : "");
}
