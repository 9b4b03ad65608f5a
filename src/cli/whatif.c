/* src/cli/whatif.c - `keisoku whatif SITE`: what happens if this is lost. */
#include "cli/whatif.h"
#include "base/drop.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/site_load.h"
#include "cli/talks.h"
#include <string.h>

enum { MEMORY = 1 << 30, NAME = 512 };

static struct site_errors errors;

void whatif_flush(struct whatif *whatif, bool end)
{
	if (!end && whatif->text.len < WHATIF_FLUSH)
		return;
	whatif->broken |= !cli_print(&whatif->text);
	text_clear(&whatif->text);
}

/* The next of "A,B,C"; false at the end. */
static bool next_id(struct span *list, char id[NAME])
{
	struct span item = span_trim(span_until(list, ','));

	if (item.left == 0 && list->left == 0)
		return false;
	(void)snprintf(id, NAME, "%.*s", (int)item.left, item.left > 0 ? (const char *)item.at : "");
	return true;
}

static bool lose_read(struct whatif *whatif, const char *words)
{
	struct span list = span_text(words);
	char id[NAME];

	while (next_id(&list, id)) {
		uint32_t at = 0;

		while (at < whatif->grid->nodes_n && strcmp(whatif->site->nodes[at].id, id) != 0)
			at++;
		if (at == whatif->grid->nodes_n) {
			cli_complain(whatif->lang, "there is no feed, UPS, panel, leg, breaker or PDU \"%s\" in this site", id);
			return false;
		}
		if (whatif->lost_n == WHATIF_LOST) {
			cli_complain(whatif->lang, "more than %d losses at once", WHATIF_LOST);
			return false;
		}
		whatif->lost[whatif->lost_n++] = at;
	}
	return true;
}

static bool off_read(struct whatif *whatif, const char *words)
{
	struct span list = span_text(words);
	char id[NAME];

	while (next_id(&list, id)) {
		uint32_t at = 0;

		while (at < whatif->grid->hosts_n && strcmp(whatif->site->hosts[at].id, id) != 0)
			at++;
		if (at == whatif->grid->hosts_n) {
			cli_complain(whatif->lang, "there is no host \"%s\" in this site", id);
			return false;
		}
		whatif->off_n += !whatif->off[at];
		whatif->off[at] = true;
		flow_draw(whatif->flow, at, 0, 0);
	}
	return true;
}

static bool whatif_model(struct whatif *whatif, const struct args *args, const struct grid_ask *ask)
{
	const char *room = args_value(args, "--lose-cooling");

	for (size_t i = 0; room != NULL && i < whatif->site->rooms_n; i++)
		if (strcmp(whatif->site->rooms[i].id, room) == 0)
			whatif->room = &whatif->site->rooms[i];
	if (grid_new(whatif->site, ask, &whatif->arena, &whatif->grid, NULL) != KS_OK)
		return false;
	if (whatif->site->sensors_n > 0)
		whatif->readings_n = whatif_seen(whatif, args_value(args, "--state"), &whatif->readings);
	return grid_measure(whatif->grid, whatif->readings, whatif->readings_n, &whatif->arena, NULL) == KS_OK &&
	    flow_new(whatif->grid, &whatif->arena, &whatif->flow, NULL) == KS_OK &&
	    loss_new(whatif->grid, &whatif->arena, &whatif->loss, NULL) == KS_OK &&
	    cascade_new(whatif->grid, &whatif->arena, &whatif->cascade, NULL) == KS_OK;
}

/* The site's electrical model, ready to be asked; false: stderr has been told. */
static bool whatif_load(struct whatif *whatif, const struct args *args)
{
	const char *path = args->operands[0];
	struct grid_ask ask = grid_as_is;
	struct site *site = NULL;
	struct why why;
	int code = site_load(path, &site, &errors, &why);

	if (code == KS_MALFORMED)
		cli_complain(whatif->lang, "%s has errors; keisoku check %s names them", path, path);
	else if (code != KS_OK)
		cli_complain_why(whatif->lang, &why);
	if (code != KS_OK)
		return false;
	whatif->site = site;
	arena_init(&whatif->arena, MEMORY);
	whatif->off = arena_array(&whatif->arena, site->hosts_n + 1, sizeof *whatif->off);
	if (whatif->off == NULL || !whatif_model(whatif, args, &ask)) {
		cli_complain(whatif->lang, "no memory left");
		return false;
	}
	return true;
}

static void answer_lose(struct whatif *whatif)
{
	flow_mark(whatif->flow);
	for (uint32_t i = 0; i < whatif->lost_n; i++)
		flow_lose(whatif->flow, whatif->lost[i]);
	if (whatif->json)
		whatif_json_loss(whatif, whatif->lost, whatif->lost_n);
	else
		whatif_say_loss(whatif, whatif->lost, whatif->lost_n);
	flow_undo(whatif->flow);
}

/* Each question that was asked, in this order; without one, what is left. */
static bool answer(struct whatif *whatif, const struct args *args)
{
	bool pairs = args_has(args, "--pairs"), every = args_has(args, "--every") && whatif->lost_n == 0;
	bool cooling = args_has(args, "--lose-cooling"), add = args_has(args, "--add"), good = true;

	whatif->one = whatif->lost_n > 0 || (whatif->off_n > 0 && !pairs && !every && !cooling && !add);
	if (whatif->json)
		whatif_json_begin(whatif);
	if (whatif->one)
		answer_lose(whatif);
	if (every)
		whatif_every(whatif);
	if (pairs)
		whatif_pairs(whatif);
	if (cooling)
		good = whatif_cooling(whatif, args_value(args, "--lose-cooling"));
	if (add && good)
		good = whatif_add(whatif, args->operands[0], args_value(args, "--add"));
	if (!whatif->one && !every && !pairs && !cooling && !add) {
		whatif_capacity(whatif);
		whatif_trends(whatif);
	}
	if (!good)
		return false;
	if (whatif->json)
		whatif_json_end(whatif);
	else {
		static struct talks talks;

		whatif_say_numbers(whatif);
		talks_find(whatif->state, whatif->site, &talks);
		talks_say(&whatif->text, whatif->lang, &talks);
	}
	whatif_flush(whatif, true);
	return true;
}

static void whatif_done(struct whatif *whatif)
{
	if (whatif->site == NULL)
		return;
	arena_done(&whatif->arena);
	site_free((struct site *)(uintptr_t)whatif->site);
}

static int whatif_run(int argc, char **argv, enum lang lang)
{
	struct whatif whatif = { .lang = lang };
	struct args args;
	int code = EXIT_UNKNOWN;

	if (!args_read(&command_whatif, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	whatif.json = args_has(&args, "--json");
	whatif.state = args_value(&args, "--state");
	whatif.follow = args_has(&args, "--cascade");
	text_init(&whatif.text, WHATIF_TEXT);
	if (whatif_load(&whatif, &args) &&
	    (!args_has(&args, "--off") || off_read(&whatif, args_value(&args, "--off"))) &&
	    (!args_has(&args, "--lose") || lose_read(&whatif, args_value(&args, "--lose")))) {
		code = !answer(&whatif, &args) ? EXIT_UNKNOWN : whatif.broken ? EXIT_BROKEN : EXIT_WELL;
	}
	text_done(&whatif.text);
	whatif_done(&whatif);
	return code;
}

static const struct option_row whatif_options[] = {
	{ "--lose", "ID[,ID]", N_("these pieces of the power path are lost at once") },
	{ "--every", NULL, N_("every single loss, one after another") },
	{ "--pairs", NULL, N_("every two losses at once, the worst first") },
	{ "--cascade", NULL, N_("with --json: what opens afterwards, and who is dark in the end") },
	{ "--lose-cooling", "ROOM", N_("the cooling of this room stops") },
	{ "--add", "WORDS", N_("does this host fit: 'RACK 2U 400W cords=A,B'") },
	{ "--off", "HOST[,HOST]", N_("as if these hosts were switched off") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ "--json", NULL, N_("answer for machines (keisoku.whatif/1)") },
	{ NULL, NULL, NULL },
};
static const char *const whatif_examples[] = { "keisoku whatif /etc/keisoku/site.conf --lose B1",
	"keisoku whatif site.conf --every --cascade --json", NULL };
const struct command command_whatif = {
	.name = "whatif", .takes = "SITE",
	.says = N_("say what happens when power, cooling or a host is lost or added"),
	.options = whatif_options, .examples = whatif_examples, .run = whatif_run,
};
