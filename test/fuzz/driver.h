/* test/fuzz/driver.h - any driver fed with any replies.  The input's parts, divided by
 * 0x1e, answer the asks in turn, of two polls; a part of one byte 0x15 is "nothing there"; first parts
 * "read=..." and "at=..." (the address, 0x15: none) are what the site file says.  Each part is lent in
 * a block of its own. */
#ifndef KS_FUZZ_DRIVER_H
#define KS_FUZZ_DRIVER_H
#include "sense/driver.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DRIVER_WORD = 1024 };
static struct offer driver_room[LIMIT_DEVICE_READINGS];

static int driver_answer(const struct driver *driver, struct talk *talk, const struct ask *ask,
    struct span part)
{
	uint8_t *block;
	size_t n = part.left;
	int code = KS_LATE;

	if (part.broken || (n == 1 && part.at[0] == 0x15))
		return ask->may_fail ? driver->read(talk, (struct span){ .broken = true }, NULL) : KS_IO;
	block = malloc(n > 0 ? n : 1);
	if (block == NULL)
		return KS_FULL;
	if (n > 0)
		memcpy(block, part.at, n);
	if (ask->whole != NULL)
		n = ask->whole(span_of(block, n));
	if (n > part.left)
		abort(); /* more than it was shown */
	if (ask->whole == NULL || n > 0)
		code = driver->read(talk, span_of(block, n), NULL);
	free(block);
	return code;
}

static void driver_check(const struct talk *talk)
{
	for (size_t i = 0; i < talk->offers_n; i++) {
		const struct offer *o = &talk->offers[i];

		if (o->kind >= MEASURES || o->quality >= QUALITIES || o->doubt >= DOUBTS ||
		    o->place >= PLACES || o->severity >= SEVERITIES ||
		    memchr(o->id, '\0', sizeof o->id) == NULL || o->id[0] == '\0' ||
		    memchr(o->label, '\0', sizeof o->label) == NULL ||
		    memchr(o->source, '\0', sizeof o->source) == NULL ||
		    memchr(o->state, '\0', sizeof o->state) == NULL ||
		    (o->quality == QUALITY_OK && !measure_possible(o->kind, o->milli)))
			abort();
	}
}

static bool driver_said(struct span *data, const char *key, char room[DRIVER_WORD])
{
	size_t head = strlen(key);

	if (data->left <= head || memcmp(data->at, key, head) != 0)
		return false;
	struct span text = span_until(data, 0x1e);
	size_t n = text.left - head < DRIVER_WORD - 1 ? text.left - head : DRIVER_WORD - 1;

	memcpy(room, text.at + head, n);
	room[n] = '\0';
	return true;
}

static void driver_poll(const struct driver *driver, struct talk *talk, struct span *data)
{
	for (uint32_t asks = 0; asks < 5000; asks++, talk->turn++) {
		struct ask ask = { .what = ASK_NONE };
		struct span part = { .broken = true };

		if (driver->ask(talk, &ask, NULL) != KS_OK || ask.what == ASK_NONE)
			break;
		if (memchr(ask.target, '\0', sizeof ask.target) == NULL || ask.send_n > sizeof ask.send)
			abort();
		if (data->left > 0)
			part = span_until(data, 0x1e);
		if (driver_answer(driver, talk, &ask, part) != KS_OK)
			break;
	}
}

static int driver_fuzz(const char *name, const char *address, struct span data)
{
	const struct driver *driver = driver_find(span_text(name));
	struct probe probe = { .name = "fuzz", .root = "" };
	struct arena arena;
	char read[DRIVER_WORD], at[DRIVER_WORD];

	if (driver == NULL)
		abort();
	probe.address = driver_said(&data, "at=", at) ? at[0] == 0x15 ? NULL : at : address;
	probe.read = driver_said(&data, "read=", read) ? read : NULL;
	void *memory = calloc(1, driver->memory_size > 0 ? driver->memory_size : 1);

	if (memory == NULL)
		abort();
	for (int poll = 0; poll < 2 && (poll == 0 || data.left > 0); poll++) {
		struct talk talk = { .probe = &probe, .arena = &arena, .offers = driver_room,
			.memory = memory };

		arena_init(&arena, 16 << 20);
		driver_poll(driver, &talk, &data);
		driver_check(&talk);
		arena_done(&arena);
	}
	if (driver->forget != NULL)
		driver->forget(memory);
	free(memory);
	return 0;
}
#endif
