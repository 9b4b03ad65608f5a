/* src/words/wire.c - the words inside findings of the wire: verdicts about certificates,
 * categories of personal data, protocols that show passwords. */
#include "words/finding.h"

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

void say_wire_word(struct text *text, enum lang lang, const struct finding *finding)
{
	const char *word = finding->word, *says = NULL;

	if (finding->code == FINDING_WIRE_PERSONAL)
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
