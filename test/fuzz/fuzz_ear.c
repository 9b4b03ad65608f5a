/* test/fuzz/fuzz_ear.c - a sequence of frames through the whole engine: every byte of a
 * frame is told in exactly one slice, and nothing is told of a flow after its end.
 * Input: a byte (link type; 8: two threads, 16: memory for few flows, 32: nobody listens,
 * 64: another does too, 128: frames are cut), then for each frame a time step (1 byte, its square is seconds),
 * length (2 bytes) and bytes; a length of 0xffff is key log text of 256, one of 0xfffe
 * asks for a report, one of 0xfffd says that time has passed. */
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
static void hear_flow(void *context, const struct said_head *head, const struct said_flow *flow)
{
	must(head->flow != NULL);
	touch(context, span_of(flow, sizeof *flow));
}
static void hear_hop(void *context, const struct said_head *head, const struct said_hop *hop)
{
	(void)head;
	must(hop->kind <= HOP_REFUSED);
	touch(context, span_of(&hop->router, sizeof hop->router));
}
static void hear_unknown(void *context, const struct said_head *head,
    const struct said_unknown *unknown)
{
	must(unknown->first[head->side].left > 0);
	touch(context, unknown->first[0]);
	touch(context, unknown->first[1]);
}

static const uint16_t links[] = { 1, 101, 113, 276, 0, 127, 9, 51 };
static uint16_t link_of(uint8_t how)
{
	return links[how % (sizeof links / sizeof *links)];
}

static void ear_feed(struct ear *ear, struct span rest, uint8_t how, uint64_t *ret_frames,
    uint64_t *ret_bytes)
{
	enum { MISSING = 40 };
	uint64_t flows, memory;
	struct frame frame = { .number = 0, .time_ns = 1000000000, .link = link_of(how) };

	while (rest.left > 0) {
		int64_t step = (int64_t)span_be(&rest, 1);
		size_t length = (size_t)span_be(&rest, 2);

		if (length == 0xfffe && !(how & 8)) {
			frame.time_ns += step * step * 1000000000;
			ear_report(ear, frame.time_ns, step % 2 * 1000000000);
			must(ear_counts_now(ear, &flows, &memory).frames == *ret_frames);
			continue;
		}
		if (length == 0xfffd) { /* nothing came for a while: told as of then */
			ear_tick(ear, frame.time_ns + step * step * 1000000000, step % 2 == 0);
			continue;
		}
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
		frame.length = (uint32_t)bytes.left + (how & 128 ? MISSING : 0);
		frame.number++;
		frame.time_ns += step * step * 1000000000;
		ear_take(ear, &frame);
		free(own);
		++*ret_frames;
		*ret_bytes += frame.length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct heard heard = { 0 }, second = { 0 };
	struct listener listeners[] = { { .context = &heard, .slice = hear_slice, .dns = hear_dns,
		.name = hear_name, .hop = hear_hop, .flow = hear_flow, .unknown = hear_unknown },
		{ .context = &second, .slice = hear_slice, .dns = hear_dns, .name = hear_name,
		.hop = hear_hop, .unknown = hear_unknown } };
	struct listener deaf[2] = { { .also = NULL } };
	struct heard more = { 0 };
	const struct listener also = { .context = &more, .flow = hear_flow, .dns = hear_dns };
	struct ear_plan plan = { .seed = 1, .listeners = listeners, .memory = 1024 * 1024 };
	struct ear *ear = NULL;
	uint64_t frames = 0, bytes = 0;
	uint8_t how = (uint8_t)span_be(&rest, 1);
	uint16_t link = link_of(how);

	plan.threads = how & 8 ? 2 : 1;
	if (how & 16)
		plan.memory = 16 * 1024;
	if (how & 32)
		plan.listeners = deaf;
	if (how & 64)
		listeners[0].also = deaf[0].also = &also;

	if (ear_new(&plan, &ear, NULL) != KS_OK)
		return 0;
	ear_feed(ear, rest, how, &frames, &bytes);
	ear_end(ear);
	heard.frames += second.frames;
	heard.bytes += second.bytes;
	must(ear_counts(ear).frames == frames && ear_counts(ear).frame_bytes == bytes);
	must(heard.frames <= frames && heard.bytes <= bytes);
	must(how & 32 || link != 1 || frames == 0 || heard.frames > 0 || bytes < 14 * frames);
	ear_free(ear);
	return 0;
}
