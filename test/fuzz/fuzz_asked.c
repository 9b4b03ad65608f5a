/* Words of a request (address, cookie, language) and what is shown of them: nothing is
 * read or written outside, and what goes out holds no live markup. */
#include "base/must.h"
#include "draw/markup.h"
#include "page/act.h"
#include "page/asked.h"
#include "page/fields.h"
#include "page/view.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Words of a form or a link fit and end, and where to go afterwards is a path of ours. */
static void act_look(struct span body, const char *word)
{
	struct act_form form;
	struct wish wish;
	struct why why;

	if (act_read(body, NULL, &form, &why) == KS_OK) {
		must(form.wish.what < WISH_TAKE);
		must(strlen(form.wish.reason) < sizeof form.wish.reason);
		must(form.back[0] == '/' && form.back[1] != '/' && strpbrk(form.back, "\r\n\\") == NULL);
	}
	if (take_read(word, &wish, &why) == KS_OK)
		must(wish.what == WISH_TAKE && wish.number > 0 && wish.subject[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *word = malloc(n + 1), room[64];
	enum lang lang;
	const char *id;
	struct text out;

	if (word == NULL)
		return 0;
	if (n > 0)
		memcpy(word, bytes, n);
	word[n] = '\0';
	(void)lang_accepted(word, &lang);
	(void)lang_cookie(word, &lang);
	(void)seconds_asked(word);
	(void)theme_cookie(word);
	if (path_unescape(word, room, sizeof room))
		must(strlen(room) < sizeof room);
	if (field_take(span_of(bytes, n), "form", room, sizeof room))
		must(strlen(room) < sizeof room);
	else
		must(room[0] == '\0');
	act_look(span_of(bytes, n), word);
	(void)view_find(word, &id);
	text_init(&out, 1 << 20);
	markup_text(&out, span_of(bytes, n));
	markup_path(&out, word);
	must(out.full || strpbrk(text_cstr(&out), "<>\"'") == NULL);
	text_done(&out);
	free(word);
	return 0;
}
