#include "page/calendar_out.h"
#include "base/drop.h"
#include "base/plain.h"
#include "site/calendar.h"
#include "words/named.h"
#include <stdio.h>
#include <string.h>

enum { WINDOWS = 200, BACK_DAYS = 31, AHEAD_DAYS = 60, DAY = 86400000, FOLD = 75, TURNS_MOST = 200,
	ROUND_MS = 300000 };

struct planned {
	char uid[160];
	int64_t stamp_ms, from_ms, to_ms;
	const char *summary, *more;
};

void calendar_line(struct text *out, const char *name, struct span value)
{
	KS_DROP(text) struct text line, plain;
	size_t used = 0;

	text_init(&line, 8192);
	text_init(&plain, 4096);
	plain_add(&plain, value, PLAIN_ONE_LINE);
	text_addf(&line, "%s:", name);
	for (size_t i = 0; i < plain.len; i++) {
		if (strchr("\\;,", plain.at[i]) != NULL)
			text_add_char(&line, '\\');
		text_add_char(&line, plain.at[i]);
	}
	for (size_t i = 0; i < line.len; i++, used++) {
		size_t n = 1;

		while (i + n < line.len && ((unsigned char)line.at[i + n] & 0xc0) == 0x80)
			n++;
		if (((unsigned char)line.at[i] & 0xc0) != 0x80 && used + n > FOLD) {
			text_add(out, "\r\n ");
			used = 1;
		}
		text_add_char(out, line.at[i]);
	}
	text_add(out, "\r\n");
}

static void time_line(struct text *out, const char *name, int64_t ms)
{
	struct civil at = zone_split(NULL, ms);

	text_addf(out, "%s:%04d%02u%02uT%02u%02u%02uZ\r\n", name, (int)at.year, (unsigned)at.month,
	    (unsigned)at.day, (unsigned)at.hour, (unsigned)at.minute, (unsigned)at.second);
}

static void entry_add(struct text *out, const struct scene *scene, const struct planned *entry)
{
	const char *url = scene->site != NULL ? scene->site->url : NULL;

	text_add(out, "BEGIN:VEVENT\r\n");
	calendar_line(out, "UID", span_text(entry->uid));
	time_line(out, "DTSTAMP", entry->stamp_ms);
	time_line(out, "DTSTART", entry->from_ms);
	time_line(out, "DTEND", entry->to_ms);
	calendar_line(out, "SUMMARY", span_text(entry->summary));
	if (entry->more[0] != '\0')
		calendar_line(out, "DESCRIPTION", span_text(entry->more));
	if (url != NULL && url[0] != '\0')
		text_addf(out, "URL:%s%swindows\r\n", url, url[strlen(url) - 1] == '/' ? "" : "/");
	text_add(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

static const char *site_id(const struct scene *scene)
{
	return scene->site != NULL ? scene->site->id : "keisoku";
}

static const char *what_of(const struct scene *scene, const char *id)
{
	return id != NULL && id[0] != '\0' ? name_of(scene->site, id) : T("everything");
}

static void windows_add(struct text *out, const struct scene *scene)
{
	static struct set_window list[WINDOWS];
	size_t n = windows_set(scene, scene->now_ms - (int64_t)BACK_DAYS * DAY, list, WINDOWS);

	for (size_t i = 0; i < n; i++) {
		const struct window *w = &list[i].window;
		struct planned entry = { .stamp_ms = list[i].ended_ms != 0 ? list[i].ended_ms :
			list[i].asked_ms, .from_ms = w->from_ms, .to_ms = window_end(&list[i]) };
		KS_DROP(text) struct text summary = { 0 }, more = { 0 };

		if (entry.to_ms <= entry.from_ms)
			continue; /* ended before it began */
		text_init(&summary, 400);
		text_init(&more, 400);
		(void)snprintf(entry.uid, sizeof entry.uid, "window-%llu@%s.keisoku.invalid",
		    (unsigned long long)w->id, site_id(scene));
		say(&summary, scene->lang, w->maintenance ? N_("Maintenance: %s") : N_("Silence: %s"),
		    what_of(scene, w->what));
		text_addf(&more, "%s (%s)", list[i].reason, list[i].who);
		entry.summary = text_cstr(&summary);
		entry.more = text_cstr(&more);
		entry_add(out, scene, &entry);
	}
}

/* Wall clock to UTC. */
static int64_t local_utc(const struct scene *scene, int64_t ms)
{
	int64_t guess = ms - zone_offset(scene->zone, ms) * 1000LL;

	return ms - zone_offset(scene->zone, guess) * 1000LL;
}

static void maintenance_add(struct text *out, const struct scene *scene,
    const struct maintenance *m, int64_t from_ms, int64_t to_ms)
{
	struct planned entry = { .stamp_ms = from_ms, .from_ms = from_ms, .to_ms = to_ms, .more = "" };
	KS_DROP(text) struct text summary;

	text_init(&summary, 400);
	say(&summary, scene->lang, "Maintenance: %s", what_of(scene, m->what));
	if (m->name != NULL && strcmp(m->name, m->id) != 0)
		entry.more = m->name;
	(void)snprintf(entry.uid, sizeof entry.uid, "%.64s-%lld@%.60s.keisoku.invalid", m->id,
	    (long long)(from_ms / 1000), site_id(scene));
	entry.summary = text_cstr(&summary);
	entry_add(out, scene, &entry);
}

/* A window that comes by a calendar: each time from today on. */
static void recurring_add(struct text *out, const struct scene *scene, const struct maintenance *m)
{
	int64_t at = scene->now_ms - scene->now_ms % DAY, end = at + (int64_t)AHEAD_DAYS * DAY;
	bool on = calendar_on(m->when, scene->zone, at);
	int64_t from = at;

	for (int i = 0; i < TURNS_MOST && at < end; i++) {
		at = calendar_next(m->when, scene->zone, at);
		if (on && at < end)
			maintenance_add(out, scene, m, from, at);
		on = !on;
		from = at;
	}
}

static void site_windows_add(struct text *out, const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->maintenances_n; i++) {
		const struct maintenance *m = &scene->site->maintenances[i];

		if (m->when != NULL && m->from_ms == 0)
			recurring_add(out, scene, m);
		else if (m->to_ms > m->from_ms)
			maintenance_add(out, scene, m, m->from_local ? local_utc(scene, m->from_ms) :
			    m->from_ms, m->to_local ? local_utc(scene, m->to_ms) : m->to_ms);
	}
}

/* To five minutes: a forecast moves a little with each reading. */
static void forecast_add(struct text *out, const struct scene *scene)
{
	const struct verdict *v = scene->verdict;
	const struct forecast *next = &v->next;
	KS_DROP(text) struct text summary = { 0 }, value = { 0 };

	if (!next->known || v->worst.code >= FINDING_CODES)
		return;
	int64_t from = next->at_ms + next->low_s * 1000LL, to = next->at_ms + next->high_s * 1000LL;
	struct planned entry = { .stamp_ms = v->worst.since_ms, .from_ms = from - from % ROUND_MS,
		.to_ms = to - to % ROUND_MS + ROUND_MS, .more = T("Foreseen with 80 % likelihood.") };

	text_init(&summary, 400);
	text_init(&value, 100);
	say_value(&value, scene->lang, (enum measure)next->kind, next->limit_milli);
	say(&summary, scene->lang, "%s reaches %s", name_of(scene->site, v->next_subject),
	    text_cstr(&value));
	(void)snprintf(entry.uid, sizeof entry.uid, "forecast-%.60s@%.60s.keisoku.invalid",
	    v->next_subject, site_id(scene));
	entry.summary = text_cstr(&summary);
	entry_add(out, scene, &entry);
}

void calendar_write(struct text *out, struct scene *scene)
{
	const struct site *site = scene->site;
	const char *name = site == NULL ? "" : site->name != NULL ? site->name : site->id;

	text_add(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//keisoku//" KS_VERSION "//EN\r\n"
	    "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n");
	calendar_line(out, "X-WR-CALNAME", span_text(name));
	windows_add(out, scene);
	site_windows_add(out, scene);
	forecast_add(out, scene);
	text_add(out, "END:VCALENDAR\r\n");
}
