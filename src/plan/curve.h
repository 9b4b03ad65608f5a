/* src/plan/curve.h - how long a breaker, fuse, relay or UPS bears too much: the two
 * edges of its band.  Earliest is what a plan must beat; latest is how long it may burn.
 *
 * Between two points (r1, t1) and (r2, t2) of a standard, r = current / rated:
 *     t(r) = t2 ((r2^2 - 1) / (r^2 - 1))^p,  p = ln(t1 / t2) / ln((r2^2 - 1) / (r1^2 - 1))
 * and so on beyond the last; up to `hold` it never trips; from `snap` on at once.
 *
 * Sources.  IEC 60898-1 (B C D): 1.13 In holds 1 h (2 h above 63 A), 1.45 In trips within
 * it; 2.55 In: 1 s to 60 s (120 s above 32 A); at once B 3-5, C 5-10, D 10-20 In in 0.1 s.
 * IEC 60947-2 (K Z and what follows): 1.05 In holds; K 1.2 In within 1 h, 6 In above 2 s, at
 * once 10-14 In, Z 2-3 In (ABB S200).  Interpretation of the technical standards for
 * electrical equipment, article 33 (Japan; MCCB, JIS C 8201-2-1): 1.25 In within 60 min (120
 * above 50 A), 2 In within 2 min to 24 min by rating.  UL 489: 1.35 In and the like.  No
 * standard says how soon an MCCB may trip at 2 In: an eighth of the latest, as makers' bands
 * go (assumed).  IEC 60255-151: t = tms k / (r^a - 1), +-10 % with pick-up at 1.0 to 1.1 Is.
 * Fuse gG, IEC 60269-1: 1.25 In holds 1 h, 1.6 In melts within it; gates at 63 A.
 * UPS: Riello Dialog Plus, Staco FirstLine and APC manuals: 110 % 2 to 30 min, 125 % 30 s to
 * 10 min, 150 % 10 s to 1 min.
 *
 * Heat: a thermal release is set at 30 C (IEC 60898) or 40 C (others) and loses about
 * 0.75 % of its rating a kelvin above (makers: 5 to 10 % in 10 K). */
#ifndef KS_PLAN_CURVE_H
#define KS_PLAN_CURVE_H
#include "site/model.h"

enum edge { EDGE_EARLIEST, EDGE_LATEST, EDGES };

enum { CURVE_POINTS = 4 };

/* One edge of one device, made ready; seconds. */
struct curve {
	double hold;	      /* never trips up to here */
	double snap, snap_s;  /* from here on, after so long */
	double r[CURVE_POINTS], s[CURVE_POINTS];
	double steep[CURVE_POINTS]; /* p of the piece from point i to i + 1 */
	int points;	      /* 0: it is no device that trips */
	double relay_k, relay_a; /* a relay's formula instead of points; k 0: none */
	double cool_s;	      /* its heat falls to a third in so long */
};

/* The curve a piece of the power path has by its line of the site file.  Without curve=,
 * feeds, panels and breakers are taken for article 33, a UPS for a UPS; legs and strips
 * open nothing. */
struct curve curve_of(const struct node *line, enum edge edge);
/* The word of the curve taken; NULL: it opens nothing.  *ret_assumed: the file names none. */
const char *curve_word(const struct node *line, bool *ret_assumed);

/* Seconds from cold at r times its rating; INFINITY: never. */
double curve_seconds(const struct curve *curve, double r);
/* How warm it is (0 cold, 1 trips) after long at r: the thermal image of IEC 60255-149,
 * with its hot curve taken at 1.5 times the holding current. */
double curve_warm(const struct curve *curve, double r);

/* What its temperature leaves of the rating, in millionths. */
int64_t curve_derate(const struct node *line);
#endif
