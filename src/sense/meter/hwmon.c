/* src/sense/meter/hwmon.c - /sys/class/hwmon: what this machine measures of itself.
 * Format: Linux Documentation/hwmon/sysfs-interface.rst.  TYPE N _ ATTRIBUTE, whole
 * numbers in thousandths (temperature, voltage, current, humidity), millionths (power,
 * energy), rpm, Hz.  The folder's number depends on the order of loading, so a chip is
 * named by its place on the bus, and by its name too where two share that place. */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <ctype.h>
#include <stdio.h>

enum { CHIPS_MAX = 128, FILES_MAX = 4096 };

enum attribute { A_INPUT, A_AVERAGE, A_MIN, A_MAX, A_LCRIT, A_CRIT, A_FAULT, A_ALARM,
	A_CRIT_ALARM, A_LABEL, ATTRIBUTES };

static const char *const attribute_words[ATTRIBUTES] = { "input", "average", "min", "max",
	"lcrit", "crit", "fault", "alarm", "crit_alarm", "label" };

static const struct type {
	const char *word;
	enum measure kind;
	int64_t multiplier, divisor;
} types[] = {
	{ "temp", MEASURE_TEMPERATURE, 1, 1000 },
	{ "in", MEASURE_VOLTAGE, 1, 1000 },
	{ "curr", MEASURE_CURRENT, 1, 1000 },
	{ "power", MEASURE_POWER, 1, 1000000 },
	{ "energy", MEASURE_ENERGY, 1, 3600000000000 },
	{ "fan", MEASURE_FAN, 1, 1 },
	{ "humidity", MEASURE_HUMIDITY, 1, 1000 },
	{ "freq", MEASURE_FREQUENCY, 1, 1 },
	{ "pwm", MEASURE_PERCENT, 100, 255 },
	{ "intrusion", MEASURE_STATE, 1, 1 },
};

struct sensor_found {
	struct sensor_found *next;
	const struct type *type;
	uint32_t number;
	bool seen[ATTRIBUTES], read[ATTRIBUTES];
	int64_t milli[ATTRIBUTES];
	char label[64];
	bool words; /* what came as its value is no number */
};

struct chip {
	char folder[32], device[96], name[64], files_in[16];
	struct sensor_found *first, **last;
};

struct step {
	struct step *next;
	enum { LIST_FILES, READ_LINK, READ_NAME, READ_NAME_OLD, READ_FILE } what;
	struct chip *chip;
	struct sensor_found *sensor;
	enum attribute attribute;
};

struct hwmon {
	struct chip *chips;
	size_t chips_n, files_n;
	struct step *now, **last; /* steps still to take, in order */
	bool begun;
};

static const char *hwmon_base(const struct probe *probe)
{
	return probe->address != NULL && probe->address[0] == '/' ? probe->address
								   : "/sys/class/hwmon";
}

static struct step *hwmon_later(struct talk *talk, int what, struct chip *chip)
{
	struct hwmon *mine = talk->memory;
	struct step *step = arena_take(talk->arena, sizeof *step);

	if (step == NULL || mine->files_n++ >= FILES_MAX) {
		talk->full = true;
		return NULL;
	}
	step->what = (unsigned)what;
	step->chip = chip;
	*mine->last = step;
	mine->last = &step->next;
	return step;
}

static int hwmon_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct hwmon *mine = talk->memory;
	struct ask ask = { .what = ASK_LIST, .reply_max = LIMIT_REPLY_BYTES };
	const char *base = hwmon_base(talk->probe);
	int n;

	if (talk->turn == 0) {
		*mine = (struct hwmon){ .begun = true };
		mine->last = &mine->now;
		n = snprintf(ask.target, sizeof ask.target, "%s", base);
	} else if (mine->now == NULL) {
		meter_pick(talk);
		*ret_ask = (struct ask){ .what = ASK_NONE };
		return KS_OK;
	} else {
		const struct step *step = mine->now;
		const struct chip *chip = step->chip;
		char file[64] = "";

		ask.what = step->what == READ_LINK ? ASK_LINK
		    : step->what == LIST_FILES	   ? ASK_LIST : ASK_BYTES;
		ask.may_fail = true;
		if (step->what == READ_LINK)
			(void)snprintf(file, sizeof file, "/device");
		else if (step->what == READ_NAME)
			(void)snprintf(file, sizeof file, "/name");
		else if (step->what == READ_NAME_OLD)
			(void)snprintf(file, sizeof file, "/device/name");
		else if (step->what == READ_FILE)
			(void)snprintf(file, sizeof file, "/%s%u%s%s", step->sensor->type->word,
			    step->sensor->number,
			    step->sensor->type->kind == MEASURE_PERCENT ? "" : "_",
			    step->sensor->type->kind == MEASURE_PERCENT ? ""
				: attribute_words[step->attribute]);
		n = snprintf(ask.target, sizeof ask.target, "%s/%s%s%s", base, chip->folder,
		    step->what == READ_FILE || step->what == LIST_FILES ? chip->files_in : "", file);
	}
	if (n < 0 || (size_t)n >= sizeof ask.target)
		return fail(why, KS_FULL, "%s: path too long", talk->probe->name);
	*ret_ask = ask;
	return KS_OK;
}

static void hwmon_chips(struct talk *talk, struct span names)
{
	struct hwmon *mine = talk->memory;

	mine->chips = arena_array(talk->arena, CHIPS_MAX, sizeof *mine->chips);
	if (mine->chips == NULL) {
		talk->full = true;
		return;
	}
	while (names.left > 0) {
		struct span name = span_trim(span_until(&names, '\n'));

		if (name.left == 0 || name.left >= sizeof mine->chips->folder)
			continue;
		if (mine->chips_n >= CHIPS_MAX) {
			talk->full = true;
			return;
		}
		struct chip *chip = &mine->chips[mine->chips_n++];

		chip->last = &chip->first;
		meter_copy(chip->folder, sizeof chip->folder, name);
		(void)hwmon_later(talk, READ_NAME, chip);
		(void)hwmon_later(talk, READ_LINK, chip);
		(void)hwmon_later(talk, LIST_FILES, chip);
	}
}

/* "temp1_input" into type, number and attribute; false when it is none of ours. */
static bool hwmon_parse(struct span file, const struct type **ret_type,
    uint32_t *ret_number, enum attribute *ret_attribute)
{
	size_t letters = 0, digits = 0;
	int64_t number = 0;

	while (letters < file.left && islower(file.at[letters]))
		letters++;
	struct span word = span_cut(&file, letters);

	while (digits < file.left && isdigit(file.at[digits]))
		digits++;
	if (digits == 0 || digits > 4 || number_read(span_cut(&file, digits), 0, &number) != KS_OK)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!span_equal(word, types[i].word))
			continue;
		*ret_type = &types[i];
		*ret_number = (uint32_t)number;
		*ret_attribute = A_INPUT;
		if (types[i].kind == MEASURE_PERCENT)
			return file.left == 0;
		if (file.left == 0 || file.at[0] != '_')
			return false;
		(void)span_cut(&file, 1);
		for (int a = 0; a < ATTRIBUTES; a++)
			if (span_equal(file, attribute_words[a])) {
				*ret_attribute = (enum attribute)a;
				return true;
			}
	}
	return false;
}

static void hwmon_files(struct talk *talk, struct chip *chip, struct span names)
{
	bool linked = false;

	while (names.left > 0) {
		struct span file = span_trim(span_until(&names, '\n'));
		struct sensor_found *found = chip->first;
		const struct type *type = NULL;
		enum attribute attribute = A_INPUT;
		uint32_t number = 0;

		linked |= span_equal(file, "device");
		if (!hwmon_parse(file, &type, &number, &attribute))
			continue;
		while (found != NULL && (found->type != type || found->number != number))
			found = found->next;
		if (found == NULL) {
			found = arena_take(talk->arena, sizeof *found);
			if (found == NULL) {
				talk->full = true;
				return;
			}
			found->type = type;
			found->number = number;
			*chip->last = found;
			chip->last = &found->next;
		}
		if (found->seen[attribute])
			continue;
		struct step *step = hwmon_later(talk, READ_FILE, chip);

		if (step == NULL)
			return;
		found->seen[attribute] = true;
		step->sensor = found;
		step->attribute = attribute;
	}
	/* drivers of before 2009 keep their files one folder further */
	if (chip->first == NULL && linked && chip->files_in[0] == '\0') {
		(void)snprintf(chip->files_in, sizeof chip->files_in, "/device");
		(void)hwmon_later(talk, LIST_FILES, chip);
		if (chip->name[0] == '\0')
			(void)hwmon_later(talk, READ_NAME_OLD, chip);
	}
}

/* ".../platform/coretemp.0" -> "platform_coretemp_0" */
static void hwmon_device(struct chip *chip, struct span path)
{
	size_t n;

	path = span_trim(path);
	for (n = 0; n < path.left && (path.at[path.left - 1 - n] != '/'); n++)
		;
	for (n++; n < path.left && (path.at[path.left - 1 - n] != '/'); n++)
		;
	if (n >= path.left)
		return;
	meter_copy(chip->device, sizeof chip->device, span_of(path.at + path.left - n, n));
	for (char *c = chip->device; *c != '\0'; c++)
		*c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '_';
}

static void hwmon_attribute(struct sensor_found *found, enum attribute a, struct span reply)
{
	struct span text = span_trim(reply);
	const struct type *type = found->type;
	bool flag = a == A_FAULT || a == A_ALARM || a == A_CRIT_ALARM;

	if (a == A_LABEL) {
		meter_copy(found->label, sizeof found->label, text);
		return;
	}
	found->read[a] = !reply.broken && meter_milli(text, flag ? 1 : type->multiplier,
	    flag ? 1 : type->divisor, &found->milli[a]) == KS_OK;
	if (a == A_INPUT || a == A_AVERAGE)
		found->words = !found->read[a] && !meter_empty(text);
}

/* A limit that the chip really holds: set, possible, and not the type's end. */
static int64_t hwmon_limit(const struct sensor_found *found, enum attribute a, int64_t none)
{
	int64_t milli = found->milli[a];
	bool temp = found->type->kind == MEASURE_TEMPERATURE;

	if (!found->read[a] || milli == 0 || !measure_possible(found->type->kind, milli))
		return none;
	if (temp && (milli >= 127000 || milli <= -55000))
		return none; /* what a chip holds that nobody has set */
	return milli;
}

static void hwmon_state(struct talk *talk, const struct sensor_found *found,
    struct span id, struct span label)
{
	bool critical = found->read[A_CRIT_ALARM] && found->milli[A_CRIT_ALARM] != 0;
	bool alarm = found->read[A_ALARM] && found->milli[A_ALARM] != 0;
	char text[80];
	int n = snprintf(text, sizeof text, "%.*s%s", (int)id.left, (const char *)id.at,
	    found->type->kind == MEASURE_STATE ? "" : ".alarm");
	struct offer *offer = meter_offer(talk, MEASURE_STATE,
	    span_of(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));

	meter_label(offer, label);
	meter_source(offer, "%s", text);
	/* an intrusion alarm is latched from the factory on until somebody clears it */
	if (found->type->kind == MEASURE_STATE)
		meter_state(offer, alarm, span_text(alarm ? "alarm" : "ok"), SEVERITY_OK);
	else
		meter_state(offer, critical || alarm, span_text(critical || alarm ? "alarm" : "ok"),
		    critical ? SEVERITY_CRITICAL : alarm ? SEVERITY_WARNING : SEVERITY_OK);
}

/* Thermometers of the air around, not of a chip's inside. */
static bool hwmon_ambient(const char *name)
{
	static const char *const words[] = { "sht3x", "sht4x", "sht21", "sht15", "shtc1", "shtw1",
		"hih6130", "htu21", "si7020", "hdc100x", "emc1403", "lm75", "ds1621", "tmp102", NULL };

	for (size_t i = 0; words[i] != NULL; i++)
		if (strncmp(name, words[i], strlen(words[i])) == 0)
			return true;
	return false;
}

static void hwmon_offer(struct talk *talk, const struct chip *chip, const char *chip_id,
    const struct sensor_found *found)
{
	char id[200], label[160];
	enum attribute value = found->seen[A_INPUT] ? A_INPUT : A_AVERAGE;
	int n = snprintf(id, sizeof id, "%s.%s%u", chip_id, found->type->word, found->number);
	const char *chip_name = chip->name[0] != '\0' ? chip->name : chip->folder;
	int l = found->label[0] != '\0'
	    ? snprintf(label, sizeof label, "%s %s", chip_name, found->label)
	    : snprintf(label, sizeof label, "%s %s%u", chip_name, found->type->word,
		  found->number);
	struct span id_s = span_of(id, (size_t)n), label_s = span_of(label, (size_t)l);
	bool limited = false;

	if (found->type->kind == MEASURE_STATE) {
		hwmon_state(talk, found, id_s, label_s);
		return;
	}
	if (!found->seen[value])
		return; /* limits without a reading */
	struct offer *offer = meter_offer(talk, found->type->kind, id_s);

	if (offer == NULL)
		return;
	meter_label(offer, label_s);
	meter_source(offer, "%s/%s%s/%s%u%s%s", hwmon_base(talk->probe), chip->folder,
	    chip->files_in, found->type->word, found->number,
	    found->type->kind == MEASURE_PERCENT ? "" : "_",
	    found->type->kind == MEASURE_PERCENT ? "" : attribute_words[value]);
	offer->place = hwmon_ambient(chip->name) ? PLACE_NONE : PLACE_INTERNAL;
	offer->limits = (struct limits_offered){ hwmon_limit(found, A_LCRIT, INT64_MIN),
		hwmon_limit(found, A_MIN, INT64_MIN), hwmon_limit(found, A_MAX, INT64_MAX),
		hwmon_limit(found, A_CRIT, INT64_MAX) };
	limited = offer->limits.low_critical != INT64_MIN || offer->limits.low_warning != INT64_MIN ||
	    offer->limits.high_warning != INT64_MAX || offer->limits.high_critical != INT64_MAX;
	if (found->read[value])
		meter_number(offer, found->milli[value]);
	else if (found->words)
		meter_untrusted(offer, DOUBT_MALFORMED);
	if (found->read[A_FAULT] && found->milli[A_FAULT] != 0)
		meter_untrusted(offer, DOUBT_FAULT);
	if (limited && (found->read[A_ALARM] || found->read[A_CRIT_ALARM]))
		hwmon_state(talk, found, id_s, label_s);
}

static void hwmon_offers(struct talk *talk)
{
	const struct hwmon *mine = talk->memory;
	const char *only = talk->probe->address;

	if (only != NULL && (only[0] == '\0' || only[0] == '/' || strcmp(only, "localhost") == 0 ||
	    strcmp(only, "local") == 0))
		only = NULL;
	for (size_t i = 0; i < mine->chips_n; i++) {
		const struct chip *chip = &mine->chips[i];
		bool shared = false;
		char id[168];

		for (size_t k = 0; k < mine->chips_n && chip->device[0] != '\0'; k++)
			shared |= k != i && strcmp(chip->device, mine->chips[k].device) == 0;
		(void)snprintf(id, sizeof id, "%s%s%s",
		    chip->device[0] != '\0' ? chip->device
			: chip->name[0] != '\0' ? chip->name : chip->folder,
		    shared ? "_" : "", shared ? chip->name : "");
		if (only != NULL && strcmp(only, id) != 0 && strcmp(only, chip->name) != 0)
			continue;
		for (const struct sensor_found *s = chip->first; s != NULL; s = s->next)
			hwmon_offer(talk, chip, id, s);
	}
}

static int hwmon_read(struct talk *talk, struct span reply, struct why *why)
{
	struct hwmon *mine = talk->memory;
	struct step *step = mine->now;

	(void)why;
	if (mine->begun) {
		mine->begun = false;
		hwmon_chips(talk, reply);
		return KS_OK;
	}
	if (step == NULL)
		return KS_OK;
	if (step->what == READ_LINK)
		hwmon_device(step->chip, reply);
	else if (step->what == READ_NAME || step->what == READ_NAME_OLD)
		meter_copy(step->chip->name, sizeof step->chip->name, span_trim(reply));
	else if (step->what == LIST_FILES)
		hwmon_files(talk, step->chip, reply);
	else
		hwmon_attribute(step->sensor, step->attribute, reply);
	mine->now = step->next;
	if (mine->now == NULL) {
		mine->last = &mine->now;
		hwmon_offers(talk);
	}
	return KS_OK;
}

const struct driver driver_hwmon = {
	.name = "hwmon",
	.says = "what this machine's own chips measure (/sys/class/hwmon)",
	.via = VIA_FILE,
	.memory_size = sizeof(struct hwmon),
	.ask = hwmon_ask,
	.read = hwmon_read,
};
