/* src/wire/gather_body.c - clear content is searched for personal data as it comes by;
 * only the masked form is kept.  Streams that no tongue knows are judged by their first
 * bytes: readable or merely coded where encryption is expected is odd. */
#include "wire/body.h"
#include "wire/clear.h"
#include "wire/gather_in.h"
#include "wire/personal.h"

struct finding_place {
	struct gather *gather;
	const struct said_head *said;
};

static void personal_found(void *context, const struct said_body *where,
    const struct personal *what)
{
	static const char *const kinds[] = { "body", "uri", "header", "form", "json", "part",
		"bytes" };
	const struct finding_place *place = context;
	char name[MASKED_MAX];
	struct personal_found found = { .category = personal_word(what->category),
		.grade = what->grade, .masked = span_text(what->masked),
		.where = span_text(kinds[where->kind]), .key = personal_key(where->key, name),
		.fingerprint = what->hash };

	gather_personal(place->gather, place->said, where, &found);
	if (where->kind == BODY_URI && place->gather->searched > 0)
		((struct http_row *)rows_row(&place->gather->http, place->gather->searched - 1))->searched = 2;
}

static void card_doubted(void *context, const struct said_body *where, enum grade grade)
{
	const struct finding_place *place = context;

	gather_card_doubt(place->gather, place->said, where, grade);
}

/* Latitude and longitude come as two leaves: the search remembers within one direction of
 * one conversation, and they come one after the other. */
void gather_body(void *context, const struct said_head *said, const struct said_body *body)
{
	struct gather *g = context;
	struct finding_place place = { g, said };
	struct personal_sink sink = { personal_found, card_doubted, &place };

	if (g->search_flow != said->flow->id * 2 + said->side) {
		g->search_flow = said->flow->id * 2 + said->side;
		g->search = (struct personal_search){ .seed = g->seed,
			.number = body->number };
	}
	if (body->kind == BODY_URI)
		gather_searched(g, said, body);
	g->search.sink = &sink;
	g->search.own = said->flow->client_mac;
	g->search.from_server = said->side == SIDE_SERVER;
	personal_take(&g->search, body);
	g->search.sink = NULL;
	/* cookies come back because they are meant to; what has a name has been told */
	if (said->side == SIDE_CLIENT && !said->flow->decrypted && body->kind != BODY_HEADER &&
	    body->bytes.left <= 64 && body->at == 0 &&
	    !(personal_hints(body->key) & (HINT_DEVICE | HINT_SECRET | HINT_TOKEN | HINT_NOT)))
		repeats_take(g->repeats, said, body);
}

void gather_unknown(void *context, const struct said_head *said, const struct said_unknown *unknown)
{
	struct clear_judged is = clear_judge_both(unknown->first);
	struct said_odd odd = { .kind = ODD_CLEAR_ON_SECRET_PORT,
		.where = is.verdict == CLEAR_READABLE ? "readable" : is.how, .count = 1 };

	if ((is.verdict == CLEAR_READABLE || is.verdict == CLEAR_CODED) &&
	    port_is_secret(said->flow->server_port) && !said->flow->decrypted)
		gather_odd(context, said, &odd);
}
