/* src/cli/explain.c - `keisoku explain KS-HEAT-001`: what a finding means, what to do. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/front.h"
#include "site/finding.h"
#include "cli/wrap.h"
#include "sense/driver.h"
#include "site/keys.h"
#include "words/rules.h"

static void paragraph_add(struct text *text, const char *before, const char *says)
{
	KS_DROP(text) struct text whole;

	text_init(&whole, 8000);
	text_addf(&whole, "%s%s", before, says);
	text_add(text, "  ");
	wrap_add(text, text_span(&whole), 2, 2, WRAP_COLUMNS);
	text_add_char(text, '\n');
}

/* What via= may say: the drivers' own lines. */
static void vias_add(struct text *text, enum lang lang)
{
	for (size_t i = 0; drivers[i] != NULL; i++) {
		size_t used = 2 + strlen(drivers[i]->name);

		text_addf(text, "  %s", drivers[i]->name);
		do
			text_add_char(text, ' ');
		while (++used < 14);
		wrap_add(text, span_text(tr(lang, drivers[i]->says)), used, 14, WRAP_COLUMNS);
		text_add_char(text, '\n');
	}
}

/* The names that lines of the log bear and that are no findings. */
static const struct {
	const char *id, *means, *todo;
} logged[] = {
	{ "KS-KEEPER", N_("The process that starts the others says what it does: the site file, sockets, a stop."),
		N_("Nothing, unless the line says what was refused.") },
	{ "KS-ROLE", N_("One of keisoku's processes started, ended or was started again."),
		N_("If one ends again and again, please report it with the log.") },
	{ "KS-SENSE", N_("A device could not be asked, or answers again."),
		N_("Look at its power, cable and address; `keisoku sense ADDRESS` asks it once.") },
	{ "KS-STORE", N_("What was found in the store at the start, or what it could not write."),
		N_("`keisoku store check` looks through all of it.") },
	{ "KS-SECRET", N_("A file with a password or community that the site file names could not be read."),
		N_("Look at the file and its rights: it belongs to the user of keisoku, with mode 0600.") },
	{ "KS-ZONE", N_("The time zone that the site file names is not known to this machine; times are said in UTC."),
		N_("Correct tz= in the site file, or install tzdata.") },
};

static bool logged_add(struct text *text, enum lang lang, const char *id)
{
	bool found = false;

	for (size_t i = 0; i < sizeof logged / sizeof *logged; i++) {
		if (id != NULL && strcasecmp(id, logged[i].id) != 0)
			continue;
		text_addf(text, "%s\n", logged[i].id);
		paragraph_add(text, "", tr(lang, logged[i].means));
		paragraph_add(text, tr(lang, N_("What to do: ")), tr(lang, logged[i].todo));
		found = true;
	}
	return found;
}

static void one_add(struct text *text, enum lang lang, enum finding_code code)
{
	text_addf(text, "%s\n", finding_id(code));
	paragraph_add(text, "", rule_means(lang, code));
	paragraph_add(text, tr(lang, N_("What to do: ")), rule_todo(lang, code));
}

static const char *voice_say(void *lang, const char *msgid)
{
	return tr(*(const enum lang *)lang, msgid);
}

static void reference_vias_add(struct text *text, enum lang lang)
{
	text_addf(text, "\n%s\n", tr(lang, N_("via= of a sensor is one of:")));
	vias_add(text, lang);
}

static int explain_site(enum lang lang)
{
	const struct keys_voice voice = { .say = voice_say, .ctx = &lang };
	KS_DROP(text) struct text text;

	text_init(&text, 200000);
	keys_reference(&text, &voice);
	reference_vias_add(&text, lang);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

/* One kind's part of the reference: from its line to the next empty one. */
static bool kind_add(struct text *text, enum lang lang, const char *kind)
{
	const struct keys_voice voice = { .say = voice_say, .ctx = &lang };
	KS_DROP(text) struct text all, begin;
	const char *at, *end;

	text_init(&all, 200000);
	text_init(&begin, 100);
	text_add(&all, "\n\n");
	keys_reference(&all, &voice);
	text_addf(&begin, "\n\n%s ", kind);
	at = begin.full ? NULL : strstr(text_cstr(&all), text_cstr(&begin));
	if (at == NULL)
		return false;
	end = strstr(at + 2, "\n\n");
	text_add_span(text, span_of(at + 2, end != NULL ? (size_t)(end - at) - 1 : strlen(at + 2)));
	if (strcmp(kind, "sensor") == 0)
		reference_vias_add(text, lang);
	return true;
}

static int explain_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text = { 0 };
	struct args args;
	bool found = false;

	if (!args_read(&command_explain, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (args.operands_n > 0 && strcmp(args.operands[0], "site") == 0)
		return explain_site(lang);
	text_init(&text, 200000);
	if (args.operands_n > 0 && strcmp(args.operands[0], "via") == 0) {
		vias_add(&text, lang);
		return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
	}
	if (args.operands_n > 0 && kind_add(&text, lang, args.operands[0]))
		return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
	for (unsigned code = 0; code < FINDING_CODES; code++) {
		if (args.operands_n > 0 && strcasecmp(args.operands[0], finding_id(code)) != 0)
			continue;
		one_add(&text, lang, code);
		found = true;
	}
	found |= logged_add(&text, lang, args.operands_n > 0 ? args.operands[0] : NULL);
	if (!found) {
		cli_complain(lang, "there is no finding %s; `keisoku explain` lists them all",
		    args.operands[0]);
		return EXIT_UNKNOWN;
	}
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const explain_examples[] = { "keisoku explain KS-HEAT-004",
	"keisoku explain site", NULL };
const struct command command_explain = {
	.name = "explain", .takes = "[ID|site|KIND|via]",
	.says = N_("what a finding means and what to do; every key of the site file"),
	.examples = explain_examples, .run = explain_run,
};
