/* src/site/wire.h - what the wire says of an hour, in rows of one kind: who sent how much
 * to whom, which certificates were shown, what comes back by the clock, what was found.
 * Made by the role that listens, kept by the store, shown by page and command line.
 *
 * No payload and nothing personal is in it: names of devices and of the other side, counts
 * and times.  Texts are zero-ended, "" when not known; times are UTC milliseconds. */
#ifndef KS_SITE_WIRE_H
#define KS_SITE_WIRE_H
#include "base/span.h"
#include "site/finding.h"
#include <stdbool.h>
#include <stdint.h>

/* What `count`, `number`, `name`, `word` and `owner` mean goes by the kind. */
enum wire_kind {
	/* a place that is listened to: device its ID, name what it is, word its state;
	 * count frames; number dropped, flows, evicted, lost rows, bytes of memory; out all
	 * bytes, in those of the last second; of an hour, owner: who is to be named for the
	 * countries of its rows */
	WIRE_SOURCE,
	/* device and name, address, word: MAC, owner: of the MAC; count destinations;
	 * number countries, requests in clear, TLS handshakes, of these not visible */
	WIRE_DEVICE,
	/* name or "" (then the address), port, protocol, country, owner; count flows; number
	 * contacts, unanswered, microseconds of the handshake, bytes a second inwards */
	WIRE_DESTINATION,
	/* a certificate: name: whom it was shown for, address, port, word: verdicts, owner:
	 * issuer; count times; number not_before, not_after in seconds, bits of verdicts */
	WIRE_CERTIFICATE,
	/* name or address, port, word: timer, daily, weekly; count contacts; number period,
	 * jitter (ms), missed, second of the day, weekdays as bits (0 is Monday) */
	WIRE_PERIODIC,
	/* between two hosts of the site file: device called name at port; count contacts;
	 * summed over hours, the last number is how many of them */
	WIRE_TALK,
	/* name: the other side, or with WIRE_AT what others called the device; port: the
	 * number in its ID (KS-WIRE-004: 4), word: its own
	 * word, severity in `level`; count; address: what the device calls itself; owner: why
	 * it is accepted, else of a list the date and the entry ("- x.example": no date); number value, limit, frame, expected */
	WIRE_FINDING,
	/* what could not be seen: word: which (wire_unseen_word), count how many */
	WIRE_UNSEEN,
	WIRE_KINDS
};

enum wire_flag {
	WIRE_INWARD = 1 << 0,	 /* the other side began */
	WIRE_LOCAL = 1 << 1,	 /* it is in the same house */
	WIRE_ENCRYPTED = 1 << 2, /* all that was seen of it */
	WIRE_OF_SITE = 1 << 3,	 /* the device stands in the site file */
	WIRE_ACCEPTED = 1 << 4,	 /* a finding that its owner lives with */
	WIRE_CLEAR = 1 << 5,	 /* something readable was sent */
	WIRE_AT = 1 << 6,	 /* a finding, inward: the name is the device's own (WAY_AT) */
	WIRE_FLAGS = (1 << 7) - 1
};

/* These are learned from many hours: each hour tells the whole, not a part. */
enum { WIRE_FOUND_PERIODIC = 15, WIRE_FOUND_TRACEROUTES = 17, WIRE_FOUND_SILENCE = 18 };

enum { WIRE_NAME = 64, WIRE_LONG = 128, WIRE_NUMBERS = 5, WIRE_HOUR_MS = 3600000 };

struct wire_row {
	int64_t hour_ms; /* the hour's beginning; 0: of now, in no hour */
	int64_t first_ms, last_ms;
	uint64_t out, in; /* bytes of frames, from and to the device */
	uint64_t count;
	int64_t number[WIRE_NUMBERS];
	uint32_t part; /* an hour may come in several, each whole: when it began, seconds */
	uint16_t port;
	uint8_t kind, level; /* enum wire_kind, enum severity */
	uint32_t flags;
	char device[WIRE_NAME];
	char name[WIRE_LONG];
	char address[48];
	char protocol[16];
	char country[4];
	char owner[WIRE_NAME];
	char word[WIRE_NAME];
};

/* What no listener could see, and why. */
enum unseen { UNSEEN_TLS_13, UNSEEN_RESUMED, UNSEEN_ECH, UNSEEN_SHUT, UNSEEN_SHUT_DTLS, UNSEEN_SHUT_QUIC,
	UNSEEN_CONTENT,
	UNSEEN_UNKNOWN, UNSEEN_CUT, UNSEEN_MISSING, UNSEEN_FRAGMENTS, UNSEEN_LINK, UNSEEN_DROPPED,
	UNSEEN_EVICTED, UNSEEN_PACKED, UNSEEN_HEADS,
	UNSEEN_KEYS, UNSEEN_ESP, UNSEEN_WIREGUARD, UNSEEN_OPENVPN, UNSEEN_MACSEC,
	UNSEENS };
/* msgid with one %llu; the word as it is kept. */
const char *wire_unseen_says(unsigned unseen);
const char *wire_unseen_word(unsigned unseen);
bool wire_unseen_find(struct span word, unsigned *ret_unseen);

/* The code of a finding as a row has it, and back. */
static inline uint16_t wire_number_of(unsigned code)
{
	return (uint16_t)(code - FINDING_WIRE_LISTED + 1);
}
static inline unsigned wire_code_of(const struct wire_row *row)
{
	return FINDING_WIRE_LISTED + row->port - 1u;
}
/* A row of WIRE_FINDING as a finding about that device. */
struct finding wire_finding_of(const struct wire_row *row, const char *device);

/* Of one device and code: is it about the same other side, kind and direction?  A word that is a
 * number (how many were expected) may change while it lasts. */
bool wire_finding_same(const struct finding *one, const struct finding *two);

/* Of a device, code and direction what is not told apart: the sum of so many others.  It
 * names none: its place is "", its word their number. */
void wire_rest_make(struct finding *finding, uint32_t others);
uint32_t wire_rest_of(const struct finding *finding); /* 0: it is no such sum */

/* A place that is listened to, as of now: it is. */
bool wire_is_heard(const struct wire_row *row);
const char *wire_kind_word(enum wire_kind kind); /* "device" ... */
bool wire_kind_find(struct span word, enum wire_kind *ret_kind);

/* The one who listens has met strangers: is the row what it should be?  Texts end, are
 * UTF-8 without control characters, numbers are in their bounds. */
bool wire_row_good(const struct wire_row *row);
/* A text as it was sent, made fit for a row: cut at a character, the rest of what is no
 * UTF-8 or a control character becomes '?'. */
void wire_text(char *to, size_t room, const char *from);
#endif
