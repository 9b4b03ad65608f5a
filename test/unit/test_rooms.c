/* test/unit/test_rooms.c - the forecast against recorded rooms (../shared/data/heat/rooms:
 * `minute,temp_c,it_kw` and truth.tsv), asked when 20 % of the way has passed; SKIP
 * where they are not there. */
#include "base/number.h"
#include "physics/heat.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP = 77, ROOMS = 1000, LIMIT_C = 35 };

struct score {
	double factor[ROOMS];
	unsigned n, none, within, checks, false_ones;
};

static FILE *open_in(const char *name)
{
	const char *shared = getenv("KS_SHARED"), *source = getenv("KS_SOURCE");
	char path[512];

	if (shared != NULL)
		(void)snprintf(path, sizeof path, "%s/heat/rooms/%s", shared, name);
	else
		(void)snprintf(path, sizeof path, "%s/../shared/data/heat/rooms/%s",
		    source != NULL ? source : ".", name);
	FILE *file = fopen(path, "r");

	if (file == NULL && shared == NULL) {
		(void)snprintf(path, sizeof path, "%s/../../shared/data/heat/rooms/%s",
		    source != NULL ? source : ".", name);
		file = fopen(path, "r");
	}
	return file;
}

static int number_order(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static void ask(struct score *score, const struct heat_past *past, int left)
{
	struct heat_ahead ahead = heat_forecast(past, LIMIT_C * 1000);
	double factor = ahead.mid / left;

	if (!ahead.known) {
		score->none++;
		return;
	}
	score->within += ahead.low <= left && left <= ahead.high;
	score->factor[score->n++] = factor < 1 ? 1 / factor : factor;
}

/* crosses: minutes until the limit is truly passed; 0: never */
static void room(struct score *score, const char *name, int crosses)
{
	static struct heat_past past;
	char file_name[64], line[128];
	int at = (int)lround(crosses * 0.2);

	(void)snprintf(file_name, sizeof file_name, "%s.csv", name);
	FILE *file = open_in(file_name);

	if (file == NULL)
		return;
	past = (struct heat_past){ 0 };
	while (fgets(line, sizeof line, file) != NULL) {
		struct span s = span_text(line), minute = span_until(&s, ','),
			    temp = span_until(&s, ','), watt = span_trim(s);
		int64_t m = 0, milli = 0, mw = 0;

		if (number_read(minute, 0, &m) != KS_OK || number_read(temp, 3, &milli) != KS_OK ||
		    number_read(watt, 3, &mw) != KS_OK)
			continue;
		heat_past_add(&past, milli);
		heat_past_minute(&past, (int32_t)mw);
		if (m < 0 && m % 5 == 0) {
			struct heat_ahead ahead = heat_forecast(&past, LIMIT_C * 1000);

			score->checks++;
			score->false_ones += ahead.known && ahead.mid < 60;
		}
		if (crosses > 10 && m == at)
			ask(score, &past, crosses - at);
	}
	(void)fclose(file);
}

int main(void)
{
	static struct score score;
	char line[256];
	FILE *truth = open_in("truth.tsv");

	if (truth == NULL) {
		printf("SKIP: no recordings of rooms (set KS_SHARED)\n");
		return SKIP;
	}
	while (fgets(line, sizeof line, truth) != NULL) {
		struct span s = span_text(line), name = span_until(&s, '\t');
		char text[32] = "";
		int64_t crosses = 0;

		(void)span_until(&s, '\t');
		if (number_read(span_until(&s, '\t'), 0, &crosses) != KS_OK)
			crosses = 0;
		if (name.left == 0 || name.left >= sizeof text || span_equal(name, "room"))
			continue;
		memcpy(text, name.at, name.left);
		room(&score, text, (int)crosses);
	}
	(void)fclose(truth);
	qsort(score.factor, score.n, sizeof *score.factor, number_order);
	double median = score.factor[score.n / 2], worst = score.factor[score.n * 9 / 10];
	double none = (double)score.none / (score.n + score.none);
	double cover = (double)score.within / score.n;
	double wrong = (double)score.false_ones / score.checks;

	printf("# %u rooms pass %d C; at 20 %%: median factor %.2f (goal 1.4), 90th %.2f (2.5), "
	       "none %.0f %% (10), interval covers %.0f %% (70-90), false %.2f %% of %u (0.6)\n",
	    score.n + score.none, (int)LIMIT_C, median, worst, none * 100, cover * 100, wrong * 100,
	    score.checks);
	return median <= 1.4 && worst <= 2.5 && none <= 0.1 && cover >= 0.7 && cover <= 0.91 &&
		wrong <= 0.006 ? 0 : 1;
}
