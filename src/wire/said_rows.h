/* src/wire/said_rows.h - requests and handshakes that are under way, each until it is over and
 * becomes a row (cli/said_rows_say.c).  At most ROWS_WAIT of one worker wait: then the oldest is a
 * row as it is.  Addresses of requests are masked as in the report (uri_mask.h), and out of what
 * was found until then of that client and server. */
#ifndef KS_WIRE_SAID_ROWS_H
#define KS_WIRE_SAID_ROWS_H
#include "base/text.h"
#include "wire/hashset.h"
#include "wire/personal.h"
#include "wire/said.h"

enum { ROWS_WAIT = 16384, ROWS_BUCKETS = 4096, ROWS_FIELDS = 65536, ROWS_CHAINS = 256 };
enum waiting_kind { WAIT_HTTP, WAIT_HTTP_INSIDE, WAIT_TLS };

struct waiting {
	struct waiting *next; /* of the same bucket */
	struct waiting *older, *newer;
	struct flow_view ends; /* its name and tongue are not there any more */
	uint64_t number;
	uint8_t kind; /* enum waiting_kind */
	int64_t time_ns;
};

struct exchange {
	struct waiting base;
	struct span method, host, uri, agent, type; /* in texts */
	uint64_t request_bytes, response_bytes;
	uint16_t status;
	bool asked, answered; /* to the last byte */
	bool cut;	      /* its address or head */
	uint8_t texts[];
};

/* The server's certificate, as its row says it, and what is wrong with it as of then. */
struct leaf {
	char subject[1024], issuer[1024], serial[64], sha1[41], sha256[65];
	int64_t not_before_s, not_after_s;
	uint32_t verdicts;
	bool ca, told;
};
struct session {
	struct waiting base;
	struct leaf *leaf; /* NULL: none was seen */
	uint16_t version, cipher;
	bool chosen, settled, visible, resumed, quic, datagram;
	bool told; /* its row is written: it waits so that what comes late is no new one */
	uint8_t refused;
	char sni[256], alpn[64], ja3[33], ja4[40];
};

/* Judged before: the same chain for the same name, until the next date of the chain. */
struct judged_chain {
	uint64_t hash; /* 0: free */
	int64_t from_s, until_s;
	struct leaf leaf;
};

struct trust;
struct said_rows { /* of one worker */
	struct waiting *buckets[ROWS_BUCKETS], *oldest, *newest;
	size_t waiting;
	struct personal_search search;
	uint64_t search_flow, seed;
	struct hashset fields; /* in which something was found: client, server, name */
	bool fields_full;      /* all are masked then */
	const struct trust *trust;
	struct judged_chain *chains; /* ROWS_CHAINS */
	/* What is over. */
	void (*exchange)(void *context, const struct exchange *exchange, const char *uri);
	void (*session)(void *context, const struct session *session);
	void *context;
};

void said_rows_http(struct said_rows *rows, const struct said_head *head,
    const struct said_http *http);
void said_rows_http_end(struct said_rows *rows, const struct said_head *head,
    const struct said_http_end *end);
void said_rows_body(struct said_rows *rows, const struct said_head *head,
    const struct said_body *body);
void said_rows_tls(struct said_rows *rows, const struct said_head *head,
    const struct said_tls *tls);
/* What waits of that flow is over. */
void said_rows_flow(struct said_rows *rows, uint64_t flow);
/* All is over. */
void said_rows_end(struct said_rows *rows);
/* What waits is forgotten. */
void said_rows_done(struct said_rows *rows);

/* -- said_chain.c --------------------------------------------------------------------------- */
/* The leaf of the chain in a handshake that began at at_s; NULL: none, or no memory. */
struct leaf *leaf_new(struct said_rows *rows, const struct said_tls *tls, struct span name,
    int64_t at_s);
#endif
