/* src/wire/gather_flow.c - slices of flows: relations, contacts, bytes over time. */
#include "base/limits.h"
#include "wire/gather_in.h"

enum { RATE_LEAST = 65536, RATE_LEAST_MS = 10 };
static const int64_t NS_MS = 1000000, NS_S = 1000000000;

/* Each width is a whole multiple of the one before. */
static const int64_t widths_s[] = { 1, 10, 60, 600, 3600, 21600, 86400, 864000, 8640000,
	86400000, 864000000 };
enum { WIDTHS = sizeof widths_s / sizeof *widths_s };
/* so that no product of a column and its width leaves 64 bits (the year 2223) */
static const int64_t TIME_MOST = 8000000000000000000;

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static void timeline_widen(struct timeline *time)
{
	size_t i = 0;
	int64_t ratio;

	while (i + 1 < WIDTHS && widths_s[i] * NS_S != time->width_ns)
		i++;
	if (i + 1 >= WIDTHS)
		return;
	ratio = widths_s[i + 1] / widths_s[i];
	int64_t first = floor_div(time->first, ratio);
	uint64_t out[TIME_COLUMNS] = { 0 }, in[TIME_COLUMNS] = { 0 };
	uint32_t n = 0;

	for (uint32_t c = 0; c < time->n; c++) {
		uint32_t to = (uint32_t)(floor_div(time->first + c, ratio) - first);

		out[to] += time->out[c];
		in[to] += time->in[c];
		n = to + 1;
	}
	memcpy(time->out, out, sizeof out);
	memcpy(time->in, in, sizeof in);
	time->first = first;
	time->width_ns = widths_s[i + 1] * NS_S;
	time->n = n;
}

/* Make room for the column of at_ns; its number. */
static uint32_t timeline_column(struct timeline *time, int64_t at_ns)
{
	at_ns = at_ns > TIME_MOST ? TIME_MOST : at_ns < -TIME_MOST ? -TIME_MOST : at_ns;
	if (time->n == 0) {
		time->width_ns = time->width_ns == 0 ? NS_S : time->width_ns;
		time->first = floor_div(at_ns, time->width_ns);
		time->n = 1;
		return 0;
	}
	for (;;) {
		int64_t column = floor_div(at_ns, time->width_ns);
		int64_t low = column < time->first ? column : time->first;
		int64_t high = column >= time->first + time->n ? column + 1 : time->first + time->n;
		uint32_t shift = (uint32_t)(time->first - low);

		if (high - low > TIME_COLUMNS && time->width_ns < widths_s[WIDTHS - 1] * NS_S) {
			timeline_widen(time);
			continue;
		}
		if (high - low > TIME_COLUMNS)
			return 0;
		if (shift > 0) {
			memmove(time->out + shift, time->out, time->n * sizeof *time->out);
			memmove(time->in + shift, time->in, time->n * sizeof *time->in);
			memset(time->out, 0, shift * sizeof *time->out);
			memset(time->in, 0, shift * sizeof *time->in);
		}
		time->first = low;
		time->n = (uint32_t)(high - low);
		return (uint32_t)(column - low);
	}
}

void timeline_add(struct timeline *time, const int64_t span_ns[2], uint64_t out, uint64_t in)
{
	(void)timeline_column(time, span_ns[0]);
	uint32_t last = timeline_column(time, span_ns[1]);
	uint32_t first = timeline_column(time, span_ns[0]);
	uint64_t n = last >= first ? last - first + 1 : 1;

	for (uint64_t i = 0; i < n; i++) {
		/* the whole parts, and the rest in the first columns: nothing is lost */
		time->out[first + i] += out / n + (i < out % n);
		time->in[first + i] += in / n + (i < in % n);
	}
}

void timeline_merge(struct timeline *into, const struct timeline *from)
{
	struct timeline other = *from;

	if (other.n == 0)
		return;
	while (into->n > 0 && into->width_ns < other.width_ns)
		timeline_widen(into);
	if (into->n == 0)
		into->width_ns = other.width_ns;
	for (uint32_t i = 0; i < other.n; i++) {
		int64_t at = (other.first + i) * other.width_ns;
		uint32_t column = timeline_column(into, at);

		into->out[column] += other.out[i];
		into->in[column] += other.in[i];
	}
}

/* -- slices ------------------------------------------------------------------------ */

static bool is_outside(const struct address *address)
{
	return address->family != ADDRESS_NONE && !address_is_private(address) &&
	    !address_is_group(address);
}

static void time_take(struct gather *g, const struct flow_view *flow,
    const struct said_slice *slice)
{
	unsigned near = is_outside(&flow->client) && !is_outside(&flow->server);
	const int64_t span[2] = { slice->first_ns,
		slice->last_ns < slice->first_ns ? slice->first_ns : slice->last_ns };

	timeline_add(&g->time, span, slice->bytes[near], slice->bytes[1 - near]);
}

static struct relation_row *relation_of(struct gather *g, const struct flow_view *flow,
    const struct said_slice *slice)
{
	struct relation_key key = { .client = gather_host_of(g, flow, SIDE_CLIENT),
		.server = gather_host_of(g, flow, SIDE_SERVER), .protocol = flow->protocol,
		.port = flow->client.family == ADDRESS_NONE ? flow->ether_type : flow->server_port,
		.decrypted = flow->decrypted };
	struct relation_row *row;
	bool is_new;

	if (key.client == UINT32_MAX || key.server == UINT32_MAX) {
		g->relations.lost++;
		return NULL;
	}
	key.name = name_put_host(&g->names, flow->name);
	row = rows_put(&g->relations, &key, &is_new);
	if (row != NULL && is_new) {
		row->first_ns = slice->first_ns;
		row->last_ns = slice->last_ns;
		row->first_frame = slice->first_frame;
		row->tongue = "";
		row->tongue_frame = UINT64_MAX;
		row->quoted = true;
	}
	return row;
}

static void relation_add(struct relation_row *row, const struct flow_view *flow,
    const struct said_slice *slice)
{
	for (unsigned side = 0; side < 2; side++) {
		row->bytes[side] += slice->bytes[side];
		row->frames[side] += slice->frames[side];
		row->payload[side] += slice->payload[side];
		row->retransmits += slice->retransmits[side];
		row->missing += slice->missing[side];
	}
	row->flows += slice->began == BEGAN_NEW;
	row->unlocked += slice->began == BEGAN_NEW && flow->unlocked;
	row->contacts += slice->began != BEGAN_GOES_ON;
	row->unanswered += slice->began == BEGAN_NEW && !flow->answered;
	row->resets += slice->ended == ENDED_CLOSED && flow->closed == CLOSE_RESET;
	row->first_ns = slice->first_ns < row->first_ns ? slice->first_ns : row->first_ns;
	row->last_ns = slice->last_ns > row->last_ns ? slice->last_ns : row->last_ns;
	if (slice->first_frame < row->first_frame)
		row->first_frame = slice->first_frame;
	if (flow->tongue != NULL && flow->tongue[0] != '\0' && flow->id < row->tongue_frame) {
		row->tongue = flow->tongue;
		row->tongue_frame = flow->id;
	}
	row->encrypted |= flow->encrypted;
	row->clear |= !flow->encrypted && slice->payload[0] + slice->payload[1] > 0;
	row->quoted &= flow->quoted;
}

static uint32_t saturate(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* Times are a stranger's: their difference may be more than 64 bits hold. */
static uint32_t lasted_ms(const struct said_slice *slice)
{
	int64_t lasted = slice->last_ns / NS_MS - slice->first_ns / NS_MS;

	return lasted < 0 ? 0 : saturate((uint64_t)lasted);
}

static void entry_add(struct gather *g, uint32_t relation, const struct flow_view *flow,
    const struct said_slice *slice)
{
	struct entry_row *entry = rows_add(&g->entries);

	if (entry == NULL)
		return;
	*entry = (struct entry_row){ .first_ns = slice->first_ns, .frame = slice->first_frame,
		.relation = relation, .lasted_ms = lasted_ms(slice),
		.bytes = { saturate(slice->bytes[0]), saturate(slice->bytes[1]) },
		.began = slice->began, .answered = flow->answered, .closed = flow->closed };
}

static void samples_add(struct gather *g, uint32_t relation, const struct flow_view *flow,
    const struct said_slice *slice)
{
	uint32_t lasted = lasted_ms(slice);
	struct sample_row *row;

	if (slice->began == BEGAN_NEW && flow->handshake_us > 0) {
		row = rows_add(&g->round_trips);
		if (row != NULL)
			*row = (struct sample_row){ slice->first_frame, relation, flow->handshake_us };
	}
	if (flow->protocol == IP_TCP && slice->payload[SIDE_SERVER] >= RATE_LEAST &&
	    lasted >= RATE_LEAST_MS) {
		row = rows_add(&g->rates);
		if (row != NULL)
			*row = (struct sample_row){ slice->first_frame, relation,
				saturate(slice->payload[SIDE_SERVER] * 1000 / lasted) };
	}
}

/* Who began is not known where both use the same port (NTP, IKE) and the answer was
 * caught first: then it is the one of the house. */
static bool is_turned(const struct flow_view *flow)
{
	return flow->protocol == IP_UDP && flow->client_port == flow->server_port &&
	    is_outside(&flow->client) && !is_outside(&flow->server);
}

#define SWAP(a, b)                                                                     \
	do {                                                                           \
		__typeof__(a) kept_ = (a);                                             \
		(a) = (b);                                                             \
		(b) = kept_;                                                           \
	} while (0)

static void turn(struct flow_view *flow, struct said_slice *slice)
{
	SWAP(flow->client, flow->server);
	SWAP(flow->client_mac, flow->server_mac);
	SWAP(slice->frames[0], slice->frames[1]);
	SWAP(slice->bytes[0], slice->bytes[1]);
	SWAP(slice->payload[0], slice->payload[1]);
	SWAP(slice->ttl[0], slice->ttl[1]);
}

/* 224.0.0.x, ff02:: and the like, 255.255.255.255: no router passes that on. */
static bool is_of_link(const struct address *at)
{
	const uint8_t *b = at->byte;

	return at->family == ADDRESS_6 ? b[0] == 0xff && (b[1] & 15) <= 2 :
	    (b[0] == 224 && b[1] == 0 && b[2] == 0) || (b[0] & b[1] & b[2] & b[3]) == 255;
}

/* How far did it come?  Stacks begin with 32, 64, 128 or 255, routers take one away.  Small
 * ones are of probes and of groups; those tell nothing. */
static void distance_add(struct gather *g, const struct relation_key *key,
    const struct flow_view *flow, const struct said_slice *slice)
{
	enum { SMALL = 32 };
	const uint32_t host[2] = { key->client, key->server };
	bool ip = flow->client.family == ADDRESS_4 || flow->client.family == ADDRESS_6;

	for (unsigned side = 0; ip && side < 2; side++) {
		const struct address *to = side == SIDE_CLIENT ? &flow->server : &flow->client;
		struct host_row *row = rows_row(&g->hosts, host[side]);
		uint8_t ttl = slice->ttl[side];

		if (slice->frames[side] == 0 || ttl == 0 || flow->quoted ||
		    (address_is_group(to) && !is_of_link(to)))
			continue;
		if (ttl == 255 || ttl == 128 || ttl == 64 || ttl == SMALL || address_is_group(to))
			row->near++;
		else if (ttl > SMALL)
			row->routed++;
	}
}

static void slice_take(struct gather *g, const struct flow_view *flow,
    const struct said_slice *slice)
{
	struct relation_row *row = relation_of(g, flow, slice);

	time_take(g, flow, slice);
	if (row == NULL)
		return;
	relation_add(row, flow, slice);
	uint32_t relation = rows_index(&g->relations, row);

	distance_add(g, &row->key, flow, slice);
	entry_add(g, relation, flow, slice);
	samples_add(g, relation, flow, slice);
}

void gather_slice(void *context, const struct said_head *said, const struct said_slice *slice)
{
	struct flow_view flow;
	struct said_slice turned;

	if (!is_turned(said->flow)) {
		slice_take(context, said->flow, slice);
		return;
	}
	flow = *said->flow;
	turned = *slice;
	turn(&flow, &turned);
	slice_take(context, &flow, &turned);
}
