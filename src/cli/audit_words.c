/* src/cli/audit_words.c - numbers, dates, devices, countries as every form of the report
 * says them. */
#include "cli/audit_show.h"
#include "base/drop.h"
#include "wire/make.h"
#include "wire/packet.h"
#include "words/finding.h"
#include <inttypes.h>

const char *audit_device(const struct audit *audit, uint32_t device)
{
	if (device >= audit->devices_n)
		return "?";
	const struct audit_device *d = &audit->devices[device];

	return d->name[0] != '\0' ? d->name : d->address[0] != '\0' ? d->address : d->mac;
}

const char *audit_device_address(const struct audit *audit, uint32_t device)
{
	if (device >= audit->devices_n)
		return "";
	const struct audit_device *d = &audit->devices[device];

	return d->address[0] != '\0' ? d->address : d->mac;
}

size_t audit_frame(const struct audit *audit, uint64_t frame, uint64_t *ret_number)
{
	size_t file = 0;

	for (size_t i = 1; i < audit->capture.files_n; i++)
		if (frame >= audit->capture.files[i].first_frame)
			file = i;
	*ret_number = audit->capture.files_n == 0 ? frame :
	    frame - audit->capture.files[file].first_frame + 1;
	return file;
}

void audit_finding_ends(const struct audit *audit, const struct audit_finding *f,
    const char *ret_ends[2])
{
	bool address = address_read(span_text(f->to)).family != ADDRESS_NONE;
	const char *device = audit_device_address(audit, f->device), *other = "";

	if (f->base.way == WAY_AT)
		other = f->base.clients == 1 ? f->client[0] : "";
	else if (address)
		other = f->to;
	ret_ends[0] = f->base.way == WAY_OUT ? device : other;
	ret_ends[1] = f->base.way == WAY_OUT ? other : device;
}

void say_day(struct text *text, enum lang lang, const struct zone *zone, int64_t utc_ms)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil day = zone_split(zone, utc_ms);
	KS_DROP(text) struct text words;

	text_init(&words, 100);
	say(&words, lang, "%d %s ", day.day, tr(lang, months[day.month - 1]));
	text_add_span(text, span_trim(text_span(&words)));
}

void say_unseen(struct text *text, enum lang lang, const struct audit_unseen *unseen)
{
	say(text, lang, unseen->says, (unsigned long long)unseen->count,
	    (unsigned long long)unseen->also);
	if (unseen->between == NULL)
		return;
	text_addf(text, " (%s", unseen->between);
	if (unseen->also > 0) {
		text_add(text, ", ");
		say(text, lang, N_("and %llu more"), (unsigned long long)unseen->also);
	}
	text_add_char(text, ')');
}

void audit_finding_say(struct text *text, const struct audit_view *view, enum lang lang,
    const struct audit_finding *finding)
{
	/* a capture is over: how long a thing has lasted is until its own last sign */
	struct finding base = finding->base;

	base.since_ms = 0;
	say_finding(text, lang, view->zone, &base, base.seen_ms);
	if (finding->entry != NULL && finding->entry[0] != '\0') {
		text_add(text, tr(lang, N_("; ")));
		say_entry(text, lang, finding->entry, finding->date);
	}
	if (finding->base.since_ms == 0 || finding->base.seen_ms <= finding->base.since_ms)
		return;
	text_add(text, tr(lang, N_("; ")));
	say_span(text, lang, view->zone, finding->base.since_ms, finding->base.seen_ms);
}

static void say_moment(struct text *text, enum lang lang, const struct zone *zone, int64_t ms)
{
	struct civil at = zone_split(zone, ms);

	say_day(text, lang, zone, ms);
	text_addf(text, " %02d:%02d", at.hour, at.minute);
}

void say_span(struct text *text, enum lang lang, const struct zone *zone, int64_t from_ms,
    int64_t to_ms)
{
	struct civil one = zone_split(zone, from_ms), two = zone_split(zone, to_ms);
	KS_DROP(text) struct text from, to;

	text_init(&from, 100);
	text_init(&to, 100);
	say_moment(&from, lang, zone, from_ms);
	if (one.year == two.year && one.month == two.month && one.day == two.day)
		text_addf(&to, "%02d:%02d", two.hour, two.minute);
	else
		say_moment(&to, lang, zone, to_ms);
	say(text, lang, "from %s to %s", text_cstr(&from), text_cstr(&to));
}

const char *link_type_name(uint16_t link)
{
	static const struct {
		uint16_t link;
		const char *name;
	} rows[] = { { 0, "NULL" }, { 1, "ETHERNET" }, { 9, "PPP" }, { 50, "PPP_HDLC" },
		{ 51, "PPP_ETHER" }, { 101, "RAW" }, { 104, "C_HDLC" }, { 105, "IEEE802_11" },
		{ 107, "FRELAY" }, { 108, "LOOP" }, { 113, "LINUX_SLL" },
		{ 127, "IEEE802_11_RADIOTAP" }, { 119, "IEEE802_11_PRISM" }, { 192, "PPI" },
		{ 228, "IPV4" }, { 229, "IPV6" }, { 239, "NFLOG" }, { 276, "LINUX_SLL2" } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].link == link)
			return rows[i].name;
	return NULL;
}

void say_certificate(struct text *text, enum lang lang, const struct audit *audit,
    const struct audit_tls *tls)
{
	bool first = true;

	if (tls->refused > 0)
		text_add(text, tr(lang, tls->refused == 1 ?
		    N_("very probably refused by the client; ") : N_("refused by the client; ")));
	if (!tls->visible) {
		text_add(text, tr(lang, tls->resumed ? N_("not sent: session resumed") :
		    N_("not visible")));
		return;
	}
	bool told = tls->leaf < audit->certificates_n && audit->certificates[tls->leaf].told;

	for (unsigned i = 0; audit_verdict_word(i) != NULL; i++) {
		struct finding word = { .code = FINDING_WIRE_UNTRUSTED };

		if ((tls->verdicts & 1u << i) == 0)
			continue;
		(void)snprintf(word.word, sizeof word.word, "%s", audit_verdict_word(i));
		text_add(text, first ? "" : tr(lang, N_(", ")));
		say_wire_word(text, lang, &word);
		text_add(text, tls->issuers & 1u << i ? tr(lang, N_(" (an issuer)")) : "");
		first = false;
	}
	if (told)
		text_add(text, tr(lang, first ? N_("only names and dates told, nothing to verify") :
		    N_(" (only names and dates told)")));
	else if (first && audit->trust[0] != '\0')
		text_add(text, tr(lang, tls->named ? N_("valid") : N_("valid; no name was asked for")));
	else if (first)
		text_add(text, tr(lang, N_("nothing wrong in itself")));
}

void audit_stale_say(struct text *text, enum lang lang, const struct audit_stale *stale)
{
	static const char *const sentences[STALES] = {
		[STALE_DEVICE] = N_("line %d, %s %s %s: no device of this capture fits"),
		[STALE_FINDING] = N_("line %d, %s %s %s: its device is here, nothing that it is for was found"),
		[STALE_ENDED] = N_("line %d, %s %s %s: it ended on %s, and nothing that it was for was found"),
		[STALE_OPEN] = N_("line %d, %s %s %s: it ended on %s; what it was for is open again"),
	};
	struct civil day = days_split(stale->is.until);
	char ended[16];

	(void)snprintf(ended, sizeof ended, "%04d-%02u-%02u", (int)day.year, day.month, day.day);
	if (stale->why == STALE_ENDED || stale->why == STALE_OPEN)
		say(text, lang, sentences[stale->why], (int)stale->line, stale->device, stale->to,
		    stale->finding, ended);
	else
		say(text, lang, sentences[stale->why], (int)stale->line, stale->device, stale->to,
		    stale->finding);
}

const char *grade_said(enum lang lang, const char *grade)
{
	return tr(lang, strcmp(grade, "certain") == 0 ? N_("certain") :
	    strcmp(grade, "likely") == 0 ? N_("likely") : N_("possible"));
}

enum severity say_verdict(struct text *text, enum lang lang, const struct audit *audit)
{
	unsigned n[SEVERITIES] = { 0 };

	for (size_t i = 0; i < audit->findings_n; i++)
		if (audit->findings[i].accepted == NULL)
			n[audit->findings[i].base.severity % SEVERITIES]++;
	if (n[SEVERITY_CRITICAL] > 0) {
		say(text, lang, "%d critical {finding|findings}", (int)n[SEVERITY_CRITICAL]);
		if (n[SEVERITY_WARNING] > 0)
			say(text, lang, ", %d {warning|warnings}", (int)n[SEVERITY_WARNING]);
		return SEVERITY_CRITICAL;
	}
	if (n[SEVERITY_WARNING] > 0) {
		say(text, lang, "%d {warning|warnings}, nothing critical", (int)n[SEVERITY_WARNING]);
		return SEVERITY_WARNING;
	}
	/* what nobody could read is not well */
	if (audit->devices_n == 0 && audit->capture.frames > 0) {
		text_add(text, tr(lang, N_("Nothing was found, but no device could be made out either")));
		return SEVERITY_UNKNOWN;
	}
	text_add(text, tr(lang, N_("Nothing to worry about was seen")));
	return SEVERITY_OK;
}

const char *audit_no_country(const struct audit *audit)
{
	const struct audit_capture *c = &audit->capture;

	for (size_t i = 0; i < audit->destinations_n; i++)
		if (audit->destinations[i].country[0] != '\0')
			return NULL;
	return c->files_n > 0 && strcmp(c->files[0].format, "store") == 0 ? audit_no_countries_heard
	    : audit_no_countries;
}
