/* src/cli/whatif_add.c - `keisoku whatif SITE --add 'R1 2U 400W cords=A,B'`: the site is
 * read once more with that host in it, and both are compared. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/front.h"
#include "cli/site_load.h"
#include "cli/whatif.h"
#include "cli/whatif_cords.h"
#include "plan/capacity.h"
#include "plan/fit.h"
#include <string.h>

enum { WORDS = 1024, MEMORY = 1 << 30 };

static struct site_errors errors;

/* The words of --add: RACK, 2U, 400W in any order; key=value go as they are. */
struct wish {
	char rack[64], units[16], watts[32], cords[WORDS / 2], rest[WORDS];
};

/* "2U", "-5W": a number and that letter. */
static bool ends_with(struct span word, char unit)
{
	size_t sign = word.left > 0 && word.at[0] == '-';

	return word.left > sign + 1 && (word.at[word.left - 1] | 0x20) == unit && word.at[sign] >= '0' && word.at[sign] <= '9';
}

static void wish_read(const char *words, struct wish *wish)
{
	static const char cords[] = "cords=";
	struct span s = span_text(words);

	*wish = (struct wish){ .units = "1U" };
	while (s.left > 0) {
		struct span word = span_until(&s, ' ');
		bool pair = word.left > 0 && memchr(word.at, '=', word.left) != NULL;
		bool cord = pair && word.left > sizeof cords - 1 && memcmp(word.at, cords, sizeof cords - 1) == 0;

		if (cord)
			(void)snprintf(wish->cords, sizeof wish->cords, "%.*s", (int)(word.left - (sizeof cords - 1)),
			    (const char *)word.at + sizeof cords - 1);
		else if (pair)
			(void)snprintf(wish->rest + strlen(wish->rest), sizeof wish->rest - strlen(wish->rest), " %.*s",
			    (int)word.left, (const char *)word.at);
		else if (ends_with(word, 'u'))
			(void)snprintf(wish->units, sizeof wish->units, "%.*s", (int)word.left, (const char *)word.at);
		else if (ends_with(word, 'w'))
			(void)snprintf(wish->watts, sizeof wish->watts, "%.*s", (int)word.left, (const char *)word.at);
		else if (word.left > 0)
			(void)snprintf(wish->rack, sizeof wish->rack, "%.*s", (int)word.left, (const char *)word.at);
	}
}

static const struct rack *rack_find(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->racks_n; i++)
		if (strcmp(site->racks[i].id, id) == 0)
			return &site->racks[i];
	return NULL;
}

static bool height_read(const struct whatif *whatif, const struct wish *wish, const struct rack *rack,
    int64_t *ret_height)
{
	struct span units = span_text(wish->units);

	if (number_cut(&units, 0, ret_height) == KS_OK && *ret_height >= 1 && *ret_height <= rack->units)
		return true;
	cli_complain(whatif->lang, "--add: %s is no height for rack %s, which has %u U", wish->units, rack->id, rack->units);
	return false;
}

/* The line of the site file it would be; u 0: no U free. */
static bool wish_line(struct whatif *whatif, struct wish *wish, uint32_t *ret_u, char line[WORDS])
{
	const struct rack *rack = rack_find(whatif->site, wish->rack);
	int64_t height = 1;

	if (rack == NULL) {
		cli_complain(whatif->lang, "there is no rack \"%s\" in this site", wish->rack);
		return false;
	}
	if (wish->watts[0] == '\0' && strstr(wish->rest, " w=") == NULL) {
		cli_complain(whatif->lang, "--add: how many watts does it draw?  Say so: 'R1 2U 400W cords=A,B'");
		return false;
	}
	if (!height_read(whatif, wish, rack, &height))
		return false;
	*ret_u = capacity_place(whatif->site, rack, (uint32_t)height);
	add_cords(whatif, rack, wish->cords, sizeof wish->cords);
	int n = snprintf(line, WORDS, "\nhost what-if-added rack=%s h=%lldU%s%s%s%s%s", wish->rack, (long long)height,
	    wish->watts[0] != '\0' ? " w=" : "", wish->watts, wish->cords[0] != '\0' ? " cords=" : "", wish->cords,
	    wish->rest);

	if (*ret_u > 0 && n > 0 && n < WORDS)
		n += snprintf(line + n, (size_t)(WORDS - n), " u=%u", *ret_u);
	if (n < 0 || n >= WORDS) {
		cli_complain(whatif->lang, "--add is too long");
		return false;
	}
	return true;
}

static void reason_say(struct whatif *whatif, const struct fit_reason *reason)
{
	const struct site *site = whatif->site;
	KS_DROP(text) struct text now, limit;

	text_init(&now, 64);
	text_init(&limit, 64);
	text_add(&whatif->text, "    ");
	if (reason->node == GRID_NONE) {
		say_value(&now, whatif->lang, MEASURE_POWER, reason->load);
		say_value(&limit, whatif->lang, MEASURE_POWER, reason->limit);
		say(&whatif->text, whatif->lang, "the room's heat would be %s, its cooling takes %s", text_cstr(&now),
		    text_cstr(&limit));
	} else {
		say_value(&now, whatif->lang, MEASURE_APPARENT_POWER, number_scale(reason->load, 1, 1000));
		say_value(&limit, whatif->lang, MEASURE_APPARENT_POWER, number_scale(reason->limit, 1, 1000));
		if (reason->by == GRID_NONE)
			say(&whatif->text, whatif->lang, "%s would carry %s, it may carry %s", site->nodes[reason->node].id,
			    text_cstr(&now), text_cstr(&limit));
		else
			say(&whatif->text, whatif->lang, "%s would carry %s when %s is lost, it may carry %s",
			    site->nodes[reason->node].id, text_cstr(&now), site->nodes[reason->by].id, text_cstr(&limit));
	}
	text_add_char(&whatif->text, '\n');
}

static void fit_say(struct whatif *whatif, const struct fit *fit, const struct wish *wish, uint32_t u)
{
	struct text *text = &whatif->text;
	bool fits = u > 0 && fit->reasons_n == 0;

	say(text, whatif->lang, fits ? N_("It fits.") : N_("It does not fit."));
	text_add(text, "\n  ");
	if (u > 0)
		say(text, whatif->lang, "%s: U%u is free for it", wish->rack, u);
	else
		say(text, whatif->lang, "%s: there is no block of %s free", wish->rack, wish->units);
	text_add_char(text, '\n');
	text_add(text, "  ");
	if (wish->cords[0] == '\0')
		say(text, whatif->lang, "its power is not checked: nothing says what feeds rack %s (cords=)", wish->rack);
	else
		say(text, whatif->lang, "cords: %s", wish->cords);
	text_add_char(text, '\n');
	for (uint32_t i = 0; i < fit->reasons_n; i++)
		reason_say(whatif, &fit->reasons[i]);
	if (fit->reasons_all > fit->reasons_n) {
		text_add(text, "    ");
		say(text, whatif->lang, "and %u more", fit->reasons_all - fit->reasons_n);
		text_add_char(text, '\n');
	}
	if (fit->most_mw == INT64_MAX)
		return;
	KS_DROP(text) struct text most;

	text_init(&most, 64);
	say_value(&most, whatif->lang, MEASURE_POWER, fit->most_mw / 1000 * 1000);
	text_add(text, "  ");
	say(text, whatif->lang, "with these cords, %s at most fit, in health and after any single loss", text_cstr(&most));
	text_add_char(text, '\n');
}

static void fit_json(struct whatif *whatif, const struct fit *fit, const struct wish *wish, uint32_t u)
{
	struct text *text = &whatif->text;

	text_addf(text, ",\"add\":{\"fits\":%s,\"u\":%u,\"most_w\":", u > 0 && fit->reasons_n == 0 ? "true" : "false", u);
	if (fit->most_mw == INT64_MAX)
		text_add(text, "null");
	else
		text_add_milli(text, fit->most_mw);
	text_add(text, ",\"cords\":\"");
	text_add_json(text, span_text(wish->cords));
	text_addf(text, "\",\"reasons_all\":%u,\"reasons\":[", fit->reasons_all);
	for (uint32_t i = 0; i < fit->reasons_n; i++) {
		const struct fit_reason *reason = &fit->reasons[i];
		bool room = reason->node == GRID_NONE;

		text_addf(text, "%s{\"what\":\"", i > 0 ? "," : "");
		text_add_json(text, span_text(room ? "room" : whatif->site->nodes[reason->node].id));
		text_add(text, "\",\"when_lost\":");
		text_add(text, reason->by == GRID_NONE ? "null" : "\"");
		if (reason->by != GRID_NONE) {
			text_add_json(text, span_text(whatif->site->nodes[reason->by].id));
			text_add_char(text, '"');
		}
		text_addf(text, ",\"unit\":\"%s\",\"load\":", room ? "W" : "VA");
		text_add_milli(text, number_scale(reason->load, 1, room ? 1 : 1000));
		text_add(text, ",\"limit\":");
		text_add_milli(text, number_scale(reason->limit, 1, room ? 1 : 1000));
		text_add_char(text, '}');
	}
	text_add(text, "]}");
}

/* With the same readings; the added host draws nothing in them, so that no meter counts it among
 * those it saw, and then what it shall. */
static int added_flow(const struct whatif *whatif, const struct site *site, struct arena *arena, struct flow **ret_flow)
{
	struct grid_reading *readings = arena_array(arena, whatif->readings_n + 1, sizeof *readings);
	struct grid_ask ask = grid_as_is;
	struct grid *grid = NULL;
	uint32_t added = (uint32_t)site->hosts_n - 1;
	const struct host *line = &site->hosts[added];

	if (readings == NULL)
		return KS_FULL;
	for (size_t i = 0; i < whatif->readings_n; i++)
		readings[i] = whatif->readings[i];
	readings[whatif->readings_n] = (struct grid_reading){ .of = GRID_OF_HOST, .at = added, .kind = MEASURE_POWER };
	ask.readings = readings;
	ask.readings_n = whatif->readings_n + 1;
	int bad = grid_new(site, &ask, arena, &grid, NULL);

	if (bad == KS_OK)
		bad = flow_new(grid, arena, ret_flow, NULL);
	if (bad == KS_OK)
		flow_draw(*ret_flow, added, number_scale(line->mw, 1000000, line->pf_milli), line->mw);
	return bad;
}

/* The same site with the line: compared, and said. */
static bool compare(struct whatif *whatif, const struct site *site, const struct wish *wish, uint32_t u)
{
	KS_DROP(arena) struct arena arena;
	struct flow *flow = NULL;
	struct fit fit;

	arena_init(&arena, MEMORY);
	if (added_flow(whatif, site, &arena, &flow) != KS_OK) {
		cli_complain(whatif->lang, "no memory left");
		return false;
	}
	fit_try(whatif->flow, flow, &fit);
	if (whatif->json)
		fit_json(whatif, &fit, wish, u);
	else
		fit_say(whatif, &fit, wish, u);
	return true;
}

bool whatif_add(struct whatif *whatif, const char *path, const char *words)
{
	struct site *site = NULL;
	struct wish wish;
	struct why why;
	char line[WORDS];
	uint32_t u;

	wish_read(words, &wish);
	if (!wish_line(whatif, &wish, &u, line))
		return false;
	int code = site_load_more(path, line, &site, &errors, &why);

	if (code != KS_OK) {
		cli_complain_why(whatif->lang, code == KS_MALFORMED && errors.n > 0 ? &errors.list[0].why : &why);
		return false;
	}
	bool good = compare(whatif, site, &wish, u);

	site_free(site);
	return good;
}
