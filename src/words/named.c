#include "words/named.h"
#include "base/drop.h"
#include <stdio.h>
#include <string.h>

#define NAME_IN(list)                                                                  \
	for (size_t i = 0; i < site->list##_n; i++)                                    \
		if (strcmp(site->list[i].id, id) == 0)                                 \
			return site->list[i].name != NULL ? site->list[i].name : id

const char *name_of(const struct site *site, const char *id)
{
	if (site == NULL || id[0] == '\0')
		return id;
	NAME_IN(rooms);
	NAME_IN(racks);
	NAME_IN(coolings);
	NAME_IN(nodes);
	NAME_IN(services);
	NAME_IN(devices);
	NAME_IN(sensors);
	NAME_IN(hosts);
	return id;
}

const char *measure_name(enum lang lang, enum measure kind)
{
	static const char *const names[MEASURES] = { N_("temperature"), N_("humidity"),
		N_("dew point"), N_("power"), N_("apparent power"), N_("reactive power"),
		N_("energy"), N_("current"), N_("voltage"), N_("power factor"), N_("load"),
		N_("charge"), N_("runtime"), N_("frequency"), N_("fan"), N_("flow"),
		N_("pressure"), N_("percent"), N_("count"), N_("duration"), N_("state"),
		N_("reach"), N_("uptime"), N_("value") };

	return (unsigned)kind < MEASURES ? tr(lang, names[kind]) : "";
}

/* Words of devices for a part of them; "" says nothing that the quantity does not say. */
static const struct {
	const char *word, *says;
} parts[] = {
	{ "input", N_("input ") }, { "output", N_("output ") }, { "battery", N_("battery ") },
	{ "bypass", N_("bypass ") }, { "ambient", N_("ambient ") }, { "source", N_("source ") },
	{ "outlet", N_("outlet ") }, { "phase", N_("phase ") }, { "total", N_("total ") },
	{ "alarms", N_("alarms ") }, { "system", N_("whole ") },
	{ "ups", "" }, { "temp", "" }, { "thermal", "" }, { "realpower", "" }, { "real", "" },
	{ "active", "" }, { "remaining", "" }, { "present", "" }, { "status", "" }, { "fan", "" },
	{ "time", "" }, { "on", "" }, { "1", "" }, { "sensor", "" }, { "reading", "" },
};

static void part_say(struct text *text, enum lang lang, enum measure kind, struct span word)
{
	char lower[40];
	struct span quantity = span_text(measure_word(kind));

	(void)snprintf(lower, sizeof lower, "%.*s", (int)word.left, (const char *)word.at);
	for (char *c = lower; *c != '\0'; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	while (quantity.left > 0)
		if (span_equal(span_until(&quantity, '_'), lower))
			return;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(parts[i].word, lower) == 0) {
			text_add(text, parts[i].says[0] != '\0' ? tr(lang, parts[i].says) : "");
			return;
		}
	text_add_span(text, word);
	text_add_char(text, ' ');
}

/* What that which is asked is called, a sensor else what it is on; NULL: nothing of the
 * site has that ID (an address has colons too). */
static const char *asked_name(const struct site *site, const char *id)
{
	for (size_t i = 0; i < site->sensors_n; i++) {
		const struct sensor *sensor = &site->sensors[i];

		if (strcmp(sensor->id, id) != 0)
			continue;
		bool named = sensor->name != NULL && strcmp(sensor->name, sensor->id) != 0;

		return named ? sensor->name : sensor->node != NULL ?
		    name_of(site, sensor->node->id) : sensor->host != NULL ?
		    name_of(site, sensor->host->id) : sensor->cooling != NULL ?
		    name_of(site, sensor->cooling->id) : sensor->id;
	}
	for (size_t i = 0; i < site->hosts_n; i++)
		if (strcmp(site->hosts[i].id, id) == 0)
			return name_of(site, site->hosts[i].id);
	for (size_t i = 0; i < site->devices_n; i++)
		if (strcmp(site->devices[i].id, id) == 0)
			return name_of(site, site->devices[i].id);
	return name_of(site, id) != id ? name_of(site, id) : NULL;
}

static bool is_number(struct span word)
{
	for (size_t i = 0; i < word.left; i++)
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
	return true;
}

void series_name(struct text *text, enum lang lang, const struct site *site, const char *id,
    enum measure kind)
{
	const char *end = strchr(id, ':'), *name = NULL;
	char thing[64];
	struct span number = { .at = NULL };

	(void)snprintf(thing, sizeof thing, "%.*s", (int)strcspn(id, ":"), id);
	if (end != NULL && site != NULL && (unsigned)kind < MEASURES)
		name = asked_name(site, thing);
	if (name == NULL) {
		text_add(text, name_of(site, id));
		return;
	}
	text_add(text, name);
	text_add_char(text, ' ');
	while (*end != '\0') {
		size_t n = strcspn(++end, ".-_ /");
		struct span word = span_of(end, n);

		if (n > 0 && is_number(word) && !span_equal(word, "1"))
			number = word; /* which of several: said last */
		else if (n > 0)
			part_say(text, lang, kind, word);
		end += n;
	}
	text_add(text, measure_name(lang, kind));
	if (number.left > 0)
		text_addf(text, " %.*s", (int)number.left, (const char *)number.at);
}

/* What is too long ends with a whole character. */
static void name_put(const struct site *site, enum lang lang, enum measure kind, char name[FINDING_NAME])
{
	KS_DROP(text) struct text said;
	size_t n;

	text_init(&said, 400);
	series_name(&said, lang, site, name, kind);
	n = said.len;
	if (n >= FINDING_NAME)
		n = FINDING_NAME - 1;
	while (n > 0 && n < said.len && ((unsigned char)said.at[n] & 0xc0) == 0x80)
		n--;
	memcpy(name, text_cstr(&said), n);
	name[n] = '\0';
}

struct finding finding_named(const struct site *site, enum lang lang, const struct finding *finding)
{
	struct finding named = *finding;

	if (site == NULL)
		return named;
	name_put(site, lang, (enum measure)named.kind, named.subject);
	if (!finding_is_wire(named.code))
		name_put(site, lang, (enum measure)named.kind, named.place);
	return named;
}
