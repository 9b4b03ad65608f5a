/* src/page/view_channels.c - how each channel does, with its trial; and silences and
 * maintenance windows: those that are set, and new ones, also afterwards. */
#include "base/drop.h"
#include "page/acts.h"
#include "words/named.h"
#include <stdio.h>
#include <string.h>

enum { WINDOWS = 200, SHOWN_DAYS = 31, DAY_MS = 86400000 };

static void receipt_cell(struct text *out, const struct scene *scene, const struct act *act)
{
	KS_DROP(text) struct text words = { 0 };

	markup(out, "<td>");
	if (act->time_ms == 0) {
		markup(out, "<span class=\"muted\">%s</span></td>", T("not yet"));
		return;
	}
	text_init(&words, 600);
	receipt_say(&words, scene, act);
	clock_add(out, scene, act->time_ms);
	markup(out, "<small>%s</small></td>", text_cstr(&words));
}

/* Whom it is for, in words. */
static void rules_say(struct text *words, const struct scene *scene, const struct notify *notify)
{
	if (strcmp(notify->via, "heartbeat") == 0) {
		text_add(words, T("called for as long as keisoku measures"));
		return;
	}
	text_add(words, strcmp(notify->severity, "critical") == 0 ? T("only what is critical") :
	    T("warnings and what is critical"));
	if (notify->after_ms > 0) {
		KS_DROP(text) struct text wait;

		text_init(&wait, 60);
		say_duration(&wait, scene->lang, notify->after_ms);
		text_add(words, T("; "));
		say(words, scene->lang, "when nobody has it after %s", text_cstr(&wait));
	}
	if (notify->quiet != NULL) {
		text_add(words, T("; "));
		say(words, scene->lang, "quiet during %s", notify->quiet->name != NULL ?
		    notify->quiet->name : notify->quiet->id);
	}
}

static void channel_row(struct text *out, const struct scene *scene, const struct notify *notify)
{
	const struct finding *broken = channel_broken(scene, notify->id);
	struct channel_news news;
	KS_DROP(text) struct text rules;

	text_init(&rules, 400);
	rules_say(&rules, scene, notify);
	channel_news(scene, notify->id, &news);
	markup(out, "<tr><td>");
	state_badge(out, scene, broken != NULL ? SEVERITY_WARNING : news.good.time_ms != 0 ?
	    SEVERITY_OK : SEVERITY_UNKNOWN);
	markup(out, "</td><td><b>%s</b><small>%s \xc2\xb7 %s</small></td>",
	    notify->name != NULL ? notify->name : notify->id, notify->via, text_cstr(&rules));
	receipt_cell(out, scene, &news.good);
	receipt_cell(out, scene, &news.bad);
	markup(out, "<td>");
	if (page_may(&scene->who, MAY_OPERATE)) {
		form_open(out, scene, "test", "/channels");
		markup(out, "<input type=\"hidden\" name=\"subject\" value=\"%s\"><button class=\"button\" "
		    "aria-label=\"%s: %s\">%s</button></form>", notify->id, T("Send a trial"), notify->id,
		    T("Send a trial"));
	}
	markup(out, "</td></tr>");
}

bool channels_write(struct text *out, struct scene *scene)
{
	const struct site *site = scene->site;

	markup(out, "<div class=\"pagehead\"><h1>%s</h1></div><article class=\"card\"><h2>%s<span class=\"note\">",
	    T("Channels"), T("Channels"));
	files_add(out, "channels");
	markup(out, "</span></h2>");
	if (site == NULL || site->notifies_n == 0) {
		absent_add(out, T("Nobody is told of anything: the site file names no channel."),
		    T("`keisoku explain notify` says how a line is written."));
		markup(out, "</article>");
		return true;
	}
	markup(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table class=\"channels\">"
	    "<thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>",
	    T("Channels"), T("State"), T("Channel"), T("Last delivered"), T("Last failure"), T("Trial"));
	for (size_t i = 0; i < site->notifies_n; i++)
		channel_row(out, scene, &site->notifies[i]);
	markup(out, "</tbody></table></div></article>");
	return true;
}

/* --- windows --- */

static void window_row(struct text *out, const struct scene *scene, const struct set_window *set)
{
	const struct window *w = &set->window;
	/* what was just ended may lie after the moment shown */
	bool open = set->ended_ms == 0 && w->to_ms > scene->now_ms;

	markup(out, "<tr class=\"%s\"><td>%s</td><td>%s%s%s</td><td>", open ? "" : "muted",
	    w->maintenance ? T("maintenance") : T("silence"),
	    w->what[0] != '\0' ? name_of(scene->site, w->what) : T("everything"),
	    w->code < FINDING_CODES ? " \xc2\xb7 " : "",
	    w->code < FINDING_CODES ? finding_id((enum finding_code)w->code) : "");
	clock_add(out, scene, w->from_ms);
	markup(out, " \xe2\x80\x93 ");
	clock_add(out, scene, window_end(set));
	markup(out, "</td><td>%s<small>%s</small></td><td>", set->reason,
	    who_said(scene, set->who));
	if (open && page_may(&scene->who, MAY_OPERATE)) {
		form_open(out, scene, "end", "/windows");
		hidden_number(out, w->id);
		markup(out, "<button class=\"button\" aria-label=\"%s: %s\">%s</button></form>", T("End it now"),
		    set->reason, T("End it now"));
	}
	markup(out, "</td></tr>");
}

static void windows_table(struct text *out, const struct scene *scene)
{
	static struct set_window list[WINDOWS];
	size_t n = windows_set(scene, scene->now_ms - (int64_t)SHOWN_DAYS * DAY_MS, list, WINDOWS);

	markup(out, "<article id=\"windows\" class=\"card\"><h2>%s<span class=\"note\">"
	    "<a href=\"/calendar.ics\">%s</a>", T("Set now, and in the last 31 days"),
	    T("as a calendar (ICS)"));
	files_add(out, "windows");
	markup(out, "</span></h2>");
	if (n == 0) {
		markup(out, "<p class=\"quietly\">%s</p></article>", T("None."));
		return;
	}
	markup(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"%s\"><table><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>",
	    T("Silences and maintenance"), T("Kind"), T("Of what"), T("When"), T("Why"), T("End"));
	for (size_t i = 0; i < n; i++)
		window_row(out, scene, &list[i]);
	markup(out, "</tbody></table></div></article>");
}

static void option(struct text *out, const char *id, const char *name, const char *chosen)
{
	markup(out, "<option value=\"%s\"%s>%s</option>", id, strcmp(id, chosen) == 0 ? " selected" : "",
	    name != NULL ? name : id);
}

#define OPTIONS(list, label)                                                           \
	do {                                                                           \
		if (site->list##_n > 0)                                                \
			markup(out, "<optgroup label=\"%s\">", label);                 \
		for (size_t i = 0; i < site->list##_n && i < OPTIONS_MOST; i++)        \
			option(out, site->list[i].id, site->list[i].name, scene->id);  \
		if (site->list##_n > 0)                                                \
			markup(out, "</optgroup>");                                    \
	} while (0)

enum { OPTIONS_MOST = 300 };

static void what_field(struct text *out, const struct scene *scene)
{
	const struct site *site = scene->site;

	markup(out, "<label>%s<select name=\"subject\">", T("Of what"));
	option(out, "", T("everything"), scene->id);
	if (scene->id[0] != '\0')
		option(out, scene->id, name_of(site, scene->id), scene->id);
	OPTIONS(rooms, T("Rooms"));
	OPTIONS(racks, T("Racks"));
	OPTIONS(coolings, T("Cooling"));
	OPTIONS(nodes, T("Power path"));
	OPTIONS(devices, T("Devices"));
	OPTIONS(hosts, T("Hosts"));
	markup(out, "</select></label>");
}

static void time_field(struct text *out, const struct scene *scene, const char *name,
    const char *label, int64_t ms)
{
	struct civil at = zone_split(scene->zone, ms);

	markup(out, "<label>%s<input type=\"datetime-local\" name=\"%s\" required value=\""
	    "%04d-%02u-%02uT%02u:%02u\"></label>", label, name, (int)at.year, (unsigned)at.month,
	    (unsigned)at.day, (unsigned)at.hour, (unsigned)at.minute);
}

static void window_form(struct text *out, const struct scene *scene)
{
	markup(out, "<article class=\"card screen\"><h2>%s</h2><p class=\"quietly\">%s</p>",
	    T("New maintenance window"),
	    T("Alarms within it wake nobody. It may also lie in the past: then it is put on record "
	    "beside what happened."));
	form_open(out, scene, "maintenance", "/windows");
	what_field(out, scene);
	time_field(out, scene, "from", T("From"), scene->now_ms);
	time_field(out, scene, "to", T("Until"), scene->now_ms + 3600000);
	markup(out, "<label>%s<input name=\"reason\" required maxlength=\"120\"></label>", T("Why"));
	who_field(out, scene);
	markup(out, "<button class=\"button main\">%s</button></form></article>", T("Set it"));
}

bool windows_write(struct text *out, struct scene *scene)
{
	if (scene->site == NULL)
		return false;
	markup(out, "<div class=\"pagehead\"><h1>%s</h1></div>", T("Silences and maintenance"));
	if (page_may(&scene->who, MAY_OPERATE))
		window_form(out, scene);
	windows_table(out, scene);
	return true;
}
