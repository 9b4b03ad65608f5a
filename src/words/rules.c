#include "words/rules.h"
#include <strings.h>

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
	[FINDING_DAMAGED] = {
		N_("Bytes of the journal, where new readings are kept first, are not what was written: a disk that fails, or somebody's hand. What lay around them was taken; the damaged part was set aside as journal/NAME.damaged."),
		N_("`keisoku store check` names the places. Look at the health of the disk and at the kernel's log, restore a backup if the lost readings matter, then remove the file set aside: the message ends with it at the next start.") },
	[FINDING_LOSS_STOPS] = {
		N_("Every single loss of a feed, UPS, panel, leg or breaker is tried on what is measured now. Of those that stop a service, this one costs most by the values of the site file. It is a warning when a service that may never go down (must=yes) is among them."),
		N_("`keisoku whatif SITE --lose ID` names the hosts; give them a second cord on the other side, or more hosts to the service.") },
	[FINDING_LOSS_TRIPS] = {
		N_("When this is lost, its load moves to what is left, and that is more than a breaker bears. The times are the edges of its trip curve: it may open as soon as the first, and need not before the second."),
		N_("`keisoku whatif SITE --lose ID` shows the cascade, `keisoku plan SITE --lose ID` the cheapest way through it. Keep each side below 40 % of its rating, or have the plan ready.") },
	[FINDING_DEAF] = {
		N_("A wire line of the site file can not be heard: the interface is missing or down, keisoku may not capture packets there, or a file that the line names can not be read. Nothing of what is said there is known."),
		N_("Look at the interface (ip link). Under systemd the right to capture comes with a drop-in: doc/audit.md shows it. It is tried again every 2 seconds.") },
	[FINDING_CHANNEL] = {
		N_("A channel of a notify line failed three times in a row. Messages wait and are tried again; other channels are not held up."),
		N_("`keisoku notify test NAME` sends a trial and says what the other side answers. Look at its address, its secret file and the way out of your network.") },
	[FINDING_ALERT] = {
		N_("Another system (Alertmanager, Grafana, Zabbix ...) sent an alert to keisoku. What it is about is found in the site file; when keisoku itself knows the cause, the alert is explained by it and told to nobody."),
		N_("Look at what the alert says; name its host in the site file, so that one cause is one message.") },
	[FINDING_WIRE_LISTED] = {
		N_("A device spoke with, or asked for, a name or address that is on a block list you gave. The list's name, its entry and its date are said; what the list means is its maker's word."),
		N_("Find the program on the device that does it; cut the device off if nobody knows it.") },
	[FINDING_WIRE_PERSONAL] = {
		N_("Personal data was sent without encryption: everybody between the device and its destination could read and change it. Values are shown masked. Where a device receives it from others, it is told as the one that takes it unencrypted."),
		N_("Ask the maker of the program to use HTTPS, or stop using it; tell whoever is responsible for data protection. If it is a server of yours, offer HTTPS and nothing else.") },
	[FINDING_WIRE_CREDENTIAL] = {
		N_("A user name and a password went over the network in clear. Whoever listened has them. A server that receives passwords in clear offers its clients no better."),
		N_("Change the password; use the encrypted form of the protocol (HTTPS, IMAPS, SFTP, SSH).") },
	[FINDING_WIRE_CLEAR_SENT] = {
		N_("A program sent data by plain HTTP. Even without personal data in it others can read and change it on the way."),
		N_("Ask its maker for HTTPS; block port 80 for the device when nothing breaks.") },
	[FINDING_WIRE_CLEAR] = {
		N_("A program read by plain HTTP. What it got may have been changed on the way; updates and scripts are the danger."),
		N_("Look what it is; prefer HTTPS.") },
	[FINDING_WIRE_NOT_ENCRYPTED] = {
		N_("On a port that is meant for encryption, or in a form that is only coded (base64, XOR, compressed), a device speaks so that others can read it."),
		N_("Find the program; it may be old, misconfigured, or hide something.") },
	[FINDING_WIRE_REFUSED] = {
		N_("A device ended a TLS handshake because it did not accept the server's certificate. In TLS 1.3 this is often visible only by the size of the answer; it is then called very probable."),
		N_("If it is your own server, renew or correct its certificate. If it repeats, a program fails all the time: find it.") },
	[FINDING_WIRE_CLAIMS] = {
		N_("A certificate carries the name of a well-known vendor, but does not lead to that vendor's roots: somebody gives himself a name that is not his."),
		N_("Treat the destination as hostile until it is explained.") },
	[FINDING_WIRE_UNTRUSTED] = {
		N_("A server's certificate is signed by itself, or by an authority that is not among the roots it was held against. Anybody could have made it. A certificate is the finding of the device that shows it; of the client where the server is not in your house."),
		N_("If it is a device of your own, pin or replace its certificate; otherwise ask why it is accepted.") },
	[FINDING_WIRE_DATES] = {
		N_("When the server sent it, its certificate was no longer valid, or not yet."),
		N_("Renew it; look at the clock of both sides.") },
	[FINDING_WIRE_MISMATCH] = {
		N_("The certificate does not name the server that the client asked for."),
		N_("Correct the server; if it is not yours, somebody may stand between.") },
	[FINDING_WIRE_WEAK_CERTIFICATE] = {
		N_("The key of a certificate is too short, or it is signed with SHA-1 or MD5: it can be forged with means that exist."),
		N_("Have it issued anew with RSA 2048 or P-256 and SHA-256.") },
	[FINDING_WIRE_ODD_CERTIFICATE] = {
		N_("A certificate is unusual: valid for very long or very short, an authority's used by a server, or not readable by the rules."),
		N_("Usually only worth a note; together with other findings it tells who is careless.") },
	[FINDING_WIRE_OLD_TLS] = {
		N_("Client and server agreed on a version below TLS 1.2, or on a cipher suite that does not protect."),
		N_("Update or configure both sides; TLS 1.2 with forward secrecy is the least.") },
	[FINDING_WIRE_PERIODIC] = {
		N_("A device returns to the same place by the clock. Management, updates and time servers do that; so does malware. Period and jitter are measured, contacts that were due and did not come are counted."),
		N_("Name it if you know it; if not, find the program: it runs unattended.") },
	[FINDING_WIRE_TRACEROUTE] = {
		N_("A device sent packets with rising time-to-live, to learn the way to some address. People do this by hand; a program that does it maps your network."),
		N_("Find out who did it.") },
	[FINDING_WIRE_TRACEROUTES] = {
		N_("A device traces the same route again and again by the clock: that is a program, and it watches how your network is connected."),
		N_("Find the program; ask its maker why.") },
	[FINDING_WIRE_SILENCE] = {
		N_("A device said nothing to one destination on whole days, though it was awake and spoke with others. When the days fit a country's holidays better than chance would, the country is named: consistent with, never proof."),
		N_("Somebody on the other side may work by that calendar; together with other findings it tells where to look.") },
	[FINDING_WIRE_OVERLAP] = {
		N_("The same place of a stream was sent twice with other bytes. Broken equipment does that, and attacks on inspection do."),
		N_("Look at the frames; ask what stands in the path.") },
	[FINDING_WIRE_ADDRESS_TWICE] = {
		N_("Two network cards claim the same IP address: a mistake in configuration, or somebody redirects traffic (ARP spoofing)."),
		N_("Find both cards by their MAC; switch off the wrong one.") },
	[FINDING_WIRE_TUNNEL] = {
		N_("A device asks for many long names below one domain. Data can be carried out inside such names, past every firewall that allows DNS."),
		N_("Find the program; some virus scanners do it openly, everything else is suspicious.") },
	[FINDING_WIRE_SCAN] = {
		N_("A device calls many addresses or ports that do not answer: it is looking for something, or what it looks for has moved."),
		N_("Find the program; a scanner of your own should be named in the site file.") },
	[FINDING_WIRE_INCOMPLETE] = {
		N_("The capture file ends early, is damaged in the middle, or says that frames were dropped: what is missing cannot be judged."),
		N_("Capture again with a larger buffer or a whole file; the rest of the report holds for what was read.") },
};

const char *rule_means(enum lang lang, enum finding_code code)
{
	return tr(lang, explanations[code].means);
}

const char *rule_todo(enum lang lang, enum finding_code code)
{
	return tr(lang, explanations[code].todo);
}

bool rule_find(const char *id, enum finding_code *ret_code)
{
	for (unsigned code = 0; code < FINDING_CODES; code++)
		if (strcasecmp(id, finding_id((enum finding_code)code)) == 0) {
			*ret_code = (enum finding_code)code;
			return true;
		}
	return false;
}
