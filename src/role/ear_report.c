/* src/role/ear_report.c - what an hour was, so far or at its end; and what only days tell. */
#include "base/drop.h"
#include "base/must.h"
#include "role/ear.h"
#include <string.h>

enum { NAMES_KEPT_MS = 86400000 };

/* A new engine each day: what it remembers of flows that are long gone is let go of. */
int ear_begin(struct ear_role *role, struct why *why)
{
	struct ear_plan plan = { .threads = 1, .memory = LIMIT_WIRE_FLOWS, .seed = role->seed,
		.listeners = &role->listener };
	int code = KS_OK;

	if (role->hour == NULL) {
		code = gather_new_small(role->seed, LIMIT_WIRE_SHARE, &role->hour, why);
		if (code == KS_OK)
			role->listener = gather_listener(role->hour);
	}
	if (code == KS_OK)
		code = ear_new(&plan, &role->engine, why);
	role->engine_ms = clock_mono_ms();
	role->engine_over = false;
	memset(&role->before, 0, sizeof role->before);
	return code;
}

static void engine_renew(struct ear_role *role)
{
	struct why why = { .fmt = NULL };

	ear_free(role->engine);
	role->engine = NULL;
	if (ear_begin(role, &why) == KS_OK)
		return;
	worker_say(role->worker, "KS-WIRE", "engine", why.text);
	must(role->engine != NULL); /* the keeper starts us anew */
}

static struct ear_counts counts_of_part(const struct ear_role *role)
{
	uint64_t flows, memory;
	struct ear_counts now = ear_counts_now(role->engine, &flows, &memory);
	struct ear_counts part = ear_counts_since(&now, &role->before);

	part.first_ns = role->part_first_ns;
	part.last_ns = role->newest_ns;
	return part;
}

static size_t files_of(struct ear_role *role, struct audit_file files[LIMIT_WIRES],
    uint16_t links[LIMIT_WIRES])
{
	size_t n = 0;

	for (size_t i = 0; i < LIMIT_WIRES; i++) {
		struct ear_source *source = &role->sources[i];

		if (!source->used)
			continue;
		links[n] = source->link;
		files[n++] = (struct audit_file){ .name = source->name, .format = "live", .packing = "",
			.first_frame = 1, .frames = source->frames, .bytes = source->bytes,
			.dropped = source_dropped(source) - source->dropped_told };
	}
	return n;
}

/* An audit of a gather, and rows of it; nothing of it stays. */
void ear_audit(struct ear_role *role, const struct gather *gather, struct make_plan *plan,
    void (*rows)(struct ear_role *, const struct audit *))
{
	KS_DROP(arena) struct arena arena;
	struct why why = { .fmt = NULL };
	struct audit *audit = NULL;
	const struct site *site = role->worker->site;

	if (!role->aids_ready)
		ear_aids_ready(role);
	arena_init(&arena, LIMIT_WIRE_MEMORY / 2);
	plan->known = role->known;
	plan->known_n = role->known_n;
	plan->zone = zones_find(&role->zones, site->tz);
	plan->trust = role->trust;
	plan->trust_name = "";
	aids_plan(&role->aids, plan);
	if (audit_make(plan, gather, &arena, &audit, &why) == KS_OK) {
		rows(role, audit);
		return;
	}
	role->full++;
	worker_say(role->worker, "KS-WIRE", "hour", why.text);
}

void ear_tell(struct ear_role *role, bool last)
{
	struct audit_file files[LIMIT_WIRES];
	uint16_t links[LIMIT_WIRES];
	int64_t began = clock_mono_ms();
	int64_t now_ns = role->newest_ns;
	bool live = ear_is_live(role);
	struct make_plan plan = { .files = files, .link_types = links };

	if (last && clock_mono_ms() - role->engine_ms >
	    (int64_t)clock_real_ms(&role->worker->clock, EAR_ENGINE_MS)) {
		ear_end(role->engine); /* its flows are told into the hour that ends */
		role->engine_over = true;
	} else {
		if (live && !last && worker_now(role->worker) * 1000000 > now_ns)
			now_ns = worker_now(role->worker) * 1000000;
		ear_report(role->engine, now_ns, live && !last ? EAR_CUT_MS * 1000000LL : 0);
	}
	role->sure_ms = live && !last ? now_ns / 1000000 - EAR_CUT_MS : INT64_MAX;
	plan.counts = counts_of_part(role);
	plan.files_n = plan.link_types_n = files_of(role, files, links);
	if (role->out.under_way && role->out.told.last != 0) { /* core is away for long */
		role->full++;
		worker_say(role->worker, "KS-WIRE", "lost", "an hour that core did not take");
	}
	role->out.n = role->out.sent = 0;
	role->out.under_way = false;
	if (plan.counts.frames > 0) {
		ear_audit(role, role->hour, &plan, rows_hour);
		if (last)
			learn_hour(role, &(struct make_plan){ .counts = plan.counts });
		learn_pack(role, last);
	}
	role->out.told = (struct wire_told){ .hour_ms = role->hour_ms, .part = role->part,
		.last = last, .rows = role->out.n };
	role->out.under_way = role->out.n > 0;
	ear_send(role);
	role->frames_told = role->frames;
	role->reported_ms = clock_mono_ms();
	role->report_took_ms = role->reported_ms - began;
}

/* Where the hour stands when it begins: 0, or the second at which we came.  A file is read
 * from its beginning again: what it says of an hour is the whole of it. */
static uint32_t part_of(const struct ear_role *role, int64_t hour_ms)
{
	int64_t now = role->newest_ns / 1000000;
	bool first = role->frames == 0; /* an hour that another one of us may have begun */
	bool again = hour_ms == role->hour_ms;
	int64_t wall = worker_now(role->worker);

	if (first && !role->anew && wall >= hour_ms && wall < hour_ms + WIRE_HOUR_MS)
		now = wall;
	if ((!first && !again) || now < hour_ms || now >= hour_ms + WIRE_HOUR_MS)
		return 0;
	return (uint32_t)((now - hour_ms) / 1000);
}

void ear_turn(struct ear_role *role, int64_t hour_ms)
{
	struct why why = { .fmt = NULL };
	struct gather *gather = NULL;
	uint64_t flows, memory;
	int64_t was_ms = role->hour_ms;

	role->part = part_of(role, hour_ms);
	role->hour_ms = hour_ms;
	role->part_first_ns = 0;
	role->part_began_ms = clock_mono_ms();
	for (size_t i = 0; i < LIMIT_WIRES; i++)
		if (role->sources[i].used)
			role->sources[i].dropped_told = source_dropped(&role->sources[i]);
	if (role->engine_over)
		engine_renew(role);
	if (gather_new_small(role->seed, LIMIT_WIRE_SHARE, &gather, &why) != KS_OK) {
		worker_say(role->worker, "KS-WIRE", "hour", why.text);
		return; /* the old one goes on */
	}
	/* names were told in an hour that is over, and are of use as long as a day */
	if (role->hour != NULL && hour_ms / NAMES_KEPT_MS == was_ms / NAMES_KEPT_MS &&
	    !gather_is_full(role->hour) && gather_names(gather, role->hour, &why) != KS_OK)
		worker_say(role->worker, "KS-WIRE", "names", why.text);
	gather_free(role->hour);
	role->hour = gather;
	role->listener = gather_listener(gather);
	role->before = ear_counts_now(role->engine, &flows, &memory);
}

void ear_send(struct ear_role *role)
{
	struct ear_outbox *out = &role->out;
	struct parcel parcel = { .kind = MESSAGE_WIRE_ROWS };

	while (out->under_way && role->core.open &&
	    message_may(&role->core.channel, MESSAGE_WIRE_ROWS)) {
		size_t part = out->n - out->sent;

		if (part == 0) {
			out->under_way = false;
			(void)line_say(&role->core, MESSAGE_WIRE_TOLD, 0,
			    span_of(&out->told, sizeof out->told));
			break;
		}
		part = part > (size_t)WIRE_MOST ? (size_t)WIRE_MOST : part;
		parcel.count = (uint16_t)part;
		parcel.body = span_of(&out->rows[out->sent], part * sizeof out->rows[0]);
		if (line_send(&role->core, &parcel, NULL) != KS_OK)
			return;
		out->sent += part;
	}
	if (!out->under_way)
		learn_send(role);
}
