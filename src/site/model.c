#include "site/model.h"
#include "base/number.h"
#include <stdlib.h>
#include <string.h>

void site_free(struct site *site)
{
	if (site == NULL)
		return;
	struct arena arena = site->arena; /* the site itself may lie in it */

	arena_done(&arena);
}

const char *node_kind_word(enum node_kind kind)
{
	static const char *const words[] = { "feed", "ups", "panel", "leg", "breaker", "pdu" };

	return (unsigned)kind < NODE_KINDS ? words[kind] : "?";
}

const char *other_value(const struct other *other, const char *key)
{
	for (size_t i = 0; i < other->pairs_n; i++)
		if (strcmp(other->keys[i], key) == 0)
			return other->values[i];
	return NULL;
}

struct limits limits_none(void)
{
	return (struct limits){ INT64_MIN, INT64_MIN, INT64_MAX, INT64_MAX };
}

struct limits limits_default(enum measure kind, enum place place)
{
	struct limits limits = limits_none();

	if (kind == MEASURE_TEMPERATURE && place == PLACE_INLET) {
		limits.high_warning = 27000;  /* ASHRAE TC 9.9, recommended */
		limits.high_critical = 32000; /* ASHRAE TC 9.9, A1 allowable */
	} else if (kind == MEASURE_TEMPERATURE && place == PLACE_ROOM) {
		limits.high_warning = 30000;
		limits.high_critical = 35000;
	} else if (kind == MEASURE_HUMIDITY && place != PLACE_OUTSIDE) {
		limits.low_warning = 20000;
		limits.high_warning = 80000;
	} else if (kind == MEASURE_DEW_POINT && place != PLACE_OUTSIDE) {
		limits.high_warning = 17000; /* ASHRAE A1 maximum dew point */
	}
	return limits;
}

int64_t node_limit_mva(const struct node *node)
{
	/* milli-volt x milli-amp = micro-VA; sqrt 3 as a ratio good to 1e-9 */
	int64_t mva = number_scale(node->milli_volt, node->milli_amp, 1000);

	if (node->phases == 3)
		mva = number_scale(mva, 1732050808, 1000000000);
	return number_scale(mva, node->derate_milli, 1000);
}
