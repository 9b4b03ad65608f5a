/* src/words/state.c - state words of UPSes, PDUs and environment units (RFC 1628, NUT,
 * vendors' MIBs) in words of ours. */
#include "words/finding.h"

/* Compared without regard to case, blanks, '-' and '_'. */
static const struct {
	const char *word, *means;
} states[] = {
	{ "onbattery", N_("on battery") }, { "battery", N_("on battery") },
	{ "ob", N_("on battery") }, { "ol", N_("on mains") }, { "online", N_("on mains") },
	{ "onbypass", N_("on bypass") }, { "bypass", N_("on bypass") },
	{ "lb", N_("battery low") }, { "lowbattery", N_("battery low") },
	{ "batterylow", N_("battery low") }, { "batterydepleted", N_("battery empty") },
	{ "depleted", N_("battery empty") }, { "rb", N_("replace the battery") },
	{ "replacebattery", N_("replace the battery") },
	{ "batterybad", N_("battery bad") }, { "batteryfault", N_("battery bad") },
	{ "chrg", N_("charging") }, { "charging", N_("charging") },
	{ "dischrg", N_("discharging") }, { "discharging", N_("discharging") },
	{ "over", N_("overloaded") }, { "overload", N_("overloaded") },
	{ "overloaded", N_("overloaded") }, { "trim", N_("lowering a high voltage") },
	{ "reducer", N_("lowering a high voltage") }, { "boost", N_("raising a low voltage") },
	{ "booster", N_("raising a low voltage") }, { "cal", N_("calibrating") },
	{ "fsd", N_("forced shutdown") }, { "off", N_("off") }, { "on", N_("on") },
	{ "alarm", N_("alarm") }, { "ok", N_("all right") }, { "normal", N_("all right") },
	{ "fault", N_("fault") }, { "failed", N_("failed") }, { "failure", N_("failed") },
	{ "critical", N_("critical") }, { "warning", N_("warning") },
	{ "open", N_("open") }, { "closed", N_("closed") }, { "wet", N_("water") },
	{ "leak", N_("water") }, { "leakdetected", N_("water") }, { "smoke", N_("smoke") },
	{ "smokedetected", N_("smoke") }, { "motion", N_("movement") },
	{ "overtemperature", N_("too hot") }, { "temperaturehigh", N_("too hot") },
	{ "high", N_("too high") }, { "low", N_("too low") },
	{ "inputbad", N_("mains out of range") }, { "none", N_("none") },
	{ "commlost", N_("communication lost") }, { "lostcommunication", N_("communication lost") },
	{ "disconnected", N_("not connected") }, { "tripped", N_("tripped") },
};

static bool same_word(struct span word, const char *plain)
{
	for (size_t i = 0; i < word.left; i++) {
		uint8_t c = word.at[i];

		if (c == '-' || c == '_')
			continue;
		if (c >= 'A' && c <= 'Z')
			c |= 32;
		if (*plain == '\0' || (uint8_t)*plain++ != c)
			return false;
	}
	return *plain == '\0';
}

static const char *meaning_of(struct span word)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (same_word(word, states[i].word))
			return states[i].means;
	return NULL;
}

void say_state(struct text *text, enum lang lang, const char *word)
{
	struct span rest = span_trim(span_text(word));
	const char *separator = "";

	/* NUT says several at once: all known, or the whole as it is */
	for (struct span all = rest; all.left > 0;)
		if (meaning_of(span_until(&all, ' ')) == NULL) {
			say(text, lang, "\"%.*s\"", (int)rest.left, (const char *)rest.at);
			return;
		}
	while (rest.left > 0) {
		text_add(text, separator);
		text_add(text, tr(lang, meaning_of(span_until(&rest, ' '))));
		separator = tr(lang, ", ");
	}
}
