/* src/judge/restore.c - what was open when the last run was killed stays the same open
 * finding: with its number and its beginning, until its rule speaks again or does not
 * for RESTORED_MS. */
#include "judge/state.h"
#include <stdio.h>

enum { RESTORED_MS = 5 * MINUTE };

/* The line of the site file that a series id ("ups1" or "ups1:battery.charge") is of. */
static const char *line_of(const struct site *site, const char *id)
{
	const char *found = id;
	size_t longest = 0;

	for (size_t i = 0; i < site->sensors_n; i++) {
		const char *line = site->sensors[i].id;
		size_t n = strlen(line);

		if (n > longest && strncmp(id, line, n) == 0 && (id[n] == '\0' || id[n] == ':')) {
			found = line;
			longest = n;
		}
	}
	return found;
}

/* The key its rule will claim it by: mostly the subject itself. */
static void key_of(struct judge *judge, const struct finding *finding, char key[FINDING_NAME])
{
	switch (finding->code) {
	case FINDING_HOT: /* inlets are told together and counted; a sensor alone is not */
	case FINDING_COLD:
		if (finding->subject_kind != SUBJECT_SENSOR || finding->count == 0)
			break;
		(void)snprintf(key, FINDING_NAME, "inlets of %.50s", finding->place);
		return;
	case FINDING_SILENT:
	case FINDING_ABSENT:
	case FINDING_UNTRUSTED:
	case FINDING_STUCK:
		if (finding->subject_kind != SUBJECT_SENSOR)
			break;
		(void)snprintf(key, FINDING_NAME, "%s", line_of(judge->site, finding->subject));
		return;
	case FINDING_HOSTS_LOST: /* incidents are numbered as they come; so are these */
		for (unsigned number = 1; number == 1 ||
		    book_find(&judge->book, FINDING_HOSTS_LOST, key) != NULL; number++)
			(void)snprintf(key, FINDING_NAME, "%u", number);
		return;
	case FINDING_ALERT:
		alert_key(finding->subject, finding->word, key);
		return;
	default:
		if (!finding_is_wire(finding->code))
			break;
		wire_key(finding, key);
		return;
	}
	(void)snprintf(key, FINDING_NAME, "%s%.50s",
	    finding->subject_kind == SUBJECT_ROLE ? "self " : "", finding->subject);
}

bool judge_restore(struct judge *judge, const struct finding *finding, int64_t now_ms)
{
	struct finding said = *finding;
	char key[FINDING_NAME] = "";

	if (said.code >= FINDING_CODES || said.code == FINDING_GAP || said.ended_ms != 0 ||
	    said.severity >= SEVERITIES || said.subject_kind >= SUBJECTS ||
	    said.kind >= MEASURES || said.doubt >= DOUBTS || said.way >= WAYS)
		return false;
	said.subject[sizeof said.subject - 1] = said.place[sizeof said.place - 1] = '\0';
	said.word[sizeof said.word - 1] = '\0';
	if (!judge->clock.started)
		clock_tick(&judge->clock, now_ms);
	key_of(judge, &said, key);
	if (book_find(&judge->book, (enum finding_code)said.code, key) != NULL)
		return false; /* already said anew */
	int64_t since = judge->clock.now - (judge->clock.wall - said.since_ms);
	struct slot *slot = claim(judge, &(struct claim){
		.code = (enum finding_code)said.code, .severity = (enum severity)said.severity,
		.subject_kind = (enum subject)said.subject_kind, .kind = (enum measure)said.kind,
		.doubt = (enum doubt)said.doubt, .key = key, .subject = said.subject,
		.place = said.place, .word = said.word, .since = since,
		.value = said.value_milli, .limit = said.limit_milli, .count = said.count,
		.index = UINT32_MAX });

	if (slot == NULL)
		return false;
	slot->said = said;
	slot->told_next = said.next;
	forecast_restore(judge, &said, slot->since);
	slot->cause_id = said.cause;
	slot->changed = false;
	slot->until = judge->clock.now + RESTORED_MS;
	reach_restore(judge, slot);
	judge->dirty = true;
	return true;
}
