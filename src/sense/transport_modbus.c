/* src/sense/transport_modbus.c - Modbus TCP by libmodbus, which blocks: each ask runs
 * on the thread pool.  ask.send = unit, function (1 coils, 2 discrete inputs, 3
 * holding, 4 input registers), be16 address, be16 count; the reply is count registers,
 * two bytes each, big-endian (for bits: 0 or 1). */
#include "sense/transport.h"
#include "sense/transport_address.h"
#include <errno.h>
#include <modbus.h>
#include <stdlib.h>

struct channel_of_modbus {
	struct channel channel;
	const struct channel_about *about;
	uv_work_t work;
	bool working, closed;
	/* for the worker alone while `working` */
	modbus_t *modbus;
	char host[HOST_ROOM];
	uint16_t port, at, count;
	uint8_t unit, function;
	uint8_t reply[2 * MODBUS_MAX_READ_REGISTERS];
	int code;
	struct why why;
};

static int give_up(struct channel_of_modbus *m, int error)
{
	bool silent = error == ETIMEDOUT || error == ECONNREFUSED || error == EHOSTUNREACH ||
	    error == ENETUNREACH || error == EINPROGRESS;
	bool refused = error >= EMBXILFUN && error <= EMBXGTAR;

	if (!refused && m->modbus != NULL) {
		modbus_close(m->modbus);
		modbus_free(m->modbus);
		m->modbus = NULL;
	}
	return fail(&m->why, silent ? KS_LATE : refused ? KS_REFUSED : KS_IO,
	    "%s: Modbus unit %d: %s", m->about->name, m->unit, modbus_strerror(error));
}

static int dial(struct channel_of_modbus *m)
{
	char port[8];

	if (m->modbus != NULL)
		return KS_OK;
	(void)snprintf(port, sizeof port, "%u", m->port);
	m->modbus = modbus_new_tcp_pi(m->host, port);
	if (m->modbus == NULL)
		return give_up(m, errno);
	(void)modbus_set_response_timeout(m->modbus, MODBUS_WAIT_MS / 1000,
	    MODBUS_WAIT_MS % 1000 * 1000);
	return modbus_connect(m->modbus) == 0 ? KS_OK : give_up(m, errno);
}

static int fetch(struct channel_of_modbus *m)
{
	uint16_t registers[MODBUS_MAX_READ_REGISTERS] = { 0 };
	uint8_t bits[MODBUS_MAX_READ_REGISTERS] = { 0 };
	int n;

	if (modbus_set_slave(m->modbus, m->unit) != 0)
		return give_up(m, errno);
	if (m->function <= 2)
		n = m->function == 1 ? modbus_read_bits(m->modbus, m->at, m->count, bits) :
				       modbus_read_input_bits(m->modbus, m->at, m->count, bits);
	else
		n = m->function == 3 ?
		    modbus_read_registers(m->modbus, m->at, m->count, registers) :
		    modbus_read_input_registers(m->modbus, m->at, m->count, registers);
	if (n != m->count)
		return give_up(m, n < 0 ? errno : EIO);
	for (unsigned i = 0; i < m->count; i++) {
		uint16_t value = m->function <= 2 ? bits[i] : registers[i];

		m->reply[2 * i] = (uint8_t)(value >> 8);
		m->reply[2 * i + 1] = (uint8_t)value;
	}
	return KS_OK;
}

static void work(uv_work_t *request)
{
	struct channel_of_modbus *m = request->data;

	m->code = dial(m);
	if (m->code == KS_OK)
		m->code = fetch(m);
}

static void hang_up(struct channel_of_modbus *m)
{
	if (m->modbus != NULL) {
		modbus_close(m->modbus);
		modbus_free(m->modbus);
	}
	m->modbus = NULL;
}

static void worked(uv_work_t *request, int status)
{
	struct channel_of_modbus *m = request->data;
	struct why why = m->why;

	(void)status;
	m->working = false;
	if (m->closed) {
		hang_up(m);
		free(m);
		return;
	}
	m->channel.answer(m->channel.user, m->code,
	    m->code == KS_OK ? span_of(m->reply, 2u * m->count) : (struct span){ .broken = true },
	    &why);
}

static int modbus_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_modbus *m = calloc(1, sizeof *m);
	int code;

	if (m == NULL)
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	m->channel = (struct channel){ .kind = &channel_modbus, .hub = hub,
		.deadline = UINT64_MAX };
	m->about = about;
	code = address_split(span_text(about->address), about->port != 0 ? about->port : 502,
	    m->host, &m->port, why);
	if (code != KS_OK) {
		free(m);
		return code;
	}
	*ret_channel = &m->channel;
	return KS_OK;
}

static int modbus_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_modbus *m = (struct channel_of_modbus *)channel;
	struct span send = span_of(ask->send, ask->send_n);
	int bad;

	m->unit = (uint8_t)span_be(&send, 1);
	m->function = (uint8_t)span_be(&send, 1);
	m->at = (uint16_t)span_be(&send, 2);
	m->count = (uint16_t)span_be(&send, 2);
	if (send.broken || m->function < 1 || m->function > 4 || m->count < 1 ||
	    m->count > MODBUS_MAX_READ_REGISTERS)
		return fail(why, KS_MALFORMED, "%s: no such Modbus request", m->about->name);
	m->work.data = m;
	m->why = (struct why){ 0 };
	bad = uv_queue_work(channel->hub->loop, &m->work, work, worked);
	if (bad != 0)
		return fail(why, KS_IO, "%s: %s", m->about->name, uv_strerror(bad));
	m->working = true;
	return KS_OK;
}

static void modbus_tick(struct channel *channel, uint64_t now)
{
	(void)now; /* libmodbus keeps the time */
	channel->deadline = UINT64_MAX;
}

static void modbus_rest(struct channel *channel, bool healthy)
{
	struct channel_of_modbus *m = (struct channel_of_modbus *)channel;

	(void)healthy; /* many gateways allow one connection: leave it to others */
	if (!m->working)
		hang_up(m);
}

static void modbus_close_channel(struct channel *channel)
{
	struct channel_of_modbus *m = (struct channel_of_modbus *)channel;

	m->closed = true;
	if (!m->working) {
		hang_up(m);
		free(m);
	}
}

const struct channel_kind channel_modbus = {
	.open = modbus_open, .ask = modbus_ask, .tick = modbus_tick, .rest = modbus_rest,
	.close = modbus_close_channel,
};
