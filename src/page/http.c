#include "page/http_in.h"
#include "base/drop.h"
#include "base/limits.h"
#include "page/http_door.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { ROUNDS = 65536 }; /* of reading before others have their turn */

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void connected(void *user, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode code)
{
	struct http *http = user;
	struct connection *c = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		c = calloc(1, sizeof *c);
		if (c == NULL)
			return;
		c->mhd = mhd;
		c->deadline_ms = http->options.now_ms(http->options.user) + HTTP_HEADER_MS;
		c->next = http->connections;
		c->at = &http->connections;
		if (c->next != NULL)
			c->next->at = &c->next;
		http->connections = c;
		http->connections_n++;
		*context = c;
	} else if (c != NULL) {
		*c->at = c->next;
		if (c->next != NULL)
			c->next->at = c->at;
		http->connections_n--;
		free(c);
		*context = NULL;
	}
}

static void headers_add(struct MHD_Response *response, const struct http_answer *answer)
{
	char retry[16];

	if (answer->type != NULL)
		(void)MHD_add_response_header(response, "Content-Type", answer->type);
	(void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(response, "Referrer-Policy", "same-origin");
	(void)MHD_add_response_header(response, "Cache-Control",
	    answer->stays ? "public, max-age=31536000, immutable" : answer->etag != 0 ?
	    "private, no-cache" : "no-store");
	(void)MHD_add_response_header(response, "Content-Security-Policy", answer->page ?
	    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'" :
	    "default-src 'none'; frame-ancestors 'none'");
	if (answer->gzip)
		(void)MHD_add_response_header(response, "Content-Encoding", "gzip");
	if (answer->page || answer->gzip)
		(void)MHD_add_response_header(response, "Vary",
		    "Accept-Encoding, Accept-Language, Cookie");
	if (answer->cookie != NULL)
		(void)MHD_add_response_header(response, "Set-Cookie", answer->cookie);
	if (answer->cookie2 != NULL)
		(void)MHD_add_response_header(response, "Set-Cookie", answer->cookie2);
	if (answer->challenge != NULL)
		(void)MHD_add_response_header(response, "WWW-Authenticate", answer->challenge);
	if (answer->verdict != NULL)
		(void)MHD_add_response_header(response, "Keisoku-Verdict", answer->verdict);
	if (answer->etag != 0) {
		char tag[24];

		(void)snprintf(tag, sizeof tag, "W/\"%016llx\"", (unsigned long long)answer->etag);
		(void)MHD_add_response_header(response, "ETag", tag);
	}
	if (answer->location != NULL)
		(void)MHD_add_response_header(response, "Location", answer->location);
	(void)snprintf(retry, sizeof retry, "%u", answer->retry_s);
	if (answer->retry_s > 0)
		(void)MHD_add_response_header(response, "Retry-After", retry);
}

static struct MHD_Response *response_of(const struct http_answer *answer)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(answer->body.left,
	    (void *)(uintptr_t)answer->body.at,
	    answer->stays ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY);

	if (response != NULL)
		headers_add(response, answer);
	return response;
}

static bool has_already(const struct http_request *request, const struct http_answer *answer)
{
	char tag[24];

	(void)snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)answer->etag);
	return answer->etag != 0 && answer->status == 200 &&
	    strstr(http_header(request, "If-None-Match"), tag) != NULL;
}

void http_answer(struct http_request *request, const struct http_answer *answer)
{
	struct http_answer same = *answer;

	if (request->response != NULL)
		return;
	if (has_already(request, answer)) {
		same.status = 304;
		same.body = span_of("", 0);
		answer = &same;
	}
	request->status = answer->status;
	request->response = response_of(answer);
	if (request->response != NULL && request->close)
		(void)MHD_add_response_header(request->response, "Connection", "close");
	if (request->waits)
		MHD_resume_connection(request->mhd);
	request->waits = false;
}

void http_say(struct http_request *request, unsigned status, const char *sentence)
{
	char line[512];
	int n = snprintf(line, sizeof line, "%s\n", sentence);
	size_t len = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
	const struct http_answer answer = { .status = status, .type = "text/plain; charset=utf-8",
		.body = span_of(line, len), .retry_s = status == 503 ? 10 : 0 };

	http_answer(request, &answer);
}

/* What must be refused for good comes with the end of the connection. */
static void refuse(struct http_request *request, unsigned status, const char *sentence)
{
	request->close = true;
	http_say(request, status, sentence);
}

struct seen {
	unsigned lengths, encodings, hosts, blanks;
};

static enum MHD_Result count_header(void *user, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct seen *seen = user;

	(void)kind;
	(void)value;
	seen->blanks += strpbrk(name, " \t") != NULL; /* "Transfer-Encoding : chunked" */
	seen->lengths += strcasecmp(name, "Content-Length") == 0;
	seen->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
	seen->hosts += strcasecmp(name, "Host") == 0;
	return MHD_YES;
}

/* localhost, 127.0.0.0/8 or [::1], with any port: others are names that someone made
 * point here. */
static bool host_is_ours(struct span host)
{
	struct span name = host;

	if (host.left > 0 && host.at[0] == '[') {
		name = span_until(&host, ']');
		return span_equal(name, "[::1") && (host.left == 0 || host.at[0] == ':');
	}
	name = span_until(&host, ':');
	if (name.left == 9 && strncasecmp((const char *)name.at, "localhost", 9) == 0)
		return true;
	if (name.left < 5 || memcmp(name.at, "127.", 4) != 0)
		return false;
	for (size_t i = 0; i < name.left; i++)
		if ((name.at[i] < '0' || name.at[i] > '9') && name.at[i] != '.')
			return false;
	return true;
}

static bool host_good(const struct http *http, struct span host)
{
	return host_is_ours(host) || (http->tls != NULL && http_tls_host(http->tls, host));
}

static void check_request(struct http_request *request)
{
	struct seen seen = { .lengths = 0 };
	struct http *http = request->http;

	(void)MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, count_header, &seen);
	if (seen.lengths > 1 || (seen.lengths > 0 && seen.encodings > 0)) {
		refuse(request, 400, "the length of the request is said twice");
		return;
	}
	if (seen.blanks > 0) {
		refuse(request, 400, "the name of a header has a blank");
		return;
	}
	if (!http->options.local && seen.hosts == 0) {
		refuse(request, 400, "the request has no Host");
		return;
	}
	if (!http->options.local && (seen.hosts != 1 || !host_good(http,
	    span_text(http_header(request, "Host"))))) {
		refuse(request, 421, http->tls != NULL ?
		    "this Host is not in the certificate of the page" :
		    "this Host is not served here; use localhost");
		return;
	}
	request->close = seen.lengths + seen.encodings > 0; /* when refused: nobody reads it */
	int64_t most = http->options.begin(http->options.user, request);
	const char *length = http_header(request, "Content-Length");
	unsigned long long want = strtoull(length, NULL, 10);

	if (request->response != NULL || most < 0)
		return;
	request->close = false;
	if (seen.encodings > 0) {
		refuse(request, 411, "the request needs a Content-Length");
	} else if (want > (unsigned long long)most) {
		refuse(request, 413, "the request is longer than is allowed");
	} else if (http->bodies + want > LIMIT_BODIES_BYTES) {
		refuse(request, 503, "too many requests at once; come again");
	} else if (want > 0) {
		request->body = malloc(want);
		request->body_room = request->body != NULL ? want : 0;
		http->bodies += request->body_room;
		if (request->body == NULL)
			refuse(request, 503, "out of memory; come again");
	}
}

static enum MHD_Result answer_now(struct http_request *request)
{
	return MHD_queue_response(request->mhd, request->status, request->response);
}

static enum MHD_Result handle(void *user, struct MHD_Connection *mhd, const char *url,
    const char *method, const char *version, const char *data, size_t *size, void **context)
{
	struct http *http = user;
	struct http_request *request = *context;

	(void)url;
	(void)version;
	if (request == NULL)
		return MHD_NO;
	if (!request->begun) {
		struct connection *c = connection_of(mhd);

		request->begun = true;
		request->mhd = mhd;
		request->method = method;
		if (c != NULL)
			c->deadline_ms = http->options.now_ms(http->options.user) + HTTP_BODY_MS;
		check_request(request);
		return request->response != NULL ? answer_now(request) : MHD_YES;
	}
	if (*size > 0) {
		if (request->body_n + *size <= request->body_room) {
			memcpy(request->body + request->body_n, data, *size);
			request->body_n += *size;
		}
		*size = 0;
		return MHD_YES;
	}
	if (!request->taken) {
		struct connection *c = connection_of(mhd);

		request->taken = true;
		if (c != NULL)
			c->deadline_ms = 0;
		http->options.take(http->options.user, request);
		if (request->response == NULL) {
			request->waits = true;
			MHD_suspend_connection(mhd);
			return MHD_YES;
		}
	}
	return request->response != NULL ? answer_now(request) : MHD_NO;
}

/* The request's line has come: the path as it was sent, without query. */
static void *log_uri(void *user, const char *uri, struct MHD_Connection *mhd)
{
	struct http_request *request = calloc(1, sizeof *request);

	(void)mhd;
	if (request == NULL)
		return NULL;
	request->http = user;
	size_t path = strcspn(uri, "?");

	request->path = strndup(uri, path);
	request->query = uri[path] == '?' ? strdup(uri + path + 1) : NULL;
	return request;
}

static void completed(void *user, struct MHD_Connection *mhd, void **context,
    enum MHD_RequestTerminationCode code)
{
	struct http *http = user;
	struct http_request *request = *context;
	struct connection *c = connection_of(mhd);

	(void)code;
	if (c != NULL)
		c->deadline_ms = http->options.now_ms(http->options.user) + HTTP_KEPT_MS;
	if (request == NULL)
		return;
	if (request->taken)
		http->options.gone(http->options.user, request);
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	http->bodies -= request->body_room;
	free(request->body);
	free(request->path);
	free(request->query);
	free(request->out);
	free(request);
	*context = NULL;
}

static int daemon_fd(const struct http *http)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info != NULL ? info->epoll_fd : -1;
}

static struct MHD_Daemon *daemon_start(struct http *http)
{
	const struct MHD_OptionItem listens[] = {
		{ MHD_OPTION_LISTEN_SOCKET, http->options.listen_fd, NULL }, { MHD_OPTION_END, 0, NULL } };
	const struct MHD_OptionItem waits[] = { { MHD_OPTION_END, 0, NULL } };

	/* The library looks for Host only when told to be strict, and then says the head of
	 * its answer twice (0.9.75; so it does for a Content-Length that is no number): we look. */
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
	    (http->tls != NULL ? MHD_USE_NO_LISTEN_SOCKET : 0), 0, NULL, NULL, handle, http,
	    MHD_OPTION_STRICT_FOR_CLIENT, 0,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
	    MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)1024,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S,
	    MHD_OPTION_NOTIFY_CONNECTION, connected, http,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, http,
	    MHD_OPTION_URI_LOG_CALLBACK, log_uri, http,
	    MHD_OPTION_ARRAY, http->tls != NULL ? waits : listens, MHD_OPTION_END);
}

static bool came(void *user, int fd, const struct sockaddr *from, socklen_t len)
{
	struct http *http = user;

	return MHD_add_connection(http->daemon, fd, from, len) == MHD_YES;
}

static int64_t door_now(void *user)
{
	const struct http *http = user;

	return http->options.now_ms(http->options.user);
}

/* TLS stands in front, and both are watched as one. */
static int door_open(struct http *http, struct why *why)
{
	const struct door_options options = { .listen_fd = http->options.listen_fd, .user = http,
		.now_ms = door_now, .came = came };
	struct epoll_event event = { .events = EPOLLIN };
	int code = door_new(&options, &http->door, why);

	if (code != KS_OK)
		return code;
	http->both = epoll_create1(EPOLL_CLOEXEC);
	if (http->both < 0 ||
	    epoll_ctl(http->both, EPOLL_CTL_ADD, door_fd(http->door), &event) != 0 ||
	    epoll_ctl(http->both, EPOLL_CTL_ADD, daemon_fd(http), &event) != 0)
		return fail(why, KS_IO, "the HTTP server does not start");
	return KS_OK;
}

int http_new(const struct http_options *options, struct http **ret_http, struct why *why)
{
	struct http *http = calloc(1, sizeof *http);
	int code;

	if (http == NULL)
		return fail(why, KS_FULL, "memory ran out for the page");
	http->options = *options;
	http->both = -1;
	http->tls = options->tls;
	http->daemon = daemon_start(http);
	code = http->daemon == NULL ? fail(why, KS_IO, "the HTTP server does not start") :
	    http->tls != NULL ? door_open(http, why) : KS_OK;
	if (code != KS_OK) {
		http_free(http);
		return code;
	}
	*ret_http = http;
	return KS_OK;
}

void http_tls_change(struct http *http, struct http_tls *take_tls)
{
	http_tls_free(http->tls);
	http->tls = take_tls;
}

void http_free(struct http *http)
{
	if (http == NULL)
		return;
	for (struct connection *c = http->connections; c != NULL; c = c->next) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->mhd,
		    MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);

		if (info != NULL && info->suspended != MHD_NO)
			MHD_resume_connection(c->mhd);
	}
	if (http->daemon != NULL)
		MHD_stop_daemon(http->daemon);
	door_free(http->door);
	drop_fd(&http->both);
	http_tls_free(http->tls);
	free(http);
}

int http_fd(const struct http *http)
{
	return http->both >= 0 ? http->both : daemon_fd(http);
}

/* Headers that drip are cut off: the library's own limit is for silence only. */
static void close_late(struct http *http)
{
	int64_t now = http->options.now_ms(http->options.user);

	for (struct connection *c = http->connections; c != NULL; c = c->next) {
		if (c->deadline_ms == 0 || now < c->deadline_ms)
			continue;
		const union MHD_ConnectionInfo *info =
		    MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);

		if (info != NULL)
			(void)shutdown(info->connect_fd, SHUT_RDWR);
	}
}

void http_run(struct http *http)
{
	MHD_UNSIGNED_LONG_LONG wait_ms = 0;

	close_late(http);
	if (http->door != NULL)
		door_run(http->door, http->tls);
	/* The library's epoll is edge-triggered: what it has not read yet gives no new
	 * event, it only says that it should not wait. */
	for (int round = 0; round < ROUNDS && wait_ms == 0; round++) {
		(void)MHD_run(http->daemon);
		if (MHD_get_timeout(http->daemon, &wait_ms) != MHD_YES)
			wait_ms = 1;
	}
	if (http->door != NULL) /* what was answered goes out at once */
		door_run(http->door, http->tls);
}
