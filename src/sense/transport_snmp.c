/* src/sense/transport_snmp.c - sessions: opening, the engine's name, time-outs. */
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include "sense/transport_snmp.h"
#include "sense/transport_snmp_keys.h"
#include <stdlib.h>
#include <sys/resource.h>

enum { SNMP_TICK_MS = 100 };

struct hub_snmp {
	netsnmp_large_fd_set fds;
	struct snmp_keys *keys;
	uint32_t open, most; /* sessions */
};

/* Not init_snmp(): it reads MIBs and configuration files and makes folders for
 * certificates, whatever it is told.  Only what sessions and users need. */
static void library_start(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	netsnmp_ds_set_string(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_APPTYPE, "keisoku");
	snmp_disable_log();
	netsnmp_container_init_list();
	init_callbacks();
	init_snmp_transport();
	init_snmpv3("keisoku");
	/* the nameless user of discovery, and a random start for the salts */
	(void)snmp_call_callbacks(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_PREMIB_READ_CONFIG,
	    NULL);
}

static struct hub_snmp *hub_snmp(struct hub *hub)
{
	struct rlimit files = { 1024, 1024 };

	if (hub->snmp != NULL)
		return hub->snmp;
	hub->snmp = calloc(1, sizeof *hub->snmp);
	if (hub->snmp == NULL)
		return NULL;
	library_start();
	(void)getrlimit(RLIMIT_NOFILE, &files);
	hub->snmp->most = files.rlim_cur / 2 < LIMIT_POLL_SESSIONS ?
	    (uint32_t)(files.rlim_cur / 2) : LIMIT_POLL_SESSIONS;
	netsnmp_large_fd_set_init(&hub->snmp->fds, FD_SETSIZE);
	return hub->snmp;
}

void hub_snmp_free(struct hub_snmp *snmp)
{
	if (snmp == NULL)
		return;
	snmp_keys_free(snmp->keys);
	netsnmp_large_fd_set_cleanup(&snmp->fds);
	free(snmp);
}

static int read_secret(struct channel_of_snmp *snmp, struct why *why)
{
	struct secret secret = { 0 };
	int code = secret_read(snmp->about->secret, &secret, why);
	struct span community = secret.community.left > 0 ? secret.community : secret.alone;

	if (code != KS_OK)
		return code;
	snmp->version = SNMP_VERSION_2c;
	if (secret.user.left > 0 || span_equal(secret.version, "3"))
		snmp->version = SNMP_VERSION_3;
	else if (span_equal(secret.version, "1"))
		snmp->version = SNMP_VERSION_1;
	if (snmp->version == SNMP_VERSION_3)
		return secret.user.left == 0 ?
		    fail(why, KS_MALFORMED, "secret file: SNMP version 3 needs user=") :
		    snmp_keys_find(&snmp->channel.hub->snmp->keys, snmp->about, &secret, &snmp->keys,
			why);
	if (community.left == 0)
		community = span_text("public");
	snmp->channel.clear = true;
	return secret_copy(community, snmp->community, sizeof snmp->community, why);
}

static void answer(struct channel_of_snmp *snmp, int code, struct span reply,
    const struct why *why)
{
	struct text text = snmp->reply; /* the next ask may begin within answer() */

	snmp->ask = NULL;
	snmp->reply = (struct text){ 0 };
	snmp->channel.deadline = UINT64_MAX;
	snmp->channel.answer(snmp->channel.user, code, reply, why);
	text_done(&text);
}

static void session_close(struct channel_of_snmp *snmp)
{
	void *session = snmp->session;

	if (session == NULL)
		return;
	snmp->session = NULL; /* callbacks of the closing session are not for us */
	if (snmp->engine_known && snmp->keys != NULL) {
		netsnmp_session *old = snmp_sess_session(session);
		struct usmUser *user = usm_get_user(old->securityEngineID,
		    old->securityEngineIDLen, old->securityName);

		if (user != NULL && user->engineIDLen > 0) {
			(void)usm_remove_user(user);
			(void)usm_free_user(user);
		}
	}
	NETSNMP_LARGE_FD_CLR(snmp->fd, &snmp->channel.hub->snmp->fds);
	snmp->channel.hub->snmp->open--;
	(void)uv_poll_stop(snmp->poll);
	uv_close((uv_handle_t *)snmp->poll, (uv_close_cb)free);
	snmp->poll = NULL;
	(void)snmp_sess_close(session);
	snmp->fd = -1;
	snmp->engine_known = snmp->probing = false;
}

static void finish(struct channel_of_snmp *snmp, int code, const struct why *why)
{
	struct why copy = { 0 };

	if (why != NULL)
		copy = *why;
	answer(snmp, code, (struct span){ 0 }, &copy);
}

int snmp_noted(int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu,
    void *magic)
{
	struct channel_of_snmp *snmp = magic;

	(void)reqid;
	if (snmp->session == NULL || snmp->ask == NULL || operation == NETSNMP_CALLBACK_OP_RESEND)
		return 1;
	if (operation == NETSNMP_CALLBACK_OP_TIMED_OUT ||
	    operation == NETSNMP_CALLBACK_OP_SEND_FAILED ||
	    operation == NETSNMP_CALLBACK_OP_DISCONNECT) {
		snmp->noted = SNMP_FAILED;
		snmp->code = fail(&snmp->why, KS_LATE, "%s: no answer by SNMP", snmp->about->name);
	} else if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE || pdu == NULL) {
		snmp->noted = SNMP_FAILED;
		snmp->code = fail(&snmp->why, KS_REFUSED, "%s: %s", snmp->about->name,
		    snmp_api_errstring(session->s_snmp_errno));
	} else if (snmp->probing) {
		snmp->noted = SNMP_AGAIN;
		if (session->securityEngineIDLen == 0) {
			snmp->noted = SNMP_FAILED;
			snmp->code = fail(&snmp->why, KS_MALFORMED,
			    "%s: the SNMPv3 engine does not say its name", snmp->about->name);
		}
	} else if (pdu->command == SNMP_MSG_REPORT) {
		snmp->noted = SNMP_FAILED;
		snmp->code = fail(&snmp->why, KS_REFUSED, "%s: SNMPv3 refused: %s",
		    snmp->about->name, snmp_api_errstring(snmpv3_get_report_type(pdu)));
	} else {
		snmp_ask_take(snmp, pdu);
	}
	return 1;
}

static int send_probe(struct channel_of_snmp *snmp, struct why *why)
{
	netsnmp_session *session = snmp_sess_session(snmp->session);
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	if (pdu == NULL)
		return fail(why, KS_FULL, "%s: out of memory", snmp->about->name);
	pdu->version = SNMP_VERSION_3;
	pdu->securityName = strdup("");
	pdu->securityNameLen = 0;
	pdu->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	pdu->securityModel = SNMP_SEC_MODEL_USM;
	session->flags |= SNMP_FLAGS_DONT_PROBE; /* the library's own probe blocks */
	snmp->probing = true;
	snmp->noted = SNMP_NOTHING;
	if (snmp_sess_async_send(snmp->session, pdu, snmp_noted, snmp) == 0) {
		snmp_free_pdu(pdu);
		return fail(why, KS_IO, "%s: %s", snmp->about->name,
		    snmp_api_errstring(session->s_snmp_errno));
	}
	return KS_OK;
}

/* Sends what is next; answers when the ask is whole or has failed. */
static void go_on(struct channel_of_snmp *snmp)
{
	struct why why = { 0 };
	int code = KS_OK;

	while (snmp->noted == SNMP_AGAIN) {
		snmp->noted = SNMP_NOTHING;
		if (snmp->probing) {
			snmp->probing = false;
			snmp->engine_known = true;
			if (create_user_from_session(snmp_sess_session(snmp->session)) !=
			    SNMPERR_SUCCESS) {
				code = fail(&why, KS_REFUSED, "%s: SNMPv3 keys can not be made",
				    snmp->about->name);
				finish(snmp, code, &why);
				return;
			}
		}
		code = snmp_ask_send(snmp, &why);
		snmp->channel.deadline = uv_now(snmp->channel.hub->loop) +
	    hub_wait(snmp->channel.hub, SNMP_WAIT_MS) + 5;
		if (code != KS_OK) {
			finish(snmp, code, &why);
			return;
		}
	}
	if (snmp->noted == SNMP_FAILED) {
		snmp->noted = SNMP_NOTHING;
		why = snmp->why;
		finish(snmp, snmp->code, &why);
	} else if (snmp->noted == SNMP_WHOLE) {
		snmp->noted = SNMP_NOTHING;
		if (snmp->reply.full)
			finish(snmp, fail(&why, KS_FULL, "%s: more variables than fit in %d bytes",
			    snmp->about->name, LIMIT_REPLY_BYTES), &why);
		else
			answer(snmp, KS_OK, text_span(&snmp->reply), NULL);
	}
}

static void readable(uv_poll_t *poll, int status, int events)
{
	struct channel_of_snmp *snmp = poll->data;
	netsnmp_large_fd_set *fds = &snmp->channel.hub->snmp->fds;

	(void)events;
	if (status < 0 || snmp->session == NULL)
		return;
	NETSNMP_LARGE_FD_SET(snmp->fd, fds);
	(void)snmp_sess_read2(snmp->session, fds);
	NETSNMP_LARGE_FD_CLR(snmp->fd, fds);
	if (snmp->ask != NULL)
		go_on(snmp);
}

static void fill_session(const struct channel_of_snmp *snmp, netsnmp_session *ret)
{
	const struct snmp_keys *keys = snmp->keys;

	ret->version = snmp->version;
	ret->timeout = (long)hub_wait(snmp->channel.hub, SNMP_WAIT_MS) * 1000;
	ret->retries = SNMP_TRIES - 1;
	ret->flags |= SNMP_FLAGS_DONT_PROBE;
	if (snmp->version != SNMP_VERSION_3) {
		/* net-snmp copies it, and never writes through the pointer */
		ret->community = (u_char *)(uintptr_t)snmp->community;
		ret->community_len = strlen(snmp->community);
		return;
	}
	ret->securityModel = SNMP_SEC_MODEL_USM;
	ret->securityLevel = keys->priv != NULL ? SNMP_SEC_LEVEL_AUTHPRIV :
	    keys->auth != NULL ? SNMP_SEC_LEVEL_AUTHNOPRIV : SNMP_SEC_LEVEL_NOAUTH;
	ret->securityName = (char *)(uintptr_t)keys->user;
	ret->securityNameLen = strlen(keys->user);
	ret->contextName = (char *)(uintptr_t)keys->context;
	ret->contextNameLen = strlen(keys->context);
	ret->securityAuthProto = (oid *)(uintptr_t)(keys->auth != NULL ? keys->auth : usmNoAuthProtocol);
	ret->securityAuthProtoLen = 10;
	ret->securityPrivProto = (oid *)(uintptr_t)(keys->priv != NULL ? keys->priv : usmNoPrivProtocol);
	ret->securityPrivProtoLen = 10;
	if (keys->auth != NULL) {
		memcpy(ret->securityAuthKey, keys->auth_key, keys->auth_key_n);
		ret->securityAuthKeyLen = keys->auth_key_n;
	}
	if (keys->priv != NULL) {
		memcpy(ret->securityPrivKey, keys->priv_key, keys->priv_key_n);
		ret->securityPrivKeyLen = keys->priv_key_n;
	}
}

static int session_open(struct channel_of_snmp *snmp, struct why *why)
{
	char host[INET6_ADDRSTRLEN], peer[INET6_ADDRSTRLEN + 16];
	netsnmp_session about;
	struct hub *hub = snmp->channel.hub;
	bool six = snmp->address.ss_family == AF_INET6;
	uint16_t port = ntohs(((struct sockaddr_in *)(void *)&snmp->address)->sin_port);

	address_text(&snmp->address, host);
	(void)snprintf(peer, sizeof peer, six ? "udp6:[%s]:%u" : "udp:%s:%u", host, port);
	snmp_sess_init(&about);
	fill_session(snmp, &about);
	about.peername = peer;
	snmp->poll = calloc(1, sizeof *snmp->poll);
	snmp->session = snmp->poll != NULL ? snmp_sess_open(&about) : NULL;
	explicit_bzero(&about, sizeof about);
	snmp->fd = snmp->session != NULL ? snmp_sess_transport(snmp->session)->sock : -1;
	if (snmp->fd < 0 || uv_poll_init(hub->loop, snmp->poll, snmp->fd) != 0) {
		if (snmp->session != NULL)
			(void)snmp_sess_close(snmp->session);
		free(snmp->poll);
		snmp->session = NULL;
		snmp->poll = NULL;
		return fail(why, KS_IO, "%s: no socket for SNMP (%s); raise the limit of open files?",
		    snmp->about->name, strerror(errno));
	}
	snmp->poll->data = snmp;
	(void)uv_poll_start(snmp->poll, UV_READABLE, readable);
	hub->snmp->open++;
	return KS_OK;
}

/* The address is known: the ask goes out. */
static int begin(struct channel_of_snmp *snmp, struct why *why)
{
	int code = KS_OK;

	if (snmp->session == NULL)
		code = session_open(snmp, why);
	snmp->channel.deadline = uv_now(snmp->channel.hub->loop) +
	    hub_wait(snmp->channel.hub, SNMP_WAIT_MS) + 5;
	if (code != KS_OK)
		return code;
	if (snmp->version == SNMP_VERSION_3 && !snmp->engine_known)
		return send_probe(snmp, why);
	return snmp_ask_send(snmp, why);
}

static void found(void *user, int code, const struct sockaddr_storage *address)
{
	struct channel_of_snmp *snmp = user;
	struct why why = { 0 };

	if (code == KS_OK) {
		snmp->address = *address;
		snmp->looked_up = true;
		code = begin(snmp, &why);
	} else {
		(void)fail(&why, code, "%s: no such name: %s", snmp->about->name,
		    snmp->about->address);
	}
	if (code != KS_OK)
		finish(snmp, code, &why);
	else
		go_on(snmp);
}

static int snmp_open_channel(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_snmp *snmp;
	int code;

	if (hub_snmp(hub) == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	snmp = calloc(1, sizeof *snmp);
	if (snmp == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	snmp->channel = (struct channel){ .kind = &channel_snmp, .hub = hub,
		.deadline = UINT64_MAX };
	snmp->about = about;
	snmp->fd = -1;
	code = read_secret(snmp, why);
	if (code != KS_OK) {
		free(snmp);
		return code;
	}
	*ret_channel = &snmp->channel;
	return KS_OK;
}

static int snmp_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_snmp *snmp = (struct channel_of_snmp *)channel;
	char host[HOST_ROOM];
	uint16_t port = 0;
	int code;

	if (ask->what != ASK_GET && ask->what != ASK_WALK)
		return fail(why, KS_MALFORMED, "%s: SNMP can only get and walk", snmp->about->name);
	snmp->ask = ask;
	snmp->noted = SNMP_NOTHING;
	code = snmp_ask_begin(snmp, why);
	if (code == KS_OK && snmp->looked_up) {
		code = begin(snmp, why);
	} else if (code == KS_OK) {
		uint16_t usual = snmp->about->port != 0 ? snmp->about->port : 161;

		code = address_split(span_text(snmp->about->address), usual, host, &port, why);
		snmp->looked_up = code == KS_OK && address_number(host, port, &snmp->address);
		if (snmp->looked_up) {
			code = begin(snmp, why);
		} else if (code == KS_OK) {
			snmp->lookup.port = port;
			snmp->lookup.user = snmp;
			snmp->lookup.found = found;
			code = lookup_start(&snmp->lookup, channel->hub->loop, host, why);
		}
	}
	if (code != KS_OK) {
		snmp->ask = NULL;
		text_done(&snmp->reply);
		channel->deadline = UINT64_MAX;
	} else if (snmp->noted != SNMP_NOTHING) {
		channel->deadline = 0; /* nothing had to be sent: tick() answers */
	}
	return code;
}

static void snmp_tick(struct channel *channel, uint64_t now)
{
	struct channel_of_snmp *snmp = (struct channel_of_snmp *)channel;

	channel->deadline = now + SNMP_TICK_MS;
	if (snmp->session == NULL)
		return; /* a name is still being looked up */
	if (snmp->noted == SNMP_NOTHING)
		snmp_sess_timeout(snmp->session);
	go_on(snmp);
}

static void snmp_rest(struct channel *channel, bool healthy)
{
	struct channel_of_snmp *snmp = (struct channel_of_snmp *)channel;

	if (!healthy || channel->hub->snmp->open > channel->hub->snmp->most)
		session_close(snmp);
	if (!healthy)
		snmp->looked_up = false; /* the name may lead elsewhere by now */
}

static void snmp_gone(void *user)
{
	struct channel_of_snmp *snmp = user;

	explicit_bzero(snmp->community, sizeof snmp->community);
	free(snmp);
}

static void snmp_close_channel(struct channel *channel)
{
	struct channel_of_snmp *snmp = (struct channel_of_snmp *)channel;

	session_close(snmp);
	text_done(&snmp->reply);
	snmp->ask = NULL;
	if (!lookup_cancel(&snmp->lookup, snmp_gone))
		snmp_gone(snmp);
}

const struct channel_kind channel_snmp = {
	.open = snmp_open_channel, .ask = snmp_ask, .tick = snmp_tick, .rest = snmp_rest,
	.close = snmp_close_channel,
};
