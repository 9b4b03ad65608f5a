/* src/page/view_senses.c - three cards: heat, power, wire.  A large number, a bar with
 * the limit on it, what it means, and the hours behind it. */
#include "base/drop.h"
#include "base/number.h"
#include "page/view.h"
#include <string.h>

void card_open(struct text *out, const struct scene *scene, enum sense sense,
    const char *name, uint8_t severity)
{
	markup(out, "<article class=\"card sense\"><h2><span class=\"glyph\" aria-hidden=\"true\">");
	if (sense == SENSE_HEAT)
		markup(out, "&#29105;</span><a href=\"/heat\">%s</a>", name);
	else if (sense == SENSE_POWER)
		markup(out, "&#38651;</span><a href=\"/power\">%s</a>", name);
	else
		markup(out, "&#32218;</span><a href=\"/wire\">%s</a>", name);
	state_badge(out, scene, severity);
	markup(out, "</h2>");
}

void bar_add(struct text *out, const struct bar *bar, const char *low, const char *limit,
    const char *high)
{
	KS_DROP(drawing) struct drawing drawing;

	drawing_init(&drawing, 2400, 140);
	bar_draw(&drawing, bar);
	drawing_svg(out, &drawing, false);
	markup(out, "<p class=\"ends\"><span>%s</span><span class=\"lim\">%s</span><span>%s</span></p>",
	    low, limit, high);
}

/* Does the site file name a thermometer of air? */
static bool air_named(const struct scene *scene)
{
	for (size_t i = 0; scene->site != NULL && i < scene->site->sensors_n; i++) {
		const struct sensor *sensor = &scene->site->sensors[i];

		if ((sensor->kind_given && sensor->kind == MEASURE_TEMPERATURE) ||
		    sensor->place == PLACE_INLET || sensor->place == PLACE_ROOM)
			return true;
	}
	return false;
}

static void heat_card(struct text *out, struct scene *scene)
{
	const struct status_now *now = scene_hottest(scene);
	uint8_t severity = scene_severity(scene, SENSE_HEAT);
	int64_t critical = INT64_MAX, limit;

	card_open(out, scene, SENSE_HEAT, T("Heat"), now == NULL ? SEVERITY_UNKNOWN : severity);
	if (now == NULL && air_named(scene)) {
		absent_add(out, T("No thermometer has given a value yet."),
		    T("The findings below say why; `keisoku heat --now SITE` asks each of them once."));
		markup(out, "</article>");
		return;
	}
	if (now == NULL) {
		absent_add(out, T("No air temperature is measured."),
		    T("A thermometer at the top of a rack's front is the first thing to have: via=hwmon, "
		    "w1, snmp, modbus or a command; place=inlet."));
		markup(out, "</article>");
		return;
	}
	limit = now_limit(now, &critical);
	const struct outlook *o = scene_outlook(scene, now_room(scene, now));
	KS_DROP(text) struct text value, rise, says, at, href;

	text_init(&value, 40);
	text_init(&rise, 100);
	text_init(&says, 300);
	text_init(&at, 60);
	text_init(&href, 400);
	text_addf(&value, "%lld.%lld", (long long)(now->reading.milli / 1000),
	    (long long)(llabs(now->reading.milli) % 1000 / 100));
	if (o != NULL && o->rise_mk_h != INT64_MIN) {
		text_add(&rise, o->rise_mk_h >= 50 ? "+" : "");
		text_add_milli(&rise, number_scale(o->rise_mk_h, 1, 100) * 100);
		text_add(&rise, " \xc2\xb0" "C/h");
	}
	series_href(&href, now);
	markup(out, "<p class=\"big\"><a href=\"%s\"><b>%s</b> \xc2\xb0" "C</a> <span class=\"%s\">%s</span></p>",
	    text_cstr(&href), text_cstr(&value), state_class(severity), text_cstr(&rise));
	if (limit != INT64_MAX)
		say_value(&at, scene->lang, MEASURE_TEMPERATURE, limit);
	bar_add(out, &(struct bar){ 15000, 45000, now->reading.milli, limit, state_class(severity) },
	    "15", text_cstr(&at), "45 \xc2\xb0" "C");
	markup(out, "<p class=\"says\">%s <a href=\"%s\"><b>%s</b></a>%s", now->series.place ==
	    PLACE_INLET ? T("Hottest inlet") : T("Hottest air"), text_cstr(&href),
	    now_name(scene, now), T(". "));
	if (limit != INT64_MAX && now->reading.milli <= limit) {
		KS_DROP(text) struct text margin;

		text_init(&margin, 60);
		text_add_milli(&margin, number_scale(limit - now->reading.milli, 1, 100) * 100);
		say(&says, scene->lang, "%s K below its limit.", text_cstr(&margin));
	} else if (limit != INT64_MAX) {
		text_add(&says, T("Its limit is passed."));
	}
	markup(out, "%s</p>", text_cstr(&says));
	spark_add(out, scene, now, "heat");
	markup(out, "</article>");
}

/* All that comes in: the sum over what is fed by nothing. */
static int64_t total_of(const struct scene *scene, int64_t *ret_limit, bool *ret_measured)
{
	int64_t sum = 0, limit = 0;

	*ret_measured = false;
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++) {
		const struct grid_node *node = &scene->grid->nodes[i];

		*ret_measured = *ret_measured || node->seen_uva >= 0;
		if (node->up != GRID_NONE)
			continue;
		sum += scene_load(scene, i);
		limit += node->limit_uva;
	}
	*ret_limit = limit;
	return sum;
}

static uint32_t fullest_of(const struct scene *scene, int64_t *ret_share)
{
	uint32_t best = GRID_NONE;

	*ret_share = -1;
	for (uint32_t i = 0; i < scene->grid->nodes_n; i++) {
		int64_t limit = scene->grid->nodes[i].limit_uva;
		int64_t share = limit > 0 ? number_scale(scene_full(scene, i), 1000, limit) : -1;

		if (share > *ret_share) {
			*ret_share = share;
			best = i;
		}
	}
	return best;
}

static const char *name_of(const struct scene *scene, uint32_t node)
{
	const struct node *at = &scene->site->nodes[node];

	return at->name != NULL ? at->name : at->id;
}

/* The worst single loss: what is overloaded when it happens. */
static struct single_loss worst_loss(const struct scene *scene)
{
	struct single_loss worst = { .over = GRID_NONE };

	for (uint32_t i = 0; i < scene->grid->nodes_n; i++)
		if (scene->worst[i].share_milli > worst.share_milli)
			worst = scene->worst[i];
	return worst;
}

static void power_says(struct text *out, struct scene *scene)
{
	int64_t share;
	uint32_t fullest = fullest_of(scene, &share);
	struct single_loss worst = worst_loss(scene);
	KS_DROP(text) struct text words, href;

	text_init(&words, 600);
	text_init(&href, 400);
	markup(out, "<p class=\"says\">");
	if (fullest != GRID_NONE) {
		node_href(&href, scene, fullest);
		say(&words, scene->lang, "Fullest: %s, %d %% of what it may carry all day.",
		    name_of(scene, fullest), (int)(share / 10));
		linked_add(out, text_cstr(&href), text_cstr(&words));
	}
	if (worst.over != GRID_NONE && worst.share_milli > 1000) {
		text_clear(&words);
		say(&words, scene->lang, "If %s fails, %s carries %d %%.", name_of(scene, worst.lost),
		    name_of(scene, worst.over), (int)(worst.share_milli / 10));
		markup(out, " ");
		link_add(out, "plan", scene->site->nodes[worst.lost].id, text_cstr(&words));
	}
	markup(out, "</p>");
}

static const struct status_now *power_series(const struct scene *scene)
{
	const struct status_now *best = NULL;

	for (size_t i = 0; i < scene->now_n; i++) {
		const struct status_now *now = &scene->now[i];

		if (!now_trusted(now) || (now->reading.kind != MEASURE_POWER &&
		    now->reading.kind != MEASURE_APPARENT_POWER))
			continue;
		if (best == NULL || now->reading.milli > best->reading.milli)
			best = now;
	}
	return best;
}

static void power_card(struct text *out, struct scene *scene)
{
	uint8_t severity = scene_severity(scene, SENSE_POWER);
	bool measured = false;
	int64_t limit = 0, total = scene->grid != NULL ? total_of(scene, &limit, &measured) : 0;
	KS_DROP(text) struct text value = { 0 }, of = { 0 }, high = { 0 };

	card_open(out, scene, SENSE_POWER, T("Power"), scene->grid == NULL ? SEVERITY_UNKNOWN :
	    severity);
	if (scene->grid == NULL) {
		absent_add(out, T("The site file has no power path."),
		    T("Lines feed, ups, breaker and pdu say where the power comes from; a sensor with on= "
		    "measures one of them."));
		markup(out, "</article>");
		return;
	}
	text_init(&value, 40);
	text_init(&of, 100);
	text_init(&high, 60);
	text_addf(&value, "%lld.%02lld", (long long)(total / 1000000000), (long long)(total / 10000000 % 100));
	if (limit > 0) {
		KS_DROP(text) struct text most;

		text_init(&most, 40);
		text_addf(&most, "%lld.%02lld", (long long)(limit / 1000000000),
		    (long long)(limit / 10000000 % 100));
		say(&of, scene->lang, "of %s kVA all day", text_cstr(&most));
		text_addf(&high, "%lld.%lld kVA", (long long)(limit * 5 / 4 / 1000000000),
		    (long long)(limit * 5 / 4 / 100000000 % 10));
	}
	markup(out, "<p class=\"big\"><a href=\"/power\"><b>%s</b> kVA</a> <span>%s</span></p>", text_cstr(&value),
	    text_cstr(&of));
	if (limit > 0)
		bar_add(out, &(struct bar){ 0, limit * 5 / 4, total, limit, state_class(severity) }, "0",
		    T("limit"), text_cstr(&high));
	power_says(out, scene);
	if (measured || power_series(scene) != NULL)
		spark_add(out, scene, power_series(scene), "power");
	else
		absent_add(out, T("Reckoned from the site file, not measured."),
		    T("A UPS or PDU that is asked (sensor with on=) measures it."));
	markup(out, "</article>");
}

void part_senses(struct text *out, struct scene *scene)
{
	markup(out, "<div id=\"senses\" class=\"three\">");
	heat_card(out, scene);
	power_card(out, scene);
	wire_card(out, scene);
	markup(out, "</div>");
}
