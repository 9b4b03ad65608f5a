/* src/site/cycle.c - things that hang on each other in a circle: power, dependencies,
 * switches.  Depth first with a stack of our own; each circle is said once, where it
 * closes. */
#include "site/reader.h"
#include <stdio.h>

/* One kind of arrow between the things of one array. */
struct arrows {
	const char *key;
	size_t n;
	size_t (*count)(const struct site *site, size_t from);
	size_t (*to)(const struct site *site, size_t from, size_t which);
	const char *(*id)(const struct site *site, size_t at);
	uint32_t (*line)(const struct site *site, size_t at);
};

static size_t node_count(const struct site *site, size_t at)
{
	return site->nodes[at].from == NULL ? 0 : site->nodes[at].from2 == NULL ? 1 : 2;
}

static size_t node_to(const struct site *site, size_t at, size_t which)
{
	const struct node *node = &site->nodes[at];

	return (size_t)((which == 0 ? node->from : node->from2) - site->nodes);
}

static const char *node_id(const struct site *site, size_t at)
{
	return site->nodes[at].id;
}

static uint32_t node_line(const struct site *site, size_t at)
{
	return site->nodes[at].line;
}

static size_t service_count(const struct site *site, size_t at)
{
	return site->services[at].deps_n;
}

static size_t service_to(const struct site *site, size_t at, size_t which)
{
	return (size_t)(site->services[at].deps[which] - site->services);
}

static const char *service_id(const struct site *site, size_t at)
{
	return site->services[at].id;
}

static uint32_t service_line(const struct site *site, size_t at)
{
	return site->services[at].line;
}

static size_t device_count(const struct site *site, size_t at)
{
	return site->devices[at].behind != NULL ? 1 : 0;
}

static size_t device_to(const struct site *site, size_t at, size_t which)
{
	(void)which;
	return (size_t)(site->devices[at].behind - site->devices);
}

static const char *device_id(const struct site *site, size_t at)
{
	return site->devices[at].id;
}

static uint32_t device_line(const struct site *site, size_t at)
{
	return site->devices[at].line;
}

struct walk {
	struct reader *r;
	const struct arrows *arrows;
	uint8_t *state; /* 0 new, 1 on the stack, 2 done */
	struct step {
		size_t at, next;
	} *stack;
	size_t depth;
};

/* "A > B > A", cut when long. */
static void fault_cycle(struct walk *walk, size_t again)
{
	const struct arrows *arrows = walk->arrows;
	const struct site *site = walk->r->site;
	char way[160] = "";
	size_t n = 0, from = 0;

	while (walk->stack[from].at != again)
		from++;
	for (size_t i = from; i < walk->depth && n < sizeof way; i++)
		n += (size_t)snprintf(way + n, sizeof way - n, "%s > ",
		    arrows->id(site, walk->stack[i].at));
	if (n < sizeof way)
		(void)snprintf(way + n, sizeof way - n, "%s", arrows->id(site, again));
	fault_key(walk->r, arrows->line(site, walk->stack[walk->depth - 1].at), arrows->key,
	    "%s= goes in a circle: %s", arrows->key, way);
}

static void walk_from(struct walk *walk, size_t start)
{
	const struct arrows *arrows = walk->arrows;
	const struct site *site = walk->r->site;

	walk->stack[0] = (struct step){ start, 0 };
	walk->state[start] = 1;
	walk->depth = 1;
	while (walk->depth > 0) {
		struct step *top = &walk->stack[walk->depth - 1];

		if (top->next == arrows->count(site, top->at)) {
			walk->state[top->at] = 2;
			walk->depth--;
			continue;
		}
		size_t to = arrows->to(site, top->at, top->next++);

		if (walk->state[to] == 1) {
			fault_cycle(walk, to);
		} else if (walk->state[to] == 0) {
			walk->state[to] = 1;
			walk->stack[walk->depth++] = (struct step){ to, 0 };
		}
	}
}

void cross_cycles(struct reader *r)
{
	const struct arrows list[] = {
		{ "from", r->site->nodes_n, node_count, node_to, node_id, node_line },
		{ "dep", r->site->services_n, service_count, service_to, service_id, service_line },
		{ "behind", r->site->devices_n, device_count, device_to, device_id, device_line },
	};

	for (size_t i = 0; i < 3; i++) {
		struct walk walk = { .r = r, .arrows = &list[i] };

		walk.state = arena_array(&r->scratch, list[i].n + 1, sizeof *walk.state);
		walk.stack = arena_array(&r->scratch, list[i].n + 1, sizeof *walk.stack);
		r->full |= walk.state == NULL || walk.stack == NULL;
		for (size_t k = 0; !r->full && k < list[i].n; k++)
			if (walk.state[k] == 0)
				walk_from(&walk, k);
	}
}
