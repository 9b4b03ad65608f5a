/* test/unit/snmp_recordings.c - the driver against recordings of real devices and the
 * list of what a reader must return (folder $KS_SHARED or ../shared/data; SKIP without).
 * Prints per file found/expected, and every difference.  `-v FILE`: all readings. */
#include "snmp_tape.h"
#include "base/number.h"
#include <dirent.h>
#include <stdlib.h>

struct wish {
	const char *class;
	enum measure kind;
	int64_t times, over; /* the list's unit into ours */
};
static const struct wish wishes[] = {
	{ "temperature", MEASURE_TEMPERATURE, 1, 1 }, { "temperature", MEASURE_DEW_POINT, 1, 1 },
	{ "humidity", MEASURE_HUMIDITY, 1, 1 }, { "humidity", MEASURE_PERCENT, 1, 1 },
	{ "power", MEASURE_POWER, 1, 1 }, { "power", MEASURE_APPARENT_POWER, 1, 1 },
	{ "power", MEASURE_POWER, 1000, 1 }, { "power", MEASURE_REACTIVE_POWER, 1, 1 },
	{ "cooling", MEASURE_POWER, 1, 1 }, { "voltage", MEASURE_VOLTAGE, 1, 1 },
	{ "current", MEASURE_CURRENT, 1, 1 }, { "frequency", MEASURE_FREQUENCY, 1, 1 },
	{ "load", MEASURE_LOAD, 1, 1 }, { "load", MEASURE_PERCENT, 1, 1 },
	{ "charge", MEASURE_CHARGE, 1, 1 }, { "runtime", MEASURE_RUNTIME, 1, 1 },
	{ "runtime", MEASURE_DURATION, 1, 1 }, { "delay", MEASURE_RUNTIME, 1, 60 },
	{ "delay", MEASURE_DURATION, 1, 60 }, { "fanspeed", MEASURE_FAN, 1, 1 },
	{ "fanspeed", MEASURE_PERCENT, 1, 1 }, { "airflow", MEASURE_FLOW, 283168, 10000 },
	{ "waterflow", MEASURE_FLOW, 1, 1 }, { "pressure", MEASURE_PRESSURE, 1000, 1 },
	{ "count", MEASURE_COUNT, 1, 1 }, { "count", MEASURE_PERCENT, 1, 1 },
	{ "count", MEASURE_LOAD, 1, 1 },
	{ "percent", MEASURE_PERCENT, 1, 1 }, { "percent", MEASURE_LOAD, 1, 1 },
	{ "power_consumed", MEASURE_ENERGY, 1, 1 }, { "eer", MEASURE_VALUE, 1, 1 },
	{ "power_factor", MEASURE_POWER_FACTOR, 1, 1 }, { "state", MEASURE_STATE, 1, 1 },
};

/* Rows where the list is wrong, and what is right; see the data's MANIFEST. */
struct deviation {
	const char *file, *oid_head, *reason;
};
static const struct deviation deviations[] = {
#include "snmp_deviations.inc"
};

static const char *deviation_of(const char *file, const char *oid)
{
	for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++) {
		const struct deviation *d = &deviations[i];

		if (strcmp(file, d->file) == 0 && d->oid_head[0] != '\0' &&
		    strncmp(oid, d->oid_head, strlen(d->oid_head)) == 0)
			return d->reason;
	}
	return NULL;
}

static bool offer_meets(const struct offer *offer, const char *class, int64_t milli)
{
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		const struct wish *w = &wishes[i];
		int64_t want = number_scale(milli, w->times, w->over);
		int64_t off = offer->milli > want ? offer->milli - want : want - offer->milli;

		if (strcmp(class, w->class) == 0 && offer->kind == w->kind &&
		    offer->quality == QUALITY_OK && off <= 6 + labs((long)want) / 5000)
			return true;
	}
	return false;
}

static void offer_say(const struct offer *o)
{
	printf("    %-40s %-14s %10.3f %-5s %-9s %-12s %s [%s] %s%s\n", o->id,
	    measure_word((enum measure)o->kind), (double)o->milli / 1000,
	    measure_unit((enum measure)o->kind), quality_word((enum quality)o->quality),
	    o->kind == MEASURE_STATE ? o->state : "",
	    o->kind == MEASURE_STATE ? severity_word((enum severity)o->severity) : "",
	    o->label, o->source, o->fahrenheit ? " was F" : "");
	if (o->doubt != DOUBT_NONE)
		printf("        %s\n", doubt_sentence((enum doubt)o->doubt));
}

/* One line of the list; 1 found, 0 not, 2 a known mistake of the list. */
static int wish_check(const struct talked *talked, const char *file, struct span line,
    bool verbose)
{
	struct span class = span_until(&line, '\t'), oid = span_until(&line, '\t');
	struct span descr = span_until(&line, '\t'), value = span_until(&line, '\t');
	char c[64], o[256];
	const struct offer *near = NULL;
	int64_t milli = 0;

	(void)snprintf(c, sizeof c, "%.*s", (int)class.left, (const char *)class.at);
	(void)snprintf(o, sizeof o, "%.*s", (int)oid.left, (const char *)oid.at);
	if (number_cut(&value, 3, &milli) != KS_OK)
		milli = 0;
	for (size_t i = 0; i < talked->talk.offers_n; i++) {
		if (strcmp(talked->talk.offers[i].source, o) != 0)
			continue;
		near = &talked->talk.offers[i];
		if (offer_meets(near, c, milli))
			return 1;
	}
	const char *reason = deviation_of(file, o);

	if (reason == NULL || verbose)
		printf("  %s %s %s %.*s = %.3f: %s\n", reason != NULL ? "deviates:" : "MISSED:",
		    c, o, (int)descr.left, (const char *)descr.at, (double)milli / 1000,
		    reason != NULL ? reason : near != NULL ? "other value" : "not read");
	if (near != NULL && (reason == NULL || verbose))
		offer_say(near);
	return reason != NULL ? 2 : 0;
}

struct sum {
	int files, found, expected, deviated, bad;
};

static bool unphysical(const struct offer *o)
{
	return o->quality == QUALITY_OK && !measure_possible((enum measure)o->kind, o->milli);
}

static void file_check(const char *root, const char *name, bool verbose, struct sum *sum)
{
	char path[1024], line[4096], stem[128];
	struct tape tape;
	struct talked talked;
	struct why why = { .fmt = NULL };
	int found = 0, expected = 0, deviated = 0;

	(void)snprintf(stem, sizeof stem, "%.*s", (int)(strrchr(name, '.') - name), name);
	(void)snprintf(path, sizeof path, "%s/%s/%s", root, strrchr(name, '.') + 1, name);
	if (!tape_open(&tape, path))
		return;
	talked_init(&talked);
	int code = talked_poll(&talked, &tape, NULL, &why);
	uint32_t first = tape.asks, first_n = (uint32_t)talked.talk.offers_n;

	tape.asks = 0;
	if (code == KS_OK) /* from memory: the same readings by GETs alone */
		code = talked_poll(&talked, &tape, NULL, &why);
	if (code != KS_OK || first_n != talked.talk.offers_n || talked.talk.full) {
		printf("  FAILED: %d %s, %u then %zu readings\n", code, why.text, first_n,
		    talked.talk.offers_n);
		sum->bad++;
	}
	(void)snprintf(path, sizeof path, "%s/expected/%s.tsv", root, stem);
	FILE *file = fopen(path, "r");

	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		struct span s = span_text(line);

		s.left -= s.left > 0 && line[s.left - 1] == '\n';
		if (strncmp(line, "class\t", 6) == 0)
			continue;
		int met = wish_check(&talked, stem, s, verbose);

		expected++;
		found += met == 1;
		deviated += met == 2;
	}
	if (file != NULL)
		(void)fclose(file);
	for (size_t i = 0; i < talked.talk.offers_n; i++) {
		if (unphysical(&talked.talk.offers[i]))
			sum->bad++;
		if (verbose || unphysical(&talked.talk.offers[i]))
			offer_say(&talked.talk.offers[i]);
	}
	printf("%-34s %4d/%-4d +%d  readings %zu, asks %u then %u  \"%s\"\n", name, found,
	    expected, deviated, talked.talk.offers_n, first, tape.asks, talked.talk.model);
	sum->files++;
	sum->found += found;
	sum->expected += expected;
	sum->deviated += deviated;
	sum->bad += expected - found - deviated;
	talked_done(&talked);
	tape_done(&tape);
}

static int folder_check(const char *root, const char *kind, const char *only,
    struct sum *sum)
{
	char path[1024];
	struct dirent **names = NULL;
	int n;

	(void)snprintf(path, sizeof path, "%s/%s", root, kind);
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(names[i]->d_name, '.');

		if (dot != NULL && strcmp(dot + 1, kind) == 0 &&
		    (only == NULL || strncmp(names[i]->d_name, only, strlen(only)) == 0))
			file_check(root, names[i]->d_name, only != NULL, sum);
		free(names[i]);
	}
	free(names);
	return n > 0 ? n : 0;
}

int main(int argc, char **argv)
{
	const char *only = argc == 3 && strcmp(argv[1], "-v") == 0 ? argv[2] : NULL;
	const char *source = getenv("KS_SOURCE"), *shared = getenv("KS_SHARED");
	char root[1024];
	struct sum sum = { .files = 0 };

	if (shared != NULL)
		(void)snprintf(root, sizeof root, "%s/devices", shared);
	else
		(void)snprintf(root, sizeof root, "%s/../shared/data/devices",
		    source != NULL ? source : ".");
	if (folder_check(root, "snmprec", only, &sum) == 0) {
		printf("SKIP: no recordings in %s (KS_SHARED names their folder)\n", root);
		return 77;
	}
	(void)folder_check(root, "snmpwalk", only, &sum);
	printf("%d files: %d of %d found, %d deliberately otherwise, %d wrong\n", sum.files,
	    sum.found, sum.expected, sum.deviated, sum.bad);
	return sum.bad > 0;
}
