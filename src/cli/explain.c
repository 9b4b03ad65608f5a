/* src/cli/explain.c - `keisoku explain KS-HEAT-001`: what a finding means, what to do. */
#include "base/drop.h"
#include "cli/args.h"
#include "cli/front.h"
#include "site/finding.h"
#include "site/keys.h"

static const struct {
	const char *means, *todo;
} explanations[FINDING_CODES] = {
	[FINDING_HOT] = {
		N_("A temperature is above the limit of its place. Without limits of your own these are 27 °C (warning, ASHRAE recommended) and 32 °C (critical, A1 allowable) at inlets, 30 and 35 °C in rooms."),
		N_("Look whether the cooling runs; open the doors; switch off what can wait. Set limit= and critical= in the site file if your hardware allows more.") },
	[FINDING_COLD] = {
		N_("A temperature is below the lower limit of its place."),
		N_("Look whether the cooling is set too low or a window is open.") },
	[FINDING_RISING] = {
		N_("A temperature rises faster than its room allows (20 K an hour unless rise= says otherwise). Cooling may have failed although no limit is passed yet."),
		N_("Look at the cooling now; there is still time.") },
	[FINDING_HEADING] = {
		N_("From the course of the last hours a temperature will pass its limit. The time comes with an interval: in 8 of 10 cases the crossing lies inside."),
		N_("Act before the earlier end of the interval: start the cooling, call the building, switch off what can wait.") },
	[FINDING_HUMID] = {
		N_("The air is more humid than its limit (80 % unless the site file says otherwise)."),
		N_("Look for water and at the drain of the cooling; dry the air.") },
	[FINDING_DRY] = {
		N_("The air is drier than its limit (20 % unless the site file says otherwise). Sparks of static electricity can break hardware."),
		N_("Moisten the air; do not open hardware without a wrist strap.") },
	[FINDING_DEW] = {
		N_("The dew point is above its limit (17 °C unless the site file says otherwise): water may condense on what is cold."),
		N_("Dry the air; do not cool further before it is dry.") },
	[FINDING_COOLING_OFF] = {
		N_("A UPS runs on battery, so mains power is gone, and cooling that is not on a UPS stands still while the servers go on heating."),
		N_("Watch the time to the limit rather than the battery; switch off what can wait.") },
	[FINDING_AC_CALENDAR] = {
		N_("By its calendar (hours, national holidays, own days off) the building's air-conditioning does not run now."),
		N_("Ask building management to run it, or let the room's own cooling run.") },
	[FINDING_OVERLOAD] = {
		N_("A part of the power path carries more than its limit, or more than the 80 % that breakers may carry for long."),
		N_("Move or switch off load before the breaker does.") },
	[FINDING_ON_BATTERY] = {
		N_("A UPS has no good mains power and runs on its battery."),
		N_("Find out why; shut down in order before the battery is empty.") },
	[FINDING_BATTERY_LOW] = {
		N_("A UPS says that its battery is nearly empty."),
		N_("Shut down in order now.") },
	[FINDING_STATE] = {
		N_("A device reports a state that its own MIB or manual calls bad."),
		N_("Look at the device; its word is shown as it says it.") },
	[FINDING_LIMIT] = {
		N_("A value is beyond a limit that the site file sets."),
		N_("Look at what it measures, or correct the limit.") },
	[FINDING_UNTRUSTED] = {
		N_("A sensor gives a number that cannot be true. It is kept apart and counts neither as good nor as bad."),
		N_("Look at the sensor, its cable and its supply; the reason is in the sentence.") },
	[FINDING_ABSENT] = {
		N_("A sensor that was there gives no value any more."),
		N_("Look whether it is plugged in and its device is on.") },
	[FINDING_STUCK] = {
		N_("A sensor has shown exactly the same number for far longer than ever before, while others moved."),
		N_("Restart the sensor or its device.") },
	[FINDING_SILENT] = {
		N_("A device does not answer questions: off, cut off, or refusing."),
		N_("Look at its power, cable and address; `keisoku sense ADDRESS` asks it once.") },
	[FINDING_ROOM_BLIND] = {
		N_("No sensor of a room gives a trusted value. This is as bad as heat: nobody would know."),
		N_("Go and look; bring any sensor back.") },
	[FINDING_HOST_DOWN] = {
		N_("A host does not answer several times in a row, and nothing in front of it explains that."),
		N_("Look at the host.") },
	[FINDING_REBOOT] = {
		N_("The uptime of a host went back to zero without a shutdown that anybody asked for."),
		N_("Look at its log: power, heat, crash.") },
	[FINDING_HOSTS_LOST] = {
		N_("Many hosts of one room, rack, feed or switch were lost within minutes: one cause, one incident. The hosts are listed below it."),
		N_("Look at the common cause first: heat, power, network.") },
	[FINDING_SWITCH_DOWN] = {
		N_("A switch does not answer; what hangs on it cannot be reached and is not reported one by one."),
		N_("Look at the switch, its power and its uplink.") },
	[FINDING_DISK_FULL] = {
		N_("The disk that keisoku writes to is full. It goes on judging but cannot keep readings."),
		N_("Make room; keisoku resumes by itself. keep= in the site file sets how long readings are kept.") },
	[FINDING_ROLE_DIED] = {
		N_("One of keisoku's processes ended and was started again by the keeper."),
		N_("If it happens again, please report it with the log.") },
	[FINDING_UNCONFINED] = {
		N_("The kernel lacks a protection (seccomp, Landlock) that keisoku uses to lock its processes in. It works, with less safety."),
		N_("Use a newer kernel, or accept it.") },
	[FINDING_SITE_REFUSED] = {
		N_("The site file was changed and has errors. Nothing of it was taken; the old one stays in force."),
		N_("`keisoku check SITE` shows line and column of each error.") },
	[FINDING_CLEAR_COMMUNITY] = {
		N_("SNMP v1 and v2c send their password, the community, unencrypted: who listens can read it."),
		N_("Use SNMP v3 with authPriv where the device can, and a network of its own where it can not.") },
	[FINDING_GAP] = {
		N_("keisoku itself was not running or not measuring for a while. What happened then is not known."),
		N_("Look why it stood still; silence in that time is nobody else's fault.") },
	[FINDING_LIMIT_HIT] = {
		N_("A maximum of keisoku was reached, so something was not taken in."),
		N_("`keisoku limits` lists them all with how often each was reached.") },
};

static void one_add(struct text *text, enum lang lang, enum finding_code code)
{
	text_addf(text, "%s\n", finding_id(code));
	text_addf(text, "  %s\n", tr(lang, explanations[code].means));
	text_addf(text, "  %s%s\n", tr(lang, N_("What to do: ")), tr(lang, explanations[code].todo));
}

static const char *voice_say(void *lang, const char *msgid)
{
	return tr(*(const enum lang *)lang, msgid);
}

static int explain_site(enum lang lang)
{
	const struct keys_voice voice = { .say = voice_say, .ctx = &lang };
	KS_DROP(text) struct text text;

	text_init(&text, 200000);
	keys_reference(&text, &voice);
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static int explain_run(int argc, char **argv, enum lang lang)
{
	KS_DROP(text) struct text text;
	struct args args;
	bool found = false;

	if (!args_read(&command_explain, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (args.operands_n > 0 && strcmp(args.operands[0], "site") == 0)
		return explain_site(lang);
	text_init(&text, 200000);
	for (unsigned code = 0; code < FINDING_CODES; code++) {
		if (args.operands_n > 0 && strcasecmp(args.operands[0], finding_id(code)) != 0)
			continue;
		one_add(&text, lang, code);
		found = true;
	}
	if (!found) {
		cli_complain(lang, "there is no finding %s; `keisoku explain` lists them all",
		    args.operands[0]);
		return EXIT_UNKNOWN;
	}
	return cli_print(&text) ? EXIT_WELL : EXIT_BROKEN;
}

static const char *const explain_examples[] = { "keisoku explain KS-HEAT-004",
	"keisoku explain site", NULL };
const struct command command_explain = {
	.name = "explain", .takes = "[ID|site]",
	.says = N_("what a finding means and what to do; every key of the site file"),
	.examples = explain_examples, .run = explain_run,
};
