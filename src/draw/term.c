#include "draw/term.h"
#include "base/drop.h"
#include "base/number.h"
#include "base/plain.h"
#include "base/utf8.h"

enum { STEPS = 8, NAME_MOST = 26, RACK_LEAST = 34, RACK_NAME = 30, RACK_MOST = 56, RACK_EDGES = 6,
	DETAIL_MOST = 20, SHARE = 7, BAR_LEAST = 10, BAR_MOST = 20, WATTS = 10 };

void term_state(struct text *text, const struct term *term, uint8_t severity)
{
	static const char *const colours[SEVERITIES] = { "\033[32m", "\033[33m", "\033[1;31m",
		"\033[90m" };

	if (term->colour)
		text_add(text, colours[severity < SEVERITIES ? severity : SEVERITY_UNKNOWN]);
}

void term_off(struct text *text, const struct term *term)
{
	if (term->colour)
		text_add(text, "\033[0m");
}

/* What signs of ours become where only ASCII can be shown; "" for one that goes without. */
static const char *ascii_of(uint32_t c)
{
	static const struct {
		uint32_t c;
		const char *is;
	} signs[] = { { 0x2248, "~" }, { 0xb0, "" }, { 0xd7, "x" }, { 0xb1, "+-" }, { 0x2013, "-" },
		{ 0x2192, ">" } };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (signs[i].c == c)
			return signs[i].is;
	return NULL;
}

void term_cell(struct text *text, const struct term *term, const char *word, size_t columns)
{
	KS_DROP(text) struct text plain;
	struct span rest;
	size_t used = 0;

	text_init(&plain, 4096);
	plain_add(&plain, span_text(word), PLAIN_ONE_LINE);
	rest = text_span(&plain);
	bool cut = utf8_columns(rest) > columns;
	const char *dots = term->ascii ? "~" : "\xe2\x80\xa6";

	while (rest.left > 0) {
		struct span before = rest;
		uint32_t c = '?';

		(void)utf8_cut(&rest, &c);
		const char *sign = term->ascii ? ascii_of(c) : NULL;
		size_t wide = sign != NULL ? strlen(sign) : utf8_columns_of(c);

		if (used + wide + (cut ? 1 : 0) > columns)
			break;
		if (sign != NULL)
			text_add(text, sign);
		else
			text_add_span(text, span_of(before.at, before.left - rest.left));
		used += wide;
	}
	if (cut && columns > 0) {
		text_add(text, dots);
		used++;
	}
	for (; used < columns; used++)
		text_add_char(text, ' ');
}

/* The highest value of each step; INT64_MIN: none. */
static int64_t step_value(const struct spark *spark, unsigned column, unsigned columns)
{
	int64_t span = spark->to_ms - spark->from_ms, best = INT64_MIN;

	for (size_t i = 0; i < spark->points_n; i++) {
		const struct chart_point *at = &spark->points[i];

		if (at->milli == INT64_MIN || at->time_ms < spark->from_ms || span <= 0)
			continue;
		int64_t where = number_scale(at->time_ms - spark->from_ms, columns - 1, span);

		if (where == (int64_t)column && at->milli > best)
			best = at->milli;
	}
	return best;
}

void term_spark(struct text *text, const struct term *term, const struct spark *spark,
    unsigned columns)
{
	static const char *const blocks[STEPS] = { "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
		"\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88" };
	static const char plain[STEPS + 1] = "_.-:=+*#";
	int64_t low = spark->low, high = spark->high;

	for (size_t i = 0; i < spark->points_n; i++) {
		int64_t milli = spark->points[i].milli;

		if (milli == INT64_MIN)
			continue;
		low = milli < low ? milli : low;
		high = milli > high ? milli : high;
	}
	for (unsigned i = 0; i < columns; i++) {
		int64_t value = step_value(spark, i, columns);
		int64_t step = value != INT64_MIN && high > low ?
		    number_scale(value - low, STEPS - 1, high - low) : 0;

		if (value == INT64_MIN)
			text_add_char(text, ' ');
		else if (term->ascii)
			text_add_char(text, plain[step]);
		else
			text_add(text, blocks[step]);
	}
}

void term_bar(struct text *text, const struct term *term, int64_t share_milli,
    uint8_t severity, unsigned columns)
{
	int64_t full = number_scale(share_milli < 0 ? 0 : share_milli, columns, 1000);

	term_state(text, term, severity);
	for (unsigned i = 0; i < columns; i++)
		if ((int64_t)i < full)
			text_add(text, term->ascii ? "#" : "\xe2\x96\x88");
		else
			text_add(text, term->ascii ? "." : "\xe2\x96\x91");
	term_off(text, term);
}

/* The ramp of rack.c in the 256 colours of a terminal; letters black or white. */
static void ramp_on(struct text *text, const struct term *term, int64_t milli_c)
{
	static const struct {
		int64_t below;
		unsigned ground, letters;
	} ramp[] = { { 24000, 67, 231 }, { 26500, 110, 16 }, { 28500, 152, 16 }, { 30500, 230, 16 },
		{ 32500, 222, 16 }, { 34000, 215, 16 }, { 36000, 166, 231 }, { 38500, 124, 231 },
		{ INT64_MAX, 88, 231 } };
	size_t i = 0;

	if (!term->colour || milli_c == INT64_MIN)
		return;
	while (milli_c >= ramp[i].below)
		i++;
	text_addf(text, "\033[48;5;%u;38;5;%um", ramp[i].ground, ramp[i].letters);
}

static const struct rack_item *item_at(const struct rack_picture *rack, uint32_t u)
{
	for (size_t i = 0; i < rack->items_n; i++)
		if (rack->items[i].u > 0 && u >= rack->items[i].u &&
		    u < rack->items[i].u + rack->items[i].height)
			return &rack->items[i];
	return NULL;
}

static void item_line(struct text *text, const struct term *term, const struct rack_item *item,
    size_t wide, bool first)
{
	KS_DROP(text) struct text words;

	text_init(&words, 200);
	if (first && item->milli_c != INT64_MIN) {
		text_add_milli(&words, number_scale(item->milli_c, 1, 100) * 100);
		text_add(&words, " C ");
	}
	if (first && item->mw > 0)
		text_addf(&words, "%5lld W ", (long long)((item->mw + 500) / 1000));
	for (unsigned i = 0; first && i < item->sides && item->sides > 1; i++)
		text_add_char(&words, item->on & 1U << i ? (char)('A' + i) : '-');
	ramp_on(text, term, item->milli_c);
	if (first && item->severity != SEVERITY_OK && item->severity < SEVERITY_UNKNOWN)
		text_add(text, item->severity == SEVERITY_CRITICAL ? "!!" : "! ");
	else
		text_add(text, "  ");
	size_t right = utf8_columns(text_span(&words));

	term_cell(text, term, first ? item->name : "", wide > right + 3 ? wide - right - 3 : 0);
	text_add_span(text, text_span(&words));
	text_add_char(text, ' ');
	term_off(text, term);
}

void term_rack(struct text *text, const struct term *term, const struct rack_picture *rack)
{
	size_t wide = term->columns > RACK_LEAST + RACK_EDGES ? term->columns - RACK_EDGES : RACK_LEAST;
	KS_DROP(text) struct text head;

	wide = wide > RACK_MOST ? RACK_MOST : wide;
	text_init(&head, 300);
	text_addf(&head, "  %lld W, ", (long long)((rack_watts(rack) + 500) / 1000));
	say(&head, term->lang, "%uU free", rack_free(rack));
	size_t name = utf8_columns(span_text(rack->name)), used = utf8_columns(text_span(&head));
	size_t room = term->columns > used ? term->columns - used : 0;

	room = room < RACK_NAME ? room : (size_t)RACK_NAME;
	term_cell(text, term, rack->name, name < room ? name : room);
	text_addf(text, "%s\n", text_cstr(&head));
	for (uint32_t u = rack->units; u > 0; u--) {
		const struct rack_item *item = item_at(rack, u);
		uint32_t below = u;

		if (item != NULL) {
			text_addf(text, "%3u |", u);
			item_line(text, term, item, wide, u == item->u + item->height - 1);
			text_add(text, "|\n");
			continue;
		}
		while (below > 1 && item_at(rack, below - 1) == NULL)
			below--;
		text_addf(text, "%3u |", u);
		for (size_t i = 0; i < wide; i++)
			text_add_char(text, ' ');
		text_add(text, "|\n");
		if (below < u)
			text_add(text, u - below > 1 ? "  : |\n" : "");
		u = below;
	}
}

struct walk {
	struct text *text;
	const struct term *term;
	const struct path_picture *path;
	size_t name, detail; /* columns of the first and the second column */
	unsigned bar;	     /* of the bar; 0: there is no room for it */
};

/* What is left of a line that has so many columns. */
static size_t room_after(const struct walk *w, size_t used)
{
	return w->term->columns > used ? w->term->columns - used : 0;
}

/* As wide as it is, or as there is room for. */
static void rest_add(const struct walk *w, const char *words, size_t used)
{
	size_t wide = utf8_columns(span_text(words)), room = room_after(w, used);

	term_cell(w->text, w->term, words, wide < room ? wide : room);
}

static void leaf_lines(const struct walk *w, uint32_t node, unsigned depth)
{
	for (size_t i = 0; i < w->path->leaves_n; i++) {
		const struct path_leaf *leaf = &w->path->leaves[i];
		KS_DROP(text) struct text name = { 0 }, feeds = { 0 };

		if (leaf->feeds_n == 0 || leaf->feeds[0] != node)
			continue;
		text_init(&name, 400);
		text_init(&feeds, 400);
		for (unsigned k = 0; k < depth; k++)
			text_add(&name, "  ");
		text_add(&name, leaf->name);
		for (size_t k = 1; k < leaf->feeds_n; k++)
			text_addf(&feeds, " + %s", w->path->nodes[leaf->feeds[k]].name);
		if (leaf->severity != SEVERITY_OK)
			term_state(w->text, w->term, leaf->severity);
		term_cell(w->text, w->term, text_cstr(&name), w->name);
		term_off(w->text, w->term);
		text_addf(w->text, " %7lld W", (long long)((leaf->mw + 500) / 1000));
		rest_add(w, text_cstr(&feeds), w->name + WATTS);
		text_add_char(w->text, '\n');
	}
}

static void node_lines(const struct walk *w, uint32_t from, unsigned depth)
{
	for (uint32_t i = 0; i < w->path->nodes_n && depth <= w->path->nodes_n; i++) {
		const struct path_node *node = &w->path->nodes[i];
		int share = path_share(node);
		KS_DROP(text) struct text name = { 0 };

		if (node->from != from)
			continue;
		text_init(&name, 400);
		for (unsigned k = 0; k < depth; k++)
			text_add(&name, "  ");
		text_add(&name, node->name);
		term_cell(w->text, w->term, text_cstr(&name), w->name);
		text_add_char(w->text, ' ');
		term_cell(w->text, w->term, node->detail, w->detail);
		size_t used = w->name + 1 + w->detail;

		if (share >= 0) {
			text_addf(w->text, " %3d %% ", share);
			term_bar(w->text, w->term, share * 10, node->severity, w->bar);
			used += SHARE + w->bar;
		}
		if (node->note != NULL && room_after(w, used + 2) < utf8_columns(span_text(node->note))) {
			text_add_char(w->text, '\n'); /* a line of its own */
			used = 0;
		}
		if (node->note != NULL) {
			text_add(w->text, "  ");
			term_state(w->text, w->term, SEVERITY_CRITICAL);
			rest_add(w, node->note, used + 2);
			term_off(w->text, w->term);
		}
		text_add_char(w->text, '\n');
		node_lines(w, i, depth + 1);
		leaf_lines(w, i, depth + 1);
	}
}

void term_path(struct text *text, const struct term *term, const struct path_picture *path)
{
	struct walk walk = { text, term, path, NAME_MOST, DETAIL_MOST, BAR_MOST };
	size_t need = NAME_MOST + 1 + DETAIL_MOST + SHARE;

	if (term->columns < need + BAR_MOST)
		walk.bar = term->columns >= need + BAR_LEAST ? BAR_LEAST : 0;
	if (term->columns < need) { /* 40 columns: 18 and 14 of them */
		walk.detail = term->columns < need - 6 ? DETAIL_MOST - 6 : DETAIL_MOST - (need - term->columns);
		walk.name = term->columns - 1 - walk.detail - SHARE;
	}
	node_lines(&walk, PATH_NONE, 0);
}
