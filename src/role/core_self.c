/* src/role/core_self.c - what keisoku says of itself: a role died, a limit was hit, the
 * kernel confines less, the new site file is wrong. */
#include "role/core.h"
#include "guard/confine.h"
#include <stdio.h>
#include <string.h>

static const enum finding_code fading_codes[FADINGS] = { FINDING_ROLE_DIED,
	FINDING_LIMIT_HIT };

static void self_say(struct core *core, const struct finding *finding)
{
	struct finding said = *finding;

	said.subject_kind = SUBJECT_ROLE;
	said.kind = MEASURE_COUNT;
	judge_self(core->judge, &said);
}

void core_self_finding(struct core *core, enum finding_code code, enum severity severity,
    const char *subject, const char *word, int64_t ended_ms)
{
	int64_t now = core_now(core);
	struct finding finding = { .code = (uint16_t)code, .severity = (uint8_t)severity,
		.since_ms = now, .seen_ms = now, .ended_ms = ended_ms, .count = 1 };

	(void)snprintf(finding.subject, sizeof finding.subject, "%s", subject);
	(void)snprintf(finding.word, sizeof finding.word, "%s", word);
	self_say(core, &finding);
}

static void fading_say(struct core *core, enum fading_kind kind, enum role role,
    int64_t ended_ms)
{
	const struct fading *fading = &core->fading[kind][role];
	int64_t now = core_now(core);
	struct finding finding = { .code = (uint16_t)fading_codes[kind],
		.severity = SEVERITY_WARNING, .since_ms = now, .seen_ms = now,
		.ended_ms = ended_ms, .count = fading->count };

	(void)snprintf(finding.subject, sizeof finding.subject, "%s", role_name(role));
	(void)snprintf(finding.word, sizeof finding.word, "%s", fading->word);
	self_say(core, &finding);
}

static void fading_begin(struct core *core, enum fading_kind kind, const struct event *event,
    const char *word)
{
	struct fading *fading = &core->fading[kind][event->role];

	fading->until_ms = core_now(core) +
	    (kind == FADING_DIED ? DIED_SHOWN_MS : LIMIT_SHOWN_MS);
	fading->count = event->count > 0 ? event->count : 1;
	(void)snprintf(fading->word, sizeof fading->word, "%.39s", word);
	fading_say(core, kind, (enum role)event->role, 0);
}

/* Who died an hour ago is no news any more. */
void core_fade(struct core *core, int64_t now_ms)
{
	for (unsigned kind = 0; kind < FADINGS; kind++) {
		for (unsigned role = 0; role < ROLES; role++) {
			struct fading *fading = &core->fading[kind][role];

			if (fading->until_ms == 0 || now_ms < fading->until_ms)
				continue;
			fading->until_ms = 0;
			fading_say(core, (enum fading_kind)kind, (enum role)role, now_ms);
		}
	}
}

/* A former core said it: it is shown for the rest of its time. */
void core_self_restored(struct core *core, const struct finding *finding)
{
	for (unsigned kind = 0; kind < FADINGS; kind++) {
		for (unsigned role = 0; role < ROLES; role++) {
			struct fading *fading = &core->fading[kind][role];

			if (finding->code != fading_codes[kind] ||
			    finding->subject_kind != SUBJECT_ROLE ||
			    strcmp(finding->subject, role_name((enum role)role)) != 0)
				continue;
			fading->until_ms = finding->seen_ms +
			    (kind == FADING_DIED ? DIED_SHOWN_MS : LIMIT_SHOWN_MS);
			fading->count = finding->count;
			(void)snprintf(fading->word, sizeof fading->word, "%.39s",
			    finding->word);
			fading_say(core, (enum fading_kind)kind, (enum role)role, 0);
		}
	}
}

/* One finding for all roles, with all that is missing anywhere.  A weaker wall is said,
 * but is no alarm; no bound on system calls at all is a warning. */
static void unconfined_say(struct core *core, const struct event *event)
{
	static const char *const words[MISSING_BITS] = { "seccomp", "landlock", "landlock-net",
		"capabilities", "user", "no-new-privs", "sanitizer", "memory-lock" };
	uint32_t missing = 0;
	char all[40] = "";
	size_t n = 0;

	core->self.roles[event->role].missing = event->missing;
	for (unsigned role = 0; role < ROLES; role++)
		missing |= core->self.roles[role].missing;
	for (unsigned bit = 0; bit < MISSING_BITS; bit++) {
		if ((missing >> bit & 1) == 0 || n + strlen(words[bit]) + 2 > sizeof all)
			continue;
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n > 0 ? " " : "",
		    words[bit]);
	}
	core_self_finding(core, FINDING_UNCONFINED,
	    (missing & MISSING_SECCOMP) != 0 ? SEVERITY_WARNING : SEVERITY_OK, "keisoku", all, 0);
}

static void role_said(struct core *core, const struct event *event)
{
	const char *name = role_name((enum role)event->role);
	struct self_role *role = &core->self.roles[event->role];
	char word[40];

	role->restarts = event->count;
	(void)snprintf(word, sizeof word, event->signal != 0 ? "signal %d" : "exit %d",
	    event->signal != 0 ? event->signal : event->status);
	if (event->what == EVENT_ROLE_BACK) {
		role->pid = event->pid;
		role->missing = event->missing;
		return;
	}
	role->pid = 0;
	core_act(core, ACT_ROLE_RESTARTED, "keeper", "role=%s signal=%d status=%d restarts=%u",
	    name, event->signal, event->status, event->count);
	fading_begin(core, FADING_DIED, event, word);
}

void core_event(struct core *core, const struct event *event)
{
	if (event->role >= ROLES)
		return;
	switch (event->what) {
	case EVENT_ROLE_DIED:
	case EVENT_ROLE_BACK:
		role_said(core, event);
		break;
	case EVENT_SITE_REFUSED:
		if (event->again == 0)
			core_act(core, ACT_SITE_REFUSED, "keeper", "%.200s", event->text);
		core_self_finding(core, FINDING_SITE_REFUSED, SEVERITY_WARNING, "site file",
		    event->text, 0);
		break;
	case EVENT_SITE_GOOD:
		core_self_finding(core, FINDING_SITE_REFUSED, SEVERITY_WARNING, "site file", "",
		    core_now(core));
		break;
	case EVENT_UNCONFINED:
		unconfined_say(core, event);
		break;
	case EVENT_DEAF:
		core_deaf(core, event);
		break;
	default:
		fading_begin(core, FADING_LIMIT, event, event->text);
	}
	core_findings(core);
}
