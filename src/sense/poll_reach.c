/* src/sense/poll_reach.c - is it there?  By echo, by TCP, by SNMP's sysUpTime. */
#include "sense/poll_in.h"
#include "sense/poll_ping.h"
#include "sense/snmp/varbind.h"
#include <errno.h>
#include <stdlib.h>

/* 1.3.6.1.2.1.1.3.0: hundredths of a second since the agent's start */
static int uptime_ask(struct talk *talk, struct ask *ret_ask, struct why *why)
{
	static const char text[] = "1.3.6.1.2.1.1.3.0";
	struct oid oid;
	uint8_t packed[32];

	(void)why;
	if (talk->turn > 0 || !oid_read(span_of(text, sizeof text - 1), &oid))
		return KS_OK; /* ASK_NONE */
	ret_ask->what = ASK_GET;
	(void)ask_oid(span_of(packed, oid_pack(&oid, packed, sizeof packed)), ret_ask->send,
	    sizeof ret_ask->send, &ret_ask->send_n);
	return KS_OK;
}

static int uptime_read(struct talk *talk, struct span reply, struct why *why)
{
	struct varbind var;
	struct offer *offer;
	int code = varbind_cut(&reply, &var);

	if (code != KS_OK)
		return fail(why, KS_MALFORMED, "%s: no sysUpTime in the answer", talk->probe->name);
	if (!varbind_there(&var) || var.type != VAR_TICKS)
		return KS_OK; /* it answered, that is enough */
	offer = talk_offer(talk);
	if (offer == NULL)
		return KS_OK;
	(void)snprintf(offer->id, sizeof offer->id, "uptime");
	(void)snprintf(offer->label, sizeof offer->label, "sysUpTime");
	(void)snprintf(offer->source, sizeof offer->source, ".1.3.6.1.2.1.1.3.0");
	offer->kind = MEASURE_UPTIME;
	offer->milli = var.number * 10;
	return KS_OK;
}

const struct driver driver_uptime = {
	.name = "uptime", .says = "time since the SNMP agent started", .via = VIA_SNMP,
	.port = 161, .ask = uptime_ask, .read = uptime_read,
};

/* Icmp. */

static void ping_answered(struct poller *poller, uint32_t who, uint32_t number)
{
	struct device_polled *device = who < poller->devices_n ? &poller->devices[who] : NULL;

	if (device == NULL || device->is != DEVICE_PINGED || device->state != DEVICE_FLIES ||
	    number - device->first_number > device->number - device->first_number)
		return;
	device_done(device, KS_OK, NULL);
}

static bool is_raw(int fd)
{
	int type = 0;
	socklen_t n = sizeof type;

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 && type == SOCK_RAW;
}

static void ping_readable(uv_poll_t *poll, int status, int events)
{
	struct poller *poller = poll->data;
	bool six = poller != NULL && poll == poller->pings[1];
	uint8_t packet[512];

	(void)events;
	if (poller == NULL || status < 0)
		return;
	int fd = six ? poller->options.icmp6 : poller->options.icmp4;
	bool raw = is_raw(fd);

	for (int i = 0; i < 256; i++) {
		ssize_t n = recv(fd, packet, sizeof packet, MSG_DONTWAIT);
		uint32_t who, number;

		if (n <= 0)
			return;
		if (ping_read(span_of(packet, (size_t)n), six, raw && !six, poller->options.seed,
			&who, &number))
			ping_answered(poller, who, number);
	}
}

static int ping_watch(struct poller *poller, int fd, unsigned which, struct why *why)
{
	uv_poll_t *poll;

	if (fd <= 0)
		return KS_OK;
	poll = calloc(1, sizeof *poll);
	if (poll == NULL || uv_poll_init(poller->hub.loop, poll, fd) != 0) {
		free(poll);
		return fail(why, KS_IO, "the socket for ping can not be watched");
	}
	poll->data = poller;
	poller->pings[which] = poll;
	(void)uv_poll_start(poll, UV_READABLE, ping_readable);
	uv_unref((uv_handle_t *)poll);
	return KS_OK;
}

int ping_open(struct poller *poller, struct why *why)
{
	int code = ping_watch(poller, poller->options.icmp4, 0, why);

	return code == KS_OK ? ping_watch(poller, poller->options.icmp6, 1, why) : code;
}

void ping_close(struct poller *poller)
{
	for (unsigned i = 0; i < 2; i++)
		if (poller->pings[i] != NULL) {
			(void)uv_poll_stop(poller->pings[i]);
			poller->pings[i]->data = NULL;
			uv_close((uv_handle_t *)poller->pings[i], (uv_close_cb)free);
			poller->pings[i] = NULL;
		}
}

static int ping_send(struct device_polled *device, struct why *why)
{
	struct poller *poller = device->poller;
	bool six = device->address.ss_family == AF_INET6;
	int fd = six ? poller->options.icmp6 : poller->options.icmp4;
	uint8_t packet[PING_BYTES];

	if (fd <= 0)
		return fail(why, KS_ABSENT, "%s: no ping: %s", device->about.name,
		    poller->options.icmp_why != NULL ? poller->options.icmp_why :
						       "there is no socket for it");
	device->number++;
	ping_write(six, device->index, device->number, poller->options.seed, packet);
	/* a full buffer or an unreachable net is a lost ping, not an error */
	if (sendto(fd, packet, sizeof packet, MSG_DONTWAIT,
		(const struct sockaddr *)(const void *)&device->address,
		address_size(&device->address)) < 0 && (errno == EPERM || errno == EACCES))
		return fail(why, KS_ABSENT, "%s: ping is not allowed: %s", device->about.name,
		    strerror(errno));
	device_move(device, uv_now(poller->hub.loop) + hub_wait(&poller->hub, PING_WAIT_MS));
	return KS_OK;
}

/* Tcp. */

static void connected(uv_connect_t *request, int status)
{
	struct device_polled *device = request->handle->data;

	free(request);
	if (device == NULL)
		return;
	reach_stop(device);
	if (status == 0) {
		device_done(device, KS_OK, NULL);
	} else if (status == UV_ECONNREFUSED) {
		struct why why = { 0 };

		(void)fail(&why, KS_REFUSED, "%s: port %u: %s", device->about.name, device->port,
		    uv_strerror(status));
		device_done(device, KS_REFUSED, &why);
	} /* else: lost; the deadline tries again */
}

static int connect_send(struct device_polled *device, struct why *why)
{
	uv_connect_t *request = malloc(sizeof *request);
	struct poller *poller = device->poller;

	device->tcp = request != NULL ? malloc(sizeof *device->tcp) : NULL;
	if (device->tcp == NULL || uv_tcp_init(poller->hub.loop, device->tcp) != 0) {
		free(request);
		free(device->tcp);
		device->tcp = NULL;
		return fail(why, KS_FULL, "%s: out of memory", device->about.name);
	}
	device->tcp->data = device;
	if (uv_tcp_connect(request, device->tcp,
		(const struct sockaddr *)(const void *)&device->address, connected) != 0) {
		free(request);
		reach_stop(device); /* lost; the deadline tries again */
	}
	device_move(device, uv_now(poller->hub.loop) + hub_wait(&poller->hub, CONNECT_WAIT_MS));
	return KS_OK;
}

static int reach_send(struct device_polled *device, struct why *why)
{
	device->tries++;
	return device->is == DEVICE_PINGED ? ping_send(device, why) : connect_send(device, why);
}

static void lookup_gone(void *user)
{
	free(user);
}

/* lookup->user is the lookup itself once the device has left it. */
static void found(void *user, int code, const struct sockaddr_storage *address)
{
	struct device_polled *device = user;
	struct lookup *lookup = device->lookup;
	struct why why = { 0 };

	device->lookup = NULL;
	free(lookup);
	if (code == KS_OK) {
		device->address = *address;
		device->looked_up = true;
		code = reach_send(device, &why);
	} else {
		(void)fail(&why, code, "%s: no such name: %s", device->about.name,
		    device->about.address);
	}
	if (code != KS_OK)
		device_done(device, code, &why);
}

int reach_begin(struct device_polled *device, struct why *why)
{
	struct poller *poller = device->poller;
	char host[HOST_ROOM];
	uint16_t port = device->port;
	int code;

	device->tries = 0;
	device->first_number = device->number + 1;
	if (!device->looked_up) {
		code = address_split(span_text(device->about.address), port, host, &port, why);
		if (code != KS_OK)
			return code;
		/* check=tcp:PORT wins over a port in the address */
		port = device->port != 0 ? device->port : port;
		device->looked_up = address_number(host, port, &device->address);
	}
	if (device->looked_up)
		return reach_send(device, why);
	device->lookup = calloc(1, sizeof *device->lookup);
	if (device->lookup == NULL)
		return fail(why, KS_FULL, "%s: out of memory", device->about.name);
	device->lookup->port = port;
	device->lookup->user = device;
	device->lookup->found = found;
	device_move(device, UINT64_MAX);
	code = lookup_start(device->lookup, poller->hub.loop, host, why);
	if (code != KS_OK) {
		free(device->lookup);
		device->lookup = NULL;
	}
	return code;
}

void reach_tick(struct device_polled *device, uint64_t now)
{
	uint32_t most = device->is == DEVICE_PINGED ? REACH_TRIES : REACH_TRIES / 2;
	struct why why = { 0 };
	int code = KS_OK;

	(void)now;
	reach_stop(device);
	/* one known to be gone is asked three times; one that was there until it is sure */
	if (device->tries >= (device->fails > 0 ? 3 : most))
		code = fail(&why, KS_LATE, "%s: no answer to %u tries", device->about.name,
		    device->tries);
	else
		code = reach_send(device, &why);
	if (code != KS_OK)
		device_done(device, code, &why);
}

void reach_stop(struct device_polled *device)
{
	if (device->tcp != NULL) {
		device->tcp->data = NULL;
		uv_close((uv_handle_t *)device->tcp, (uv_close_cb)free);
		device->tcp = NULL;
	}
	if (device->lookup != NULL) {
		device->lookup->user = device->lookup;
		(void)lookup_cancel(device->lookup, lookup_gone);
		device->lookup = NULL;
	}
}
