#include "site/wire.h"
#include "base/utf8.h"
#include "site/finding.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct wire_row) == 488, "no holes: it crosses processes as it is");

static const char *const kind_words[WIRE_KINDS] = { "source", "device", "destination",
	"certificate", "periodic", "talk", "finding", "unseen" };

const char *wire_kind_word(enum wire_kind kind)
{
	return (unsigned)kind < WIRE_KINDS ? kind_words[kind] : "thing";
}

bool wire_kind_find(struct span word, enum wire_kind *ret_kind)
{
	for (unsigned i = 0; i < WIRE_KINDS; i++)
		if (span_equal(word, kind_words[i])) {
			*ret_kind = (enum wire_kind)i;
			return true;
		}
	return false;
}

static const struct {
	const char *word, *says;
} unseen_rows[UNSEENS] = {
	[UNSEEN_TLS_13] = { .word = "tls_13",
		.says = "the certificates of %llu TLS 1.3 {session|sessions}: TLS 1.3 sends them encrypted, so they were not judged" },
	[UNSEEN_RESUMED] = { .word = "resumed",
		.says = "the certificates of %llu resumed TLS {session|sessions}: none is sent when a session is resumed" },
	[UNSEEN_ECH] = { .word = "ech",
		.says = "the server names of %llu TLS {session|sessions}: the client encrypts them (ECH), only an outer name is seen" },
	[UNSEEN_SHUT] = { .word = "shut",
		.says = "what %llu TLS {session contains|sessions contain} whose secrets were given: keisoku does not open RC4, other old ciphers and SSL 3.0" },
	[UNSEEN_SHUT_DTLS] = { .word = "shut_dtls",
		.says = "what %llu DTLS {session contains|sessions contain} whose secrets were given: of DTLS keisoku reads the handshake only" },
	[UNSEEN_SHUT_QUIC] = { .word = "shut_quic",
		.says = "what %llu QUIC {connection contains|connections contain} whose secrets were given: of QUIC keisoku reads the handshake only, not HTTP/3" },
	[UNSEEN_CONTENT] = { .word = "content",
		.says = "what %llu encrypted {flow contains|flows contain}: only names, times and sizes are seen; --keylog opens your own" },
	[UNSEEN_UNKNOWN] = { .word = "unknown",
		.says = "what %llu {flow speaks|flows speak}: keisoku does not know {its|their} protocol" },
	[UNSEEN_CUT] = { .word = "cut",
		.says = "the end of %llu {frame|frames}: the capture kept only their beginning" },
	[UNSEEN_MISSING] = { .word = "missing",
		.says = "%llu {byte|bytes} of streams that were sent but are not in the capture" },
	[UNSEEN_FRAGMENTS] = { .word = "fragments",
		.says = "%llu {datagram|datagrams} of which fragments are missing" },
	[UNSEEN_LINK] = { .word = "link",
		.says = "%llu {frame|frames} of a link type that keisoku does not know" },
	[UNSEEN_DROPPED] = { .word = "dropped",
		.says = "%llu {frame|frames} that whoever captured says were dropped" },
	[UNSEEN_EVICTED] = { .word = "evicted",
		.says = "%llu {flow|flows} had to be let go early for want of memory: counts are lower bounds" },
	[UNSEEN_PACKED] = { .word = "packed",
		.says = "what %llu HTTP {message contains|messages contain}: packed in a way that keisoku does not know, or damaged" },
	[UNSEEN_HEADS] = { .word = "heads",
		.says = "the rest of %llu HTTP {head|heads}: not in the capture, or longer than keisoku reads (`keisoku limits`); what comes before it is told" },
	[UNSEEN_KEYS] = { .word = "keys",
		.says = "what %llu {secret|secrets} of the key log would open: no session of this capture belongs to any; was it written while this was captured?" },
	[UNSEEN_ESP] = { .word = "esp",
		.says = "what %llu {byte|bytes} of IPsec (ESP) carried: encrypted, only who sent to whom, when and how much is seen" },
	[UNSEEN_WIREGUARD] = { .word = "wireguard",
		.says = "what %llu {byte|bytes} of WireGuard carried: encrypted, only who sent to whom, when and how much is seen" },
	[UNSEEN_OPENVPN] = { .word = "openvpn",
		.says = "what %llu {byte|bytes} of OpenVPN carried: encrypted, only who sent to whom, when and how much is seen" },
	[UNSEEN_MACSEC] = { .word = "macsec",
		.says = "what %llu {byte|bytes} of MACsec carried: encrypted, only which cards sent to which, when and how much is seen" },
};

const char *wire_unseen_says(unsigned unseen)
{
	return unseen < UNSEENS ? unseen_rows[unseen].says : "";
}

const char *wire_unseen_word(unsigned unseen)
{
	return unseen < UNSEENS ? unseen_rows[unseen].word : "";
}

bool wire_unseen_find(struct span word, unsigned *ret_unseen)
{
	for (unsigned i = 0; i < UNSEENS; i++)
		if (span_equal(word, unseen_rows[i].word)) {
			*ret_unseen = i;
			return true;
		}
	return false;
}

static bool is_control(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0);
}

static bool text_good(const char *text, size_t room)
{
	const char *end = memchr(text, '\0', room);
	struct span left = span_of(text, end != NULL ? (size_t)(end - text) : 0);
	uint32_t c;

	while (left.left > 0)
		if (!utf8_cut(&left, &c) || is_control(c))
			return false;
	return end != NULL;
}

bool wire_row_good(const struct wire_row *row)
{
	const int64_t most = INT64_C(1) << 53; /* any time, any sum that JSON can carry */

	if (row->kind >= WIRE_KINDS || row->level >= SEVERITIES || (row->flags & ~(uint32_t)WIRE_FLAGS) != 0 ||
	    row->hour_ms < 0 || row->hour_ms > most || row->hour_ms % WIRE_HOUR_MS != 0 ||
	    row->first_ms < 0 || row->first_ms > most || row->last_ms < row->first_ms ||
	    row->last_ms > most || row->part >= 3600 || row->out > (uint64_t)most || row->in > (uint64_t)most ||
	    row->count > (uint64_t)most)
		return false;
	for (size_t i = 0; i < WIRE_NUMBERS; i++)
		if (row->number[i] > most || row->number[i] < -most)
			return false;
	if (row->kind == WIRE_FINDING && (row->port == 0 || !finding_is_wire(wire_code_of(row))))
		return false;
	return text_good(row->device, sizeof row->device) && text_good(row->name, sizeof row->name) &&
	    text_good(row->address, sizeof row->address) &&
	    text_good(row->protocol, sizeof row->protocol) &&
	    text_good(row->country, sizeof row->country) && text_good(row->owner, sizeof row->owner) &&
	    text_good(row->word, sizeof row->word);
}

struct finding wire_finding_of(const struct wire_row *row, const char *device)
{
	struct finding f = { .code = (uint16_t)wire_code_of(row), .severity = row->level,
		.kind = MEASURE_UPTIME, .subject_kind = SUBJECT_DEVICE, .since_ms = row->first_ms,
		.seen_ms = row->last_ms, .value_milli = row->number[0], .limit_milli = row->number[1],
		.count = row->count > UINT32_MAX ? UINT32_MAX : (uint32_t)row->count,
		.way = row->flags & WIRE_AT ? WAY_AT : row->flags & WIRE_INWARD ? WAY_FROM : WAY_OUT };

	wire_text(f.subject, sizeof f.subject, device);
	wire_text(f.place, sizeof f.place, row->name);
	wire_text(f.word, sizeof f.word, row->word);
	if (row->port == WIRE_FOUND_PERIODIC || row->port == WIRE_FOUND_TRACEROUTES)
		(void)snprintf(f.word, sizeof f.word, "%lld", (long long)row->number[3]);
	return f;
}

static bool is_number(const char *word)
{
	return word[strspn(word, "0123456789")] == '\0';
}

bool wire_finding_same(const struct finding *one, const struct finding *two)
{
	return one->way == two->way && strcmp(one->place, two->place) == 0 &&
	    (strcmp(one->word, two->word) == 0 || (is_number(one->word) && is_number(two->word)));
}

void wire_rest_make(struct finding *finding, uint32_t others)
{
	finding->place[0] = '\0';
	finding->value_milli = finding->limit_milli = 0;
	(void)snprintf(finding->word, sizeof finding->word, "%u", others);
}

uint32_t wire_rest_of(const struct finding *finding)
{
	size_t digits = strspn(finding->word, "0123456789");

	if (!finding_is_wire(finding->code) || finding->place[0] != '\0' || finding->value_milli != 0 ||
	    digits == 0 || digits > 9 || finding->word[digits] != '\0')
		return 0;
	return (uint32_t)strtoul(finding->word, NULL, 10);
}

void wire_text(char *to, size_t room, const char *from)
{
	struct span left = span_text(from);
	size_t used = 0;

	while (left.left > 0) {
		struct span before = left;
		uint32_t c;
		bool good = utf8_cut(&left, &c) && !is_control(c);
		size_t n = good ? before.left - left.left : 1;

		if (used + n >= room)
			break;
		if (good)
			memcpy(to + used, before.at, n);
		else
			to[used] = '?';
		used += n;
	}
	to[used] = '\0';
}

bool wire_is_heard(const struct wire_row *row)
{
	return row->kind == WIRE_SOURCE && strcmp(row->word, "down") != 0 &&
	    strcmp(row->word, "unreadable") != 0;
}
