#include "site/finding.h"
#include "site/act.h"

const char *finding_id(enum finding_code code)
{
	static const char *const ids[] = {
#define X(name, id) [name] = id,
		KS_FINDINGS(X)
#undef X
	};

	return (unsigned)code < FINDING_CODES ? ids[code] : "KS-NONE-000";
}

const char *subject_word(enum subject subject)
{
	static const char *const words[] = { "site", "room", "rack", "node", "host", "service",
		"sensor", "device", "cooling", "role" };

	return (unsigned)subject < SUBJECTS ? words[subject] : "thing";
}

const char *act_word(enum act_kind kind)
{
	static const char *const words[] = { "started", "stopped", "site_loaded", "site_refused",
		"role_restarted", "store_sealed", "store_compacted", "store_dropped", "gap", "told", "not_told",
		"acknowledged", "silenced", "maintenance", "window_ended", "login", "login_refused",
		"logout" };

	return (unsigned)kind < ACT_KINDS ? words[kind] : "act";
}
