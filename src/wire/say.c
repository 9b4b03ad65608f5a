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
#define SAY_BOTH(kind)                                                                 \
	void say_##kind(struct talk *talk, enum said_side side,                        \
	    const struct said_##kind *kind)                                            \
	{                                                                              \
		struct said_head head = talk_head(talk, side);                         \
									       \
		listener_##kind(talk->ears, &head, kind);                              \
	}

SAY(name)
SAY(credential)
SAY(banner)
SAY_BOTH(dns)
SAY_BOTH(http)
SAY_BOTH(http_end)
SAY_BOTH(body)
SAY_BOTH(tls)

void say_odd(struct talk *talk, enum said_side side, enum odd_kind kind, uint64_t count)
{
	struct said_head head = talk_head(talk, side);
	struct said_odd odd = { .kind = (uint8_t)kind, .count = count,
		.where = talk->tongue != NULL ? talk->tongue->name : "tcp" };

	if (talk->ears->odd != NULL)
		talk->ears->odd(talk->ears->context, &head, &odd);
}
