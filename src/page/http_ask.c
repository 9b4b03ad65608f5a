/* src/page/http_ask.c - what a request says, and answers that do not end. */
#include "page/http_in.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { STREAM_BLOCK = 64 }; /* the library fills its own buffer; this is only for HTTP/1.0 */

uint32_t http_connections(const struct http *http)
{
	return http->connections_n;
}

const char *http_method(const struct http_request *request)
{
	return request->method;
}

const char *http_path(const struct http_request *request)
{
	return request->path != NULL ? request->path : "";
}

const char *http_header(const struct http_request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->mhd, MHD_HEADER_KIND, name);

	return value != NULL ? value : "";
}

struct span http_body(const struct http_request *request)
{
	return span_of(request->body, request->body_n);
}

bool http_local(const struct http_request *request)
{
	return request->http->options.local;
}

bool http_secure(const struct http_request *request)
{
	return request->http->tls != NULL;
}

struct span http_peer(const struct http_request *request)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(request->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info != NULL ? info->client_addr : NULL;

	if (address != NULL && address->sa_family == AF_INET)
		return span_of(&((const struct sockaddr_in *)address)->sin_addr, 4);
	if (address != NULL && address->sa_family == AF_INET6)
		return span_of(&((const struct sockaddr_in6 *)address)->sin6_addr, 8);
	return span_of(NULL, 0);
}

void **http_user(struct http_request *request)
{
	return &request->user;
}

const char *http_query(const struct http_request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->mhd, MHD_GET_ARGUMENT_KIND, name);

	return value != NULL ? value : "";
}

const char *http_query_raw(const struct http_request *request)
{
	return request->query != NULL ? request->query : "";
}

/* Nothing to say: sleep until there is. */
static ssize_t stream_read(void *user, uint64_t at, char *room, size_t most)
{
	struct http_request *request = user;
	size_t n = request->out_n - request->out_at;

	(void)at;
	if (n == 0 && request->over)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		request->asleep = true;
		MHD_suspend_connection(request->mhd);
		return 0;
	}
	n = n < most ? n : most;
	memcpy(room, request->out + request->out_at, n);
	request->out_at += n;
	return (ssize_t)n;
}

void http_stream(struct http_request *request)
{
	if (request->response != NULL)
		return;
	request->status = 200;
	request->stream = true;
	request->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK,
	    stream_read, request, NULL);
	if (request->response == NULL)
		return;
	(void)MHD_add_response_header(request->response, "Content-Type", "text/event-stream");
	(void)MHD_add_response_header(request->response, "Cache-Control", "no-store");
	(void)MHD_add_response_header(request->response, "X-Content-Type-Options", "nosniff");
}

void http_stream_end(struct http_request *request)
{
	request->over = true;
	if (request->asleep) {
		request->asleep = false;
		MHD_resume_connection(request->mhd);
	}
}

bool http_is_stream(const struct http_request *request)
{
	return request->stream;
}

void http_push(struct http_request *request, struct span bytes)
{
	if (request->out_at < request->out_n)
		return; /* it does not keep up: the next one says the same, only newer */
	if (bytes.left > request->out_room) {
		uint8_t *out = realloc(request->out, bytes.left);

		if (out == NULL)
			return;
		request->out = out;
		request->out_room = bytes.left;
	}
	memcpy(request->out, bytes.at, bytes.left);
	request->out_n = bytes.left;
	request->out_at = 0;
	if (request->asleep) {
		request->asleep = false;
		MHD_resume_connection(request->mhd);
	}
}
