#include "site/finding.h"

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

const char *way_word(enum finding_way way)
{
	static const char *const words[] = { "out", "from", "at" };

	return (unsigned)way < WAYS ? words[way] : "out";
}
