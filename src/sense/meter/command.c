/* src/sense/meter/command.c - any command that prints a number.  address is the command
 * line (no shell).  Without read=: the first number of its output; with read=KEY: the
 * number after "KEY:" or "KEY="; with read=$.a.b[0]: that member of its JSON. */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>

static const struct unit {
	const char *word;
	enum measure kind;
	int64_t multiplier;
} units[] = {
	{ "C", MEASURE_TEMPERATURE, 1 }, { "\xc2\xb0" "C", MEASURE_TEMPERATURE, 1 },
	{ "F", MEASURE_TEMPERATURE, 1 }, { "\xc2\xb0" "F", MEASURE_TEMPERATURE, 1 },
	{ "%", MEASURE_PERCENT, 1 }, { "%RH", MEASURE_HUMIDITY, 1 },
	{ "W", MEASURE_POWER, 1 }, { "kW", MEASURE_POWER, 1000 }, { "VA", MEASURE_APPARENT_POWER, 1 },
	{ "V", MEASURE_VOLTAGE, 1 }, { "A", MEASURE_CURRENT, 1 }, { "kWh", MEASURE_ENERGY, 1 },
	{ "Hz", MEASURE_FREQUENCY, 1 }, { "rpm", MEASURE_FAN, 1 }, { "RPM", MEASURE_FAN, 1 },
	{ "Pa", MEASURE_PRESSURE, 1 }, { "min", MEASURE_RUNTIME, 1 },
};

static int command_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct ask ask = { .what = ASK_BYTES, .reply_max = LIMIT_REPLY_BYTES };
	const char *address = talk->probe->address;

	if (address == NULL || address[0] == '\0')
		return fail(why, KS_MALFORMED, "%s: address= is the command to run",
		    talk->probe->name);
	if (strlen(address) >= sizeof ask.target)
		return fail(why, KS_FULL, "%s: command too long", talk->probe->name);
	if (talk->turn > 0)
		ask.what = ASK_NONE;
	(void)snprintf(ask.target, sizeof ask.target, "%s", address);
	*ret_ask = ask;
	return KS_OK;
}

/* The first number in s that no letter or digit touches in front: "sda1: 35" is 35. */
static bool command_number(struct span *s, struct span *ret_number)
{
	bool touched = false;

	while (s->left > 0) {
		struct span rest = *s;
		int64_t unused;

		if (!touched && number_cut(&rest, 0, &unused) == KS_OK) {
			*ret_number = span_of(s->at, s->left - rest.left);
			*s = rest;
			return true;
		}
		uint8_t c = span_cut(s, 1).at[0];

		touched = isalnum(c) || c == '_' || c == '.' || c >= 0x80;
	}
	return false;
}

/* The unit that stands right behind the number; NULL: none known. */
static const struct unit *command_unit(struct span rest)
{
	size_t n = 0;

	while (rest.left > 0 && rest.at[0] == ' ')
		(void)span_cut(&rest, 1);
	while (n < rest.left && (isalpha(rest.at[n]) || rest.at[n] == '%' || rest.at[n] >= 0x80))
		n++;
	struct span word = span_cut(&rest, n);

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (span_equal(word, units[i].word))
			return &units[i];
	return NULL;
}

static void command_text(struct offer *offer, struct span text)
{
	struct span number = { 0 };
	int64_t milli = 0;

	if (offer == NULL)
		return;
	if (meter_empty(text)) {
		meter_absent(offer, DOUBT_EMPTY);
		return;
	}
	if (!command_number(&text, &number)) {
		meter_untrusted(offer, DOUBT_MALFORMED);
		return;
	}
	const struct unit *unit = command_unit(text);

	if (unit == NULL) {
		meter_text(offer, number, 1, 1);
		return;
	}
	offer->kind = (uint8_t)unit->kind;
	if (meter_ends(span_text(unit->word), "F") && meter_milli(number, 1, 1, &milli) == KS_OK)
		meter_number(offer, meter_celsius(offer, milli));
	else
		meter_text(offer, number, unit->multiplier, 1);
}

/* What follows "KEY:", "KEY=" or "KEY " at the start of a line; broken: no such line. */
static struct span command_key(struct span reply, struct span key)
{
	while (reply.left > 0) {
		struct span line = span_trim(span_until(&reply, '\n'));

		if (line.left <= key.left || memcmp(line.at, key.at, key.left) != 0)
			continue;
		(void)span_cut(&line, key.left);
		bool blank = line.at[0] == ' ' || line.at[0] == '\t';

		line = span_trim(line);
		if (line.left > 0 && (line.at[0] == ':' || line.at[0] == '='))
			(void)span_cut(&line, 1);
		else if (!blank)
			continue;
		return span_trim(line);
	}
	return (struct span){ .broken = true };
}

/* $.a.b[0] in json; NULL when nothing is there. */
static const json_t *command_path(const json_t *json, struct span path)
{
	if (path.left > 0 && path.at[0] == '$')
		(void)span_cut(&path, 1);
	while (path.left > 0 && json != NULL) {
		char key[128];
		size_t n = 0;
		int64_t index = 0;

		if (path.at[0] == '[') {
			(void)span_cut(&path, 1);
			if (number_read(span_until(&path, ']'), 0, &index) != KS_OK || index < 0)
				return NULL;
			json = json_array_get(json, (size_t)index);
			continue;
		}
		if (path.at[0] == '.')
			(void)span_cut(&path, 1);
		while (n < path.left && path.at[n] != '.' && path.at[n] != '[')
			n++;
		if (n == 0 || n >= sizeof key)
			return NULL;
		meter_copy(key, sizeof key, span_cut(&path, n));
		json = json_object_get(json, key);
	}
	return json;
}

static void command_json(struct offer *offer, struct span reply, struct span path)
{
	json_error_t error;
	json_auto_t *json = reply.left > 0 ? json_loadb((const char *)reply.at, reply.left,
	    JSON_DECODE_ANY, &error) : NULL;
	const json_t *value = command_path(json, path);

	if (json == NULL)
		meter_untrusted(offer, DOUBT_MALFORMED);
	else if (value == NULL || json_is_null(value))
		meter_absent(offer, value == NULL ? DOUBT_GONE : DOUBT_EMPTY);
	else if (json_is_number(value))
		meter_real(offer, json_number_value(value));
	else if (json_is_string(value))
		command_text(offer, span_text(json_string_value(value)));
	else
		meter_untrusted(offer, DOUBT_MALFORMED);
}

static int command_read(struct talk *talk, struct span reply, struct why *why)
{
	bool given = talk->probe->read != NULL && talk->probe->read[0] != '\0';
	const char *read = given ? talk->probe->read : NULL;
	struct offer *offer = meter_offer(talk, MEASURE_VALUE,
	    span_text(read != NULL ? read : "value"));

	(void)why;
	meter_source(offer, "%s", read != NULL ? read : talk->probe->address);
	if (read == NULL) {
		command_text(offer, span_trim(reply));
	} else if (read[0] == '$') {
		command_json(offer, reply, span_text(read));
	} else {
		struct span text = command_key(reply, span_text(read));

		if (text.broken)
			meter_absent(offer, DOUBT_GONE);
		else
			command_text(offer, text);
	}
	return KS_OK;
}

const struct driver driver_command = {
	.name = "command",
	.says = "the number that a command prints",
	.via = VIA_COMMAND,
	.ask = command_ask,
	.read = command_read,
};
