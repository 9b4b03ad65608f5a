#include "sense/snmp/vars.h"
#include <stdlib.h>

int oid_compare(struct span a, struct span b)
{
	size_t n = a.left < b.left ? a.left : b.left;
	int order = n > 0 ? memcmp(a.at, b.at, n) : 0;

	if (order != 0)
		return order;
	return a.left < b.left ? -1 : a.left > b.left;
}

bool oid_below(struct span oid, struct span prefix)
{
	return oid.left >= prefix.left &&
	    (prefix.left == 0 || memcmp(oid.at, prefix.at, prefix.left) == 0);
}

static int vars_order(const void *a, const void *b)
{
	return oid_compare(((const struct varbind *)a)->oid,
	    ((const struct varbind *)b)->oid);
}

void vars_sort(struct vars *vars)
{
	uint32_t kept = 0;

	if (vars->n == 0)
		return;
	qsort(vars->at, vars->n, sizeof *vars->at, vars_order);
	for (uint32_t i = 1; i < vars->n; i++)
		if (oid_compare(vars->at[i].oid, vars->at[kept].oid) != 0)
			vars->at[++kept] = vars->at[i];
	vars->n = kept + 1;
}

uint32_t vars_from(const struct vars *vars, struct span oid)
{
	uint32_t low = 0, high = vars->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (oid_compare(vars->at[middle].oid, oid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct varbind *vars_find(const struct vars *vars, struct span oid)
{
	uint32_t i = vars_from(vars, oid);

	if (i == vars->n || oid_compare(vars->at[i].oid, oid) != 0)
		return NULL;
	return &vars->at[i];
}
