/* src/cli/netbox_type.c - one device type of the devicetype library (YAML, by libyaml's
 * events): model, slug, u_height, power-ports and power-outlets; all else is passed over. */
#include "base/number.h"
#include "cli/netbox_in.h"
#include <string.h>
#include <yaml.h>

/* Where the events stand. */
struct walk {
	struct netbox *netbox;
	struct type *type;
	struct part *part;  /* being filled */
	char key[32];	    /* of the mapping at depth 1, or of a part's */
	unsigned depth;	    /* mappings and sequences open */
	enum { LIST_NONE, LIST_PORTS, LIST_OUTLETS } list; /* under power-ports: or power-outlets: */
	bool is_value;	    /* the next scalar of this mapping is a value */
};

static struct span scalar(const yaml_event_t *event)
{
	return span_of(event->data.scalar.value, event->data.scalar.length);
}

static int64_t scalar_milli(const yaml_event_t *event)
{
	struct span s = scalar(event);
	int64_t milli = 0;

	return number_cut(&s, 3, &milli) == KS_OK && milli >= 0 && milli <= 1000000000 ? milli : 0;
}

static void type_value(struct walk *walk, const yaml_event_t *event)
{
	struct span s = scalar(event);

	if (strcmp(walk->key, "model") == 0)
		walk->type->model = netbox_keep(walk->netbox, s);
	else if (strcmp(walk->key, "slug") == 0)
		walk->type->slug = netbox_keep(walk->netbox, s);
	else if (strcmp(walk->key, "u_height") == 0)
		walk->type->height_milli = scalar_milli(event);
}

static void part_value(struct walk *walk, const yaml_event_t *event)
{
	struct span s = scalar(event);

	if (strcmp(walk->key, "name") == 0)
		walk->part->name = netbox_keep(walk->netbox, s);
	else if (strcmp(walk->key, "feed_leg") == 0)
		walk->part->leg = netbox_keep(walk->netbox, s);
	else if (strcmp(walk->key, "maximum_draw") == 0)
		walk->part->most_mw = scalar_milli(event);
	else if (strcmp(walk->key, "allocated_draw") == 0)
		walk->part->allocated_mw = scalar_milli(event);
}

static void take_scalar(struct walk *walk, const yaml_event_t *event)
{
	struct span s = scalar(event);
	bool here = walk->depth == 1 || (walk->depth == 3 && walk->part != NULL);

	if (!here)
		return;
	if (!walk->is_value) {
		size_t n = s.left < sizeof walk->key - 1 ? s.left : sizeof walk->key - 1;

		if (n > 0)
			memcpy(walk->key, s.at, n);
		walk->key[n] = '\0';
	} else if (walk->depth == 1) {
		type_value(walk, event);
	} else {
		part_value(walk, event);
	}
	walk->is_value = !walk->is_value;
}

/* A mapping or sequence opens: the lists of the top, and the parts in them. */
static void take_open(struct walk *walk, bool mapping)
{
	walk->depth++;
	if (walk->depth == 2) {
		walk->list = mapping ? LIST_NONE : strcmp(walk->key, "power-ports") == 0 ? LIST_PORTS :
		    strcmp(walk->key, "power-outlets") == 0 ? LIST_OUTLETS : LIST_NONE;
	} else if (walk->depth == 3 && walk->list != LIST_NONE && mapping) {
		walk->part = arena_take(walk->netbox->arena, sizeof *walk->part);
		walk->netbox->full |= walk->part == NULL;
		walk->is_value = false;
		if (walk->part != NULL) {
			walk->part->outlet = walk->list == LIST_OUTLETS;
			*(walk->type->last != NULL ? &walk->type->last->next : &walk->type->parts) = walk->part;
			walk->type->last = walk->part;
		}
	}
}

static void take_close(struct walk *walk)
{
	if (walk->depth > 0)
		walk->depth--;
	if (walk->depth == 2)
		walk->part = NULL;
	if (walk->depth <= 1 || (walk->depth == 3 && walk->part != NULL))
		walk->is_value = false; /* what was open is the value of its key */
}

static bool take_event(struct walk *walk, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		take_scalar(walk, event);
		break;
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		take_open(walk, event->type == YAML_MAPPING_START_EVENT);
		break;
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		take_close(walk);
		break;
	default:
		break;
	}
	return event->type != YAML_STREAM_END_EVENT && event->type != YAML_DOCUMENT_END_EVENT && !walk->netbox->full;
}

int netbox_type(struct netbox *netbox, const char *name, struct span bytes, struct why *why)
{
	struct type *type = arena_take(netbox->arena, sizeof *type);
	struct walk walk = { .netbox = netbox, .type = type };
	yaml_parser_t parser;
	bool more = true, good = true;

	if (type == NULL || yaml_parser_initialize(&parser) == 0)
		return fail(why, KS_FULL, "no memory left");
	type->height_milli = -1;
	yaml_parser_set_input_string(&parser, bytes.left > 0 ? bytes.at : (const uint8_t *)"", bytes.left);
	while (more && good) {
		yaml_event_t event;

		good = yaml_parser_parse(&parser, &event) != 0;
		if (!good)
			break;
		more = take_event(&walk, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (netbox->full)
		return fail(why, KS_FULL, "no memory left");
	if (!good || type->model.left + type->slug.left == 0) {
		netbox_warn(netbox, "%s is no device type", name);
		return KS_OK;
	}
	type->next = netbox->types;
	netbox->types = type;
	return KS_OK;
}
