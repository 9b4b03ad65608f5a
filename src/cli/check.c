/* src/cli/check.c - `keisoku check SITE`: what is wrong with a site file, and where. */
#include "base/drop.h"
#include "base/number.h"
#include "base/utf8.h"
#include "cli/args.h"
#include "cli/check_look.h"
#include "cli/front.h"
#include "cli/site_load.h"
#include "cli/talks.h"
#include <string.h>

enum { ANSWER = 4 << 20 };

/* What a run needs; large, so one and static. */
static struct {
	struct site_errors errors;
	struct look look;
	struct talks talks;
} check;

/* "site.conf:12:8: sentence", the line, the caret, the suggestion. */
static void error_add(struct text *text, enum lang lang, const char *path,
    const struct site_error *error)
{
	struct span line = span_text(error->source), before = line, under;
	uint32_t c;

	for (uint32_t i = 1; i < error->source_column && before.left > 0; i++)
		(void)utf8_cut(&before, &c);
	under = before;
	text_addf(text, "%s:%u:%u: ", path, error->line, error->column);
	say_why(text, lang, &error->why);
	text_addf(text, "\n    %s\n    ", error->source);
	line.left -= before.left;
	for (size_t n = utf8_columns(line); n > 0; n--)
		text_add_char(text, ' ');
	text_add_char(text, '^');
	size_t columns = 0;

	for (uint32_t i = 0; i < error->width && under.left > 0; i++) {
		(void)utf8_cut(&under, &c);
		columns += utf8_columns_of(c);
	}
	for (; columns > 1; columns--)
		text_add_char(text, '~');
	text_add_char(text, '\n');
	if (error->suggestion[0] != '\0') {
		text_add(text, "    ");
		say(text, lang, "did you mean \"%s\"?", error->suggestion);
		text_add_char(text, '\n');
	}
}

static void errors_add(struct text *text, enum lang lang, const char *path)
{
	for (size_t i = 0; i < check.errors.n; i++)
		error_add(text, lang, path, &check.errors.list[i]);
	if (check.errors.more > 0) {
		say(text, lang, "errors not shown here: %zu", check.errors.more);
		text_add_char(text, '\n');
	}
	say(text, lang, "%s: nothing was loaded; errors: %zu", path,
	    check.errors.n + check.errors.more);
	text_add_char(text, '\n');
}

static void feed_add(struct text *text, enum lang lang, const struct site *site,
    const struct node *feed)
{
	int64_t limit = node_limit_mva(feed), mva = check.look.mva[feed - site->nodes];
	long long va = number_scale(mva, 1, 1000);
	long long watts = number_scale(check.look.mw[feed - site->nodes], 1, 1000);

	text_add(text, "  ");
	if (limit > 0)
		say(text, lang, "%s: %lld W, %lld VA of %lld VA (%d %%)", feed->id, watts, va,
		    (long long)number_scale(limit, 1, 1000), (int)number_scale(mva, 100, limit));
	else
		say(text, lang, "%s: %lld W, %lld VA", feed->id, watts, va);
	text_add_char(text, '\n');
}

static void summary_add(struct text *text, enum lang lang, const char *path,
    const struct site *site)
{
	size_t declared = 0;

	say(text, lang, "%s: rooms %zu, racks %zu, hosts %zu, services %zu, sensors %zu, devices %zu, wires %zu",
	    path, site->rooms_n, site->racks_n, site->hosts_n, site->services_n, site->sensors_n,
	    site->devices_n, site->wires_n);
	text_add_char(text, '\n');
	for (size_t i = 0; i < site->hosts_n; i++)
		declared += site->hosts[i].declared;
	for (size_t i = 0; i < site->nodes_n; i++)
		if (site->nodes[i].from == NULL)
			feed_add(text, lang, site, &site->nodes[i]);
	if (declared > 0) {
		say(text, lang, "  hosts whose watts are declared, not measured: %zu", declared);
		text_add_char(text, '\n');
	}
	for (size_t i = 0; i < check.look.n; i++) {
		text_addf(text, "%s:%u: ", path, check.look.list[i].line);
		say(text, lang, check.look.list[i].note ? N_("note: ") : N_("warning: "));
		say_why(text, lang, &check.look.list[i].why);
		text_add_char(text, '\n');
	}
	if (check.look.more > 0) {
		say(text, lang, "warnings not shown here: %zu", check.look.more);
		text_add_char(text, '\n');
	}
}

static void json_string(struct text *text, const char *key, const char *value)
{
	text_addf(text, "\"%s\":\"", key);
	text_add_json(text, span_text(value));
	text_add(text, "\"");
}

/* The sentence in both languages. */
static void json_words(struct text *text, const struct why *why)
{
	static const char *const keys[] = { [LANG_EN] = "words_en", [LANG_JA] = "words_ja" };

	for (enum lang lang = LANG_EN; lang < LANGS; lang++) {
		KS_DROP(text) struct text words;

		text_init(&words, 4096);
		say_why(&words, lang, why);
		text_add_char(text, ',');
		json_string(text, keys[lang], text_cstr(&words));
	}
}

static void json_errors(struct text *text)
{
	text_add(text, ",\"errors\":[");
	for (size_t i = 0; i < check.errors.n; i++) {
		const struct site_error *error = &check.errors.list[i];

		text_addf(text, "%s{\"line\":%u,\"column\":%u,\"width\":%u,", i > 0 ? "," : "",
		    error->line, error->column, error->width);
		json_string(text, "source", error->source);
		text_add_char(text, ',');
		json_string(text, "suggestion", error->suggestion);
		json_words(text, &error->why);
		text_add_char(text, '}');
	}
	text_addf(text, "],\"more_errors\":%zu", check.errors.more);
}

static void json_site(struct text *text, const struct site *site)
{
	bool first = true;

	text_addf(text, ",\"counts\":{\"rooms\":%zu,\"racks\":%zu,\"nodes\":%zu,\"hosts\":%zu,"
	    "\"services\":%zu,\"sensors\":%zu,\"devices\":%zu,\"coolings\":%zu,\"calendars\":%zu}",
	    site->rooms_n, site->racks_n, site->nodes_n, site->hosts_n, site->services_n,
	    site->sensors_n, site->devices_n, site->coolings_n, site->calendars_n);
	text_add(text, ",\"feeds\":[");
	for (size_t i = 0; i < site->nodes_n; i++) {
		const struct node *node = &site->nodes[i];

		if (node->from != NULL)
			continue;
		text_add(text, first ? "{" : ",{");
		json_string(text, "id", node->id);
		text_add(text, ",\"w\":");
		text_add_milli(text, check.look.mw[i]);
		text_add(text, ",\"va\":");
		text_add_milli(text, check.look.mva[i]);
		text_add(text, ",\"limit_va\":");
		text_add_milli(text, node_limit_mva(node));
		text_add_char(text, '}');
		first = false;
	}
	text_add(text, "],\"warnings\":[");
	for (size_t i = 0; i < check.look.n; i++) {
		text_addf(text, "%s{\"line\":%u,\"note\":%s", i > 0 ? "," : "", check.look.list[i].line,
		    check.look.list[i].note ? "true" : "false");
		json_words(text, &check.look.list[i].why);
		text_add_char(text, '}');
	}
	text_addf(text, "],\"more_warnings\":%zu", check.look.more);
}

/* KS_OK with a site, or without one and errors; what else could not be read. */
static int check_file(struct text *text, enum lang lang, const struct args *args)
{
	const char *path = args->operands[0];
	bool json = args_has(args, "--json");
	struct site *site = NULL;
	struct why why;
	int code = site_load(path, &site, &check.errors, &why);
	bool good = code == KS_OK;

	if (code != KS_OK && code != KS_MALFORMED) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	if (good && !look_over(site, &check.look)) {
		look_done(&check.look);
		site_free(site);
		cli_complain(lang, "no memory left");
		return EXIT_BROKEN;
	}
	if (good)
		talks_find(args_value(args, "--state"), site, &check.talks);
	if (json) {
		text_add(text, "{\"schema\":\"keisoku.check/1\",");
		json_string(text, "file", path);
		text_addf(text, ",\"good\":%s", good ? "true" : "false");
		json_errors(text);
		if (good)
			json_site(text, site);
		if (good)
			talks_json(text, &check.talks);
		text_add(text, "}\n");
	} else if (good) {
		summary_add(text, lang, path, site);
		talks_say(text, lang, &check.talks);
	} else {
		errors_add(text, lang, path);
	}
	code = !good ? EXIT_CRITICAL : check.look.warnings > 0 ? EXIT_FOUND : EXIT_WELL;
	if (good)
		look_done(&check.look);
	site_free(site);
	return code;
}

static int check_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;
	int code;

	if (!args_read(&command_check, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	text_init(&text, ANSWER);
	code = check_file(&text, lang, &args);
	return cli_print(&text) ? code : EXIT_BROKEN;
}

static const struct option_row check_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.check/1)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const check_examples[] = { "keisoku check /etc/keisoku/site.conf",
	"keisoku check --json site.conf", NULL };
const struct command command_check = {
	.name = "check", .takes = "SITE",
	.says = N_("read a site file and say what is wrong with it, and where"),
	.options = check_options, .examples = check_examples, .run = check_run,
};
