/* src/cli/compare_json.c - keisoku.compare/1: the comparison for machines. */
#include "cli/compare.h"
#include "base/drop.h"

static void side_add(struct json *j, const char *key, const struct audit *audit)
{
	const struct audit_capture *c = &audit->capture;

	json_open(j, key, '{');
	json_open(j, "files", '[');
	for (size_t i = 0; i < c->files_n; i++)
		json_text(j, NULL, c->files[i].name);
	json_close(j, ']');
	json_count(j, "frames", c->frames);
	json_count(j, "frame_bytes", c->frame_bytes);
	json_time(j, "first", c->first_ns);
	json_time(j, "last", c->last_ns);
	json_count(j, "hosts", audit->hosts);
	json_count(j, "findings", audit->findings_n);
	json_open(j, "devices", '[');
	for (uint32_t i = 0; i < audit->devices_n; i++)
		json_text(j, NULL, audit_device_address(audit, i));
	json_close(j, ']');
	json_close(j, '}');
}

/* null: not known */
static void known_add(struct json *j, const char *key, uint64_t number, bool known)
{
	if (known)
		json_count(j, key, number);
	else
		json_null(j, key);
}

/* The same of what is never 0 where it is known. */
static void measure_add(struct json *j, const char *key, uint64_t before, uint64_t after)
{
	bool both = before > 0 && after > 0;

	json_open(j, key, '{');
	known_add(j, "before", before, before > 0);
	known_add(j, "after", after, after > 0);
	if (both)
		json_number(j, "difference", (int64_t)after - (int64_t)before);
	else
		json_null(j, "difference");
	if (both)
		json_milli(j, "change", (int64_t)(((double)after - (double)before) * 100000 /
		    (double)before));
	else
		json_null(j, "change");
	json_close(j, '}');
}

/* before, after, their difference, and that in percent of before. */
static void change_add(struct json *j, const char *key, uint64_t before, uint64_t after)
{
	json_open(j, key, '{');
	json_count(j, "before", before);
	json_count(j, "after", after);
	json_number(j, "difference", (int64_t)after - (int64_t)before);
	if (before > 0)
		json_milli(j, "change", (int64_t)(((double)after - (double)before) * 100000 /
		    (double)before));
	else
		json_null(j, "change");
	json_close(j, '}');
}

static void destination_add(struct json *j, const struct compare_row *row)
{
	json_open(j, NULL, '{');
	json_text(j, "name", row->name);
	json_known(j, "country", row->country);
	change_add(j, "bytes", row->bytes[BEFORE], row->bytes[AFTER]);
	measure_add(j, "handshake_us", row->handshake_us[BEFORE], row->handshake_us[AFTER]);
	json_close(j, '}');
}

static void country_add(struct json *j, const struct compare_row *row)
{
	json_open(j, NULL, '{');
	json_known(j, "country", row->country);
	change_add(j, "bytes", row->bytes[BEFORE], row->bytes[AFTER]);
	json_close(j, '}');
}

static void finding_words(struct json *j, const struct compare_view *view,
    const struct compare_row *row)
{
	int side = row->finding[AFTER] != NULL ? AFTER : BEFORE;
	struct audit_view one = { .audit = view->compare->audit[side], .zone = view->zone };
	KS_DROP(text) struct text words;

	text_init(&words, 4000);
	audit_finding_say(&words, &one, LANG_JA, row->finding[side]);
	json_text(j, "words_ja", text_cstr(&words));
	text_clear(&words);
	audit_finding_say(&words, &one, LANG_EN, row->finding[side]);
	json_text(j, "words_en", text_cstr(&words));
}

/* Who did it, on each side; null: nobody there. */
static void device_add(struct json *j, const struct compare_view *view,
    const struct compare_row *row, const char *key, bool name)
{
	json_open(j, key, '{');
	for (int side = 0; side < 2; side++) {
		const struct audit *audit = view->compare->audit[side];
		const struct audit_finding *f = row->finding[side];

		json_known(j, side == BEFORE ? "before" : "after", f == NULL || f->device >= audit->devices_n ?
		    "" : name ? audit_device(audit, f->device) : audit_device_address(audit, f->device));
	}
	json_close(j, '}');
}

/* By which clock, of those that come by one. */
static void period_add(struct json *j, const struct compare_view *view,
    const struct compare_row *row)
{
	bool clock = row->code == FINDING_WIRE_PERIODIC || row->code == FINDING_WIRE_TRACEROUTES;

	json_open(j, "period_s", '{');
	for (int side = 0; side < 2; side++) {
		const struct audit_periodic *p = clock && row->finding[side] != NULL ?
		    story_periodic(view->compare->audit[side], row->finding[side]) : NULL;

		if (p != NULL)
			json_milli(j, side == BEFORE ? "before" : "after", p->period_ms);
		else
			json_null(j, side == BEFORE ? "before" : "after");
	}
	json_close(j, '}');
}

static void finding_add(struct json *j, const struct compare_view *view,
    const struct compare_row *row)
{
	json_open(j, NULL, '{');
	json_text(j, "id", finding_id(row->code));
	json_text(j, "severity", severity_word(row->severity));
	device_add(j, view, row, "device", false);
	device_add(j, view, row, "device_name", true);
	json_text(j, "way", way_word((enum finding_way)row->way));
	json_known(j, "to", row->name);
	json_known(j, "word", row->word);
	json_open(j, "count", '{');
	json_count(j, "before", row->bytes[BEFORE]);
	json_count(j, "after", row->bytes[AFTER]);
	json_close(j, '}');
	period_add(j, view, row);
	json_flag(j, "changed", row->changed);
	finding_words(j, view, row);
	json_close(j, '}');
}

enum kind { KIND_DESTINATION, KIND_COUNTRY, KIND_FINDING };

static void part_add(struct json *j, const struct compare_view *view, enum kind kind,
    const bool sides[2])
{
	const struct compare *c = view->compare;
	const struct compare_row *rows = kind == KIND_DESTINATION ? c->destinations :
	    kind == KIND_COUNTRY ? c->countries : c->findings;
	size_t n = kind == KIND_DESTINATION ? c->destinations_n :
	    kind == KIND_COUNTRY ? c->countries_n : c->findings_n;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].there[BEFORE] != sides[BEFORE] || rows[i].there[AFTER] != sides[AFTER])
			continue;
		if (kind == KIND_DESTINATION)
			destination_add(j, &rows[i]);
		else if (kind == KIND_COUNTRY)
			country_add(j, &rows[i]);
		else
			finding_add(j, view, &rows[i]);
	}
}

static void parts_add(struct json *j, const struct compare_view *view, const char *key,
    enum kind kind)
{
	static const struct {
		const char *key;
		bool sides[2];
	} parts[] = { { "gone", { true, false } }, { "new", { false, true } },
		{ "kept", { true, true } } };

	json_open(j, key, '{');
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		json_open(j, parts[i].key, '[');
		part_add(j, view, kind, parts[i].sides);
		json_close(j, ']');
	}
	json_close(j, '}');
}

bool compare_json(const struct compare_view *view, FILE *to)
{
	const struct audit *before = view->compare->audit[BEFORE];
	const struct audit *after = view->compare->audit[AFTER];
	struct json j;

	json_start(&j, to);
	json_open(&j, NULL, '{');
	json_text(&j, "schema", "keisoku.compare/1");
	side_add(&j, "before", before);
	side_add(&j, "after", after);
	change_add(&j, "bytes", before->bytes, after->bytes);
	measure_add(&j, "bytes_per_day", compare_daily(before), compare_daily(after));
	change_add(&j, "frames", before->frames, after->frames);
	change_add(&j, "flows", before->flows.tcp + before->flows.udp, after->flows.tcp +
	    after->flows.udp);
	measure_add(&j, "handshake_us", before->handshake_us, after->handshake_us);
	measure_add(&j, "rate_in", before->rate_in, after->rate_in);
	parts_add(&j, view, "destinations", KIND_DESTINATION);
	parts_add(&j, view, "countries", KIND_COUNTRY);
	parts_add(&j, view, "findings", KIND_FINDING);
	json_close(&j, '}');
	return json_finish(&j);
}
