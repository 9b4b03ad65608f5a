/* src/cli/audit_show.h - the ways an audit is shown: for a terminal, for machines, as one
 * HTML page, as rows for a SIEM; and what they share.  Each writes to a file that the
 * caller opened; false when it could not be written. */
#ifndef KS_CLI_AUDIT_SHOW_H
#define KS_CLI_AUDIT_SHOW_H
#include "cli/json.h"
#include "wire/audit.h"
#include "words/wire.h"

struct audit_view {
	const struct audit *audit;
	enum lang lang;
	const struct zone *zone; /* NULL: UTC */
	const char *zone_name;	 /* "Asia/Tokyo" */
	bool color;
	size_t columns; /* of the terminal; 0: no terminal */
};

bool audit_json(const struct audit_view *view, FILE *to);
bool audit_text(const struct audit_view *view, FILE *to);
/* The report as a file, whole or not at all (cli/draft.h). */
KS_MUST int audit_page_write(const struct audit_view *view, const char *path, struct why *why);
bool audit_html(const struct audit_view *view, FILE *to);
/* The destinations as a table (base/csv.h). */
bool audit_csv(const struct audit_view *view, FILE *to);
/* http, ssl, x509, files, notice, each as NAME.log (tab-separated, or JSON lines) in a
 * folder that exists; why names the file that failed.  conn, dns: flow_rows.h. */
KS_MUST int audit_zeek(const struct audit_view *view, const char *folder, bool json,
    struct why *why);
bool audit_eve(const struct audit_view *view, FILE *to);

/* -- shared ------------------------------------------------------------------------ */

/* Requests of one device, host and method, and handshakes with one server and outcome, in
 * the order of the first of each. */
enum { AUDIT_GROUPS = 180 };
struct audit_group {
	size_t first; /* index into audit.http, audit.tls */
	uint64_t count, bytes;
};
struct audit_groups {
	struct audit_group of[AUDIT_GROUPS];
	size_t n;
	uint64_t more; /* rows of groups past the limit */
};
void audit_http_groups(const struct audit *audit, struct audit_groups *ret_groups);
void audit_tls_groups(const struct audit *audit, struct audit_groups *ret_groups);

/* The exit code by the worst open finding. */
int audit_code(const struct audit *audit);
/* What a device is called: its name, else its address, else its MAC; "?" for none. */
const char *audit_device(const struct audit *audit, uint32_t device);
/* Its address, for machines; its MAC when it has none; "" for none. */
const char *audit_device_address(const struct audit *audit, uint32_t device);
/* Which file a frame is in (index), and its number there. */
size_t audit_frame(const struct audit *audit, uint64_t frame, uint64_t *ret_number);
/* A date in words of the zone: "20 Apr"; with the year when it is not near. */
void say_day(struct text *text, enum lang lang, const struct zone *zone, int64_t utc_ms);
/* "2 critical findings, 5 warnings"; returns the worst open one. */
enum severity say_verdict(struct text *text, enum lang lang, const struct audit *audit);
/* What is wrong with the certificate of a session, "not visible", "valid". */
void say_certificate(struct text *text, enum lang lang, const struct audit *audit,
    const struct audit_tls *tls);
/* What could not be seen, and why. */
void say_unseen(struct text *text, enum lang lang, const struct audit_unseen *unseen);
const char *grade_said(enum lang lang, const char *grade);
/* "from 20 Apr 00:04 to 1 May 23:58" */
void say_span(struct text *text, enum lang lang, const struct zone *zone, int64_t from_ms,
    int64_t to_ms);
/* The sentence of a finding, as of the end of the capture. */
/* Addresses of who began it and of whom it went to; "" where it is none, or several. */
void audit_finding_ends(const struct audit *audit, const struct audit_finding *finding,
    const char *ret_ends[2]);
void audit_finding_say(struct text *text, const struct audit_view *view, enum lang lang,
    const struct audit_finding *finding);
/* Why a line of the accept file accepts nothing here. */
void audit_stale_say(struct text *text, enum lang lang, const struct audit_stale *stale);
/* Why no destination has a country: a sentence; NULL: some have. */
const char *audit_no_country(const struct audit *audit);
/* "Ethernet"; NULL when unknown */
const char *link_type_name(uint16_t link);
#endif
