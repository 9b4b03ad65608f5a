/* src/page/view_wire.c - the wire: its card on the overview, and the page Wire.  What is
 * heard now comes from core, what the hours were from the store. */
#include "base/drop.h"
#include "draw/chart.h"
#include "page/detail.h"
#include "page/wire_day.h"
#include "words/wire.h"
#include <string.h>

static bool is_down(const struct wire_row *wire)
{
	return strcmp(wire->word, "down") == 0 || strcmp(wire->word, "unreadable") == 0;
}

static size_t heard(const struct scene *scene)
{
	size_t n = 0;

	for (size_t i = 0; i < scene->wires_n; i++)
		n += !is_down(&scene->wires[i]);
	return n;
}

static bool is_named(const struct scene *scene)
{
	return scene->site != NULL && scene->site->wires_n > 0;
}

/* -- the card ------------------------------------------------------------------------------ */

static void hosts_say(struct text *out, const struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	if (v->hosts_up + v->hosts_down == 0)
		return;
	say(&words, scene->lang, "%u of %u hosts answer.", v->hosts_up, v->hosts_up + v->hosts_down);
	if (v->hosts_down > 0) {
		text_add_char(&words, ' ');
		say(&words, scene->lang, "%u {does|do} not answer.", v->hosts_down);
	}
	markup(out, "<p class=\"says\"><a href=\"/wire\">%s</a></p>", text_cstr(&words));
}

/* Without traffic: who answers, and how traffic would be measured. */
static void quiet_card(struct text *out, struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	uint32_t watched = v->hosts_up + v->hosts_down;
	KS_DROP(text) struct text words;

	text_init(&words, 200);
	if (watched > 0) {
		say(&words, scene->lang, "of %u {host answers|hosts answer}", watched);
		markup(out, "<p class=\"big\"><a href=\"/wire\"><b>%u</b></a> <span>%s</span></p>", v->hosts_up,
		    text_cstr(&words));
		bar_add(out, &(struct bar){ 0, watched, v->hosts_up, INT64_MAX,
		    state_class(scene_severity(scene, SENSE_WIRE)) }, "0", "", "");
		text_clear(&words);
		if (v->hosts_down > 0)
			say(&words, scene->lang, "%u {does|do} not answer.", v->hosts_down);
		markup(out, "<p class=\"says\">");
		linked_add(out, "/wire", text_cstr(&words));
		markup(out, "</p>");
	} else {
		absent_add(out, T("No host is watched."),
		    T("A host with address= is asked whether it answers (check=ping, tcp:443 or snmp)."));
	}
	if (is_named(scene))
		absent_add(out, T("Nothing has been heard yet."),
		    T("The wires of the site file are being opened; the page Wire says how each one does."));
	else
		absent_add(out, T("Traffic is not measured yet."),
		    T("A line `wire ID interface=eth1` in the site file listens to it, best at a mirror port."));
}

static uint64_t rate_now(const struct scene *scene)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < scene->wires_n; i++)
		bytes += scene->wires[i].in;
	return bytes * 8;
}

static void rate_add(struct text *text, uint64_t bits)
{
	if (bits >= 1000000000)
		text_addf(text, "%.2f Gbit/s", (double)bits / 1e9);
	else if (bits >= 1000000)
		text_addf(text, "%.1f Mbit/s", (double)bits / 1e6);
	else
		text_addf(text, "%.0f kbit/s", (double)bits / 1e3);
}

/* Bytes of each hour, as a filled line. */
static void hours_draw(struct text *out, struct scene *scene, const struct wire_day *day,
    struct draw_spot size)
{
	struct chart_point *points = arena_array(&scene->arena, day->hours.n * 2 + 1, sizeof *points);
	KS_DROP(drawing) struct drawing drawing = { 0 };
	struct spark spark = { .tone = "wire", .points = points, .from_ms = day->from_ms,
		.to_ms = scene->now_ms, .low = 0, .high = 0, .filled = true };

	if (points == NULL || day->hours.n < 2) {
		markup(out, "<p class=\"collecting\">%s</p>", T("collecting: an hour is one point"));
		return;
	}
	for (size_t i = 0; i < day->hours.n; i++) {
		const struct wire_row *hour = &day->hours.at[i];

		if (i > 1 && hour->hour_ms + WIRE_HOUR_MS > scene->now_ms)
			break; /* it is not over: less than its neighbours without meaning it */
		/* where an hour is missing nothing was heard: the line breaks */
		if (i > 0 && hour->hour_ms - day->hours.at[i - 1].hour_ms > WIRE_HOUR_MS)
			points[spark.points_n++] = (struct chart_point){
				day->hours.at[i - 1].hour_ms + WIRE_HOUR_MS, INT64_MIN };
		points[spark.points_n++] = (struct chart_point){ hour->hour_ms + WIRE_HOUR_MS / 2,
			(int64_t)hour->out };
	}
	drawing_init(&drawing, size.x, size.y);
	drawing_title(&drawing, T("Bytes of each hour"));
	spark_draw(&drawing, &spark);
	drawing_svg(out, &drawing, false);
}

static void found_say(struct text *out, const struct scene *scene, const struct wire_day *day)
{
	size_t open = 0, grave = 0;
	KS_DROP(text) struct text words;

	text_init(&words, 400);
	for (size_t i = 0; i < day->findings.n; i++) {
		const struct wire_row *row = &day->findings.at[i];

		if (row->level < SEVERITY_WARNING || row->flags & WIRE_ACCEPTED)
			continue;
		open++;
		grave += row->level == SEVERITY_CRITICAL;
	}
	if (grave > 0)
		say(&words, scene->lang, "%zu critical {finding|findings}, %zu in all.", grave, open);
	else if (open > 0)
		say(&words, scene->lang, "%zu {finding|findings}, none critical.", open);
	else
		text_add(&words, T("Nothing found that a person should look at."));
	markup(out, "<p class=\"says\"><a href=\"/wire\">%s</a></p>", text_cstr(&words));
}

static void traffic_card(struct text *out, struct scene *scene, const struct wire_day *day)
{
	KS_DROP(text) struct text bytes, rate, words;

	text_init(&bytes, 60);
	text_init(&rate, 60);
	text_init(&words, 400);
	say_bytes(&bytes, day->bytes);
	rate_add(&rate, rate_now(scene));
	char *unit = strchr(bytes.at != NULL ? bytes.at : "", ' ');

	if (unit != NULL)
		*unit++ = '\0';
	say(&words, scene->lang, "in 24 h; now %s", text_cstr(&rate));
	markup(out, "<p class=\"big\"><a href=\"/wire\"><b>%s</b> %s</a> <span>%s</span></p>", text_cstr(&bytes),
	    unit != NULL ? unit : "", text_cstr(&words));
	found_say(out, scene, day);
	text_clear(&words);
	if (heard(scene) < scene->wires_n)
		say(&words, scene->lang, "Not heard: %zu of %zu {wire|wires}. ", scene->wires_n - heard(scene),
		    scene->wires_n);
	if (day->dropped > 0)
		say(&words, scene->lang, "%llu {packet was|packets were} lost: counts are lower bounds.",
		    (unsigned long long)day->dropped);
	if (words.len > 0)
		markup(out, "<p class=\"says\">%s</p>", text_cstr(&words));
	hours_draw(out, scene, day, (struct draw_spot){ 2400, 400 });
	hosts_say(out, scene);
}

void wire_card(struct text *out, struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	bool watched = v->hosts_up + v->hosts_down > 0 || heard(scene) > 0;
	struct wire_day day;

	card_open(out, scene, SENSE_WIRE, T("Wire"), watched ? scene_severity(scene, SENSE_WIRE) :
	    SEVERITY_UNKNOWN);
	wire_day(scene, false, &day);
	if (day.hours.n > 0)
		traffic_card(out, scene, &day);
	else
		quiet_card(out, scene);
	markup(out, "</article>");
}

/* -- the page ------------------------------------------------------------------------------- */

bool is_reach(const struct scene *scene, const struct status_now *now, const void *what)
{
	(void)scene;
	(void)what;
	return now->series.kind == MEASURE_REACH || now->series.kind == MEASURE_UPTIME;
}

static const char *state_say(const struct scene *scene, const char *word)
{
	static const struct {
		const char *word, *says;
	} rows[] = { { "listening", N_("listening") }, { "following", N_("following a capture") },
		{ "down", N_("not heard") }, { "unreadable", N_("no capture any more") } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].word, word) == 0)
			return tr(scene->lang, rows[i].says);
	return word;
}

static void source_row(struct text *out, const struct scene *scene, const struct wire_row *wire)
{
	KS_DROP(text) struct text frames, rate;

	text_init(&frames, 60);
	text_init(&rate, 60);
	say_count(&frames, wire->count);
	rate_add(&rate, wire->in * 8);
	markup(out, "<tr><td>%s<small>%s</small></td><td>", wire->device, wire->name);
	state_badge(out, scene, is_down(wire) ? SEVERITY_WARNING : SEVERITY_OK);
	markup(out, " %s</td><td class=\"num\">%s</td><td class=\"num\">%s</td><td class=\"num\">%lld</td>"
	    "<td class=\"num\">%lld</td><td class=\"num\">", state_say(scene, wire->word), text_cstr(&rate),
	    text_cstr(&frames), (long long)wire->number[0], (long long)wire->number[1]);
	if (wire->count > 0)
		duration_add(out, scene, scene->now_ms - wire->last_ms);
	else
		markup(out, "%s", T("nothing yet"));
	markup(out, "</td></tr>");
}

void wire_sources(struct text *out, struct scene *scene)
{
	if (scene->wires_n == 0)
		return;
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Listened to"));
	files_add(out, "wires");
	markup(out, "</span></h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	    "aria-label=\"%s\"><table class=\"readings\"><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>", T("Listened to"),
	    T("Wire"), T("State"), T("Now"), T("Packets"), T("Lost"), T("Flows"), T("Age"));
	for (size_t i = 0; i < scene->wires_n; i++)
		source_row(out, scene, &scene->wires[i]);
	markup(out, "</tbody></table></div></article>");
}

static void traffic_add(struct text *out, struct scene *scene, const struct wire_day *day)
{
	KS_DROP(text) struct text bytes, frames, words, what;

	text_init(&bytes, 60);
	text_init(&frames, 60);
	text_init(&words, 600);
	text_init(&what, 200);
	say_bytes(&bytes, day->bytes);
	say_count(&frames, day->frames);
	say(&words, scene->lang, "%s in %s packets, %zu {device|devices}.", text_cstr(&bytes),
	    text_cstr(&frames), day->devices.n);
	if (day->dropped + day->lost + day->evicted > 0) {
		text_add_char(&words, ' ');
		say(&words, scene->lang, "Lower bounds: %llu packets were lost, %llu flows let go early, %llu things had no room.",
		    (unsigned long long)day->dropped, (unsigned long long)day->evicted,
		    (unsigned long long)day->lost);
	}
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Traffic"));
	text_addf(&what, "wire_hours?from=%lld&to=%lld", (long long)(day->from_ms / 1000),
	    (long long)(day->to_ms / 1000));
	files_add(out, text_cstr(&what));
	markup(out, "</span></h2><p class=\"lead\">%s</p>", text_cstr(&words));
	hours_draw(out, scene, day, (struct draw_spot){ 12000, 900 });
	markup(out, "<p class=\"ends\"><span>");
	clock_add(out, scene, day->from_ms);
	markup(out, "</span><span class=\"lim\"></span><span>");
	clock_add(out, scene, scene->now_ms);
	markup(out, "</span></p></article>");
}

static void nothing_add(struct text *out, const struct scene *scene, const struct wire_day *day)
{
	markup(out, "<article class=\"card\"><h2>%s</h2>", T("Traffic"));
	if (day->bad)
		absent_add(out, T("The record can not be read now."), "");
	else if (is_named(scene) && day->since_ms == 0)
		absent_add(out, T("Nothing has been heard yet."),
		    T("The first minute of a wire is shown when it is over. Nothing after two? See the table above, and `keisoku check`."));
	else if (is_named(scene))
		absent_add(out, T("Nothing was heard in this time."), T("Choose a longer one above."));
	else
		absent_add(out, T("Traffic is not measured yet."),
		    T("A line `wire ID interface=eth1` in the site file listens to a mirror port and shows here who "
		    "spoke with whom, what went in clear and which certificates were wrong. `keisoku audit "
		    "capture.pcap` says the same of a recording."));
	markup(out, "</article>");
}

bool wire_write(struct text *out, struct scene *scene)
{
	struct wire_day day;
	bool watched = scene->verdict->hosts_up + scene->verdict->hosts_down > 0 || heard(scene) > 0;

	markup(out, "<div class=\"pagehead\"><h1>%s</h1>", T("Wire"));
	state_badge(out, scene, watched ? scene_severity(scene, SENSE_WIRE) : SEVERITY_UNKNOWN);
	markup(out, "</div>");
	if (scene->from_ms == 0)
		scene->from_ms = scene->now_ms - WIRE_DAY_MS;
	ranges_add(out, scene);
	wire_sources(out, scene);
	wire_day(scene, true, &day);
	if (day.hours.n > 0) {
		traffic_add(out, scene, &day);
		wire_findings(out, scene, &day);
		wire_devices(out, scene, &day);
		wire_where(out, scene, &day);
		wire_periods(out, scene, &day);
		wire_certificates(out, scene, &day);
		wire_unseen(out, scene, &day);
	} else {
		nothing_add(out, scene, &day);
	}
	readings_table(out, scene, is_reach, NULL);
	return true;
}
