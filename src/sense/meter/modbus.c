/* src/sense/meter/modbus.c - registers of a Modbus TCP device.  The device can not say
 * what they mean, so read= does, several parted by commas:
 *   TABLE:ADDRESS[:TYPE][:*N][:/N][:unit=N][:KIND][:swap][:none=N]
 *   holding:100:int16:/10:temperature
 * TABLE: holding, input, coil, discrete.  TYPE: int16 (when not said), uint16, int32,
 * uint32, int64, uint64, float32, float64, bit.  swap: the low word comes first.  KIND: a word of
 * measure.h.  The ends of a type (0x7fff, 0x8000, 0xffff) say "no value". */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <math.h>
#include <stdio.h>

enum { SPECS_MAX = 256 };

enum type { INT16, UINT16, INT32, UINT32, INT64, UINT64, FLOAT32, FLOAT64, BIT, TYPES };

static const struct {
	const char *word;
	uint16_t registers;
} type_rows[TYPES] = { { "int16", 1 }, { "uint16", 1 }, { "int32", 2 }, { "uint32", 2 },
	{ "int64", 4 }, { "uint64", 4 }, { "float32", 2 }, { "float64", 4 }, { "bit", 1 } };

static const char *const tables[] = { "coil", "discrete", "holding", "input" };

struct spec {
	uint8_t function, unit; /* function: 1 to 4, as on the wire */
	uint16_t address;
	enum type type;
	bool swap, none_given;
	int64_t times, over, none;
	enum measure kind;
	struct span text;
};

struct modbus {
	struct spec *specs;
	size_t specs_n, now;
};

static bool modbus_whole(struct span text, int64_t lowest, int64_t highest, int64_t *ret)
{
	int64_t value = 0;

	if (meter_starts(text, "0x")) {
		(void)span_cut(&text, 2);
		for (size_t i = 0; i < text.left; i++) {
			uint8_t c = text.at[i] | 0x20;
			int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : -1;

			if (digit < 0 || value > INT64_MAX >> 5)
				return false;
			value = value << 4 | digit;
		}
		if (text.left == 0)
			return false;
	} else if (number_read(text, 0, &value) != KS_OK) {
		return false;
	}
	if (value < lowest || value > highest)
		return false;
	*ret = value;
	return true;
}

/* One more word of a spec; false when it means nothing. */
static bool modbus_word(struct spec *spec, struct span word)
{
	int64_t n = 0;

	for (int t = 0; t < TYPES; t++)
		if (meter_same(word, type_rows[t].word)) {
			spec->type = (enum type)t;
			return true;
		}
	if (measure_find(word, &spec->kind))
		return true;
	if (meter_same(word, "swap")) {
		spec->swap = true;
		return true;
	}
	if (meter_starts(word, "/") || meter_starts(word, "*")) {
		bool over = word.at[0] == '/';

		(void)span_cut(&word, 1);
		/* thousandths, so that *0.1 is as good as /10 */
		if (number_read(word, 3, &n) != KS_OK || n <= 0 || n > 1000000000000)
			return false;
		spec->times = number_scale(spec->times, over ? 1000 : n, 1);
		spec->over = number_scale(spec->over, over ? n : 1000, 1);
		return spec->times < INT64_MAX / 1000 && spec->over < INT64_MAX / 1000;
	}
	if (meter_starts(word, "unit=")) {
		(void)span_cut(&word, 5);
		if (!modbus_whole(word, 0, 255, &n))
			return false;
		spec->unit = (uint8_t)n;
		return true;
	}
	if (meter_starts(word, "none=")) {
		(void)span_cut(&word, 5);
		spec->none_given = modbus_whole(word, INT64_MIN, INT64_MAX, &spec->none);
		return spec->none_given;
	}
	return false;
}

static int modbus_spec(struct talk *talk, struct span text, struct spec *ret_spec,
    struct why *why)
{
	struct spec spec = { .unit = 1, .times = 1, .over = 1, .kind = MEASURE_VALUE,
		.text = text };
	struct span rest = text, table = span_until(&rest, ':');
	int64_t address = 0;

	for (uint8_t i = 0; i < 4; i++)
		if (meter_same(table, tables[i]))
			spec.function = (uint8_t)(i + 1);
	if (spec.function == 1 || spec.function == 2) {
		spec.type = BIT;
		spec.kind = MEASURE_STATE;
	}
	if (spec.function == 0 || !modbus_whole(span_until(&rest, ':'), 0, 65535, &address))
		return fail(why, KS_MALFORMED,
		    "%s: read=%.*s: not TABLE:ADDRESS:TYPE, as in holding:100:int16:/10",
		    talk->probe->name, (int)text.left, (const char *)text.at);
	spec.address = (uint16_t)address;
	while (rest.left > 0) {
		struct span word = span_until(&rest, ':');

		if (!modbus_word(&spec, word))
			return fail(why, KS_MALFORMED, "%s: read=%.*s: \"%.*s\" means nothing here",
			    talk->probe->name, (int)text.left, (const char *)text.at, (int)word.left,
			    (const char *)word.at);
	}
	*ret_spec = spec;
	return KS_OK;
}

static int modbus_specs(struct talk *talk, struct why *why)
{
	struct modbus *mine = talk->memory;
	struct span all = span_text(talk->probe->read != NULL ? talk->probe->read : "");

	*mine = (struct modbus){ .specs = arena_array(talk->arena, SPECS_MAX, sizeof *mine->specs) };
	if (mine->specs == NULL)
		return fail(why, KS_FULL, "%s: out of memory", talk->probe->name);
	while (all.left > 0) {
		struct span text = span_trim(span_until(&all, ','));

		if (text.left == 0)
			continue;
		if (mine->specs_n >= SPECS_MAX) {
			talk->full = true;
			break;
		}
		int code = modbus_spec(talk, text, &mine->specs[mine->specs_n], why);

		if (code != KS_OK)
			return code;
		mine->specs_n++;
	}
	if (mine->specs_n == 0)
		return fail(why, KS_MALFORMED,
		    "%s: a Modbus device can not say what it has; give read=holding:100:int16:/10",
		    talk->probe->name);
	return KS_OK;
}

static int modbus_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct modbus *mine = talk->memory;
	struct ask ask = { .what = ASK_REGISTERS, .reply_max = 64, .send_n = 6 };
	int code = talk->turn == 0 ? modbus_specs(talk, why) : KS_OK;

	if (code != KS_OK)
		return code;
	if (mine->now < mine->specs_n) {
		const struct spec *spec = &mine->specs[mine->now];
		uint16_t count = type_rows[spec->type].registers;

		ask.send[0] = spec->unit;
		ask.send[1] = spec->function;
		ask.send[2] = (uint8_t)(spec->address >> 8);
		ask.send[3] = (uint8_t)spec->address;
		ask.send[5] = (uint8_t)count;
		ask.may_fail = mine->specs_n > 1;
	} else {
		ask = (struct ask){ .what = ASK_NONE };
	}
	*ret_ask = ask;
	return KS_OK;
}

/* The words of a value, high one first whatever the device's order. */
static uint64_t modbus_words(struct span reply, const struct spec *spec)
{
	uint16_t n = type_rows[spec->type].registers;
	uint64_t value = 0;

	for (uint16_t i = 0; i < n; i++) {
		uint64_t word = span_be(&reply, 2);

		value |= word << 16 * (spec->swap ? i : n - 1 - i);
	}
	return value;
}

/* The ends of a type, that devices use for "no value". */
static bool modbus_end(const struct spec *spec, uint64_t raw)
{
	switch (spec->type) {
	case INT16:
		return raw == 0x7fff || raw == 0x8000;
	case UINT16:
		return raw == 0xffff;
	case INT32:
		return raw == 0x7fffffff || raw == 0x80000000;
	case UINT32:
		return raw == 0xffffffff;
	case INT64:
		return raw == INT64_MAX || raw == 0x8000000000000000;
	case UINT64:
		return raw > INT64_MAX;
	default:
		return false;
	}
}

static int64_t modbus_signed(const struct spec *spec, uint64_t raw)
{
	if (spec->type == INT16)
		return (int16_t)raw;
	return spec->type == INT32 ? (int32_t)raw : (int64_t)raw;
}

static void modbus_value(struct offer *offer, const struct spec *spec, uint64_t raw)
{
	if (offer == NULL)
		return;
	if (modbus_end(spec, raw)) {
		meter_absent(offer, DOUBT_TYPE_MAX);
		return;
	}
	if (spec->type == FLOAT32 || spec->type == FLOAT64) {
		uint32_t half = (uint32_t)raw;
		float single;
		double value;

		memcpy(&single, &half, sizeof single);
		memcpy(&value, &raw, sizeof value);
		if (spec->type == FLOAT32)
			value = (double)single;
		meter_real(offer, value * (double)spec->times / (double)spec->over);
		return;
	}
	int64_t whole = modbus_signed(spec, raw);

	if (spec->none_given && (whole == spec->none || (int64_t)raw == spec->none))
		meter_absent(offer, DOUBT_SENTINEL);
	else if (spec->kind == MEASURE_STATE)
		meter_state(offer, whole > UINT32_MAX || whole < INT32_MIN ? UINT32_MAX : whole,
		    span_text(spec->type != BIT ? "" : whole != 0 ? "on" : "off"), SEVERITY_OK);
	else
		meter_number(offer, number_scale(whole, spec->times * 1000, spec->over));
}

static int modbus_read(struct talk *talk, struct span reply, struct why *why)
{
	struct modbus *mine = talk->memory;

	if (mine->now >= mine->specs_n)
		return KS_OK;
	const struct spec *spec = &mine->specs[mine->now++];
	size_t want = 2u * type_rows[spec->type].registers;
	char id[64];
	int n = snprintf(id, sizeof id, "%u.%s.%u", spec->unit, tables[spec->function - 1],
	    spec->address);
	struct offer *offer = meter_offer(talk, spec->kind, span_of(id, (size_t)n));

	meter_unique(talk, offer);
	meter_source(offer, "%.*s", (int)spec->text.left, (const char *)spec->text.at);
	if (reply.broken) {
		meter_absent(offer, DOUBT_REFUSED);
		return KS_OK;
	}
	if (reply.left != want)
		return fail(why, KS_TRUNCATED, "%s: %zu bytes came instead of %zu",
		    talk->probe->name, reply.left, want);
	modbus_value(offer, spec, modbus_words(reply, spec));
	return KS_OK;
}

const struct driver driver_modbus = {
	.name = "modbus",
	.says = "registers of a Modbus TCP device, as read= describes them",
	.via = VIA_MODBUS,
	.port = 502,
	.memory_size = sizeof(struct modbus),
	.ask = modbus_ask,
	.read = modbus_read,
};
