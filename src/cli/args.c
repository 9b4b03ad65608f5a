#include "cli/args.h"
#include "base/drop.h"
#include "base/must.h"
#include "cli/front.h"

static size_t rows_of(const struct command *command)
{
	size_t n = 0;

	while (command->options != NULL && command->options[n].name != NULL)
		n++;
	must(n <= ARGS_OPTIONS);
	return n;
}

const char *args_value(const struct args *args, const char *name)
{
	size_t n = rows_of(args->command), i = 0;

	while (i < n && strcmp(args->command->options[i].name, name) != 0)
		i++;
	must(i < n); /* an option that is not in the rows of its command */
	return args->values[i];
}

/* How many operands `takes` allows: "A [B] C..." is 2 to many. */
static void operands_of(const char *takes, size_t *ret_least, size_t *ret_most)
{
	struct span rest = span_text(takes != NULL ? takes : "");
	size_t least = 0, most = 0;

	while (rest.left > 0) {
		struct span word = span_until(&rest, ' ');

		if (word.left == 0)
			continue;
		least += word.at[0] != '[';
		most++;
		for (size_t i = 0; i + 3 <= word.left; i++)
			if (memcmp(word.at + i, "...", 3) == 0)
				most = ARGS_OPERANDS;
	}
	*ret_least = least;
	*ret_most = most < ARGS_OPERANDS ? most : ARGS_OPERANDS;
}

static bool wrong_option(const struct command *command, const char *typed, enum lang lang)
{
	const char *names[ARGS_OPTIONS + 4] = { "--help", "--lang", "--color", NULL };
	size_t n = rows_of(command);
	const char *near;
	char name[64] = "";

	for (size_t i = 0; i < n; i++)
		names[3 + i] = command->options[i].name;
	names[3 + n] = NULL;
	for (size_t i = 0; i < sizeof name - 1 && typed[i] != '\0' && typed[i] != '='; i++)
		name[i] = typed[i];
	near = near_word(name, names);
	if (near != NULL)
		cli_complain(lang, "%s: there is no option %s; did you mean %s?", command->name,
		    name, near);
	else
		cli_complain(lang, "%s: there is no option %s; `keisoku help %s` lists them",
		    command->name, name, command->name);
	return false;
}

/* One option at argv[*i]; its value may be the next word. */
static bool option_read(struct args *args, int argc, char **argv, int *i, enum lang lang)
{
	const struct option_row *rows = args->command->options;
	const char *typed = argv[*i], *equals = strchr(typed, '=');
	size_t length = equals != NULL ? (size_t)(equals - typed) : strlen(typed);
	size_t n = rows_of(args->command);

	for (size_t k = 0; k < n; k++) {
		if (strlen(rows[k].name) != length || strncmp(rows[k].name, typed, length) != 0)
			continue;
		if (rows[k].takes == NULL && equals != NULL) {
			cli_complain(lang, "%s: %s takes no value", args->command->name, rows[k].name);
			return false;
		}
		if (rows[k].takes == NULL) {
			args->values[k] = "";
		} else if (equals != NULL) {
			args->values[k] = equals + 1;
		} else if (*i + 1 < argc) {
			args->values[k] = argv[++*i];
		} else {
			cli_complain(lang, "%s: %s needs a value: %s %s", args->command->name,
			    rows[k].name, rows[k].name, rows[k].takes);
			return false;
		}
		if (args->given_n == ARGS_GIVEN) {
			cli_complain(lang, "%s: too many options", args->command->name);
			return false;
		}
		args->given_row[args->given_n] = (uint8_t)k;
		args->given[args->given_n++] = args->values[k];
		return true;
	}
	return wrong_option(args->command, typed, lang);
}

bool args_read(const struct command *command, int argc, char **argv, enum lang lang,
    struct args *ret_args)
{
	struct args args = { .command = command };
	size_t least, most;
	bool plain = false;

	operands_of(command->takes, &least, &most);
	for (int i = 1; i < argc; i++) {
		if (!plain && strcmp(argv[i], "--") == 0) {
			plain = true;
		} else if (!plain && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!option_read(&args, argc, argv, &i, lang))
				return false;
		} else if (args.operands_n < most) {
			args.operands[args.operands_n++] = argv[i];
		} else {
			cli_complain(lang, "%s: \"%s\" is one word too many; `keisoku help %s`",
			    command->name, argv[i], command->name);
			return false;
		}
	}
	if (args.operands_n < least) {
		cli_complain(lang, "%s: %s is missing; `keisoku help %s`", command->name,
		    command->takes, command->name);
		return false;
	}
	*ret_args = args;
	return true;
}

const char *args_each(const struct args *args, const char *name, size_t i)
{
	for (size_t k = 0; k < args->given_n; k++)
		if (strcmp(args->command->options[args->given_row[k]].name, name) == 0 && i-- == 0)
			return args->given[k];
	return NULL;
}

/* Edits (insert, delete, change, swap) between two words, at most LONG. */
enum { LONG = 32 };
static unsigned edits(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned row[3][LONG + 1];

	if (n > LONG || m > LONG)
		return LONG;
	for (unsigned j = 0; j <= m; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *older = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= m; j++) {
			unsigned best = last[j - 1] + (a[i - 1] != b[j - 1]);

			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    older[j - 2] + 1 < best)
				best = older[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *near_word(const char *typed, const char *const *words)
{
	const char *best = NULL;
	unsigned best_edits = LONG;
	size_t length = strlen(typed);

	for (; *words != NULL; words++) {
		unsigned e = edits(typed, *words);

		if (length >= 2 && strncmp(typed, *words, length) == 0)
			e = 0;
		if (e < best_edits && e <= 1 + length / 4) {
			best_edits = e;
			best = *words;
		}
	}
	return best;
}
