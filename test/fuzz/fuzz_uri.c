/* test/fuzz/fuzz_uri.c - any address of a request, known and cut or not: of what is found in
 * it nothing is found any more in what is shown (a place is shown to the degree, a name by
 * two letters). */
#include "base/drop.h"
#include "base/must.h"
#include "base/text.h"
#include "wire/charset.h"
#include "wire/uri.h"
#include "wire/uri_mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void found(void *context, const struct said_body *where, const struct personal *what)
{
	bool *any = context;

	(void)where;
	*any |= what->category == PERSONAL_CARD || what->category == PERSONAL_EMAIL ||
	    what->category == PERSONAL_MY_NUMBER || what->category == PERSONAL_CREDENTIAL;
}

static void leaf_take(void *context, const struct said_body *leaf)
{
	personal_take(context, leaf);
}

static bool tells(struct span uri)
{
	bool any = false;
	struct personal_sink sink = { .found = found, .context = &any };
	struct personal_search search = { .sink = &sink };
	struct body_sink told = { leaf_take, &search };

	uri_tell(&(struct said_body){ .kind = BODY_URI }, &told, uri);
	return any;
}

static bool every_other(void *context, struct span name)
{
	(void)context;
	return name.left % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MOST = 2048 };
	const struct uri_known known[] = { { .cut = false }, { .cut = true },
		{ .field = every_other, .own = { { 2, 0, 0, 0, 0, 1 } } } };
	struct span uri = span_of(data, size < MOST ? size : MOST);

	/* stars are taken out below: what is divided by one of its own would be joined */
	if (uri.left > 0 && memchr(uri.at, '*', uri.left) != NULL)
		return 0;

	charset_ready();
	for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
		KS_DROP(text) struct text shown, bare;

		text_init(&shown, 64 * MOST);
		text_init(&bare, 64 * MOST);
		uri_mask(&shown, uri, &known[k]);
		must(!shown.full);
		for (size_t i = 0; i < shown.len; i++)
			if (shown.at[i] != '*')
				text_add_char(&bare, shown.at[i]);
		must(!tells(text_span(&bare)));
	}
	return 0;
}
