#include "draw/rack.h"
#include "base/drop.h"
#include "base/number.h"

enum { UNIT = 130, HEAD = 260, FOOT = 40, GUTTER = 190, LETTER = 95 };

int32_t rack_height(uint32_t units)
{
	return HEAD + FOOT + (int32_t)units * UNIT;
}

uint32_t rack_free(const struct rack_picture *rack)
{
	uint32_t used = 0;

	for (size_t i = 0; i < rack->items_n; i++)
		used += rack->items[i].u > 0 ? rack->items[i].height : 0;
	return used < rack->units ? rack->units - used : 0;
}

int64_t rack_watts(const struct rack_picture *rack)
{
	int64_t mw = 0;

	for (size_t i = 0; i < rack->items_n; i++)
		mw += rack->items[i].mw;
	return mw;
}

static void kilowatt_add(struct text *text, int64_t mw)
{
	text_addf(text, "%lld.%02lld kW", (long long)(mw / 1000000),
	    (long long)(mw / 10000 % 100));
}

static void head_draw(struct drawing *drawing, const struct rack_picture *rack)
{
	KS_DROP(text) struct text words, watts;

	text_init(&words, 200);
	text_init(&watts, 40);
	kilowatt_add(&watts, rack_watts(rack));
	if (rack_watts(rack) > 0)
		say(&words, rack->lang, "%s, %uU free", text_cstr(&watts), rack_free(rack));
	else
		say(&words, rack->lang, "%uU free", rack_free(rack));
	int32_t wide = draw_width(text_cstr(&words), 100);

	draw_open(drawing, NULL, rack->href, rack->name);
	draw_text_fit(drawing, "strong big", (struct draw_spot){ GUTTER, 150 },
	    (struct draw_fit){ drawing->w - GUTTER - wide - 80, 125 }, rack->name);
	draw_close(drawing);
	draw_text(drawing, "muted small", (struct draw_spot){ drawing->w - 5, 150 }, DRAW_END,
	    text_cstr(&words));
}

static void frame_draw(struct drawing *drawing, const struct rack_picture *rack)
{
	int32_t right = drawing->w - 5;

	draw_rect(drawing, "frame", (struct draw_box){ GUTTER - 20, HEAD - 30, right - GUTTER + 20,
		(int32_t)rack->units * UNIT + 60 }, 30);
	for (uint32_t u = 1; u < rack->units; u++) {
		int32_t y = HEAD + (int32_t)(rack->units - u) * UNIT;

		draw_between(drawing, "unit", (struct draw_spot){ GUTTER, y },
		    (struct draw_spot){ right - 20, y });
	}
	for (uint32_t u = 1; u <= rack->units; u++) {
		KS_DROP(text) struct text label = { 0 };

		if (u != 1 && u != rack->units && (u % 5 != 0 || u + 2 > rack->units))
			continue;
		text_init(&label, 16);
		text_addf(&label, "%u", u);
		draw_text(drawing, "muted small", (struct draw_spot){ GUTTER - 50,
		    HEAD + (int32_t)(rack->units - u) * UNIT + UNIT / 2 + 35 }, DRAW_END, text_cstr(&label));
	}
}

/* White letters on the dark ends of the ramp, black ones between (luminance 140). */
static bool dark(int64_t milli_c)
{
	return milli_c != INT64_MIN && (milli_c < 22500 || milli_c >= 34500);
}

static void item_words(struct text *text, const struct rack_item *item)
{
	if (item->milli_c != INT64_MIN) {
		int64_t tenths = number_scale(item->milli_c, 1, 100), size = tenths < 0 ? -tenths : tenths;

		text_addf(text, "%s%lld.%lld\xc2\xb0", tenths < 0 ? "-" : "", (long long)(size / 10),
		    (long long)(size % 10));
		if (item->mw > 0)
			text_add(text, " \xc2\xb7 ");
	}
	if (item->mw > 0)
		text_addf(text, "%lld W", (long long)((item->mw + 500) / 1000));
}

static void cords_draw(struct drawing *drawing, const struct rack_item *item, int32_t y)
{
	int32_t x = drawing->w - 100 - (item->sides - 1) * 95;
	bool white = dark(item->milli_c);

	for (unsigned i = 0; i < item->sides; i++) {
		bool on = item->on & 1U << i;
		const char *class = white ? (on ? "cord on-dark" : "cord off on-dark") :
		    on ? "cord" : "cord off";

		draw_dot(drawing, class, (struct draw_spot){ x + (int32_t)i * 95, y }, 32);
	}
}

static void item_label(struct text *text, const struct rack_picture *rack,
    const struct rack_item *item)
{
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	item_words(&words, item);
	say(text, rack->lang, "%s, U%u, %s", item->name, item->u, text_cstr(&words));
}

static const char *letters_of(const struct rack_item *item, bool small)
{
	if (item->milli_c == INT64_MIN)
		return small ? "small" : "strong small";
	if (dark(item->milli_c))
		return small ? "on-dark small" : "on-dark strong small";
	return small ? "on-light small" : "on-light strong small";
}

static void item_draw(struct drawing *drawing, const struct rack_picture *rack,
    const struct rack_item *item)
{
	int32_t right = drawing->w - 5;
	int32_t y = HEAD + (int32_t)(rack->units - (item->u + item->height - 1)) * UNIT;
	int32_t h = (int32_t)item->height * UNIT - 10, middle = y + h / 2;
	int32_t cords = item->sides > 1 ? (int32_t)item->sides * 95 + 40 : 40;
	KS_DROP(text) struct text words, label;

	text_init(&words, 100);
	text_init(&label, 400);
	item_words(&words, item);
	item_label(&label, rack, item);
	draw_open(drawing, "dev", item->href, text_cstr(&label));
	draw_rect(drawing, draw_ramp(item->milli_c),
	    (struct draw_box){ GUTTER, y + 5, right - GUTTER - 20, h }, 15);
	if (item->severity == SEVERITY_CRITICAL || item->severity == SEVERITY_WARNING)
		draw_rect(drawing, item->severity == SEVERITY_CRITICAL ? "frame host crit nofill" :
		    "frame host warn nofill",
		    (struct draw_box){ GUTTER, y + 5, right - GUTTER - 20, h }, 15);
	int32_t wide = draw_width(text_cstr(&words), LETTER);

	draw_text_fit(drawing, letters_of(item, false), (struct draw_spot){ GUTTER + 60, middle + 42 },
	    (struct draw_fit){ right - 20 - cords - wide - GUTTER - 130, LETTER }, item->name);
	draw_text(drawing, letters_of(item, true),
	    (struct draw_spot){ right - 20 - cords, middle + 42 }, DRAW_END, text_cstr(&words));
	if (item->sides > 1)
		cords_draw(drawing, item, middle + 5);
	draw_close(drawing);
}

void rack_draw(struct drawing *drawing, const struct rack_picture *rack)
{
	drawing_title(drawing, rack->name);
	head_draw(drawing, rack);
	frame_draw(drawing, rack);
	for (size_t i = 0; i < rack->items_n; i++)
		if (rack->items[i].u > 0 && rack->items[i].u + rack->items[i].height - 1 <= rack->units)
			item_draw(drawing, rack, &rack->items[i]);
}

void rack_thumb(struct drawing *drawing, const struct rack_picture *rack)
{
	int32_t unit = rack->units > 0 ? drawing->h / (int32_t)rack->units : drawing->h;

	drawing_title(drawing, rack->name);
	draw_rect(drawing, "frame", (struct draw_box){ 0, 0, drawing->w, drawing->h }, 10);
	for (size_t i = 0; i < rack->items_n; i++) {
		const struct rack_item *item = &rack->items[i];

		if (item->u == 0 || item->u + item->height - 1 > rack->units)
			continue;
		int32_t y = (int32_t)(rack->units - (item->u + item->height - 1)) * unit;

		draw_rect(drawing, draw_ramp(item->milli_c), (struct draw_box){ 10, y, drawing->w - 20,
			(int32_t)item->height * unit - 4 }, 0);
	}
}
