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

enum { KEPT = 256 };
struct told {
	uint64_t hash[KEPT];
	size_t n;
};

static void found(void *context, const struct said_body *where, const struct personal *what)
{
	struct told *told = context;

	(void)where;
	if ((what->category == PERSONAL_CARD || what->category == PERSONAL_EMAIL ||
	    what->category == PERSONAL_MY_NUMBER || what->category == PERSONAL_CREDENTIAL) && told->n < KEPT)
		told->hash[told->n++] = what->hash;
}

static void leaf_take(void *context, const struct said_body *leaf)
{
	personal_take(context, leaf);
}

static void tell(struct span uri, struct told *ret)
{
	struct personal_sink sink = { .found = found, .context = ret };
	struct personal_search search = { .sink = &sink };
	struct body_sink told = { leaf_take, &search };

	ret->n = 0;
	uri_tell(&(struct said_body){ .kind = BODY_URI }, &told, uri);
}

/* Is any of what was found there found here?  What a mask joins or divides may look like
 * something else, which nobody sent. */
static bool tells_again(const struct told *there, const struct told *here)
{
	for (size_t i = 0; i < here->n; i++)
		for (size_t k = 0; k < there->n; k++)
			if (here->hash[i] == there->hash[k])
				return true;
	return false;
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

	struct told there, here;

	charset_ready();
	tell(uri, &there);
	for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
		KS_DROP(text) struct text shown, bare;

		text_init(&shown, 64 * MOST);
		text_init(&bare, 64 * MOST);
		uri_mask(&shown, uri, &known[k]);
		must(!shown.full);
		for (size_t i = 0; i < shown.len; i++)
			if (shown.at[i] != '*')
				text_add_char(&bare, shown.at[i]);
		tell(text_span(&bare), &here);
		must(!tells_again(&there, &here));
	}
	return 0;
}
