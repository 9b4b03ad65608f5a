/* src/page/remote_write.h - Prometheus remote-write 1.0, the receiving side:
 *     WriteRequest { repeated TimeSeries = 1 }
 *     TimeSeries   { repeated Label = 1 { name = 1, value = 2 },
 *                    repeated Sample = 2 { double value = 1, int64 time_ms = 2 } }
 * (protobuf; metadata, exemplars and histograms are passed over).  Senders repeat the
 * same series in the same order, so the raw bytes of a series' labels are remembered
 * with which series came next: a memcmp finds it again without reading them. */
#ifndef KS_PAGE_REMOTE_WRITE_H
#define KS_PAGE_REMOTE_WRITE_H
#include "base/arena.h"
#include "base/text.h"
#include "base/why.h"
#include "guard/message.h"

/* In place of a number: not asked of core yet, being asked, refused. */
#define SERIES_UNKNOWN 0U
#define SERIES_ASKED (UINT32_MAX - 1)
#define SERIES_REFUSED UINT32_MAX

struct known_series {
	const uint8_t *raw; /* label fields as the sender spells them */
	uint32_t len, number, next, hash;
};

struct known {
	struct arena arena;
	struct known_series *at; /* index 0 is nobody */
	uint32_t n, room, mask;
	uint32_t *slots;
	uint32_t refused; /* of them, what core has refused: they do not stay */
	bool full;	  /* a set had no room since this was last looked at */
	uint64_t seed;
};

void known_init(struct known *known, uint64_t seed);
void known_done(struct known *known);

struct rows { /* samples whose series is an index into known->at */
	struct sample_row *at;
	size_t n, room;
	size_t most;	/* rows at most; 0: LIMIT_BATCH_SAMPLES */
	size_t bad;	/* series passed over for their labels */
	struct why why; /* and what is wrong with the first of them */
};
void rows_done(struct rows *rows);

/* All samples of an unpacked body, appended to ret_rows.  KS_MALFORMED or KS_TRUNCATED:
 * the sender's fault; KS_FULL: a limit of ours.  A series whose labels are no good is
 * passed over and counted in ret_rows->bad; it never enters known. */
KS_MUST int remote_write_read(struct span body, struct known *known, struct rows *ret_rows,
    struct why *why);
/* The raw label fields as the store's labels: sorted, `name 0xff value 0xff`.  A name
 * that keisoku itself uses gets one more label, so that nobody writes over what was
 * measured here. */
KS_MUST int remote_write_labels(struct span raw, struct text *ret_labels, struct why *why);
#endif
