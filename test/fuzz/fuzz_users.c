/* The users file, the cookies and the Authorization of a request: what is read well is
 * written and read again the same; nothing is read outside. */
#include "base/must.h"
#include "page/asked.h"
#include "page/sessions.h"
#include "page/users.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct users users = { .list = NULL }, again = { .list = NULL };
	char *word = malloc(n + 1), session[SESSION_WORD];
	struct why why;
	struct text text;

	if (word == NULL)
		return 0;
	if (n > 0)
		memcpy(word, bytes, n);
	word[n] = '\0';
	if (session_cookie(word, session))
		must(strlen(session) == SESSION_WORD - 1);
	(void)theme_cookie(word);
	(void)user_name_good(word);
	text_init(&text, 1 << 20);
	if (users_read(span_of(bytes, n), &users, &why) == KS_OK) {
		for (size_t i = 0; i < users.n; i++)
			must(user_name_good(users.list[i].name) && users.list[i].role != PAGE_NOBODY);
		for (size_t i = 0; i < users.n; i++)
			must(users.list[i].password[0] != '\0' || users_token(&users, users.list[i].token) != NULL);
		users_write(&text, &users);
		must(users_read(text_span(&text), &again, &why) == KS_OK && again.n == users.n);
		must(users.n == 0 || memcmp(users.list, again.list, users.n * sizeof *users.list) == 0);
	}
	users_done(&again);
	users_done(&users);
	text_done(&text);
	free(word);
	return 0;
}
