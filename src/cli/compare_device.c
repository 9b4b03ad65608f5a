/* src/cli/compare_device.c - which device of one capture is which of the other.  By what the
 * site file calls it; by its address, unless its card (MAC), or else the name it gives itself,
 * is another; then, when it is not at its old address, by its card and by its name.  Whatever
 * several on one side have in common tells none of them apart.  Who is matched with nobody was
 * not there on the other side: what it does can not be "still there". */
#include "cli/compare_in.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum kind { BY_SITE, BY_ADDRESS, BY_ANY_ADDRESS, BY_MAC, BY_NAME, KINDS };

struct key {
	const char *text;
	uint32_t device;
};
struct keys {
	struct key *at;
	size_t n;
};
struct match {
	const struct audit *audit[2];
	uint32_t *other[2];
};

/* A name that the device itself told as its host's; others call it what they like. */
static const char *own_name(const struct audit_device *d)
{
	static const char *const own[] = { "dhcp", "mdns", "nbns", "lldp" };

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(d->name_from, own[i]) == 0 && strcasecmp(d->name, "localhost") != 0)
			return d->name;
	return "";
}

static const char *key_of(const struct audit_device *d, enum kind kind)
{
	return kind == BY_SITE ? strcmp(d->name_from, "site") == 0 ? d->name : "" :
	    kind == BY_MAC ? d->mac : kind == BY_NAME ? own_name(d) : d->address;
}

static int by_text(const void *a, const void *b)
{
	const struct key *one = a, *two = b;

	return strcasecmp(one->text, two->text);
}

/* Of those that nobody was found for yet. */
static bool keys_fill(const struct match *m, int side, enum kind kind, struct keys *ret)
{
	const struct audit *audit = m->audit[side];
	size_t most = audit->devices_n;

	for (size_t i = 0; i < audit->devices_n; i++)
		most += audit->devices[i].addresses_n;
	*ret = (struct keys){ .at = calloc(most + 1, sizeof *ret->at) };
	for (uint32_t i = 0; ret->at != NULL && i < audit->devices_n; i++) {
		const struct audit_device *d = &audit->devices[i];

		if (m->other[side][i] != AUDIT_NO_DEVICE)
			continue;
		if (key_of(d, kind)[0] != '\0')
			ret->at[ret->n++] = (struct key){ key_of(d, kind), i };
		for (size_t k = 0; kind == BY_ANY_ADDRESS && k < d->addresses_n; k++)
			if (strcmp(d->addresses[k], d->address) != 0)
				ret->at[ret->n++] = (struct key){ d->addresses[k], i };
	}
	if (ret->n > 1)
		qsort(ret->at, ret->n, sizeof *ret->at, by_text);
	return ret->at != NULL;
}

/* Is what is at one address on both sides two devices? */
static bool is_another(const struct audit_device *a, const struct audit_device *b)
{
	if (a->mac[0] != '\0' && b->mac[0] != '\0')
		return strcasecmp(a->mac, b->mac) != 0;
	return own_name(a)[0] != '\0' && own_name(b)[0] != '\0' &&
	    strcasecmp(own_name(a), own_name(b)) != 0;
}

static void pair(struct match *m, enum kind kind, uint32_t before, uint32_t after)
{
	if (m->other[BEFORE][before] != AUDIT_NO_DEVICE || m->other[AFTER][after] != AUDIT_NO_DEVICE)
		return;
	if ((kind == BY_ADDRESS || kind == BY_ANY_ADDRESS) &&
	    is_another(&m->audit[BEFORE]->devices[before], &m->audit[AFTER]->devices[after]))
		return;
	m->other[BEFORE][before] = after;
	m->other[AFTER][after] = before;
}

static size_t run_end(const struct keys *keys, size_t from)
{
	size_t end = from + 1;

	while (end < keys->n && by_text(&keys->at[end], &keys->at[from]) == 0)
		end++;
	return end;
}

static void pairs_find(struct match *m, enum kind kind, const struct keys keys[2])
{
	for (size_t i = 0, j = 0; i < keys[BEFORE].n && j < keys[AFTER].n;) {
		int order = by_text(&keys[BEFORE].at[i], &keys[AFTER].at[j]);
		size_t i_end = run_end(&keys[BEFORE], i), j_end = run_end(&keys[AFTER], j);

		if (order == 0 && i_end == i + 1 && j_end == j + 1)
			pair(m, kind, keys[BEFORE].at[i].device, keys[AFTER].at[j].device);
		i = order <= 0 ? i_end : i;
		j = order >= 0 ? j_end : j;
	}
}

bool compare_devices(struct arena *arena, struct compare *c)
{
	struct match m = { .audit = { c->audit[BEFORE], c->audit[AFTER] } };
	bool good = true;

	for (int side = 0; side < 2; side++) {
		m.other[side] = arena_array(arena, m.audit[side]->devices_n + 1, sizeof *m.other[side]);
		if (m.other[side] == NULL)
			return false;
		for (size_t i = 0; i < m.audit[side]->devices_n; i++)
			m.other[side][i] = AUDIT_NO_DEVICE;
		c->other[side] = m.other[side];
	}
	for (enum kind kind = 0; good && kind < KINDS; kind++) {
		struct keys keys[2] = { { .at = NULL }, { .at = NULL } };

		good = keys_fill(&m, BEFORE, kind, &keys[BEFORE]) && keys_fill(&m, AFTER, kind, &keys[AFTER]);
		if (good)
			pairs_find(&m, kind, keys);
		free(keys[BEFORE].at);
		free(keys[AFTER].at);
	}
	return good;
}

uint32_t compare_device_of(const struct compare *c, int side, uint32_t device)
{
	if (device >= c->audit[side]->devices_n)
		return AUDIT_NO_DEVICE;
	if (side == BEFORE)
		return device;
	return c->other[AFTER][device] != AUDIT_NO_DEVICE ? c->other[AFTER][device] :
	    (uint32_t)c->audit[BEFORE]->devices_n + device;
}
