/* src/wire/lists_entry.c - one entry: name, address, range, URL, fingerprint. */
#include "base/number.h"
#include "base/utf8.h"
#include "wire/lists_in.h"
#include <stdio.h>

/* RFC 3492, section 5 and 6.3. */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS_FIRST = 72,
	N_FIRST = 128, LABEL_MAX = 63 };

static uint32_t adapt(uint32_t delta, uint32_t n, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / n; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static bool add(char *room, size_t max, size_t *n, uint32_t digit)
{
	if (*n >= max)
		return false;
	room[(*n)++] = (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);
	return true;
}

static bool add_delta(char *room, size_t max, size_t *n, uint32_t delta, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;

		if (delta < t)
			return add(room, max, n, delta);
		if (!add(room, max, n, t + (delta - t) % (BASE - t)))
			return false;
		delta = (delta - t) / (BASE - t);
	}
}

size_t punycode(struct span label, char *room, size_t max)
{
	uint32_t points[LABEL_MAX], n = N_FIRST, delta = 0, bias = BIAS_FIRST;
	size_t count = 0, out = 0, plain = 0, done = 0;

	while (label.left > 0) {
		if (count == LABEL_MAX || !utf8_cut(&label, &points[count]))
			return 0;
		count++;
	}
	if (max < 4)
		return 0;
	memcpy(room, "xn--", 4);
	out = 4;
	for (size_t i = 0; i < count; i++)
		if (points[i] < N_FIRST && out < max)
			room[out++] = (char)(points[i] >= 'A' && points[i] <= 'Z' ? points[i] | 0x20 : points[i]);
	plain = done = out - 4;
	if (plain > 0 && out < max)
		room[out++] = '-';
	while (done < count) {
		uint32_t next = UINT32_MAX;

		for (size_t i = 0; i < count; i++)
			if (points[i] >= n && points[i] < next)
				next = points[i];
		delta += (next - n) * (uint32_t)(done + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			delta += points[i] < n;
			if (points[i] != n)
				continue;
			if (!add_delta(room, max, &out, delta, bias))
				return 0;
			bias = adapt(delta, (uint32_t)done + 1, done == plain);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
	return out <= max ? out : 0;
}

static bool is_name_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

size_t name_normal(struct span name, char room[NAME_MAX_BYTES + 1])
{
	size_t n = 0;
	bool wide = false;

	while (name.left > 0 && name.at[name.left - 1] == '.')
		name.left--;
	if (name.left == 0 || name.left > NAME_MAX_BYTES)
		return 0;
	for (size_t i = 0; i < name.left; i++)
		wide |= name.at[i] >= 0x80;
	while (name.left > 0) {
		struct span label = span_until(&name, '.');
		bool is_wide = false;

		for (size_t i = 0; wide && i < label.left; i++)
			is_wide |= label.at[i] >= 0x80;
		if (label.left == 0 || n + label.left > NAME_MAX_BYTES)
			return 0;
		if (is_wide) {
			size_t added = punycode(label, room + n, NAME_MAX_BYTES - n);

			if (added == 0)
				return 0;
			n += added;
		} else {
			for (size_t i = 0; i < label.left; i++) {
				uint8_t c = label.at[i];

				c = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
				if (!is_name_byte(c))
					return 0;
				room[n++] = (char)c;
			}
		}
		if (name.left > 0 && n < NAME_MAX_BYTES)
			room[n++] = '.';
	}
	room[n] = '\0';
	return n;
}

bool entry_name(struct lists *lists, struct span name, enum entry_kind kind,
    struct span category)
{
	char room[NAME_MAX_BYTES + 1];
	bool top = name.left > 1 && *name.at == '.'; /* ".jp": all of it is meant */

	if (top)
		(void)span_cut(&name, 1);
	size_t n = name_normal(name, room);

	if (n < 2 || (memchr(room, '.', n) == NULL && !top))
		return false;
	/* the last label of a name is no number */
	if (room[n - 1] >= '0' && room[n - 1] <= '9' && memchr(room, 'x', n) == NULL)
		return false;
	entry_put(lists, kind, span_of(room, n), category);
	return true;
}

/* The address of all ones or zeroes below the prefix. */
static struct address end_of(struct address address, unsigned bits, bool ones)
{
	unsigned all = address.family == ADDRESS_4 ? 32 : 128;

	for (unsigned i = bits; i < all; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		address.byte[i / 8] = (uint8_t)(ones ? address.byte[i / 8] | bit
						     : address.byte[i / 8] & ~bit);
	}
	return address;
}

static bool entry_prefix(struct lists *lists, struct span text, struct span category)
{
	struct address address = address_read(span_until(&text, '/'));
	int64_t bits = 0;

	if (address.family == ADDRESS_NONE || number_read(text, 0, &bits) != KS_OK || bits < 0 ||
	    bits > (address.family == ADDRESS_4 ? 32 : 128))
		return false;
	struct range range = { .from = end_of(address, (unsigned)bits, false),
		.to = end_of(address, (unsigned)bits, true), .bits = (uint8_t)bits };

	range_put(lists, &range, category);
	return true;
}

static bool entry_range(struct lists *lists, struct span text, struct span category)
{
	struct range range = { .bits = 255 };

	range.from = address_read(span_trim(span_until(&text, '-')));
	range.to = address_read(span_trim(text));
	if (range.from.family == ADDRESS_NONE || range.from.family != range.to.family ||
	    address_compare(&range.from, &range.to) > 0)
		return false;
	range_put(lists, &range, category);
	return true;
}

bool entry_address(struct lists *lists, struct span text, struct span category)
{
	char room[ADDRESS_TEXT], with_port[ADDRESS_TEXT + 10];
	struct span rest = text;
	int64_t port = 0;

	if (text.left == 0 || text.left > 100)
		return false;
	if (memchr(text.at, '/', text.left) != NULL)
		return entry_prefix(lists, text, category);
	if (memchr(text.at, '-', text.left) != NULL)
		return entry_range(lists, text, category);
	struct address address = address_read(text);

	if (address.family != ADDRESS_NONE) {
		entry_put(lists, ENTRY_ADDRESS, span_text(address_show(&address, room)), category);
		return true;
	}
	if (*rest.at == '[') {
		(void)span_cut(&rest, 1);
		address = address_read(span_until(&rest, ']'));
		if (rest.left > 0)
			(void)span_cut(&rest, 1);
	} else {
		address = address_read(span_until(&rest, ':'));
	}
	if (address.family == ADDRESS_NONE || number_read(rest, 0, &port) != KS_OK || port < 1 ||
	    port > 65535)
		return false;
	(void)snprintf(with_port, sizeof with_port,
	    address.family == ADDRESS_6 ? "[%s]:%d" : "%s:%d", address_show(&address, room), (int)port);
	entry_put(lists, ENTRY_ADDRESS, span_text(with_port), category);
	return true;
}

/* With or without http://; host and path; a bare host is a name alone. */
bool entry_url(struct lists *lists, struct span text, struct span category)
{
	char url[LIMIT_LIST_URL], name[NAME_MAX_BYTES + 1];

	if (text.left == 0)
		return false;
	const uint8_t *scheme = memmem(text.at, text.left, "://", 3);

	if (scheme != NULL)
		(void)span_cut(&text, (size_t)(scheme - text.at) + 3);
	const uint8_t *slash = text.left > 0 ? memchr(text.at, '/', text.left) : NULL;
	struct span path = text, host = span_cut(&path, slash != NULL ? (size_t)(slash - text.at) : text.left);
	size_t n = name_normal(span_until(&host, ':'), name);

	if (n == 0 || memchr(name, '.', n) == NULL || (slash == NULL && scheme == NULL))
		return false;
	if (path.left <= 1) {
		struct span only = span_of(name, n);

		return entry_address(lists, only, category) ||
		    entry_name(lists, only, ENTRY_EXACT, category);
	}
	int64_t bits = 0;
	struct span after = span_of(path.at + 1, path.left - 1);

	/* an address and a number is a prefix, and was none that can be */
	if (n + path.left > sizeof url || (scheme == NULL && number_read(after, 0, &bits) == KS_OK))
		return false;
	memcpy(url, name, n);
	memcpy(url + n, path.at, path.left);
	entry_put(lists, ENTRY_URL, span_of(url, n + path.left), category);
	return true;
}

bool entry_print(struct lists *lists, struct span text, struct span category)
{
	char room[65];
	size_t n = 0;

	for (size_t i = 0; i < text.left; i++) {
		uint8_t c = text.at[i] >= 'A' && text.at[i] <= 'F' ? (uint8_t)(text.at[i] | 0x20) : text.at[i];

		if (c == ':' && n % 2 == 0 && n > 0)
			continue;
		if (n == 64 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		room[n++] = (char)c;
	}
	if (n != 32 && n != 40 && n != 64)
		return false;
	entry_put(lists, ENTRY_PRINT, span_of(room, n), category);
	return true;
}

bool entry_any(struct lists *lists, struct span text, struct span category)
{
	if (text.left < 2)
		return false;
	if (text.left > 2 && text.at[0] == '*' && text.at[1] == '.') {
		(void)span_cut(&text, 2);
		return entry_name(lists, text, ENTRY_BELOW, category);
	}
	return entry_print(lists, text, category) || entry_address(lists, text, category) ||
	    entry_name(lists, text, ENTRY_BOTH, category) || entry_url(lists, text, category);
}
