#include "cli/status_store.h"
#include "cli/last.h"

int status_store(const char *state, int64_t now_ms, struct text *ret_json, struct why *why)
{
	struct last last;
	int code = last_open(state, now_ms, &last, why);

	if (code != KS_OK)
		return code;
	const struct status status = { .verdict = &last.verdict, .findings = last.findings,
		.findings_n = last.findings_n, .readings = last.readings,
		.readings_n = last.readings_n, .site = last.site_id, .model = last.site,
		.source = "store", .zone = last.zone, .now_ms = now_ms };

	status_json(ret_json, &status);
	last_done(&last);
	return KS_OK;
}
