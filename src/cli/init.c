/* src/cli/init.c - `keisoku init`: a first site file, ready to be read; with --scan
 * from what this machine has.  Says in words what it can not see. */
#include "base/drop.h"
#include "base/number.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/init_scan.h"
#include "site/read.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { FILE_MAX = 65536, NUT_PORT = 3493 };

static void note(struct text *file, enum lang lang, const char *sentence)
{
	text_addf(file, "# %s\n", tr(lang, sentence));
}

/* The machine's time zone by its link into zoneinfo; by language when there is none. */
static void zone_find(char *ret, size_t room, enum lang lang)
{
	char link[300];
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	const char *name = NULL;

	if (n > 0) {
		link[n] = '\0';
		name = strstr(link, "zoneinfo/");
	}
	if (name != NULL && strchr(name, ' ') == NULL && strstr(name, "UTC") == NULL)
		name += strlen("zoneinfo/");
	else
		name = lang == LANG_JA ? "Asia/Tokyo" : "UTC";
	(void)snprintf(ret, room, "%s", name);
}

static void list_found(struct text *file, enum lang lang, const char *what,
    const struct found *found)
{
	if (found->n == 0)
		return;
	text_addf(file, "# %s", tr(lang, what));
	for (size_t i = 0; i < found->n; i++)
		text_addf(file, "%s%s", i > 0 ? ", " : " ", found->names[i]);
	if (found->more > 0)
		text_addf(file, " +%zu", found->more);
	text_add_char(file, '\n');
}

static void write_room(struct text *file, enum lang lang, const struct scan *scan)
{
	char zone[300];

	zone_find(zone, sizeof zone, lang);
	note(file, lang, N_("The first site file: one thing a line. Try it: keisoku check FILE"));
	text_addf(file, "site office tz=%s lang=%s volt=100\n\n", zone,
	    lang == LANG_JA ? "ja" : "en");
	note(file, lang, N_("The room and its rack. Correct the volume and the height."));
	text_addf(file, "room room1 name=\"%s\" volume=40m3\n", tr(lang, N_("server room")));
	text_add(file, "rack rack1 room=room1 units=24\n\n");
	note(file, lang, N_("Power: from the wall to the strip. Correct the amperes."));
	text_add(file, "feed wall volt=100 amps=15A\n");
	for (size_t i = 0; i < scan->upses.n; i++)
		text_addf(file, "ups ups-%s from=wall amps=15A rack=rack1\n", scan->upses.names[i]);
	if (scan->upses.n > 0)
		text_addf(file, "pdu strip from=ups-%s rack=rack1\n\n", scan->upses.names[0]);
	else
		text_add(file, "pdu strip from=wall rack=rack1\n\n");
	note(file, lang, N_("The machines. The watts are a guess until they are measured."));
	if (scan->model[0] != '\0')
		text_addf(file, "# %s: %s\n", scan->host, scan->model);
	list_found(file, lang, N_("network interfaces:"), &scan->interfaces);
	text_addf(file, "host host-%s rack=rack1 u=1 h=1U cords=strip.1 w=100W declared=yes\n\n",
	    scan->host);
}

static void write_sensors(struct text *file, enum lang lang, const struct scan *scan)
{
	if (scan->chips.n > 0) {
		list_found(file, lang, N_("this machine's own chips:"), &scan->chips);
		text_addf(file, "sensor %s-board via=hwmon on=host-%s place=internal\n", scan->host,
		    scan->host);
	}
	if (scan->zones.n > 0) {
		list_found(file, lang, N_("this machine's thermal zones:"), &scan->zones);
		text_addf(file, "sensor %s-zones via=thermal on=host-%s place=internal\n", scan->host,
		    scan->host);
	}
	for (size_t i = 0; i < scan->wires.n; i++) {
		if (i == 0)
			note(file, lang, N_("1-wire thermometers: say where each hangs (at=rack1.20 or "
			    "at=room1)"));
		text_addf(file, "sensor air-%zu via=w1 address=%s at=room1 kind=temperature\n", i + 1,
		    scan->wires.names[i]);
	}
	if (scan->upses.n > 0) {
		list_found(file, lang, N_("UPSes of the NUT server on this host:"), &scan->upses);
		text_add(file, "sensor power via=nut address=127.0.0.1");
		if (scan->nut_port != NUT_PORT)
			text_addf(file, ":%u", scan->nut_port);
		text_addf(file, "%s%s\n", scan->upses.n == 1 ? " on=ups-" : "",
		    scan->upses.n == 1 ? scan->upses.names[0] : "");
	}
}

/* What a machine can not see of its room, and what would help. */
static void write_blind(struct text *file, enum lang lang, const struct scan *scan)
{
	text_add_char(file, '\n');
	if (scan->wires.n == 0) {
		note(file, lang, N_("Not seen: the air. A chip is warm because it works; only a "
		    "thermometer in front of the rack"));
		note(file, lang, N_("says that the room is hot. The cheapest: a DS18B20 (1-wire) or a USB "
		    "stick, a few hundred yen;"));
		note(file, lang, N_("better: a network thermometer, or the probe of a UPS card. Then:"));
		text_add(file, "#sensor inlet via=snmp address=192.0.2.20 at=rack1.20 kind=temperature\n");
		text_add(file, "#sensor inlet via=w1 at=rack1.20 kind=temperature\n");
	}
	if (scan->upses.n == 0) {
		note(file, lang, N_("Not seen: the power. A UPS or a PDU with a network card, or NUT "
		    "(upsd), would tell:"));
		text_add(file, "#sensor ups1 via=snmp address=192.0.2.21\n");
		text_add(file, "#sensor ups1 via=nut address=127.0.0.1\n");
	}
	note(file, lang, N_("Not seen: other machines, which cord goes where, when the building cools. "
	    "Add them:"));
	text_add(file, "#host file1 rack=rack1 u=2 h=2U cords=strip.2 w=280W address=192.0.2.11\n");
	text_add(file, "#calendar building hours=\"Mon-Fri 08:00-20:00\" holidays=JP\n");
	text_add(file, "#cooling ac1 room=room1 capacity=4kW on-when=building\n");
}

/* What we wrote must be what we read. */
static bool readable(const struct text *file, enum lang lang)
{
	static struct site_errors errors;
	KS_DROP(site) struct site *site = NULL;

	if (!file->full && site_read(text_span(file), &site, &errors) == KS_OK)
		return true;
	if (errors.n > 0)
		cli_complain_why(lang, &errors.list[0].why);
	return false;
}

static int save_new(const char *name, const struct text *file, enum lang lang)
{
	KS_DROP(fd) int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	size_t done = 0;

	if (fd < 0 && errno == EEXIST) {
		cli_complain(lang, N_("%s is already there and stays as it is; give another name"), name);
		return EXIT_UNKNOWN;
	}
	while (fd >= 0 && done < file->len) {
		ssize_t n = write(fd, file->at + done, file->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (fd < 0 || done < file->len || fsync(fd) != 0) {
		cli_complain(lang, N_("%s can not be written: %s"), name, strerror(errno));
		if (fd >= 0)
			(void)unlink(name); /* ours, and not whole */
		return EXIT_BROKEN;
	}
	cli_complain(lang, N_("%s is written; next: keisoku check %s"), name, name);
	return EXIT_WELL;
}

static int init_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text file = { 0 };
	struct scan scan = { .host = "this-host" };
	struct args args;

	if (!args_read(&command_init, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	text_init(&file, FILE_MAX);
	if (args_has(&args, "--scan")) {
		const char *root = args_value(&args, "--root");
		int64_t port = NUT_PORT;

		if (args_value(&args, "--nut-port") != NULL && (number_read(
		    span_text(args_value(&args, "--nut-port")), 0, &port) != KS_OK ||
		    port < 0 || port > 65535)) {
			cli_complain(lang, N_("%s is no port"), args_value(&args, "--nut-port"));
			return EXIT_UNKNOWN;
		}
		scan_host(&scan, root != NULL ? root : "", (uint16_t)port);
		if (scan.chips.n + scan.zones.n + scan.wires.n + scan.upses.n == 0)
			cli_complain(lang, N_("nothing that measures was found on this machine"));
	}
	write_room(&file, lang, &scan);
	write_sensors(&file, lang, &scan);
	write_blind(&file, lang, &scan);
	if (!readable(&file, lang))
		return EXIT_BROKEN;
	if (args.operands_n > 0)
		return save_new(args.operands[0], &file, lang);
	return cli_print(&file) ? EXIT_WELL : EXIT_BROKEN;
}

static const struct option_row init_options[] = {
	{ "--scan", NULL, N_("look for sensors, UPSes and interfaces of this machine") },
	{ "--root", "DIR", N_("look below DIR instead of /") },
	{ "--nut-port", "PORT", N_("where to look for a NUT server on this host (0: nowhere)") },
	{ NULL, NULL, NULL },
};
static const char *const init_examples[] = { "keisoku init --scan office.site",
	"keisoku init > office.site", NULL };
const struct command command_init = {
	.name = "init", .takes = "[FILE]", .says = N_("write a first site file, never over another"),
	.options = init_options, .examples = init_examples, .run = init_run,
};
