/* Any bytes as the answers of an SNMP agent, two polls long: the first two bytes choose
 * who it says it is, the rest is cut into replies by length bytes. */
#include "base/must.h"
#include "sense/snmp/families.h"
#include "sense/snmp/snmp.h"
#include "sense/snmp/varbind.h"
#include <stdlib.h>

enum { ASKS_MOST = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A family's own sysObjectID, so that its tables are reached from small inputs. */
static void greet(struct text *reply, uint32_t which)
{
	static const uint32_t name[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
	uint32_t families = 0;
	struct oid oid = { .n = 9 }, id;
	uint8_t packed[OID_BYTES], value[OID_BYTES];

	while (snmp_families[families] != NULL)
		families++;
	memcpy(oid.id, name, sizeof name);
	const char *ids = snmp_families[which % families]->ids;
	struct span rest = span_text(ids != NULL ? ids : ".1.3.6.1.4.1.99999");

	if (!oid_read(span_until(&rest, ' '), &id))
		return;
	struct varbind var = { .type = VAR_OID };

	var.oid = span_of(packed, oid_pack(&oid, packed, sizeof packed));
	var.value = span_of(value, oid_pack(&id, value, sizeof value));
	varbind_add(reply, &var);
}

static void poll(struct talk *talk, struct span *bytes, uint32_t which)
{
	struct why why;
	struct ask ask;

	for (talk->turn = 0; talk->turn < ASKS_MOST; ) {
		struct text reply;

		if (driver_snmp.ask(talk, &ask, &why) != KS_OK || ask.what == ASK_NONE)
			return;
		text_init(&reply, 1 << 16);
		if (talk->turn == 0)
			greet(&reply, which);
		talk->turn++;
		size_t n = (size_t)span_be(bytes, 2) & 0x3ff;

		if (bytes->broken)
			*bytes = (struct span){ .at = NULL };
		text_add_span(&reply, span_cut(bytes, n < bytes->left ? n : bytes->left));
		uint8_t *lent = malloc(reply.len + 1);

		must(lent != NULL);
		memcpy(lent, text_cstr(&reply), reply.len);
		int code = driver_snmp.read(talk, span_of(lent, reply.len), &why);

		free(lent);
		text_done(&reply);
		if (code != KS_OK)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct offer offers[LIMIT_DEVICE_READINGS];
	struct span bytes = span_of(data, size);
	uint32_t which = (uint32_t)span_be(&bytes, 1);
	struct probe probe = { .name = "fuzz", .address = "fuzz" };
	struct arena arena;
	void *memory = calloc(1, driver_snmp.memory_size);

	must(memory != NULL);
	for (int i = 0; i < 2; i++) {
		struct talk talk = { .probe = &probe, .arena = &arena, .memory = memory,
			.offers = offers };

		arena_init(&arena, 1 << 20);
		poll(&talk, &bytes, which);
		for (size_t o = 0; o < talk.offers_n; o++)
			must(offers[o].quality != QUALITY_OK ||
			    measure_possible((enum measure)offers[o].kind, offers[o].milli));
		arena_done(&arena);
	}
	driver_snmp.forget(memory);
	free(memory);
	return 0;
}
