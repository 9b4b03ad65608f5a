/* src/cli/limits.c - `keisoku limits`: every maximum, and how often it was hit. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/ask.h"
#include "cli/front.h"
#include <jansson.h>

static const struct {
	const char *name;
	int64_t value;
	const char *says;
} limits[] = {
#define X(name, value, says) { #name, value, says },
	KS_LIMITS(X)
#undef X
};

/* "LIMIT_SITE_BYTES" -> "site_bytes" */
static void name_add(struct text *text, const char *name)
{
	for (name += strlen("LIMIT_"); *name != '\0'; name++)
		text_add_char(text, (char)(*name >= 'A' && *name <= 'Z' ? *name | 32 : *name));
}

/* How often the running daemon hit it: its findings KS-SELF-007 name the limit. */
static int64_t hits_of(const json_t *status, const char *name)
{
	KS_DROP(text) struct text word;
	const json_t *finding;
	size_t i;

	text_init(&word, 100);
	name_add(&word, name);
	json_array_foreach(json_object_get(status, "findings"), i, finding) {
		const char *id = json_string_value(json_object_get(finding, "id"));
		const char *said = json_string_value(json_object_get(finding, "word"));

		if (id != NULL && strcmp(id, "KS-SELF-007") == 0 && said != NULL &&
		    (strcmp(said, name) == 0 || strcmp(said, text_cstr(&word)) == 0))
			return json_integer_value(json_object_get(finding, "count"));
	}
	return 0;
}

static void row_add(struct text *text, enum lang lang, size_t i, const json_t *status)
{
	KS_DROP(text) struct text name;

	text_init(&name, 100);
	name_add(&name, limits[i].name);
	text_addf(text, "%-20s %12lld  ", text_cstr(&name), (long long)limits[i].value);
	if (status != NULL)
		text_addf(text, "%6lld  ", (long long)hits_of(status, limits[i].name));
	text_addf(text, "%s\n", tr(lang, limits[i].says));
}

static void json_row_add(struct text *text, size_t i, const json_t *status)
{
	text_add(text, i > 0 ? ",{\"name\":\"" : "{\"name\":\"");
	name_add(text, limits[i].name);
	text_addf(text, "\",\"value\":%lld,\"says\":\"%s\"", (long long)limits[i].value,
	    limits[i].says);
	if (status != NULL)
		text_addf(text, ",\"hit\":%lld", (long long)hits_of(status, limits[i].name));
	text_add_char(text, '}');
}

static int limits_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;
	json_t *status = NULL;
	bool json;

	if (!args_read(&command_limits, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	json = args_has(&args, "--json");
	text_init(&text, 1000000);
	if (ask_status(args_value(&args, "--state"), &status, NULL) != KS_OK)
		status = NULL;
	if (json)
		text_add(&text, "{\"schema\":\"keisoku.limits/1\",\"limits\":[");
	else if (status == NULL)
		text_addf(&text, "%s\n", tr(lang, N_("no daemon runs here: how often each was hit "
		    "is not known")));
	else
		text_addf(&text, "%s\n", tr(lang, N_("name, value, times hit lately, what it "
		    "bounds:")));
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (json)
			json_row_add(&text, i, status);
		else
			row_add(&text, lang, i, status);
	if (json)
		text_add(&text, "]}\n");
	json_decref(status);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const struct option_row limits_options[] = {
	{ "--json", NULL, N_("answer for machines (keisoku.limits/1)") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ NULL, NULL, NULL },
};
static const char *const limits_examples[] = { "keisoku limits", "keisoku limits --json", NULL };
const struct command command_limits = {
	.name = "limits", .says = N_("every maximum keisoku has, and how often it was reached"),
	.options = limits_options, .examples = limits_examples, .run = limits_run,
};
