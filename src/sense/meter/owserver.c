/* src/sense/meter/owserver.c - 1-wire through owserver's own protocol (owfs, default
 * port 4304).  Each message: version, payload length, type (in a reply: the result,
 * negative when it failed), control flags, size, offset - all be32 - then the payload.
 * A reply of payload length -1 only says "still busy". */
#include "sense/meter/meter.h"
#include "base/number.h"
#include <stdio.h>

enum { MESSAGE_READ = 2, MESSAGE_DIRALL = 7, HEADER = 24, PERSISTENT = 4, OWNET = 0x100,
	PATHS_MAX = 512, VALUE_MAX = 256 };

static const struct family {
	const char *family; /* the first two digits of an address */
	const char *property;
	enum measure kind;
	bool ds18b20;	    /* says 85 before its first conversion */
} families[] = {
	{ "10", "temperature", MEASURE_TEMPERATURE, true },
	{ "22", "temperature", MEASURE_TEMPERATURE, true },
	{ "28", "temperature", MEASURE_TEMPERATURE, true },
	{ "3B", "temperature", MEASURE_TEMPERATURE, true },
	{ "42", "temperature", MEASURE_TEMPERATURE, true },
	{ "21", "temperature", MEASURE_TEMPERATURE, false },
	{ "26", "temperature", MEASURE_TEMPERATURE, false },
	{ "26", "humidity", MEASURE_HUMIDITY, false },
	{ "26", "VDD", MEASURE_VOLTAGE, false },
	{ "26", "VAD", MEASURE_VOLTAGE, false },
	{ "30", "temperature", MEASURE_TEMPERATURE, false },
	{ "41", "temperature", MEASURE_TEMPERATURE, false },
	{ "41", "humidity", MEASURE_HUMIDITY, false },
	{ "7E", "EDS0068/temperature", MEASURE_TEMPERATURE, false },
	{ "7E", "EDS0068/humidity", MEASURE_HUMIDITY, false },
};

struct path {
	char device[24];
	const struct family *what;
};

struct owserver {
	struct path *paths;
	size_t paths_n, now;
	bool begun, scratchpad; /* the 85 of this one is being looked into */
	int64_t milli;
};

static uint32_t be32(struct span *s)
{
	return (uint32_t)span_be(s, 4);
}

/* How many bytes make the first whole answer, "still busy" messages included. */
static size_t owserver_whole(struct span so_far)
{
	size_t taken = 0;

	while (so_far.left >= HEADER) {
		struct span head = span_cut(&so_far, HEADER);

		(void)be32(&head);
		uint32_t payload = be32(&head);

		taken += HEADER;
		if (payload == UINT32_MAX)
			continue;
		if (payload > LIMIT_REPLY_BYTES)
			return taken; /* read() refuses it */
		return so_far.left >= payload ? taken + payload : 0;
	}
	return 0;
}

static void put_be32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void owserver_message(struct ask *ask, uint32_t type, const char *path, uint32_t size)
{
	size_t n = strlen(path) + 1;

	put_be32(ask->send, 0);
	put_be32(ask->send + 4, (uint32_t)n);
	put_be32(ask->send + 8, type);
	put_be32(ask->send + 12, OWNET | PERSISTENT); /* Celsius, family.id */
	put_be32(ask->send + 16, size);
	put_be32(ask->send + 20, 0);
	memcpy(ask->send + HEADER, path, n);
	ask->send_n = (uint16_t)(HEADER + n);
}

static int owserver_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	struct owserver *mine = talk->memory;
	struct ask ask = { .what = ASK_BYTES, .whole = owserver_whole,
		.reply_max = 65536 };

	(void)why;
	if (talk->turn == 0) {
		*mine = (struct owserver){ .begun = true };
		owserver_message(&ask, MESSAGE_DIRALL, "/", 0);
	} else if (mine->now >= mine->paths_n) {
		meter_pick(talk);
		ask.what = ASK_NONE;
	} else {
		const struct path *path = &mine->paths[mine->now];
		char text[96];

		(void)snprintf(text, sizeof text, "/%s/%s", path->device,
		    mine->scratchpad ? "scratchpad" : path->what->property);
		owserver_message(&ask, MESSAGE_READ, text, VALUE_MAX);
		ask.may_fail = true;
	}
	*ret_ask = ask;
	return KS_OK;
}

/* The payload of the answer, past the "still busy" ones; its result in *ret_result. */
static int owserver_payload(struct span reply, int32_t *ret_result, struct span *ret_payload)
{
	while (reply.left >= HEADER) {
		struct span head = span_cut(&reply, HEADER);

		(void)be32(&head);
		uint32_t n = be32(&head);

		*ret_result = (int32_t)be32(&head);
		if (n == UINT32_MAX)
			continue;
		*ret_payload = span_cut(&reply, n);
		return ret_payload->broken ? KS_TRUNCATED : KS_OK;
	}
	return KS_TRUNCATED;
}

static void owserver_device(struct talk *talk, struct span device)
{
	struct owserver *mine = talk->memory;

	while (device.left > 0 && device.at[0] == '/')
		(void)span_cut(&device, 1);
	if (device.left < 3 || device.at[2] != '.' || device.left >= sizeof mine->paths->device)
		return;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (!meter_starts(device, families[i].family))
			continue;
		if (mine->paths_n >= PATHS_MAX) {
			talk->full = true;
			return;
		}
		struct path *path = &mine->paths[mine->paths_n++];

		path->what = &families[i];
		meter_copy(path->device, sizeof path->device, device);
	}
}

static int owserver_names(struct talk *talk, struct span reply, struct why *why)
{
	struct owserver *mine = talk->memory;
	struct span names = { 0 };
	int32_t result = 0;
	int code = owserver_payload(reply, &result, &names);

	if (code != KS_OK)
		return fail(why, code, "%s: the answer is not one of owserver", talk->probe->name);
	if (result < 0)
		return fail(why, KS_REFUSED, "%s: owserver can not list its bus (error %d)",
		    talk->probe->name, (int)result);
	mine->paths = arena_array(talk->arena, PATHS_MAX, sizeof *mine->paths);
	if (mine->paths == NULL)
		return fail(why, KS_FULL, "%s: out of memory", talk->probe->name);
	if (names.left > 0 && names.at[names.left - 1] == '\0')
		names.left--;
	while (names.left > 0)
		owserver_device(talk, span_trim(span_until(&names, ',')));
	return KS_OK;
}

static struct offer *owserver_offer(struct talk *talk)
{
	struct owserver *mine = talk->memory;
	const struct path *path = &mine->paths[mine->now++];
	char id[64];
	int n = snprintf(id, sizeof id, "%s.%s", path->device, path->what->property);
	struct offer *offer = meter_offer(talk, path->what->kind, span_of(id, (size_t)n));

	meter_source(offer, "/%s/%s", path->device, path->what->property);
	return offer;
}

/* Byte 6 of the scratchpad tells an 85 that was measured from one that was not. */
static void owserver_scratchpad(struct talk *talk, struct span payload)
{
	struct owserver *mine = talk->memory;
	struct offer *offer = owserver_offer(talk);

	mine->scratchpad = false;
	meter_number(offer, mine->milli);
	if (payload.left < 8 || payload.at[6] == 0x0c)
		meter_untrusted(offer, DOUBT_POWER_ON);
}

static int owserver_read(struct talk *talk, struct span reply, struct why *why)
{
	struct owserver *mine = talk->memory;
	struct span payload = { 0 };
	int32_t result = -1;

	if (mine->begun) {
		mine->begun = false;
		return owserver_names(talk, reply, why);
	}
	if (mine->now >= mine->paths_n)
		return KS_OK;
	const struct family *what = mine->paths[mine->now].what;
	bool came = owserver_payload(reply, &result, &payload) == KS_OK && result >= 0;

	if (!came)
		payload = (struct span){ 0 };
	if (mine->scratchpad) {
		owserver_scratchpad(talk, payload);
		return KS_OK;
	}
	if (came && what->ds18b20 && meter_milli(payload, 1, 1, &mine->milli) == KS_OK &&
	    mine->milli == 85000) {
		mine->scratchpad = true;
		return KS_OK;
	}
	struct offer *offer = owserver_offer(talk);

	if (!came)
		meter_absent(offer, DOUBT_SILENT);
	else
		meter_text(offer, payload, 1, 1);
	if (offer != NULL && what->ds18b20 && offer->milli >= 127930 && offer->milli <= 127940)
		meter_untrusted(offer, DOUBT_STARVED);
	return KS_OK;
}

const struct driver driver_owserver = {
	.name = "owserver",
	.says = "1-wire sensors behind an owserver",
	.via = VIA_STREAM,
	.port = 4304,
	.memory_size = sizeof(struct owserver),
	.ask = owserver_ask,
	.read = owserver_read,
};
