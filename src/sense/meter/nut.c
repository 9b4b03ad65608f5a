/* src/sense/meter/nut.c - UPSes, PDUs and their thermometers behind a NUT upsd
 * (networkupstools docs/net-protocol.txt, RFC 9271): lines of text; `LIST UPS`, then
 * `LIST VAR name` for each.  address is HOST[:PORT], or NAME@HOST for one of them. */
#include "sense/meter/nut.h"
#include <stdio.h>
#include <stdlib.h>

enum { UPSES_MAX = 256, UPS_NAME = 64, VALUE_ROOM = 256, VARIABLE_ROOM = 128 };

struct nut {
	char (*names)[UPS_NAME];
	size_t names_n, now;
	bool begun;
	struct offer *known; /* what it gave when it last gave anything; ours to free */
	size_t known_n;
};

static void nut_forget(void *memory)
{
	free(((struct nut *)memory)->known);
}

/* Whole when its last line is "END LIST ..." or "ERR ...". */
static size_t nut_whole(struct span so_far)
{
	size_t taken = 0;

	while (so_far.left > 0 && memchr(so_far.at, '\n', so_far.left) != NULL) {
		struct span line = span_until(&so_far, '\n');

		taken += line.left + 1;
		if (meter_starts(line, "END LIST") || meter_starts(line, "ERR "))
			return taken;
	}
	return 0;
}

static struct span nut_chosen(const struct probe *probe)
{
	const char *at = probe->address != NULL ? strchr(probe->address, '@') : NULL;

	return at != NULL ? span_of(probe->address, (size_t)(at - probe->address)) : span_of(NULL, 0);
}

static void nut_name(struct talk *talk, struct span name)
{
	struct nut *mine = talk->memory;

	if (name.left == 0 || name.left >= UPS_NAME)
		return;
	for (size_t i = 0; i < name.left; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f || name.at[i] == '"')
			return; /* it will be sent back in a line */
	if (mine->names_n >= UPSES_MAX) {
		talk->full = true;
		return;
	}
	meter_copy(mine->names[mine->names_n++], UPS_NAME, name);
}

static int nut_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct nut *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .whole = nut_whole, .reply_max = LIMIT_REPLY_BYTES };
	int n = 0;

	if (talk->turn == 0) {
		mine->names_n = mine->now = 0;
		mine->names = arena_array(talk->arena, UPSES_MAX, sizeof *mine->names);
		if (mine->names == NULL)
			return fail(why, KS_FULL, "%s: out of memory", talk->probe->name);
		nut_name(talk, nut_chosen(talk->probe));
		mine->begun = mine->names_n == 0;
	}
	if (mine->begun)
		n = snprintf((char *)ask.send, sizeof ask.send, "LIST UPS\n");
	else if (mine->now < mine->names_n)
		n = snprintf((char *)ask.send, sizeof ask.send, "LIST VAR %s\n",
		    mine->names[mine->now]);
	else
		ask.what = ASK_NONE;
	if (ask.what == ASK_NONE)
		meter_pick(talk);
	ask.send_n = (uint16_t)n;
	*ret_ask = ask;
	return KS_OK;
}

/* A word, or a string in double quotes with \ before " and \ (net-protocol.txt). */
static struct span nut_word(struct span *line, char *room, size_t room_n)
{
	size_t n = 0;

	*line = span_trim(*line);
	if (line->left == 0 || line->at[0] != '"')
		return span_until(line, ' ');
	(void)span_cut(line, 1);
	while (line->left > 0) {
		uint8_t c = span_cut(line, 1).at[0];

		if (c == '"')
			break;
		if (c == '\\' && line->left > 0)
			c = span_cut(line, 1).at[0];
		if (n < room_n)
			room[n++] = (char)c;
	}
	return span_of(room, n);
}

static int nut_refusal(struct span error, enum doubt *ret_doubt)
{
	if (meter_starts(error, "ACCESS-DENIED") || meter_starts(error, "USERNAME-REQUIRED") ||
	    meter_starts(error, "PASSWORD-REQUIRED")) {
		*ret_doubt = DOUBT_REFUSED;
		return KS_REFUSED;
	}
	*ret_doubt = meter_starts(error, "UNKNOWN-UPS") ? DOUBT_GONE : DOUBT_SILENT;
	return KS_ABSENT;
}

static int nut_list_ups(struct talk *talk, struct span reply, struct why *why)
{
	struct nut *mine = talk->memory;
	enum doubt doubt;

	mine->begun = false;
	if (meter_starts(reply, "ERR ")) {
		struct span error = span_trim(span_until(&reply, '\n'));

		(void)span_cut(&error, 4);
		return fail(why, nut_refusal(error, &doubt), "%s: upsd says %.*s",
		    talk->probe->name, (int)error.left, (const char *)error.at);
	}
	if (!meter_starts(reply, "BEGIN LIST UPS"))
		return fail(why, KS_MALFORMED, "%s: the answer is not one of upsd",
		    talk->probe->name);
	while (reply.left > 0) {
		struct span line = span_trim(span_until(&reply, '\n'));
		char room[UPS_NAME];

		if (!meter_starts(line, "UPS "))
			continue;
		(void)span_cut(&line, 4);
		nut_name(talk, nut_word(&line, room, sizeof room));
	}
	return KS_OK;
}

static struct offer *nut_offer(struct talk *talk, enum measure kind, struct span variable)
{
	const struct nut *mine = talk->memory;
	char id[UPS_NAME + VARIABLE_ROOM];
	int n = snprintf(id, sizeof id, "%s.%.*s", mine->names[mine->now], (int)variable.left,
	    (const char *)variable.at);
	struct offer *offer = meter_offer(talk, kind,
	    span_of(id, (size_t)n < sizeof id ? (size_t)n : sizeof id - 1));

	meter_unique(talk, offer);
	meter_label(offer, variable);
	meter_source(offer, "%.*s", (int)variable.left, (const char *)variable.at);
	if (offer != NULL && !meter_starts(variable, "ambient."))
		offer->place = PLACE_INTERNAL;
	return offer;
}

static void nut_status(struct talk *talk, struct span variable, struct span value)
{
	enum severity severity = SEVERITY_UNKNOWN;
	int64_t number = span_equal(variable, "ups.status") ? nut_flags(value, &severity)
							    : nut_state(value, &severity);
	struct offer *offer = nut_offer(talk, MEASURE_STATE, variable);

	if ((meter_empty(value) || meter_same(value, "WAIT")) && meter_ends(variable, ".status"))
		meter_absent(offer, DOUBT_EMPTY); /* WAIT: the driver has only just begun */
	else
		meter_state(offer, number, value, severity);
}

static void nut_variable(struct talk *talk, struct span variable, struct span value)
{
	struct nut_meaning meaning = nut_meaning(variable);

	if (meaning.is == NUT_STATE) {
		nut_status(talk, variable, value);
	} else if (meaning.is == NUT_ALARM) {
		struct offer *offer = nut_offer(talk, MEASURE_STATE, variable);
		bool quiet = meter_empty(value) || meter_has(value, "no alarm");

		meter_state(offer, !quiet, quiet ? span_text("none") : value,
		    quiet ? SEVERITY_OK : SEVERITY_WARNING);
	} else if (meaning.is == NUT_NUMBER) {
		struct offer *offer = nut_offer(talk, meaning.kind, variable);

		if (meaning.never_negative && meter_starts(value, "-"))
			meter_absent(offer, DOUBT_SENTINEL);
		else
			meter_text(offer, value, meaning.multiplier, meaning.divisor);
	}
}

/* The offer of this UPS whose variable is `about`; NULL: none. */
static struct offer *nut_find(struct talk *talk, size_t first, struct span about)
{
	for (size_t i = first; i < talk->offers_n; i++)
		if (span_equal(about, talk->offers[i].source))
			return &talk->offers[i];
	return NULL;
}

static void nut_limit(struct talk *talk, size_t first, struct span variable, struct span value)
{
	struct nut_meaning meaning = nut_meaning(variable);
	struct offer *offer = meaning.is == NUT_LIMIT ? nut_find(talk, first, meaning.about) : NULL;
	int64_t milli = 0;

	if (offer == NULL ||
	    meter_milli(value, meaning.multiplier, meaning.divisor, &milli) != KS_OK ||
	    !measure_possible(meaning.kind, milli))
		return;
	/* 0 says that nobody has set a limit */
	if (milli == 0)
		return;
	if (meaning.limit == NUT_LOW_CRITICAL)
		offer->limits.low_critical = milli;
	else if (meaning.limit == NUT_LOW_WARNING)
		offer->limits.low_warning = milli;
	else if (meaning.limit == NUT_HIGH_WARNING)
		offer->limits.high_warning = milli;
	else
		offer->limits.high_critical = milli;
}

/* ambient.present: no - whatever ambient.temperature says is left over. */
static void nut_not_fitted(struct talk *talk, size_t first, struct span variable)
{
	variable.left -= strlen("present");
	for (size_t i = first; i < talk->offers_n; i++)
		if (strncmp(talk->offers[i].source, (const char *)variable.at, variable.left) == 0)
			meter_absent(&talk->offers[i], DOUBT_NOT_FITTED);
}

static void nut_lines(struct talk *talk, struct span reply, size_t first, bool limits)
{
	while (reply.left > 0) {
		struct span line = span_trim(span_until(&reply, '\n'));
		char room[VALUE_ROOM], unused[UPS_NAME], name[VARIABLE_ROOM];

		if (!meter_starts(line, "VAR "))
			continue;
		(void)span_cut(&line, 4);
		(void)nut_word(&line, unused, sizeof unused);
		struct span variable = nut_word(&line, name, sizeof name);
		struct span value = span_trim(nut_word(&line, room, sizeof room));

		if (variable.left == 0 || variable.left >= VARIABLE_ROOM)
			continue;
		if (!limits)
			nut_variable(talk, variable, value);
		else if (meter_ends(variable, ".present") && meter_same(value, "no"))
			nut_not_fitted(talk, first, variable);
		else
			nut_limit(talk, first, variable, value);
	}
}

/* The UPS can not be read now: all it ever gave is absent, and why. */
static void nut_lost(struct talk *talk, struct span error)
{
	const struct nut *mine = talk->memory;
	const char *name = mine->names[mine->now];
	enum doubt doubt;

	(void)nut_refusal(error, &doubt);
	struct offer *status = nut_offer(talk, MEASURE_STATE, span_text("ups.status"));

	meter_absent(status, doubt);
	if (status != NULL) {
		meter_copy(status->state, sizeof status->state, error);
		status->severity = SEVERITY_UNKNOWN;
	}
	for (size_t i = 0; i < mine->known_n; i++) {
		const struct offer *known = &mine->known[i];

		if (strncmp(known->id, name, strlen(name)) != 0 || known->id[strlen(name)] != '.' ||
		    (status != NULL && strcmp(known->id, status->id) == 0))
			continue;
		struct offer *offer = talk_offer(talk);

		if (offer == NULL)
			return;
		*offer = *known;
		meter_absent(offer, doubt);
	}
}

/* Remember what there is, so that it can be said to be missing. */
static void nut_remember(struct talk *talk)
{
	struct nut *mine = talk->memory;
	struct offer *copy;

	if (talk->offers_n == 0 || mine->now < mine->names_n)
		return;
	copy = realloc(mine->known, talk->offers_n * sizeof *copy);
	if (copy == NULL)
		return;
	memcpy(copy, talk->offers, talk->offers_n * sizeof *copy);
	mine->known = copy;
	mine->known_n = talk->offers_n;
}

static int nut_read(struct talk *talk, struct span reply, struct why *why)
{
	struct nut *mine = talk->memory;
	size_t first = talk->offers_n;

	if (mine->begun)
		return nut_list_ups(talk, reply, why);
	if (mine->now >= mine->names_n)
		return KS_OK;
	if (meter_starts(reply, "ERR ")) {
		struct span error = span_trim(span_until(&reply, '\n'));

		(void)span_cut(&error, 4);
		nut_lost(talk, error);
	} else if (meter_starts(reply, "BEGIN LIST VAR")) {
		nut_lines(talk, reply, first, false);
		nut_lines(talk, reply, first, true);
	} else {
		return fail(why, KS_MALFORMED, "%s: the answer is not one of upsd",
		    talk->probe->name);
	}
	mine->now++;
	nut_remember(talk);
	return KS_OK;
}

const struct driver driver_nut = {
	.name = "nut",
	.says = "UPSes and PDUs behind a NUT server (upsd)",
	.via = VIA_STREAM,
	.port = 3493,
	.memory_size = sizeof(struct nut),
	.forget = nut_forget,
	.ask = nut_ask,
	.read = nut_read,
};
