/* test/unit/test_capture.c - the same two frames in every format there is; what else a
 * pcapng file tells; every prefix gives what it has, and says where it stops. */
#include "harness.h"
#include "wire/capture.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t bytes[65536];

static size_t seed_load(const char *name)
{
	const char *source = getenv("KS_SOURCE");
	char path[512];

	(void)snprintf(path, sizeof path, "%s/test/fuzz/seeds/capture/%s",
	    source != NULL ? source : ".", name);
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		fail_msg("%s is not there", path);
	size_t n = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	return n;
}

struct told {
	size_t secrets, names;
	uint64_t frames;
	int64_t first_ns;
	uint16_t link;
	int code; /* that ended it */
	struct capture_facts facts;
	struct why why;
};

static void hear_secrets(void *context, struct span text)
{
	((struct told *)context)->secrets += text.left;
}
static void hear_name(void *context, const struct address *address, struct span name)
{
	assert_true(address->family != ADDRESS_NONE && name.left > 0);
	((struct told *)context)->names++;
}

static void listen_to(size_t n, struct told *told)
{
	const struct capture_ears ears = { .context = told, .secrets = hear_secrets,
		.name = hear_name };
	struct capture *capture = NULL;
	struct frame frame;
	int fd = memfd_create("capture", MFD_CLOEXEC);

	memset(told, 0, sizeof *told);
	assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	told->code = capture_new(fd, "x", &ears, &capture, &told->why);
	if (told->code == KS_OK) {
		while ((told->code = capture_next(capture, &frame, &told->why)) == KS_OK) {
			if (told->frames++ == 0)
				told->first_ns = frame.time_ns;
			told->link = frame.link;
			assert_int_equal(frame.number, told->frames);
		}
		told->facts = *capture_facts(capture);
		assert_int_equal(capture_next(capture, &frame, NULL), KS_ABSENT);
	}
	capture_free(capture);
	(void)close(fd);
}

static void every_format_gives_its_frames(void **state)
{
	static const struct {
		const char *name, *format, *packing;
		uint64_t frames;
		int64_t first_ns;
	} rows[] = {
		{ "le_us", "pcap", "", 2, 1000000500000 },
		{ "be_us", "pcap", "", 2, 1000000500000 },
		{ "le_ns", "pcap", "", 2, 1000000000500 },
		{ "be_ns", "pcap", "", 2, 1000000000500 },
		{ "modified", "pcap", "", 2, 1000000500000 },
		{ "v23", "pcap", "", 2, 1000000500000 },
		{ "gz", "pcap", "gzip", 2, 1000000500000 },
		{ "xz", "pcap", "xz", 2, 1000000500000 },
		{ "zst", "pcap", "zstd", 2, 1000000500000 },
		{ "snoop", "snoop", "", 2, 1000000005000 },
		{ "ng_le", "pcapng", "", 4, 5012345678 }, /* nanoseconds, and 5 s more */
		{ "ng_be", "pcapng", "", 4, 5012345678 },
		{ "ng_two", "pcapng", "", 8, 5012345678 },
		{ "empty_pcap", "pcap", "", 0, 0 },
	};
	struct told told;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		listen_to(seed_load(rows[i].name), &told);
		if (told.code != KS_ABSENT || told.frames != rows[i].frames ||
		    told.first_ns != rows[i].first_ns)
			fail_msg("%s: %d, %llu frames, first at %lld: %s", rows[i].name, told.code,
			    (unsigned long long)told.frames, (long long)told.first_ns, told.why.text);
		assert_string_equal(told.facts.format, rows[i].format);
		assert_string_equal(told.facts.packing, rows[i].packing);
	}
}

static void what_else_pcapng_tells(void **state)
{
	struct told told;

	(void)state;
	listen_to(seed_load("ng_le"), &told);
	assert_int_equal(told.secrets, 14);
	assert_int_equal(told.names, 2);
	assert_int_equal(told.facts.interfaces, 2);
	assert_int_equal(told.facts.dropped, 10); /* 7 by the interface, 3 before a frame */
	assert_string_equal(told.facts.application, "made by hand");
}

/* Counters are since the beginning: of one interface the newest is all. */
static void counters_are_since_the_beginning(void **state)
{
	static const uint32_t section[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28 };
	static const uint32_t interface[] = { 1, 20, 1, 65535, 20 };
	static const uint64_t said[][2] = { { 0, 17 }, { 0, 17 }, { 1, 4 }, { 0, 20 }, { 7, 100 }, { 0, 19 } };
	struct told told;
	size_t n = 0;

	(void)state;
	for (int part = 0; part < 2; part++) { /* a second section has interfaces of its own */
		memcpy(bytes + n, section, sizeof section);
		n += sizeof section;
		for (int i = 0; i < 2; i++, n += sizeof interface)
			memcpy(bytes + n, interface, sizeof interface);
		for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
			const uint32_t block[] = { 5, 40, (uint32_t)said[i][0], 0, 0, 8 << 16 | 5, (uint32_t)said[i][1], 0, 0,
				40 };

			memcpy(bytes + n, block, sizeof block);
			n += sizeof block;
		}
	}
	listen_to(n, &told);
	assert_int_equal(told.code, KS_ABSENT);
	assert_int_equal(told.facts.dropped, 2 * (20 + 4));
}

static void every_prefix_stops_with_a_sentence(void **state)
{
	static const char *const names[] = { "le_us", "ng_le", "snoop", "gz", "xz", "zst" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = seed_load(names[i]);
		struct told whole, told;
		unsigned said = 0;

		listen_to(n, &whole);
		for (size_t cut = 0; cut < n; cut++) {
			listen_to(cut, &told);
			assert_true(told.frames <= whole.frames);
			assert_true(told.code == KS_ABSENT || told.why.text[0] != '\0');
			said += told.code != KS_ABSENT;
		}
		assert_true(said > n / 2);
	}
	struct told told;

	listen_to(seed_load("le_us") - 1, &told);
	assert_int_equal(told.code, KS_TRUNCATED);
	assert_int_equal(told.frames, 1);
	assert_non_null(strstr(told.why.text, "after frame 1"));
	listen_to(seed_load("foreign"), &told);
	assert_int_equal(told.code, KS_MALFORMED);
	assert_non_null(strstr(told.why.text, "Network Monitor"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_gives_its_frames),
		cmocka_unit_test(counters_are_since_the_beginning),
		cmocka_unit_test(what_else_pcapng_tells),
		cmocka_unit_test(every_prefix_stops_with_a_sentence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
