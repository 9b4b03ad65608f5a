#include "plan/curve.h"
#include "base/must.h"
#include "base/number.h"
#include <math.h>
#include <string.h>

#define ANY_RATING 1e9

/* An edge of a kind of device up to a rating in A; the last row of a word takes any. */
struct row {
	const char *word;
	double amps, hold, snap, snap_s;
	double at[2 * CURVE_POINTS]; /* r, seconds, r, seconds ... */
};

#define IEC60898_EARLY(word, low)                                                       \
	{ word, 63, 1.05, low, 0.02, { 1.13, 3600, 2.55, 1 } },                        \
	{ word, ANY_RATING, 1.05, low, 0.02, { 1.13, 7200, 2.55, 1 } }
#define IEC60898_LATE(word, high)                                                       \
	{ word, 32, 1.13, high, 0.1, { 1.45, 3600, 2.55, 60 } },                       \
	{ word, 63, 1.13, high, 0.1, { 1.45, 3600, 2.55, 120 } },                      \
	{ word, ANY_RATING, 1.13, high, 0.1, { 1.45, 7200, 2.55, 120 } }

static const struct row early[] = {
	IEC60898_EARLY("B", 3), IEC60898_EARLY("C", 5), IEC60898_EARLY("D", 10),
	{ "K", 63, 1.05, 10, 0.02, { 1.05, 3600, 1.5, 30, 6, 2 } },
	{ "K", ANY_RATING, 1.05, 10, 0.02, { 1.05, 7200, 1.5, 60, 6, 2 } },
	{ "Z", 63, 1.05, 2, 0.02, { 1.05, 3600, 2.55, 1 } },
	{ "Z", ANY_RATING, 1.05, 2, 0.02, { 1.05, 7200, 2.55, 1 } },
	{ "fuse", ANY_RATING, 1.25, 10, 0.1, { 1.25, 3600, 2.5, 10, 7, 0.1 } },
	{ "UPS", ANY_RATING, 1.02, 1.5, 0.5, { 1.1, 120, 1.25, 30, 1.5, 10 } },
};

static const struct row late[] = {
	IEC60898_LATE("B", 5), IEC60898_LATE("C", 10), IEC60898_LATE("D", 20),
	{ "K", 63, 1.05, 14, 0.1, { 1.2, 3600, 1.5, 120, 6, 8 } },
	{ "K", ANY_RATING, 1.05, 14, 0.1, { 1.2, 7200, 1.5, 240, 6, 8 } },
	{ "Z", 63, 1.05, 3, 0.1, { 1.2, 3600, 1.5, 120 } },
	{ "Z", ANY_RATING, 1.05, 3, 0.1, { 1.2, 7200, 1.5, 240 } },
	{ "fuse", ANY_RATING, 1.25, 13, 0.1, { 1.6, 3600, 5.1, 5, 13, 0.1 } },
	{ "UPS", ANY_RATING, 1.05, 2, 0.5, { 1.1, 3600, 1.25, 600, 1.5, 60 } },
};

/* Moulded-case breakers: at 2 In within so many seconds, by rating. */
struct moulded {
	const char *words[2];
	double r1;	     /* trips within one hour, two above 50 A */
	double amps[12];     /* up to 30 A: 2 min, up to the next: 4 min ... */
};

static const struct moulded moulded[] = {
	{ { "MCCB", "JIS" }, 1.25, { 30, 50, 100, 225, 400, 600, 800, 1000, 1200, 1600, 2000, ANY_RATING } },
	{ { "UL489", "UL489" }, 1.35, { 30, 50, 100, 150, 225, 400, 600, 800, 1000, 1200, 1600, 2000 } },
};

static const struct relay {
	const char *word;
	double k, a;
} relays[] = {
	{ "IEC60255-SI", 0.14, 0.02 }, { "IEC60255-VI", 13.5, 1 }, { "IEC60255-EI", 80, 2 },
	{ "IEC60255-LI", 120, 1 },
};

const char *curve_word(const struct node *line, bool *ret_assumed)
{
	*ret_assumed = line->curve == NULL;
	if (line->curve != NULL)
		return line->curve;
	if (line->kind == NODE_LEG || line->kind == NODE_PDU)
		return NULL;
	return line->kind == NODE_UPS ? "UPS" : "MCCB";
}

static void curve_point(struct curve *curve, double r, double s)
{
	int n = curve->points;

	curve->r[n] = r;
	curve->s[n] = s;
	if (n > 0)
		curve->steep[n - 1] = log(curve->s[n - 1] / s) /
		    log((r * r - 1) / (curve->r[n - 1] * curve->r[n - 1] - 1));
	curve->points++;
}

static bool curve_row(struct curve *curve, const char *word, double amps, enum edge edge)
{
	const struct row *row = edge == EDGE_EARLIEST ? early : late;
	size_t n = edge == EDGE_EARLIEST ? sizeof early / sizeof early[0] :
					   sizeof late / sizeof late[0];

	while (n > 0 && (strcmp(row->word, word) != 0 || amps > row->amps)) {
		row++;
		n--;
	}
	if (n == 0)
		return false;
	curve->hold = row->hold;
	curve->snap = row->snap;
	curve->snap_s = row->snap_s;
	for (int i = 0; row->at[2 * i] > 0; i++) /* the last pair of a row is 0 */
		curve_point(curve, row->at[2 * i], row->at[2 * i + 1]);
	curve->cool_s = curve->s[0] / 3;
	return true;
}

static bool curve_moulded(struct curve *curve, const char *word, double amps, enum edge edge)
{
	const struct moulded *kind = moulded;
	double hour = amps <= 50 ? 3600 : 7200, two = 120;

	if (strcmp(word, kind->words[0]) != 0 && strcmp(word, kind->words[1]) != 0)
		kind++;
	if (strcmp(word, kind->words[0]) != 0 && strcmp(word, kind->words[1]) != 0)
		return false;
	for (int i = 0; i < 12 && amps > kind->amps[i]; i++)
		two += 120;
	curve->hold = 1.05;
	curve->cool_s = hour / 3;
	curve->snap_s = 0.02;
	if (edge == EDGE_EARLIEST) {
		curve->snap = 4; /* magnetic releases are set at 5 In or more, 20 % either way */
		curve_point(curve, 1.05, hour);
		curve_point(curve, 2, two / 8);
	} else {
		curve->snap = 10;
		curve_point(curve, kind->r1, hour);
		curve_point(curve, 2, two);
	}
	return true;
}

/* A relay's formula, 10 % early or late. */
static void curve_relay(struct curve *curve, const char *word, double tms, enum edge edge)
{
	const struct relay *relay = relays;

	while (strcmp(relay->word, word) != 0)
		relay++;
	must(relay < relays + sizeof relays / sizeof relays[0]); /* keys.c offers no other word */
	curve->points = 1;
	curve->relay_k = relay->k * tms * (edge == EDGE_EARLIEST ? 0.9 : 1.1);
	curve->relay_a = relay->a;
	curve->hold = edge == EDGE_EARLIEST ? 1.0 : 1.1;
	curve->snap = 20; /* beyond, as at 20 */
	curve->snap_s = curve->relay_k / (pow(20, relay->a) - 1);
	curve->cool_s = 60;
}

struct curve curve_of(const struct node *line, enum edge edge)
{
	struct curve curve = { .points = 0 };
	double amps = (double)line->milli_amp / 1000;
	bool assumed;
	const char *word = curve_word(line, &assumed);

	if (word == NULL || line->milli_amp == 0)
		return curve;
	if (!curve_row(&curve, word, amps, edge) && !curve_moulded(&curve, word, amps, edge))
		curve_relay(&curve, word, (double)line->tms_milli / 1000, edge);
	return curve;
}

double curve_seconds(const struct curve *curve, double r)
{
	int i = 0;

	if (curve->points == 0 || r <= curve->hold)
		return INFINITY;
	if (r >= curve->snap)
		return curve->snap_s;
	if (curve->relay_k > 0)
		return curve->relay_k / (pow(r, curve->relay_a) - 1);
	while (i + 2 < curve->points && r > curve->r[i + 1])
		i++;
	return fmax(curve->snap_s, curve->s[i + 1] *
	    pow((curve->r[i + 1] * curve->r[i + 1] - 1) / (r * r - 1), curve->steep[i]));
}

double curve_warm(const struct curve *curve, double r)
{
	double x = r / curve->hold, most = 0.94; /* what is too much already has not tripped yet */

	if (curve->points == 0)
		return 0;
	x = x * x < most ? x * x : most;
	return 1 - log((2.25 - x) / 1.25) / log(1.8);
}

int64_t curve_derate(const struct node *line)
{
	static const char *const cool[] = { "B", "C", "D" };
	static const char *const thermal[] = { "K", "Z", "MCCB", "JIS", "UL489" };
	int64_t set = 0, left;
	bool assumed;
	const char *word = curve_word(line, &assumed);

	for (size_t i = 0; word != NULL && i < sizeof cool / sizeof cool[0]; i++)
		set = strcmp(word, cool[i]) == 0 ? 30000 : set;
	for (size_t i = 0; word != NULL && i < sizeof thermal / sizeof thermal[0]; i++)
		set = strcmp(word, thermal[i]) == 0 ? 40000 : set;
	if (set == 0 || line->ambient_milli <= set)
		return 1000000;
	left = 1000000 - number_scale(line->ambient_milli - set, 7500, 1000);
	return left > 100000 ? left : 100000;
}
