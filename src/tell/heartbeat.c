/* src/tell/heartbeat.c - the dead-man's signal: a URL called while keisoku measures and
 * judges; whoever listens there tells when it stops. */
#include "tell/channel.h"

CHANNEL_MAKE(heartbeat)
{
	int code = json_post(story, secret, dispatch, why);

	dispatch->method = "GET";
	return code;
}
