/* test/unit/test_drivers.c - the contract of every driver, picked up by itself from
 * drivers[] and test/data/drivers/NAME/ (its .talk files): every recorded reply is read to the
 * listed value; no prefix of a reply and none of 10,000 mutations is read outside, runs
 * for ever, or becomes an OK reading that no such quantity can have.
 * KS_RECORD=1 prints what each talk gives, as lines for its file. */
#include "harness.h"
#include "play.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { MUTATIONS = 10000, TALKS_MAX = 64, PREFIXES = 100 };

static struct play talks[TALKS_MAX];
static char talk_names[TALKS_MAX][300];
static size_t talks_n;
static struct offer *room;

static void load(const struct driver *driver)
{
	char folder[400];
	const char *source = getenv("KS_SOURCE");

	(void)snprintf(folder, sizeof folder, "%s/test/data/drivers/%s", source != NULL ? source : ".",
	    driver->name);
	DIR *dir = opendir(folder);

	talks_n = 0;
	if (dir == NULL)
		return;
	for (struct dirent *e = readdir(dir); e != NULL && talks_n < TALKS_MAX; e = readdir(dir)) {
		char path[700];
		size_t n = strlen(e->d_name);

		if (n < 6 || strcmp(e->d_name + n - 5, ".talk") != 0)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		(void)snprintf(talk_names[talks_n], sizeof talk_names[0], "%s/%s", driver->name, e->d_name);
		assert_true(play_load(&talks[talks_n], path));
		talks_n++;
	}
	(void)closedir(dir);
}

static void unload(void)
{
	while (talks_n > 0)
		play_done(&talks[--talks_n]);
}

static void *remember(const struct driver *driver)
{
	return calloc(1, driver->memory_size > 0 ? driver->memory_size : 1);
}

static void forget(const struct driver *driver, void *memory)
{
	if (driver->forget != NULL)
		driver->forget(memory);
	free(memory);
}

static bool gives(const struct driver *driver, struct play *play, const char *name,
    void *memory)
{
	struct played played = { .offers = room };
	struct text lines;
	bool good = true;

	play_run(driver, play, memory, NULL, &played);
	text_init(&lines, 4 << 20);
	for (size_t i = 0; i < played.offers_n; i++)
		play_line(&lines, &room[i]);
	if (played.code != KS_OK)
		text_addf(&lines, "fails %d %s\n", played.code, played.why.text);
	if (played.missing[0] != '\0' || played.whole_wrong || played.endless) {
		(void)fprintf(stderr, "%s: nobody recorded \"%s\"%s%s\n", name, played.missing,
		    played.whole_wrong ? "; whole() is wrong" : "", played.endless ? "; endless" : "");
		good = false;
	}
	for (size_t i = 0; i < play->replies_n; i++)
		if (play->replies[i].used == 0) {
			(void)fprintf(stderr, "%s: never asked: %s\n", name, play->replies[i].key);
			good = false;
		}
	if (getenv("KS_RECORD") != NULL || strcmp(text_cstr(&lines), text_cstr(&play->expected)) != 0) {
		struct span rest = text_span(&lines);

		(void)fprintf(stderr, "%s gives\n", name);
		while (rest.left > 0) {
			struct span line = span_until(&rest, '\n');

			(void)fprintf(stderr, "= %.*s\n", (int)line.left, (const char *)line.at);
		}
		good &= getenv("KS_RECORD") != NULL;
	}
	text_done(&lines);
	return good;
}

static void every_recorded_reply_is_read_to_the_listed_value(void **state)
{
	(void)state;
	bool good = true;

	for (size_t d = 0; drivers[d] != NULL; d++) {
		if (drivers[d]->via == VIA_SNMP)
			continue; /* whole agents answer it: test_snmp.c holds it to the same */
		load(drivers[d]);
		if (talks_n == 0)
			(void)fprintf(stderr, "%s: no talk in test/data/drivers/%s/\n", drivers[d]->name,
			    drivers[d]->name);
		good &= talks_n > 0;
		for (size_t t = 0; t < talks_n; t++) {
			void *memory = remember(drivers[d]);

			/* the second poll with the same memory gives the same */
			good &= gives(drivers[d], &talks[t], talk_names[t], memory);
			good &= gives(drivers[d], &talks[t], talk_names[t], memory);
			forget(drivers[d], memory);
		}
		unload();
	}
	assert_true(good);
}

static void look(const struct driver *driver, const struct played *played)
{
	if (played->endless)
		fail_msg("%s: asks for ever", driver->name);
	for (size_t i = 0; i < played->offers_n; i++) {
		const struct offer *offer = &played->offers[i];

		assert_true(offer->kind < MEASURES && offer->quality < QUALITIES &&
		    offer->doubt < DOUBTS && offer->place < PLACES && offer->severity < SEVERITIES);
		assert_non_null(memchr(offer->id, '\0', sizeof offer->id));
		assert_non_null(memchr(offer->label, '\0', sizeof offer->label));
		assert_non_null(memchr(offer->source, '\0', sizeof offer->source));
		assert_non_null(memchr(offer->state, '\0', sizeof offer->state));
		if (offer->quality == QUALITY_OK && !measure_possible(offer->kind, offer->milli))
			fail_msg("%s: %s is ok and impossible", driver->name, offer->id);
		if (offer->quality != QUALITY_OK)
			assert_int_not_equal(offer->doubt, DOUBT_NONE);
	}
}

struct cut {
	size_t reply, n;
};

static void cut(void *user, size_t reply, struct text *bytes)
{
	const struct cut *cut = user;

	if (reply == cut->reply && bytes->len > cut->n)
		bytes->len = cut->n;
}

static void no_prefix_is_read_outside(void **state)
{
	(void)state;
	for (size_t d = 0; drivers[d] != NULL; d++) {
		load(drivers[d]);
		for (size_t t = 0; t < talks_n; t++) {
			size_t all = 0, step, at = 0;

			for (size_t r = 0; r < talks[t].replies_n; r++)
				all += talks[t].replies[r].bytes.len;
			step = all / PREFIXES + 1;
			for (size_t r = 0; r < talks[t].replies_n; r++)
				for (size_t n = 0; n < talks[t].replies[r].bytes.len; n++, at++) {
					struct cut where = { r, n };
					const struct play_change change = { &where, cut };
					struct played played = { .offers = room };
					void *memory = remember(drivers[d]);

					if (at % step == 0) {
						play_run(drivers[d], &talks[t], memory, &change, &played);
						look(drivers[d], &played);
					}
					forget(drivers[d], memory);
				}
		}
		unload();
	}
}

struct mutation {
	uint64_t seed;
	size_t reply;
};

static uint32_t roll(struct mutation *m, uint32_t below)
{
	m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(m->seed >> 33) % (below > 0 ? below : 1);
}

static void mutate(void *user, size_t reply, struct text *bytes)
{
	static const char *const pieces[] = { "-", "\n", "\"", "{", "}", "[", ":", "|", "\\", "\xff",
		"99999999999999999999", "nan", "e9", ".", "null", "0x", "\0", "-2147483648", "," };
	struct mutation *m = user;

	if (reply != m->reply)
		return;
	for (uint32_t k = roll(m, 4) + 1; k > 0 && bytes->len > 0; k--) {
		uint32_t at = roll(m, (uint32_t)bytes->len), n = 0;
		const char *piece = pieces[roll(m, sizeof pieces / sizeof *pieces)];

		switch (roll(m, 5)) {
		case 0:
			bytes->at[at] = (char)(bytes->at[at] ^ 1 << roll(m, 8));
			break;
		case 1:
			bytes->at[at] = (char)roll(m, 256);
			break;
		case 2:
			n = roll(m, (uint32_t)bytes->len - at) + 1;
			memmove(bytes->at + at, bytes->at + at + n, bytes->len - at - n);
			bytes->len -= n;
			break;
		case 3:
			n = (uint32_t)(strlen(piece) > 0 ? strlen(piece) : 1);
			if (bytes->len - at >= n)
				memcpy(bytes->at + at, piece, n);
			break;
		default: /* a part of it once more */
			n = roll(m, (uint32_t)bytes->len - at) + 1;
			text_add_span(bytes, span_text(""));
			char *twice = malloc(n);

			memcpy(twice, bytes->at + at, n);
			text_add_span(bytes, span_of(twice, n));
			free(twice);
		}
	}
}

static void no_mutation_is_read_outside(void **state)
{
	(void)state;
	for (size_t d = 0; drivers[d] != NULL; d++) {
		load(drivers[d]);
		for (uint32_t i = 0; i < MUTATIONS && talks_n > 0; i++) {
			struct mutation m = { .seed = i * 2654435761u + 7 };
			struct play *play = &talks[roll(&m, (uint32_t)talks_n)];
			const struct play_change change = { &m, mutate };
			struct played played = { .offers = room };
			void *memory = remember(drivers[d]);

			m.reply = roll(&m, (uint32_t)play->replies_n);
			play_run(drivers[d], play, memory, &change, &played);
			look(drivers[d], &played);
			forget(drivers[d], memory);
		}
		unload();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_reply_is_read_to_the_listed_value),
		cmocka_unit_test(no_prefix_is_read_outside),
		cmocka_unit_test(no_mutation_is_read_outside),
	};
	int failed;

	room = calloc(LIMIT_DEVICE_READINGS, sizeof *room);
	failed = room == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
	free(room);
	return failed;
}
