/* src/cli/audit_story_say.c - one sentence for all hosts with which a device does the same. */
#include "cli/audit_story.h"

/* Each takes the list of hosts and how often; NULL: the finding's own sentence. */
static const char *together(enum finding_code code)
{
	switch (code) {
	case FINDING_WIRE_CREDENTIAL:
		return N_("sends passwords in clear to %s (%lld {time|times})");
	case FINDING_WIRE_CLEAR_SENT:
		return N_("sends data by plain HTTP to %s (%lld {request|requests})");
	case FINDING_WIRE_CLEAR:
		return N_("reads by plain HTTP from %s (%lld {request|requests})");
	case FINDING_WIRE_NOT_ENCRYPTED:
		return N_("speaks readably where encryption is expected: %s (%lld {time|times})");
	case FINDING_WIRE_REFUSED:
		return N_("refuses the certificate of %s (%lld {time|times})");
	case FINDING_WIRE_CLAIMS:
		return N_("is shown certificates in a foreign name by %s (%lld {time|times})");
	case FINDING_WIRE_UNTRUSTED:
		return N_("is shown certificates of no trusted authority by %s (%lld {time|times})");
	case FINDING_WIRE_DATES:
		return N_("is shown certificates out of their dates by %s (%lld {time|times})");
	case FINDING_WIRE_MISMATCH:
		return N_("is shown certificates for another name by %s (%lld {time|times})");
	case FINDING_WIRE_WEAK_CERTIFICATE:
		return N_("is shown weak certificates by %s (%lld {time|times})");
	case FINDING_WIRE_ODD_CERTIFICATE:
		return N_("is shown unusual certificates by %s (%lld {time|times})");
	case FINDING_WIRE_OLD_TLS:
		return N_("agrees on out-of-date TLS with %s (%lld {time|times})");
	case FINDING_WIRE_TRACEROUTE:
		return N_("traces the route to %s (%lld {time|times})");
	default:
		return NULL;
	}
}

/* The same of what others began: from, to and with whom. */
static const char *together_received(enum finding_code code)
{
	switch (code) {
	case FINDING_WIRE_CREDENTIAL:
		return N_("receives passwords in clear from %s (%lld {time|times})");
	case FINDING_WIRE_CLEAR_SENT:
		return N_("receives data by plain HTTP from %s (%lld {request|requests})");
	case FINDING_WIRE_CLEAR:
		return N_("answers by plain HTTP to %s (%lld {request|requests})");
	case FINDING_WIRE_NOT_ENCRYPTED:
		return N_("speaks readably where encryption is expected with %s (%lld {time|times})");
	case FINDING_WIRE_REFUSED:
		return N_("has its certificate refused by %s (%lld {time|times})");
	case FINDING_WIRE_CLAIMS:
		return N_("shows certificates in a foreign name to %s (%lld {time|times})");
	case FINDING_WIRE_UNTRUSTED:
		return N_("shows certificates of no trusted authority to %s (%lld {time|times})");
	case FINDING_WIRE_DATES:
		return N_("shows certificates out of their dates to %s (%lld {time|times})");
	case FINDING_WIRE_MISMATCH:
		return N_("shows certificates for another name to %s (%lld {time|times})");
	case FINDING_WIRE_WEAK_CERTIFICATE:
		return N_("shows weak certificates to %s (%lld {time|times})");
	case FINDING_WIRE_ODD_CERTIFICATE:
		return N_("shows unusual certificates to %s (%lld {time|times})");
	case FINDING_WIRE_OLD_TLS:
		return N_("agrees on out-of-date TLS with %s (%lld {time|times})");
	case FINDING_WIRE_TRACEROUTE:
		return N_("the route to it is traced by %s (%lld {time|times})");
	default:
		return NULL;
	}
}

const char *story_together(enum finding_code code, enum finding_way way)
{
	return way == WAY_OUT ? together(code) : together_received(code);
}
