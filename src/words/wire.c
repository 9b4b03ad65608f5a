/* src/words/wire.c - the words inside findings of the wire: verdicts about certificates,
 * categories of personal data, protocols that show passwords. */
#include "words/wire.h"
#include "base/drop.h"
#include "base/zone.h"
#include "words/finding.h"
#include <inttypes.h>
#include <stdio.h>

enum { DAY_MS = 86400000 };

struct word_row {
	const char *word, *says;
};

static const struct word_row categories[] = {
	{ "card", N_("card numbers") },
	{ "my_number", N_("My Numbers") },
	{ "bank_account", N_("bank accounts") },
	{ "phone", N_("phone numbers") },
	{ "email", N_("e-mail addresses") },
	{ "location", N_("its location") },
	{ "photo_location", N_("photos with their location") },
	{ "contact", N_("contacts (address book)") },
	{ "device_id", N_("device identifiers") },
	{ "credential", N_("passwords") },
	{ "address", N_("postal addresses") },
};

static const struct word_row verdicts[] = {
	{ "self_signed", N_("signed by itself") },
	{ "untrusted_root", N_("not issued by a trusted authority") },
	{ "expired", N_("expired") },
	{ "not_yet_valid", N_("not valid yet") },
	{ "name_mismatch", N_("for another name") },
	{ "weak_key", N_("made with a weak key") },
	{ "weak_digest", N_("signed with a weak digest") },
	{ "short_validity", N_("valid for less than 8 days") },
	{ "long_validity", N_("valid for more than 398 days") },
	{ "claims_foreign_name", N_("in a foreign name") },
	{ "ca_as_leaf", N_("that of an authority, used by a server") },
	{ "unparseable", N_("not readable") },
	{ "wrong_purpose", N_("made for other ends than a server") },
	{ "stopped", N_("it ends early or is damaged") },
	{ "dropped", N_("frames were dropped while capturing") },
};

static const char *row_says(const struct word_row *rows, size_t n, enum lang lang,
    const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].word, word) == 0)
			return tr(lang, rows[i].says);
	return NULL;
}

const char *personal_said(enum lang lang, const char *category)
{
	const char *says = row_says(categories, sizeof categories / sizeof *categories, lang,
	    category);

	return says != NULL ? says : category;
}

const char *personal_received(enum lang lang, const char *category)
{
	/* "its" would be the server's */
	return strcmp(category, "location") == 0 ? tr(lang, N_("locations")) :
	    strcmp(category, "photo_location") == 0 ? tr(lang, N_("photos with a location")) :
	    personal_said(lang, category);
}

void say_wire_word(struct text *text, enum lang lang, const struct finding *finding)
{
	const char *word = finding->word, *says = NULL;

	if (finding->code == FINDING_WIRE_PERSONAL && finding->way != WAY_OUT)
		says = personal_received(lang, word);
	else if (finding->code == FINDING_WIRE_PERSONAL)
		says = personal_said(lang, word);
	else if (finding->code == FINDING_WIRE_REFUSED)
		says = strcmp(word, "likely") == 0 ? tr(lang, N_(", very probably")) : "";
	else if (finding->code == FINDING_WIRE_SILENCE && word[0] != '\0') {
		say(text, lang, "; this fits the holidays of %s", word);
		return;
	} else
		says = row_says(verdicts, sizeof verdicts / sizeof *verdicts, lang, word);
	text_add(text, says != NULL ? says : word);
}

void say_entry(struct text *text, enum lang lang, const char *entry, const char *date)
{
	if (date[0] != '\0')
		say(text, lang, "entry %s, of %s", entry, date);
	else
		say(text, lang, "entry %s, of no known date", entry);
}

const char *verdict_said(enum lang lang, const char *word)
{
	const char *says = row_says(verdicts, sizeof verdicts / sizeof *verdicts, lang, word);

	return says != NULL ? says : word;
}

static void weekdays_say(struct text *text, enum lang lang, uint8_t weekdays)
{
	static const char *const names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"),
		N_("Sat"), N_("Sun") };

	for (unsigned i = 0, n = 0; i < 7; i++)
		if (weekdays >> i & 1)
			text_addf(text, "%s%s", n++ > 0 ? tr(lang, N_(", ")) : "", tr(lang, names[i]));
}

/* Somebody else's clock was changed within the time that was heard. */
static void shift_say(struct text *text, enum lang lang, const struct period_said *p)
{
	static const struct word_row clocks[] = {
		{ "utc", N_("it keeps UTC, which has no summer time") },
		{ "europe", N_("clocks were changed in Europe then") },
		{ "north_america", N_("clocks were changed in North America then") },
		{ "australia", N_("clocks were changed in south-eastern Australia then") },
		{ "new_zealand", N_("clocks were changed in New Zealand then") },
	};
	const char *says = p->clock == NULL ? NULL
	    : row_says(clocks, sizeof clocks / sizeof *clocks, lang, p->clock);
	struct civil day = days_split(p->shift_day);

	if (says != NULL)
		say(text, lang, " (at %02d:%02d until %04d-%02d-%02d: %s)", p->before_s / 3600,
		    p->before_s / 60 % 60, (int)day.year, (int)day.month, (int)day.day, says);
}

void say_period(struct text *text, enum lang lang, const struct period_said *p)
{
	KS_DROP(text) struct text period, jitter, days;
	int hour = p->of_day_s / 3600, minute = p->of_day_s / 60 % 60;
	int came = (int)p->contacts, due = (int)(p->contacts + p->missed);

	text_init(&period, 100);
	text_init(&jitter, 100);
	text_init(&days, 100);
	say_duration(&period, lang, p->period_ms);
	say_duration(&jitter, lang, p->jitter_ms);
	weekdays_say(&days, lang, p->weekdays);
	if (strcmp(p->kind, "daily") == 0 && p->period_ms > DAY_MS)
		say(text, lang, "every %d days at %02d:%02d ± %s, %d of %d",
		    (int)(p->period_ms / DAY_MS), hour, minute, text_cstr(&jitter), came, due);
	else if (strcmp(p->kind, "daily") == 0)
		say(text, lang, "every day at %02d:%02d ± %s, %d of %d", hour, minute,
		    text_cstr(&jitter), came, due);
	else if (strcmp(p->kind, "weekly") == 0 && p->weekdays != 0)
		say(text, lang, "each week on %s at %02d:%02d ± %s, %d of %d", text_cstr(&days), hour,
		    minute, text_cstr(&jitter), came, due);
	else
		say(text, lang, "every %s ± %s, %d of %d", text_cstr(&period), text_cstr(&jitter),
		    came, due);
	shift_say(text, lang, p);
}

void say_bytes(struct text *text, uint64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes / 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		text_addf(text, "%" PRIu64 " B", bytes);
		return;
	}
	while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
		value /= 1000;
		unit++;
	}
	text_addf(text, value < 99.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void say_count(struct text *text, uint64_t count)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%" PRIu64, count);

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			text_add_char(text, ',');
		text_add_char(text, digits[i]);
	}
}
