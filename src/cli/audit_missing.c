/* src/cli/audit_missing.c - see audit_missing.h. */
#include "cli/audit_missing.h"
#include "base/drop.h"
#include "cli/front.h"

bool audit_missing_tell(enum lang lang, const struct audit *audit, const char *where)
{
	for (size_t i = 0; i < audit->missing_n; i++) {
		const struct audit_missing *missing = &audit->missing[i];
		KS_DROP(text) struct text near;

		text_init(&near, 400);
		for (size_t k = 0; k < missing->near_n; k++)
			text_addf(&near, "%s%s", k > 0 ? tr(lang, N_(", ")) : "", missing->near[k]);
		if (missing->near_n > 0)
			cli_complain(lang, "no device %s is in %s; the likest there: %s", missing->asked, where,
			    text_cstr(&near));
		else
			cli_complain(lang, "no device %s is in %s, nor any other like it", missing->asked, where);
	}
	return audit->missing_n > 0;
}
