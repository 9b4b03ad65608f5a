#include "snmp_tape.h"
#include "base/number.h"
#include <stdlib.h>

enum { TAPE_LINES = 60000 };

static int hex_of(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct span copy_of(struct tape *tape, struct span s)
{
	return span_of(arena_text(&tape->arena, s), s.left);
}

static struct span hex_bytes(struct tape *tape, struct span s)
{
	uint8_t *bytes = arena_take(&tape->arena, s.left / 2 + 1);
	size_t n = 0;
	int high = -1;

	for (size_t i = 0; i < s.left; i++) {
		int digit = hex_of(s.at[i]);

		if (digit < 0)
			continue;
		if (high >= 0)
			bytes[n++] = (uint8_t)(high << 4 | digit);
		high = high >= 0 ? -1 : digit;
	}
	return span_of(bytes, n);
}

static struct span packed_of(struct tape *tape, struct span text)
{
	struct oid oid;
	uint8_t bytes[OID_BYTES];

	if (!oid_read(text, &oid))
		return (struct span){ .at = NULL };
	size_t n = oid_pack(&oid, bytes, sizeof bytes);

	return n <= sizeof bytes ? copy_of(tape, span_of(bytes, n)) :
				   (struct span){ .at = NULL };
}

static void var_set(struct tape *tape, struct varbind *var, struct span value)
{
	int64_t number = 0;

	if (var->type == VAR_OID) {
		var->value = packed_of(tape, value);
	} else if (var->type == VAR_OCTETS || var->type == VAR_ADDRESS ||
	    var->type == VAR_OPAQUE) {
		var->value = copy_of(tape, value);
	} else if (var->type != VAR_NULL) {
		if (number_cut(&value, 0, &number) == KS_OK)
			var->number = number;
	}
}

/* 1.3.6.1.2.1.1.1.0|4|text   type x: hexadecimal */
static bool line_snmprec(struct tape *tape, struct span line, struct varbind *var)
{
	struct span oid = span_until(&line, '|'), type = span_until(&line, '|');
	int64_t tag = 0;

	if (number_cut(&type, 0, &tag) != KS_OK || (type.left > 0 && !span_equal(type, "x")))
		return false; /* "2:numeric": a simulator's moving value */
	var->type = (enum var_type)tag;
	var->oid = packed_of(tape, oid);
	if (span_equal(type, "x"))
		line = hex_bytes(tape, line);
	var_set(tape, var, line);
	return var->oid.left > 0;
}

/* .1.3.6.1.2.1.1.1.0 = STRING: "text" */
static bool line_snmpwalk(struct tape *tape, struct span line, struct varbind *var)
{
	static const struct {
		const char *word;
		enum var_type type;
	} types[] = { { "INTEGER: ", VAR_INTEGER }, { "STRING: ", VAR_OCTETS },
		{ "OID: ", VAR_OID }, { "Gauge32: ", VAR_GAUGE },
		{ "Counter32: ", VAR_COUNTER }, { "Counter64: ", VAR_COUNTER64 },
		{ "Hex-STRING: ", VAR_OPAQUE }, { "IpAddress: ", VAR_ADDRESS } };
	struct span oid = span_trim(span_until(&line, '='));

	line = span_trim(line);
	var->oid = packed_of(tape, oid);
	var->type = VAR_TICKS;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t n = strlen(types[i].word);

		if (line.left < n || memcmp(line.at, types[i].word, n) != 0)
			continue;
		var->type = types[i].type;
		(void)span_cut(&line, n);
		break;
	}
	if (var->type == VAR_OPAQUE) {
		var->type = VAR_OCTETS;
		line = hex_bytes(tape, line);
	}
	if (line.left >= 2 && line.at[0] == '"') {
		if (var->type == VAR_TICKS)
			var->type = VAR_OCTETS;
		line = span_of(line.at + 1, line.left - 2);
	}
	var_set(tape, var, line);
	return var->oid.left > 0;
}

void tape_line(struct tape *tape, const char *text)
{
	struct span line = span_trim(span_text(text));
	struct varbind var = { .type = VAR_NULL };

	if (tape->vars.at == NULL) {
		arena_init(&tape->arena, 64 << 20);
		tape->vars.at = calloc(TAPE_LINES, sizeof *tape->vars.at);
	}
	if (line.left == 0 || line.at[0] == '#' || tape->vars.n == TAPE_LINES)
		return;
	if (memchr(line.at, '|', line.left) != NULL && line.at[0] != '.' ?
		    line_snmprec(tape, line, &var) :
		    line_snmpwalk(tape, line, &var))
		tape->vars.at[tape->vars.n++] = var;
}

void tape_sort(struct tape *tape)
{
	vars_sort(&tape->vars);
}

bool tape_open(struct tape *tape, const char *path)
{
	char line[65536];
	FILE *file = fopen(path, "r");

	*tape = (struct tape){ .asks = 0 };
	if (file == NULL)
		return false;
	while (fgets(line, sizeof line, file) != NULL)
		tape_line(tape, line);
	(void)fclose(file);
	tape_sort(tape);
	return true;
}

void tape_done(struct tape *tape)
{
	free(tape->vars.at);
	arena_done(&tape->arena);
	*tape = (struct tape){ .asks = 0 };
}

bool tape_answer(struct tape *tape, const struct ask *ask, struct text *reply)
{
	struct span send = span_of(ask->send, ask->send_n), oid;

	tape->asks++;
	if (ask->what == ASK_WALK) {
		tape->walks++;
		if (tape->silent_walks || !ask_oid_cut(&send, &oid))
			return false;
		for (uint32_t i = vars_from(&tape->vars, oid);
		     i < tape->vars.n && oid_below(tape->vars.at[i].oid, oid); i++)
			varbind_add(reply, &tape->vars.at[i]);
		return true;
	}
	tape->gets++;
	while (ask_oid_cut(&send, &oid)) {
		const struct varbind *var = vars_find(&tape->vars, oid);

		struct varbind none = { .oid = oid, .type = VAR_NO_INSTANCE };

		tape->asked++;
		varbind_add(reply, var != NULL ? var : &none);
	}
	return true;
}

/* One reply in four loses a piece, gains one, or has some bytes changed. */
static void damage(struct tape *tape, struct text *reply)
{
	if (tape->cut > 0 && reply->len > tape->cut)
		reply->len = tape->cut;
	if (tape->mutate == 0)
		return;
	for (int i = 0; i < 4; i++) {
		tape->mutate = tape->mutate * 6364136223846793005u + 1442695040888963407u;
		uint64_t dice = tape->mutate >> 24;
		size_t at = reply->len > 0 ? (dice >> 8) % reply->len : 0;

		if (reply->len == 0 || (i == 0 && (dice & 3) != 0))
			return;
		if ((dice & 0xe0) == 0)
			reply->len = at;
		else
			reply->at[at] = (char)(dice >> 16);
	}
}

void talked_init(struct talked *talked)
{
	static struct offer room[LIMIT_DEVICE_READINGS];

	*talked = (struct talked){ .probe = { .name = "test", .address = "tape" } };
	talked->offers = room;
	talked->memory = calloc(1, driver_snmp.memory_size);
}

void talked_done(struct talked *talked)
{
	driver_snmp.forget(talked->memory);
	arena_done(&talked->arena);
	free(talked->memory);
	free(talked->reply);
}

int talked_poll(struct talked *talked, struct tape *tape, const char *read,
    struct why *why)
{
	struct text reply;
	int code = KS_OK;

	arena_done(&talked->arena);
	arena_init(&talked->arena, 1 << 20);
	talked->probe.read = read;
	talked->talk = (struct talk){ .probe = &talked->probe, .arena = &talked->arena,
		.memory = talked->memory, .offers = talked->offers };
	text_init(&reply, LIMIT_REPLY_BYTES);
	while (code == KS_OK) {
		struct ask ask;

		code = driver_snmp.ask(&talked->talk, &ask, why);
		if (code != KS_OK || ask.what == ASK_NONE)
			break;
		talked->talk.turn++;
		text_clear(&reply);
		if (!tape_answer(tape, &ask, &reply)) {
			code = ask.may_fail ? driver_snmp.read(&talked->talk,
						  (struct span){ .broken = true }, why) :
					      KS_LATE;
			continue;
		}
		damage(tape, &reply);
		/* a block of its own, gone before the next: nobody may keep it */
		free(talked->reply);
		talked->reply = malloc(reply.len + 1);
		memcpy(talked->reply, text_cstr(&reply), reply.len);
		code = driver_snmp.read(&talked->talk, span_of(talked->reply, reply.len), why);
	}
	text_done(&reply);
	return code;
}

const struct offer *talked_find(const struct talked *talked, const char *name)
{
	for (size_t i = 0; i < talked->talk.offers_n; i++) {
		const struct offer *offer = &talked->talk.offers[i];

		if (strcmp(offer->id, name) == 0 || strcmp(offer->source, name) == 0)
			return offer;
	}
	return NULL;
}
