/* src/cli/user.c - `keisoku user`: who may log in to the page, and its API clients.  The
 * file is replaced whole; a daemon that runs takes it within a second. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/user_file.h"
#include "page/users.h"
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct asked {
	struct args args;
	enum lang lang;
	const char *path, *name;
	struct users users;
};

/* One line, without its end; typed without being seen. */
static bool line_read(enum lang lang, const char *prompt, char *room, size_t size)
{
	struct termios was, dark;
	bool typed = tcgetattr(STDIN_FILENO, &was) == 0;

	if (typed) {
		dark = was;
		dark.c_lflag &= ~(tcflag_t)ECHO;
		(void)fprintf(stderr, "%s: ", tr(lang, prompt));
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &dark);
	}
	bool got = fgets(room, (int)size, stdin) != NULL;

	if (typed) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
		(void)fputc('\n', stderr);
	}
	size_t n = got ? strlen(room) : 0;

	got = got && n > 0 && room[n - 1] == '\n';
	if (got)
		room[n - 1] = '\0';
	return got;
}

static bool password_ask(const struct asked *asked, char *room, size_t size)
{
	char again[PASSWORD_MOST + 2];
	bool good = line_read(asked->lang, N_("new password (10 letters or more; a sentence is good)"),
	    room, size);

	if (!good || strlen(room) < PASSWORD_LEAST || strlen(room) > PASSWORD_MOST) {
		cli_complain(asked->lang, "a password has %d to %d bytes, on one line", PASSWORD_LEAST,
		    PASSWORD_MOST);
		return false;
	}
	if (strstr(room, asked->name) != NULL || strspn(room, "0123456789") == strlen(room) ||
	    strspn(room, (char[]){ room[0], '\0' }) == strlen(room)) {
		cli_complain(asked->lang, "too easy: the name itself, figures alone, or one letter again "
		    "and again");
		return false;
	}
	if (!isatty(STDIN_FILENO))
		return true;
	good = line_read(asked->lang, N_("once more"), again, sizeof again) && strcmp(again, room) == 0;
	sodium_memzero(again, sizeof again);
	if (!good)
		cli_complain(asked->lang, "the two are not the same; nothing was changed");
	return good;
}

static bool password_set(const struct asked *asked, struct user *user)
{
	char word[PASSWORD_MOST + 2];
	bool good = password_ask(asked, word, sizeof word);

	if (good && crypto_pwhash_str(user->password, word, strlen(word), PASSWORD_PASSES,
	    (size_t)PASSWORD_MIB * 1024 * 1024) != 0) {
		cli_complain(asked->lang, "no memory left");
		good = false;
	}
	sodium_memzero(word, sizeof word);
	return good;
}

/* --role, --lang, --theme, where they are given. */
static bool options_take(const struct asked *asked, struct user *user)
{
	const char *role = args_value(&asked->args, "--role");
	const char *lang = args_value(&asked->args, "--lang-of");
	const char *theme = args_value(&asked->args, "--theme");

	if (role != NULL && !page_role_find(span_text(role), &user->role)) {
		cli_complain(asked->lang, "--role %s: one of viewer, operator, approver", role);
		return false;
	}
	if (lang != NULL && strcmp(lang, "ja") != 0 && strcmp(lang, "en") != 0) {
		cli_complain(asked->lang, "--lang-of %s: one of ja, en", lang);
		return false;
	}
	if (lang != NULL)
		user->lang = lang[0] == 'j' ? LANG_JA : LANG_EN;
	if (theme != NULL && strcmp(theme, "dark") != 0 && strcmp(theme, "light") != 0 &&
	    strcmp(theme, "auto") != 0) {
		cli_complain(asked->lang, "--theme %s: one of light, dark, auto", theme);
		return false;
	}
	if (theme != NULL)
		(void)snprintf(user->theme, sizeof user->theme, "%s",
		    theme[0] == 'a' ? "" : theme[0] == 'd' ? "dark" : "light");
	return true;
}

static struct user *any_find(struct asked *asked)
{
	struct user *user = users_find(&asked->users, asked->name, false);

	return user != NULL ? user : users_find(&asked->users, asked->name, true);
}

static int save(struct asked *asked, const char *done)
{
	struct why why = { .fmt = NULL };
	KS_DROP(text) struct text text = { 0 };

	if (user_file_write(asked->path, &asked->users, &why) != KS_OK) {
		cli_complain_why(asked->lang, &why);
		return EXIT_BROKEN;
	}
	text_init(&text, 1024);
	say(&text, asked->lang, done, asked->name, asked->path);
	text_add_char(&text, '\n');
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

/* A new place of that name; NULL: said why not. */
static struct user *user_new(struct asked *asked)
{
	struct user *user;

	if (!user_name_good(asked->name)) {
		cli_complain(asked->lang, "%s: a name has no blanks, quotes, # or =, and at most %d bytes",
		    asked->name, USER_NAME - 1);
		return NULL;
	}
	if (any_find(asked) != NULL) {
		cli_complain(asked->lang, "%s is there already; to change it: keisoku user set %s, keisoku "
		    "user password %s", asked->name, asked->name, asked->name);
		return NULL;
	}
	user = users_add(&asked->users);
	if (user == NULL) {
		cli_complain(asked->lang, "there are %d users and tokens; no more fit", (int)LIMIT_USERS);
		return NULL;
	}
	user->role = PAGE_VIEWER;
	(void)snprintf(user->name, sizeof user->name, "%s", asked->name);
	return options_take(asked, user) ? user : NULL;
}

static int add_run(struct asked *asked)
{
	struct user *user = user_new(asked);

	if (user == NULL || !password_set(asked, user))
		return EXIT_UNKNOWN;
	return save(asked, N_("%s may log in now (%s)"));
}

static int set_run(struct asked *asked)
{
	struct user *user = any_find(asked);

	if (!options_take(asked, user))
		return EXIT_UNKNOWN;
	return save(asked, N_("%s was changed (%s)"));
}

static int password_run(struct asked *asked)
{
	struct user *user = users_find(&asked->users, asked->name, false);

	if (user == NULL) {
		cli_complain(asked->lang, "%s is a token and has no password; remove it and make a new one",
		    asked->name);
		return EXIT_UNKNOWN;
	}
	if (!password_set(asked, user))
		return EXIT_UNKNOWN;
	return save(asked, N_("the password of %s was changed, and it is logged out everywhere (%s)"));
}

static int remove_run(struct asked *asked)
{
	users_remove(&asked->users, any_find(asked));
	return save(asked, N_("%s may not log in any more (%s)"));
}

/* Shown once: only its hash is kept. */
static int token_run(struct asked *asked)
{
	uint8_t random[TOKEN_BYTES];
	char word[2 * TOKEN_BYTES];
	struct why why = { .fmt = NULL };
	KS_DROP(text) struct text text = { 0 };
	struct user *user = user_new(asked);

	if (user == NULL)
		return EXIT_UNKNOWN;
	randombytes_buf(random, sizeof random);
	(void)sodium_bin2base64(word, sizeof word, random, sizeof random,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	(void)crypto_generichash(user->token, TOKEN_BYTES, (const uint8_t *)word, strlen(word), NULL, 0);
	if (user_file_write(asked->path, &asked->users, &why) != KS_OK) {
		cli_complain_why(asked->lang, &why);
		return EXIT_BROKEN;
	}
	cli_complain(asked->lang, "the token of %s follows; it is shown this once. A client sends it as: "
	    "Authorization: Bearer TOKEN", asked->name);
	text_init(&text, 200);
	text_addf(&text, "%s\n", word);
	sodium_memzero(word, sizeof word);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static int list_run(struct asked *asked)
{
	bool json = args_has(&asked->args, "--json");
	KS_DROP(text) struct text text;

	text_init(&text, 65536);
	if (json)
		text_add(&text, "{\"schema\":\"keisoku.users/1\",\"users\":[");
	for (size_t i = 0; i < asked->users.n; i++) {
		const struct user *user = &asked->users.list[i];
		const char *kind = user->password[0] == '\0' ? "token" : "user";
		const char *lang = user->lang == LANGS ? "" : user->lang == LANG_JA ? "ja" : "en";

		if (json) {
			text_add(&text, i > 0 ? ",{\"name\":\"" : "{\"name\":\"");
			text_add_json(&text, span_text(user->name));
			text_addf(&text, "\",\"kind\":\"%s\",\"role\":\"%s\",\"lang\":\"%s\",\"theme\":\"%s\"}",
			    kind, page_role_word(user->role), lang, user->theme);
		} else {
			text_addf(&text, "%-5s  %-8s  %s  %s %s\n", kind, page_role_word(user->role), user->name,
			    lang, user->theme);
		}
	}
	if (json)
		text_add(&text, "]}\n");
	else if (asked->users.n == 0)
		cli_complain(asked->lang, "%s: nobody may log in yet; run: keisoku user add NAME --role "
		    "approver --users %s", asked->path, asked->path);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static int user_run(int argc, char **argv, enum lang lang)
{
	static const struct {
		const char *word;
		bool is_new, lists;
		int (*run)(struct asked *asked);
	} actions[] = { { "add", true, false, add_run }, { "list", false, true, list_run },
		{ "remove", false, false, remove_run }, { "password", false, false, password_run },
		{ "set", false, false, set_run }, { "token", true, false, token_run } };
	struct asked asked = { .lang = lang };
	struct why why = { .fmt = NULL };
	size_t i = 0;
	int code;

	if (!args_read(&command_user, argc, argv, lang, &asked.args))
		return EXIT_UNKNOWN;
	while (i < sizeof actions / sizeof *actions && strcmp(asked.args.operands[0], actions[i].word) != 0)
		i++;
	if (i == sizeof actions / sizeof *actions) {
		cli_complain(lang, "keisoku user %s: one of add, list, remove, password, set, token",
		    asked.args.operands[0]);
		return EXIT_UNKNOWN;
	}
	asked.name = asked.args.operands_n > 1 ? asked.args.operands[1] : "";
	asked.path = args_value(&asked.args, "--users");
	asked.path = asked.path != NULL ? asked.path : "/etc/keisoku/users";
	if (sodium_init() < 0 || user_file_read(asked.path, &asked.users, &why) != KS_OK) {
		cli_complain_why(lang, &why);
		return EXIT_BROKEN;
	}
	if (!actions[i].lists && asked.name[0] == '\0') {
		cli_complain(lang, "keisoku user %s: whom? A NAME is missing", actions[i].word);
		code = EXIT_UNKNOWN;
	} else if (!actions[i].is_new && !actions[i].lists && any_find(&asked) == NULL) {
		cli_complain(lang, "%s: no user and no token of that name in %s", asked.name, asked.path);
		code = EXIT_UNKNOWN;
	} else {
		code = actions[i].run(&asked);
	}
	users_done(&asked.users);
	return code;
}

static const struct option_row user_options[] = {
	{ "--users", "FILE", N_("the users file; /etc/keisoku/users when not given") },
	{ "--role", "ROLE", N_("viewer (looks), operator (acknowledges, silences), approver (approves plans); "
	    "viewer when not given") },
	{ "--lang-of", "LANG", N_("language of the page for this user: ja, en") },
	{ "--theme", "THEME", N_("colours of the page for this user: light, dark, auto") },
	{ "--json", NULL, N_("list: answer for machines (keisoku.users/1)") },
	{ NULL, NULL, NULL },
};
static const char *const user_examples[] = { "keisoku user add taro --role approver",
	"keisoku user token grafana --role viewer", "keisoku user list", NULL };
const struct command command_user = { .name = "user", .takes = "add|list|remove|password|set|token [NAME]",
	.says = N_("who may log in to the page beyond this machine, and tokens of API clients"),
	.options = user_options, .examples = user_examples, .run = user_run };
