/* Words of a request (address, cookie, language) and what is shown of them: nothing is
 * read or written outside, and what goes out holds no live markup. */
#include "base/must.h"
#include "draw/markup.h"
#include "page/asked.h"
#include "page/fields.h"
#include "page/view.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

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
	if (path_unescape(word, room, sizeof room))
		must(strlen(room) < sizeof room);
	if (field_take(span_of(bytes, n), "form", room, sizeof room))
		must(strlen(room) < sizeof room);
	else
		must(room[0] == '\0');
	(void)view_find(word, &id);
	text_init(&out, 1 << 20);
	markup_text(&out, span_of(bytes, n));
	markup_path(&out, word);
	must(out.full || strpbrk(text_cstr(&out), "<>\"'") == NULL);
	text_done(&out);
	free(word);
	return 0;
}
