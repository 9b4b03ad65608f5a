/* src/cli/audit_zeek.c - x509 and notice rows with the columns and names of Zeek's logs, for
 * those who feed a SIEM; the others are written while the capture is read (flow_rows.c).
 * Source: Zeek documentation, "Zeek Log Formats" and script reference of each log. */
#include "cli/audit_show.h"
#include "base/drop.h"
#include "cli/draft.h"
#include "cli/sheet.h"
#include "wire/make.h"
#include <errno.h>
#include <string.h>

/* -- logs -------------------------------------------------------------------------- */

static const struct column x509_columns[] = { { "ts", IS_TIME }, { "fingerprint", IS_TEXT },
	{ "certificate.serial", IS_TEXT }, { "certificate.subject", IS_TEXT },
	{ "certificate.issuer", IS_TEXT }, { "certificate.not_valid_before", IS_TIME },
	{ "certificate.not_valid_after", IS_TIME }, { "certificate.key_alg", IS_TEXT },
	{ "certificate.sig_alg", IS_TEXT }, { "san.dns", IS_TEXT },
	{ "basic_constraints.ca", IS_BOOL }, { "host_cert", IS_BOOL }, { "seen", IS_COUNT } };

/* When it was shown first, where a handshake tells; else the capture's beginning. */
static int64_t shown_first(const struct audit *audit, size_t certificate)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < audit->tls_n; i++)
		if (audit->tls[i].leaf == certificate && audit->tls[i].time_ns < first)
			first = audit->tls[i].time_ns;
	return first != INT64_MAX ? first : audit->capture.first_ns;
}

static void x509_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->certificates_n; i++) {
		const struct audit_certificate *c = &audit->certificates[i];

		sheet_row(log);
		sheet_time(log, shown_first(audit, i));
		sheet_text(log, c->sha256);
		sheet_text(log, c->serial);
		sheet_text(log, c->subject);
		sheet_text(log, c->issuer);
		sheet_time(log, c->not_before_s * 1000000000);
		sheet_time(log, c->not_after_s * 1000000000);
		sheet_text(log, c->key);
		sheet_text(log, c->digest);
		sheet_text(log, c->san);
		sheet_bool(log, c->ca);
		sheet_bool(log, c->leaf);
		sheet_count(log, c->seen);
		sheet_row_end(log);
	}
}

/* What was found, and is not accepted. */
static const struct column notice_columns[] = { { "ts", IS_TIME }, { "note", IS_TEXT },
	{ "msg", IS_TEXT }, { "sub", IS_TEXT }, { "src", IS_ADDR }, { "dst", IS_ADDR }, { "n", IS_COUNT },
	{ "severity", IS_TEXT } };

static void notice_rows(struct sheet *log, const struct audit_view *view)
{
	const struct audit *audit = view->audit;

	for (size_t i = 0; i < audit->findings_n; i++) {
		const struct audit_finding *f = &audit->findings[i];
		KS_DROP(text) struct text words = { 0 };
		const char *ends[2];
		char note[40];

		if (f->base.severity == SEVERITY_OK || f->accepted != NULL)
			continue;
		text_init(&words, 4000);
		audit_finding_say(&words, view, LANG_EN, f);
		(void)snprintf(note, sizeof note, "Keisoku::%s", finding_id(f->base.code));
		sheet_row(log);
		sheet_time(log, f->base.since_ms * 1000000);
		sheet_text(log, note);
		sheet_text(log, text_cstr(&words));
		sheet_text(log, f->to);
		audit_finding_ends(audit, f, ends);
		sheet_text(log, ends[0]);
		sheet_text(log, ends[1]);
		sheet_count(log, f->base.count);
		sheet_text(log, severity_word(f->base.severity));
		sheet_row_end(log);
	}
}

static const struct {
	struct sheet_kind kind;
	void (*rows)(struct sheet *log, const struct audit_view *view);
} logs[] = {
#define LOG(name)                                                                      \
	{ { #name, name##_columns, sizeof name##_columns / sizeof *name##_columns }, name##_rows }
	LOG(x509), LOG(notice),
#undef LOG
};

int audit_zeek(const struct audit_view *view, const char *folder, bool json, struct why *why)
{
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		KS_DROP(draft) struct draft draft = { .to = NULL };
		struct sheet sheet;
		char path[SHEET_PATH];
		int code = sheet_path(folder, &logs[i].kind, path, why);

		if (code == KS_OK)
			code = draft_open(path, false, &draft, why);
		if (code != KS_OK)
			return code;
		if (!json)
			sheet_head(&logs[i].kind, draft.to);
		sheet_init(&sheet, &logs[i].kind, json);
		logs[i].rows(&sheet, view);
		bool good = sheet_write(&sheet, draft.to);
		int number = errno;

		text_done(&sheet.text);
		code = good ? draft_keep(&draft, why) : draft_failed(&draft, number, why);
		if (code != KS_OK)
			return code;
	}
	return KS_OK;
}
