/* src/cli/audit_summary.c - see audit_summary.h. */
#include "cli/audit_summary.h"
#include "base/drop.h"
#include "base/hash.h"
#include <stdlib.h>
#include <string.h>

enum { NAMES_SHOWN = 2, CODES = FINDING_WIRE_INCOMPLETE - FINDING_WIRE_LISTED + 1 };

static const char *const kinds[CODES] = {
#define KIND(code, says) [(code) - FINDING_WIRE_LISTED] = (says)
	KIND(FINDING_WIRE_LISTED, N_("talk with what is on a block list")),
	KIND(FINDING_WIRE_PERSONAL, N_("personal data in clear")),
	KIND(FINDING_WIRE_CREDENTIAL, N_("passwords in clear")),
	KIND(FINDING_WIRE_CLEAR_SENT, N_("data sent by plain HTTP")),
	KIND(FINDING_WIRE_CLEAR, N_("reading by plain HTTP")),
	KIND(FINDING_WIRE_NOT_ENCRYPTED, N_("readable where encryption is expected")),
	KIND(FINDING_WIRE_REFUSED, N_("certificates refused")),
	KIND(FINDING_WIRE_CLAIMS, N_("certificates in a foreign name")),
	KIND(FINDING_WIRE_UNTRUSTED, N_("certificates of no trusted authority")),
	KIND(FINDING_WIRE_DATES, N_("certificates out of their dates")),
	KIND(FINDING_WIRE_MISMATCH, N_("certificates for another name")),
	KIND(FINDING_WIRE_WEAK_CERTIFICATE, N_("weak certificates")),
	KIND(FINDING_WIRE_ODD_CERTIFICATE, N_("unusual certificates")),
	KIND(FINDING_WIRE_OLD_TLS, N_("out-of-date TLS")),
	KIND(FINDING_WIRE_PERIODIC, N_("contacts by the clock")),
	KIND(FINDING_WIRE_TRACEROUTE, N_("routes traced")),
	KIND(FINDING_WIRE_TRACEROUTES, N_("routes traced by the clock")),
	KIND(FINDING_WIRE_SILENCE, N_("silent days")),
	KIND(FINDING_WIRE_OVERLAP, N_("other bytes in the same place of a stream")),
	KIND(FINDING_WIRE_ADDRESS_TWICE, N_("one address of two network cards")),
	KIND(FINDING_WIRE_TUNNEL, N_("data hidden in names")),
	KIND(FINDING_WIRE_SCAN, N_("scans of ports or hosts")),
	KIND(FINDING_WIRE_INCOMPLETE, N_("the capture is not complete")),
#undef KIND
};

/* -- one line a kind ------------------------------------------------------------------- */

struct kind_seen {
	enum severity worst;
	size_t devices, others; /* others: hosts of findings that are of no device */
	struct text names[2];	/* of devices, of hosts */
	const char *last;
};

static bool is_counted(const struct audit_finding *f)
{
	return f->accepted == NULL && f->base.code >= FINDING_WIRE_LISTED &&
	    f->base.code <= FINDING_WIRE_INCOMPLETE;
}

static void name_add(struct kind_seen *kind, const struct audit_view *view, bool other, size_t n,
    const char *name)
{
	if (n >= NAMES_SHOWN)
		return;
	if (n > 0)
		text_add(&kind->names[other], tr(view->lang, N_(", ")));
	text_add(&kind->names[other], name);
}

/* The findings of one device are not beside each other: each is marked when it was counted. */
static void finding_count(struct kind_seen *kind, const struct audit_view *view,
    const struct audit_finding *f, uint32_t *seen)
{
	kind->worst = f->base.severity > kind->worst ? f->base.severity : kind->worst;
	if (f->device < view->audit->devices_n) {
		uint32_t bit = UINT32_C(1) << (f->base.code - FINDING_WIRE_LISTED);

		if (seen[f->device] & bit)
			return;
		seen[f->device] |= bit;
		name_add(kind, view, false, kind->devices++, audit_device(view->audit, f->device));
	} else if (kind->last == NULL || strcmp(kind->last, f->to) != 0) {
		kind->last = f->to;
		name_add(kind, view, true, kind->others++, f->to[0] != '\0' ? f->to : "-");
	}
}
_Static_assert(CODES <= 32, "a bit for each");

static void kind_say(struct story *story, const struct audit_view *view, unsigned i,
    struct kind_seen *kind)
{
	struct story_line *to = &story->lines[story->n++];
	bool other = kind->devices == 0;
	size_t n = other ? kind->others : kind->devices;
	struct text *names = &kind->names[other];
	KS_DROP(text) struct text line;

	text_init(&line, 1100);
	if (n > NAMES_SHOWN)
		say(names, view->lang, " and %d more", (int)(n - NAMES_SHOWN));
	text_add(&line, tr(view->lang, kinds[i]));
	if (n > 0)
		say(&line, view->lang, other ? N_(": %d {host|hosts} of no device here (%s)") :
		    N_(": %d {device|devices} (%s)"), (int)n, text_cstr(names));
	if (!other && kind->others > 0)
		say(&line, view->lang, "; %d elsewhere", (int)kind->others);
	*to = (struct story_line){ .severity = kind->worst,
		.id = finding_id((enum finding_code)(FINDING_WIRE_LISTED + i)) };
	(void)snprintf(to->text, sizeof to->text, "%s", text_cstr(&line));
}

/* Worst first; then what most have. */
static bool goes_before(const struct kind_seen *a, const struct kind_seen *b)
{
	if (a->worst != b->worst)
		return a->worst > b->worst;
	return a->devices + a->others > b->devices + b->others;
}

void summary_tell(const struct audit_view *view, struct story *ret_story)
{
	const struct audit *audit = view->audit;
	static struct kind_seen all[CODES];
	KS_DROP(heap) uint32_t *seen = calloc(audit->devices_n + 1, sizeof *seen);
	bool said[CODES] = { false };

	ret_story->n = ret_story->more = 0;
	for (unsigned i = 0; i < CODES; i++) {
		all[i] = (struct kind_seen){ .worst = SEVERITY_OK };
		text_init(&all[i].names[0], 400);
		text_init(&all[i].names[1], 400);
	}
	for (size_t i = 0; seen != NULL && i < audit->findings_n; i++)
		if (is_counted(&audit->findings[i]))
			finding_count(&all[audit->findings[i].base.code - FINDING_WIRE_LISTED], view,
			    &audit->findings[i], seen);
	for (;;) {
		unsigned best = CODES;

		for (unsigned i = 0; i < CODES; i++)
			if (!said[i] && all[i].devices + all[i].others > 0 &&
			    (best == CODES || goes_before(&all[i], &all[best])))
				best = i;
		if (best == CODES)
			break;
		said[best] = true;
		kind_say(ret_story, view, best, &all[best]);
	}
	for (unsigned i = 0; i < CODES; i++) {
		text_done(&all[i].names[0]);
		text_done(&all[i].names[1]);
	}
}

/* -- the same story ---------------------------------------------------------------------- */

/* In which country the other side is makes no other story: " [Japan]" at a line's end. */
static uint64_t story_hash(const struct story *story)
{
	uint64_t hash = story->more;

	for (size_t i = 0; i < story->n; i++) {
		const char *words = story->lines[i].text, *country = strrchr(words, '[');
		struct span line = span_text(words);

		if (country != NULL && line.at[line.left - 1] == ']')
			line.left = (size_t)(country - words);
		hash = hash_of(line, hash + story->lines[i].severity);
	}
	return hash;
}

void summary_devices(const struct audit_view *view, struct summary_devices *ret_devices)
{
	static struct story story;
	uint64_t hash[SUMMARY_DEVICES];
	size_t n = view->audit->devices_n;

	*ret_devices = (struct summary_devices){ .n = n < SUMMARY_DEVICES ? n : SUMMARY_DEVICES };
	for (uint32_t i = 0; i < ret_devices->n; i++) {
		uint32_t k = 0;

		story_tell(view, view->lang, i, &story);
		ret_devices->told[i] = story.n > 0;
		ret_devices->told_n += story.n > 0;
		hash[i] = story_hash(&story);
		while (k < i && !(ret_devices->told[k] && ret_devices->told[i] && hash[k] == hash[i]))
			k++;
		ret_devices->first[i] = k;
		ret_devices->same[k] += k < i;
	}
}

void summary_same_say(struct text *text, const struct audit_view *view,
    const struct summary_devices *devices, uint32_t first)
{
	KS_DROP(text) struct text names;
	uint32_t n = 0;

	text_init(&names, 600);
	for (uint32_t i = first + 1; i < devices->n && n < NAMES_SHOWN; i++)
		if (devices->first[i] == first && devices->told[i])
			text_addf(&names, "%s%s", n++ > 0 ? tr(view->lang, N_(", ")) : "",
			    audit_device(view->audit, i));
	say(text, view->lang, "the same of %d other {device|devices}: %s", (int)devices->same[first],
	    text_cstr(&names));
	if (devices->same[first] > n)
		say(text, view->lang, " and %d more", (int)(devices->same[first] - n));
}
