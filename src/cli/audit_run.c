/* src/cli/audit_run.c - the files one after the other through one engine. */
#include "cli/audit_run.h"
#include "cli/audit_stop.h"
#include "cli/audit_tick.h"
#include "base/drop.h"
#include "base/limits.h"
#include "cli/flow_rows.h"
#include "wire/capture.h"
#include "wire/charset.h"
#include "wire/ear.h"
#include "wire/har.h"
#include "wire/live.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

enum { LINKS_MOST = 64, PROGRESS_FIRST_MS = 500, PROGRESS_MS = 200, LOOK_EVERY = 4096, TICK_EVERY = 64 };

struct drive {
	const struct audit_ask *ask;
	struct ear *ear;
	struct audit_file files[RUN_FILES];
	size_t files_n;
	uint64_t frames; /* of all files so far */
	uint64_t seed;
	struct har_counts har; /* of all HARs */
	uint16_t links[LINKS_MOST];
	size_t links_n;
	uint64_t file_frames;	      /* of the file being read */
	bool once;		      /* a pipe: it cannot be read again */
	bool again;		      /* the second time, with all secrets */
	struct text late;	      /* secrets that stood behind frames */
	struct text keys;	      /* those that were given, and the late ones */
	struct text names;	      /* of addresses, as the captures say */
	struct named {
		struct address address;
		uint32_t at, length;
		uint64_t frame;
	} *named;
	size_t named_n;
	struct gather *gathers[RUN_THREADS];
	struct listener listeners[RUN_THREADS];
	struct flow_rows *flows;
	unsigned threads;
	struct tick tick; /* for rows that are read while they come */
	/* progress */
	bool terminal, shown;
	int64_t began_ms, said_ms;
};

/* "laptop.pcap 43 %, 3 s left" on stderr, when that is a terminal. */
static void progress(struct drive *d, const struct capture_facts *facts, const char *name)
{
	int64_t now = d->terminal ? tick_now_ms() : 0;
	int64_t spent = now - d->began_ms;
	KS_DROP(text) struct text line = { .at = NULL };

	if (!d->terminal || spent < PROGRESS_FIRST_MS || now - d->said_ms < PROGRESS_MS)
		return;
	d->said_ms = now;
	d->shown = true;
	text_init(&line, 400);
	if (facts->bytes_total > 0 && facts->bytes_read > 0) {
		uint64_t all = facts->bytes_total, read = facts->bytes_read;
		int64_t left = (int64_t)((double)spent * (double)(all - (read < all ? read : all)) /
		    (double)read / 1000);

		say(&line, d->ask->lang, "%s: %d %%, %lld frames, %lld s left", name,
		    (int)(read * 100 / all), (long long)d->frames, (long long)left + 1);
	} else {
		say(&line, d->ask->lang, "%s: %lld frames, %.1f MB", name, (long long)d->frames,
		    (double)facts->bytes_read / 1e6);
	}
	(void)fprintf(stderr, "\r%s\033[K", text_cstr(&line));
	(void)fflush(stderr);
}

static void progress_end(struct drive *d)
{
	if (d->shown)
		(void)fputs("\r\033[K", stderr);
}

static void pipe_idle(void *context)
{
	struct drive *d = context;

	tick_look(&d->tick, d->ear);
}

static void link_add(struct drive *d, uint16_t link)
{
	for (size_t i = 0; i < d->links_n; i++)
		if (d->links[i] == link)
			return;
	if (d->links_n < LINKS_MOST)
		d->links[d->links_n++] = link;
}

static void secrets_take(void *context, struct span keylog)
{
	struct drive *d = context;

	if (d->file_frames > 0 && !d->again) {
		text_add_span(&d->late, keylog);
		text_add_char(&d->late, '\n');
	}
	ear_secrets(d->ear, keylog);
}

/* Kept until the workers rest: gather hears one thread only. */
static void name_take(void *context, const struct address *address, struct span name)
{
	struct drive *d = context;
	size_t before = d->names.len;

	if (d->named == NULL)
		d->named = calloc(LIMIT_CAPTURE_NAMES, sizeof *d->named);
	if (d->named == NULL || d->named_n == LIMIT_CAPTURE_NAMES)
		return;
	text_add_span(&d->names, name);
	if (d->names.len == before)
		return;
	d->named[d->named_n++] = (struct named){ .address = *address, .at = (uint32_t)before,
		.length = (uint32_t)(d->names.len - before), .frame = d->frames + 1 };
}

static void names_tell(struct drive *d)
{
	const struct listener *ears = &d->listeners[0];
	struct ear_counts counts = ear_counts(d->ear);

	for (size_t i = 0; i < d->named_n; i++) {
		const struct named *n = &d->named[i];
		struct flow_view view = { .id = n->frame * 2, .client = n->address, .tongue = "" };
		struct said_head head = { .time_ns = counts.first_ns, .frame = n->frame, .flow = &view };
		struct said_name name = { .how = NAME_CAPTURE, .address = n->address,
			.name = span_of(d->names.at + n->at, n->length) };

		ears->name(ears->context, &head, &name);
	}
}

static int file_take(struct drive *d, struct capture *capture, struct audit_file *file,
    struct why *stopped)
{
	const struct capture_facts *facts = capture_facts(capture);
	struct frame frame;
	int code;

	while ((code = capture_next(capture, &frame, stopped)) == KS_OK) {
		frame.number = ++d->frames;
		d->file_frames++;
		link_add(d, frame.link);
		ear_take(d->ear, &frame);
		if (d->once && d->flows != NULL) {
			tick_heard(&d->tick, frame.time_ns);
			if (d->frames % TICK_EVERY == 0)
				tick_look(&d->tick, d->ear);
		}
		if (d->frames % LOOK_EVERY == 0)
			progress(d, facts, file->name);
	}
	/* frames are borrowed from the capture until the engine has heard them */
	ear_flush(d->ear);
	file->format = facts->format;
	file->packing = facts->packing;
	file->bytes = facts->bytes_read;
	file->dropped = facts->dropped;
	file->frames = d->frames + 1 - file->first_frame;
	if (code != KS_ABSENT) {
		file->why = stopped;
		file->stopped_at = facts->offset;
	}
	return KS_OK;
}

/* "/a/laptop.har" is of "laptop" */
static struct span stem_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct span name = span_text(slash != NULL ? slash + 1 : path);
	const uint8_t *dot = name.left > 0 ? memchr(name.at, '.', name.left) : NULL;

	if (dot != NULL && dot > name.at)
		name.left = (size_t)(dot - name.at);
	return name;
}

/* What a proxy saw: one frame an entry, all of one device. */
static int har_take(struct drive *d, struct capture *capture, struct audit_file *file, struct why *stopped,
    struct why *why)
{
	struct har_ask ask = { .device = { .family = ADDRESS_4, .byte = { 127, 0, 0, 1 } },
		.name = stem_of(file->name), .first_frame = file->first_frame, .seed = d->seed,
		.ears = &d->listeners[0] };
	struct har_counts counts;
	KS_DROP(text) struct text bytes;
	struct why bad = { .fmt = NULL };

	for (size_t i = 0; i < d->ask->known_n; i++)
		if (d->ask->known[i].asked_for && d->ask->known[i].address.family != ADDRESS_NONE)
			ask.device = d->ask->known[i].address;
	text_init(&bytes, LIMIT_HAR_BYTES);
	int code = capture_whole(capture, &bytes, why);

	if (code != KS_OK)
		return code;
	code = har_read(text_span(&bytes), &ask, &counts, &bad);
	if (code != KS_OK)
		return fail(why, code, "%s: %s", file->name, bad.text);
	har_counts_add(&d->har, &counts);
	d->frames += counts.entries + counts.skipped;
	file->format = capture_facts(capture)->format;
	file->packing = capture_facts(capture)->packing;
	file->bytes = capture_facts(capture)->bytes_read;
	file->frames = counts.entries + counts.skipped;
	if (counts.untimed > 0) {
		(void)fail(stopped, KS_MALFORMED,
		    "%llu of its entries are left out, as their time can not be read (startedDateTime as in "
		    "2026-11-01T09:00:00+09:00 is wanted); the first is number %llu",
		    (unsigned long long)counts.untimed, (unsigned long long)counts.first_untimed);
		file->why = stopped;
		file->stopped_at = file->bytes;
	}
	return KS_OK;
}

static int file_read(struct drive *d, const char *name, struct why *stopped, struct why *why)
{
	const bool in = strcmp(name, "-") == 0;
	const struct capture_ears ears = { .context = d, .secrets = secrets_take,
		.name = name_take, .idle = d->flows != NULL ? pipe_idle : NULL };
	KS_DROP(fd) int fd = in ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
	KS_DROP(capture) struct capture *capture = NULL;
	struct audit_file *file = &d->files[d->files_n];

	struct stat is;

	if (fd < 0)
		return fail(why, KS_IO, "%s: %s", name, strerror(errno));
	d->file_frames = 0;
	if (in)
		stop_by_signal(fd);
	d->once |= in || fstat(fd, &is) != 0 || !S_ISREG(is.st_mode);
	int code = capture_new(fd, name, &ears, &capture, why);

	if (code != KS_OK)
		return code;
	*file = (struct audit_file){ .name = in ? "stdin" : name, .format = "", .packing = "",
		.first_frame = d->frames + 1 };
	d->files_n++;
	return strcmp(capture_facts(capture)->format, "har") == 0 ?
	    har_take(d, capture, file, stopped, why) : file_take(d, capture, file, stopped);
}

/* An interface that is taken away ends it; what was heard is told, and that it ended so. */
static int interface_listen(struct drive *d, struct why *stopped, struct why *why)
{
	const struct audit_ask *ask = d->ask;
	KS_DROP(live) struct live *live = NULL;
	struct audit_file *file = &d->files[d->files_n];
	struct capture_facts facts = { .format = "live" };
	struct frame frame;
	int code = live_new(ask->interface, ask->filter, &live, why);

	if (code != KS_OK)
		return code;
	stop_by_signal(-1);
	*file = (struct audit_file){ .name = ask->interface, .format = "live", .packing = "",
		.first_frame = 1 };
	d->files_n++;
	while (!stop_asked() && (ask->listen_ms == 0 || tick_now_ms() - d->began_ms < ask->listen_ms)) {
		code = live_next(live, &frame, stopped);
		if (code == KS_OK) {
			frame.number = ++d->frames;
			facts.bytes_read += frame.bytes.left;
			link_add(d, frame.link);
			ear_take(d->ear, &frame);
			tick_heard(&d->tick, frame.time_ns);
		} else if (code == KS_LATE) {
			ear_flush(d->ear);
		} else {
			file->why = stopped;
			file->stopped_at = facts.bytes_read;
			break;
		}
		if (d->flows != NULL)
			tick_look(&d->tick, d->ear);
		progress(d, &facts, ask->interface);
	}
	file->frames = d->frames;
	file->bytes = facts.bytes_read;
	file->dropped = live_counts(live).dropped;
	return KS_OK;
}

static int start(struct drive *d, struct why *why)
{
	struct ear_plan plan = { .threads = d->threads, .listeners = d->listeners,
		.keylog = d->again ? text_span(&d->keys) : d->ask->keylog };

	/* who sends packets must not know in which slot of a table they will fall */
	if (getrandom(&plan.seed, sizeof plan.seed, 0) != (ssize_t)sizeof plan.seed)
		return fail(why, KS_IO, "getrandom: %s", strerror(errno));
	d->seed = plan.seed;
	for (unsigned i = 0; i < d->threads; i++) {
		int code = gather_new(plan.seed, &d->gathers[i], why);

		if (code != KS_OK)
			return code;
		d->listeners[i] = gather_listener(d->gathers[i]);
		if (d->flows != NULL)
			d->listeners[i].also = flow_rows_ears(d->flows, i);
	}
	charset_ready();
	return ear_new(&plan, &d->ear, why);
}

/* Those of frames, and each exchange of a HAR as a frame and a stream of its own. */
static struct ear_counts counts_of(const struct drive *d)
{
	struct ear_counts counts = ear_counts(d->ear);
	const struct har_counts *har = &d->har;

	if (har->entries == 0)
		return counts;
	if (counts.frames == 0 || har->first_ns < counts.first_ns)
		counts.first_ns = har->first_ns;
	if (counts.frames == 0 || har->last_ns > counts.last_ns)
		counts.last_ns = har->last_ns;
	counts.frames += har->entries;
	counts.frame_bytes += har->bytes;
	counts.captured_bytes += har->bytes;
	counts.outer_ip_bytes += har->bytes;
	counts.tcp += har->entries;
	counts.hosts += har->hosts + 1;
	return counts;
}

static int make(struct drive *d, struct audit_run *run, struct why *why)
{
	const struct audit_ask *ask = d->ask;
	struct make_plan plan = { .files = d->files, .files_n = d->files_n,
		.link_types = d->links, .link_types_n = d->links_n, .counts = counts_of(d),
		.known = ask->known, .known_n = ask->known_n, .zone = ask->zone,
		.trust = ask->trust, .trust_name = ask->trust_name,
		.today = ask->today, .secrets = ask->secrets };
	struct audit *audit = NULL;
	int code = KS_OK;

	aids_plan(ask->aids, &plan);
	ear_free(d->ear); /* its counts are taken, its flows are of no more use */
	d->ear = NULL;
	for (unsigned i = 1; i < d->threads && code == KS_OK; i++) {
		code = gather_merge(d->gathers[0], d->gathers[i], why);
		gather_free(d->gathers[i]);
		d->gathers[i] = NULL;
	}
	if (code == KS_OK)
		code = audit_make(&plan, d->gathers[0], &run->arena, &audit, why);
	if (d->gathers[0] != NULL)
		gather_made(d->gathers[0]);
	run->audit = audit;
	run->gather = d->gathers[0];
	d->gathers[0] = NULL;
	return code;
}

static unsigned threads_of(const struct audit_ask *ask)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned threads = ask->threads;

	if (threads == 0)
		threads = processors > 1 ? (unsigned)processors : 1;
	return threads > RUN_THREADS ? RUN_THREADS : threads;
}

static void forget(struct drive *d)
{
	ear_free(d->ear);
	d->ear = NULL;
	for (unsigned i = 0; i < d->threads; i++) {
		gather_free(d->gathers[i]);
		d->gathers[i] = NULL;
	}
}

static int hear(struct drive *d, struct audit_run *run, struct why *why)
{
	const struct audit_ask *ask = d->ask;
	int code = start(d, why);

	for (size_t i = 0; i < ask->files_n && code == KS_OK; i++)
		code = file_read(d, ask->files[i], &run->stopped[i], why);
	if (code == KS_OK && ask->interface != NULL)
		code = interface_listen(d, &run->stopped[0], why);
	if (d->ear != NULL)
		ear_end(d->ear);
	progress_end(d);
	return code;
}

/* Secrets that stand behind the frames they open (a dump ends with them) are of use only
 * when all is heard once more. */
static int hear_again(struct drive *d, struct audit_run *run, struct why *why)
{
	if (d->late.len == 0 || d->once || d->ask->interface != NULL)
		return KS_OK;
	text_add_span(&d->keys, d->ask->keylog);
	text_add_char(&d->keys, '\n');
	text_add_span(&d->keys, text_span(&d->late));
	forget(d);
	d->again = true;
	d->files_n = d->links_n = d->named_n = 0;
	d->frames = 0;
	d->har = (struct har_counts){ .entries = 0 };
	text_clear(&d->names);
	int code = d->flows != NULL ? flow_rows_again(d->flows, why) : KS_OK;

	return code == KS_OK ? hear(d, run, why) : code;
}

/* Who follows a pipe or an interface may read the rows while they come. */
static bool comes_now(const struct audit_ask *ask)
{
	struct stat is;
	bool now = ask->interface != NULL;

	for (size_t i = 0; i < ask->files_n; i++)
		now |= strcmp(ask->files[i], "-") == 0 ||
		    (stat(ask->files[i], &is) == 0 && !S_ISREG(is.st_mode));
	return now;
}

static int rows_new(const struct drive *d, struct flow_rows **ret_flows, struct why *why)
{
	const struct audit_ask *ask = d->ask;
	struct flow_rows_plan plan = { .folder = ask->zeek, .json = ask->zeek_json, .eve = ask->eve,
		.now = comes_now(ask), .threads = d->threads, .trust = ask->trust, .known = ask->known,
		.known_n = ask->known_n };

	if (getrandom(&plan.seed, sizeof plan.seed, 0) != (ssize_t)sizeof plan.seed)
		return fail(why, KS_IO, "getrandom: %s", strerror(errno));
	return flow_rows_new(&plan, ret_flows, why);
}

int audit_run(const struct audit_ask *ask, struct audit_run *run, struct why *why)
{
	static struct drive d;
	int code;

	d = (struct drive){ .ask = ask, .threads = threads_of(ask),
		.terminal = isatty(STDERR_FILENO), .began_ms = tick_now_ms() };
	text_init(&d.late, LIMIT_KEYLOG_BYTES);
	text_init(&d.keys, 2 * (size_t)LIMIT_KEYLOG_BYTES);
	text_init(&d.names, (size_t)LIMIT_CAPTURE_NAMES * 64);
	run->audit = NULL;
	run->gather = NULL;
	run->flows = NULL;
	arena_init(&run->arena, LIMIT_AUDIT_MEMORY);
	code = ask->zeek == NULL && ask->eve == NULL ? KS_OK
	    : rows_new(&d, &run->flows, why);
	d.flows = run->flows;
	if (code == KS_OK)
		code = hear(&d, run, why);
	if (code == KS_OK)
		code = hear_again(&d, run, why);
	if (code == KS_OK && d.flows != NULL)
		code = flow_rows_end(d.flows, why);
	if (code == KS_OK) {
		names_tell(&d);
		code = make(&d, run, why);
	}
	forget(&d);
	text_done(&d.late);
	text_done(&d.keys);
	text_done(&d.names);
	free(d.named);
	return code;
}

void audit_run_done(struct audit_run *run)
{
	gather_free(run->gather);
	flow_rows_free(run->flows);
	run->flows = NULL;
	arena_done(&run->arena);
	run->gather = NULL;
	run->audit = NULL;
}
