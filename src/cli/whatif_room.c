/* src/cli/whatif_room.c - `keisoku whatif SITE --lose-cooling ROOM`. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/front.h"
#include "cli/whatif.h"
#include "plan/cooling.h"
#include <math.h>
#include <string.h>

/* By the room's make; what it has done before bounds how long it may take. */
static struct cooling_until until_of(const struct whatif *whatif, uint32_t room, int64_t limit,
    const struct whatif_rise *rise)
{
	struct cooling_until until = cooling_lost(whatif->flow, room, limit);
	double seen_s = rise->known ? fmax(0, (double)(limit - whatif->grid->rooms[room].from_milli)) * 3600 / (double)rise->milli_h
					 : INFINITY;

	until.latest_s = fmin(until.latest_s, seen_s);
	until.likely_s = fmin(until.likely_s, seen_s);
	until.soonest_s = fmin(until.soonest_s, seen_s);
	return until;
}

static void limit_json(struct whatif *whatif, uint32_t room, int64_t limit, const struct whatif_rise *rise)
{
	static const char *const keys[] = { "soonest_s", "likely_s", "latest_s" };
	struct cooling_until until = until_of(whatif, room, limit, rise);
	const double s[] = { until.soonest_s, until.likely_s, until.latest_s };

	text_add(&whatif->text, "{\"limit_c\":");
	text_add_milli(&whatif->text, limit);
	for (int i = 0; i < 3; i++) {
		text_addf(&whatif->text, ",\"%s\":", keys[i]);
		if (until.comes)
			text_add_milli(&whatif->text, llround(s[i] * 1000));
		else
			text_add(&whatif->text, "null");
	}
	text_add_char(&whatif->text, '}');
}

static void room_json(struct whatif *whatif, uint32_t room, const struct whatif_rise *rise)
{
	struct text *text = &whatif->text;
	const struct room *line = &whatif->site->rooms[room];

	text_add(text, ",\"cooling\":{\"room\":\"");
	text_add_json(text, span_text(line->id));
	text_add(text, "\",\"heat_w\":");
	text_add_milli(text, whatif->flow->room_mw[room]);
	text_add(text, ",\"volume_m3\":");
	text_add_milli(text, number_scale(line->volume_ml, 1, 1000));
	text_add(text, ",\"from_c\":");
	text_add_milli(text, whatif->grid->rooms[room].from_milli);
	text_addf(text, ",\"from_measured\":%s,\"limits\":[", whatif->grid->rooms[room].measured ? "true" : "false");
	limit_json(whatif, room, line->temperature.high_warning, rise);
	text_add_char(text, ',');
	limit_json(whatif, room, line->temperature.high_critical, rise);
	text_add(text, "],\"seen_k_per_h\":");
	if (rise->known)
		text_add_milli(text, rise->milli_h);
	else
		text_add(text, "null");
	text_add_char(text, '}');
}

static void limit_say(struct whatif *whatif, uint32_t room, int64_t limit, const struct whatif_rise *rise)
{
	KS_DROP(text) struct text degrees, soonest, likely, latest;
	struct cooling_until until = until_of(whatif, room, limit, rise);

	text_init(&degrees, 64);
	text_init(&soonest, 64);
	text_init(&likely, 64);
	text_init(&latest, 64);
	say_value(&degrees, whatif->lang, MEASURE_TEMPERATURE, limit);
	text_add(&whatif->text, "  ");
	if (whatif->grid->rooms[room].from_milli >= limit) {
		say(&whatif->text, whatif->lang, "%s is passed already", text_cstr(&degrees));
	} else if (!until.comes) {
		say(&whatif->text, whatif->lang, "it does not reach %s", text_cstr(&degrees));
	} else {
		say_duration(&soonest, whatif->lang, llround(until.soonest_s * 1000));
		say_duration(&likely, whatif->lang, llround(until.likely_s * 1000));
		say_duration(&latest, whatif->lang, llround(until.latest_s * 1000));
		say(&whatif->text, whatif->lang, "%s after about %s (%s at the soonest, %s at the latest)",
		    text_cstr(&degrees), text_cstr(&likely), text_cstr(&soonest), text_cstr(&latest));
	}
	text_add_char(&whatif->text, '\n');
}

static void room_say(struct whatif *whatif, uint32_t room, const struct whatif_rise *rise)
{
	const struct room *line = &whatif->site->rooms[room];
	KS_DROP(text) struct text heat, from;

	text_init(&heat, 64);
	text_init(&from, 64);
	say_value(&heat, whatif->lang, MEASURE_POWER, whatif->flow->room_mw[room]);
	say_value(&from, whatif->lang, MEASURE_TEMPERATURE, whatif->grid->rooms[room].from_milli);
	say(&whatif->text, whatif->lang, whatif->grid->rooms[room].measured ?
	    N_("When the cooling of %s is lost, with %s of heat in it, from %s measured:") :
	    N_("When the cooling of %s is lost, with %s of heat in it, from %s (assumed):"),
	    line->id, text_cstr(&heat), text_cstr(&from));
	text_add_char(&whatif->text, '\n');
	limit_say(whatif, room, line->temperature.high_warning, rise);
	limit_say(whatif, room, line->temperature.high_critical, rise);
	if (rise->known) {
		KS_DROP(text) struct text ago;

		text_init(&ago, 64);
		say_duration(&ago, whatif->lang, rise->ago_ms);
		text_add(&whatif->text, "  ");
		say(&whatif->text, whatif->lang, "it has warmed by %.1f K in an hour before (%s ago)", (double)rise->milli_h / 1000,
		    text_cstr(&ago));
		text_add_char(&whatif->text, '\n');
	}
	if (line->volume_ml == 0) {
		text_add(&whatif->text, "  ");
		say(&whatif->text, whatif->lang, "the room's air is not known (volume=); 18 m3 a rack is assumed");
		text_add_char(&whatif->text, '\n');
	}
}

bool whatif_cooling(struct whatif *whatif, const char *id)
{
	uint32_t room = 0;

	while (room < whatif->grid->rooms_n && strcmp(whatif->site->rooms[room].id, id) != 0)
		room++;
	if (room == whatif->grid->rooms_n) {
		cli_complain(whatif->lang, "there is no room \"%s\" in this site", id);
		return false;
	}
	struct whatif_rise rise = whatif_past(whatif);

	if (whatif->json)
		room_json(whatif, room, &rise);
	else
		room_say(whatif, room, &rise);
	return true;
}
