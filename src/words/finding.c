/* src/words/finding.c - a finding as one sentence.  Every format below may use
 * 1 who (and where)   2 value   3 limit   4 word   5 count   6 since (clock)
 * 7 for how long      8 limit ahead   9 in how long   10, 11 between which clock times
 * 12 why it is doubted   13 the other side (wire)   14 its clients (wire, received.c);
 * translations reorder them as they like. */
#include "words/finding.h"
#include "site/wire.h"
#include "words/format.h"

enum { WHO = 0, VALUE, LIMIT, WORD, COUNT, SINCE, LASTED, AHEAD, IN, FROM, TO, DOUBTED, OTHER,
	CLIENTS, PARTS };
_Static_assert((int)PARTS <= (int)FORMAT_ARGS, "see words/format.h");

struct parts {
	struct text list[PARTS];
	struct format_args args;
};

/* says: with what a finding usually carries; bare: without a value, limit or count */
static const struct {
	const char *says, *bare;
} sentences[FINDING_CODES] = {
	[FINDING_HOT] = { N_("%1$s is at %2$s, above its limit of %3$s"),
		N_("%1$s is too hot") },
	[FINDING_COLD] = { N_("%1$s is at %2$s, below its limit of %3$s"),
		N_("%1$s is too cold") },
	[FINDING_RISING] = { N_("%1$s is rising by %2$s an hour; %3$s is allowed"),
		N_("%1$s is rising too fast") },
	[FINDING_HEADING] = { N_("%1$s is at %2$s and heading for %3$s"),
		N_("%1$s is heading for a limit") },
	[FINDING_HUMID] = { N_("%1$s: humidity %2$s, above its limit of %3$s"),
		N_("%1$s is too humid") },
	[FINDING_DRY] = { N_("%1$s: humidity %2$s, below its limit of %3$s"),
		N_("%1$s is too dry") },
	[FINDING_DEW] = { N_("%1$s: dew point %2$s, above its limit of %3$s; water may condense"),
		N_("%1$s: water may condense") },
	[FINDING_COOLING_OFF] = { N_("%1$s: mains power is gone, so cooling without a UPS is off (now %2$s)"),
		N_("%1$s: mains power is gone, so cooling without a UPS is off") },
	[FINDING_AC_CALENDAR] = { N_("%1$s: the building's air-conditioning is off by its calendar (now %2$s)"),
		N_("%1$s: the building's air-conditioning is off by its calendar") },
	[FINDING_OVERLOAD] = { N_("%1$s carries %2$s; %3$s is its limit"),
		N_("%1$s carries too much") },
	[FINDING_ON_BATTERY] = { N_("%1$s runs on battery, %2$s left"),
		N_("%1$s runs on battery") },
	[FINDING_BATTERY_LOW] = { N_("%1$s: the battery is nearly empty, %2$s left"),
		N_("%1$s: the battery is nearly empty") },
	[FINDING_STATE] = { N_("%1$s reports: %4$s"), N_("%1$s reports a fault") },
	[FINDING_LIMIT] = { N_("%1$s is at %2$s; %3$s is its limit"),
		N_("%1$s is beyond its limit") },
	[FINDING_UNTRUSTED] = { N_("%1$s says %2$s, which cannot be believed: %12$s"),
		N_("%1$s cannot be believed: %12$s") },
	[FINDING_ABSENT] = { N_("%1$s gives no value: %12$s"), N_("%1$s gives no value") },
	[FINDING_STUCK] = { N_("%1$s has stayed at exactly %2$s; it may be stuck"),
		N_("%1$s does not change any more; it may be stuck") },
	[FINDING_SILENT] = { N_("%1$s does not answer; %5$s {value is|values are} missing"),
		N_("%1$s does not answer") },
	[FINDING_ROOM_BLIND] = { N_("all %5$s sensors of %1$s are lost: nobody knows how hot it is"),
		N_("all sensors of %1$s are lost: nobody knows how hot it is") },
	[FINDING_HOST_DOWN] = { N_("%1$s does not answer"), N_("%1$s does not answer") },
	[FINDING_REBOOT] = { N_("%1$s restarted without a clean shutdown"),
		N_("%1$s restarted without a clean shutdown") },
	[FINDING_HOSTS_LOST] = { N_("%5$s {host|hosts} lost in %1$s, which is at %2$s"),
		N_("%5$s {host|hosts} lost in %1$s") },
	[FINDING_SWITCH_DOWN] = { N_("%1$s does not answer; %5$s {host|hosts} behind it cannot be reached"),
		N_("%1$s does not answer; what hangs on it cannot be reached") },
	[FINDING_DISK_FULL] = { N_("the disk of keisoku is full: new readings are not kept"),
		N_("the disk of keisoku is full: new readings are not kept") },
	[FINDING_ROLE_DIED] = { N_("the part %1$s of keisoku died and was started again: %4$s (%5$s {time|times})"),
		N_("the part %1$s of keisoku died and was started again: %4$s") },
	[FINDING_UNCONFINED] = { N_("keisoku runs with less protection: %4$s"),
		N_("keisoku runs with less protection") },
	[FINDING_SITE_REFUSED] = { N_("the new site file has %5$s {error|errors}; the old one stays in force"),
		N_("the new site file is wrong; the old one stays in force") },
	[FINDING_CLEAR_COMMUNITY] = { N_("devices read by SNMP v1 or v2c, whose password travels in clear: %5$s"),
		N_("devices are read by SNMP v1 or v2c; their password travels in clear") },
	[FINDING_GAP] = { N_("keisoku itself was not measuring"), N_("keisoku itself was not measuring") },
	[FINDING_LIMIT_HIT] = { N_("a limit of keisoku was reached: %4$s (%5$s {time|times})"),
		N_("a limit of keisoku was reached: %4$s") },
	[FINDING_DAMAGED] = { N_("what keisoku remembers is damaged in places: some readings are lost; see `keisoku store check`"),
		N_("what keisoku remembers is damaged in places: some readings are lost; see `keisoku store check`") },
	[FINDING_DEAF] = { N_("the network is not listened to at %1$s: %4$s"),
		N_("the network is not listened to at %1$s") },
	[FINDING_CHANNEL] = { N_("messages through %1$s do not arrive: %4$s"),
		N_("messages through %1$s do not arrive") },
	[FINDING_ALERT] = { N_("%1$s: another system reports %4$s (%5$s {alert|alerts})"),
		N_("%1$s: another system reports %4$s") },
	[FINDING_WIRE_LISTED] = { N_("%1$s talks with %13$s, which is on the list %4$s (%5$s {time|times})"),
		N_("%1$s talks with %13$s, which is on the list %4$s") },
	[FINDING_WIRE_PERSONAL] = { N_("%1$s sends %4$s in clear to %13$s (%5$s {time|times})"),
		N_("%1$s sends %4$s in clear to %13$s") },
	[FINDING_WIRE_CREDENTIAL] = { N_("%1$s sends a password in clear to %13$s (%4$s, %5$s {time|times})"),
		N_("%1$s sends a password in clear to %13$s (%4$s)") },
	[FINDING_WIRE_CLEAR_SENT] = { N_("%1$s sends data to %13$s by plain HTTP (%5$s {request|requests})"),
		N_("%1$s sends data to %13$s by plain HTTP") },
	[FINDING_WIRE_CLEAR] = { N_("%1$s reads from %13$s by plain HTTP (%5$s {request|requests})"),
		N_("%1$s reads from %13$s by plain HTTP") },
	[FINDING_WIRE_NOT_ENCRYPTED] = { N_("%1$s speaks readably with %13$s where encryption is expected"),
		N_("%1$s speaks readably with %13$s where encryption is expected") },
	[FINDING_WIRE_REFUSED] = { N_("%1$s refused the certificate of %13$s (%5$s {time|times})%4$s"),
		N_("%1$s refused the certificate of %13$s") },
	[FINDING_WIRE_CLAIMS] = { N_("%13$s shows %1$s a certificate in a name that is not its own (%5$s {time|times})"),
		N_("%13$s shows %1$s a certificate in a name that is not its own") },
	[FINDING_WIRE_UNTRUSTED] = { N_("the certificate of %13$s is %4$s (%1$s, %5$s {time|times})"),
		N_("the certificate of %13$s cannot be trusted (%1$s)") },
	[FINDING_WIRE_DATES] = { N_("the certificate of %13$s is %4$s (%1$s, %5$s {time|times})"),
		N_("the certificate of %13$s is out of its dates (%1$s)") },
	[FINDING_WIRE_MISMATCH] = { N_("the certificate of %13$s is for another name (%1$s, %5$s {time|times})"),
		N_("the certificate of %13$s is for another name (%1$s)") },
	[FINDING_WIRE_WEAK_CERTIFICATE] = { N_("the certificate of %13$s is %4$s (%1$s, %5$s {time|times})"),
		N_("the certificate of %13$s is weak (%1$s)") },
	[FINDING_WIRE_ODD_CERTIFICATE] = { N_("the certificate of %13$s is %4$s (%1$s, %5$s {time|times})"),
		N_("the certificate of %13$s is unusual (%1$s)") },
	[FINDING_WIRE_OLD_TLS] = { N_("%1$s and %13$s agree on %4$s, which is out of date (%5$s {time|times})"),
		N_("%1$s and %13$s agree on TLS that is out of date") },
	[FINDING_WIRE_PERIODIC] = { N_("%1$s contacts %13$s every %2$s ± %3$s (%5$s of %4$s times)"),
		N_("%1$s contacts %13$s by the clock") },
	[FINDING_WIRE_TRACEROUTE] = { N_("%1$s traces the route to %13$s (%4$s, %5$s {time|times})"),
		N_("%1$s traces the route to %13$s") },
	[FINDING_WIRE_TRACEROUTES] = { N_("%1$s traces the route to %13$s every %2$s ± %3$s (%5$s of %4$s times)"),
		N_("%1$s traces the route to %13$s by the clock") },
	[FINDING_WIRE_SILENCE] = { N_("%1$s said nothing to %13$s on %5$s {day|days} although it was awake%4$s"),
		N_("%1$s said nothing to %13$s on days although it was awake") },
	[FINDING_WIRE_OVERLAP] = { N_("other bytes were sent in the same place of a stream between %1$s and %13$s (%5$s {byte|bytes})"),
		N_("other bytes were sent in the same place of a stream between %1$s and %13$s") },
	[FINDING_WIRE_ADDRESS_TWICE] = { N_("two network cards claim the address %13$s"),
		N_("two network cards claim the address %13$s") },
	[FINDING_WIRE_TUNNEL] = { N_("%1$s asks for %5$s long names below %13$s: data may travel inside them"),
		N_("%1$s asks for long names below %13$s: data may travel inside them") },
	[FINDING_WIRE_SCAN] = { N_("%1$s knocks at %5$s {address|addresses} and ports that do not answer"),
		N_("%1$s knocks at addresses and ports that do not answer") },
	[FINDING_WIRE_INCOMPLETE] = { N_("the capture %13$s is not complete: %4$s"),
		N_("the capture %13$s is not complete") },
	[FINDING_LOSS_STOPS] = { N_("losing %1$s darkens %5$s {host|hosts} and stops %4$s"),
		N_("losing %1$s stops a service") },
	[FINDING_LOSS_TRIPS] = { N_("losing %1$s trips %13$s in %9$s (earliest %10$s); then %5$s {host is|hosts are} dark"),
		N_("losing %1$s overloads %13$s, which may trip after %10$s; then %5$s {host is|hosts are} dark") },
};

/* Has this finding what its full sentence asks for? */
static bool is_full(const struct finding *f)
{
	switch ((enum finding_code)f->code) {
	case FINDING_STATE:
		return f->word[0] != '\0';
	case FINDING_ABSENT:
		return f->doubt != DOUBT_NONE;
	case FINDING_UNTRUSTED:
		return f->value_milli != 0;
	case FINDING_SILENT: case FINDING_ROOM_BLIND: case FINDING_SWITCH_DOWN:
	case FINDING_SITE_REFUSED: case FINDING_ROLE_DIED: case FINDING_LIMIT_HIT:
	case FINDING_CLEAR_COMMUNITY:
		return f->count > 0;
	case FINDING_UNCONFINED: case FINDING_CHANNEL: case FINDING_DEAF:
		return f->word[0] != '\0';
	case FINDING_ALERT:
		return f->count > 1;
	case FINDING_ON_BATTERY: case FINDING_BATTERY_LOW:
		return f->value_milli != 0 && (f->kind == MEASURE_CHARGE ||
		    f->kind == MEASURE_RUNTIME);
	case FINDING_HOSTS_LOST: case FINDING_COOLING_OFF: case FINDING_AC_CALENDAR:
		return f->value_milli != 0 && f->kind == MEASURE_TEMPERATURE;
	case FINDING_WIRE_INCOMPLETE: case FINDING_LOSS_STOPS:
		return f->word[0] != '\0';
	case FINDING_LOSS_TRIPS:
		return f->next.high_s != 0;
	case FINDING_WIRE_PERIODIC: case FINDING_WIRE_TRACEROUTES:
		return f->count > 0 && f->value_milli > 0 && f->word[0] != '\0';
	default:
		if (finding_is_wire(f->code))
			return f->count > 0 && wire_rest_of(f) == 0;
		return f->value_milli != 0 || f->limit_milli != 0;
	}
}

static void who_add(struct text *text, enum lang lang, const struct finding *f)
{
	bool itself = f->way == WAY_AT && f->code != FINDING_WIRE_LISTED; /* what it is called */

	if (f->place[0] != '\0' && strcmp(f->place, f->subject) != 0 &&
	    (itself || !finding_is_wire(f->code)) && !finding_is_plan(f->code))
		say(text, lang, "%s (%s)", f->subject, f->place);
	else if (f->subject[0] == '\0' && finding_is_wire(f->code))
		text_add(text, tr(lang, N_("somebody else")));
	else
		text_add(text, f->subject[0] != '\0' ? f->subject : "keisoku");
}

static void forecast_parts(struct parts *p, enum lang lang, const struct zone *zone,
    const struct forecast *next, int64_t now_ms)
{
	int64_t at = next->at_ms, mid = at + next->mid_s * 1000L;

	say_value(&p->list[AHEAD], lang, next->kind, next->limit_milli);
	say_duration(&p->list[IN], lang, mid > now_ms ? mid - now_ms : 0);
	say_clock(&p->list[FROM], lang, zone, at + next->low_s * 1000L, now_ms);
	say_clock(&p->list[TO], lang, zone, at + next->high_s * 1000L, now_ms);
}

/* What the walls between the roles lack, as the roles name it. */
static void protection_add(struct text *text, enum lang lang, const char *words)
{
	static const struct {
		const char *word, *says;
	} lacks[] = {
		{ "seccomp", N_("the kernel does not bound system calls (seccomp)") },
		{ "landlock", N_("the kernel does not bound files (Landlock)") },
		{ "landlock-net", N_("the kernel does not bound ports (Landlock)") },
		{ "capabilities", N_("root's rights are not dropped") },
		{ "user", N_("it runs as root, no user is called keisoku") },
		{ "no-new-privs", N_("new rights are not ruled out") },
		{ "sanitizer", N_("this is a test build") },
		{ "memory-lock", N_("secrets may be swapped out") },
	};
	struct span rest = span_text(words);

	while (rest.left > 0) {
		struct span word = span_until(&rest, ' ');

		for (size_t i = 0; i < sizeof lacks / sizeof *lacks; i++) {
			if (!span_equal(word, lacks[i].word))
				continue;
			if (text->len > 0)
				text_add(text, tr(lang, ", "));
			text_add(text, tr(lang, lacks[i].says));
		}
	}
}

static void parts_init(struct parts *p, enum lang lang, const struct zone *zone,
    const struct finding *f, int64_t now_ms)
{
	for (size_t i = 0; i < PARTS; i++)
		text_init(&p->list[i], 300);
	who_add(&p->list[WHO], lang, f);
	say_value(&p->list[VALUE], lang, f->kind, f->value_milli);
	say_value(&p->list[LIMIT], lang, f->kind, f->limit_milli);
	if (finding_is_wire(f->code))
		say_wire_word(&p->list[WORD], lang, f);
	else if (finding_is_plan(f->code))
		text_add(&p->list[WORD], f->word);
	else if (f->code == FINDING_UNCONFINED)
		protection_add(&p->list[WORD], lang, f->word);
	else
		say_state(&p->list[WORD], lang, f->word);
	text_addf(&p->list[COUNT], "%u", f->count);
	if (f->since_ms != 0) {
		say_clock(&p->list[SINCE], lang, zone, f->since_ms, now_ms);
		say_duration(&p->list[LASTED], lang,
		    (f->ended_ms != 0 ? f->ended_ms : now_ms) - f->since_ms);
	}
	if (f->next.known)
		forecast_parts(p, lang, zone, &f->next, now_ms);
	if (f->code == FINDING_LOSS_TRIPS) {
		say_duration(&p->list[IN], lang, f->next.high_s * 1000L);
		say_duration(&p->list[FROM], lang, f->next.low_s * 1000L);
	}
	text_add(&p->list[DOUBTED], tr(lang, doubt_sentence(f->doubt)));
	say_others(&p->list[OTHER], lang, f);
	say_clients(&p->list[CLIENTS], lang, f);
	p->args.n = PARTS;
	for (size_t i = 0; i < PARTS; i++)
		p->args.list[i] = (struct format_arg){ .is = ARG_STRING,
			.string = text_cstr(&p->list[i]), .string_max = SIZE_MAX };
}

static void parts_done(struct parts *p)
{
	for (size_t i = 0; i < PARTS; i++)
		text_done(&p->list[i]);
}

static void part_say(struct text *text, enum lang lang, const char *fmt, const struct parts *p)
{
	(void)format_add(text, lang, tr(lang, fmt), &p->args);
}

/* With what both sides carry: that one alone would bear it is what people believe. */
static const char *trips_headline(const struct finding *f)
{
	static const char *const says[2][2] = {
		{ N_("%1$s at %2$s and %13$s at %3$s: losing %1$s may trip %13$s after %10$s; then %5$s {host is|hosts are} dark"),
			N_("%1$s at %2$s and %13$s at %3$s: losing %1$s trips %13$s in %9$s (earliest %10$s); then %5$s {host is|hosts are} dark") },
		{ N_("%1$s at %2$s and %13$s at %3$s: losing either may trip the other after %10$s; then %5$s {host is|hosts are} dark"),
			N_("%1$s at %2$s and %13$s at %3$s: losing either trips the other in %9$s (earliest %10$s); then %5$s {host is|hosts are} dark") },
	};

	if (f->value_milli == 0 || f->limit_milli == 0)
		return is_full(f) ? sentences[f->code].says : sentences[f->code].bare;
	return says[strcmp(f->word, "either") == 0][is_full(f)];
}

static const char *headline_of(const struct finding *f)
{
	if (f->code >= FINDING_CODES)
		return N_("all well");
	if (f->code == FINDING_HEADING && f->next.known)
		return N_("%1$s passes %8$s in %9$s (now %2$s)");
	if (f->code == FINDING_HEADING && is_full(f) && f->value_milli >= f->limit_milli)
		return N_("%1$s is at %2$s and has reached %3$s");
	if (f->code == FINDING_ROOM_BLIND && f->count == 1)
		return N_("the only sensor of %1$s is lost: nobody knows how hot it is");
	if (f->code == FINDING_HOT && is_full(f) && f->value_milli < f->limit_milli)
		return N_("%1$s was above %3$s, now %2$s");
	if (f->code == FINDING_LOSS_TRIPS)
		return trips_headline(f);
	if (rest_says(f) != NULL)
		return rest_says(f);
	if (received_says(f, is_full(f)) != NULL)
		return received_says(f, is_full(f));
	return is_full(f) ? sentences[f->code].says : sentences[f->code].bare;
}

void say_headline(struct text *text, enum lang lang, const struct zone *zone,
    const struct finding *finding, int64_t now_ms)
{
	struct parts p = { .args = { .n = 0 } };

	parts_init(&p, lang, zone, finding, now_ms);
	part_say(text, lang, headline_of(finding), &p);
	parts_done(&p);
}

void say_finding(struct text *text, enum lang lang, const struct zone *zone,
    const struct finding *finding, int64_t now_ms)
{
	struct parts p = { .args = { .n = 0 } };

	parts_init(&p, lang, zone, finding, now_ms);
	part_say(text, lang, headline_of(finding), &p);
	if (finding->ended_ms != 0 && finding->since_ms != 0)
		part_say(text, lang, N_("; ended, began at %6$s and lasted %7$s"), &p);
	else if (finding->since_ms != 0)
		part_say(text, lang, N_("; since %6$s (%7$s)"), &p);
	if (finding->ended_ms == 0 && finding->next.known && finding->code == FINDING_HEADING)
		part_say(text, lang, N_("; between %10$s and %11$s"), &p);
	else if (finding->ended_ms == 0 && finding->next.known)
		part_say(text, lang, N_("; %8$s in %9$s (%10$s to %11$s)"), &p);
	parts_done(&p);
}
