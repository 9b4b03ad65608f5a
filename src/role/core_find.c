/* src/role/core_find.c - findings get their numbers and go to the store; and
 * acts.  A finding keeps its number over a restart: it is the same
 * one while it is about the same thing. */
#include "role/core.h"
#include "site/act.h"
#include "site/wire.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void core_act(struct core *core, enum act_kind kind, const char *who, const char *fmt, ...)
{
	struct act act = { .kind = (uint16_t)kind, .time_ms = core_now(core) };
	struct why why = { .fmt = NULL };
	va_list args;

	(void)snprintf(act.who, sizeof act.who, "%s", who);
	va_start(args, fmt);
	(void)vsnprintf(act.what, sizeof act.what, fmt, args);
	va_end(args);
	int code = store_put_act(core->store, &act, &why);

	if (code != KS_OK)
		core_store_failed(core, code, &why);
}

/* Of one subject the wire may say several at once, and so may other systems. */
static bool is_same(const struct finding *last, const struct finding *f)
{
	if (f->code == FINDING_ALERT)
		return strcmp(last->word, f->word) == 0;
	return !finding_is_wire(f->code) || wire_finding_same(last, f);
}

static struct named *named_find(struct core *core, const struct finding *f)
{
	for (size_t i = 0; i < core->named_n; i++) {
		struct named *at = &core->named[i];

		if (at->code == f->code && at->subject_kind == f->subject_kind &&
		    at->kind == f->kind && strcmp(at->subject, f->subject) == 0 &&
		    is_same(&at->last, f))
			return at;
	}
	return NULL;
}

static struct named *named_add(struct core *core, const struct finding *f)
{
	if (core->named_n == LIMIT_FINDINGS)
		return NULL;
	struct named *at = &core->named[core->named_n++];

	*at = (struct named){ .id = f->id, .since_ms = f->since_ms, .code = f->code,
		.subject_kind = f->subject_kind, .kind = f->kind };
	memcpy(at->subject, f->subject, sizeof at->subject);
	return at;
}

static void named_drop(struct core *core, struct named *at)
{
	*at = core->named[--core->named_n];
}

static void named_store(struct core *core, struct named *at)
{
	struct why why = { .fmt = NULL };
	int code;

	at->last.id = at->id;
	code = store_put_finding(core->store, &at->last, &why);
	at->dirty = code != KS_OK;
	if (code != KS_OK)
		core_store_failed(core, code, &why);
	else
		at->id = at->last.id;
}

/* Before anything else is asked of the judge, each change gets its number. */
void core_findings(struct core *core)
{
	const struct finding *changes;
	size_t n = judge_changes(core->judge, &changes);
	int64_t now = core_now(core);

	for (size_t i = 0; i < n; i++) {
		struct finding finding = changes[i];
		struct named *at = named_find(core, &finding);

		if (at == NULL && (at = named_add(core, &finding)) == NULL) {
			core->self.full++;
			continue;
		}
		if (at->old && at->since_ms < finding.since_ms)
			finding.since_ms = at->since_ms;
		if (finding.id != 0)
			at->id = finding.id;
		at->old = false;
		at->heard_ms = now;
		at->last = finding;
		named_store(core, at);
		finding.id = at->id;
		core_tell_moment(core, &finding);
		if (changes[i].id == 0 && at->id != 0)
			judge_name(core->judge, i, at->id);
		if (finding.ended_ms != 0 && !at->dirty)
			named_drop(core, at);
	}
}

static int named_load(void *user, const struct finding *finding)
{
	struct core *core = user;
	struct named *at = named_add(core, finding);

	if (at == NULL)
		return KS_FULL;
	at->last = *finding;
	at->heard_ms = core->started_ms;
	at->old = !judge_restore(core->judge, finding, core->started_ms);
	core_self_restored(core, finding);
	core_plan_restored(core, finding);
	return KS_OK;
}

/* What was open when the last run ended is so until the judge sees its end; what the
 * judge can not take up, until it is not raised again in OLD_KEEP_MS. */
void core_findings_load(struct core *core, int64_t now_ms)
{
	struct why why = { .fmt = NULL };
	int code = store_findings(core->store, true, INT64_MIN, now_ms, LIMIT_FINDINGS,
	    named_load, core, &why);

	if (code != KS_OK)
		worker_say(core->worker, "KS-STORE", "findings", why.text);
}

/* Every second: what the store could not take, and old ones nobody raised again. */
void core_findings_retry(struct core *core, int64_t now_ms)
{
	for (size_t i = core->named_n; i-- > 0;) {
		struct named *at = &core->named[i];

		if (at->old && (now_ms - at->heard_ms > OLD_KEEP_MS || now_ms < at->heard_ms)) {
			at->last.ended_ms = now_ms;
			at->old = false;
			at->dirty = true;
		}
		if (!at->dirty)
			continue;
		if (core->store_full && now_ms / 1000 % 5 != 0)
			continue; /* a full disk is not asked every second */
		named_store(core, at);
		if (!at->dirty && at->last.ended_ms != 0)
			named_drop(core, at);
	}
}
