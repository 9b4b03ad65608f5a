#include "wire/aids.h"
#include "base/drop.h"
#include "base/text.h"
#include "base/zone.h"
#include "wire/capture_input.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const int64_t NS = 1000000000;
enum { PIECE = 1 << 18, TEXTS_MOST = 256 << 20 };

void aids_init(struct aids *a)
{
	*a = (struct aids){ .lists = NULL };
	arena_init(&a->texts, TEXTS_MOST);
}

void aids_done(struct aids *a)
{
	lists_free(a->lists);
	places_close(a->places);
	arena_done(&a->texts);
}

static const char *text_kept(struct aids *a, const char *text)
{
	const char *kept = text[0] == '\0' ? "" : arena_text(&a->texts, span_text(text));

	return kept != NULL ? kept : "";
}

static bool is_listed(void *context, const struct make_indicator *indicator,
    struct audit_listed *ret_listed)
{
	struct aids *a = context;
	struct lists_met met = { indicator->first_ns / NS, indicator->last_ns / NS };
	struct listed hit;
	const char *what = "";
	bool found = false;

	if (indicator->name != NULL) {
		what = indicator->name;
		found = lists_name(a->lists, span_text(what), &met, &hit);
	} else if (indicator->address != NULL) {
		what = indicator->text;
		found = lists_address(a->lists, indicator->address, indicator->port, &met,
		    &hit);
	} else if (indicator->url_host != NULL && indicator->url_path != NULL) {
		found = lists_url(a->lists, span_text(indicator->url_host),
		    span_text(indicator->url_path), &met, &hit);
		what = found ? text_kept(a, hit.entry) : "";
	} else if (indicator->fingerprint != NULL) {
		what = indicator->fingerprint;
		found = lists_print(a->lists, span_text(what), &met, &hit);
	}
	if (!found)
		return false;
	ret_listed->indicator = what;
	ret_listed->list = hit.list;
	ret_listed->entry = text_kept(a, hit.entry);
	ret_listed->date = hit.date;
	ret_listed->category = hit.category;
	ret_listed->from_ns = hit.from_s * NS;
	ret_listed->until_ns = hit.until_s * NS;
	return true;
}

static bool is_at(void *context, const struct address *address, char ret_country[3],
    const char **ret_owner)
{
	struct aids *a = context;
	const char *owner = "";
	bool found = places_find(a->places, address, ret_country, &owner);

	*ret_owner = text_kept(a, owner);
	return found;
}

/* The day of the file's last change: lists say their own date, or that is theirs. */
static void date_of(int fd, char room[12])
{
	struct stat is;

	room[0] = '\0';
	if (fstat(fd, &is) != 0)
		return;
	struct civil day = zone_split(NULL, (int64_t)is.st_mtim.tv_sec * 1000);

	(void)snprintf(room, 12, "%04d-%02u-%02u", (int)day.year % 10000, day.month % 100u,
	    day.day % 100u);
}

static void drop_input(struct input **input)
{
	input_free(*input);
}

int aids_list(struct aids *a, int fd, const char *name, struct why *why)
{
	KS_DROP(input) struct input *input = NULL;
	KS_DROP(heap) uint8_t *room = malloc(PIECE);
	char date[12];
	size_t got = 0;

	if (room == NULL || (a->lists == NULL && lists_new((uint64_t)(uintptr_t)a, &a->lists) != KS_OK))
		return fail(why, KS_FULL, "out of memory");
	a->ask_lists = (struct make_lists){ .context = a, .find = is_listed };
	date_of(fd, date);
	uint64_t before = lists_count(a->lists).said;
	int code = input_new(fd, name, &input, why);

	if (code == KS_OK)
		code = lists_begin(a->lists, name, date, why);
	while (code == KS_OK) {
		code = input_read(input, room, PIECE, &got, why);
		if (code == KS_OK)
			code = lists_take(a->lists, span_of(room, got), why);
	}
	if (code == KS_ABSENT)
		code = lists_end(a->lists, why);
	return code == KS_OK && lists_count(a->lists).said == before ?
	    fail(why, KS_MALFORMED, "%s: no name and no address of a block list was found in it", name) : code;
}

int aids_accept(struct aids *a, struct span bytes, const char *name, struct why *why)
{
	return accepts_read(bytes, name, &a->texts, &a->accepts, why);
}

void aids_places(struct aids *a, struct places *take_places)
{
	places_close(a->places);
	a->places = take_places;
	a->ask_place = (struct make_place){ .context = a, .find = is_at,
		.attribution = places_credit(take_places) };
}

void aids_plan(const struct aids *a, struct make_plan *plan)
{
	plan->lists = a->lists != NULL ? &a->ask_lists : NULL;
	plan->accepts = a->accepts.n > 0 ? &a->accepts : NULL;
	plan->place = a->places != NULL && a->ask_place.attribution[0] != '\0' ? &a->ask_place : NULL;
}

bool mac_read(const char *words, struct mac *ret_mac)
{
	unsigned byte[6];
	int used = 0;

	if (sscanf(words, "%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%*1[:-]%2x%n", &byte[0],
	    &byte[1], &byte[2], &byte[3], &byte[4], &byte[5], &used) != 6 ||
	    words[used] != '\0')
		return false;
	for (size_t i = 0; i < 6; i++)
		ret_mac->byte[i] = (uint8_t)byte[i];
	return true;
}

size_t known_of_site(const struct site *site, struct make_known *ret_known)
{
	size_t n = 0;

	for (size_t i = 0; i < site->hosts_n; i++) {
		const char *address = site->hosts[i].address;

		ret_known[n++] = (struct make_known){ .name = site->hosts[i].id,
			.address = address_read(span_text(address != NULL ? address : "")) };
	}
	for (size_t i = 0; i < site->devices_n; i++) {
		const struct device *device = &site->devices[i];
		struct make_known *known = &ret_known[n++];

		*known = (struct make_known){ .name = device->id, .address =
		    address_read(span_text(device->address != NULL ? device->address : "")) };
		if (device->mac != NULL)
			(void)mac_read(device->mac, &known->mac);
	}
	return n;
}
