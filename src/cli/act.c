/* src/cli/act.c - `keisoku notify test`, `ack`, `silence`, `maintenance`: a wish to the
 * running daemon over its local socket; the same that the page's buttons ask. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/ask.h"
#include "cli/front.h"
#include "site/quantity.h"
#include <jansson.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BODY = 4096 };

static void member(struct text *body, const char *name, const char *value)
{
	text_addf(body, ",\"%s\":\"", name);
	text_add_json(body, span_text(value));
	text_add_char(body, '"');
}

/* Who asks: --who, or the name of this user. */
static void who_add(struct text *body, const struct args *args)
{
	const char *who = args_value(args, "--who");
	const struct passwd *user = who == NULL ? getpwuid(getuid()) : NULL;

	member(body, "who", who != NULL ? who : user != NULL ? user->pw_name : "somebody");
}

/* The daemon's answer, said. */
static int wish(const struct args *args, enum lang lang, const struct text *body,
    const char *done)
{
	KS_DROP(text) struct text answer, line;
	struct why why = { .fmt = NULL };

	text_init(&answer, BODY);
	text_init(&line, BODY);
	if (ask_post(args_value(args, "--state"), "/api/v1/acts", text_span(body), &answer, &why) !=
	    KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_UNKNOWN;
	}
	json_auto_t *json = json_loads(text_cstr(&answer), 0, NULL);
	const char *says = json_string_value(json_object_get(json, "says"));
	long long number = json_integer_value(json_object_get(json, "number"));

	if (!json_is_true(json_object_get(json, "done"))) {
		if (number > 0) /* the status of HTTP or SMTP */
			cli_complain(lang, "not done: %s (%lld)", says != NULL ? says : "?", number);
		else
			cli_complain(lang, "not done: %s", says != NULL ? says : "?");
		return EXIT_FOUND;
	}
	say(&line, lang, done, number);
	text_add_char(&line, '\n');
	return cli_print(&line) ? EXIT_WELL : EXIT_BROKEN;
}

static int notify_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text body = { 0 };
	struct args args;

	if (!args_read(&command_notify, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (strcmp(args.operands[0], "test") != 0) {
		cli_complain(lang, "keisoku notify %s: only `test NAME` is known", args.operands[0]);
		return EXIT_UNKNOWN;
	}
	text_init(&body, BODY);
	text_add(&body, "{\"act\":\"test\"");
	who_add(&body, &args);
	member(&body, "subject", args.operands[1]);
	text_add_char(&body, '}');
	return wish(&args, lang, &body, N_("delivered (the other side answered %lld)"));
}

static bool number_good(const char *word, enum lang lang)
{
	if (word[0] != '\0' && word[strspn(word, "0123456789")] == '\0' && strlen(word) < 18)
		return true;
	cli_complain(lang, "%s: not the number of a finding, as `keisoku status --json` has it", word);
	return false;
}

static int ack_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text body = { 0 };
	struct args args;

	if (!args_read(&command_ack, argc, argv, lang, &args) ||
	    !number_good(args.operands[0], lang))
		return EXIT_UNKNOWN;
	text_init(&body, BODY);
	text_addf(&body, "{\"act\":\"acknowledge\",\"number\":%s", args.operands[0]);
	who_add(&body, &args);
	if (args_has(&args, "--reason"))
		member(&body, "reason", args_value(&args, "--reason"));
	text_add_char(&body, '}');
	return wish(&args, lang, &body, N_("you have it; nobody else is told"));
}

/* --for 2h, --from and --to: instants, 2026-08-13T22:00Z or local time of this machine. */
static bool instant_take(const char *word, int64_t *ret_ms)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *rest = word != NULL ? strptime(word, "%Y-%m-%dT%H:%M", &tm) : NULL;

	if (rest == NULL || (rest[0] != '\0' && strcmp(rest, "Z") != 0))
		return false;
	*ret_ms = (rest[0] == 'Z' ? timegm(&tm) : mktime(&tm)) * 1000LL;
	return true;
}

static bool times_add(struct text *body, const struct args *args, enum lang lang)
{
	const char *for_ = args_value(args, "--for"), *from = args_value(args, "--from");
	const char *to = args_value(args, "--to");
	struct why why = { .fmt = NULL };
	int64_t ms = 0;

	if (from != NULL && !instant_take(from, &ms)) {
		cli_complain(lang, "%s: not a time such as 2026-08-13T22:00", from);
		return false;
	}
	if (from != NULL)
		text_addf(body, ",\"from_ms\":%lld", (long long)ms);
	if (to != NULL && !instant_take(to, &ms)) {
		cli_complain(lang, "%s: not a time such as 2026-08-13T22:00", to);
		return false;
	}
	if (to != NULL) {
		text_addf(body, ",\"to_ms\":%lld", (long long)ms);
		return true;
	}
	if (quantity_read(span_text(for_ != NULL ? for_ : "1h"), unit_own("s"), &ms,
		&why) != KS_OK) {
		cli_complain_why(lang, &why);
		return false;
	}
	text_addf(body, ",\"for_ms\":%lld", (long long)ms);
	return true;
}

/* "WHAT" of a silence may be a finding's number; "all" is everything. */
static int window_run(const struct command *command, const char *act, int argc, char **argv,
    enum lang lang)
{
	KS_DROP(text) struct text body = { 0 };
	struct args args;

	if (!args_read(command, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	const char *what = args.operands[0], *end = args_value(&args, "--end");
	bool number = what[strspn(what, "0123456789")] == '\0';

	text_init(&body, BODY);
	text_addf(&body, "{\"act\":\"%s\"", end != NULL ? "end" : act);
	who_add(&body, &args);
	if (number)
		text_addf(&body, ",\"number\":%.17s", what);
	else if (strcmp(what, "all") != 0)
		member(&body, "subject", what);
	if (args_has(&args, "--reason"))
		member(&body, "reason", args_value(&args, "--reason"));
	if (end == NULL && !times_add(&body, &args, lang))
		return EXIT_UNKNOWN;
	text_add_char(&body, '}');
	return wish(&args, lang, &body, end != NULL ? N_("ended")
		: N_("set as number %lld; --end with that number ends it earlier"));
}

static int silence_run(int argc, char **argv, enum lang lang)
{
	return window_run(&command_silence, "silence", argc, argv, lang);
}

static int maintenance_run(int argc, char **argv, enum lang lang)
{
	return window_run(&command_maintenance, "maintenance", argc, argv, lang);
}

#define WHO { "--who", "NAME", N_("whose name is put on record; this user when not given") }
#define STATE { "--state", "DIR", N_("folder of the store; /var/lib/keisoku when not given") }
static const struct option_row notify_options[] = { WHO, STATE, { NULL, NULL, NULL } };
static const struct option_row ack_options[] = { { "--reason", "TEXT", N_("why; people read it later") },
	WHO, STATE, { NULL, NULL, NULL } };
static const struct option_row window_options[] = {
	{ "--for", "TIME", N_("how long: 30min, 2h, 1d; an hour when nothing is given") },
	{ "--from", "TIME", N_("from 2026-08-13T22:00 (this machine's time, or Z); now when not given") },
	{ "--to", "TIME", N_("until") }, { "--reason", "TEXT", N_("why; people read it later") },
	{ "--end", NULL, N_("end the one of that number now") }, WHO, STATE, { NULL, NULL, NULL } };

static const char *const notify_examples[] = { "keisoku notify test chat",
	"keisoku notify test mail --state /var/lib/keisoku", NULL };
static const char *const ack_examples[] = { "keisoku ack 12", "keisoku ack 12 --reason \"on my way\"",
	NULL };
static const char *const silence_examples[] = {
	"keisoku silence 12 --for 2h --reason \"fan is ordered\"", "keisoku silence 30 --end", NULL };
static const char *const maintenance_examples[] = {
	"keisoku maintenance r1 --for 4h --reason \"new UPS\"",
	"keisoku maintenance all --from 2026-08-13T22:00 --to 2026-08-13T23:30 --reason \"power test\"",
	NULL };

const struct command command_notify = { .name = "notify", .takes = "test NAME",
	.says = N_("send a trial message through a channel of the site file"),
	.options = notify_options, .examples = notify_examples, .run = notify_run };
const struct command command_ack = { .name = "ack", .takes = "NUMBER",
	.says = N_("\"I have it\": nobody else is told of this incident"),
	.options = ack_options, .examples = ack_examples, .run = ack_run };
const struct command command_silence = { .name = "silence", .takes = "WHAT",
	.says = N_("say nothing of a finding (by its number) or of a thing (by its ID) for a while"),
	.options = window_options, .examples = silence_examples, .run = silence_run };
const struct command command_maintenance = { .name = "maintenance", .takes = "WHAT",
	.says = N_("a maintenance window, also afterwards: its alarms wake nobody"),
	.options = window_options, .examples = maintenance_examples, .run = maintenance_run };
