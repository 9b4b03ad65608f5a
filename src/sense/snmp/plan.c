#include "sense/snmp/plan.h"
#include "base/must.h"
#include "base/number.h"
#include "sense/gate.h"
#include "sense/snmp/label.h"
#include <stdlib.h>

enum { POOL_MAX = 4 << 20 };

void plan_init(struct plan *plan)
{
	*plan = (struct plan){ .live = NULL };
	text_init(&plan->pool, POOL_MAX);
}

void plan_done(struct plan *plan)
{
	free(plan->live);
	free(plan->points);
	free(plan->terms);
	text_done(&plan->pool);
	*plan = (struct plan){ .live = NULL };
}

/* Room for one more of size bytes; the array may move.  NULL: none, plan->full. */
static void *plan_grow(struct plan *plan, void *array, uint32_t n, uint32_t *room_size)
{
	uint32_t *room = room_size, size = room_size[1];

	if (n < *room)
		return array;
	uint32_t more = *room < 16 ? 16 : *room * 2;
	void *grown = reallocarray(array, more, size);

	if (grown == NULL) {
		plan->full = true;
		return NULL;
	}
	*room = more;
	return grown;
}

/* The place in live of a variable of the walk, new when it had none; -1 without room. */
static int32_t plan_live(struct plan *plan, const struct plan_from *from, uint32_t i)
{
	const struct varbind *var = &from->vars->at[i];
	uint32_t grow[2] = { plan->live_room, sizeof *plan->live };

	if (from->live_of[i] >= 0)
		return from->live_of[i];
	struct live *grown = plan_grow(plan, plan->live, plan->live_n, grow);

	if (grown == NULL)
		return -1;
	plan->live = grown;
	plan->live_room = grow[0];
	struct live live = { .oid_at = (uint32_t)plan->pool.len,
		.oid_n = (uint8_t)var->oid.left, .var = *var };

	text_add_span(&plan->pool, var->oid);
	if (plan->pool.full) {
		plan->full = true;
		return -1;
	}
	plan->live[plan->live_n] = live;
	from->live_of[i] = (int32_t)plan->live_n;
	return (int32_t)plan->live_n++;
}

/* The variable that a reference names, or NULL; ret_i its place in the walk. */
static const struct varbind *walk_find(const struct plan_from *from,
    const struct refer_from *at, struct span ref, uint32_t *ret_i)
{
	struct oid oid;
	uint8_t packed[OID_BYTES];

	refer(at, ref, &oid);
	size_t n = oid_pack(&oid, packed, sizeof packed);

	if (n > sizeof packed)
		return NULL;
	const struct varbind *var = vars_find(from->vars, span_of(packed, n));

	if (var != NULL)
		*ret_i = (uint32_t)(var - from->vars->at);
	return var;
}

static bool when_holds(const struct plan_from *from, const struct refer_from *at)
{
	struct span rest = span_text(at->row->when != NULL ? at->row->when : "");
	struct term term;
	uint32_t i;

	while (term_cut(&rest, &term)) {
		if (term.part != 0 ? !term_holds_index(&term, at) :
				     !term_holds(&term, walk_find(from, at, term.ref, &i)))
			return false;
	}
	return true;
}

static void plan_terms(struct plan *plan, const struct plan_from *from,
    const struct refer_from *at, enum term_role role, const char *condition)
{
	struct span rest = span_text(condition != NULL ? condition : "");
	struct live_term live = { .role = role };

	while (term_cut(&rest, &live.term)) {
		uint32_t grow[2] = { plan->terms_room, sizeof *plan->terms }, i = 0;
		struct live_term *grown = plan_grow(plan, plan->terms, plan->terms_n, grow);

		must(live.term.part == 0); /* the index never changes: that is `when` */
		if (grown == NULL)
			return;
		plan->terms = grown;
		plan->terms_room = grow[0];
		live.live = walk_find(from, at, live.term.ref, &i) != NULL ?
		    plan_live(plan, from, i) :
		    -1;
		plan->terms[plan->terms_n++] = live;
	}
}

static int32_t plan_refer(struct plan *plan, const struct plan_from *from,
    const struct refer_from *at, const char *ref)
{
	uint32_t i = 0;

	if (ref == NULL || walk_find(from, at, span_text(ref), &i) == NULL)
		return -1;
	return plan_live(plan, from, i);
}

/* A limit the device holds, scaled as the value itself. */
static int64_t plan_limit(const struct plan_from *from, const struct refer_from *at,
    const char *ref, int64_t none)
{
	const struct snmp_row *row = at->row;
	const struct varbind *var;
	int64_t milli = 0, raw = 0;
	uint32_t i;

	if (ref == NULL)
		return none;
	var = walk_find(from, at, span_text(ref), &i);
	if (var == NULL || var_number(var, &milli, NULL) != DOUBT_NONE)
		return none;
	if (milli % 1000 == 0 &&
	    gate_raw((enum measure)row->kind, milli / 1000, 1, 1, &raw) != DOUBT_NONE)
		return none;
	return number_scale(milli, row->times != 0 ? row->times : 1,
	    row->over != 0 ? row->over : 1);
}

static void plan_limits(struct point *point, const struct plan_from *from,
    const struct refer_from *at)
{
	const struct snmp_row *row = at->row;
	struct limits_offered *limits = &point->limits;

	limits->low_critical = plan_limit(from, at, row->low_critical, INT64_MIN);
	limits->low_warning = plan_limit(from, at, row->low_warning, INT64_MIN);
	limits->high_warning = plan_limit(from, at, row->high_warning, INT64_MAX);
	limits->high_critical = plan_limit(from, at, row->high_critical, INT64_MAX);
}

static void plan_names(struct plan *plan, const struct plan_from *from,
    const struct refer_from *at, bool several, struct point *point)
{
	struct naming naming = { .from = at, .several = several };
	uint32_t i;

	if (at->row->label != NULL)
		naming.label = walk_find(from, at, span_text(at->row->label), &i);
	if (at->row->label2 != NULL &&
	    (naming.label == NULL || span_trim(naming.label->value).left == 0))
		naming.label = walk_find(from, at, span_text(at->row->label2), &i);
	point->label_at = (uint32_t)plan->pool.len;
	name_label(&naming, &plan->pool);
	text_add_char(&plan->pool, '\0');
	point->id_at = (uint32_t)plan->pool.len;
	for (uint32_t try = 0; try < 3; try++) {
		char id[64];
		bool taken = false;

		point->id_hash = name_id(&naming, try, id);
		for (uint32_t p = 0; p < plan->points_n && !taken; p++)
			taken = plan->points[p].id_hash == point->id_hash;
		if (taken && try < 2)
			continue;
		text_add(&plan->pool, id);
		text_add_char(&plan->pool, '\0');
		break;
	}
}

static bool plan_point(struct plan *plan, const struct plan_from *from,
    const struct refer_from *at, uint32_t i, bool several)
{
	uint32_t grow[2] = { plan->points_room, sizeof *plan->points };
	struct point point = { .row = at->row, .terms_at = plan->terms_n };
	struct point *grown = plan_grow(plan, plan->points, plan->points_n, grow);
	int32_t value = plan_live(plan, from, i);

	if (grown != NULL) {
		plan->points = grown;
		plan->points_room = grow[0];
	}
	if (grown == NULL || value < 0 || plan->points_n >= LIMIT_DEVICE_READINGS) {
		plan->full = true;
		return false;
	}
	point.value = (uint32_t)value;
	point.first = from->vars->at[i].number;
	point.digits = plan_refer(plan, from, at, at->row->digits);
	point.divide = plan_refer(plan, from, at, at->row->divide);
	point.scale = plan_refer(plan, from, at, at->row->scale);
	plan_terms(plan, from, at, TERM_FIT, at->row->fit);
	plan_terms(plan, from, at, TERM_FAULT, at->row->fault);
	plan_terms(plan, from, at, TERM_FAHRENHEIT, at->row->fahrenheit);
	plan_terms(plan, from, at, TERM_KELVIN, at->row->kelvin);
	point.terms_n = plan->terms_n - point.terms_at;
	plan_limits(&point, from, at);
	plan_names(plan, from, at, several, &point);
	if (plan->pool.full) {
		plan->full = true;
		return false;
	}
	plan->points[plan->points_n++] = point;
	return true;
}

static uint32_t plan_row(struct plan *plan, const struct plan_from *from,
    struct refer_from *at)
{
	struct oid column, whole;
	uint8_t packed[OID_BYTES];
	uint32_t added = 0, first, end;

	refer_oid(at->family, span_text(at->row->oid), &column);
	struct span prefix = span_of(packed, oid_pack(&column, packed, sizeof packed));

	must(prefix.left <= sizeof packed);
	first = vars_from(from->vars, prefix);
	for (end = first; end < from->vars->n; end++)
		if (!oid_below(from->vars->at[end].oid, prefix))
			break;
	at->at = &whole;
	at->index_at = column.n;
	for (uint32_t i = first; i < end; i++) {
		if (!varbind_there(&from->vars->at[i]) ||
		    !oid_unpack(from->vars->at[i].oid, &whole) || !when_holds(from, at))
			continue;
		if (!plan_point(plan, from, at, i, end - first > 1))
			break;
		added++;
	}
	return added;
}

uint32_t plan_add(struct plan *plan, const struct snmp_family *family,
    const struct plan_from *from)
{
	uint32_t added = 0;

	for (uint32_t r = 0; r < family->rows_n; r++) {
		struct refer_from at = { .family = family, .row = &family->rows[r] };

		added += plan_row(plan, from, &at);
	}
	return added;
}
