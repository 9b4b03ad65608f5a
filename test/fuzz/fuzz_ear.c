/* test/fuzz/fuzz_ear.c - a sequence of frames through the whole engine: every byte of a
 * frame is told in exactly one slice, and nothing is told of a flow after its end.
 * Input: link type (1 byte), then for each frame a time step (1 byte, its square is
 * seconds), length (2 bytes) and bytes; a length of 0xffff is key log text of 256. */
#include "base/must.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	uint64_t frames, bytes, touched;
};

static void touch(struct heard *heard, struct span bytes)
{
	for (size_t i = 0; i < bytes.left; i++)
		heard->touched += bytes.at[i];
}
static void hear_slice(void *context, const struct said_head *head, const struct said_slice *slice)
{
	struct heard *heard = context;

	must(head->flow != NULL && slice->last_ns >= slice->first_ns);
	heard->frames += slice->frames[0] + slice->frames[1];
	heard->bytes += slice->bytes[0] + slice->bytes[1];
	touch(heard, head->flow->name);
}
static void hear_dns(void *context, const struct said_head *head, const struct said_dns *dns)
{
	(void)head;
	touch(context, dns->name);
	for (uint32_t i = 0; i < dns->answer_count; i++) {
		touch(context, dns->answers[i].name);
		touch(context, dns->answers[i].text);
	}
}
static void hear_name(void *context, const struct said_head *head, const struct said_name *name)
{
	(void)head;
	touch(context, name->name);
	touch(context, name->describes);
}
static void hear_unknown(void *context, const struct said_head *head,
    const struct said_unknown *unknown)
{
	must(unknown->first[head->side].left > 0);
	touch(context, unknown->first[0]);
	touch(context, unknown->first[1]);
}

static void ear_feed(struct ear *ear, struct span rest, uint16_t link, uint64_t *ret_frames,
    uint64_t *ret_bytes)
{
	struct frame frame = { .number = 0, .time_ns = 1000000000, .link = link };

	while (rest.left > 0) {
		int64_t step = (int64_t)span_be(&rest, 1);
		size_t length = (size_t)span_be(&rest, 2);

		if (length == 0xffff) {
			ear_secrets(ear, span_cut(&rest, 256 < rest.left ? 256 : rest.left));
			continue;
		}
		struct span bytes = span_cut(&rest, length < rest.left ? length : rest.left);
		uint8_t *own = malloc(bytes.left > 0 ? bytes.left : 1);

		if (own == NULL)
			return;
		if (bytes.left > 0)
			memcpy(own, bytes.at, bytes.left);
		frame.bytes = span_of(own, bytes.left);
		frame.length = (uint32_t)bytes.left;
		frame.number++;
		frame.time_ns += step * step * 1000000000;
		ear_take(ear, &frame);
		free(own);
		++*ret_frames;
		*ret_bytes += bytes.left;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t links[] = { 1, 101, 113, 276, 0, 127, 9, 51 };
	struct span rest = span_of(data, size);
	struct heard heard = { 0 };
	struct listener listener = { .context = &heard, .slice = hear_slice, .dns = hear_dns,
		.name = hear_name, .unknown = hear_unknown };
	struct ear_plan plan = { .seed = 1, .listeners = &listener, .memory = 1024 * 1024 };
	struct ear *ear = NULL;
	uint64_t frames = 0, bytes = 0;
	uint16_t link = links[span_be(&rest, 1) % (sizeof links / sizeof *links)];

	if (ear_new(&plan, &ear, NULL) != KS_OK)
		return 0;
	ear_feed(ear, rest, link, &frames, &bytes);
	ear_end(ear);
	must(ear_counts(ear).frames == frames && ear_counts(ear).frame_bytes == bytes);
	must(heard.frames <= frames && heard.bytes <= bytes);
	must(link != 1 || frames == 0 || heard.frames > 0 || bytes < 14 * frames);
	ear_free(ear);
	return 0;
}
