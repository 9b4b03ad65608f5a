/* src/role/core_link.c - the link "I have it" of a message: which incident, through which
 * channel, until when, and a keyed hash over these.  The key stays in the store, so that
 * links outlive a restart; the page hands links here and can check none by itself. */
#include "role/core.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { MAC = 16 };

static const char note[] = "link_key";

static void key_make(struct core *core)
{
	char hex[2 * sizeof core->link_key + 1];
	struct why why = { .fmt = NULL };

	core->link_ready = getrandom(core->link_key, sizeof core->link_key, 0) ==
	    (ssize_t)sizeof core->link_key;
	if (!core->link_ready)
		return;
	(void)sodium_bin2hex(hex, sizeof hex, core->link_key, sizeof core->link_key);
	int code = store_put_note(core->store, note, hex, &why);

	if (code != KS_OK) /* good until the next start all the same */
		core_store_failed(core, code, &why);
	sodium_memzero(hex, sizeof hex);
}

void core_link_load(struct core *core)
{
	char hex[2 * sizeof core->link_key + 1] = "";
	struct why why = { .fmt = NULL };
	size_t n = 0;

	core->link_ready = store_note(core->store, note, hex, sizeof hex, &why) == KS_OK &&
	    sodium_hex2bin(core->link_key, sizeof core->link_key, hex, strlen(hex), NULL, &n,
		NULL) == 0 && n == sizeof core->link_key;
	sodium_memzero(hex, sizeof hex);
	if (!core->link_ready)
		key_make(core);
}

static void mac_of(const struct core *core, uint64_t finding, int64_t until_s,
    const char *channel, char ret_hex[2 * MAC + 1])
{
	char said[128];
	uint8_t mac[MAC];

	(void)snprintf(said, sizeof said, "%llu %lld %s", (unsigned long long)finding,
	    (long long)until_s, channel);
	(void)crypto_generichash(mac, sizeof mac, (const uint8_t *)said, strlen(said),
	    core->link_key, sizeof core->link_key);
	(void)sodium_bin2hex(ret_hex, 2 * MAC + 1, mac, sizeof mac);
}

void core_link_put(const struct core *core, struct telling *telling)
{
	int64_t until_s = (telling->now_ms + TELL_TAKE_MS) / 1000;
	char mac[2 * MAC + 1];

	if (!core->link_ready || telling->finding.id == 0 ||
	    (telling->news != NEWS_OPENED && telling->news != NEWS_WORSE))
		return;
	mac_of(core, telling->finding.id, until_s, telling->channel, mac);
	(void)snprintf(telling->take, sizeof telling->take, "%llu-%lld-%s",
	    (unsigned long long)telling->finding.id, (long long)until_s, mac);
}

int core_link_check(const struct core *core, const struct wish *wish, struct why *why)
{
	char mac[2 * MAC + 1];

	mac_of(core, wish->number, wish->to_ms / 1000, wish->subject, mac);
	if (!core->link_ready || strlen(wish->reason) != strlen(mac) ||
	    sodium_memcmp(wish->reason, mac, sizeof mac) != 0)
		return fail(why, KS_REFUSED, "this link was not made by this keisoku");
	if (wish->to_ms < core_now(core))
		return fail(why, KS_REFUSED, "this link is too old; look at the page itself");
	if (tell_acknowledged(core->tell, wish->number))
		return fail(why, KS_REFUSED, "somebody has it already");
	return KS_OK;
}
