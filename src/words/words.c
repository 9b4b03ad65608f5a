#include "words/words.h"
#include "base/number.h"
#include "words/catalogue.h"
#include "words/format.h"

static enum lang tag_lang(struct span tag, bool *ret_known)
{
	*ret_known = tag.left >= 2 && (tag.left == 2 || strchr("-_.@", tag.at[2]) != NULL);
	if (*ret_known && (tag.at[0] | 32) == 'j' && (tag.at[1] | 32) == 'a')
		return LANG_JA;
	*ret_known = *ret_known && (tag.at[0] | 32) == 'e' && (tag.at[1] | 32) == 'n';
	return LANG_EN;
}

/* One tag of `ja;q=0.8`: its weight in thousandths. */
static int64_t tag_weight(struct span part)
{
	int64_t milli = 1000;

	part = span_trim(part);
	if (part.left > 2 && (part.at[0] | 32) == 'q' && part.at[1] == '=') {
		(void)span_cut(&part, 2);
		if (number_read(part, 3, &milli) != KS_OK)
			milli = 0;
	}
	return milli;
}

enum lang lang_find(const char *word)
{
	struct span rest = span_text(word != NULL ? word : "");
	enum lang best = LANG_EN;
	int64_t best_weight = 0;

	while (rest.left > 0) {
		struct span part = span_until(&rest, ',');
		struct span tag = span_trim(span_until(&part, ';'));
		bool known;
		enum lang lang = tag_lang(tag, &known);
		int64_t weight = tag_weight(part);

		if ((known || lang == LANG_JA) && weight > best_weight) {
			best = lang;
			best_weight = weight;
		}
	}
	return best;
}

const char *tr(enum lang lang, const char *msgid)
{
	unsigned low = 0, high = catalogue_ja_n;

	if (lang != LANG_JA)
		return msgid;
	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = strcmp(msgid, catalogue_ja[middle].msgid);

		if (order == 0)
			return catalogue_ja[middle].says;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return msgid;
}

void say(struct text *text, enum lang lang, const char *fmt, ...)
{
	struct format_args kept;
	va_list args;

	va_start(args, fmt);
	format_collect(fmt, args, &kept);
	va_end(args);
	if (!format_add(text, lang, tr(lang, fmt), &kept))
		(void)format_add(text, LANG_EN, fmt, &kept);
}

void say_why(struct text *text, enum lang lang, const struct why *why)
{
	struct format_args kept = { .n = 0 };

	if (lang == LANG_EN || why->fmt == NULL) {
		text_add(text, why->text);
		return;
	}
	for (; kept.n < WHY_ARGS && why->args[kept.n].is != WHY_NONE; kept.n++) {
		const struct why_arg *arg = &why->args[kept.n];
		struct format_arg *to = &kept.list[kept.n];

		to->string_max = SIZE_MAX;
		to->number = arg->number;
		to->real = arg->real;
		to->is = arg->is == WHY_INT ? ARG_INT : arg->is == WHY_REAL ? ARG_REAL : ARG_STRING;
		if (arg->is == WHY_STRING)
			to->string = why->pool + arg->string_at;
	}
	if (!format_add(text, lang, tr(lang, why->fmt), &kept))
		text_add(text, why->text);
}
