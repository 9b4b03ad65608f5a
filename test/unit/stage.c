/* test/unit/stage.c - see stage.h. */
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>

static struct stage *stage_of(struct talk *talk)
{
	return (struct stage *)(void *)talk;
}

void stage_begin(struct stage *stage, const struct tongue *tongue)
{
	memset(stage, 0, sizeof *stage);
	text_init(&stage->said, 8 << 20);
	stage->first = tongue;
	stage->flow.tongue = tongue->name;
	stage->talk = (struct talk){ .tongue = tongue, .state = stage->state,
		.flow = &stage->flow, .frame = 1 };
	if (tongue->state_size > sizeof stage->state)
		abort();
}

/* Each piece lies at the end of a block of its own. */
static void take_piece(struct stage *stage, enum said_side side, const uint8_t *bytes, size_t n)
{
	uint64_t skip = stage->talk.skip[side];
	size_t past = skip < n ? (size_t)skip : n;

	stage->talk.skip[side] -= past;
	bytes += past;
	n -= past;
	if (n == 0 || stage->rest[side] || stage->talk.tongue == NULL)
		return;
	uint8_t *block = malloc(n);

	if (block == NULL)
		abort();
	memcpy(block, bytes, n);
	stage->talk.tongue->take(&stage->talk, side, span_of(block, n));
	free(block);
	stage->talk.frame++;
}

void stage_take(struct stage *stage, enum said_side side, const void *bytes, size_t n,
    size_t step)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < n; i += step)
		take_piece(stage, side, at + i, n - i < step ? n - i : step);
}

void stage_gap(struct stage *stage, enum said_side side, uint64_t n)
{
	if (stage->talk.tongue != NULL && stage->talk.tongue->gap != NULL)
		stage->talk.tongue->gap(&stage->talk, side, n);
}

const char *stage_end(struct stage *stage)
{
	if (stage->talk.tongue != NULL && stage->talk.tongue->end != NULL)
		stage->talk.tongue->end(&stage->talk);
	stage->talk.tongue = NULL;
	return text_cstr(&stage->said);
}

void stage_done(struct stage *stage)
{
	if (stage->held != 0)
		abort(); /* a tongue kept memory past its end */
	text_done(&stage->said);
}

/* -- the engine's part ------------------------------------------------------------- */

void talk_rest(struct talk *talk, enum said_side side)
{
	stage_of(talk)->rest[side] = true;
}

void talk_skip(struct talk *talk, enum said_side side, uint64_t n)
{
	talk->skip[side] = n;
}

void talk_switch(struct talk *talk, enum said_side side, struct span rest)
{
	struct stage *stage = stage_of(talk);

	(void)side, (void)rest;
	if (talk->tongue->end != NULL)
		talk->tongue->end(talk);
	memset(stage->state, 0, sizeof stage->state);
	talk->tongue = NULL;
	text_add(&stage->said, "switch -\n");
}

struct talk *talk_inside_new(struct talk *outer)
{
	(void)outer;
	return NULL;
}
void talk_inside_take(struct talk *inside, enum said_side side, struct span bytes)
{
	(void)inside, (void)side, (void)bytes;
}
void talk_inside_gap(struct talk *inside, enum said_side side, uint64_t n)
{
	(void)inside, (void)side, (void)n;
}
void talk_inside_end(struct talk *inside)
{
	(void)inside;
}
void talk_turn(struct talk *talk)
{
	text_add(&stage_of(talk)->said, "turn\n");
}
void talk_name(struct talk *talk, struct span name)
{
	text_addf(&stage_of(talk)->said, "name %.*s\n", (int)name.left, (const char *)name.at);
}
void talk_is_secret(struct talk *talk)
{
	talk->flow->encrypted = true;
	text_add(&stage_of(talk)->said, "secret\n");
}
const struct keylog *talk_keys(const struct talk *talk)
{
	(void)talk;
	return NULL;
}

int talk_hold(struct talk *talk, struct hold *hold, struct span bytes, size_t max)
{
	if (bytes.left > max || hold->len > max - bytes.left)
		return KS_FULL;
	if (bytes.left == 0)
		return KS_OK;
	if (hold->len + bytes.left > hold->room) {
		uint8_t *more = realloc(hold->at, (hold->len + bytes.left) * 2);

		if (more == NULL)
			abort();
		hold->at = more;
		hold->room = (hold->len + bytes.left) * 2;
	}
	memcpy(hold->at + hold->len, bytes.at, bytes.left);
	hold->len += bytes.left;
	stage_of(talk)->held += bytes.left;
	return KS_OK;
}

void talk_hold_eat(struct hold *hold, size_t n)
{
	(void)hold, (void)n;
	abort(); /* not used by these tongues: the stage could not count it */
}

void talk_hold_free(struct talk *talk, struct hold *hold)
{
	stage_of(talk)->held -= hold->len;
	free(hold->at);
	*hold = (struct hold){ .len = 0 };
}

static void line(struct talk *talk, const char *what, enum said_side side)
{
	text_addf(&stage_of(talk)->said, "%s %s", side == SIDE_CLIENT ? ">" : "<", what);
}

static void word(struct talk *talk, const char *name, struct span s)
{
	struct text *said = &stage_of(talk)->said;

	if (s.left == 0)
		return;
	text_addf(said, " %s=", name);
	text_add_json(said, s);
}

static void line_end(struct talk *talk)
{
	text_add_char(&stage_of(talk)->said, '\n');
}

void say_dns(struct talk *talk, enum said_side side, const struct said_dns *dns)
{
	line(talk, "dns", side);
	word(talk, "name", dns->name);
	line_end(talk);
}
void say_name(struct talk *talk, enum said_side side, const struct said_name *name)
{
	line(talk, "name", side);
	word(talk, "name", name->name);
	line_end(talk);
}
void say_tls(struct talk *talk, enum said_side side, const struct said_tls *tls)
{
	line(talk, "tls", side);
	word(talk, "sni", tls->sni);
	line_end(talk);
}

void talk_disown(struct talk *talk)
{
	line(talk, "disowned", SIDE_CLIENT);
	line_end(talk);
}

void say_http(struct talk *talk, enum said_side side, const struct said_http *http)
{
	line(talk, http->response ? "answer" : "request", side);
	text_addf(&stage_of(talk)->said, " n=%d v=%d", (int)http->number, http->version);
	if (http->response)
		text_addf(&stage_of(talk)->said, " status=%d", http->status);
	word(talk, "method", http->method);
	word(talk, "host", http->host);
	word(talk, "uri", http->uri);
	word(talk, "type", http->content_type);
	word(talk, "agent", http->agent);
	text_add(&stage_of(talk)->said, http->cut ? " cut" : "");
	line_end(talk);
}

void say_http_end(struct talk *talk, enum said_side side, const struct said_http_end *end)
{
	line(talk, "end", side);
	text_addf(&stage_of(talk)->said, " n=%d bytes=%d%s", (int)end->number,
	    (int)end->body_bytes, end->complete ? "" : " cut");
	word(talk, "magic", span_of(end->magic.at, end->magic.left < 12 ? end->magic.left : 12));
	line_end(talk);
}

void say_body(struct talk *talk, enum said_side side, const struct said_body *body)
{
	static const char *const kinds[] = { "text", "uri", "header", "form", "json", "part",
		"bytes" };

	line(talk, kinds[body->kind], side);
	word(talk, "key", body->key);
	if (body->kind == BODY_BYTES)
		text_addf(&stage_of(talk)->said, " (%d bytes)", (int)body->bytes.left);
	else
		word(talk, "is", body->bytes);
	line_end(talk);
}

void say_credential(struct talk *talk, enum said_side side,
    const struct said_credential *credential)
{
	line(talk, "credential", side);
	text_addf(&stage_of(talk)->said, " %s", credential->how);
	word(talk, "user", credential->user);
	word(talk, "secret", credential->secret);
	if (credential->accepted || credential->rejected)
		text_add(&stage_of(talk)->said, credential->accepted ? " accepted" : " rejected");
	line_end(talk);
}

void say_banner(struct talk *talk, enum said_side side, const struct said_banner *banner)
{
	line(talk, "banner", side);
	text_addf(&stage_of(talk)->said, " %s", banner->service);
	word(talk, "text", banner->text);
	line_end(talk);
}

void say_odd(struct talk *talk, enum said_side side, enum odd_kind kind, uint64_t count)
{
	line(talk, "odd", side);
	text_addf(&stage_of(talk)->said, " %d", (int)kind);
	(void)count;
	line_end(talk);
}
