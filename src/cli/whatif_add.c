/* src/cli/whatif_add.c - `keisoku whatif SITE --add 'R1 2U 400W cords=A,B'`: the site is
 * read once more with that host in it, and both are compared. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/front.h"
#include "cli/site_load.h"
#include "cli/whatif.h"
#include "plan/capacity.h"
#include "plan/fit.h"
#include <string.h>

enum { WORDS = 1024, MEMORY = 1 << 30 };

static struct site_errors errors;

/* The words of --add: RACK, 2U, 400W in any order; key=value go as they are. */
struct wish {
	char rack[64], units[16], watts[32], rest[WORDS];
};

static bool ends_with(struct span word, char unit)
{
	return word.left > 1 && (word.at[word.left - 1] | 0x20) == unit && word.at[0] >= '0' && word.at[0] <= '9';
}

static void wish_read(const char *words, struct wish *wish)
{
	struct span s = span_text(words);

	*wish = (struct wish){ .units = "1U" };
	while (s.left > 0) {
		struct span word = span_until(&s, ' ');
		bool pair = word.left > 0 && memchr(word.at, '=', word.left) != NULL;
		char *to = pair ? wish->rest + strlen(wish->rest) : ends_with(word, 'u') ? wish->units :
		    ends_with(word, 'w') ? wish->watts : wish->rack;
		size_t room = pair ? sizeof wish->rest - strlen(wish->rest) : to == wish->units ? sizeof wish->units :
		    to == wish->watts ? sizeof wish->watts : sizeof wish->rack;

		if (word.left > 0)
			(void)snprintf(to, room, "%s%.*s", pair ? " " : "", (int)word.left, (const char *)word.at);
	}
}

static const struct rack *rack_find(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->racks_n; i++)
		if (strcmp(site->racks[i].id, id) == 0)
			return &site->racks[i];
	return NULL;
}

/* The line of the site file it would be; u 0: no U free. */
static bool wish_line(struct whatif *whatif, const struct wish *wish, uint32_t *ret_u, char line[WORDS])
{
	const struct rack *rack = rack_find(whatif->site, wish->rack);
	int64_t height = 1;
	struct span units = span_text(wish->units);

	if (rack == NULL) {
		cli_complain(whatif->lang, "there is no rack \"%s\" in this site", wish->rack);
		return false;
	}
	if (number_cut(&units, 0, &height) != KS_OK || height < 1 || height > 100)
		height = 1;
	*ret_u = capacity_place(whatif->site, rack, (uint32_t)height);
	int n = snprintf(line, WORDS, "\nhost what-if-added rack=%s h=%lldU%s%s%s", wish->rack, (long long)height,
	    wish->watts[0] != '\0' ? " w=" : "", wish->watts, wish->rest);

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

static void fit_json(struct whatif *whatif, const struct fit *fit, uint32_t u)
{
	struct text *text = &whatif->text;

	text_addf(text, ",\"add\":{\"fits\":%s,\"u\":%u,\"most_w\":", u > 0 && fit->reasons_n == 0 ? "true" : "false", u);
	if (fit->most_mw == INT64_MAX)
		text_add(text, "null");
	else
		text_add_milli(text, fit->most_mw);
	text_addf(text, ",\"reasons_all\":%u,\"reasons\":[", fit->reasons_all);
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

/* The same site with the line: compared, and said. */
static bool compare(struct whatif *whatif, const struct site *site, const struct wish *wish, uint32_t u)
{
	KS_DROP(arena) struct arena arena;
	struct grid *grid = NULL;
	struct flow *flow = NULL;
	struct fit fit;

	arena_init(&arena, MEMORY);
	if (grid_new(site, &grid_as_is, &arena, &grid, NULL) != KS_OK ||
	    flow_new(grid, &arena, &flow, NULL) != KS_OK) {
		cli_complain(whatif->lang, "no memory left");
		return false;
	}
	fit_try(whatif->flow, flow, &fit);
	if (whatif->json)
		fit_json(whatif, &fit, u);
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
