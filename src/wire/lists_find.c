/* src/wire/lists_find.c - is it on a list? */
#include "wire/lists_find.h"
#include <openssl/evp.h>
#include <stdio.h>

static void listed_fill(const struct lists *lists, uint32_t meta, struct listed *listed)
{
	const struct list_head *head = &lists->heads[meta >> ABOUT_BITS];
	const struct list_about *about = list_about_of(lists, meta);

	listed->list = head->name;
	listed->dated = about->date != 0;
	listed->date = listed->dated ? name_at(&lists->words, about->date) : head->date;
	listed->category = name_at(&lists->words, about->word);
	listed->from_s = about->from_s;
	listed->until_s = about->until_s;
}

/* What is asked for, and when it was met. */
struct sought {
	const struct lists *lists;
	const struct lists_met *met;
};

static bool entry_find(const struct sought *sought, enum entry_kind kind, struct span bytes,
    struct listed *listed)
{
	const struct lists *lists = sought->lists;

	if (lists->slots == 0)
		return false;
	uint64_t key = entry_hash(lists, kind, bytes);

	for (unsigned turn = 0; turn < LIMIT_LIST_TIMES; turn++) {
		uint64_t its = entry_turn(key, turn);
		size_t at = entry_slot(lists->keys, lists->slots, its);

		if (lists->keys[at] == 0)
			return false;
		if (!list_about_holds(list_about_of(lists, lists->metas[at]), sought->met))
			continue;
		listed_fill(lists, lists->metas[at], listed);
		(void)snprintf(listed->entry, sizeof listed->entry, "%s%.*s",
		    kind == ENTRY_BELOW ? "*." : "", (int)bytes.left, (const char *)bytes.at);
		return true;
	}
	return false;
}

/* Datasets may hold MD5 or SHA-256 of names. */
static bool digest_find(const struct sought *sought, struct span name, struct listed *listed)
{
	const EVP_MD *kinds[] = { EVP_md5(), EVP_sha256() };
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	for (size_t k = 0; sought->lists->count.prints > 0 && k < 2; k++) {
		char text[2 * EVP_MAX_MD_SIZE + 1];

		if (EVP_Digest(name.at, name.left, digest, &n, kinds[k], NULL) != 1)
			continue;
		for (unsigned i = 0; i < n; i++)
			(void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
		if (entry_find(sought, ENTRY_PRINT, span_of(text, 2 * n), listed))
			return true;
	}
	return false;
}

bool lists_name(const struct lists *lists, struct span name, const struct lists_met *met,
    struct listed *ret_listed)
{
	const struct sought sought = { lists, met };
	char room[NAME_MAX_BYTES + 1];
	size_t n = name_normal(name, room);
	struct span s = span_of(room, n);

	if (n == 0)
		return false;
	if (entry_find(&sought, ENTRY_EXACT, s, ret_listed) ||
	    entry_find(&sought, ENTRY_BOTH, s, ret_listed))
		return true;
	while (s.left > 0) {
		(void)span_until(&s, '.');
		if (s.left > 0 && (entry_find(&sought, ENTRY_BOTH, s, ret_listed) ||
				      entry_find(&sought, ENTRY_BELOW, s, ret_listed)))
			return true;
	}
	return digest_find(&sought, span_of(room, n), ret_listed);
}

static void range_show(const struct range *range, char *room, size_t size)
{
	char from[ADDRESS_TEXT], to[ADDRESS_TEXT];

	if (range->bits != 255)
		(void)snprintf(room, size, "%s/%u", address_show(&range->from, from), range->bits);
	else
		(void)snprintf(room, size, "%s-%s", address_show(&range->from, from),
		    address_show(&range->to, to));
}

/* Ranges may lie within each other: the latest to begin is the nearest. */
static bool range_find(const struct sought *sought, const struct address *address,
    struct listed *listed)
{
	const struct lists *lists = sought->lists;
	size_t low = 0, high = lists->ranges_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (address_compare(&lists->ranges[mid].from, address) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (size_t i = low; i > 0; i--) {
		const struct range *range = &lists->ranges[i - 1];

		if (address_compare(&range->reach, address) < 0)
			return false;
		if (address_compare(&range->to, address) < 0 ||
		    !list_about_holds(list_about_of(lists, range->meta), sought->met))
			continue;
		listed_fill(lists, range->meta, listed);
		range_show(range, listed->entry, sizeof listed->entry);
		return true;
	}
	return false;
}

bool lists_address(const struct lists *lists, const struct address *address, uint16_t port,
    const struct lists_met *met, struct listed *ret_listed)
{
	const struct sought sought = { lists, met };
	char text[ADDRESS_TEXT], with_port[ADDRESS_TEXT + 10];

	(void)address_show(address, text);
	(void)snprintf(with_port, sizeof with_port,
	    address->family == ADDRESS_6 ? "[%s]:%u" : "%s:%u", text, port);
	return (port != 0 &&
		   entry_find(&sought, ENTRY_ADDRESS, span_text(with_port), ret_listed)) ||
	    entry_find(&sought, ENTRY_ADDRESS, span_text(text), ret_listed) ||
	    range_find(&sought, address, ret_listed);
}

/* The path as listed, or one below it, or with another query. */
bool lists_url(const struct lists *lists, struct span host, struct span path,
    const struct lists_met *met, struct listed *ret_listed)
{
	const struct sought sought = { lists, met };
	char url[LIMIT_LIST_URL], name[NAME_MAX_BYTES + 1];
	size_t n = name_normal(span_until(&host, ':'), name);

	if (n == 0 || path.left == 0 || n + path.left > sizeof url || lists->count.urls == 0)
		return false;
	memcpy(url, name, n);
	memcpy(url + n, path.at, path.left);
	for (size_t end = n + path.left; end > n + 1; end--) {
		bool border = end == n + path.left || url[end] == '/' || url[end] == '?' ||
		    url[end - 1] == '/';

		if (border && entry_find(&sought, ENTRY_URL, span_of(url, end), ret_listed))
			return true;
	}
	return false;
}

bool lists_print(const struct lists *lists, struct span hexadecimal,
    const struct lists_met *met, struct listed *ret_listed)
{
	const struct sought sought = { lists, met };
	char text[129];
	size_t n = 0;

	for (size_t i = 0; i < hexadecimal.left && n < sizeof text - 1; i++) {
		uint8_t c = hexadecimal.at[i];

		if (c != ':')
			text[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	return n > 0 && entry_find(&sought, ENTRY_PRINT, span_of(text, n), ret_listed);
}
