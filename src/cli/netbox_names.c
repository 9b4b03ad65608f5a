/* src/cli/netbox_names.c - what is kept of a NetBox export, and its names as IDs. */
#include "base/hash.h"
#include "base/limits.h"
#include "cli/netbox_in.h"
#include <stdio.h>
#include <string.h>

int netbox_new(struct arena *arena, struct netbox **ret_netbox, struct why *why)
{
	struct netbox *netbox = arena_take(arena, sizeof *netbox);

	if (netbox == NULL)
		return fail(why, KS_FULL, "no memory left");
	netbox->arena = arena;
	*ret_netbox = netbox;
	return KS_OK;
}

void netbox_warn(struct netbox *netbox, const char *fmt, ...)
{
	va_list args;

	if (netbox->warnings_n == NETBOX_WARNINGS) {
		netbox->warnings_more++;
		return;
	}
	va_start(args, fmt);
	why_keep(&netbox->warnings[netbox->warnings_n++], fmt, args);
	va_end(args);
}

const struct why *netbox_warning(const struct netbox *netbox, size_t at)
{
	return at < netbox->warnings_n ? &netbox->warnings[at] : NULL;
}

size_t netbox_more(const struct netbox *netbox)
{
	return netbox->warnings_more;
}

struct span netbox_keep(struct netbox *netbox, struct span s)
{
	char *kept = arena_text(netbox->arena, s);

	netbox->full |= kept == NULL;
	return kept != NULL ? span_of(kept, s.left) : span_of("", 0);
}

bool names_new(struct names *names, struct netbox *netbox, size_t most)
{
	*names = (struct names){ .netbox = netbox, .mask = 63 };
	while (names->mask < 2 * most)
		names->mask = names->mask * 2 + 1;
	names->list = arena_array(netbox->arena, names->mask + 1, sizeof *names->list);
	netbox->full |= names->list == NULL;
	return names->list != NULL;
}

/* Where it is, or would be. */
static struct name *names_find(const struct names *names, const char *scope, struct span key)
{
	struct span where = span_text(scope);
	size_t at = hash_of(key, hash_of(where, 0)) & names->mask;

	for (;; at = (at + 1) & names->mask) {
		struct name *name = &names->list[at];

		if (!name->used || (name->key.left == key.left && name->scope.left == where.left &&
			(key.left == 0 || memcmp(name->key.at, key.at, key.left) == 0) &&
			memcmp(name->scope.at, where.at, where.left) == 0))
			return name;
	}
}

uint32_t names_get(const struct names *names, const char *scope, struct span key)
{
	const struct name *name = names_find(names, scope, key);

	return name->used ? name->value : UINT32_MAX;
}

bool names_put(struct names *names, const char *scope, struct span key, uint32_t value)
{
	struct name *name = names_find(names, scope, key);

	if (name->used || names->n * 2 > names->mask)
		return false;
	*name = (struct name){ .scope = netbox_keep(names->netbox, span_text(scope)), .key = key, .value = value,
		.used = true };
	names->n++;
	return true;
}

/* Letters of an ID: no blank, none of =,"#. and none that look like a blank. */
static size_t id_letters(struct span name, char *id, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < name.left && n < most; i++) {
		uint8_t c = name.at[i];
		bool wide = i + 2 < name.left && c == 0xe3 && name.at[i + 1] == 0x80 && name.at[i + 2] == 0x80;

		if (wide)
			i += 2;
		id[n++] = wide || c <= ' ' || c == 0x7f || memchr("=,\"#.", c, 5) != NULL ? '-' : (char)c;
	}
	/* a letter of several bytes is not cut in two */
	if (n == most) {
		while (n > 0 && ((uint8_t)id[n - 1] & 0xc0) == 0x80)
			n--;
		n -= n > 0 && ((uint8_t)id[n - 1] & 0xc0) == 0xc0;
	}
	id[n] = '\0';
	return n;
}

const char *names_id(struct names *names, const char *prefix, struct span name)
{
	char plain[LIMIT_NAME + 1], id[LIMIT_NAME + 1];
	size_t n = id_letters(name, plain, LIMIT_NAME - 20);

	(void)snprintf(id, sizeof id, "%s", n > 0 ? plain : prefix);
	for (unsigned again = 1; names_get(names, "id", span_text(id)) != UINT32_MAX; again++)
		(void)snprintf(id, sizeof id, "%.*s-%.6s%u", LIMIT_NAME - 20, n > 0 ? plain : prefix, prefix, again);

	char *kept = arena_text(names->netbox->arena, span_text(id));

	if (kept == NULL || !names_put(names, "id", span_text(kept), 0)) {
		names->netbox->full = true;
		return NULL;
	}
	return kept;
}
