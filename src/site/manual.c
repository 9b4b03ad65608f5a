/* src/site/manual.c - the rows of keys.c as a reference for people. */
#include "site/keys.h"

/* What may stand behind `key=`, where no unit says it. */
static const char *const forms[TYPES] = {
	[TYPE_TEXT] = "TEXT", [TYPE_NOTE] = "TEXT", [TYPE_YES] = "yes|no",
	[TYPE_CHECK] = "ping|snmp|tcp:PORT", [TYPE_ZONE] = "Asia/Tokyo",
	[TYPE_DEPS] = "ID,ID...", [TYPE_CORDS] = "ID.OUTLET,...", [TYPE_AT] = "RACK.U|ROOM|PLACE",
	[TYPE_ON] = "ID", [TYPE_SUBJECT] = "ID", [TYPE_MEASURE] = "KIND", [TYPE_PLACE] = "PLACE",
	[TYPE_FAHRENHEIT] = "C|F", [TYPE_LIMIT] = "35C", [TYPE_OFFSET] = "0.3K",
	[TYPE_HOURS] = "HOURS", [TYPE_OFF] = "DAYS", [TYPE_ICS] = "FILE,...",
	[TYPE_COUNTRY] = "JP", [TYPE_INSTANT] = "TIME", [TYPE_FORMAT] = "1",
};

static const char *spoken(const struct keys_voice *voice, const char *msgid)
{
	return voice->say(voice->ctx, msgid);
}

static void write_form(struct text *text, const struct key *key)
{
	if (key->type <= TYPE_DAYS)
		text_addf(text, "N%s", key->unit);
	else if (key->type == TYPE_CHOICE)
		for (const char *c = key->extra; *c != '\0'; c++)
			text_add_char(text, *c == ' ' ? '|' : *c);
	else if (key->type == TYPE_REF)
		for (size_t i = KINDS, n = 0; i-- > 0;) {
			if (!(key->kinds & 1u << i))
				continue;
			text_addf(text, "%s%s", n++ > 0 ? "|" : "", kinds[i].word);
		}
	else
		text_add(text, forms[key->type]);
}

/* "  limit=NC (30C; -60C..100C)  warning above" */
static void write_key(struct text *text, const struct key *key, const struct keys_voice *voice)
{
	text_addf(text, "  %s=", key->word);
	write_form(text, key);
	text_add(text, "\n      ");
	text_add(text, spoken(voice, key->says));
	if (key->required)
		text_addf(text, "; %s", spoken(voice, "must be given"));
	if (key->fallback != NULL)
		text_addf(text, "; %s %s", spoken(voice, "default"), key->fallback);
	if (key->type <= TYPE_DAYS) {
		bool whole = key->type >= TYPE_COUNT;

		text_addf(text, "; ");
		text_add_milli(text, whole ? key->low * 1000 : key->low);
		text_add(text, "..");
		text_add_milli(text, whole ? key->high * 1000 : key->high);
		text_add(text, key->unit);
	}
	text_add(text, "\n");
}

/* The order of a reader, not of the parser: from the site down. */
void keys_reference(struct text *text, const struct keys_voice *voice)
{
	static const enum kind order[] = { KIND_SITE, KIND_ROOM, KIND_RACK, KIND_SENSOR, KIND_COOLING,
		KIND_CALENDAR, KIND_MAINTENANCE, KIND_HOST, KIND_SERVICE, KIND_DEVICE, KIND_FEED,
		KIND_UPS, KIND_PANEL, KIND_LEG, KIND_BREAKER, KIND_PDU, KIND_NOTIFY, KIND_PAGE,
		KIND_WIRE, KIND_LIST };

	for (size_t i = 0; i < KINDS; i++) {
		size_t n;
		const struct key *key = keys_of(order[i], &n);

		text_addf(text, "%s%s ID\n    %s\n", i > 0 ? "\n" : "", kinds[order[i]].word,
		    spoken(voice, kinds[order[i]].says));
		for (; n > 0; n--, key++)
			write_key(text, key, voice);
		if (kinds[order[i]].open)
			text_addf(text, "  %s\n", spoken(voice, "any key=value"));
	}
}
