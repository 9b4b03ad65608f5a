/* src/cli/plan.c - `keisoku plan SITE`: the cheapest safe way through a loss, and its order. */
#include "cli/plan.h"
#include "base/drop.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/site_load.h"
#include "cli/talks.h"
#include "cli/whatif.h"
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* AFTER_US: order, way back and words, of a host */
enum { AFTER_US = 10, LOST = 64, ANSWER = 64 << 20, PROGRESS_MS = 500, MILLION = 1000000 };

static struct site_errors errors;
static volatile sig_atomic_t stopped;

struct run {
	struct args args;
	enum lang lang;
	struct site *site;
	struct arena arena;
	struct grid *grid;
	struct flow *flow;
	uint32_t lost[LOST], lost_n;
	struct grid_ask ask;
	double until_s, began_s, told_s;
	int64_t millis; /* of --seconds */
	bool talks;	/* stderr is a terminal, and the answer may take its time */
	int64_t cost, bound;
	double first_s; /* when the first plan was there; 0: not yet */
};

static void stop(int number)
{
	stopped = number;
}

/* Processor time, so that the same site gives about the same plan on a busy machine. */
static double seconds_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void progress_say(struct run *run, double now_s)
{
	KS_DROP(text) struct text line;

	text_init(&line, 512);
	say(&line, run->lang, "cost %.1f, proven at least %.1f; %.1f s of %.1f s, Ctrl-C ends with what there is",
	    (double)run->cost / SHED_COST, (double)run->bound / SHED_COST, now_s - run->began_s,
	    (double)run->millis / 1000);
	(void)fprintf(stderr, "\r%s\033[K", text_cstr(&line));
	run->told_s = now_s;
}

static bool go_on(void *user)
{
	struct run *run = user;
	double now_s = seconds_now();

	if (run->talks && run->cost < INT64_MAX && now_s - run->began_s > PROGRESS_MS / 1e3 &&
	    now_s - run->told_s > 0.2)
		progress_say(run, now_s);
	return stopped == 0 && now_s < run->until_s;
}

static void better(void *user, const struct shed_plan *plan)
{
	struct run *run = user;

	if (run->first_s <= 0 && plan->cost < INT64_MAX)
		run->first_s = seconds_now();
	run->cost = plan->cost;
	run->bound = plan->bound;
}

/* A number that is not negative, in `ones`; the default when it is not given. */
static bool number_of(const struct run *run, const char *option, unsigned places, int64_t *ret)
{
	const char *word = args_value(&run->args, option);

	if (word == NULL || (number_read(span_text(word), places, ret) == KS_OK && *ret >= 0))
		return true;
	cli_complain(run->lang, "%s: \"%s\" is not a number from 0 up", option, word);
	return false;
}

static bool lost_read(struct run *run)
{
	const char *words = args_value(&run->args, "--lose");
	struct span list = span_text(words != NULL ? words : "");

	while (list.left > 0) {
		struct span id = span_trim(span_until(&list, ','));
		uint32_t n = 0;

		while (n < run->grid->nodes_n && !span_equal(id, run->site->nodes[n].id))
			n++;
		if (n == run->grid->nodes_n) {
			cli_complain(run->lang, "there is no feed, UPS, panel, leg, breaker or PDU \"%.*s\" in this site",
			    (int)id.left, id.left > 0 ? (const char *)id.at : "");
			return false;
		}
		if (run->lost_n == LOST) {
			cli_complain(run->lang, "more than %d losses at once", LOST);
			return false;
		}
		run->lost[run->lost_n++] = n;
	}
	return true;
}

/* The model of what is measured now, where the daemon or its store knows something. */
static bool grid_make(struct run *run, struct why *why)
{
	struct whatif seen = { .lang = run->lang, .site = run->site };
	struct grid_reading *readings = NULL;
	bool good = grid_new(run->site, &run->ask, &run->arena, &run->grid, why) == KS_OK;

	if (!good || run->site->sensors_n == 0)
		return good;
	arena_init(&seen.arena, LIMIT_SITE_MEMORY);
	seen.grid = run->grid;
	size_t n = whatif_seen(&seen, args_value(&run->args, "--state"), &readings);

	good = grid_measure(run->grid, readings, n, &run->arena, why) == KS_OK;
	arena_done(&seen.arena);
	return good;
}

static bool load(struct run *run)
{
	const char *path = run->args.operands[0];
	struct why why;
	int code = site_load(path, &run->site, &errors, &why);

	if (code == KS_MALFORMED)
		cli_complain(run->lang, "%s has errors; keisoku check %s names them", path, path);
	else if (code != KS_OK)
		cli_complain_why(run->lang, &why);
	if (code != KS_OK)
		return false;
	if (!grid_make(run, &why) || flow_new(run->grid, &run->arena, &run->flow, &why) != KS_OK) {
		cli_complain_why(run->lang, &why);
		return false;
	}
	return lost_read(run);
}

static int solve(struct run *run, struct remedy **ret_remedy, double *ret_cpu_s)
{
	struct remedy_ask ask = { .lost = run->lost, .lost_n = run->lost_n,
		.caps = !args_has(&run->args, "--no-caps"), .feed_scale = run->ask.feed_scale,
		.heat_scale = run->ask.heat_scale,
		.shed = { .go_on = go_on, .better = better, .user = run } };
	struct sigaction old, action = { .sa_handler = stop };
	struct why why;

	run->began_s = seconds_now();
	/* of the whole command: what was read before counts, what comes after is set aside */
	double after_s = (double)run->grid->hosts_n * AFTER_US / 1e6, whole_s = (double)run->millis / 1000;

	run->until_s = whole_s - fmin(after_s, whole_s / 4);
	run->talks = isatty(STDERR_FILENO) != 0;
	(void)sigaction(SIGINT, &action, &old);
	int bad = remedy_new(run->flow, &ask, &run->arena, ret_remedy, &why);

	(void)sigaction(SIGINT, &old, NULL);
	if (run->told_s > 0)
		(void)fputs("\r\033[K", stderr);
	*ret_cpu_s = seconds_now() - run->began_s;
	if (bad != KS_OK)
		cli_complain_why(run->lang, &why);
	return bad;
}

static void there_already(const struct run *run, const char *path)
{
	cli_complain(run->lang, "%s is there already, and a plan is never written over another, which may be "
	    "approved: give another name, or remove it first", path);
}

/* The plan file: new, never over another. */
static bool file_write(const struct run *run, const char *path, const struct remedy *remedy)
{
	KS_DROP(text) struct text text;
	bool fast = args_has(&run->args, "--fast") && remedy->fast != NULL;

	text_init(&text, ANSWER);
	paper_write(&text, fast ? &remedy->paper_fast : &remedy->paper);
	KS_DROP(file) FILE *file = fopen(path, "wx");

	if (file != NULL && fwrite(text_cstr(&text), 1, text.len, file) == text.len &&
	    fflush(file) == 0 && fsync(fileno(file)) == 0)
		return true;
	if (errno == EEXIST)
		there_already(run, path);
	else
		cli_complain(run->lang, "%s could not be written: %s. It is as it was before; make room, or name another place",
		    path, strerror(errno));
	if (file != NULL)
		(void)unlink(path); /* ours, and not whole */
	return false;
}

static int answer(struct run *run)
{
	struct remedy *remedy = NULL;
	struct planned planned = { .site = run->site, .grid = run->grid,
		.path = run->args.operands[0] };
	const char *file = args_value(&run->args, "-o");
	KS_DROP(text) struct text text;

	text_init(&text, ANSWER);
	int bad = solve(run, &remedy, &planned.cpu_seconds);

	if (bad != KS_OK)
		return bad == KS_MALFORMED ? EXIT_UNKNOWN : EXIT_BROKEN;
	planned.remedy = remedy;
	planned.first_seconds = run->first_s > 0 ? run->first_s - run->began_s : -1;
	planned.interrupted = stopped != 0;
	if (args_has(&run->args, "--json"))
		plan_json(&text, &planned);
	else {
		static struct talks talks;

		plan_say(&text, run->lang, &planned);
		talks_find(args_value(&run->args, "--state"), run->site, &talks);
		talks_say(&text, run->lang, &talks);
	}
	if (!cli_print(&text))
		return EXIT_BROKEN;
	if (!remedy->plan.feasible) {
		if (file != NULL)
			cli_complain(run->lang, "no plan holds every limit, so no plan file is written");
		return EXIT_CRITICAL;
	}
	if (file != NULL && !file_write(run, file, remedy))
		return EXIT_BROKEN;
	return remedy->order->late_n > 0 ? EXIT_FOUND : EXIT_WELL;
}

static int plan_run(int argc, char **argv, enum lang lang)
{
	struct run run = { .lang = lang, .ask = grid_as_is, .millis = 1000,
		.cost = INT64_MAX };
	int code = EXIT_UNKNOWN;

	if (!args_read(&command_plan, argc, argv, lang, &run.args) ||
	    !number_of(&run, "--feed-scale", 6, &run.ask.feed_scale) ||
	    !number_of(&run, "--heat-scale", 6, &run.ask.heat_scale) ||
	    !number_of(&run, "--seconds", 3, &run.millis))
		return EXIT_UNKNOWN;
	const char *file = args_value(&run.args, "--check"), *new = args_value(&run.args, "-o");
	struct paper paper;

	if (new != NULL && access(new, F_OK) == 0) { /* before a second is spent on it */
		there_already(&run, new);
		return EXIT_UNKNOWN;
	}
	if (run.ask.feed_scale == 0)
		cli_complain(lang, "--feed-scale 0: no feed and no UPS has a limit in this plan");

	arena_init(&run.arena, LIMIT_PLAN_MEMORY);
	if (file != NULL && plan_paper_read(file, &run.arena, &paper, lang) == KS_OK) {
		run.ask.feed_scale = paper.feed_scale;
		run.ask.heat_scale = paper.heat_scale;
		if (load(&run))
			code = plan_paper_check(&paper, run.flow, &run.arena, lang);
	} else if (file == NULL && load(&run)) {
		code = answer(&run);
	}
	arena_done(&run.arena);
	site_free(run.site);
	return code;
}

static const struct option_row plan_options[] = {
	{ "--lose", "ID,...", N_("what is lost: feeds, UPSes, panels, legs, breakers or PDUs") },
	{ "--feed-scale", "X", N_("limits of feeds and UPSes times X (1); 0: they have none") },
	{ "--heat-scale", "X", N_("limits of rooms times X (1); 0: no heat limit") },
	{ "--no-caps", NULL, N_("only switch off, cap nothing") },
	{ "--seconds", "S", N_("processor seconds to make the plan better (1); Ctrl-C ends sooner") },
	{ "-o", "FILE", N_("write the plan file: to read, compare, approve and run") },
	{ "--check", "FILE", N_("whether this plan file still holds: its site, its readings, the loads of now") },
	{ "--state", "DIR", N_("where the state of the daemon lies") },
	{ "--fast", NULL, N_("the plan file cuts outlets where clean stops come too late") },
	{ "--json", NULL, N_("answer for machines (keisoku.plan/1)") },
	{ NULL, NULL, NULL },
};

const struct command command_plan = {
	.name = "plan", .takes = "SITE",
	.says = N_("the cheapest safe way through a loss: what to switch off, in which order, and by when"),
	.options = plan_options,
	.examples = (const char *const[]){ "keisoku plan site.conf --lose B1",
		"keisoku plan site.conf --lose A --seconds 10 -o lose-A.plan",
		"keisoku plan site.conf --check lose-A.plan", NULL },
	.run = plan_run,
};
