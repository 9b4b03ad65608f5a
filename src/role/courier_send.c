/* src/role/courier_send.c - one request by libcurl's multi interface on libuv: HTTP, mail
 * by SMTP with TLS, syslog over TCP and TLS. */
#include "base/must.h"
#include "role/courier.h"
#include "words/words.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct watched {
	uv_poll_t poll;
	struct courier *courier;
	curl_socket_t socket;
};

static void collect(struct courier *courier);

static void act(struct courier *courier, curl_socket_t socket, int flags)
{
	int running = 0;

	(void)curl_multi_socket_action(courier->multi, socket, flags, &running);
	collect(courier);
}

static void timed(uv_timer_t *timer)
{
	if (timer->data != NULL)
		act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void ready(uv_poll_t *poll, int status, int events)
{
	struct watched *watched = poll->data;

	act(watched->courier, watched->socket, (status < 0 ? CURL_CSELECT_ERR : 0) |
	    ((events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
	    ((events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0));
}

static void watched_free(uv_handle_t *handle)
{
	free(handle->data);
}

static void unwatch(struct courier *courier, struct watched *watched)
{
	if (watched == NULL)
		return;
	(void)uv_poll_stop(&watched->poll);
	uv_close((uv_handle_t *)&watched->poll, watched_free);
	(void)curl_multi_assign(courier->multi, watched->socket, NULL);
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *user, void *of_socket)
{
	struct courier *courier = user;
	struct watched *watched = of_socket;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		unwatch(courier, watched);
		return 0;
	}
	if (watched == NULL) {
		watched = calloc(1, sizeof *watched);
		if (watched == NULL ||
		    uv_poll_init_socket(&courier->worker->loop, &watched->poll, socket) != 0) {
			free(watched);
			return -1;
		}
		watched->poll.data = watched;
		watched->courier = courier;
		watched->socket = socket;
		(void)curl_multi_assign(courier->multi, socket, watched);
	}
	(void)uv_poll_start(&watched->poll, ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0), ready);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *user)
{
	struct courier *courier = user;

	(void)multi;
	if (ms < 0)
		(void)uv_timer_stop(courier->timer);
	else /* not before we return: curl must not be entered from within */
		(void)uv_timer_start(courier->timer, timed, ms > 0 ? (uint64_t)ms : 1, 0);
	return 0;
}

int courier_multi(struct courier *courier, struct why *why)
{
	courier->timer = calloc(1, sizeof *courier->timer);
	if (courier->timer == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (courier->multi = curl_multi_init()) == NULL)
		return fail(why, KS_FULL, "out of memory");
	must(uv_timer_init(&courier->worker->loop, courier->timer) == 0);
	courier->timer->data = courier;
	(void)curl_multi_setopt(courier->multi, CURLMOPT_SOCKETFUNCTION, watch);
	(void)curl_multi_setopt(courier->multi, CURLMOPT_SOCKETDATA, courier);
	(void)curl_multi_setopt(courier->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	(void)curl_multi_setopt(courier->multi, CURLMOPT_TIMERDATA, courier);
	(void)curl_multi_setopt(courier->multi, CURLMOPT_MAXCONNECTS, 8L);
	return KS_OK;
}

void courier_multi_free(struct courier *courier)
{
	if (courier->multi != NULL)
		(void)curl_multi_cleanup(courier->multi);
	courier->multi = NULL;
	if (courier->timer == NULL)
		return;
	courier->timer->data = NULL;
	uv_close((uv_handle_t *)courier->timer, (uv_close_cb)free);
}

void flight_drop(struct flight *flight)
{
	if (!flight->used)
		return;
	if (flight->easy != NULL) {
		(void)curl_multi_remove_handle(flight->courier->multi, flight->easy);
		curl_easy_cleanup(flight->easy);
	}
	curl_slist_free_all(flight->headers);
	curl_slist_free_all(flight->receivers);
	if (flight->find != NULL)
		flight->find->data = NULL; /* its answer will find nobody */
	dispatch_done(&flight->dispatch);
	*flight = (struct flight){ .courier = flight->courier };
}

/* The answer is not looked at: its status says enough, and it may hold anything. */
static size_t received(char *bytes, size_t one, size_t n, void *user)
{
	struct flight *flight = user;

	(void)bytes;
	flight->received += one * n;
	return flight->received > LIMIT_TOLD_BYTES ? 0 : one * n;
}

static size_t mail_read(char *room, size_t one, size_t n, void *user)
{
	struct flight *flight = user;
	size_t left = flight->dispatch.body.len - flight->sent, most = one * n;
	size_t part = left < most ? left : most;

	memcpy(room, flight->dispatch.body.at + flight->sent, part);
	flight->sent += part;
	return part;
}

static struct curl_slist *lines(const struct text *text)
{
	struct curl_slist *list = NULL;
	struct span rest = text_span(text);

	while (rest.left > 0) {
		char line[4200];
		struct span one = span_until(&rest, '\n');

		(void)snprintf(line, sizeof line, "%.*s", (int)one.left, (const char *)one.at);
		struct curl_slist *more = curl_slist_append(list, line);

		explicit_bzero(line, sizeof line);
		if (more == NULL)
			break;
		list = more;
	}
	return list;
}

/* A server on this very machine may do without TLS, when no password goes there. */
static bool is_loopback(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n;
	char name[64];

	if (host == NULL)
		return false;
	host += 3;
	n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	(void)snprintf(name, sizeof name, "%.*s", (int)n, host);
	return strcmp(name, "localhost") == 0 || strcmp(name, "[::1]") == 0 ||
	    (strncmp(name, "127.", 4) == 0 && inet_addr(name) != INADDR_NONE);
}

static void set_mail(struct flight *flight)
{
	const struct dispatch *d = &flight->dispatch;
	bool bare = d->password.len == 0 && is_loopback(text_cstr(&d->url));

	flight->receivers = lines(&d->to);
	(void)curl_easy_setopt(flight->easy, CURLOPT_MAIL_FROM, text_cstr(&d->from));
	(void)curl_easy_setopt(flight->easy, CURLOPT_MAIL_RCPT, flight->receivers);
	(void)curl_easy_setopt(flight->easy, CURLOPT_USE_SSL, bare ? (long)CURLUSESSL_TRY
								  : (long)CURLUSESSL_ALL);
	(void)curl_easy_setopt(flight->easy, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(flight->easy, CURLOPT_READFUNCTION, mail_read);
	(void)curl_easy_setopt(flight->easy, CURLOPT_READDATA, flight);
	if (d->password.len == 0)
		return;
	(void)curl_easy_setopt(flight->easy, CURLOPT_USERNAME, text_cstr(&d->user));
	(void)curl_easy_setopt(flight->easy, CURLOPT_PASSWORD, text_cstr(&d->password));
}

static void set_http(struct flight *flight)
{
	const struct dispatch *d = &flight->dispatch;

	flight->headers = lines(&d->headers);
	(void)curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, flight->headers);
	if (strcmp(d->method, "POST") != 0)
		return;
	(void)curl_easy_setopt(flight->easy, CURLOPT_POSTFIELDSIZE, (long)d->body.len);
	(void)curl_easy_setopt(flight->easy, CURLOPT_POSTFIELDS, text_cstr(&d->body));
}

/* curl connects (and does TLS), we say the one message. */
static void set_syslog(struct flight *flight)
{
	const char *url = text_cstr(&flight->dispatch.url);
	char to[600];

	(void)snprintf(to, sizeof to, "%s://%s", strncmp(url, "tls", 3) == 0 ? "https" : "http",
	    url + 6);
	(void)curl_easy_setopt(flight->easy, CURLOPT_URL, to);
	(void)curl_easy_setopt(flight->easy, CURLOPT_CONNECT_ONLY, 1L);
	(void)curl_easy_setopt(flight->easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
}

static void set_trust(CURL *easy, const struct dispatch *d)
{
	struct curl_blob pem = { .data = d->ca_pem.at, .len = d->ca_pem.len,
		.flags = CURL_BLOB_COPY };

	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (d->ca_file.len > 0)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, text_cstr(&d->ca_file));
	if (d->ca_pem.len > 0)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &pem);
	if (d->pin.len == 0)
		return;
	/* the key itself is known: no authority is needed */
	(void)curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, text_cstr(&d->pin));
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

int flight_send(struct flight *flight, struct why *why)
{
	const struct dispatch *d = &flight->dispatch;
	CURL *easy = flight->easy = curl_easy_init();

	if (easy == NULL)
		return fail(why, KS_FULL, "out of memory");
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, flight);
	(void)curl_easy_setopt(easy, CURLOPT_URL, text_cstr(&d->url));
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, received);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "keisoku/" KS_VERSION);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,smtp,smtps");
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)COURIER_ALL_MS);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)COURIER_CONNECT_MS);
	set_trust(easy, d);
	if (d->by == BY_MAIL)
		set_mail(flight);
	else if (d->by == BY_SYSLOG)
		set_syslog(flight);
	else
		set_http(flight);
	if (curl_multi_add_handle(flight->courier->multi, easy) != CURLM_OK)
		return fail(why, KS_FULL, "out of memory");
	return KS_OK;
}

/* What was wrong with it, for good or for now: a fixed sentence for each way to fail, as
 * curl's own may name what is secret. */
static const struct {
	CURLcode result;
	bool refused;
	const char *says;
} ways_to_fail[] = {
	{ CURLE_COULDNT_CONNECT, false, N_("nobody listens there") },
	{ CURLE_COULDNT_RESOLVE_HOST, false, N_("no host of that name is known") },
	{ CURLE_OPERATION_TIMEDOUT, false, N_("no answer in time") },
	{ CURLE_PEER_FAILED_VERIFICATION, true, N_("its certificate is not of an authority that is trusted") },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, true, N_("its key is not the one that pin= names") },
	{ CURLE_SSL_CONNECT_ERROR, false, N_("it does not speak TLS as is expected") },
	{ CURLE_LOGIN_DENIED, true, N_("user or password was refused") },
	{ CURLE_USE_SSL_FAILED, true, N_("it offers no TLS, and nothing is sent without") },
	{ CURLE_URL_MALFORMAT, true, N_("its address can not be read") },
	{ CURLE_UNSUPPORTED_PROTOCOL, true, N_("its address can not be read") },
};

static int failure_of(const struct flight *flight, CURLcode result, long status,
    const char **ret_text)
{
	bool mail = flight->dispatch.by == BY_MAIL;
	bool later = mail ? status < 500 : status == 408 || status == 429 || status >= 500;

	for (size_t i = 0; i < sizeof ways_to_fail / sizeof *ways_to_fail; i++) {
		if (ways_to_fail[i].result != result)
			continue;
		*ret_text = ways_to_fail[i].says;
		return ways_to_fail[i].refused ? KS_REFUSED : KS_LATE;
	}
	*ret_text = N_("the connection broke");
	if (result == CURLE_OK || status >= 400)
		*ret_text = later ? N_("the other side can not take it now")
				  : N_("the other side refuses it");
	else
		return KS_LATE;
	return later ? KS_LATE : KS_REFUSED;
}

/* It is connected: the whole message at once, it is small. */
static CURLcode syslog_say(struct flight *flight)
{
	const struct text *body = &flight->dispatch.body;
	size_t n = 0;
	CURLcode result = curl_easy_send(flight->easy, body->at, body->len, &n);

	return result == CURLE_OK && n < body->len ? CURLE_SEND_ERROR : result;
}

static void finish(struct flight *flight, CURLcode result)
{
	enum dispatch_by by = flight->dispatch.by;
	curl_off_t retry = 0;
	long status = 0;
	const char *text = "";
	int code = KS_OK;

	if (by == BY_SYSLOG && result == CURLE_OK)
		result = syslog_say(flight);
	(void)curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(flight->easy, CURLINFO_RETRY_AFTER, &retry);
	/* the status line is the whole answer: what was too long, stalled or broke off behind
	 * it must not make us say the same again, nor ask again who has refused */
	if (by == BY_HTTP && status >= 200)
		result = CURLE_OK;
	bool good = result == CURLE_OK && (by != BY_HTTP || (status >= 200 && status < 300));

	if (!good)
		code = failure_of(flight, result, status, &text);
	flight_end(flight, code, by == BY_SYSLOG ? 0 : (unsigned)status,
	    retry > 0 && retry < 86400 ? (unsigned)retry : 0, text);
}

static void collect(struct courier *courier)
{
	CURLMsg *message;
	int left;

	while (courier->multi != NULL &&
	    (message = curl_multi_info_read(courier->multi, &left)) != NULL) {
		struct flight *flight = NULL;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&flight);
		if (flight != NULL)
			finish(flight, result);
	}
}
