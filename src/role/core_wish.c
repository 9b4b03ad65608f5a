/* src/role/core_wish.c - what people ask for through the page or the command line, and
 * what other systems report.  The page met strangers: each word is checked here. */
#include "role/core.h"
#include "site/act.h"
#include <stdio.h>
#include <string.h>

enum { WINDOW_MOST_DAYS = 366, ENTRIES_MINUTE = 60 };

void core_wished(struct core *core, uint32_t ticket, uint64_t number, int code,
    const char *text)
{
	struct wished wished = { .code = code, .number = number };

	(void)snprintf(wished.text, sizeof wished.text, "%s", code == KS_OK ? "" : text);
	if (core->page.open)
		(void)line_say(&core->page, MESSAGE_WISHED, ticket,
		    span_of(&wished, sizeof wished));
}

static bool text_good(const char *text, size_t room)
{
	const char *end = memchr(text, '\0', room);

	for (const char *c = text; end != NULL && c < end; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
	}
	return end != NULL;
}

static const struct finding *open_finding(struct core *core, uint64_t id)
{
	const struct finding *open;
	size_t n = judge_open(core->judge, &open);

	for (size_t i = 0; i < n; i++) {
		if (open[i].id == id && id != 0)
			return &open[i];
	}
	return NULL;
}

#define ANY_ID(list)                                                                   \
	for (size_t i = 0; i < site->list##_n; i++)                                    \
		if (strcmp(site->list[i].id, id) == 0)                                 \
			return true

static bool id_known(const struct site *site, const char *id)
{
	ANY_ID(rooms);
	ANY_ID(racks);
	ANY_ID(nodes);
	ANY_ID(services);
	ANY_ID(hosts);
	ANY_ID(devices);
	ANY_ID(sensors);
	ANY_ID(coolings);
	return false;
}

static int window_make(struct core *core, const struct wish *wish, struct window *ret_window,
    struct why *why)
{
	struct window window = { .from_ms = wish->from_ms, .to_ms = wish->to_ms,
		.code = FINDING_CODES, .maintenance = wish->what == WISH_MAINTENANCE };
	const struct finding *finding = open_finding(core, wish->number);

	if (window.from_ms == 0)
		window.from_ms = core_now(core);
	if (window.to_ms == 0 && wish->for_ms > 0 && wish->for_ms <= WINDOW_MOST_DAYS * 86400000LL)
		window.to_ms = window.from_ms + wish->for_ms;
	if (wish->number != 0 && finding == NULL)
		return fail(why, KS_ABSENT, "no finding of that number is open");
	(void)snprintf(window.what, sizeof window.what, "%s",
	    finding != NULL ? finding->subject : wish->subject);
	if (finding != NULL)
		window.code = finding->code;
	else if (window.what[0] != '\0' && !id_known(core->worker->site, window.what))
		return fail(why, KS_ABSENT, "nothing in the site file has that ID");
	if (window.to_ms <= window.from_ms || window.from_ms <= 0 ||
	    window.to_ms - window.from_ms > WINDOW_MOST_DAYS * 86400000LL)
		return fail(why, KS_MALFORMED, "its end must come after its beginning, within a year");
	if (wish->reason[0] == '\0')
		return fail(why, KS_MALFORMED, "a reason is needed: people read it later");
	*ret_window = window;
	return KS_OK;
}

static void window_add(struct core *core, const struct window *window)
{
	if (core->windows_n < LIMIT_WINDOWS)
		core->windows[core->windows_n++] = *window;
	else
		core->self.full++;
	judge_windows(core->judge, core->windows, core->windows_n);
}

static int act_put(struct core *core, struct act *act, struct why *why)
{
	act->time_ms = core_now(core);
	return store_put_act(core->store, act, why);
}

static int window_set(struct core *core, const struct wish *wish, uint64_t *ret_number,
    struct why *why)
{
	struct window window;
	struct act act = { .kind = wish->what == WISH_MAINTENANCE ? ACT_MAINTENANCE
								 : ACT_SILENCED };
	int code = window_make(core, wish, &window, why);

	if (code != KS_OK)
		return code;
	if (core->windows_n == LIMIT_WINDOWS)
		return fail(why, KS_FULL, "no more silences and windows can be set; see `keisoku limits`");
	(void)snprintf(act.who, sizeof act.who, "%s", wish->who);
	(void)snprintf(act.what, sizeof act.what, "from_ms=%lld to_ms=%lld code=%u what=%.63s reason=%.127s",
	    (long long)window.from_ms, (long long)window.to_ms, window.code, window.what,
	    wish->reason);
	code = act_put(core, &act, why);
	if (code != KS_OK)
		return code;
	window.id = act.id;
	*ret_number = act.id;
	if (window.to_ms > core_now(core)) /* afterwards: it is on record, nothing to mute */
		window_add(core, &window);
	return KS_OK;
}

static bool window_drop(struct core *core, uint64_t id)
{
	for (size_t i = 0; i < core->windows_n; i++) {
		if (core->windows[i].id != id)
			continue;
		core->windows[i] = core->windows[--core->windows_n];
		judge_windows(core->judge, core->windows, core->windows_n);
		return true;
	}
	return false;
}

void core_windows_tick(struct core *core, int64_t now_ms)
{
	for (size_t i = core->windows_n; i-- > 0;) {
		if (core->windows[i].to_ms <= now_ms || core->windows[i].from_ms == INT64_MAX)
			(void)window_drop(core, core->windows[i].id);
	}
}

/* Newest first: an end is heard before what it ended. */
void core_window_take(struct core *core, const struct act *act)
{
	struct window window = { .id = act->id, .maintenance = act->kind == ACT_MAINTENANCE,
		.from_ms = act_number(act->what, "from_ms"), .to_ms = act_number(act->what, "to_ms"),
		.code = (uint16_t)act_number(act->what, "code") };
	const char *what = strstr(act->what, " what=");
	struct span rest = span_text(what != NULL ? what + 6 : "");
	struct span id = span_until(&rest, ' ');

	if (act->kind == ACT_WINDOW_ENDED) {
		window.id = (uint64_t)act_number(act->what, "window");
		window.to_ms = INT64_MAX;
		window.from_ms = INT64_MAX; /* never open: marks the number as ended */
	} else if (act->kind != ACT_SILENCED && act->kind != ACT_MAINTENANCE) {
		return;
	}
	for (size_t i = 0; i < core->windows_n; i++) {
		if (core->windows[i].id == window.id)
			return;
	}
	(void)snprintf(window.what, sizeof window.what, "%.*s", (int)id.left, (const char *)id.at);
	if (window.to_ms > core_now(core))
		window_add(core, &window);
}

static int window_end(struct core *core, const struct wish *wish, struct why *why)
{
	struct act act = { .kind = ACT_WINDOW_ENDED };

	if (!window_drop(core, wish->number))
		return fail(why, KS_ABSENT, "no silence or window of that number is set");
	(void)snprintf(act.who, sizeof act.who, "%s", wish->who);
	(void)snprintf(act.what, sizeof act.what, "window=%llu",
	    (unsigned long long)wish->number);
	return act_put(core, &act, why);
}

/* Who takes on a part takes on the whole. */
static uint64_t root_of(struct core *core, uint64_t number)
{
	const struct finding *finding = open_finding(core, number);
	uint64_t id = number;

	for (int i = 0; i < 16 && finding != NULL && finding->cause != 0 &&
	     open_finding(core, finding->cause) != NULL; i++) {
		id = finding->cause;
		finding = open_finding(core, id);
	}
	return id;
}

/* From the page, the command line, or the link of a message; or all are to be told. */
static int acknowledge(struct core *core, const struct wish *wish, struct why *why)
{
	struct act act = { .kind = wish->what == WISH_ESCALATE ? ACT_ESCALATED : ACT_ACKNOWLEDGED };
	uint64_t id = root_of(core, wish->number);
	bool link = wish->what == WISH_TAKE;
	core_tell_tick(core, core_now(core)); /* also what has just been found */
	int code = link ? core_link_check(core, wish, why) : KS_OK;

	if (code == KS_OK)
		code = wish->what == WISH_ESCALATE ? tell_escalate(core->tell, id, why)
						   : tell_acknowledge(core->tell, id, why);
	if (code != KS_OK)
		return code;
	(void)snprintf(act.who, sizeof act.who, "%s", wish->who);
	if (link)
		(void)snprintf(act.what, sizeof act.what, "finding=%llu link=%.63s",
		    (unsigned long long)id, wish->subject);
	else
		(void)snprintf(act.what, sizeof act.what, "finding=%llu reason=%.127s",
		    (unsigned long long)id, wish->reason);
	code = act_put(core, &act, why);
	core_tell_tick(core, core_now(core));
	return code;
}

/* Answered when the receipt comes. */
static int trial_begin(struct core *core, const struct wish *wish, uint32_t ticket,
    struct why *why)
{
	struct trial *trial = NULL;

	for (size_t i = 0; i < LIMIT_WISHES; i++) {
		if (!core->trials[i].used)
			trial = &core->trials[i];
		else if (strcmp(core->trials[i].channel, wish->subject) == 0)
			return fail(why, KS_FULL, "a trial through this channel is under way already");
	}
	if (trial == NULL || !core->courier.open)
		return fail(why, KS_LATE, "the courier is not there at the moment; come again");
	int code = tell_test(core->tell, wish->subject, core_now(core), why);

	if (code != KS_OK)
		return code;
	*trial = (struct trial){ .used = true, .ticket = ticket, .asked_ms = core_now(core) };
	memcpy(trial->channel, wish->subject, sizeof trial->channel);
	core_tell_tick(core, core_now(core));
	return KS_OK;
}

static int wish_do(struct core *core, const struct wish *wish, uint64_t *ret_number,
    struct why *why)
{
	switch (wish->what) {
	case WISH_ACKNOWLEDGE:
	case WISH_ESCALATE:
	case WISH_TAKE:
		return acknowledge(core, wish, why);
	case WISH_SILENCE:
	case WISH_MAINTENANCE:
		return window_set(core, wish, ret_number, why);
	case WISH_END:
		return window_end(core, wish, why);
	default:
		return fail(why, KS_MALFORMED, "keisoku does not know what is wished");
	}
}

/* At most ENTRIES_MINUTE a minute go into the store: who floods is counted. */
static void entry_take(struct core *core, const struct message *message)
{
	static const enum act_kind kinds[ENTRIES] = { ACT_LOGIN, ACT_LOGIN_REFUSED, ACT_LOGOUT };
	struct why why = { .fmt = NULL };
	struct entry entry;
	struct act act;
	int64_t now = core_now(core);

	message_record(message, 0, &entry, sizeof entry);
	if (entry.what >= ENTRIES || !text_good(entry.who, sizeof entry.who) ||
	    !text_good(entry.from, sizeof entry.from)) {
		core->self.refused++;
		return;
	}
	if (now - core->entries_ms >= 60000 || now < core->entries_ms) {
		core->entries_ms = now;
		core->entries = 0;
	}
	if (core->entries++ >= ENTRIES_MINUTE) {
		core->self.full++;
		return;
	}
	act = (struct act){ .kind = (uint16_t)kinds[entry.what] };
	(void)snprintf(act.who, sizeof act.who, "%s", entry.who[0] != '\0' ? entry.who : "page");
	if (entry.what == ENTRY_REFUSED && entry.count > 1)
		(void)snprintf(act.what, sizeof act.what, "tries=%u from=%s", entry.count, entry.from);
	else if (entry.from[0] != '\0')
		(void)snprintf(act.what, sizeof act.what, "from=%s", entry.from);
	if (act_put(core, &act, &why) != KS_OK)
		core->self.refused++;
}

void core_wish(struct core *core, struct message *message)
{
	struct why why = { .fmt = NULL };
	struct wish wish;
	uint64_t number = 0;
	int code;

	if (message->head.kind == MESSAGE_ENTRY) {
		entry_take(core, message);
		return;
	}
	if (message->head.kind == MESSAGE_ALERTS) {
		core_alerts(core, message);
		return;
	}
	message_record(message, 0, &wish, sizeof wish);
	if (!text_good(wish.who, sizeof wish.who) || wish.who[0] == '\0' ||
	    !text_good(wish.subject, sizeof wish.subject) ||
	    !text_good(wish.reason, sizeof wish.reason)) {
		code = fail(&why, KS_MALFORMED, "a name or reason is missing or has control characters");
	} else if (wish.what == WISH_TEST) {
		code = trial_begin(core, &wish, message->head.ticket, &why);
		if (code == KS_OK)
			return;
	} else {
		code = wish_do(core, &wish, &number, &why);
	}
	core_wished(core, message->head.ticket, number, code, why.text);
	core_findings(core);
}

/* --- alerts of others --- */

static void alert_take(struct core *core, const struct alert *alert)
{
	int64_t now = core_now(core);
	struct finding f = { .code = FINDING_ALERT, .severity = (uint8_t)alert->severity,
		.subject_kind = SUBJECT_SITE, .kind = MEASURE_COUNT, .count = 1,
		.since_ms = alert->starts_ms, .seen_ms = now,
		.ended_ms = alert->ends_ms != 0 && alert->ends_ms <= now ? alert->ends_ms : 0 };

	if (f.since_ms <= 0 || f.since_ms > now)
		f.since_ms = now;
	if (f.ended_ms != 0 && f.ended_ms <= f.since_ms)
		f.ended_ms = now;

	(void)snprintf(f.subject, sizeof f.subject, "%s", alert->subject);
	(void)snprintf(f.word, sizeof f.word, "%s", alert->name);
	judge_alert(core->judge, &f, alert->ends_ms > now ? alert->ends_ms : 0);
}

void core_alerts(struct core *core, struct message *message)
{
	for (size_t i = 0; i < message->head.count; i++) {
		struct alert alert;

		message_record(message, i, &alert, sizeof alert);
		if (text_good(alert.name, sizeof alert.name) && alert.severity < SEVERITIES &&
		    text_good(alert.subject, sizeof alert.subject))
			alert_take(core, &alert);
		else
			core->self.refused++;
	}
	core_findings(core);
	core_wished(core, message->head.ticket, message->head.count, KS_OK, "");
}
