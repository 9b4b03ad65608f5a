/* src/page/view_page.c - the frame around every view: head, tabs, the state in title and
 * icon, language, and the line that says how old all this is. */
#include "base/drop.h"
#include "page/asset.h"
#include "page/view.h"
#include "words/named.h"
#include <string.h>

static const struct {
	const char *path, *name;
	unsigned glyph; /* a character that says it on a phone */
} tabs[TABS] = {
	[TAB_OVERVIEW] = { "/", N_("Overview"), 33 },
	[TAB_HEAT] = { "/heat", N_("Heat"), 29105 },
	[TAB_POWER] = { "/power", N_("Power"), 38651 },
	[TAB_WIRE] = { "/wire", N_("Wire"), 32218 },
	[TAB_PLAN] = { "/plan", N_("Plans"), 22259 },
	[TAB_EVIDENCE] = { "/evidence", N_("Evidence"), 35388 },
};

static const char *shape_of(uint8_t severity)
{
	static const char *const shapes[SEVERITIES] = { "\xe2\x97\x8f", "\xe2\x96\xb2",
		"\xe2\x96\xa0", "\xe2\x97\x8c" };

	return shapes[severity < SEVERITIES ? severity : SEVERITY_UNKNOWN];
}

void view_title(struct text *out, const struct scene *scene)
{
	const struct verdict *v = scene->verdict;

	text_add(out, shape_of(v->severity));
	text_add(out, " ");
	if (!v->measuring && v->worst.code >= FINDING_CODES)
		text_add(out, T("Nothing has been measured yet."));
	else if (v->worst.code >= FINDING_CODES)
		text_add(out, T("Normal"));
	else
		verdict_say(out, scene);
}

void view_event(struct text *out, const struct scene *scene)
{
	KS_DROP(text) struct text title;

	text_init(&title, 600);
	view_title(&title, scene);
	text_addf(out, "{\"at\":%lld,\"state\":\"%s\",\"event\":%llu,\"title\":\"",
	    (long long)scene->now_ms, state_class(scene->verdict->severity),
	    (unsigned long long)scene->event);
	text_add_json(out, text_span(&title));
	text_add(out, "\"}");
}

static void head_add(struct text *out, const struct scene *scene, const struct view *view)
{
	KS_DROP(text) struct text title;

	text_init(&title, 600);
	if (view->tab == TAB_OVERVIEW && view->path[1] == '\0') {
		view_title(&title, scene);
	} else {
		text_add(&title, shape_of(scene->verdict->severity));
		text_add(&title, " ");
		if (view->title != NULL)
			text_add(&title, tr(scene->lang, view->title));
		else if (strncmp(view->path, "/incident/", 10) == 0)
			say(&title, scene->lang, "Incident %s", scene->id);
		else
			series_name(&title, scene->lang, scene->site, scene->id, MEASURES);
	}
	markup(out, "<!doctype html><html lang=\"%s\"", scene->lang == LANG_JA ? "ja" : "en");
	if (scene->theme != NULL && scene->theme[0] != '\0')
		markup(out, " data-theme=\"%s\"", scene->theme);
	markup(out, "><head><meta charset=\"utf-8\"><title>%s \xc2\xb7 keisoku</title>"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\">"
	    "<link rel=\"icon\" href=\"/icon-%s.svg\" type=\"image/svg+xml\">",
	    text_cstr(&title), state_class(scene->verdict->severity));
	markup(out, "<link rel=\"stylesheet\" href=\"%s\">", asset_name("page.css"));
	markup(out, "<script type=\"module\" src=\"%s\" data-uplot=\"%s\"></script></head>",
	    asset_name("page.js"), asset_name("uplot.js"));
}

static void tabs_add(struct text *out, const struct scene *scene, const struct view *view,
    bool phone)
{
	if (phone)
		markup(out, "<nav class=\"bottom\" aria-label=\"%s\">", T("Sections, at the bottom"));
	else
		markup(out, "<nav class=\"tabs\" aria-label=\"%s\">", T("Sections"));
	for (unsigned i = 0; i < (phone ? TAB_EVIDENCE : TABS); i++) {
		markup(out, "<a href=\"%s\"", tabs[i].path);
		if (i == (unsigned)view->tab)
			markup(out, " aria-current=\"page\"");
		markup(out, ">");
		if (phone)
			markup(out, "<span class=\"glyph\" aria-hidden=\"true\">&#%u;</span>", tabs[i].glyph);
		markup(out, "<span>%s</span></a>", tr(scene->lang, tabs[i].name));
	}
	markup(out, "</nav>");
}

/* The whole time, for paper: a page on a desk does not say how old it is. */
static void asof_add(struct text *out, const struct scene *scene)
{
	struct civil at = zone_split(scene->zone, scene->now_ms);

	markup(out, "<p class=\"asof\">%s %d-%02u-%02u %02u:%02u (%s)</p>", scene->site == NULL ? "" :
	    scene->site->name != NULL ? scene->site->name : scene->site->id, (int)at.year,
	    (unsigned)at.month, (unsigned)at.day, (unsigned)at.hour, (unsigned)at.minute,
	    scene->site != NULL ? scene->site->tz : "UTC");
}

static void top_add(struct text *out, const struct scene *scene, const struct view *view)
{
	const char *name = scene->site == NULL ? "" : scene->site->name != NULL ? scene->site->name :
	    scene->site->id;
	KS_DROP(text) struct text age;

	text_init(&age, 200);
	say(&age, scene->lang, "as of ");
	say_clock(&age, scene->lang, scene->zone, scene->now_ms, scene->now_ms);
	markup(out, "<a class=\"skip\" href=\"#content\">%s</a><header class=\"top\">"
	    "<a class=\"brand\" href=\"/\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><rect width=\"24\" "
	    "height=\"24\" rx=\"6\"/><path d=\"M5 17v-4M9.5 17v-6M14 17v-3M18.5 17V7M4 19h16\"/></svg>"
	    "<b>keisoku</b></a><span class=\"site\">%s</span>", T("To the content"), name);
	tabs_add(out, scene, view, false);
	markup(out, "<p class=\"live\" id=\"live\" role=\"status\" data-fresh=\"%s\" data-stale=\"%s\" "
	    "data-off=\"%s\"><i></i><span>%s</span></p>", T("updated {s} s ago"),
	    T("Updates have stopped ({s} s)"), T("no connection"), text_cstr(&age));
	if (scene->lang == LANG_JA)
		markup(out, "<a class=\"lang\" href=\"?lang=en\" lang=\"en\" hreflang=\"en\">English</a>");
	else
		markup(out, "<a class=\"lang\" href=\"?lang=ja\" lang=\"ja\" hreflang=\"ja\">"
		    "&#26085;&#26412;&#35486;</a>");
	asof_add(out, scene);
	markup(out, "</header>");
}

static void foot_add(struct text *out, const struct scene *scene)
{
	KS_DROP(text) struct text words;

	text_init(&words, 300);
	if (scene->verdict->oldest_reading_ms > 0) {
		KS_DROP(text) struct text age;

		text_init(&age, 100);
		say_duration(&age, scene->lang, scene->now_ms - scene->verdict->oldest_reading_ms);
		say(&words, scene->lang, "The oldest value is %s old.", text_cstr(&age));
	}
	markup(out, "<footer><p>%s %s <a href=\"/metrics\">/metrics</a> <a href=\"/api/status\">/api/status</a>"
	    " keisoku %s</p>", text_cstr(&words),
	    T("Every value leads to its sensor, every finding to its rule."), KS_VERSION);
	who_add(out, scene);
	markup(out, "</footer>");
}

bool view_page(struct text *out, struct scene *scene, const struct view *view)
{
	head_add(out, scene, view);
	markup(out, "<body class=\"%s\" data-event=\"%llu\" data-tz=\"%s\">", state_class(scene->verdict->severity),
	    (unsigned long long)scene->event,
	    scene->site != NULL ? scene->site->tz : "UTC");
	top_add(out, scene, view);
	markup(out, "<main id=\"content\" tabindex=\"-1\">");
	bool there = view->write(out, scene);

	if (!there)
		markup(out, "<div class=\"pagehead\"><h1>%s</h1></div><article class=\"card\"><p><b>%s</b></p>"
		    "<p><a class=\"button\" href=\"/\">%s</a></p></article>", T("Not found"), scene->id,
		    T("To the overview"));
	markup(out, "</main>");
	foot_add(out, scene);
	tabs_add(out, scene, view, true);
	markup(out, "</body></html>\n");
	return there;
}
