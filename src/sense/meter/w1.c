/* src/sense/meter/w1.c - 1-wire thermometers through the kernel (w1_slave, Linux
 * Documentation/w1/slaves/w1_therm.rst):
 *   72 01 4b 46 7f ff 0e 10 57 : crc=57 YES
 *   72 01 4b 46 7f ff 0e 10 57 t=23125
 * With "NO" the second line holds the OLD value: never used, asked once more.  A
 * DS18B20 that never converted says 85.000 with scratchpad byte 6 = 0x0C; one without
 * power to convert says 127.94 (raw 0x07ff). */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <stdio.h>

enum { WIRES_MAX = 256, SCRATCHPAD = 9 };

struct wires {
	char (*names)[24];
	size_t names_n, now;
	bool again; /* this one is asked a second time */
};

static const char base[] = "/sys/bus/w1/devices";

static int w1_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct wires *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .reply_max = 4096, .may_fail = true };

	(void)why;
	if (talk->turn == 0) {
		*mine = (struct wires){ .names = NULL };
		ask.what = ASK_LIST;
		ask.may_fail = false;
		ask.reply_max = LIMIT_REPLY_BYTES;
		(void)snprintf(ask.target, sizeof ask.target, "%s", base);
	} else if (mine->now >= mine->names_n) {
		meter_pick(talk);
		ask.what = ASK_NONE;
	} else {
		(void)snprintf(ask.target, sizeof ask.target, "%s/%s/w1_slave", base,
		    mine->names[mine->now]);
	}
	*ret_ask = ask;
	return KS_OK;
}

/* Families with a thermometer that w1_therm serves. */
static bool w1_thermometer(struct span name)
{
	static const char *const families[] = { "10-", "22-", "28-", "3b-", "42-", NULL };

	for (size_t i = 0; families[i] != NULL; i++)
		if (meter_starts(name, families[i]))
			return true;
	return false;
}

static void w1_names(struct talk *talk, struct span names)
{
	struct wires *mine = talk->memory;
	const char *only = talk->probe->address;

	if (only != NULL && !w1_thermometer(span_text(only)))
		only = NULL;
	mine->names = arena_array(talk->arena, WIRES_MAX, sizeof *mine->names);
	while (names.left > 0 && mine->names != NULL) {
		struct span name = span_trim(span_until(&names, '\n'));

		if (!w1_thermometer(name) || name.left >= sizeof *mine->names ||
		    (only != NULL && !meter_same(name, only)))
			continue;
		if (mine->names_n >= WIRES_MAX) {
			talk->full = true;
			return;
		}
		meter_copy(mine->names[mine->names_n++], sizeof *mine->names, name);
	}
}

static int w1_digit(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
	    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Nine hexadecimal bytes off the front of a line. */
static bool w1_bytes(struct span *line, uint8_t *ret_bytes)
{
	for (size_t i = 0; i < SCRATCHPAD; i++) {
		struct span pair = span_cut(line, 2);
		int high = pair.at != NULL ? w1_digit(pair.at[0]) : -1;
		int low = pair.at != NULL ? w1_digit(pair.at[1]) : -1;

		if (high < 0 || low < 0)
			return false;
		ret_bytes[i] = (uint8_t)(high << 4 | low);
		*line = span_trim(*line);
	}
	return true;
}

/* Dallas CRC-8: x^8 + x^5 + x^4 + 1, least bit first (application note 27). */
static uint8_t w1_crc(const uint8_t *bytes, size_t n)
{
	uint8_t crc = 0;

	for (size_t i = 0; i < n; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint8_t)((crc & 1) != 0 ? crc >> 1 ^ 0x8c : crc >> 1);
	}
	return crc;
}

static bool w1_all_zero(const uint8_t *bytes)
{
	uint8_t any = 0;

	for (size_t i = 0; i < SCRATCHPAD; i++)
		any |= bytes[i];
	return any == 0;
}

/* The value of one w1_slave file; *ret_doubt says what is wrong with it. */
static enum doubt w1_value(struct span reply, bool s20, int64_t *ret_milli)
{
	struct span first = span_trim(span_until(&reply, '\n'));
	struct span second = span_trim(span_until(&reply, '\n'));
	uint8_t bytes[SCRATCHPAD], retained[SCRATCHPAD];

	if (!w1_bytes(&first, bytes) || !w1_bytes(&second, retained))
		return DOUBT_MALFORMED;
	/* a bus held to ground reads as zeroes, whose checksum is right */
	if (!meter_ends(first, "YES") || w1_crc(bytes, SCRATCHPAD) != 0 || w1_all_zero(bytes))
		return DOUBT_CHECKSUM;
	if (!meter_starts(second, "t="))
		return DOUBT_MALFORMED;
	(void)span_cut(&second, 2);
	if (meter_milli(second, 1, 1000, ret_milli) != KS_OK)
		return DOUBT_MALFORMED;
	unsigned raw = (unsigned)bytes[1] << 8 | bytes[0];

	if (!s20 && raw == 0x07ff)
		return DOUBT_STARVED;
	if (*ret_milli == 85000 && bytes[6] == 0x0c)
		return DOUBT_POWER_ON;
	return DOUBT_NONE;
}

static int w1_read(struct talk *talk, struct span reply, struct why *why)
{
	struct wires *mine = talk->memory;
	int64_t milli = 0;

	(void)why;
	if (mine->names == NULL) {
		w1_names(talk, reply);
		return KS_OK;
	}
	if (mine->now >= mine->names_n)
		return KS_OK;
	const char *name = mine->names[mine->now];
	enum doubt doubt = reply.broken ? DOUBT_SILENT
	    : w1_value(reply, meter_starts(span_text(name), "10-"), &milli);

	if (doubt == DOUBT_CHECKSUM && !mine->again) {
		mine->again = true;
		return KS_OK;
	}
	mine->again = false;
	mine->now++;
	struct offer *offer = meter_offer(talk, MEASURE_TEMPERATURE, span_text(name));

	meter_source(offer, "%s/%s/w1_slave", base, name);
	if (doubt == DOUBT_NONE) {
		meter_number(offer, milli);
	} else if (doubt == DOUBT_SILENT) {
		meter_absent(offer, doubt);
	} else {
		meter_untrusted(offer, doubt);
		if (offer != NULL && doubt != DOUBT_CHECKSUM)
			offer->milli = milli;
	}
	return KS_OK;
}

const struct driver driver_w1 = {
	.name = "w1",
	.says = "1-wire thermometers on this machine (/sys/bus/w1)",
	.via = VIA_FILE,
	.memory_size = sizeof(struct wires),
	.ask = w1_ask,
	.read = w1_read,
};
