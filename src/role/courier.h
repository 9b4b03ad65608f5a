/* src/role/courier.h - the courier, inside: courier.c takes deliveries from core and
 * gives receipts; courier_send.c sends one by libcurl, courier_udp.c by a datagram.
 * What is said of a failure never has a URL, an answer's text or a secret in it. */
#ifndef KS_ROLE_COURIER_H
#define KS_ROLE_COURIER_H
#include "role/worker.h"
#include "role/zones.h"
#include "tell/channel.h"
#include <curl/curl.h>

enum { COURIER_CONNECT_MS = 10000, COURIER_ALL_MS = 30000 };

struct courier;
struct flight {
	bool used;
	struct courier *courier;
	uint64_t id; /* of the telling */
	int64_t began_ms; /* monotonic */
	struct dispatch dispatch;
	CURL *easy;
	struct curl_slist *headers, *receivers;
	size_t sent;	 /* of the body, to SMTP */
	size_t received; /* of the answer: read and forgotten, up to a limit */
	uv_getaddrinfo_t *find; /* a datagram's way; own memory */
};

struct courier {
	struct worker *worker;
	struct line core;
	struct zones zones;
	CURLM *multi;
	uv_timer_t *timer; /* owns itself once closed */
	struct flight flights[LIMIT_TELL_FLIGHT];
	uint64_t full;
};

/* courier.c: it is over; the receipt goes to core.  text: English, without secrets. */
void flight_end(struct flight *flight, int code, unsigned status, unsigned retry_s,
    const char *text);
/* courier_send.c */
KS_MUST int courier_multi(struct courier *courier, struct why *why);
void courier_multi_free(struct courier *courier);
KS_MUST int flight_send(struct flight *flight, struct why *why);
void flight_drop(struct flight *flight);
/* courier_udp.c */
KS_MUST int flight_datagram(struct flight *flight, struct why *why);
#endif
