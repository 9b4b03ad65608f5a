/* test/fault/clock.c - clock jumps against the real core: this program is its keeper,
 * poller and page.  It hands out another time again and again (a second to a year, both
 * ways, leap seconds, 2038), each time with readings that are well, and asks for the
 * status: any finding above "ok" is a false alarm, any reading not answered is lost.
 * usage: clock KEISOKU JUMPS [SEED] */
#include "base/must.h"
#include "guard/message.h"
#include "guard/secret.h"
#include "site/read.h"
#include "site/series.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FACTOR = 1000, ANSWER_MS = 10000 };

static const char site_form[] = "site jumps tz=Asia/Tokyo lang=en\nroom r1\n"
	"sensor t1 via=command address=\"/bin/true\" read=x kind=temperature at=r1 every=60s\n# %u\n";
static char site_text[sizeof site_form + 16];

static struct channel keeper, poller, page;
static struct site *site;
static char state[] = "/tmp/keisoku-clock-XXXXXX";
static int64_t start_ms, zero_ms;
static bool hot; /* the end: a true alarm must come through */

static int64_t mono_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t now_ms(void)
{
	return start_ms + (mono_ms() - zero_ms) * FACTOR;
}

static void say(struct channel *channel, enum message_kind kind, const void *record, size_t n)
{
	must(message_say(channel, kind, 1, span_of(record, n), NULL) == KS_OK);
}

static void say_fd(enum message_kind kind, const void *record, size_t n, int fd)
{
	struct parcel parcel = { .kind = kind, .count = 1, .body = span_of(record, n),
		.fds = &fd, .fds_n = 1 };

	must(message_send(&keeper, &parcel, NULL) == KS_OK);
}

/* The next message of that kind; others pass by. */
static bool hear(struct channel *channel, enum message_kind kind, struct message *ret_message)
{
	int64_t until = mono_ms() + ANSWER_MS;

	while (mono_ms() < until) {
		struct pollfd wait = { .fd = channel->fd, .events = POLLIN };
		struct why why = { .fmt = NULL };

		(void)poll(&wait, 1, 100);
		int code = message_take(channel, ret_message, &why);

		if (code == KS_OK && ret_message->head.kind == kind)
			return true;
		if (code != KS_OK && code != KS_ABSENT) {
			(void)fprintf(stderr, "%s\n", why.text);
			return false;
		}
	}
	return false;
}

/* As the keeper: a role is only told to reload when the file says something else. */
static void site_change(void)
{
	static unsigned version;
	struct site_errors *errors = calloc(1, sizeof *errors);

	must(errors != NULL);
	site_free(site);
	site = NULL;
	(void)snprintf(site_text, sizeof site_text, site_form, version++);
	must(site_read(span_text(site_text), &site, errors) == KS_OK);
	free(errors);
}

static void time_hand(enum message_kind kind, int64_t utc_ms)
{
	site_change();
	struct config config = { .clock_factor = FACTOR, .site_bytes = strlen(site_text) };
	int fd;

	start_ms = utc_ms;
	zero_ms = mono_ms();
	config.clock_start_ms = start_ms;
	config.clock_zero_ms = zero_ms;
	(void)snprintf(config.state, sizeof config.state, "%s", state);
	must(memory_seal(span_text(site_text), "site", &fd, NULL) == KS_OK);
	say_fd(kind, &config, sizeof config, fd);
}

static void pair_hand(struct channel *channel, enum role role)
{
	struct handle handle = { .what = HANDLE_PEER, .role = role };
	int fds[2];

	must(channel_pair(fds, NULL) == KS_OK);
	must(channel_init(channel, fds[0], role, ROLE_CORE, NULL) == KS_OK);
	say_fd(MESSAGE_HANDLE, &handle, sizeof handle, fds[1]);
}

static void announce(void)
{
	struct series series = { .subject_kind = SUBJECT_SENSOR, .kind = MEASURE_TEMPERATURE,
		.place = PLACE_ROOM, .id = "t1" };

	say(&poller, MESSAGE_SITE, &site->hash, sizeof site->hash);
	say(&poller, MESSAGE_SERIES, &series, sizeof series);
}

static void measure(int64_t milli)
{
	struct reading reading = { .kind = MEASURE_TEMPERATURE, .time_ms = now_ms(),
		.milli = milli };

	say(&poller, MESSAGE_READINGS, &reading, sizeof reading);
}

/* Findings above "ok", and whether the reading is there; false: no answer. */
static bool status(unsigned *ret_alarms, unsigned *ret_readings)
{
	struct message message;

	*ret_alarms = *ret_readings = 0;
	say(&page, MESSAGE_ASK_STATUS, NULL, 0);
	for (;;) {
		struct pollfd wait = { .fd = page.fd, .events = POLLIN };

		if (poll(&wait, 1, ANSWER_MS) != 1 || message_take(&page, &message, NULL) != KS_OK)
			return false;
		if (message.head.kind == MESSAGE_END)
			return true;
		for (size_t i = 0; message.head.kind == MESSAGE_FINDING && i < message.head.count;
		     i++) {
			struct finding finding;

			message_record(&message, i, &finding, sizeof finding);
			if (finding.severity == SEVERITY_OK)
				continue;
			(*ret_alarms)++;
			if (!hot)
				(void)fprintf(stderr, "false alarm: %s %s\n",
				    finding_id((enum finding_code)finding.code), finding.subject);
		}
		if (message.head.kind == MESSAGE_NOW)
			*ret_readings += message.head.count;
	}
}

static pid_t core_start(const char *program)
{
	struct message message;
	int fds[2];

	must(channel_pair(fds, NULL) == KS_OK);
	pid_t child = fork();

	if (child == 0) {
		(void)dup2(fds[1], 3);
		(void)fcntl(3, F_SETFD, 0);
		(void)execl(program, "keisoku", "--role", "core", (char *)NULL);
		_exit(127);
	}
	(void)close(fds[1]);
	must(child > 0 && channel_init(&keeper, fds[0], ROLE_KEEPER, ROLE_CORE, NULL) == KS_OK);
	must(hear(&keeper, MESSAGE_HELLO, &message));
	time_hand(MESSAGE_CONFIG, 1785000000000);
	pair_hand(&poller, ROLE_POLLER);
	pair_hand(&page, ROLE_PAGE);
	say(&keeper, MESSAGE_START, NULL, 0);
	must(hear(&keeper, MESSAGE_READY, &message));
	return child;
}

/* A second to a year, either way; now and then an instant that is special. */
static int64_t jump(unsigned *seed)
{
	static const int64_t special[] = { 1483228799000, 1435708799000, 2147483647000,
		2147483648000, 4294967295000, 1743296400000, 1761440400000, 1000 };
	static const int64_t reach[] = { 1000, 60000, 3600000, 86400000, 2678400000, 31536000000 };
	int64_t far = reach[(unsigned)rand_r(seed) % 6];

	if (rand_r(seed) % 8 == 0)
		return special[(unsigned)rand_r(seed) % 8];
	int64_t to = now_ms() + (rand_r(seed) % 2 == 0 ? far : -far);

	return to > 1000 ? to : 1785000000000;
}

int main(int argc, char **argv)
{
	unsigned jumps = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 100;
	unsigned seed = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1;
	unsigned alarms = 0, lost = 0;

	must(argc > 1 && mkdtemp(state) != NULL);
	pid_t core = core_start(argv[1]);

	for (unsigned i = 0; i < jumps; i++) {
		unsigned here, readings;

		if (i > 0)
			time_hand(MESSAGE_RELOAD, jump(&seed));
		announce();
		for (unsigned k = 0; k < 3; k++) {
			measure(23500 + (int64_t)k * 10);
			(void)usleep(12000);
		}
		/* two pairs have no order between them: on a busy machine it comes later */
		int64_t until = mono_ms() + ANSWER_MS;

		do {
			if (!status(&here, &readings)) {
				(void)fprintf(stderr, "jump %u: core does not answer\n", i);
				return 1;
			}
			alarms += here;
		} while (readings != 1 && mono_ms() < until);
		if (readings != 1) {
			(void)fprintf(stderr, "jump %u to %lld: no reading\n", i,
			    (long long)start_ms);
			lost++;
		}
	}
	unsigned true_alarms = 0, any;

	hot = true;
	for (unsigned k = 0; k < 200 && true_alarms == 0; k++) {
		measure(45000 + (int64_t)(k % 7) * 10);
		(void)usleep(20000);
		if (!status(&true_alarms, &any))
			return 1;
	}
	int ended = 0;

	say(&keeper, MESSAGE_STOP, NULL, 0);
	(void)waitpid(core, &ended, 0);
	(void)printf("%u clock jumps: %u false alarms, %u times a reading was missing, the true "
		     "alarm afterwards %s, core ended with %d\n", jumps, alarms, lost,
	    true_alarms > 0 ? "came" : "did not come", ended);
	site_free(site);
	channel_done(&keeper);
	channel_done(&poller);
	channel_done(&page);
	char sweep[128];

	(void)snprintf(sweep, sizeof sweep, "rm -rf %s", state);
	return system(sweep) == 0 && alarms == 0 && lost == 0 && true_alarms > 0 &&
	    ended == 0 ? 0 : 1;
}
