/* src/page/view_acts.c - what a person can do about an incident, and what was told and
 * done about it. */
#include "base/drop.h"
#include "page/acts.h"
#include <stdio.h>
#include <string.h>

void form_open(struct text *out, const struct scene *scene, const char *act, const char *back)
{
	markup(out, "<form method=\"post\" action=\"/act\">");
	form_token_add(out, scene);
	markup(out, "<input type=\"hidden\" name=\"act\" value=\"%s\"><input type=\"hidden\" name=\"back\" "
	    "value=\"%s\">", act, back);
}

void hidden_number(struct text *out, uint64_t number)
{
	markup(out, "<input type=\"hidden\" name=\"number\" value=\"%llu\">", (unsigned long long)number);
}

void who_field(struct text *out, const struct scene *scene)
{
	if (scene->who.name[0] == '\0')
		markup(out, "<label>%s<input name=\"who\" maxlength=\"60\" autocomplete=\"name\"></label>",
		    T("Your name"));
}

static void hand_button(struct text *out, const struct scene *scene, const char *act,
    uint64_t number, const char *back)
{
	form_open(out, scene, act, back);
	hidden_number(out, number);
	markup(out, "<button class=\"button\">%s</button></form>", strcmp(act, "escalate") == 0 ?
	    T("Tell the others") : T("I have it"));
}

static bool tells_anybody(const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->notifies_n; i++)
		if (strcmp(scene->site->notifies[i].via, "heartbeat") != 0)
			return true;
	return false;
}

/* Who gave no name is somebody all the same. */
const char *who_said(const struct scene *scene, const char *who)
{
	return strcmp(who, "page") == 0 ? T("somebody at the page") : who;
}

void part_hands(struct text *out, struct scene *scene, const struct finding *finding,
    const char *back)
{
	struct holder holder = holder_find(scene, finding);
	uint64_t root = incident_root(scene, finding);

	if (holder.there) {
		KS_DROP(text) struct text clock, words;

		text_init(&clock, 100);
		text_init(&words, 400);
		say_clock(&clock, scene->lang, scene->zone, holder.at_ms, scene->now_ms);
		say(&words, scene->lang, "%s has it since %s; nobody else is told.",
		    who_said(scene, holder.who),
		    text_cstr(&clock));
		markup(out, "<p class=\"held\">%s</p>", text_cstr(&words));
	}
	if (!page_may(&scene->who, MAY_OPERATE) || finding->ended_ms != 0)
		return;
	if (!holder.there)
		hand_button(out, scene, "acknowledge", root, back);
	if (tells_anybody(scene))
		hand_button(out, scene, "escalate", root, back);
}

/* --- what was told and done --- */

struct told {
	struct text *out;
	const struct scene *scene;
	const struct finding *finding;
	uint64_t root;
	size_t n;
};

static const char *news_said(const char *word)
{
	static const char *const says[] = { N_("it began"), N_("it got worse"),
		N_("it is over"), N_("all is well"), N_("a trial"), N_("a heartbeat") };
	static const char *const words[] = { "opened", "worse", "ended", "daily", "test",
		"beat" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(word, words[i]) == 0)
			return says[i];
	return "";
}

void receipt_say(struct text *words, const struct scene *scene, const struct act *act)
{
	char news[20], why[128];
	bool good = act->kind == ACT_TOLD;

	(void)act_part(act->what, "news", news, sizeof news);
	(void)act_part(act->what, "why", why, sizeof why);
	say(words, scene->lang, good ? N_("Told through %s: %s") : N_("Could not be told through %s: %s"),
	    act->who, good || why[0] == '\0' ? tr(scene->lang, news_said(news)) : tr(scene->lang, why));
	if (act_number(act->what, "attempt") > 1)
		say(words, scene->lang, " (try %d)", (int)act_number(act->what, "attempt"));
	if (good)
		say(words, scene->lang, ", taken in %d ms", (int)act_number(act->what, "took_ms"));
}

static void done_say(struct text *words, const struct scene *scene, const struct act *act)
{
	char reason[128], link[FINDING_NAME];

	if (act->kind == ACT_TOLD || act->kind == ACT_NOT_TOLD) {
		receipt_say(words, scene, act);
		return;
	}
	say(words, scene->lang, act->kind == ACT_ACKNOWLEDGED ? N_("%s has it") :
	    act->kind == ACT_ESCALATED ? N_("%s had everybody told") : N_("%s set a silence"),
	    who_said(scene, act->who));
	if (act_part(act->what, "link", link, sizeof link))
		say(words, scene->lang, " (by the link of a message through %s)", link);
	if (act_part(act->what, "reason", reason, sizeof reason) && reason[0] != '\0')
		text_addf(words, " \xc2\xb7 %s", reason);
}

static int told_took(void *user, const struct act *act)
{
	struct told *told = user;
	bool about = (uint64_t)act_number(act->what, "finding") == told->root;
	char what[FINDING_NAME];

	if (act->kind == ACT_SILENCED)
		about = act_part(act->what, "what", what, sizeof what) &&
		    strcmp(what, told->finding->subject) == 0;
	else if (act->kind != ACT_TOLD && act->kind != ACT_NOT_TOLD &&
	    act->kind != ACT_ACKNOWLEDGED && act->kind != ACT_ESCALATED)
		about = false;
	if (!about)
		return KS_OK;
	KS_DROP(text) struct text words;

	text_init(&words, 600);
	done_say(&words, told->scene, act);
	markup(told->out, "<tr class=\"%s\"><td>", act->kind == ACT_NOT_TOLD ? "bad" : "");
	clock_add(told->out, told->scene, act->time_ms);
	markup(told->out, "</td><td>%s</td></tr>", text_cstr(&words));
	told->n++;
	return KS_OK;
}

void part_told(struct text *out, struct scene *scene, const struct finding *finding)
{
	struct told told = { .out = out, .scene = scene, .finding = finding,
		.root = incident_root(scene, finding) };
	struct why why = { .fmt = NULL };
	int code = KS_ABSENT;

	markup(out, "<article id=\"told\" class=\"card\"><h2>%s<span class=\"note\"><a href=\"/channels\">%s</a>"
	    "</span></h2><table class=\"log\"><tbody>", T("Told and done"), T("Channels"));
	if (scene->store != NULL)
		code = store_acts(scene->store, finding->since_ms, INT64_MAX, LIMIT_FINDINGS, told_took,
		    &told, &why);
	markup(out, "</tbody></table>");
	if (code != KS_OK)
		absent_add(out, T("The record can not be read now."), why.text);
	else if (told.n == 0 && told.root != finding->id)
		markup(out, "<p class=\"quietly\"><a href=\"/incident/%llu\">%s</a></p>",
		    (unsigned long long)told.root, T("It is told with what causes it."));
	else if (told.n == 0 && !tells_anybody(scene))
		absent_add(out, T("Nobody is told of anything: the site file names no channel."),
		    T("`keisoku explain notify` says how a line is written."));
	else if (told.n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nobody has been told yet."));
	markup(out, "</article>");
}

static void for_field(struct text *out, const struct scene *scene)
{
	static const int hours[] = { 1, 4, 12, 24, 72, 168 };

	markup(out, "<label>%s<select name=\"for\">", T("How long"));
	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
		KS_DROP(text) struct text words;

		text_init(&words, 60);
		say_duration(&words, scene->lang, hours[i] * 3600000LL);
		markup(out, "<option value=\"%dh\">%s</option>", hours[i], text_cstr(&words));
	}
	markup(out, "</select></label>");
}

static void silence_form(struct text *out, const struct scene *scene,
    const struct finding *finding, const char *back)
{
	form_open(out, scene, "silence", back);
	hidden_number(out, finding->id);
	markup(out, "<p class=\"quietly\">%s</p>",
	    T("It stays on the page, and nobody is told of it until then."));
	for_field(out, scene);
	markup(out, "<label>%s<input name=\"reason\" required maxlength=\"120\"></label>", T("Why"));
	who_field(out, scene);
	markup(out, "<button class=\"button\">%s</button></form>", T("Silence it"));
}

void part_mute(struct text *out, struct scene *scene, const struct finding *finding)
{
	char back[60];
	KS_DROP(text) struct text href = { 0 };

	if (!page_may(&scene->who, MAY_OPERATE) || finding->ended_ms != 0)
		return;
	(void)snprintf(back, sizeof back, "/incident/%llu#told", (unsigned long long)finding->id);
	text_init(&href, 400);
	text_add(&href, "/windows/");
	markup_path(&href, finding->subject);
	markup(out, "<article id=\"mute\" class=\"card\"><h2>%s</h2><div class=\"forms\"><details><summary "
	    "class=\"button\">%s</summary>", T("What you can do"), T("Silence for a while"));
	silence_form(out, scene, finding, back);
	markup(out, "</details><a class=\"button\" href=\"%s\">%s</a></div></article>", text_cstr(&href),
	    T("Maintenance window"));
}

void part_broken(struct text *out, const struct scene *scene)
{
	KS_DROP(text) struct text names, words;

	text_init(&names, 300);
	text_init(&words, 500);
	for (size_t i = 0; scene->site != NULL && i < scene->site->notifies_n; i++) {
		const struct notify *notify = &scene->site->notifies[i];

		if (channel_broken(scene, notify->id) == NULL)
			continue;
		text_add(&names, names.len > 0 ? T(", ") : "");
		text_add(&names, notify->name != NULL ? notify->name : notify->id);
	}
	if (names.len == 0)
		return;
	say(&words, scene->lang, "Messages through %s do not arrive.", text_cstr(&names));
	markup(out, "<p class=\"broken\"><span>\xe2\x96\xb2</span> <a href=\"/channels\">%s</a></p>",
	    text_cstr(&words));
}
