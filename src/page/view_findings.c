/* src/page/view_findings.c - what is wrong, each with its cause; and what proves it. */
#include "base/drop.h"
#include "page/view.h"
#include "site/act.h"
#include "words/named.h"
#include <stdlib.h>

/* What explains it stands above it; one whose cause is over stands for itself. */
static bool is_child(const struct scene *scene, const struct finding *f)
{
	for (const struct finding *at = f; f->cause != 0 && at-- > scene->findings;)
		if (at->id == f->cause)
			return true;
	return false;
}

static void finding_row(struct text *out, const struct scene *scene, const struct finding *f)
{
	KS_DROP(text) struct text words, href;

	text_init(&words, 600);
	text_init(&href, 400);
	headline_say(&words, scene, f, scene->now_ms);
	subject_href(&href, f);
	if (href.len == 0)
		thing_href(&href, scene, f->subject);
	markup(out, "<tr class=\"%s%s\"><td>", is_child(scene, f) ? "child " : "", f->silenced ? "muted" : "");
	finding_badge(out, scene, f);
	if (href.len > 0)
		markup(out, "</td><td><a href=\"%s\">%s</a></td><td>", text_cstr(&href),
		    name_of(scene->site, f->subject));
	else
		markup(out, "</td><td>%s</td><td>", name_of(scene->site, f->subject));
	if (f->since_ms != 0)
		clock_add(out, scene, f->since_ms);
	markup(out, "</td><td><a href=\"/incident/%llu\">%s</a>%s</td><td class=\"id\">",
	    (unsigned long long)f->id, text_cstr(&words), f->silenced ? T(" (silenced)") : "");
	rule_link(out, f->code);
	markup(out, "</td></tr>");
}

void part_findings(struct text *out, struct scene *scene, size_t most)
{
	size_t shown = 0, left = 0;

	markup(out, "<article id=\"findings\" class=\"card\"><h2>%s<span class=\"note\">", T("Findings"));
	files_add(out, "findings");
	markup(out, "</span></h2>");
	if (scene->findings_n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing is wrong."));
	else
		markup(out, "<table><thead><tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>"
		    "</thead><tbody>", T("State"), T("Of what"), T("Since"), T("Why"), T("Rule"));
	for (size_t i = 0; i < scene->findings_n; i++) {
		if (shown < most) {
			finding_row(out, scene, &scene->findings[i]);
			shown++;
		} else {
			left++;
		}
	}
	if (scene->findings_n > 0)
		markup(out, "</tbody></table>");
	if (left > 0) {
		KS_DROP(text) struct text words;

		text_init(&words, 200);
		say(&words, scene->lang, "%zu more", left);
		markup(out, "<p><a href=\"/evidence\">%s</a></p>", text_cstr(&words));
	}
	markup(out, "</article>");
}

static const char *act_sentence(const struct act *act)
{
	static const char *const sentences[ACT_KINDS] = {
		[ACT_STARTED] = N_("keisoku started"),
		[ACT_STOPPED] = N_("keisoku stopped in order"),
		[ACT_SITE_LOADED] = N_("the site file was loaded"),
		[ACT_SITE_REFUSED] = N_("a site file was refused"),
		[ACT_ROLE_RESTARTED] = N_("a part of keisoku was started again"),
		[ACT_STORE_SEALED] = N_("readings were sealed"),
		[ACT_STORE_COMPACTED] = N_("readings of past days were compacted"),
		[ACT_STORE_DROPPED] = N_("readings past their keeping were dropped"),
		[ACT_TOLD] = N_("a message was delivered"),
		[ACT_NOT_TOLD] = N_("a message could not be delivered"),
		[ACT_ACKNOWLEDGED] = N_("somebody has it"),
		[ACT_SILENCED] = N_("a silence was set"),
		[ACT_MAINTENANCE] = N_("a maintenance window was set"),
		[ACT_ESCALATED] = N_("everybody was told, because somebody asked for it"),
		[ACT_WINDOW_ENDED] = N_("a silence or maintenance window was ended"),
		[ACT_LOGIN] = N_("somebody logged in"),
		[ACT_LOGIN_REFUSED] = N_("somebody tried to log in and was refused"),
		[ACT_LOGOUT] = N_("somebody logged out"),
		[ACT_GAP] = N_("nothing was measured for a while"),
	};

	return act->kind < ACT_KINDS && sentences[act->kind] != NULL ? sentences[act->kind] :
	    N_("something was done");
}

/* What began, what ended and what was done, in one list by time. */
enum { LINES = 200, SHOWN = 100 };
struct line {
	int64_t at_ms;
	bool act, ended;
	struct finding finding;
	struct act done;
};

struct lines {
	struct line *at;
	size_t n, room;
};

static int finding_took(void *user, const struct finding *f)
{
	struct lines *lines = user;

	if (lines->n + 2 > lines->room)
		return 1;
	lines->at[lines->n++] = (struct line){ .at_ms = f->since_ms, .finding = *f };
	if (f->ended_ms != 0)
		lines->at[lines->n++] = (struct line){ .at_ms = f->ended_ms, .ended = true,
			.finding = *f };
	return 0;
}

static int act_took(void *user, const struct act *act)
{
	struct lines *lines = user;

	if (lines->n == lines->room)
		return 1;
	lines->at[lines->n++] = (struct line){ .at_ms = act->time_ms, .act = true, .done = *act };
	return 0;
}

static int newer(const void *a, const void *b)
{
	int64_t x = ((const struct line *)a)->at_ms, y = ((const struct line *)b)->at_ms;

	return x > y ? -1 : x < y;
}

static void line_add(struct text *out, const struct scene *scene, const struct line *line,
    bool whole)
{
	KS_DROP(text) struct text words = { 0 };

	markup(out, "<tr><td>");
	clock_add(out, scene, line->at_ms);
	if (line->act) {
		int64_t about = act_number(line->done.what, "finding");
		const char *says = tr(scene->lang, act_sentence(&line->done));

		if (about > 0)
			markup(out, "</td><td><a href=\"/incident/%lld\">%s</a>", (long long)about, says);
		else
			markup(out, "</td><td>%s", says);
		markup(out, " <small>%s</small></td><td class=\"id\">%s</td></tr>",
		    whole ? line->done.what : "", line->done.who);
		return;
	}
	text_init(&words, 600);
	if (line->ended)
		text_add(&words, T("over: "));
	struct finding f = line->finding;

	f.next.known = false;
	headline_say(&words, scene, &f, line->at_ms);
	markup(out, "</td><td><a href=\"/incident/%llu\">%s</a></td><td class=\"id\">", (unsigned long long)f.id,
	    text_cstr(&words));
	rule_link(out, f.code);
	markup(out, "</td></tr>");
}

/* What happened before the moment asked for (?to=), newest first. */
static int lines_read(struct scene *scene, struct lines *lines, struct why *why)
{
	int64_t to = scene->to_ms != 0 ? scene->to_ms : INT64_MAX;
	size_t n = 0;

	if (lines->at == NULL || scene->store == NULL)
		return KS_ABSENT;
	int bad = store_findings(scene->store, false, INT64_MIN, to, LINES / 2, finding_took, lines,
	    why);

	if (bad == KS_OK)
		bad = store_acts(scene->store, INT64_MIN, to, LINES, act_took, lines, why);
	for (size_t i = 0; i < lines->n; i++)
		if (lines->at[i].at_ms < to)
			lines->at[n++] = lines->at[i];
	lines->n = n;
	if (n > 0)
		qsort(lines->at, n, sizeof *lines->at, newer);
	return bad;
}

/* A page of it ends with a whole second, so that nothing is left out between two. */
static void older_add(struct text *out, const struct scene *scene, const struct lines *lines,
    size_t shown)
{
	if (scene->to_ms != 0)
		markup(out, "<a class=\"button\" href=\"/evidence#evidence\">%s</a>", T("The newest"));
	if (shown < lines->n)
		markup(out, "<a class=\"button\" href=\"/evidence?to=%lld#evidence\">%s</a>",
		    (long long)(lines->at[shown].at_ms / 1000 + 1), T("Older"));
}

void part_evidence(struct text *out, struct scene *scene, size_t most)
{
	struct lines lines = { .at = calloc(2 * LINES, sizeof *lines.at), .room = 2 * LINES };
	struct why why = { .fmt = NULL };
	int bad = lines_read(scene, &lines, &why);
	bool whole = most > 20;
	size_t shown = 0;

	markup(out, "<article id=\"evidence\" class=\"card\"><h2><a href=\"/evidence\">%s</a>"
	    "<span class=\"note\">", T("Evidence"));
	files_add(out, "acts");
	markup(out, "</span></h2>");
	if (bad != KS_OK)
		absent_add(out, T("The record can not be read now."), why.text);
	else if (lines.n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing has happened yet."));
	markup(out, "<table class=\"log\"><tbody>");
	for (; shown < lines.n && shown < (whole ? (size_t)SHOWN : most); shown++)
		line_add(out, scene, &lines.at[shown], whole);
	/* all of the second that the next page begins with */
	for (; whole && shown > 0 && shown < lines.n &&
	     lines.at[shown].at_ms / 1000 == lines.at[shown - 1].at_ms / 1000; shown++)
		line_add(out, scene, &lines.at[shown], whole);
	markup(out, "</tbody></table>");
	if (whole) {
		markup(out, "<p class=\"buttons\">");
		older_add(out, scene, &lines, shown);
		markup(out, "</p>");
	}
	markup(out, "</article>");
	free(lines.at);
}
