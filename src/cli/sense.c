/* src/cli/sense.c - `keisoku sense ADDRESS`: all that one device offers, as a table
 * and as lines for the site file. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/poll_once.h"
#include "cli/readings.h"
#include "sense/driver.h"
#include <ctype.h>

enum { ANSWER = 8 << 20, ID_COLUMNS = 28, VALUE_COLUMNS = 16, KIND_COLUMNS = 16 };

/* What runs behind a port by custom; the others are tried in the order of `tries`. */
static const struct {
	const char *port, *via;
} customs[] = { { ":161", "snmp" }, { ":3493", "nut" }, { ":4304", "owserver" },
	{ ":443", "redfish" }, { ":502", "modbus" }, { ":623", "ipmi" }, { ":9100", "prometheus" } };
static const char *const tries[] = { "snmp", "nut", "redfish", "prometheus", "owserver", NULL };

static struct poll_once once;

static const char *custom_of(const char *address)
{
	size_t n = strlen(address);

	if (address[0] == '/' || strcmp(address, "local") == 0)
		return "hwmon";
	if (strstr(address, "/redfish") != NULL)
		return "redfish";
	if (strstr(address, "/metrics") != NULL)
		return "prometheus";
	for (size_t i = 0; i < sizeof customs / sizeof *customs; i++) {
		size_t port_n = strlen(customs[i].port);

		if (n > port_n && strcmp(address + n - port_n, customs[i].port) == 0)
			return customs[i].via;
	}
	return NULL;
}

static size_t values_n(void)
{
	size_t n = 0;

	for (size_t i = 0; i < once.n; i++)
		n += once.values[i].read && once.values[i].series.kind != MEASURE_REACH;
	return n;
}

static int ask_device(const char *via, const char *address, const char *secret_file,
    enum lang lang, struct why *why)
{
	struct sensor sensor = { .id = "device", .name = "device", .via = via, .address = address,
		.secret = secret_file != NULL ? secret_file : once.secret != NULL ? "" : NULL,
		.every_ms = 30000, .multiply_milli = 1000 };
	struct site site = { .id = "here", .sensors = &sensor, .sensors_n = 1 };

	poll_once_done(&once);
	return poll_once(&once, &site, lang, why);
}

/* The id within the device: behind "device:". */
static const char *own_id(const struct series *series)
{
	const char *colon = strchr(series->id, ':');

	return colon != NULL ? colon + 1 : series->id;
}

static void json_add(struct text *text, const char *via, const char *address)
{
	bool first = true;

	text_add(text, "{\"schema\":\"keisoku.sense/1\",");
	json_pair(text, "device", address);
	text_add_char(text, ',');
	json_pair(text, "via", via);
	text_add(text, ",\"readings\":[");
	for (size_t i = 0; i < once.n; i++) {
		const struct polled *v = &once.values[i];

		if (!v->read || v->series.kind == MEASURE_REACH)
			continue;
		text_add(text, first ? "{" : ",{");
		first = false;
		json_pair(text, "id", own_id(&v->series));
		text_add_char(text, ',');
		json_pair(text, "label", v->series.label);
		text_add_char(text, ',');
		reading_json(text, &v->series, &v->reading);
		text_add_char(text, ',');
		json_pair(text, "source", v->series.source);
		text_add_char(text, '}');
	}
	text_add(text, "]}\n");
}

static void cell_add(struct text *text, const struct text *cell, size_t width)
{
	column_add(text, text_cstr(cell), width);
}

static void row_add(struct text *text, enum lang lang, const struct polled *v)
{
	KS_DROP(text) struct text cell;

	text_init(&cell, 1000);
	column_add(text, own_id(&v->series), ID_COLUMNS);
	column_add(text, measure_said(lang, (enum measure)v->reading.kind), KIND_COLUMNS);
	reading_value(&cell, lang, &v->reading);
	cell_add(text, &cell, VALUE_COLUMNS);
	text_add(text, v->series.label);
	if (v->reading.quality != QUALITY_OK) {
		text_add(text, "  [");
		reading_quality(text, lang, &v->reading);
		text_add_char(text, ']');
	} else if (v->reading.kind == MEASURE_STATE && v->reading.severity != SEVERITY_OK) {
		text_addf(text, "  [%s]",
		    severity_said(lang, (enum severity)v->reading.severity));
	}
	text_add_char(text, '\n');
}

/* "/sys/x:y z" -> "x-y-z": an ID for the site file. */
static void slug(const char *from, char ret_id[40])
{
	size_t n = 0;

	for (; *from != '\0' && n < 39; from++) {
		unsigned char c = (unsigned char)*from;

		if (isalnum(c) || c == '.' || c == '_')
			ret_id[n++] = (char)c;
		else if (n > 0 && ret_id[n - 1] != '-')
			ret_id[n++] = '-';
	}
	while (n > 0 && (ret_id[n - 1] == '-' || ret_id[n - 1] == '.'))
		n--;
	ret_id[n] = '\0';
}

static void value_add(struct text *text, const char *key, const char *value)
{
	bool quote = strpbrk(value, " \t\"#") != NULL || value[0] == '\0';

	text_addf(text, quote ? " %s=\"%s\"" : " %s=%s", key, value);
}

/* Ready to paste: the whole device, then its temperatures one by one. */
static void lines_add(struct text *text, const char *via, const char *address,
    const char *secret)
{
	char id[40], one[40];

	slug(address, id);
	text_addf(text, "\nsensor %s via=%s", id, via);
	value_add(text, "address", address);
	if (secret != NULL)
		value_add(text, "secret", secret);
	text_add_char(text, '\n');
	for (size_t i = 0; i < once.n; i++) {
		const struct polled *v = &once.values[i];

		if (!v->read || v->reading.quality != QUALITY_OK ||
		    (v->reading.kind != MEASURE_TEMPERATURE && v->reading.kind != MEASURE_HUMIDITY))
			continue;
		slug(own_id(&v->series), one);
		text_addf(text, "# sensor %s-%s via=%s", id, one, via);
		value_add(text, "address", address);
		if (secret != NULL)
			value_add(text, "secret", secret);
		value_add(text, "read", own_id(&v->series));
		text_add(text, " at=RACK.U\n");
	}
}

static int print_all(const char *via, const char *address, const char *secret, enum lang lang,
    bool json)
{
	KS_DROP(text) struct text text;
	bool found = false;

	text_init(&text, ANSWER);
	if (json) {
		json_add(&text, via, address);
		return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
	}
	for (size_t i = 0; i < once.n; i++)
		if (once.values[i].read && once.values[i].series.kind != MEASURE_REACH) {
			row_add(&text, lang, &once.values[i]);
			found = true;
		}
	if (found)
		lines_add(&text, via, address, secret);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const struct option_row sense_options[] = {
	{ "--via", "WORD", N_("how: snmp, nut, redfish, ipmi, modbus, hwmon, thermal, w1, owserver, prometheus, command") },
	{ "--community", "WORD", N_("SNMP community (public when not said)") },
	{ "--version", "1|2c|3", N_("SNMP version (2c when not said)") },
	{ "--secret", "FILE", N_("file with the community, login or SNMPv3 user") },
	{ "--json", NULL, N_("answer for machines (keisoku.sense/1)") },
	{ NULL, NULL, NULL },
};

/* The poller knows the one device as "device"; who asked knows its address. */
static void address_say(struct why *why, const char *address)
{
	static const char stand_in[] = "device:";
	struct why said = *why;
	size_t used = 0;

	for (size_t i = 0; i < WHY_ARGS && why->args[i].is != WHY_NONE; i++)
		if (why->args[i].is == WHY_STRING)
			used = why->args[i].string_at + strlen(why->pool + why->args[i].string_at) + 1;
	if (used + strlen(address) < sizeof said.pool)
		for (size_t i = 0; i < WHY_ARGS; i++)
			if (why->args[i].is == WHY_STRING &&
			    strcmp(why->pool + why->args[i].string_at, "device") == 0) {
				(void)snprintf(said.pool + used, sizeof said.pool - used, "%s", address);
				said.args[i].string_at = (uint16_t)used;
			}
	if (strncmp(why->text, stand_in, sizeof stand_in - 1) == 0)
		(void)snprintf(said.text, sizeof said.text, "%s%.*s", address, WHY_TEXT - 7,
		    why->text + sizeof stand_in - 2);
	*why = said;
}

/* The first way that gives anything; the last failure's words otherwise. */
static const char *find_via(const char *address, const char *given, const char *secret,
    enum lang lang, struct why *why)
{
	const char *custom = given != NULL ? given : custom_of(address);
	const char *via = custom;

	for (size_t i = 0; custom != NULL ? i < 1 : tries[i] != NULL; i++) {
		via = custom != NULL ? custom : tries[i];
		if (driver_find(span_text(via)) == NULL && custom == NULL)
			continue;
		if (ask_device(via, address, secret, lang, why) != KS_OK)
			continue;
		if (values_n() > 0)
			return via;
		if (once.troubles_n == 0)
			return via; /* it answered, and offers nothing */
		*why = once.troubles[0].why;
		address_say(why, address);
	}
	return NULL;
}

static int sense_run(int argc, char **argv, enum lang lang);
static const char *const sense_examples[] = { "keisoku sense 192.0.2.20 --community public",
	"keisoku sense ups.example:3493 --via nut --json", NULL };
const struct command command_sense = {
	.name = "sense", .takes = "ADDRESS",
	.says = N_("all that one device offers, ready to paste into a site file"),
	.options = sense_options, .examples = sense_examples, .run = sense_run,
};

static int sense_run(int argc, char **argv, enum lang lang)
{
	const char *community, *version, *secret, *via;
	static char words[512];
	struct why why = { 0 };
	struct args args;
	int code;

	if (!args_read(&command_sense, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	community = args_value(&args, "--community");
	version = args_value(&args, "--version");
	secret = args_value(&args, "--secret");
	if (secret == NULL && (community != NULL || version != NULL)) {
		(void)snprintf(words, sizeof words, "version=%s community=\"%s\"",
		    version != NULL ? version : "2c", community != NULL ? community : "public");
		once.secret = words;
	}
	via = find_via(args.operands[0], args_value(&args, "--via"), secret, lang, &why);
	if (via == NULL) {
		cli_complain_why(lang, &why);
		code = EXIT_UNKNOWN;
	} else {
		code = print_all(via, args.operands[0], secret, lang, args_has(&args, "--json"));
		if (code == EXIT_WELL && values_n() == 0)
			cli_complain(lang, "%s answered, but offers nothing that is known here",
			    args.operands[0]);
	}
	poll_once_done(&once);
	return code;
}
