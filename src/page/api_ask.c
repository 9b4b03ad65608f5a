#include "page/api_ask.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/zone.h"
#include "page/asked.h"
#include "query/number.h"
#include <math.h>
#include <stdio.h>

static const struct {
	const char *path;
	enum api_route route;
} routes[] = {
	{ "query", API_QUERY }, { "query_range", API_QUERY_RANGE }, { "series", API_SERIES },
	{ "labels", API_LABELS }, { "metadata", API_METADATA },
	{ "status/buildinfo", API_BUILDINFO }, { "query_exemplars", API_EXEMPLARS },
	{ "rules", API_RULES }, { "alerts", API_ALERTS }, { "openapi.json", API_OPENAPI },
};

bool api_find(const char *path, enum api_route *ret_route, struct span *ret_name)
{
	static const char prefix[] = "/api/v1/", label[] = "label/", values[] = "/values";
	struct span rest = span_text(path);

	if (rest.left < sizeof prefix || memcmp(rest.at, prefix, sizeof prefix - 1) != 0)
		return false;
	(void)span_cut(&rest, sizeof prefix - 1);
	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
		if (span_equal(rest, routes[i].path)) {
			*ret_route = routes[i].route;
			return true;
		}
	if (rest.left <= sizeof label + sizeof values - 2 || memcmp(rest.at, label, sizeof label - 1) != 0 ||
	    memcmp(rest.at + rest.left - (sizeof values - 1), values, sizeof values - 1) != 0)
		return false;
	*ret_route = API_VALUES;
	*ret_name = span_of(rest.at + sizeof label - 1, rest.left - (sizeof label + sizeof values - 2));
	return memchr(ret_name->at, '/', ret_name->left) == NULL;
}

static bool decode(struct span s, struct text *out)
{
	while (s.left > 0) {
		uint8_t c = (uint8_t)span_be(&s, 1);

		if (c == '%') {
			int high = s.left > 1 ? hex_digit(s.at[0]) : -1, low = s.left > 1 ? hex_digit(s.at[1]) : -1;

			if (high < 0 || low < 0)
				return false;
			(void)span_cut(&s, 2);
			c = (uint8_t)(high << 4 | low);
		} else if (c == '+') {
			c = ' ';
		}
		text_add_char(out, (char)c);
	}
	return !out->full;
}

bool form_next(struct span *rest, struct text *ret_name, struct text *ret_value, bool *ret_bad)
{
	while (rest->left > 0) {
		struct span value = span_until(rest, '&');
		struct span name = span_until(&value, '=');

		if (name.left == 0)
			continue;
		text_clear(ret_name);
		text_clear(ret_value);
		if (!decode(name, ret_name) || !decode(value, ret_value)) {
			*ret_bad = true;
			return false;
		}
		return true;
	}
	return false;
}

/* Two or four digits, and what stands behind them. */
static bool digits_cut(struct span *s, size_t n, const char *behind, int32_t *ret_value)
{
	int32_t value = 0;

	for (size_t i = 0; i < n; i++) {
		int32_t c = (int32_t)span_be(s, 1);

		if (s->broken || c < '0' || c > '9')
			return false;
		value = value * 10 + c - '0';
	}
	*ret_value = value;
	if (*behind == '\0')
		return true;
	return s->left > 0 && strchr(behind, (int)span_be(s, 1)) != NULL;
}

static bool offset_cut(struct span *s, int32_t *ret_s)
{
	uint8_t sign = (uint8_t)span_be(s, 1);
	int32_t hours, minutes;

	*ret_s = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if ((sign != '+' && sign != '-') || !digits_cut(s, 2, ":", &hours) ||
	    !digits_cut(s, 2, "", &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_s = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
	return true;
}

static bool rfc3339_parse(struct span s, int64_t *ret_ms)
{
	struct civil civil = { .year = 0 };
	int32_t month, day, hour, minute, second, offset, ms = 0, scale = 100;

	if (!digits_cut(&s, 4, "-", &civil.year) || !digits_cut(&s, 2, "-", &month) ||
	    !digits_cut(&s, 2, "Tt", &day) || !digits_cut(&s, 2, ":", &hour) ||
	    !digits_cut(&s, 2, ":", &minute) || !digits_cut(&s, 2, "", &second))
		return false;
	if (s.left > 0 && s.at[0] == '.') {
		(void)span_cut(&s, 1);
		for (; s.left > 0 && s.at[0] >= '0' && s.at[0] <= '9'; scale /= 10)
			ms += ((int32_t)span_be(&s, 1) - '0') * scale;
	}
	if (month < 1 || month > 12 || day < 1 || day > (int32_t)days_in_month(civil.year, (unsigned)month) ||
	    hour > 23 || minute > 59 || second > 59 || !offset_cut(&s, &offset) || s.left > 0)
		return false;
	*ret_ms = ((days_of(civil.year, (unsigned)month, day) * 24 + hour) * 60 + minute) * 60000LL +
	    second * 1000LL + ms - offset * 1000LL;
	return true;
}

bool moment_parse(struct span word, int64_t *ret_ms)
{
	double seconds;

	if (number_parse(word, &seconds)) {
		if (!(fabs(seconds) < 9e12))
			return false;
		*ret_ms = (int64_t)(floor(seconds) * 1000 + round((seconds - floor(seconds)) * 1000));
		return true;
	}
	return rfc3339_parse(word, ret_ms);
}

bool stretch_parse(struct span word, int64_t *ret_ms)
{
	double seconds;

	if (number_parse(word, &seconds)) {
		if (!(fabs(seconds) < 9e9))
			return false;
		*ret_ms = (int64_t)(seconds * 1000);
		return true;
	}
	return duration_parse(word, ret_ms);
}

struct given { /* what was said, the last of each but match[] */
	struct text time, start, end, step, timeout, limit, format;
};

static struct text *given_find(struct given *given, struct api_ask *ask, struct span name)
{
	const struct {
		const char *name;
		struct text *to;
	} all[] = { { "query", &ask->query }, { "time", &given->time }, { "start", &given->start },
		{ "end", &given->end }, { "step", &given->step }, { "timeout", &given->timeout },
		{ "limit", &given->limit }, { "format", &given->format } };

	if (span_equal(name, "match[]"))
		return ask->matches_n < API_MATCHES ? &ask->matches[ask->matches_n++] : NULL;
	if (span_equal(name, "metric") && ask->route == API_METADATA)
		return &ask->query;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (span_equal(name, all[i].name))
			return all[i].to;
	return NULL;
}

/* The first of a name stands, as in Prometheus; the form goes before the address. */
static int given_take(struct api_ask *ask, struct given *given, struct span form, struct why *why)
{
	KS_DROP(text) struct text name;
	KS_DROP(text) struct text value;
	bool wrong = false;

	text_init(&name, 64);
	text_init(&value, API_FORM_BYTES);
	while (form_next(&form, &name, &value, &wrong)) {
		size_t matches = ask->matches_n;
		struct text *to = given_find(given, ask, text_span(&name));

		if (span_equal(text_span(&name), "match[]") && to == NULL)
			return fail(why, KS_MALFORMED, "more than %d match[]", (int)API_MATCHES);
		if (to == NULL || (to->len > 0 && ask->matches_n == matches))
			continue;
		text_init(to, API_FORM_BYTES);
		text_add_span(to, text_span(&value));
	}
	return wrong ? fail(why, KS_MALFORMED, "error parsing form values: invalid URL escape") : KS_OK;
}

static int time_take(const struct text *text, const char *name, int64_t *ret_ms, struct why *why)
{
	if (text->len == 0 || moment_parse(text_span(text), ret_ms))
		return KS_OK;
	return fail(why, KS_MALFORMED, "invalid parameter \"%s\": cannot parse \"%.60s\" to a valid "
	    "timestamp", name, text_cstr(text));
}

static int stretch_take(const struct text *text, const char *name, int64_t *ret_ms, struct why *why)
{
	if (stretch_parse(text_span(text), ret_ms))
		return KS_OK;
	return fail(why, KS_MALFORMED, "invalid parameter \"%s\": cannot parse \"%.60s\" to a valid "
	    "duration", name, text_cstr(text));
}

static int range_take(struct api_ask *ask, const struct given *given, struct why *why)
{
	int bad = KS_OK;

	if (given->start.len == 0 || given->end.len == 0)
		return fail(why, KS_MALFORMED, "invalid parameter \"%s\": cannot parse \"\" to a valid "
		    "timestamp", given->start.len == 0 ? "start" : "end");
	bad = time_take(&given->start, "start", &ask->start_ms, why);
	if (bad == KS_OK)
		bad = time_take(&given->end, "end", &ask->end_ms, why);
	if (bad == KS_OK && ask->end_ms < ask->start_ms)
		bad = fail(why, KS_MALFORMED, "invalid parameter \"end\": end timestamp must not be before "
		    "start time");
	if (bad == KS_OK)
		bad = stretch_take(&given->step, "step", &ask->step_ms, why);
	if (bad == KS_OK && ask->step_ms <= 0)
		bad = fail(why, KS_MALFORMED, "invalid parameter \"step\": zero or negative query resolution "
		    "step widths are not accepted. Try a positive integer");
	if (bad == KS_OK && (ask->end_ms - ask->start_ms) / ask->step_ms > LIMIT_QUERY_POINTS)
		bad = fail(why, KS_MALFORMED, "exceeded maximum resolution of 11,000 points per timeseries. "
		    "Try decreasing the query resolution (?step=XX)");
	return bad;
}

static int given_read(struct api_ask *ask, const struct given *given, struct why *why)
{
	int bad = KS_OK;
	int64_t limit = 0;

	ask->csv = span_equal(text_span(&given->format), "csv");
	if (given->timeout.len > 0)
		bad = stretch_take(&given->timeout, "timeout", &ask->timeout_ms, why);
	if (bad == KS_OK && given->limit.len > 0 && ask->route == API_METADATA) {
		double number;

		if (!number_parse(text_span(&given->limit), &number) || number != floor(number) ||
		    !(fabs(number) < 1e9))
			return fail(why, KS_MALFORMED, "limit must be a number");
		limit = (int64_t)number;
		ask->limit = limit > 0 ? (size_t)limit : 0;
	}
	if (bad != KS_OK)
		return bad;
	if (ask->route == API_QUERY_RANGE)
		return range_take(ask, given, why);
	if (ask->route == API_QUERY) {
		ask->now = given->time.len == 0;
		bad = time_take(&given->time, "time", &ask->start_ms, why);
		ask->end_ms = ask->start_ms;
		return bad;
	}
	ask->start_ms = INT64_MIN / 4;
	ask->end_ms = INT64_MAX / 4;
	bad = time_take(&given->start, "start", &ask->start_ms, why);
	return bad == KS_OK ? time_take(&given->end, "end", &ask->end_ms, why) : bad;
}

int api_ask_read(struct api_ask *ask, struct span query, struct span form, struct why *why)
{
	struct given given = { .time = { .len = 0 } };
	int bad = given_take(ask, &given, form, why);
	struct text *const all[] = { &given.time, &given.start, &given.end, &given.step, &given.timeout,
		&given.limit, &given.format };

	if (bad == KS_OK)
		bad = given_take(ask, &given, query, why);
	if (bad == KS_OK)
		bad = given_read(ask, &given, why);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		text_done(all[i]);
	return bad;
}

void api_ask_done(struct api_ask *ask)
{
	text_done(&ask->query);
	text_done(&ask->name);
	for (size_t i = 0; i < ask->matches_n; i++)
		text_done(&ask->matches[i]);
	ask->matches_n = 0;
}
