/* src/judge/wire.c - what the wire says: findings about devices, most of them in no site
 * file.  The gravest of one device speaks for all of them: one device, one incident. */
#include "base/hash.h"
#include "judge/state.h"
#include <stdio.h>

/* A number (how many were expected, how many others there are) may change while it lasts. */
void wire_key(const struct finding *said, char key[FINDING_NAME])
{
	char what[FINDING_NAME + sizeof said->word + 8];
	bool number = said->word[strspn(said->word, "0123456789")] == '\0';

	(void)snprintf(what, sizeof what, "%u\t%s\t%s", (unsigned)said->way, said->place,
	    number ? "" : said->word);
	(void)snprintf(key, FINDING_NAME, "%.46s %016llx", said->subject,
	    (unsigned long long)hash_of(span_text(what), 0));
}

void judge_wire(struct judge *judge, const struct finding *finding, int64_t until_ms)
{
	char name[FINDING_NAME], key[FINDING_NAME];
	struct finding said = *finding;

	if (!finding_is_wire(finding->code) || finding->severity >= SEVERITIES || finding->way >= WAYS)
		return;
	if (!judge->clock.started)
		clock_tick(&judge->clock, finding->seen_ms);
	(void)snprintf(name, sizeof name, "%.*s", FINDING_NAME - 1, finding->subject);
	said.place[sizeof said.place - 1] = said.word[sizeof said.word - 1] = '\0';
	struct about about = about_of(judge->site, name);
	bool known = about.kind == SUBJECT_HOST || about.kind == SUBJECT_DEVICE;
	const char *subject = known || name[0] == '\0' ? about.id : name;

	(void)snprintf(said.subject, sizeof said.subject, "%s", subject);
	wire_key(&said, key); /* as judge_restore makes it */
	judge->dirty = true;
	struct slot *slot = claim(judge, &(struct claim){ .code = (enum finding_code)finding->code,
		.severity = (enum severity)finding->severity,
		.subject_kind = known ? about.kind : SUBJECT_DEVICE, .key = key, .subject = subject,
		.place = said.place, .kind = MEASURE_UPTIME, .word = said.word,
		.since = judge->clock.now - (judge->clock.wall - finding->since_ms), .value = finding->value_milli,
		.limit = finding->limit_milli, .count = finding->count, .way = finding->way,
		.index = known ? about.index : UINT32_MAX });

	if (slot != NULL)
		slot->until = judge->clock.now +
		    (until_ms > judge->clock.wall ? until_ms - judge->clock.wall : 0);
}

void judge_hears(struct judge *judge, unsigned wires)
{
	judge->dirty |= wires != judge->wires_heard;
	judge->wires_heard = wires;
}

/* Of the same severity the one that stands first in the list of findings. */
static bool graver(const struct slot *a, const struct slot *b)
{
	if (a->said.severity != b->said.severity)
		return a->said.severity > b->said.severity;
	if (a->said.code != b->said.code)
		return a->said.code < b->said.code;
	return a < b;
}

void wire_causes(struct judge *judge)
{
	struct slot *list[LIMIT_WIRE_FINDINGS];
	size_t n = 0;

	for (size_t i = 0; i < judge->book.high && n < LIMIT_WIRE_FINDINGS; i++) {
		struct slot *slot = &judge->book.slots[i];

		if (slot->used && slot->ended == 0 && finding_is_wire(slot->said.code))
			list[n++] = slot;
	}
	for (size_t i = 0; i < n; i++) {
		struct slot *first = list[i];

		for (size_t k = 0; k < n; k++)
			if (graver(list[k], first) &&
			    strcmp(list[k]->said.subject, list[i]->said.subject) == 0)
				first = list[k];
		explained(list[i], first == list[i] ? NULL : first);
	}
}
