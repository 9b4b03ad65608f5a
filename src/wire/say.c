/* Telling: every event gets its head here. */
#include "wire/worker.h"

static struct said_head talk_head(struct talk *talk, enum said_side side)
{
	return (struct said_head){ .time_ns = talk->time_ns, .frame = talk->frame,
		.sub = talk->worker->sub++, .side = (uint8_t)side, .flow = talk->flow };
}

#define SAY(kind)                                                                      \
	void say_##kind(struct talk *talk, enum said_side side,                        \
	    const struct said_##kind *kind)                                            \
	{                                                                              \
		struct said_head head = talk_head(talk, side);                         \
									       \
		if (talk->ears->kind != NULL)                                          \
			talk->ears->kind(talk->ears->context, &head, kind);            \
	}

SAY(name)
SAY(http)
SAY(http_end)
SAY(body)
SAY(tls)
SAY(credential)
SAY(banner)

void say_dns(struct talk *talk, enum said_side side, const struct said_dns *dns)
{
	const struct listener *also = talk->ears->also;
	struct said_head head = talk_head(talk, side);

	if (talk->ears->dns != NULL)
		talk->ears->dns(talk->ears->context, &head, dns);
	if (also != NULL && also->dns != NULL)
		also->dns(also->context, &head, dns);
}

void say_odd(struct talk *talk, enum said_side side, enum odd_kind kind, uint64_t count)
{
	struct said_head head = talk_head(talk, side);
	struct said_odd odd = { .kind = (uint8_t)kind, .count = count,
		.where = talk->tongue != NULL ? talk->tongue->name : "tcp" };

	if (talk->ears->odd != NULL)
		talk->ears->odd(talk->ears->context, &head, &odd);
}
