/* /metrics: the newest readings in Prometheus' text format, in its base units. */
#include "page/inside.h"
#include "site/metric.h"
#include <inttypes.h>


static void escape(struct text *text, struct span value)
{
	for (size_t i = 0; i < value.left; i++) {
		char c = (char)value.at[i];

		if (c == '\n')
			text_add(text, "\\n");
		else if (c == '"' || c == '\\')
			text_addf(text, "\\%c", c);
		else
			text_add_char(text, c);
	}
}

static void label(struct text *text, const char *name, struct span value)
{
	bool first = text->len > 0 && text->at[text->len - 1] == '{';

	if (value.left == 0)
		return;
	text_addf(text, "%s%s=\"", first ? "" : ",", name);
	escape(text, value);
	text_add_char(text, '"');
}

static void labels(struct text *text, const struct page *page, const struct series *s)
{
	struct metric_label of[METRIC_LABELS];
	size_t n = metric_labels(page->site, s, of);

	text_add_char(text, '{');
	for (size_t i = 0; i < n; i++)
		label(text, of[i].name, of[i].value);
}

static void head(struct text *text, const char *name, const char *type, const char *help)
{
	text_addf(text, "# HELP keisoku_%s %s\n# TYPE keisoku_%s %s\n", name, help, name, type);
}

/* A number that nobody believes would be believed by who scrapes it. */
static bool shown(const struct status_now *now)
{
	return now->reading.quality == QUALITY_OK || now->reading.quality == QUALITY_STUCK;
}

static void kind_write(struct text *text, const struct page *page,
    const struct snapshot *snapshot, unsigned kind)
{
	const char *name = metric_name(kind);
	bool any = false;

	for (size_t i = 0; i < snapshot->now_n; i++) {
		const struct status_now *now = &snapshot->now[i];

		if (now->series.kind != kind || !shown(now))
			continue;
		if (!any)
			text_addf(text, "# HELP %s %s\n# TYPE %s gauge\n", name, metric_help(kind),
			    name);
		any = true;
		text_add(text, name);
		labels(text, page, &now->series);
		text_addf(text, "} %.15g\n", metric_value(kind, now->reading.milli));
	}
}

/* The words of states stand apart: a label that changes would make each word a series. */
static void words_write(struct text *text, const struct page *page,
    const struct snapshot *snapshot)
{
	bool any = false;

	for (size_t i = 0; i < snapshot->now_n; i++) {
		const struct status_now *now = &snapshot->now[i];

		if (now->series.kind != MEASURE_STATE || !shown(now) || now->reading.state[0] == '\0')
			continue;
		if (!any)
			head(text, "state_info", "gauge", "Always 1; a state's word is the label state.");
		any = true;
		text_add(text, "keisoku_state_info");
		labels(text, page, &now->series);
		label(text, "state", span_text(now->reading.state));
		text_add(text, "} 1\n");
	}
}

static void trust_write(struct text *text, const struct page *page,
    const struct snapshot *snapshot)
{
	if (snapshot->now_n == 0)
		return;
	head(text, "reading_age_seconds", "gauge", "Time since the newest value that could be believed.");
	for (size_t i = 0; i < snapshot->now_n; i++) {
		const struct status_now *now = &snapshot->now[i];

		if (now->value_ms == 0)
			continue;
		text_add(text, "keisoku_reading_age_seconds");
		labels(text, page, &now->series);
		label(text, "kind", span_text(measure_word(now->series.kind)));
		text_addf(text, "} %.3f\n",
		    (double)(snapshot->self.now_ms - now->value_ms) / 1000);
	}
	head(text, "reading_quality", "gauge", "0 ok, 1 untrusted, 2 absent, 3 stuck.");
	for (size_t i = 0; i < snapshot->now_n; i++) {
		text_add(text, "keisoku_reading_quality");
		labels(text, page, &snapshot->now[i].series);
		label(text, "kind", span_text(measure_word(snapshot->now[i].series.kind)));
		text_addf(text, "} %u\n", snapshot->now[i].reading.quality);
	}
}

static void findings_write(struct text *text, const struct snapshot *snapshot)
{
	unsigned n[SEVERITIES] = { 0 };

	for (size_t i = 0; i < snapshot->findings_n; i++)
		if (snapshot->findings[i].severity < SEVERITIES)
			n[snapshot->findings[i].severity]++;
	head(text, "findings", "gauge", "Open findings.");
	for (unsigned i = SEVERITY_WARNING; i < SEVERITIES; i++)
		text_addf(text, "keisoku_findings{severity=\"%s\"} %u\n", severity_word(i), n[i]);
}

static void self_write(struct text *text, const struct page *page, const struct self *self)
{
	uint64_t evicted;
	unsigned sessions = access_sessions(page, &evicted);
	const struct {
		const char *name, *type, *help;
		double value;
	} rows[] = {
		{ "page_sessions", "gauge", "People logged in to the page.", (double)sessions },
		{ "page_sessions_evicted_total", "counter", "Sessions that a newer one pushed out.", (double)evicted },
		{ "started_timestamp_seconds", "gauge", "When keisoku started.", (double)self->started_ms / 1000 },
		{ "readings_total", "counter", "Readings taken from sensors.", (double)self->readings },
		{ "samples_total", "counter", "Samples taken by remote-write.", (double)self->samples },
		{ "refused_total", "counter", "What was refused.", (double)self->refused },
		{ "limits_hit_total", "counter", "Times a limit was hit.", (double)self->full },
		{ "page_requests_total", "counter", "Requests to the page.", (double)page->counts.requests },
		{ "page_writes_total", "counter", "Remote-write requests.", (double)page->counts.writes },
		{ "page_malformed_total", "counter", "Remote-write requests that made no sense.", (double)page->counts.malformed },
		{ "store_series", "gauge", "Series in the store.", (double)self->series },
		{ "store_sealed_samples", "gauge", "Samples sealed.", (double)self->samples_sealed },
		{ "store_head_samples", "gauge", "Samples not yet sealed.", (double)self->samples_head },
		{ "store_chunks_bytes", "gauge", "Bytes of chunks.", (double)self->bytes_chunks },
		{ "store_rollups_bytes", "gauge", "Bytes of roll-ups.", (double)self->bytes_rollups },
		{ "store_journal_bytes", "gauge", "Bytes of the journal.", (double)self->bytes_journal },
		{ "store_disk_free_bytes", "gauge", "Free bytes on its disk.", (double)self->bytes_free_disk },
		{ "store_disk_full", "gauge", "1 when the disk is full.", (double)self->disk_full },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		head(text, rows[i].name, rows[i].type, rows[i].help);
		text_addf(text, "keisoku_%s %.15g\n", rows[i].name, rows[i].value);
	}
	head(text, "role_restarts_total", "counter", "Times a role was started again.");
	for (unsigned i = 0; i < ROLES; i++)
		if (role_rows[i].runs)
			text_addf(text, "keisoku_role_restarts_total{role=\"%s\"} %u\n", role_name(i),
			    self->roles[i].restarts);
	head(text, "build_info", "gauge", "Always 1; the version is the label.");
	text_add(text, "keisoku_build_info{version=\"" KS_VERSION "\"} 1\n");
}

void metrics_write(const struct page *page, const struct snapshot *snapshot,
    struct text *text)
{
	for (unsigned kind = 0; kind < MEASURES; kind++)
		kind_write(text, page, snapshot, kind);
	words_write(text, page, snapshot);
	trust_write(text, page, snapshot);
	findings_write(text, snapshot);
	self_write(text, page, &snapshot->self);
}
