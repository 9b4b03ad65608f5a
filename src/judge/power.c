/* src/judge/power.c - a UPS on battery, nodes above what they may carry, and states
 * that a device grades bad. */
#include "judge/state.h"
#include <ctype.h>
#include <stdio.h>

/* "onBattery", "On Battery", "OB DISCHRG" (NUT), "battery" (RFC 1628 upsOutputSource). */
bool state_on_battery(const char *word)
{
	char letters[40];
	size_t n = 0;

	if (strncmp(word, "OB", 2) == 0 && (word[2] == '\0' || word[2] == ' '))
		return true;
	for (const char *c = word; *c != '\0'; c++) {
		if (strncmp(c, " OB", 3) == 0 && (c[3] == '\0' || c[3] == ' '))
			return true;
		if (isalpha((unsigned char)*c) && n + 1 < sizeof letters)
			letters[n++] = (char)tolower((unsigned char)*c);
	}
	letters[n] = '\0';
	return strcmp(letters, "battery") == 0 ||
	    (strstr(letters, "onbattery") != NULL && strstr(letters, "noton") == NULL);
}

static bool state_ill(const struct track *track)
{
	return track->kind == MEASURE_STATE &&
	    (track->severity == SEVERITY_CRITICAL ||
		(track->severity == SEVERITY_WARNING && track->state_n >= 2));
}

/* The UPS a line speaks for: the one it stands on, else the only one there is. */
static const struct node *line_ups(const struct site *site, const struct sensor *sensor)
{
	const struct node *only = NULL;

	if (sensor->node != NULL && sensor->node->kind == NODE_UPS)
		return sensor->node;
	for (size_t i = 0; i < site->nodes_n; i++) {
		if (site->nodes[i].kind != NODE_UPS)
			continue;
		if (only != NULL)
			return NULL;
		only = &site->nodes[i];
	}
	return only;
}

static void state_claim(struct judge *judge, struct track *track)
{
	const struct site *site = judge->site;
	const struct sensor *sensor = track->subject_kind == SUBJECT_SENSOR ?
	    &site->sensors[track->subject] : NULL;
	struct slot *slot = claim(judge, &(struct claim){ .code = FINDING_STATE,
		.severity = (enum severity)track->severity,
		.subject_kind = (enum subject)track->subject_kind, .subject = track->id,
		.index = track->subject,
		.place = track->room >= 0 ? site->rooms[track->room].id : "",
		.kind = MEASURE_STATE, .word = track->state, .since = track->state_since,
		.value = track->milli });

	track->limit_slot = slot;
	if (sensor != NULL && sensor->cooling != NULL && sensor->cooling->room != NULL)
		judge->rooms[sensor->cooling->room - site->rooms].unit = slot;
}

static void battery_note(struct judge *judge, const struct track *track)
{
	struct line_health *line = &judge->lines[track->subject];

	line->on_battery = true;
	if (track->state_since < line->battery_since)
		line->battery_since = track->state_since;
}

static void battery_claim(struct judge *judge, size_t at)
{
	const struct site *site = judge->site;
	const struct sensor *sensor = &site->sensors[at];
	const struct node *ups = line_ups(site, sensor);
	struct line_health *line = &judge->lines[at];
	const char *subject = ups != NULL ? ups->id : sensor->id;
	struct slot *slot = book_find(&judge->book, FINDING_ON_BATTERY, subject);

	if (slot == NULL || !slot->claimed) /* two lines may speak for one UPS */
		slot = claim(judge, &(struct claim){ .code = FINDING_ON_BATTERY,
			.severity = SEVERITY_CRITICAL, .subject = subject, .index = (uint32_t)at,
			.subject_kind = ups != NULL ? SUBJECT_NODE : SUBJECT_SENSOR,
			.place = ups != NULL && ups->rack != NULL && ups->rack->room != NULL ?
				     ups->rack->room->id : "",
			.kind = MEASURE_STATE, .since = line->battery_since });
	line->battery = slot;
	if (ups != NULL)
		judge->nodes[ups - site->nodes].battery = slot;
}

static void states_sweep(struct judge *judge)
{
	for (size_t i = 0; i < judge->tracks_n; i++) {
		struct track *track = &judge->tracks[i];

		if (!state_ill(track))
			continue;
		if (track->subject_kind == SUBJECT_SENSOR && state_on_battery(track->state))
			battery_note(judge, track);
		else
			state_claim(judge, track);
	}
	for (size_t i = 0; i < judge->site->sensors_n; i++)
		if (judge->lines[i].on_battery)
			battery_claim(judge, i);
}

/* Of all that measures a node, the one furthest over its limit speaks. */
static void node_note(struct judge *judge, struct track *track)
{
	struct node_state *node = &judge->nodes[track->node];
	int level = gates_level(&track->gates);

	if (track->gates.high_ended > node->ended)
		node->ended = track->gates.high_ended;
	track->gates.high_ended = 0;
	if (level <= 0)
		return;
	if (node->worst == NULL || level > gates_level(&node->worst->gates) ||
	    (level == gates_level(&node->worst->gates) &&
		gates_since(&track->gates) < gates_since(&node->worst->gates)))
		node->worst = track;
}

static void node_claim(struct judge *judge, size_t at)
{
	const struct node *node = &judge->site->nodes[at];
	struct node_state *state = &judge->nodes[at];
	const struct track *track = state->worst;

	if (track == NULL) {
		if (state->ended != 0)
			quit(judge, FINDING_OVERLOAD, node->id, state->ended);
		return;
	}
	(void)claim(judge, &(struct claim){ .code = FINDING_OVERLOAD,
		.severity = gates_level(&track->gates) == 2 ? SEVERITY_CRITICAL : SEVERITY_WARNING,
		.subject_kind = SUBJECT_NODE, .subject = node->id,
		.place = node->rack != NULL ? node->rack->id : "",
		.kind = (enum measure)track->kind, .since = gates_since(&track->gates),
		.value = track->gates.value,
		.limit = gates_limit(&track->gates, &track->limits) });
}

void power_sweep(struct judge *judge)
{
	const struct site *site = judge->site;

	for (size_t i = 0; i < site->nodes_n; i++)
		judge->nodes[i] = (struct node_state){ 0 };
	for (size_t i = 0; i < site->rooms_n; i++)
		judge->rooms[i].unit = NULL;
	for (size_t i = 0; i < judge->tracks_n; i++) {
		struct track *track = &judge->tracks[i];

		if (track->node >= 0 &&
		    (track->kind == MEASURE_LOAD || track->kind == MEASURE_CURRENT ||
			track->kind == MEASURE_POWER || track->kind == MEASURE_APPARENT_POWER))
			node_note(judge, track);
	}
	for (size_t i = 0; i < site->nodes_n; i++)
		node_claim(judge, i);
	states_sweep(judge);
}
