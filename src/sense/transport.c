/* src/sense/transport.c - what all channels share. */
#include "sense/transport.h"
#include "sense/transport_http.h"
#include "sense/transport_snmp.h"

const struct channel_kind *const channel_kinds[TRANSPORTS] = {
	[VIA_FILE] = &channel_file,
	[VIA_SNMP] = &channel_snmp,
	[VIA_HTTP] = &channel_http,
	[VIA_STREAM] = &channel_stream,
	[VIA_MODBUS] = &channel_modbus,
	[VIA_COMMAND] = &channel_command,
};

void hub_init(struct hub *hub, uv_loop_t *loop, const struct poll_options *options)
{
	*hub = (struct hub){ .loop = loop, .spawn = options->spawn, .seed = options->seed,
		.factor = options->factor,
		.root = options->root != NULL ? options->root : "" };
}

void hub_done(struct hub *hub)
{
	hub_snmp_free(hub->snmp);
	hub_http_free(hub->http);
	hub->snmp = NULL;
	hub->http = NULL;
}
