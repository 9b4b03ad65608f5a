/* test/fuzz/fuzz_capture.c - any bytes as a capture file: frames stay within their lump
 * and in order, the end is told once, and again as the end. */
#include "base/must.h"
#include "base/text.h"
#include "wire/capture.h"
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear_secrets(void *context, struct span text)
{
	*(size_t *)context += text.left;
}

static void hear_name(void *context, const struct address *address, struct span name)
{
	must(address->family != ADDRESS_NONE && name.left > 0);
	*(size_t *)context += name.left;
}

/* The same as one text, as a HAR is read; twice what there is room for is an error. */
static void whole(int fd)
{
	struct capture *capture = NULL;
	struct text text;

	text_init(&text, 4096);
	if (lseek(fd, 0, SEEK_SET) == 0 && capture_new(fd, "fuzz", NULL, &capture, NULL) == KS_OK)
		must(capture_whole(capture, &text, NULL) == KS_OK || text.len <= 4096);
	capture_free(capture);
	text_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t heard = 0;
	struct capture_ears ears = { .context = &heard, .secrets = hear_secrets,
		.name = hear_name };
	struct capture *capture = NULL;
	struct frame frame;
	uint64_t frames = 0;
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
		return 0;
	if (capture_new(fd, "fuzz", &ears, &capture, NULL) == KS_OK) {
		while (capture_next(capture, &frame, NULL) == KS_OK && frames < 10000) {
			must(frame.number == ++frames && frame.bytes.left <= frame.length);
			for (size_t i = 0; i < frame.bytes.left; i += 64)
				heard += frame.bytes.at[i];
		}
		if (frames < 10000)
			must(capture_next(capture, &frame, NULL) == KS_ABSENT);
		must(capture_facts(capture)->bytes_read <= size);
	}
	capture_free(capture);
	whole(fd);
	(void)close(fd);
	return 0;
}
