/* src/wire/personal_text.c - mail addresses, pairs of coordinates, postal addresses, and
 * fields whose name says all. */
#include "base/number.h"
#include "wire/body.h"
#include "wire/personal.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}
static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
static bool is_local(uint8_t c)
{
	return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '+';
}
static bool is_domain(uint8_t c)
{
	return is_letter(c) || is_digit(c) || c == '.' || c == '-';
}

/* "//user:secret@host": the secret is not the begin of an address. */
static bool behind_user(struct span text, size_t colon)
{
	enum { USER_MOST = 64 };
	size_t i = colon;

	while (i > 0 && colon - i < USER_MOST && text.at[i - 1] > ' ' && text.at[i - 1] != '/')
		i--;
	return i > 1 && text.at[i - 1] == '/' && text.at[i - 2] == '/';
}

/* "//user@host" and "foo@bar@1.2" are no addresses of people; "/u/taro@mail.example" in the
 * address of a request is. */
static bool begins_otherwise(const struct personal_at *at, struct span text, size_t start)
{
	uint8_t before = start > 0 ? text.at[start - 1] : 0;
	bool segment = at->leaf->kind == BODY_URI && (start < 2 || text.at[start - 2] != '/');

	return before == '@' || (before == '/' && !segment) ||
	    (before == ':' && behind_user(text, start - 1));
}

/* git@github.com: who logs in there is a program. */
static bool is_program(struct span local)
{
	return word_is(local, "git") || word_is(local, "hg") || word_is(local, "svn");
}

void personal_email(const struct personal_at *at, struct span text, size_t from)
{
	enum { LOCAL_MAX = 64, DOMAIN_MAX = 253 };
	static const char *const files[] = { "png", "jpg", "jpeg", "gif", "svg", "webp", "css",
		"js", "json", "html", "woff", "mp4" };
	size_t start = from, end = from + 1, dot = 0;

	while (start > 0 && from - start < LOCAL_MAX && is_local(text.at[start - 1]))
		start--;
	while (start < from && (text.at[start] == '.' || text.at[start] == '-'))
		start++;
	while (end < text.left && end - from < DOMAIN_MAX && is_domain(text.at[end]))
		end++;
	while (end > from + 1 && !is_letter(text.at[end - 1]))
		end--;
	for (size_t i = from + 1; i < end; i++)
		if (text.at[i] == '.')
			dot = i;
	if (start == from || dot < from + 2 || end - dot < 3 || end - dot > 16 ||
	    begins_otherwise(at, text, start) || (end < text.left && text.at[end] == '@'))
		return;
	struct span last = span_of(text.at + dot + 1, end - dot - 1);

	if (is_program(span_of(text.at + start, from - start)))
		return;

	bool capital = last.at[0] >= 'A' && last.at[0] <= 'Z';

	/* letters of one case: "x9@7f.NY" in bytes that only look like text is none */
	for (size_t i = 0; i < last.left; i++)
		if (!is_letter(last.at[i]) || (last.at[i] >= 'A' && last.at[i] <= 'Z') != capital)
			return;
	for (size_t i = start; capital && i < end; i++)
		if (text.at[i] >= 'a' && text.at[i] <= 'z')
			return;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (word_is(last, files[i]))
			return;
	personal_say(at, PERSONAL_EMAIL, at->hints & HINT_EMAIL ? GRADE_CERTAIN : GRADE_LIKELY,
	    span_of(text.at + start, end - start));
}

static bool in_japan(int64_t latitude, int64_t longitude)
{
	return latitude > 20000000 && latitude < 46000000 && longitude > 122000000 &&
	    longitude < 154000000;
}

/* A decimal with at least four places; how many bytes, 0: it is none. */
static size_t decimal_at(struct span text, size_t from, int64_t *ret_micro)
{
	size_t i = from, whole = 0, places = 0;

	if (i < text.left && text.at[i] == '-')
		i++;
	for (; i < text.left && is_digit(text.at[i]); i++)
		whole++;
	if (whole == 0 || whole > 3 || i >= text.left || text.at[i] != '.')
		return 0;
	for (i++; i < text.left && is_digit(text.at[i]); i++)
		places++;
	if (places < 4 || places > 15 || (i < text.left && (is_letter(text.at[i]) || text.at[i] == '.')))
		return 0;
	return number_read(span_of(text.at + from, i - from), 6, ret_micro) == KS_OK ? i - from : 0;
}

/* Points of a drawing are pairs of decimals too: SVG, or "L 35.6214,139.7086" of its path. */
static bool is_drawing(const struct personal_at *at, struct span text, size_t from)
{
	uint8_t letter = from > 1 && text.at[from - 1] == ' ' ? text.at[from - 2] | 0x20 : 0;
	bool alone = from < 3 || !(is_letter(text.at[from - 3]) || is_digit(text.at[from - 3]));

	if (at->search->drawing == DRAWING_UNKNOWN)
		at->search->drawing = word_in(at->leaf->content_type, "svg") ||
		    (text.left > 5 && memmem(text.at, text.left, "<path", 5) != NULL) ? DRAWING_YES
		    : DRAWING_NO;
	return at->search->drawing == DRAWING_YES || ((letter == 'l' || letter == 'm') && alone);
}

/* "35.6214, 139.7086": without names of fields, only a place in Japan is believed. */
void personal_coordinates(const struct personal_at *at, struct span text, size_t from)
{
	int64_t latitude = 0, longitude = 0;
	size_t n = decimal_at(text, from, &latitude), i = from + n, apart = 0;

	if (n == 0 || (from > 0 && (is_letter(text.at[from - 1]) || is_digit(text.at[from - 1]) ||
				      text.at[from - 1] == '.')))
		return;
	for (; i < text.left && apart < 3 && (text.at[i] == ',' || text.at[i] == ' ' ||
		 text.at[i] == ';' || text.at[i] == '|' ||
		 (text.at[i] == '/' && at->leaf->kind == BODY_URI)); i++)
		apart++;
	if (apart == 0)
		return;
	size_t second = decimal_at(text, i, &longitude);

	if (second > 0 && in_japan(latitude, longitude) && !is_drawing(at, text, from))
		personal_say(at, PERSONAL_LOCATION, GRADE_LIKELY, span_of(text.at + from, i + second - from));
}

/* To, dou, fu or ken, within 24 bytes shi, ku, gun, machi or mura, then a digit. */
void personal_address(const struct personal_at *at, struct span text)
{
	static const char prefectures[][4] = { "\xe9\x83\xbd", "\xe9\x81\x93", "\xe5\xba\x9c",
		"\xe7\x9c\x8c" };
	static const char towns[][4] = { "\xe5\xb8\x82", "\xe5\x8c\xba", "\xe9\x83\xa1",
		"\xe7\x94\xba", "\xe6\x9d\x91" };
	enum { NAME = 9, TO_TOWN = 24, TO_DIGIT = 60 };

	for (size_t i = 3; i + 3 <= text.left; i++) {
		size_t town = 0;

		if (text.at[i] < 0xe5 || text.at[i] > 0xe9)
			continue;
		for (size_t p = 0; p < 4; p++)
			if (memcmp(text.at + i, prefectures[p], 3) == 0)
				town = i + 3;
		for (size_t j = town; town != 0 && j < i + TO_TOWN && j + 3 <= text.left; j++)
			for (size_t t = 0; t < 5; t++)
				if (j > town && memcmp(text.at + j, towns[t], 3) == 0)
					town = j + 3;
		if (town <= i + 3)
			continue;
		for (size_t j = town; j < text.left && j < town + TO_DIGIT; j++) {
			if (!is_digit(text.at[j]) && !(j + 3 <= text.left &&
				memcmp(text.at + j, "\xef\xbc", 2) == 0))
				continue;
			size_t start = i >= NAME ? i - NAME : 0;

			while (start < i && (text.at[start] & 0xc0) == 0x80)
				start++;
			personal_say(at, PERSONAL_ADDRESS, at->hints & HINT_ADDRESS ? GRADE_CERTAIN
			    : GRADE_LIKELY, span_of(text.at + start, j + 1 - start));
			return;
		}
	}
}

/* An account number of many countries: letters, check digits, and the rest mod 97. */
static bool is_iban(struct span s)
{
	unsigned rest = 0;

	if (s.left < 15 || s.left > 34 || !is_letter(s.at[0]) || !is_letter(s.at[1]) ||
	    !is_digit(s.at[2]) || !is_digit(s.at[3]))
		return false;
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[(i + 4) % s.left];

		if (is_digit(c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			rest = (rest * 100 + (unsigned)(c - 'A' + 10)) % 97;
		else
			return false;
	}
	return rest == 1;
}

static int hex_value(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static bool is_mac(struct span s, struct mac *ret_mac)
{
	size_t n = 0;

	for (size_t i = 0; i < s.left; i++) {
		int v = hex_value(s.at[i]);

		if (v < 0 && (s.at[i] == ':' || s.at[i] == '-') && n % 2 == 0)
			continue;
		if (v < 0 || n >= 12)
			return false;
		ret_mac->byte[n / 2] = (uint8_t)(ret_mac->byte[n / 2] << 4 | v);
		n++;
	}
	return n == 12;
}

/* A value of one word, long enough, with a digit in it: what names a thing. */
static bool is_identifier(struct span s)
{
	size_t digits = 0, letters = 0;

	if (s.left < 6 || s.left > 128)
		return false;
	for (size_t i = 0; i < s.left; i++) {
		if (s.at[i] <= ' ' || s.at[i] >= 0x7f)
			return false;
		digits += is_digit(s.at[i]);
		letters += is_letter(s.at[i]);
	}
	return digits >= 2 && digits + letters >= 6;
}

static bool is_postal(struct span s)
{
	size_t digits = 0, letters = 0, dots = 0;

	if (s.left < 8 || s.left > 300)
		return false;
	for (size_t i = 0; i < s.left; i++) {
		digits += is_digit(s.at[i]);
		letters += is_letter(s.at[i]) || s.at[i] >= 0x80;
		dots += s.at[i] == '.' || s.at[i] == ':' || s.at[i] == '@' || s.at[i] == '/';
	}
	return digits > 0 && letters >= 4 && dots < 3 && memchr(s.at, ' ', s.left) != NULL;
}

static bool is_constant(struct span s)
{
	return word_is(s, "true") || word_is(s, "false") || word_is(s, "null") || word_is(s, "none");
}

void personal_field(const struct personal_at *at, struct span value)
{
	struct mac mac = { { 0 } };
	bool own = is_mac(value, &mac) && !mac_is_zero(&mac) &&
	    memcmp(&mac, &at->search->own, sizeof mac) == 0;

	if (value.left == 0 || value.left > 4096)
		return;
	if (own || ((at->hints & HINT_MAC) && is_mac(value, &(struct mac){ { 0 } }) &&
		       !mac_is_zero(&mac)))
		personal_say(at, PERSONAL_DEVICE, own ? GRADE_CERTAIN : GRADE_LIKELY, value);
	else if (is_iban(value))
		personal_say(at, PERSONAL_BANK, GRADE_CERTAIN, value);
	else if (at->hints & (HINT_SECRET | HINT_TOKEN) &&
	    (is_constant(value) || !personal_names_secret(at->leaf->key)))
		return; /* something about a secret, not the secret */
	else if (at->hints & HINT_SECRET)
		personal_say(at, PERSONAL_CREDENTIAL, GRADE_CERTAIN, value);
	else if (at->hints & HINT_TOKEN && value.left >= 8)
		personal_say(at, PERSONAL_CREDENTIAL, GRADE_LIKELY, value);
	else if (at->hints & HINT_DEVICE && !(at->hints & (HINT_IMEI | HINT_MAC)) &&
	    is_identifier(value))
		personal_say(at, PERSONAL_DEVICE, GRADE_LIKELY, value);
	else if (at->hints & HINT_ADDRESS && !(at->hints & (HINT_NETWORK | HINT_EMAIL)) &&
	    is_postal(value))
		personal_say(at, PERSONAL_ADDRESS, GRADE_POSSIBLE, value);
}
