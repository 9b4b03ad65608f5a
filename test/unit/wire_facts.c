/* test/unit/wire_facts.c - the engine over every capture of the shared recordings, held
 * against the facts that tshark, capinfos and openssl gave: frames, bytes, hosts, streams
 * and DNS names; with one thread and with three, which must agree in all of it.
 * Where we differ on purpose the reason stands in wire_deviations.inc.
 * usage: wire_facts [FACTS.json...] */
#include "base/drop.h"
#include "base/text.h"
#include "wire/capture.h"
#include "wire/ear.h"
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>

struct sum { /* what a listener counts: the same in any order of flows */
	uint64_t frames, bytes, slices, dns_queries, dns_answers, names, hops, odds, unknown;
	uint64_t events;
};

static void hear_slice(void *context, const struct said_head *head,
    const struct said_slice *slice)
{
	struct sum *sum = context;

	sum->slices++;
	sum->frames += slice->frames[0] + slice->frames[1];
	sum->bytes += slice->bytes[0] + slice->bytes[1];
	sum->events += (head->frame * 31 + slice->began * 7 + slice->ended * 3 + slice->first_frame) *
	    (head->flow->id | 1);
}
static void hear_dns(void *context, const struct said_head *head, const struct said_dns *dns)
{
	struct sum *sum = context;

	if (dns->kind == DNS_PLAIN && !dns->response)
		sum->dns_queries++;
	if (dns->kind == DNS_PLAIN && dns->response)
		sum->dns_answers++;
	sum->events += head->frame * 11 + head->sub + dns->name.left;
}
static void hear_name(void *context, const struct said_head *head, const struct said_name *name)
{
	struct sum *sum = context;

	sum->names++;
	sum->events += head->frame * 17 + head->sub + name->how;
}
static void hear_hop(void *context, const struct said_head *head, const struct said_hop *hop)
{
	struct sum *sum = context;

	sum->hops++;
	sum->events += head->frame * 19 + head->sub + hop->kind;
}
static void hear_odd(void *context, const struct said_head *head, const struct said_odd *odd)
{
	struct sum *sum = context;

	sum->odds++;
	sum->events += head->frame * 23 + odd->kind + odd->count;
}
static void hear_unknown(void *context, const struct said_head *head,
    const struct said_unknown *unknown)
{
	struct sum *sum = context;

	sum->unknown++;
	sum->events += head->frame * 29 + unknown->first[0].left + unknown->first[1].left;
}

struct run {
	struct ear *ear;
	uint64_t names;
};
static void take_secrets(void *context, struct span text)
{
	ear_secrets(((struct run *)context)->ear, text);
}

static bool listen_to(const char *path, unsigned threads, struct ear_counts *ret_counts,
    struct sum *ret_sum, struct why *ret_stop)
{
	struct sum sums[4] = { 0 };
	struct listener listeners[4];
	struct run run = { 0 };
	struct capture_ears ears = { .context = &run, .secrets = take_secrets };
	struct capture *capture = NULL;
	struct frame frame;
	struct why why = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int code;

	for (int i = 0; i < 4; i++)
		listeners[i] = (struct listener){ .context = &sums[i], .slice = hear_slice,
			.dns = hear_dns, .name = hear_name, .hop = hear_hop, .odd = hear_odd,
			.unknown = hear_unknown };
	struct ear_plan plan = { .threads = threads, .seed = 42, .listeners = listeners };

	if (fd < 0 || ear_new(&plan, &run.ear, &why) != KS_OK ||
	    capture_new(fd, path, &ears, &capture, &why) != KS_OK) {
		printf("not ok - %s: %s\n", path, why.text);
		return false;
	}
	while ((code = capture_next(capture, &frame, ret_stop)) == KS_OK)
		ear_take(run.ear, &frame);
	ear_end(run.ear);
	*ret_counts = ear_counts(run.ear);
	capture_free(capture);
	ear_free(run.ear);
	(void)close(fd);
	*ret_sum = sums[0];
	for (unsigned i = 1; i < threads && threads > 1; i++) {
		uint64_t *to = (uint64_t *)ret_sum, *from = (uint64_t *)&sums[i];

		for (size_t j = 0; j < sizeof *ret_sum / sizeof *to; j++)
			to[j] += from[j];
	}
	return true;
}

static const struct deviation {
	const char *file, *fact;
	int64_t ours;
	const char *why;
} deviations[] = {
#include "wire_deviations.inc"
	{ NULL, NULL, 0, NULL }
};

static bool as_known(const char *file, const char *fact, int64_t ours)
{
	for (const struct deviation *d = deviations; d->file != NULL; d++)
		if (strcmp(d->file, file) == 0 && strcmp(d->fact, fact) == 0)
			return d->ours == ours;
	return false;
}

static bool hold(const json_t *facts, const char *fact, uint64_t ours)
{
	const json_t *value = json_object_get(facts, fact);
	const char *file = json_string_value(json_object_get(facts, "file"));
	int64_t theirs = value != NULL ? json_integer_value(value) : 0;

	if (theirs == (int64_t)ours || as_known(file, fact, (int64_t)ours))
		return true;
	printf("not ok - %s: %s is %lld here, %lld in the facts\n", file, fact,
	    (long long)ours, (long long)theirs);
	return false;
}

static bool check(const char *shared, const char *facts_path)
{
	json_auto_t *facts = json_load_file(facts_path, 0, NULL);
	const char *file = json_string_value(json_object_get(facts, "file"));
	struct ear_counts one = { 0 }, three = { 0 };
	struct sum sum = { 0 }, sum3 = { 0 };
	struct why stop = { 0 };
	char path[1024];
	bool good;

	if (file == NULL)
		return false;
	(void)snprintf(path, sizeof path, "%s/wire/%s", shared, file);
	if (!listen_to(path, 1, &one, &sum, &stop) || !listen_to(path, 3, &three, &sum3, &stop))
		return false;
	good = hold(facts, "frames", one.frames);
	good &= hold(facts, "frame_bytes", one.frame_bytes);
	good &= hold(facts, "captured_bytes", one.captured_bytes);
	good &= hold(facts, "outer_ip_bytes", one.outer_ip_bytes);
	good &= hold(facts, "hosts", one.hosts);
	good &= hold(facts, "tcp_streams", one.tcp);
	good &= hold(facts, "udp_streams", one.udp);
	good &= hold(facts, "dns_queries", sum.dns_queries);
	good &= hold(facts, "dns_responses", sum.dns_answers);
	if (memcmp(&one, &three, sizeof one) != 0 || memcmp(&sum, &sum3, sizeof sum) != 0) {
		printf("not ok - %s: three threads say otherwise than one "
		       "(slices %llu %llu, events %llx %llx, names %llu %llu)\n", file,
		    (unsigned long long)sum.slices, (unsigned long long)sum3.slices,
		    (unsigned long long)sum.events, (unsigned long long)sum3.events,
		    (unsigned long long)sum.names, (unsigned long long)sum3.names);
		good = false;
	}
	if (stop.fmt != NULL)
		printf("# %s\n", stop.text);
	return good;
}

int main(int argc, char **argv)
{
	const char *source = getenv("KS_SOURCE"), *given = getenv("KS_SHARED");
	char shared[512], folder[600], path[1024];
	int passed = 0, failed = 0;

	if (given != NULL)
		(void)snprintf(shared, sizeof shared, "%s", given);
	else
		(void)snprintf(shared, sizeof shared, "%s/../shared/data", source != NULL ? source : ".");
	for (int i = 1; i < argc; i++)
		*(check(shared, argv[i]) ? &passed : &failed) += 1;
	(void)snprintf(folder, sizeof folder, "%s/wire/facts", shared);
	DIR *dir = argc == 1 ? opendir(folder) : NULL;

	if (argc == 1 && dir == NULL) {
		printf("SKIP: no shared recordings at %s\n", folder);
		return 77;
	}
	for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		*(check(shared, path) ? &passed : &failed) += 1;
	}
	if (dir != NULL)
		(void)closedir(dir);
	printf("%d captures as the facts say, %d not\n", passed, failed);
	return failed == 0 && passed > 0 ? 0 : 1;
}
