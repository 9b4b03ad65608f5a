/* src/page/tables.c - the tables of the page for programs and spreadsheets: what is measured,
 * what was found, what was done, who is told, who stands where. */
#include "base/drop.h"
#include "base/number.h"
#include "page/acts.h"
#include "page/detail.h"
#include "page/table.h"
#include "page/view.h"
#include "words/named.h"
#include <string.h>

enum { FOUND_MOST = 20000, WINDOWS_MOST = 512 };

static void nothing_want(struct scene *scene, const struct form *form)
{
	(void)scene;
	(void)form;
}

/* --- readings --- */

static const struct rack *now_rack(const struct scene *scene, const struct status_now *now)
{
	const struct site *site = scene->site;
	uint32_t at = now->series.subject;

	if (site == NULL)
		return NULL;
	switch (now->series.subject_kind) {
	case SUBJECT_SENSOR:
		return at < site->sensors_n ? site->sensors[at].rack : NULL;
	case SUBJECT_HOST:
		return at < site->hosts_n ? site->hosts[at].rack : NULL;
	case SUBJECT_DEVICE:
		return at < site->devices_n ? site->devices[at].rack : NULL;
	default:
		return NULL;
	}
}

bool table_asked(const struct scene *scene, const struct status_now *now)
{
	const struct room *room = now_room(scene, now);
	const struct rack *rack = now_rack(scene, now);
	size_t n = strcspn(now->series.id, ":");

	has_fn *has = sense_has(scene->kind_asked);

	if (has != NULL ? !has(scene, now, NULL) : scene->kind_asked[0] != '\0' &&
	    strcmp(scene->kind_asked, measure_word((enum measure)now->series.kind)) != 0)
		return false;
	return scene->id[0] == '\0' || strcmp(scene->id, now->series.id) == 0 ||
	    (strlen(scene->id) == n && memcmp(scene->id, now->series.id, n) == 0) ||
	    (room != NULL && strcmp(room->id, scene->id) == 0) ||
	    (rack != NULL && strcmp(rack->id, scene->id) == 0);
}

static void reading_row(struct table *t, const struct scene *scene, const struct status_now *now)
{
	const struct room *room = now_room(scene, now);
	const struct rack *rack = now_rack(scene, now);
	int64_t critical, limit = now_limit(now, &critical);

	table_row(t);
	cell_text(t, now->series.id);
	cell_text(t, now_name(scene, now));
	cell_text(t, measure_word((enum measure)now->series.kind));
	cell_text(t, place_word((enum place)now->series.place));
	cell_text(t, room != NULL ? room->id : "");
	cell_text(t, rack != NULL ? rack->id : "");
	cell_milli(t, now->reading.quality == QUALITY_ABSENT ? INT64_MIN : now->reading.milli);
	cell_text(t, measure_unit((enum measure)now->series.kind));
	cell_text(t, now->reading.state);
	cell_text(t, quality_word((enum quality)now->reading.quality));
	cell_milli(t, limit);
	cell_milli(t, critical);
	cell_milli(t, scene->now_ms > now->reading.time_ms ? scene->now_ms - now->reading.time_ms : 0);
	cell_time(t, now->reading.time_ms);
}

static bool readings_table_write(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "sensor", "name", "kind", "place", "room", "rack", "value",
		"unit", "state", "quality", "limit", "critical", "age_s", "time", NULL };
	struct table t;
	bool any = scene->id[0] == '\0';

	table_begin(&t, out, form, "readings", columns);
	for (size_t i = 0; i < scene->now_n; i++)
		if (table_asked(scene, &scene->now[i])) {
			reading_row(&t, scene, &scene->now[i]);
			any = true;
		}
	table_end(&t);
	if (!any)
		text_clear(out);
	return any;
}

/* --- findings --- */

struct rows {
	struct table *table;
	const struct scene *scene;
};

static int finding_row(void *user, const struct finding *f)
{
	struct rows *rows = user;
	const struct scene *scene = rows->scene;
	struct table *t = rows->table;
	KS_DROP(text) struct text words;

	text_init(&words, 1000);
	finding_say(&words, scene, f);
	table_row(t);
	cell_count(t, (int64_t)f->id);
	cell_text(t, finding_id((enum finding_code)f->code));
	cell_text(t, severity_word((enum severity)f->severity));
	cell_text(t, subject_word((enum subject)f->subject_kind));
	cell_text(t, f->subject);
	cell_text(t, f->place);
	cell_time(t, f->since_ms);
	cell_time(t, f->ended_ms);
	cell_count(t, (int64_t)f->cause);
	cell_flag(t, f->silenced);
	cell_text(t, text_cstr(&words));
	return t->out->full;
}

/* Those that last; with from= or to= all of that time. */
static bool findings_write(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "rule", "severity", "subject_kind", "subject", "place",
		"since", "ended", "cause", "silenced", "words", NULL };
	struct table t;
	struct rows rows = { &t, scene };
	struct why why;
	int bad = KS_OK;

	table_begin(&t, out, form, "findings", columns);
	if (scene->from_ms == 0 && scene->to_ms == 0)
		for (size_t i = 0; i < scene->findings_n; i++)
			(void)finding_row(&rows, &scene->findings[i]);
	else
		bad = scene->store == NULL ? KS_ABSENT : store_findings(scene->store, false, scene->from_ms,
		    scene->to_ms != 0 ? scene->to_ms : INT64_MAX, FOUND_MOST, finding_row, &rows, &why);
	table_end(&t);
	return bad >= 0;
}

/* --- acts --- */

static int act_row(void *user, const struct act *act)
{
	struct rows *rows = user;
	struct table *t = rows->table;

	table_row(t);
	cell_time(t, act->time_ms);
	cell_text(t, act_word((enum act_kind)act->kind));
	cell_text(t, act->who);
	cell_text(t, act->what);
	return t->out->full;
}

static bool acts_write(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "time", "act", "who", "what", NULL };
	struct table t;
	struct rows rows = { &t, scene };
	struct why why;

	table_begin(&t, out, form, "acts", columns);
	int bad = scene->store == NULL ? KS_OK : store_acts(scene->store, scene->from_ms != 0 ?
	    scene->from_ms : INT64_MIN, scene->to_ms != 0 ? scene->to_ms : INT64_MAX, FOUND_MOST, act_row,
	    &rows, &why);

	table_end(&t);
	return bad >= 0;
}

/* --- who is told, what is silent --- */

static bool channels_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "channel", "via", "broken", "delivered", "failed", NULL };
	struct table t;

	table_begin(&t, out, form, "channels", columns);
	for (size_t i = 0; scene->site != NULL && i < scene->site->notifies_n; i++) {
		const struct notify *notify = &scene->site->notifies[i];
		struct channel_news news;

		channel_news(scene, notify->id, &news);
		table_row(&t);
		cell_text(&t, notify->id);
		cell_text(&t, notify->via);
		cell_flag(&t, channel_broken(scene, notify->id) != NULL);
		cell_time(&t, news.good.time_ms);
		cell_time(&t, news.bad.time_ms);
	}
	table_end(&t);
	return true;
}

static bool windows_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "kind", "what", "rule", "from", "to", "why", "who",
		NULL };
	static struct set_window list[WINDOWS_MOST];
	int64_t since = scene->from_ms != 0 ? scene->from_ms : scene->now_ms - 31 * 86400000LL;
	size_t n = windows_set(scene, since, list, WINDOWS_MOST);
	struct table t;

	table_begin(&t, out, form, "windows", columns);
	for (size_t i = 0; i < n; i++) {
		const struct window *w = &list[i].window;

		table_row(&t);
		cell_count(&t, (int64_t)w->id);
		cell_text(&t, w->maintenance ? "maintenance" : "silence");
		cell_text(&t, w->what);
		cell_text(&t, w->code < FINDING_CODES ? finding_id((enum finding_code)w->code) : "");
		cell_time(&t, w->from_ms);
		cell_time(&t, window_end(&list[i]));
		cell_text(&t, list[i].reason);
		cell_text(&t, list[i].who);
	}
	table_end(&t);
	return true;
}

/* --- who stands where, what feeds it --- */

bool racks_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "rack", "u", "height", "host", "name", "watts", "declared",
		"air_c", NULL };
	const struct site *site = scene->site;
	bool found = scene->id[0] == '\0';
	struct table t;

	table_begin(&t, out, form, "racks", columns);
	for (size_t i = 0; site != NULL && i < site->racks_n; i++)
		found = found || strcmp(site->racks[i].id, scene->id) == 0;
	for (size_t i = 0; site != NULL && i < site->hosts_n; i++) {
		const struct host *host = &site->hosts[i];
		bool room;

		if (host->rack == NULL || (scene->id[0] != '\0' && strcmp(host->rack->id, scene->id) != 0))
			continue;
		table_row(&t);
		cell_text(&t, host->rack->id);
		cell_count(&t, host->u);
		cell_count(&t, host->height);
		cell_text(&t, host->id);
		cell_text(&t, host->name);
		cell_milli(&t, host->mw);
		cell_flag(&t, host->declared);
		cell_milli(&t, scene_air(scene, host->rack, host->u, &room));
	}
	table_end(&t);
	if (!found)
		text_clear(out);
	return found;
}

bool path_table(struct text *out, struct scene *scene, const struct form *form)
{
	static const char *const columns[] = { "id", "kind", "name", "from", "load_va", "limit_va",
		"percent", NULL };
	struct table t;

	table_begin(&t, out, form, "path", columns);
	for (uint32_t i = 0; scene->grid != NULL && i < scene->grid->nodes_n; i++) {
		const struct node *node = &scene->site->nodes[i];
		int64_t load = scene_load(scene, i), limit = scene->grid->nodes[i].limit_uva;

		table_row(&t);
		cell_text(&t, node->id);
		cell_text(&t, node_kind_word(node->kind));
		cell_text(&t, node->name);
		cell_text(&t, node->from != NULL ? node->from->id : "");
		cell_milli(&t, load / 1000);
		cell_milli(&t, limit > 0 ? limit / 1000 : INT64_MIN);
		cell_milli(&t, limit > 0 ? number_scale(load, 100000, limit) : INT64_MIN);
	}
	table_end(&t);
	return true;
}

const struct drawn tables[] = {
	{ "/api/racks", nothing_want, racks_table, FORM_TEXT, false, NULL },
	{ "/api/racks/", nothing_want, racks_table, FORM_TEXT, false, NULL },
	{ "/api/path", nothing_want, path_table, FORM_TEXT, false, NULL },

	{ "/api/readings", nothing_want, readings_table_write, FORM_TEXT, false, NULL },
	{ "/api/readings/", nothing_want, readings_table_write, FORM_TEXT, false, NULL },
	{ "/api/hours", nothing_want, hours_table, FORM_TEXT, false, NULL },
	{ "/api/hours/", nothing_want, hours_table, FORM_TEXT, false, NULL },
	{ "/api/findings", nothing_want, findings_write, FORM_TEXT, false, NULL },
	{ "/api/acts", nothing_want, acts_write, FORM_TEXT, false, NULL },
	{ "/api/channels", nothing_want, channels_table, FORM_TEXT, false, NULL },
	{ "/api/windows", nothing_want, windows_table, FORM_TEXT, false, NULL },
	{ "/api/wires", nothing_want, wires_table, FORM_TEXT, false, NULL },
	{ "/api/wire_hours", nothing_want, wire_hours_table, FORM_TEXT, false, NULL },
	{ "/api/wire_devices", nothing_want, wire_devices_table, FORM_TEXT, false, NULL },
	{ "/api/wire_destinations", nothing_want, wire_destinations_table, FORM_TEXT, false, NULL },
	{ "/api/wire_countries", nothing_want, wire_countries_table, FORM_TEXT, false, NULL },
	{ "/api/wire_new", nothing_want, wire_new_table, FORM_TEXT, false, NULL },
	{ "/api/wire_findings", nothing_want, wire_findings_table, FORM_TEXT, false, NULL },
	{ "/api/wire_periodic", nothing_want, wire_periodic_table, FORM_TEXT, false, NULL },
	{ "/api/wire_certificates", nothing_want, wire_certificates_table, FORM_TEXT, false, NULL },
	{ "/api/wire_unseen", nothing_want, wire_unseen_table, FORM_TEXT, false, NULL },
	{ "/api/capacity_power", nothing_want, capacity_power_table, FORM_TEXT, false, NULL },
	{ "/api/capacity_racks", nothing_want, capacity_racks_table, FORM_TEXT, false, NULL },
	{ "/api/capacity_rooms", nothing_want, capacity_rooms_table, FORM_TEXT, false, NULL },
	{ "/api/single_cords", nothing_want, single_cords_table, FORM_TEXT, false, NULL },
	{ "/api/losses", nothing_want, losses_table, FORM_TEXT, false, NULL },
	{ "/api/pairs", nothing_want, pairs_table, FORM_TEXT, false, NULL },
	{ "/api/dark", nothing_want, dark_table, FORM_TEXT, true, NULL },
	{ "/api/broken", nothing_want, broken_table, FORM_TEXT, true, NULL },
	{ "/api/trips", nothing_want, trips_table, FORM_TEXT, true, NULL },
	{ "/api/shed", nothing_want, shed_table, FORM_TEXT, true, NULL },
	{ "/api/waves", nothing_want, waves_table, FORM_TEXT, true, NULL },
	{ NULL, NULL, NULL, FORM_TEXT, false, NULL },
};
