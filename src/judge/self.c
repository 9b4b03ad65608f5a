/* src/judge/self.c - what keisoku says of itself stays open until it says otherwise. */
#include "judge/state.h"
#include <stdio.h>

void judge_self(struct judge *judge, const struct finding *finding)
{
	if (finding->code >= FINDING_CODES || finding->severity >= SEVERITIES)
		return;
	if (!judge->clock.started)
		clock_tick(&judge->clock, finding->since_ms);
	char subject[FINDING_NAME], place[FINDING_NAME], word[sizeof finding->word], key[FINDING_NAME];

	(void)snprintf(subject, sizeof subject, "%.*s", FINDING_NAME - 1, finding->subject);
	(void)snprintf(place, sizeof place, "%.*s", finding_is_plan(finding->code) ? FINDING_NAME - 1 : 0, finding->place);
	(void)snprintf(word, sizeof word, "%.*s", (int)sizeof word - 1, finding->word);
	(void)snprintf(key, sizeof key, "self %.50s", subject);
	judge->dirty = true;
	struct slot *slot = claim(judge, &(struct claim){
		.code = (enum finding_code)finding->code,
		.severity = (enum severity)finding->severity,
		.subject_kind = (enum subject)finding->subject_kind, .key = key,
		.subject = subject, .place = place, .kind = (enum measure)finding->kind,
		.word = word, .since = clock_at(&judge->clock, finding->since_ms),
		.value = finding->value_milli, .limit = finding->limit_milli,
		.count = finding->count, .next = &finding->next });

	if (slot == NULL)
		return;
	slot->until = INT64_MAX;
	if (finding->ended_ms == 0)
		return;
	slot->until = 0;
	slot->ends = clock_at(&judge->clock, finding->ended_ms);
	slot->claimed = false;
}
