/* src/cli/audit_eve.c - our findings as Suricata's EVE JSON, one a line, behind the events that
 * were written meanwhile (flow_rows.c).
 * Source: Suricata documentation, "EVE JSON Format". */
#include "cli/audit_show.h"
#include "base/drop.h"

static void event_open(struct json *j, const char *type, int64_t time_ns)
{
	j->comma = false;
	json_open(j, NULL, '{');
	json_time(j, "timestamp", time_ns);
	json_text(j, "event_type", type);
}

static void event_close(struct json *j)
{
	json_close(j, '}');
	text_add_char(&j->text, '\n');
	j->comma = false;
}

static void alert_rows(struct json *j, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];
		KS_DROP(text) struct text words = { 0 };
		const char *ends[2];

		if (f->base.severity == SEVERITY_OK || f->accepted != NULL)
			continue;
		text_init(&words, 4000);
		audit_finding_say(&words, view, LANG_EN, f);
		event_open(j, "alert", f->base.since_ms * 1000000);
		audit_finding_ends(audit, f, ends);
		if (ends[0][0] != '\0')
			json_text(j, "src_ip", ends[0]);
		if (ends[1][0] != '\0')
			json_text(j, "dest_ip", ends[1]);
		json_open(j, "alert", '{');
		json_text(j, "action", "allowed");
		json_text(j, "signature", text_cstr(&words));
		json_text(j, "category", finding_id(f->base.code));
		json_count(j, "severity", f->base.severity == SEVERITY_CRITICAL ? 1 : 2);
		json_close(j, '}');
		event_close(j);
	}
}

bool audit_eve(const struct audit_view *view, FILE *to)
{
	struct json j;

	json_start(&j, to);
	alert_rows(&j, view);
	return json_finish(&j);
}
