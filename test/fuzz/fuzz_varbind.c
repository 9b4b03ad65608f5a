/* Any bytes as a reply: each variable that is read back is written to the same bytes. */
#include "base/must.h"
#include "sense/snmp/varbind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span reply = span_of(data, size);
	struct varbind var;
	struct oid oid;
	struct text again;
	char words[OID_TEXT];

	while (varbind_cut(&reply, &var) == KS_OK) {
		text_init(&again, 1 << 17);
		varbind_add(&again, &var);
		must(!again.full && again.len <= size);
		if (oid_unpack(var.oid, &oid)) {
			struct oid back;

			oid_write(&oid, words, sizeof words);
			must(!oid_read(span_text(words), &back) || back.n <= oid.n);
		}
		text_done(&again);
	}
	reply = span_of(data, size);
	while (ask_oid_cut(&reply, &var.oid))
		must(var.oid.left > 0);
	(void)oid_read(span_of(data, size), &oid);
	return 0;
}
