/* src/sense/transport_http.c - libcurl's multi interface driven by libuv: curl says
 * which sockets and which time to watch, we tell it when. */
#include "sense/transport_http.h"
#include "sense/transport.h"
#include "sense/transport_secret.h"
#include "base/text.h"
#include <curl/curl.h>
#include <stdlib.h>

struct hub_http {
	CURLM *multi;
	uv_timer_t *timer; /* owns itself once closed */
	uv_loop_t *loop;
};

struct watched {
	uv_poll_t poll;
	struct hub_http *http;
	curl_socket_t socket;
};

struct channel_of_http {
	struct channel channel;
	const struct channel_about *about;
	CURL *easy;
	bool under_way;
	unsigned moved;	 /* redirects followed for this ask */
	struct text reply;
	struct curl_slist *headers;
	char base[512], login[256], error[CURL_ERROR_SIZE];
	char ca[256], pin[256];
};

static void collect(struct hub_http *http);

static void timed(uv_timer_t *timer)
{
	struct hub_http *http = timer->data;
	int running = 0;

	if (http == NULL)
		return;
	(void)curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(http);
}

static void ready(uv_poll_t *poll, int status, int events)
{
	struct watched *watched = poll->data;
	struct hub_http *http = watched->http;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0, running = 0;

	if ((events & UV_READABLE) != 0)
		flags |= CURL_CSELECT_IN;
	if ((events & UV_WRITABLE) != 0)
		flags |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(http->multi, watched->socket, flags, &running);
	collect(http);
}

static void free_watched(uv_handle_t *handle)
{
	free(handle->data);
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *user, void *of_socket)
{
	struct hub_http *http = user;
	struct watched *watched = of_socket;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watched != NULL) {
			(void)uv_poll_stop(&watched->poll);
			uv_close((uv_handle_t *)&watched->poll, free_watched);
			(void)curl_multi_assign(http->multi, socket, NULL);
		}
		return 0;
	}
	if (watched == NULL) {
		watched = calloc(1, sizeof *watched);
		if (watched == NULL || uv_poll_init_socket(http->loop, &watched->poll, socket) != 0) {
			free(watched);
			return -1;
		}
		watched->poll.data = watched;
		watched->http = http;
		watched->socket = socket;
		(void)curl_multi_assign(http->multi, socket, watched);
	}
	(void)uv_poll_start(&watched->poll, ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0), ready);
	return 0;
}

static int set_timer(CURLM *multi, long ms, void *user)
{
	struct hub_http *http = user;

	(void)multi;
	if (ms < 0)
		(void)uv_timer_stop(http->timer);
	else /* not before we return: curl must not be entered from within */
		(void)uv_timer_start(http->timer, timed, ms > 0 ? (uint64_t)ms : 1, 0);
	return 0;
}

static struct hub_http *hub_http(struct hub *hub)
{
	struct hub_http *http = hub->http;

	if (http != NULL)
		return http;
	http = calloc(1, sizeof *http);
	if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(http);
		return NULL;
	}
	http->loop = hub->loop;
	http->timer = calloc(1, sizeof *http->timer);
	http->multi = curl_multi_init();
	if (http->timer == NULL || http->multi == NULL ||
	    uv_timer_init(hub->loop, http->timer) != 0) {
		free(http->timer);
		free(http);
		return NULL;
	}
	http->timer->data = http;
	(void)curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, watch);
	(void)curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	(void)curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	(void)curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	(void)curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, 64L);
	hub->http = http;
	return http;
}

void hub_http_free(struct hub_http *http)
{
	if (http == NULL)
		return;
	(void)curl_multi_cleanup(http->multi);
	http->timer->data = NULL;
	uv_close((uv_handle_t *)http->timer, (uv_close_cb)free);
	free(http);
}

static size_t received(char *bytes, size_t one, size_t n, void *user)
{
	struct channel_of_http *h = user;

	text_add_span(&h->reply, span_of(bytes, one * n));
	return h->reply.full ? 0 : one * n;
}

static int judge(struct channel_of_http *h, CURLcode result, struct why *why)
{
	const char *name = h->about->name;
	long status = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
	if (h->reply.full)
		return fail(why, KS_FULL, "%s: the answer is longer than %zu bytes", name, h->reply.max);
	if (result == CURLE_OPERATION_TIMEDOUT || result == CURLE_COULDNT_CONNECT)
		return fail(why, KS_LATE, "%s: no answer by HTTP: %s", name, h->error);
	if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return fail(why, KS_REFUSED,
		    "%s: its certificate is not trusted: %s; name the CA (ca=) or the key (pin=) in the secret file",
		    name, h->error);
	if (result != CURLE_OK)
		return fail(why, KS_IO, "%s: %s", name,
		    h->error[0] != '\0' ? h->error : curl_easy_strerror(result));
	if (status == 401 || status == 403)
		return fail(why, KS_REFUSED, "%s: HTTP status %ld: the login is not accepted", name,
		    status);
	if (status == 404 || status == 410)
		return fail(why, KS_ABSENT, "%s: HTTP status %ld", name, status);
	if (status < 200 || status > 299)
		return fail(why, KS_REFUSED, "%s: HTTP status %ld", name, status);
	return KS_OK;
}

/* "/redfish/v1" moves to "/redfish/v1/": followed on the same host only, for the login
 * goes along. */
static bool follow(struct channel_of_http *h, CURLcode result)
{
	size_t n = strlen(h->base);
	char *to = NULL, url[1100];
	long status = 0;

	(void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(h->easy, CURLINFO_REDIRECT_URL, &to);
	if (result != CURLE_OK || status < 301 || status > 308 || to == NULL || h->moved >= 3 ||
	    strncmp(to, h->base, n) != 0 || to[n] != '/' || strlen(to) >= sizeof url)
		return false;
	h->moved++;
	(void)snprintf(url, sizeof url, "%s", to);
	text_clear(&h->reply);
	(void)curl_easy_setopt(h->easy, CURLOPT_URL, url);
	return curl_multi_add_handle(h->channel.hub->http->multi, h->easy) == CURLM_OK;
}

static void finish(struct channel_of_http *h, CURLcode result)
{
	if (follow(h, result))
		return;
	struct why why = { 0 };
	int code = judge(h, result, &why);
	struct text text = h->reply;

	h->under_way = false;
	h->reply = (struct text){ 0 };
	h->channel.answer(h->channel.user, code,
	    code == KS_OK ? text_span(&text) : (struct span){ .broken = true }, &why);
	text_done(&text);
}

static void collect(struct hub_http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		struct channel_of_http *h = NULL;
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&h);
		(void)curl_multi_remove_handle(http->multi, message->easy_handle);
		if (h != NULL)
			finish(h, result);
	}
}

static int read_login(struct channel_of_http *h, struct why *why)
{
	struct secret secret = { 0 };
	char bearer[512];
	int code = secret_read(h->about->secret, &secret, why);

	if (code == KS_OK && secret.user.left > 0) {
		struct text login;

		text_init(&login, sizeof h->login - 1);
		text_add_span(&login, secret.user);
		text_add_char(&login, ':');
		text_add_span(&login, secret.password);
		code = login.full ? fail(why, KS_FULL, "secret file: the login is too long") :
				    secret_copy(text_span(&login), h->login, sizeof h->login, why);
		text_done(&login);
	} else if (code == KS_OK) {
		code = secret_copy(secret.alone, h->login, sizeof h->login, why);
	}
	if (code == KS_OK)
		code = secret_copy(secret.ca, h->ca, sizeof h->ca, why);
	if (code == KS_OK)
		code = secret_copy(secret.pin, h->pin, sizeof h->pin, why);
	if (code == KS_OK && secret.bearer.left > 0) {
		(void)snprintf(bearer, sizeof bearer, "Authorization: Bearer %.*s",
		    (int)(secret.bearer.left < 480 ? secret.bearer.left : 480),
		    (const char *)secret.bearer.at);
		h->headers = curl_slist_append(h->headers, bearer);
		explicit_bzero(bearer, sizeof bearer);
	}
	h->headers = curl_slist_append(h->headers, "Accept: application/json, text/plain, */*");
	return code;
}

static void set_up(struct channel_of_http *h)
{
	CURL *easy = h->easy;

	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, h);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, h->error);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, received);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, h);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, h->headers);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "keisoku/" KS_VERSION);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	/* Redfish moves "/redfish" to "/redfish/v1/"; never elsewhere with our login */
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HTTP_WAIT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	if (h->login[0] != '\0') {
		(void)curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		(void)curl_easy_setopt(easy, CURLOPT_USERPWD, h->login);
	}
	if (h->ca[0] != '\0')
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, h->ca);
	if (h->pin[0] != '\0') { /* the key itself is known: no authority is needed */
		(void)curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, h->pin);
		(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

static void http_close(struct channel *channel)
{
	struct channel_of_http *h = (struct channel_of_http *)channel;

	if (h->under_way)
		(void)curl_multi_remove_handle(channel->hub->http->multi, h->easy);
	if (h->easy != NULL)
		curl_easy_cleanup(h->easy);
	curl_slist_free_all(h->headers);
	text_done(&h->reply);
	explicit_bzero(h->login, sizeof h->login);
	free(h);
}

/* "h:80", "[::1]:80"; not "h", "[::1]" */
static bool has_port(struct span host)
{
	while (host.left > 0 && host.at[host.left - 1] != ':' && host.at[host.left - 1] != ']')
		host.left--;
	return host.left > 0 && host.at[host.left - 1] == ':';
}

/* "host:port" -> "http://host:port"; a given scheme stands; a path is the driver's. */
static int set_base(struct channel_of_http *h, struct why *why)
{
	const char *address = h->about->address, *scheme = strstr(address, "://");
	const char *host = scheme != NULL ? scheme + 3 : address;
	size_t host_n = strcspn(host, "/?#"), scheme_n = scheme != NULL ? (size_t)(host - address) : 0;
	int n;

	if (scheme != NULL && strncmp(address, "http://", 7) != 0 &&
	    strncmp(address, "https://", 8) != 0)
		return fail(why, KS_MALFORMED, "%s: %s: only http:// and https://", h->about->name,
		    address);
	if (host_n == 0 || memchr(host, '@', host_n) != NULL)
		return fail(why, KS_MALFORMED, "%s: %s: not a host (logins belong in secret=)",
		    h->about->name, address);
	n = snprintf(h->base, sizeof h->base, "%.*s%.*s", scheme_n > 0 ? (int)scheme_n : 7,
	    scheme_n > 0 ? address : "http://", (int)host_n, host);
	if (scheme == NULL && h->about->port == 443)
		n = snprintf(h->base, sizeof h->base, "https://%.*s", (int)host_n, host);
	else if (scheme == NULL && h->about->port != 0 && !has_port(span_of(host, host_n)))
		n = snprintf(h->base, sizeof h->base, "http://%.*s:%u", (int)host_n, host,
		    h->about->port);
	return (size_t)n >= sizeof h->base - 8 ?
	    fail(why, KS_FULL, "%s: address too long", h->about->name) : KS_OK;
}

static int http_open(struct hub *hub, const struct channel_about *about,
    struct channel **ret_channel, struct why *why)
{
	struct channel_of_http *h = calloc(1, sizeof *h);
	int code = KS_OK;

	if (h == NULL || hub_http(hub) == NULL) {
		free(h);
		return fail(why, KS_FULL, "%s: out of memory", about->name);
	}
	h->channel = (struct channel){ .kind = &channel_http, .hub = hub,
		.deadline = UINT64_MAX };
	h->about = about;
	code = set_base(h, why);
	if (code == KS_OK)
		code = read_login(h, why);
	if (code == KS_OK && (h->easy = curl_easy_init()) == NULL)
		code = fail(why, KS_FULL, "%s: out of memory", about->name);
	if (code != KS_OK) {
		http_close(&h->channel);
		return code;
	}
	set_up(h);
	*ret_channel = &h->channel;
	return KS_OK;
}

static int http_ask(struct channel *channel, const struct ask *ask, struct why *why)
{
	struct channel_of_http *h = (struct channel_of_http *)channel;
	uint32_t max = ask->reply_max > 0 ? ask->reply_max : LIMIT_REPLY_BYTES;
	char url[1100];
	int n;

	for (const char *c = ask->target; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return fail(why, KS_MALFORMED, "%s: a path with blanks", h->about->name);
	n = snprintf(url, sizeof url, "%s%s%s", h->base, ask->target[0] == '/' ? "" : "/",
	    ask->target);
	if ((size_t)n >= sizeof url)
		return fail(why, KS_FULL, "%s: path too long", h->about->name);
	text_init(&h->reply, max < 4 * LIMIT_REPLY_BYTES ? max : 4 * LIMIT_REPLY_BYTES);
	h->error[0] = '\0';
	h->moved = 0;
	(void)curl_easy_setopt(h->easy, CURLOPT_URL, url);
	if (curl_multi_add_handle(channel->hub->http->multi, h->easy) != CURLM_OK)
		return fail(why, KS_FULL, "%s: out of memory", h->about->name);
	h->under_way = true;
	return KS_OK;
}

static void http_tick(struct channel *channel, uint64_t now)
{
	(void)now; /* curl keeps the time */
	channel->deadline = UINT64_MAX;
}

static void http_rest(struct channel *channel, bool healthy)
{
	(void)channel; /* curl keeps the connection for the next poll, if it can */
	(void)healthy;
}

const struct channel_kind channel_http = {
	.open = http_open, .ask = http_ask, .tick = http_tick, .rest = http_rest,
	.close = http_close,
};
