/* src/sense/transport_snmp.h - SNMP v1, v2c and v3 by net-snmp's single-session API:
 * one descriptor a device, large descriptor sets, no configuration files, no MIBs, no
 * state kept.  v3 engines are discovered without blocking (RFC 3414 section 4): an
 * empty request is sent, the engine's report names it, then the user's keys are made.
 *
 * Inside net-snmp's callbacks nothing is decided, only noted: the session that calls
 * might be closed by what follows. */
#ifndef KS_SENSE_TRANSPORT_SNMP_H
#define KS_SENSE_TRANSPORT_SNMP_H
#include "base/text.h"
#include "sense/transport.h"
#include "sense/transport_address.h"
#include "sense/transport_secret.h"

struct hub_snmp;
struct snmp_keys;
void hub_snmp_free(struct hub_snmp *snmp);

enum { SNMP_GET_MOST = 32, SNMP_BULK_MOST = 25, SNMP_OIDS_MOST = 512 };

struct channel_of_snmp {
	struct channel channel;
	const struct channel_about *about;
	long version;			/* SNMP_VERSION_1 ... */
	char community[128];
	const struct snmp_keys *keys;	/* v3; the hub's */
	struct lookup lookup;
	bool looked_up, closing;
	struct sockaddr_storage address;

	void *session;			/* NULL: closed */
	int fd;
	uv_poll_t *poll;
	bool engine_known, probing;

	const struct ask *ask;		/* under way; NULL: none */
	struct text reply;
	uint16_t at, next;		/* GET: bytes of send answered; end of those asked */
	uint16_t most;			/* GET: variables a request; WALK: repetitions */
	uint16_t first;			/* GET: number of the first one asked */
	uint32_t got;			/* WALK: variables so far */
	uint8_t missing[SNMP_OIDS_MOST / 8];
	size_t last_n;			/* WALK: where it stands */
	unsigned long last[128];

	enum { SNMP_NOTHING, SNMP_AGAIN, SNMP_WHOLE, SNMP_FAILED } noted;
	int code;			/* of SNMP_FAILED */
	struct why why;
};

/* One request of the ask under way is built and sent (transport_snmp_ask.c). */
KS_MUST int snmp_ask_begin(struct channel_of_snmp *snmp, struct why *why);
KS_MUST int snmp_ask_send(struct channel_of_snmp *snmp, struct why *why);
/* Takes what came into the reply; notes what is to do next. */
struct snmp_pdu;
void snmp_ask_take(struct channel_of_snmp *snmp, struct snmp_pdu *pdu);
/* For net-snmp; magic is the channel. */
struct snmp_session;
int snmp_noted(int operation, struct snmp_session *session, int reqid, struct snmp_pdu *pdu,
    void *magic);
#endif
