/* src/wire/words_clear.c - see words_clear.h. */
#include "wire/words_clear.h"
#include "wire/lines.h"

enum { HEAD_MOST = 512 };

/* The client's first message, put together; then the server's answer to it. */
struct clear {
	bool read;
	struct login login;
	uint8_t answer_n, answer[16];
	uint16_t head_n;
	uint8_t head[HEAD_MOST];
};

static bool head_add(struct clear *clear, struct span bytes)
{
	size_t room = HEAD_MOST - clear->head_n, n = bytes.left < room ? bytes.left : room;

	memcpy(clear->head + clear->head_n, bytes.at, n);
	clear->head_n = (uint16_t)(clear->head_n + n);
	return clear->head_n == HEAD_MOST;
}

static void clear_gap(struct talk *talk, enum said_side side, uint64_t n)
{
	(void)n;
	talk_rest(talk, side);
}

/* -- MQTT --------------------------------------------------------------------------- */

static struct span mqtt_text(struct span *s)
{
	return span_cut(s, (size_t)span_be(s, 2));
}

static struct span mqtt_inside(struct span s)
{
	uint64_t length = 0;

	(void)span_be(&s, 1);
	for (unsigned shift = 0; shift < 28; shift += 7) {
		uint64_t c = span_be(&s, 1);

		length |= (c & 0x7f) << shift;
		if (!(c & 0x80))
			break;
	}
	return span_cut(&s, (size_t)length);
}

static enum guess mqtt_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = first[SIDE_CLIENT];

	(void)flow;
	if (s.left == 0)
		return first[SIDE_SERVER].left == 0 ? GUESS_MAYBE : GUESS_NO;
	if (*s.at != 0x10)
		return GUESS_NO;
	if (s.left < 9)
		return GUESS_MAYBE;
	for (size_t i = 2; i < 5 && i + 6 <= s.left; i++)
		if (memcmp(s.at + i, "\0\4MQTT", 6) == 0 || memcmp(s.at + i, "\0\6MQIs", 6) == 0)
			return GUESS_YES;
	return GUESS_NO;
}

static bool mqtt_connect(struct clear *clear)
{
	struct span s = mqtt_inside(span_of(clear->head, clear->head_n));

	(void)mqtt_text(&s);
	uint64_t version = span_be(&s, 1), flags = span_be(&s, 1);

	(void)span_be(&s, 2);
	if (version >= 5)
		(void)span_cut(&s, (size_t)span_be(&s, 1));
	(void)mqtt_text(&s); /* the client's own name */
	if (flags & 4) { /* a will: topic and message */
		if (version >= 5)
			(void)span_cut(&s, (size_t)span_be(&s, 1));
		(void)mqtt_text(&s);
		(void)mqtt_text(&s);
	}
	if (flags & 0x80)
		word_set(&clear->login.user, mqtt_text(&s));
	if (flags & 0x40)
		word_set(&clear->login.secret, mqtt_text(&s));
	clear->login.waits = (flags & 0xc0) != 0 && !s.broken;
	return !s.broken;
}

static void mqtt_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct clear *clear = talk->state;

	if (side == SIDE_SERVER) {
		while (bytes.left > 0 && clear->answer_n < 4)
			clear->answer[clear->answer_n++] = (uint8_t)span_be(&bytes, 1);
		if (clear->answer_n < 4)
			return;
		login_tell(talk, &clear->login, "mqtt", clear->answer[0] == 0x20,
		    clear->answer[3] == 0);
		talk_rest(talk, side);
		return;
	}
	if (!clear->read && (head_add(clear, bytes) || mqtt_connect(clear))) {
		clear->read = true;
		talk_rest(talk, side);
	}
}

static void mqtt_end(struct talk *talk)
{
	struct clear *clear = talk->state;

	login_tell(talk, &clear->login, "mqtt", false, false);
}

const struct tongue tongue_mqtt = { .name = "mqtt", .over = OVER_TCP,
	.state_size = sizeof(struct clear), .guess = mqtt_guess, .take = mqtt_take,
	.gap = clear_gap, .end = mqtt_end };

/* -- LDAP and SNMP: BER ----------------------------------------------------------------- */

static struct span ber_cut(struct span *s, uint8_t *ret_tag)
{
	*ret_tag = (uint8_t)span_be(s, 1);
	uint64_t length = span_be(s, 1);

	if (length & 0x80)
		length = (length & 0x7f) <= 4 && (length & 0x7f) > 0 ? span_be(s, length & 0x7f) : UINT32_MAX;
	return span_cut(s, (size_t)length);
}

enum { BER_INTEGER = 2, BER_OCTETS = 4, BER_SEQUENCE = 0x30, LDAP_BIND = 0x60,
	LDAP_BOUND = 0x61, LDAP_SIMPLE = 0x80 };

static enum guess ldap_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = first[SIDE_CLIENT], id;
	uint8_t tag = 0, inner = 0;

	(void)flow;
	if (s.left == 0)
		return first[SIDE_SERVER].left == 0 ? GUESS_MAYBE : GUESS_NO;
	if (*s.at != BER_SEQUENCE)
		return GUESS_NO;
	if (s.left < 12)
		return GUESS_MAYBE;
	(void)span_be(&s, 1);
	uint64_t length = span_be(&s, 1);

	if (length & 0x80)
		(void)span_cut(&s, length & 0x7f);
	id = ber_cut(&s, &tag);
	inner = (uint8_t)span_be(&s, 1);
	return tag == BER_INTEGER && id.left <= 4 && (inner == LDAP_BIND || inner == 0x63 ||
		inner == 0x77) ? GUESS_YES : GUESS_NO;
}

static bool ldap_bind(struct clear *clear)
{
	uint8_t tag = 0;
	struct span all = span_of(clear->head, clear->head_n), s = ber_cut(&all, &tag), bind;

	(void)ber_cut(&s, &tag);
	bind = ber_cut(&s, &tag);
	if (tag != LDAP_BIND || all.broken || bind.broken)
		return !all.broken; /* another request: there is no password in it */
	(void)ber_cut(&bind, &tag);
	struct span name = ber_cut(&bind, &tag), secret = ber_cut(&bind, &tag);

	if (tag == LDAP_SIMPLE && secret.left > 0) {
		word_set(&clear->login.user, name);
		word_set(&clear->login.secret, secret);
		clear->login.waits = true;
	}
	return true;
}

static void ldap_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct clear *clear = talk->state;

	if (side == SIDE_CLIENT) {
		if (!clear->read && (head_add(clear, bytes) || ldap_bind(clear))) {
			clear->read = true;
			talk_rest(talk, side);
		}
		return;
	}
	while (bytes.left > 0 && clear->answer_n < sizeof clear->answer)
		clear->answer[clear->answer_n++] = (uint8_t)span_be(&bytes, 1);
	struct span s = span_of(clear->answer, clear->answer_n), code;
	uint8_t tag = 0;

	(void)span_be(&s, 1);
	uint64_t length = span_be(&s, 1);

	if (length & 0x80)
		(void)span_cut(&s, length & 0x7f);
	(void)ber_cut(&s, &tag);
	tag = (uint8_t)span_be(&s, 1);
	length = span_be(&s, 1);
	if (length & 0x80)
		(void)span_cut(&s, length & 0x7f);
	uint8_t kind = 0;

	code = ber_cut(&s, &kind);
	if (code.left == 1 && !code.broken) {
		login_tell(talk, &clear->login, "ldap", tag == LDAP_BOUND, *code.at == 0);
		talk_rest(talk, side);
	} else if (clear->answer_n == sizeof clear->answer) {
		talk_rest(talk, side);
	}
}

static void ldap_end(struct talk *talk)
{
	struct clear *clear = talk->state;

	login_tell(talk, &clear->login, "ldap", false, false);
}

const struct tongue tongue_ldap = { .name = "ldap", .over = OVER_TCP,
	.state_size = sizeof(struct clear), .guess = ldap_guess, .take = ldap_take,
	.gap = clear_gap, .end = ldap_end };

/* Version 0 or 1 and the community; false: version 3, or something else. */
static bool snmp_read(struct span s, uint64_t *ret_version, struct span *ret_community)
{
	uint8_t tag = 0;
	struct span all = ber_cut(&s, &tag), version, community;

	if (tag != BER_SEQUENCE || s.broken)
		return false;
	version = ber_cut(&all, &tag);
	if (tag != BER_INTEGER || version.left != 1 || (*version.at > 1 && *version.at != 3))
		return false;
	*ret_version = *version.at;
	community = ber_cut(&all, &tag);
	*ret_community = community;
	return *ret_version == 3 ? tag == BER_SEQUENCE : tag == BER_OCTETS && !community.broken;
}

static enum guess snmp_guess(const struct flow_view *flow, const struct span first[2])
{
	struct span s = first[first[0].left > 0 ? 0 : 1], community;
	uint64_t version = 0;

	(void)flow;
	return snmp_read(s, &version, &community) ? GUESS_YES : GUESS_NO;
}

static void snmp_take(struct talk *talk, enum said_side side, struct span bytes)
{
	struct clear *clear = talk->state;
	struct span community = { .left = 0 };
	uint64_t version = 0;

	(void)side;
	if (clear->read || !snmp_read(bytes, &version, &community))
		return;
	clear->read = true; /* once for each flow */
	if (version < 3) {
		word_set(&clear->login.secret, community);
		clear->login.waits = true;
		login_tell(talk, &clear->login, "snmp", false, false);
	}
}

const struct tongue tongue_snmp = { .name = "snmp", .over = OVER_UDP,
	.state_size = sizeof(struct clear), .guess = snmp_guess, .take = snmp_take };
