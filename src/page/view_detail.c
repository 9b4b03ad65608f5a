/* src/page/view_detail.c - one room, rack, host, sensor or incident, with its evidence. */
#include "base/drop.h"
#include "page/detail.h"
#include "page/view.h"
#include <stdlib.h>
#include <string.h>

static const struct room *room_find(const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->rooms_n; i++)
		if (strcmp(scene->site->rooms[i].id, scene->id) == 0)
			return &scene->site->rooms[i];
	return NULL;
}

static const struct rack *rack_find(const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->racks_n; i++)
		if (strcmp(scene->site->racks[i].id, scene->id) == 0)
			return &scene->site->racks[i];
	return NULL;
}

static const struct host *host_find(const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->hosts_n; i++)
		if (strcmp(scene->site->hosts[i].id, scene->id) == 0)
			return &scene->site->hosts[i];
	return NULL;
}

/* The hottest trusted temperature in it: what its chart is about. */
static const struct status_now *room_main(const struct scene *scene, const struct room *room)
{
	const struct status_now *best = NULL;

	for (size_t i = 0; room != NULL && i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];
		bool air = now->series.place == PLACE_ROOM || now->series.place == PLACE_INLET;

		if (now->reading.kind == MEASURE_TEMPERATURE && now_trusted(now) && air &&
		    now_room(scene, now) == room &&
		    (best == NULL || now->reading.milli > best->reading.milli))
			best = now;
	}
	return best;
}

static void head_add(struct text *out, const struct scene *scene, const char *kind,
    const char *name, uint8_t severity)
{
	markup(out, "<div class=\"pagehead\"><p class=\"crumb\">%s</p><h1>%s</h1>", kind, name);
	state_badge(out, scene, severity);
	markup(out, "</div>");
}

static void fact(struct text *out, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		markup(out, "<dt>%s</dt><dd>%s</dd>", name, value);
}

/* Findings whose subject or place is this one. */
static void about_add(struct text *out, struct scene *scene, const char *id)
{
	size_t n = 0;

	markup(out, "<article class=\"card\"><h2>%s</h2><ul class=\"about\">", T("Findings"));
	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];
		KS_DROP(text) struct text words = { 0 };

		if (strcmp(f->subject, id) != 0 && strcmp(f->place, id) != 0)
			continue;
		text_init(&words, 600);
		finding_say(&words, scene, f);
		markup(out, "<li>");
		finding_badge(out, scene, f);
		markup(out, " <a href=\"/incident/%llu\">%s</a></li>", (unsigned long long)f->id,
		    text_cstr(&words));
		n++;
	}
	markup(out, "</ul>");
	if (n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nothing is wrong."));
	markup(out, "</article>");
}

void room_want(struct scene *scene)
{
	want_main(scene, room_main(scene, room_find(scene)));
}

static bool in_room(const struct scene *scene, const struct status_now *now, const void *room)
{
	return now_room(scene, now) == room;
}

bool room_write(struct text *out, struct scene *scene)
{
	const struct room *room = room_find(scene);

	if (room == NULL)
		return false;
	head_add(out, scene, T("Room"), room->name != NULL ? room->name : room->id,
	    scene_severity_of(scene, SUBJECT_ROOM, room->id));
	part_chart(out, scene, room_main(scene, room));
	racks_readings(out, scene, room, in_room, room);
	about_add(out, scene, room->id);
	return true;
}

static bool in_rack(const struct scene *scene, const struct status_now *now, const void *rack)
{
	const struct site *site = scene->site;

	if (now->series.subject_kind == SUBJECT_SENSOR && now->series.subject < site->sensors_n)
		return site->sensors[now->series.subject].rack == rack;
	if (now->series.subject_kind == SUBJECT_HOST && now->series.subject < site->hosts_n)
		return site->hosts[now->series.subject].rack == rack;
	return false;
}

bool rack_write(struct text *out, struct scene *scene)
{
	const struct rack *rack = rack_find(scene);
	struct rack_picture *picture = rack != NULL ? rack_picture(scene, rack) : NULL;
	KS_DROP(drawing) struct drawing drawing = { 0 };

	if (picture == NULL)
		return false;
	head_add(out, scene, T("Rack"), picture->name, scene_severity_of(scene, SUBJECT_RACK, rack->id));
	drawing_init(&drawing, 3600, rack_height(rack->units));
	rack_draw(&drawing, picture);
	markup(out, "<div class=\"two\"><article class=\"card\"><div class=\"rack one\">");
	drawing_svg(out, &drawing, false);
	markup(out, "</div></article><div>");
	if (rack->room != NULL) {
		markup(out, "<article class=\"card\"><p>%s: ", T("Room"));
		link_add(out, "room", rack->room->id, rack->room->name != NULL ? rack->room->name :
		    rack->room->id);
		markup(out, "</p></article>");
	}
	readings_table(out, scene, in_rack, rack);
	about_add(out, scene, rack->id);
	markup(out, "</div></div>");
	return true;
}

static bool of_host(const struct scene *scene, const struct status_now *now, const void *host)
{
	const struct site *site = scene->site;

	if (now->series.subject_kind == SUBJECT_HOST)
		return now->series.subject < site->hosts_n && &site->hosts[now->series.subject] == host;
	return now->series.subject_kind == SUBJECT_SENSOR &&
	    now->series.subject < site->sensors_n &&
	    site->sensors[now->series.subject].host == host;
}

static void cords_add(struct text *out, const struct scene *scene, const struct host *host)
{
	if (host->cords_n > 0)
		markup(out, "<dt>%s</dt><dd>", T("Cords"));
	for (size_t i = 0; i < host->cords_n; i++) {
		const struct node *pdu = host->cords[i].pdu;

		markup(out, "%s", i > 0 ? ", " : "");
		link_add(out, "plan", pdu->id, pdu->name != NULL ? pdu->name : pdu->id);
		if (host->cords[i].outlet > 0)
			markup(out, ".%u", host->cords[i].outlet);
	}
	if (host->cords_n > 0)
		markup(out, "</dd>");
}

static void host_facts(struct text *out, struct scene *scene, const struct host *host)
{
	KS_DROP(text) struct text words;
	const struct grid_host *draw = scene->grid != NULL ?
	    &scene->grid->hosts[host - scene->site->hosts] : NULL;

	text_init(&words, 600);
	markup(out, "<article class=\"card\"><h2>%s</h2><dl>", T("What it is"));
	if (host->rack != NULL) {
		markup(out, "<dt>%s</dt><dd>", T("Rack"));
		link_add(out, "rack", host->rack->id, host->rack->name != NULL ? host->rack->name :
		    host->rack->id);
		markup(out, " U%u</dd>", host->u);
	}
	cords_add(out, scene, host);
	if (draw != NULL && draw->said != GRID_UNSAID) {
		say_value(&words, scene->lang, MEASURE_POWER, draw->mw);
		text_add(&words, draw->said == GRID_MEASURED ? T(" (measured)") :
		    draw->said == GRID_METERED ? T(" (a share of what is measured above it)") :
		    draw->said == GRID_DECLARED ? T(" (nameplate)") : T(" (site file)"));
	}
	fact(out, T("Power"), text_cstr(&words));
	fact(out, T("Service"), host->service == NULL ? NULL : host->service->name != NULL ?
	    host->service->name : host->service->id);
	fact(out, T("Address"), host->address);
	fact(out, T("Asked by"), host->address == NULL ? NULL : host->check != NULL ? host->check :
	    "ping");
	text_clear(&words);
	text_addf(&words, "%u", host->line);
	fact(out, T("Line of the site file"), text_cstr(&words));
	markup(out, "</dl></article>");
}

bool host_write(struct text *out, struct scene *scene)
{
	const struct host *host = host_find(scene);

	if (host == NULL)
		return false;
	head_add(out, scene, T("Host"), host->name != NULL ? host->name : host->id,
	    scene_severity_of(scene, SUBJECT_HOST, host->id));
	host_facts(out, scene, host);
	readings_table(out, scene, of_host, host);
	about_add(out, scene, host->id);
	return true;
}

void sensor_want(struct scene *scene)
{
	want_main(scene, scene_find(scene, scene->id, scene->kind_asked));
}

static void sensor_facts(struct text *out, const struct scene *scene,
    const struct status_now *now)
{
	KS_DROP(text) struct text words;
	int64_t critical, limit = now_limit(now, &critical);
	const struct room *room = now_room(scene, now);

	text_init(&words, 600);
	markup(out, "<article class=\"card\"><h2>%s</h2><dl>", T("What it rests on"));
	say_value(&words, scene->lang, (enum measure)now->series.kind, now->reading.milli);
	fact(out, T("Newest value"), now->reading.quality == QUALITY_ABSENT ? "-" : text_cstr(&words));
	text_clear(&words);
	say_duration(&words, scene->lang, scene->now_ms - now->reading.time_ms);
	fact(out, T("Age"), text_cstr(&words));
	fact(out, T("Trust"), now_trusted(now) ? T("believed") :
	    tr(scene->lang, doubt_sentence((enum doubt)now->reading.doubt)));
	text_clear(&words);
	if (limit != INT64_MAX)
		say_value(&words, scene->lang, (enum measure)now->series.kind, limit);
	if (critical != INT64_MAX && critical != limit) {
		text_add(&words, " / ");
		say_value(&words, scene->lang, (enum measure)now->series.kind, critical);
	}
	fact(out, T("Limits"), text_cstr(&words));
	fact(out, T("The device calls it"), now->series.label);
	fact(out, T("Read from"), now->series.source);
	if (room != NULL) {
		markup(out, "<dt>%s</dt><dd>", T("Room"));
		link_add(out, "room", room->id, room->name != NULL ? room->name : room->id);
		markup(out, "</dd>");
	}
	if (now->series.subject_kind == SUBJECT_SENSOR && now->series.subject < scene->site->sensors_n) {
		text_clear(&words);
		text_addf(&words, "%u", scene->site->sensors[now->series.subject].line);
		fact(out, T("Line of the site file"), text_cstr(&words));
		fact(out, T("Asked by"), scene->site->sensors[now->series.subject].via);
	}
	markup(out, "</dl></article>");
}

/* The last samples as numbers: what the line is made of. */
static void samples_add(struct text *out, struct scene *scene, const struct status_now *now)
{
	const struct want *want = scene_wanted(scene, now);

	if (want == NULL || want->points_n == 0)
		return;
	markup(out, "<article class=\"card\"><h2>%s<span class=\"note\">", T("Newest samples"));
	history_files(out, scene, now);
	markup(out, "</span></h2><table class=\"log\"><tbody>");
	for (size_t i = want->points_n, n = 0; i-- > 0 && n < 12; n++) {
		markup(out, "<tr><td>");
		clock_add(out, scene, want->points[i].time_ms);
		markup(out, "</td><td>");
		if (want->points[i].milli != INT64_MIN)
			value_add(out, scene, (enum measure)now->series.kind, want->points[i].milli);
		else
			markup(out, "%s", T("no value"));
		markup(out, "</td></tr>");
	}
	markup(out, "</tbody></table></article>");
}

static bool of_sensor(const struct scene *scene, const struct status_now *now, const void *like)
{
	const struct status_now *first = like;

	(void)scene;
	return now->series.subject_kind == first->series.subject_kind &&
	    now->series.subject == first->series.subject;
}

bool sensor_write(struct text *out, struct scene *scene)
{
	const struct status_now *now = scene_find(scene, scene->id, scene->kind_asked);

	if (now == NULL)
		now = scene_find(scene, scene->id, "");
	if (now == NULL)
		return false;
	uint8_t found = scene_severity_of(scene, (enum subject)now->series.subject_kind, now->series.id);
	uint8_t own = now_severity(now);

	head_add(out, scene, T("Sensor"), now_name(scene, now), found != SEVERITY_OK && own < found ? found : own);
	ranges_add(out, scene);
	scene->read_off = true;
	part_chart(out, scene, now);
	markup(out, "<div class=\"two\">");
	sensor_facts(out, scene, now);
	samples_add(out, scene, now);
	markup(out, "</div>");
	readings_table(out, scene, of_sensor, now);
	about_add(out, scene, now->series.id);
	return true;
}
