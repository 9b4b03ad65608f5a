/* src/cli/netbox_csv.c - tables out of CSV (RFC 4180), columns by their names. */
#include "base/utf8.h"
#include "cli/netbox_in.h"
#include <ctype.h>
#include <string.h>

enum { NAME_MOST = 64, CELLS = COLUMNS };

/* Each column with other names it goes by; the first is that of NetBox's bulk import. */
static const char *const columns[TABLES][9] = {
	[TABLE_RACKS] = { "name", "location", "u_height|height", NULL },
	[TABLE_PANELS] = { "name", "location", NULL },
	[TABLE_FEEDS] = { "name", "power_panel|panel", "phase", "voltage", "amperage", "max_utilization|max_utilization_(%)",
		"status", NULL },
	[TABLE_DEVICES] = { "name", "device_type|type", "rack", "position", "status", "role|device_role", NULL },
	[TABLE_PORTS] = { "device", "name", "maximum_draw", "allocated_draw", NULL },
	[TABLE_OUTLETS] = { "device", "name", "power_port", "feed_leg", NULL },
	[TABLE_CABLES] = { "side_a_device|device_a", "side_a_power_panel", "side_a_type", "side_a_name|termination_a",
		"side_b_device|device_b", "side_b_power_panel", "side_b_type", "side_b_name|termination_b", NULL },
};

const char *const *table_columns(enum table_kind kind)
{
	return columns[kind];
}

struct span cell(const struct row *row, unsigned column)
{
	return row->cells[column];
}

size_t netbox_things(const struct netbox *netbox)
{
	const struct table *tables = netbox->tables;

	return tables[TABLE_RACKS].rows_n + tables[TABLE_PANELS].rows_n + tables[TABLE_FEEDS].rows_n +
	    tables[TABLE_DEVICES].rows_n;
}

/* "Power Panel" -> power_panel */
static void head_name(struct span s, char name[NAME_MOST])
{
	size_t n = 0;

	s = span_trim(s);
	for (size_t i = 0; i < s.left && n + 1 < NAME_MOST; i++)
		name[n++] = s.at[i] == ' ' ? '_' : (char)tolower(s.at[i]);
	name[n] = '\0';
}

/* Is the name one of "a|b|c"? */
static bool is_one_of(const char *name, const char *words)
{
	struct span s = span_text(words);

	while (s.left > 0)
		if (span_equal(span_until(&s, '|'), name))
			return true;
	return false;
}

/* One cell, cut off the front of the line's rest; quoted ones may hold anything.  *ret_end:
 * it was the last of its row. */
static struct span cell_cut(struct netbox *netbox, struct span *rest, bool *ret_end)
{
	struct text text;
	size_t n = 0;

	*ret_end = false;
	if (rest->left == 0 || rest->at[0] != '"') {
		while (n < rest->left && rest->at[n] != ',' && rest->at[n] != '\n')
			n++;
		struct span plain = span_cut(rest, n);

		*ret_end = rest->left == 0 || rest->at[0] == '\n';
		if (rest->left > 0)
			(void)span_cut(rest, 1);
		return span_trim(plain);
	}
	text_init(&text, 1 << 20);
	(void)span_cut(rest, 1);
	while (rest->left > 0) {
		char c = (char)rest->at[0];

		(void)span_cut(rest, 1);
		if (c == '"' && (rest->left == 0 || rest->at[0] != '"'))
			break;
		if (c == '"')
			(void)span_cut(rest, 1);
		text_add_char(&text, c);
	}
	struct span kept = netbox_keep(netbox, text_span(&text)), tail = cell_cut(netbox, rest, ret_end);

	(void)tail; /* what stands between the quote and the comma */
	text_done(&text);
	return kept;
}

/* What a row's cells are in a file: for each column of the table, which cell. */
struct heading {
	enum table_kind kind;
	int at[COLUMNS]; /* of each column: the cell; -1: not in this file */
};

static bool heading_as(struct heading *heading, enum table_kind kind, char names[][NAME_MOST], size_t n)
{
	unsigned found = 0;

	heading->kind = kind;
	for (unsigned i = 0; columns[kind][i] != NULL; i++) {
		heading->at[i] = -1;
		for (size_t k = 0; k < n && heading->at[i] < 0; k++)
			if (is_one_of(names[k], columns[kind][i]))
				heading->at[i] = (int)k;
		found |= heading->at[i] >= 0 ? 1u << i : 0;
	}
	switch (kind) {
	case TABLE_CABLES:
		return (found & (1u << CABLE_A_NAME)) && (found & (1u << CABLE_B_NAME));
	case TABLE_FEEDS:
		return (found & (1u << FEED_PANEL)) && (found & (1u << FEED_NAME));
	case TABLE_OUTLETS:
		return (found & (1u << OUTLET_DEVICE)) && (found & (1u << OUTLET_NAME)) &&
		    (found & (1u << OUTLET_PORT | 1u << OUTLET_LEG));
	case TABLE_PORTS:
		return (found & (1u << PORT_DEVICE)) && (found & (1u << PORT_NAME)) &&
		    (found & (1u << PORT_MOST | 1u << PORT_ALLOCATED));
	case TABLE_DEVICES:
		return (found & (1u << DEVICE_TYPE)) && (found & (1u << DEVICE_NAME)) &&
		    (found & (1u << DEVICE_RACK | 1u << DEVICE_ROLE));
	case TABLE_RACKS:
		return (found & (1u << RACK_NAME)) && (found & (1u << RACK_UNITS));
	default:
		return (found & (1u << PANEL_NAME)) != 0;
	}
}

/* Which table is it?  Panels have no column of their own: their file's name says it. */
static bool heading_read(struct netbox *netbox, const char *file, struct span *rest, struct heading *heading)
{
	static const enum table_kind order[] = { TABLE_CABLES, TABLE_FEEDS, TABLE_OUTLETS, TABLE_PORTS, TABLE_DEVICES,
		TABLE_RACKS };
	char names[CELLS][NAME_MOST];
	size_t n = 0;
	bool end = false;

	while (!end) {
		struct span s = cell_cut(netbox, rest, &end);

		if (n < CELLS)
			head_name(s, names[n++]);
	}
	if (strstr(file, "panel") != NULL && heading_as(heading, TABLE_PANELS, names, n) &&
	    !heading_as(heading, TABLE_FEEDS, names, n))
		return heading_as(heading, TABLE_PANELS, names, n);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (heading_as(heading, order[i], names, n))
			return true;
	return false;
}

static void row_read(struct netbox *netbox, const struct heading *heading, struct span *rest)
{
	struct table *table = &netbox->tables[heading->kind];
	struct row *row = arena_take(netbox->arena, sizeof *row);
	struct span cells[CELLS] = { { .left = 0 } };
	size_t n = 0;
	bool end = false;

	while (!end) {
		struct span s = cell_cut(netbox, rest, &end);

		if (n < CELLS)
			cells[n++] = s;
	}
	if (n == 1 && cells[0].left == 0)
		return; /* an empty line */
	if (row == NULL || (row->cells = arena_array(netbox->arena, 8, sizeof *row->cells)) == NULL) {
		netbox->full = true;
		return;
	}
	for (unsigned i = 0; columns[heading->kind][i] != NULL; i++)
		if (heading->at[i] >= 0)
			row->cells[i] = cells[heading->at[i]];
	*(table->last != NULL ? &table->last->next : &table->first) = row;
	table->last = row;
	table->rows_n++;
}

/* "# power-feeds.csv": the name of the table that follows. */
static bool section_cut(struct span *rest, char name[NAME_MOST])
{
	struct span line = *rest, s;

	if (line.left == 0 || line.at[0] != '#')
		return false;
	line = span_until(rest, '\n');
	s = line;
	(void)span_cut(&s, 1);
	head_name(s, name);
	return true;
}

/* The same with a question mark for each byte that is no UTF-8: lists of other encodings. */
static struct span utf8_made(struct netbox *netbox, const char *file, struct span bytes)
{
	struct text text;
	struct span kept;

	if (utf8_check(bytes) == bytes.left)
		return bytes;
	netbox_warn(netbox, "%s is not UTF-8; other letters became question marks", file);
	text_init(&text, bytes.left);
	while (bytes.left > 0) {
		struct span before = bytes;
		uint32_t c;

		if (utf8_cut(&bytes, &c))
			text_add_span(&text, span_of(before.at, before.left - bytes.left));
		else
			text_add_char(&text, '?');
	}
	kept = netbox_keep(netbox, text_span(&text));
	text_done(&text);
	return kept;
}

int netbox_csv(struct netbox *netbox, const char *name, struct span bytes, struct why *why)
{
	char file[NAME_MOST];
	struct heading heading = { .kind = TABLES };
	bool headed = false, known = false;

	head_name(span_text(name), file);
	if (bytes.left >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
		(void)span_cut(&bytes, 3);
	bytes = utf8_made(netbox, file, bytes);
	while (bytes.left > 0 && !netbox->full) {
		if (section_cut(&bytes, file)) {
			headed = false;
		} else if (!headed) {
			headed = true;
			known = heading_read(netbox, file, &bytes, &heading);
			if (!known)
				netbox_warn(netbox, "%s is no table of racks, panels, feeds, devices, ports, outlets or cables", file);
		} else if (known) {
			row_read(netbox, &heading, &bytes);
		} else {
			(void)span_until(&bytes, '\n');
		}
	}
	return netbox->full ? fail(why, KS_FULL, "no memory left") : KS_OK;
}
