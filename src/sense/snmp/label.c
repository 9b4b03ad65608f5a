#include "sense/snmp/label.h"
#include "base/hash.h"
#include <stdio.h>

enum { LABEL_MAX = 95 };

/* Bytes of the UTF-8 character at the front; 0 when it is none. */
static size_t utf8_length(struct span s)
{
	uint8_t c = s.left > 0 ? s.at[0] : 0;
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 :
	    c >= 0xf0 && c < 0xf5 ? 4 : 0;

	if (n == 0 || n > s.left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s.at[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static bool utf8_all(struct span s)
{
	while (s.left > 0) {
		size_t n = utf8_length(s);

		if (n == 0)
			return false;
		(void)span_cut(&s, n);
	}
	return true;
}

void label_clean(struct text *text, struct span bytes)
{
	bool utf8;
	size_t end = text->len + LABEL_MAX;

	bytes = span_until(&bytes, '\0');
	bytes = span_trim(bytes);
	utf8 = utf8_all(bytes);
	while (bytes.left > 0 && text->len < end) {
		size_t n = utf8 ? utf8_length(bytes) : 1;
		struct span one = span_cut(&bytes, n);

		if (text->len + n > end)
			return;
		if (one.at[0] < ' ' || one.at[0] == 0x7f)
			text_add_char(text, ' ');
		else if (n == 1 && one.at[0] >= 0x80)
			text_addf(text, "%c%c", 0xc0 | one.at[0] >> 6,
			    0x80 | (one.at[0] & 0x3f));
		else
			text_add_span(text, one);
	}
}

static void add_index(struct text *text, const struct refer_from *from, char between)
{
	for (uint32_t i = from->index_at; i < from->at->n; i++) {
		if (i > from->index_at)
			text_add_char(text, between);
		text_addf(text, "%u", from->at->id[i]);
	}
}

/* Tables often start their index with the one unit there is; it says nothing. */
static bool index_matters(const struct refer_from *from)
{
	uint32_t n = from->at->n - from->index_at;

	return n > 1 || (n == 1 && from->at->id[from->index_at] != 0);
}

static void add_words(const struct naming *naming, struct text *text)
{
	if (naming->label != NULL && naming->label->type == VAR_OCTETS)
		label_clean(text, naming->label->value);
	else if (naming->label != NULL && varbind_there(naming->label) &&
	    naming->label->type == VAR_INTEGER)
		text_addf(text, "%lld", (long long)naming->label->number);
}

static void add_template(const struct naming *naming, const char *name, struct text *text)
{
	const struct refer_from *from = naming->from;

	for (; *name != '\0'; name++) {
		if (*name != '%' || name[1] == '\0') {
			text_add_char(text, *name);
			continue;
		}
		name++;
		size_t before = text->len;
		uint32_t part = from->index_at + (uint32_t)(*name - '1');

		if (*name == 'l')
			add_words(naming, text);
		if (*name == 'i' || (*name == 'l' && text->len == before))
			add_index(text, from, '.');
		if (*name >= '1' && *name <= '9' && part < from->at->n)
			text_addf(text, "%u", from->at->id[part]);
	}
}

void name_label(const struct naming *naming, struct text *text)
{
	const struct snmp_row *row = naming->from->row;
	const char *name = row->name;
	struct text label;

	text_init(&label, 4 * LABEL_MAX + 512);
	if (name == NULL)
		name = row->label != NULL ? "%l" : measure_word((enum measure)row->kind);
	add_template(naming, name, &label);
	if (strchr(name, '%') == NULL && naming->several &&
	    index_matters(naming->from)) {
		text_add_char(&label, ' ');
		add_index(&label, naming->from, '.');
	}
	label_clean(text, text_span(&label));
	text_done(&label);
}

/* name's words as one: "Battery temperature" -> "battery-temperature", "%l" left out */
static void add_slug(struct text *text, const char *name)
{
	size_t start = text->len;
	bool gap = false;

	for (; *name != '\0'; name++) {
		char c = *name;

		if (c == '%' && name[1] != '\0') {
			name++;
			gap = true;
			continue;
		}
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			if (gap && text->len > start)
				text_add_char(text, '-');
			text_add_char(text, c);
			gap = false;
		} else {
			gap = true;
		}
	}
}

uint64_t name_id(const struct naming *naming, uint32_t try, char ret_id[64])
{
	const struct refer_from *from = naming->from;
	const char *kind = measure_word((enum measure)from->row->kind);
	uint64_t hash =
	    hash_of(span_of(from->at->id, from->at->n * sizeof *from->at->id), 0);
	struct text id, word;

	text_init(&id, 512);
	text_init(&word, 64);
	add_slug(&word, kind);
	add_slug(&id, from->row->name != NULL ? from->row->name : "");
	if (strstr(text_cstr(&id), text_cstr(&word)) == NULL) {
		if (id.len > 0)
			text_add_char(&id, '.');
		text_add_span(&id, text_span(&word));
	}
	if (try == 1) /* two rows of one name: the column tells them apart */
		text_addf(&id, "-%u", from->at->id[from->index_at - 1]);
	if (try == 2)
		text_addf(&id, "-%08x", (uint32_t)hash);
	if (index_matters(from)) {
		text_add_char(&id, '.');
		add_index(&id, from, '.');
	}
	if (id.full || id.len > 63) {
		text_clear(&id);
		text_add_span(&id, text_span(&word));
		text_addf(&id, "-%016llx", (unsigned long long)hash);
	}
	(void)snprintf(ret_id, 64, "%s", text_cstr(&id));
	text_done(&id);
	text_done(&word);
	return hash_of(span_text(ret_id), 0);
}
