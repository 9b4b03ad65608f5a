/* /metrics: the newest readings in Prometheus' text format, in its base units. */
#include "page/inside.h"
#include <inttypes.h>

/* X: the name after keisoku_ and what turns the kind's unit into the base unit. */
static const struct {
	const char *name, *help;
	double factor;
} kinds[MEASURES] = {
	[MEASURE_TEMPERATURE] = { "temperature_celsius", "Temperature.", 1 },
	[MEASURE_HUMIDITY] = { "humidity_ratio", "Relative humidity, 1 is 100 %.", 0.01 },
	[MEASURE_DEW_POINT] = { "dew_point_celsius", "Dew point.", 1 },
	[MEASURE_POWER] = { "power_watts", "Real power.", 1 },
	[MEASURE_APPARENT_POWER] = { "apparent_power_volt_amperes", "Apparent power.", 1 },
	[MEASURE_REACTIVE_POWER] = { "reactive_power_vars", "Reactive power.", 1 },
	[MEASURE_ENERGY] = { "energy_joules", "Energy counted by the device.", 3600000 },
	[MEASURE_CURRENT] = { "current_amperes", "Current.", 1 },
	[MEASURE_VOLTAGE] = { "voltage_volts", "Voltage.", 1 },
	[MEASURE_POWER_FACTOR] = { "power_factor", "Real power over apparent power.", 1 },
	[MEASURE_LOAD] = { "load_ratio", "Load, 1 is the rated load.", 0.01 },
	[MEASURE_CHARGE] = { "charge_ratio", "Battery charge, 1 is full.", 0.01 },
	[MEASURE_RUNTIME] = { "runtime_seconds", "How long the battery lasts.", 60 },
	[MEASURE_FREQUENCY] = { "frequency_hertz", "Frequency.", 1 },
	[MEASURE_FAN] = { "fan_rpm", "Turns of a fan in a minute.", 1 },
	[MEASURE_FLOW] = { "flow_cubic_meters_per_second", "Flow.", 1.0 / 60000 },
	[MEASURE_PRESSURE] = { "pressure_pascals", "Pressure.", 1 },
	[MEASURE_PERCENT] = { "share_ratio", "A share, 1 is 100 %.", 0.01 },
	[MEASURE_COUNT] = { "number", "A number of things.", 1 },
	[MEASURE_DURATION] = { "duration_seconds", "A duration.", 60 },
	[MEASURE_STATE] = { "state", "A state's number; its word is the label state.", 1 },
	[MEASURE_REACH] = { "reach", "1 when it answers, 0 when not.", 1 },
	[MEASURE_UPTIME] = { "uptime_seconds", "Time since its boot.", 1 },
	[MEASURE_VALUE] = { "value", "A value without a kind.", 1 },
};

static void escape(struct text *text, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\n')
			text_add(text, "\\n");
		else if (*s == '"' || *s == '\\')
			text_addf(text, "\\%c", *s);
		else
			text_add_char(text, *s);
	}
}

static void label(struct text *text, const char *name, const char *value)
{
	bool first = text->len > 0 && text->at[text->len - 1] == '{';

	if (value == NULL || value[0] == '\0')
		return;
	text_addf(text, "%s%s=\"", first ? "" : ",", name);
	escape(text, value);
	text_add_char(text, '"');
}

static void site_labels(struct text *text, const struct site *site, const struct series *s)
{
	const struct room *room = NULL;
	const struct rack *rack = NULL;

	if (site == NULL)
		return;
	if (s->subject_kind == SUBJECT_SENSOR && s->subject < site->sensors_n) {
		room = site->sensors[s->subject].room;
		rack = site->sensors[s->subject].rack;
	} else if (s->subject_kind == SUBJECT_HOST && s->subject < site->hosts_n) {
		rack = site->hosts[s->subject].rack;
	} else if (s->subject_kind == SUBJECT_DEVICE && s->subject < site->devices_n) {
		room = site->devices[s->subject].room;
		rack = site->devices[s->subject].rack;
	}
	if (room == NULL && rack != NULL)
		room = rack->room;
	label(text, "rack", rack != NULL ? rack->id : NULL);
	label(text, "room", room != NULL ? room->id : NULL);
}

/* "ups1:battery.charge" is the thing ups1 and its reading battery.charge. */
static void labels(struct text *text, const struct page *page, const struct series *s)
{
	static const char *const subjects[SUBJECTS] = { [SUBJECT_HOST] = "host",
		[SUBJECT_DEVICE] = "device" };
	const char *name = s->subject_kind < SUBJECTS ? subjects[s->subject_kind] : NULL;

	const char *reading = strchr(s->id, ':');
	char thing[sizeof s->id];

	(void)snprintf(thing, sizeof thing, "%.*s",
	    (int)(reading != NULL ? (size_t)(reading - s->id) : strlen(s->id)), s->id);
	text_add_char(text, '{');
	label(text, name != NULL ? name : "sensor", thing);
	label(text, "reading", reading != NULL ? reading + 1 : NULL);
	label(text, "label", s->label);
	label(text, "place", s->place != PLACE_NONE ? place_word(s->place) : NULL);
	site_labels(text, page->site, s);
}

static void head(struct text *text, const char *name, const char *type, const char *help)
{
	text_addf(text, "# HELP keisoku_%s %s\n# TYPE keisoku_%s %s\n", name, help, name, type);
}

static void kind_write(struct text *text, const struct page *page,
    const struct snapshot *snapshot, unsigned kind)
{
	bool any = false;

	for (size_t i = 0; i < snapshot->now_n; i++) {
		const struct status_now *now = &snapshot->now[i];

		/* a number that nobody believes would be believed by who scrapes it */
		if (now->series.kind != kind || now->reading.quality == QUALITY_ABSENT ||
		    now->reading.quality == QUALITY_UNTRUSTED)
			continue;
		if (!any)
			head(text, kinds[kind].name, "gauge", kinds[kind].help);
		any = true;
		text_addf(text, "keisoku_%s", kinds[kind].name);
		labels(text, page, &now->series);
		if (kind == MEASURE_STATE)
			label(text, "state", now->reading.state);
		text_addf(text, "} %.10g\n", (double)now->reading.milli / 1000 * kinds[kind].factor);
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
		label(text, "kind", measure_word(now->series.kind));
		text_addf(text, "} %.3f\n",
		    (double)(snapshot->self.now_ms - now->value_ms) / 1000);
	}
	head(text, "reading_quality", "gauge", "0 ok, 1 untrusted, 2 absent, 3 stuck.");
	for (size_t i = 0; i < snapshot->now_n; i++) {
		text_add(text, "keisoku_reading_quality");
		labels(text, page, &snapshot->now[i].series);
		label(text, "kind", measure_word(snapshot->now[i].series.kind));
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
	const struct {
		const char *name, *type, *help;
		double value;
	} rows[] = {
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
	trust_write(text, page, snapshot);
	findings_write(text, snapshot);
	self_write(text, page, &snapshot->self);
}
