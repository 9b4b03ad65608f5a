/* test/unit/test_view_wire.c - the page Wire and its card, out of hours that a store holds:
 * who spoke with whom, what was found, what nobody hears; and what stands there when nothing
 * was heard, or nothing can be read. */
#include "nested.h"
#include "depot.h"
#include "base/drop.h"
#include "page/view.h"
#include "page/wire_day.h"
#include "site/read.h"

enum { HOUR_MS = WIRE_HOUR_MS };
#define NOW 1792972800000LL /* 2026-10-26 00:00 UTC */
#define EVIL "<script>alert(1)</script>"

static struct verdict verdict = { .measuring = true, .worst.code = FINDING_CODES,
	.now.code = FINDING_CODES, .hosts_up = 3, .hosts_down = 1, .at_ms = NOW };
static struct self self = { .now_ms = NOW };

static struct wire_row row_of(enum wire_kind kind, int hours_ago, const char *device, const char *name)
{
	struct wire_row row = { .kind = (uint8_t)kind, .hour_ms = NOW - (int64_t)hours_ago * HOUR_MS,
		.count = 1, .out = 1000, .in = 2000, .port = 443 };

	row.first_ms = row.hour_ms + 5;
	row.last_ms = row.hour_ms + 9;
	(void)snprintf(row.device, sizeof row.device, "%s", device);
	(void)snprintf(row.name, sizeof row.name, "%s", name);
	return row;
}

#define WORD(row, member, text) (void)snprintf((row)->member, sizeof (row)->member, "%s", text)

static struct wire_row rows[200];
static size_t rows_n;

static struct wire_row *add(enum wire_kind kind, int hours_ago, const char *device, const char *name)
{
	assert_true(rows_n < 200);
	rows[rows_n] = row_of(kind, hours_ago, device, name);
	return &rows[rows_n++];
}

static void sources_and_devices(void)
{
	static const int hours[] = { 72, 4, 3, 1, 0 }; /* none two hours ago */
	struct wire_row *row;

	for (size_t i = 0; i < 5; i++) {
		row = add(WIRE_SOURCE, hours[i], "w1", "eth0");
		row->out = 5000000;
		row->count = 10;
		row->number[0] = i == 1 ? 7 : 0; /* dropped */
	}
	for (int i = 0; i < 25; i++) {
		char key[32];

		(void)snprintf(key, sizeof key, "device %02d", i);
		row = add(WIRE_DEVICE, 1, key, i == 0 ? "laptop" EVIL : "");
		row->out = (uint64_t)(1000000 - i);
		row->number[2] = i == 0 ? 5 : 0; /* handshakes; of these not visible */
		row->number[3] = i == 0 ? 2 : 0;
		WORD(row, address, i == 0 ? "192.0.2.7" : "");
		WORD(row, owner, i == 0 ? "Maker Inc" : "");
	}
}

static void others_and_certificates(void)
{
	struct wire_row *row;

	row = add(WIRE_DESTINATION, 72, "device 00", "old.example");
	WORD(row, country, "US");
	row = add(WIRE_DESTINATION, 1, "device 00", "old.example");
	WORD(row, country, "US");
	row = add(WIRE_DESTINATION, 1, "device 00", "new" EVIL);
	WORD(row, country, "JP");
	WORD(row, owner, "Example KK");
	row = add(WIRE_DESTINATION, 1, "device 99", "");
	WORD(row, address, "198.51.100.9");
	row = add(WIRE_DESTINATION, 1, "device 01", "printer");
	row->flags = WIRE_LOCAL;
	row = add(WIRE_CERTIFICATE, 1, "device 00", "wrong.example");
	WORD(row, word, "expired,self_signed");
	row->number[1] = NOW / 1000 - 86400;
	row = add(WIRE_CERTIFICATE, 1, "device 00", "soon.example");
	row->number[1] = NOW / 1000 + 20 * 86400;
	row = add(WIRE_CERTIFICATE, 1, "device 00", "later.example");
	row->number[1] = NOW / 1000 + 31 * 86400;
	row = add(WIRE_UNSEEN, 1, "", "");
	WORD(row, word, "tls_13");
	row->count = 3;
	row = add(WIRE_UNSEEN, 1, "", "");
	WORD(row, word, "of a later version");
}

static void findings_and_periods(void)
{
	static const struct {
		enum finding_code code;
		enum severity level;
		const char *device, *accepted;
	} found[] = { { FINDING_WIRE_LISTED, SEVERITY_CRITICAL, "device 00", NULL },
		{ FINDING_WIRE_OLD_TLS, SEVERITY_WARNING, "device 77", NULL },
		{ FINDING_WIRE_PERIODIC, SEVERITY_OK, "", NULL },
		{ FINDING_WIRE_CLEAR, SEVERITY_WARNING, "device 00", "the old copier, until spring" } };
	struct wire_row *row;

	for (size_t i = 0; i < 4; i++) {
		row = add(WIRE_FINDING, 1, found[i].device, "other.example");
		row->port = wire_number_of(found[i].code);
		row->level = (uint8_t)found[i].level;
		row->flags = found[i].accepted != NULL ? WIRE_ACCEPTED : 0;
		WORD(row, address, "the copier");
		WORD(row, owner, found[i].accepted != NULL ? found[i].accepted : i == 0 ?
		    "2026-05-07 *.other.example" : "");
		WORD(row, word, "a list");
	}
	for (int ago = 2; ago >= 1; ago--) { /* told in each hour: the newest word counts */
		row = add(WIRE_PERIODIC, ago, "device 00", "time.example");
		row->number[0] = 3600000;
		row->number[1] = 20000;
		row->count = (uint64_t)(24 - ago);
		WORD(row, word, "timer");
		WORD(row, country, "JP");
	}
	row = add(WIRE_PERIODIC, 1, "device 00", "backup");
	row->flags = WIRE_LOCAL;
	row->number[3] = 2 * 3600;
	WORD(row, word, "daily");
}

/* Hour by hour, as the one who listens sends them. */
static void rows_put(struct store *store)
{
	static const int hours[] = { 72, 4, 3, 2, 1, 0 };

	for (size_t h = 0; h < sizeof hours / sizeof *hours; h++) {
		static struct wire_row part[200];
		size_t n = 0;

		for (size_t i = 0; i < rows_n; i++)
			if (rows[i].hour_ms == NOW - (int64_t)hours[h] * HOUR_MS) {
				assert_true(wire_row_good(&rows[i]));
				part[n++] = rows[i];
			}
		if (n > 0)
			assert_int_equal(store_put_wire(store, part, n, &why), KS_OK);
	}
}

static const char *shown(struct scene scene, bool card, struct text *out)
{
	const struct view *wire;
	const char *id;

	text_clear(out);
	assert_int_equal(scene_begin(&scene, &why), KS_OK);
	wire = view_find("/wire", &id);
	assert_non_null(wire);
	if (card)
		wire_card(out, &scene);
	else
		assert_true(wire->write(out, &scene));
	scene_end(&scene);
	assert_false(out->full);
	assert_nested(text_cstr(out), card ? "card" : "page");
	assert_null(strstr(text_cstr(out), "<script>"));
	return text_cstr(out);
}

static struct scene scene_of(struct store *store, const struct site *site)
{
	return (struct scene){ .lang = LANG_EN, .site = site, .verdict = &verdict, .self = &self,
		.now_ms = NOW, .store = store, .id = "", .kind_asked = "" };
}

static void a_day_of_the_wire(void **state)
{
	static const char *const there[] = { "20.0 MB", "Lower bounds: 7 packets were lost",
		"entry *.other.example, of 2026-05-07",
		/* devices: the largest, more are told of */
		"laptop&lt;script&gt;", "192.0.2.7 Maker Inc", "3 / 5", "device 19", "There are more; the largest are shown.",
		/* where to */
		"<td>new&lt;script&gt;", "Japan", "United States", "in house", "not known", "198.51.100.9",
		/* findings: by the device's name, of a device that is not in the list by its own */
		"laptop&lt;script&gt;alert(1)&lt;/script&gt; talks with other.example", "the copier and other.example agree on",
		"a device that could not be told contacts other.example", "the old copier, until spring", "KS-WIRE-001",
		/* by the clock */
		"every 1 h ± 20 s, 23 of 23", "every day at 02:00",
		/* certificates */
		"wrong.example", "expired, signed by itself", "soon.example", "nothing yet",
		"3 TLS 1.3 sessions", "w1<small>eth0", "listening", "not heard", "12.0 Mbit/s" };
	static const char *const absent[] = { "device 20", "later.example", "22 of 22", "of a later version",
		"Too early to tell", "none in this time", "Nothing: no list was met" };
	struct store *store = reopen(NULL, STORE_WRITE);
	struct wire_row wires[] = { row_of(WIRE_SOURCE, 0, "w1", "eth0"), row_of(WIRE_SOURCE, 0, "w2", "eth1") };
	struct scene scene = scene_of(store, NULL);
	KS_DROP(text) struct text out;

	(void)state;
	text_init(&out, 1 << 22);
	rows_n = 0;
	sources_and_devices();
	others_and_certificates();
	findings_and_periods();
	rows_put(store);
	WORD(&wires[0], word, "listening");
	WORD(&wires[1], word, "down");
	wires[0].in = 1500000;
	wires[1].count = 0;
	scene.wires = wires;
	scene.wires_n = 2;
	const char *html = shown(scene, false, &out);

	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		if (strstr(html, there[i]) == NULL)
			fail_msg("not there: %s", there[i]);
	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
		if (strstr(html, absent[i]) != NULL)
			fail_msg("there: %s", absent[i]);
	scene.lang = LANG_JA;
	assert_non_null(strstr(shown(scene, false, &out), "日本"));
	assert_non_null(strstr(text_cstr(&out), "項目 *.other.example、2026-05-07 付け"));
	scene.lang = LANG_EN;
	html = shown(scene, true, &out);
	assert_non_null(strstr(html, "<b>20.0</b> MB"));
	assert_non_null(strstr(html, "in 24 h; now 12.0 Mbit/s"));
	assert_non_null(strstr(html, "1 critical finding, 2 in all."));
	assert_non_null(strstr(html, "Not heard: 1 of 2 wires. 7 packets were lost: counts are lower bounds."));
	assert_non_null(strstr(html, "3 of 4 hosts answer. 1 does not answer."));
	/* a longer stretch holds the first hour: all is new then, and that says nothing */
	scene.from_ms = NOW - 80LL * HOUR_MS;
	assert_non_null(strstr(shown(scene, false, &out), "Too early to tell what is new."));
	/* another stretch: what was heard then */
	scene.from_ms = NOW - 73LL * HOUR_MS;
	scene.to_ms = NOW - 70LL * HOUR_MS;
	html = shown(scene, false, &out);
	assert_non_null(strstr(html, "Nothing: no list was met"));
	assert_non_null(strstr(html, "collecting: an hour is one point"));
	assert_non_null(strstr(html, "None is known."));
	assert_non_null(strstr(html, "none of those that were seen; TLS 1.3 shows none"));
	store_close(store);
}

static void rates_and_findings_of_the_card(void **state)
{
	static const struct {
		uint64_t in;
		enum severity level;
		const char *rate, *found;
	} cases[] = { { 0, SEVERITY_OK, "now 0 kbit/s", "Nothing found that a person should look at." },
		{ 124999, SEVERITY_WARNING, "now 1000 kbit/s", "1 finding, none critical." },
		{ 125000, SEVERITY_CRITICAL, "now 1.0 Mbit/s", "1 critical finding, 1 in all." },
		{ 125000000, SEVERITY_OK, "now 1.00 Gbit/s", "Nothing found" } };
	KS_DROP(text) struct text out;

	text_init(&out, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(remove_folder(state), 0);
		assert_int_equal(make_folder(state), 0);
		struct store *store = reopen(NULL, STORE_WRITE);
		struct wire_row wire = row_of(WIRE_SOURCE, 0, "w1", "eth0");
		struct scene scene = scene_of(store, NULL);

		rows_n = 0;
		(void)add(WIRE_SOURCE, 1, "w1", "eth0");
		struct wire_row *found = add(WIRE_FINDING, 1, "pc", "a");

		found->level = (uint8_t)cases[i].level;
		found->port = 1;
		rows_put(store);
		wire.in = cases[i].in;
		scene.wires = &wire;
		scene.wires_n = 1;
		const char *html = shown(scene, true, &out);

		assert_non_null(strstr(html, cases[i].rate));
		assert_non_null(strstr(html, cases[i].found));
		assert_null(strstr(html, "Not heard"));
		store_close(store);
	}
}

/* Nothing to show: why, and what to do about it. */
static void nothing_was_heard(void **state)
{
	enum { NO_STORE = 1, NAMED = 2, OLD = 4, WATCHED = 8 };
	static const struct {
		int how;
		const char *page, *card;
	} cases[] = {
		{ NO_STORE, "The record can not be read now.", "No host is watched." },
		{ NO_STORE | NAMED | WATCHED, "The record can not be read now.", "of 4 hosts answer" },
		{ NAMED, "Nothing has been heard yet.", "Nothing has been heard yet." },
		{ NAMED | OLD, "Nothing was heard in this time.", "Nothing has been heard yet." },
		{ WATCHED, "Traffic is not measured yet.", "Traffic is not measured yet." },
		{ 0, "<code>keisoku audit capture.pcap</code>", "A host with address= is asked" },
	};
	static struct site_errors errors;
	struct site *named = NULL;
	KS_DROP(text) struct text out;

	text_init(&out, 1 << 20);
	assert_int_equal(site_read(span_text("site s\nwire w1 interface=eth0\n"), &named, &errors), KS_OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(remove_folder(state), 0);
		assert_int_equal(make_folder(state), 0);
		struct store *store = reopen(NULL, STORE_WRITE);
		struct scene scene = scene_of(cases[i].how & NO_STORE ? NULL : store, cases[i].how & NAMED ? named : NULL);

		verdict.hosts_up = cases[i].how & WATCHED ? 3 : 0;
		verdict.hosts_down = cases[i].how & WATCHED ? 1 : 0;
		rows_n = 0;
		if (cases[i].how & OLD)
			(void)add(WIRE_SOURCE, 72, "w1", "eth0");
		rows_put(store);
		if (strstr(shown(scene, false, &out), cases[i].page) == NULL)
			fail_msg("%zu: %s", i, text_cstr(&out));
		if (strstr(shown(scene, true, &out), cases[i].card) == NULL)
			fail_msg("%zu: %s", i, text_cstr(&out));
		store_close(store);
	}
	verdict.hosts_up = 3;
	verdict.hosts_down = 1;
	site_free(named);
}

int main(void)
{
#define T_(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		T_(a_day_of_the_wire),
		T_(rates_and_findings_of_the_card),
		T_(nothing_was_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
