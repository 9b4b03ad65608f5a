#include "load.h"
#include <math.h>
#include <stdio.h>

static uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static double uniform(uint64_t *seed)
{
	return (double)(draw(seed) >> 11) * 0x1p-53;
}

static double normal(uint64_t *seed)
{
	double u = uniform(seed) + 1e-300;

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * uniform(seed));
}

void load_init(struct load_series *s, uint32_t id, int64_t period_ms)
{
	*s = (struct load_series){ .id = id, .seed = 0x6b6569736f6b75U + id * 7919ULL };
	s->phase_ms = (int64_t)(draw(&s->seed) % (uint64_t)period_ms);
	s->base = 18 + 12 * uniform(&s->seed);
	s->swing = 0.5 + 3 * uniform(&s->seed);
	s->ar = 0;
	s->octets = (int64_t)(draw(&s->seed) % 1000000000000U);
	s->fan = 60 * (int64_t)(50 + draw(&s->seed) % 150);
}

static double tenths(double v)
{
	return rint(v * 10) / 10;
}

static double temperature(struct load_series *s, int64_t time_ms)
{
	s->walk += normal(&s->seed) * 0.01;
	s->walk *= 0.9999;
	return tenths(s->base + s->walk +
	    s->swing * sin(6.283185307179586 * (double)(time_ms % 86400000) / 86400000));
}

bool load_next(struct load_series *s, int64_t time_ms, double *ret_value)
{
	uint64_t r = draw(&s->seed);
	uint32_t kind = s->id % 20;

	if (s->gap > 0) {
		s->gap--;
	} else if (uniform(&r) < 0.0005) {
		s->gap = (uint32_t)(draw(&s->seed) % 60);
		return false;
	}
	if (kind < 10) {
		*ret_value = temperature(s, time_ms);
	} else if (kind < 14) {
		s->ar = 0.9 * s->ar + 1.8 * normal(&s->seed);
		*ret_value = tenths(200 + 10 * s->base + s->ar);
	} else if (kind < 16) {
		if (draw(&s->seed) % 20 == 0)
			s->fan += 60 * ((int64_t)(draw(&s->seed) % 3) - 1);
		*ret_value = (double)s->fan;
	} else if (kind < 18) {
		s->octets += (int64_t)exp(11 + 1.5 * normal(&s->seed));
		*ret_value = (double)s->octets;
	} else if (kind == 18) {
		if (draw(&s->seed) % 500 == 0)
			s->door = !s->door;
		*ret_value = s->door;
	} else {
		s->ar = 0.8 * s->ar + 3 * normal(&s->seed);
		*ret_value = tenths(fmin(100, fabs(15 + s->ar)));
	}
	return s->gap == 0;
}

void load_labels(uint32_t id, char (*ret_pairs)[2][32])
{
	static const char *const names[20] = { "temp", "temp", "temp", "temp", "temp", "temp",
		"temp", "temp", "temp", "temp", "power", "power", "power", "power", "fan", "fan",
		"octets", "octets", "door", "cpu" };
	const char *keys[LOAD_LABELS] = { "__name__", "host", "rack", "room", "sensor", "site" };
	const unsigned values[LOAD_LABELS] = { 0, id / 20, id / 800, id / 4000, id % 20, 1 };

	for (int i = 0; i < LOAD_LABELS; i++) {
		(void)snprintf(ret_pairs[i][0], 32, "%s", keys[i]);
		if (i == 0)
			(void)snprintf(ret_pairs[i][1], 32, "%s_%s", names[id % 20], "reading");
		else
			(void)snprintf(ret_pairs[i][1], 32, "%s-%04u", keys[i], values[i]);
	}
}
