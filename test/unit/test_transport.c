/* test/unit/test_transport.c - transports whose other side refuses, moves, talks too much,
 * hangs up or says nothing: each ends in one answer, with the code that polling goes by and a
 * sentence that names the device.  The other side is a server on the same loop. */
#include "harness.h"
#include "base/limits.h"
#include "sense/transport.h"
#include "sense/transport_address.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uv_loop_t loop;
static struct hub hub;

/* What came of an ask. */
static struct {
	bool there;
	int code;
	char reply[65536], why[WHY_TEXT];
	size_t n;
} got;

static void answered(void *user, int code, struct span reply, const struct why *why)
{
	(void)user;
	assert_false(got.there); /* once */
	got.there = true;
	got.code = code;
	got.n = reply.left < sizeof got.reply ? reply.left : sizeof got.reply - 1;
	if (got.n > 0)
		memcpy(got.reply, reply.at, got.n);
	got.reply[got.n] = '\0';
	(void)snprintf(got.why, sizeof got.why, "%s", code != KS_OK && why != NULL ? why->text : "");
}

/* -- the other side --------------------------------------------------------------------------- */

static struct {
	uv_tcp_t listener;
	uint16_t port;
	const char *says; /* after a whole request; %u is its own port; NULL: nothing */
	const char *then; /* to the second request of a test */
	bool hangs_up;	  /* after that */
	char asked[4096];
	unsigned asks;
} peer;

struct guest {
	uv_tcp_t tcp;
	char room[4096];
	size_t n;
};

static void guest_gone(uv_handle_t *handle)
{
	free(handle);
}

static void guest_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret)
{
	struct guest *guest = (struct guest *)handle;

	(void)wanted;
	*ret = uv_buf_init(guest->room + guest->n, (unsigned)(sizeof guest->room - 1 - guest->n));
}

static void guest_serve(struct guest *guest)
{
	const char *says = peer.asks++ > 0 && peer.then != NULL ? peer.then : peer.says;
	static char out[70000];

	(void)snprintf(peer.asked, sizeof peer.asked, "%s", guest->room);
	guest->n = 0;
	if (says != NULL) {
		const char *mark = strstr(says, "%u");
		int n = mark == NULL ? snprintf(out, sizeof out, "%s", says) : snprintf(out, sizeof out,
		    "%.*s%u%s", (int)(mark - says), says, peer.port, mark + 2);
		uv_buf_t buffer = uv_buf_init(out, (unsigned)n);

		(void)uv_try_write((uv_stream_t *)&guest->tcp, &buffer, 1);
	}
	if (peer.hangs_up)
		uv_close((uv_handle_t *)&guest->tcp, guest_gone);
}

static void guest_said(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buffer)
{
	struct guest *guest = (struct guest *)tcp;

	(void)buffer;
	if (n < 0) {
		uv_close((uv_handle_t *)tcp, guest_gone);
		return;
	}
	guest->n += (size_t)n;
	guest->room[guest->n] = '\0';
	if (strstr(guest->room, "\r\n\r\n") != NULL || guest->room[0] != 'G')
		guest_serve(guest);
}

static void guest_came(uv_stream_t *listener, int status)
{
	struct guest *guest = calloc(1, sizeof *guest);

	assert_int_equal(status, 0);
	assert_non_null(guest);
	assert_int_equal(uv_tcp_init(&loop, &guest->tcp), 0);
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&guest->tcp), 0);
	assert_int_equal(uv_read_start((uv_stream_t *)&guest->tcp, guest_room, guest_said), 0);
}

static int begin(void **state)
{
	struct sockaddr_in address;
	int n = sizeof address;
	const struct poll_options options = { .factor = 1 };

	(void)state;
	memset(&peer, 0, sizeof peer);
	if (uv_loop_init(&loop) != 0 || uv_tcp_init(&loop, &peer.listener) != 0 ||
	    uv_ip4_addr("127.0.0.1", 0, &address) != 0 ||
	    uv_tcp_bind(&peer.listener, (const struct sockaddr *)&address, 0) != 0 ||
	    uv_listen((uv_stream_t *)&peer.listener, 16, guest_came) != 0 ||
	    uv_tcp_getsockname(&peer.listener, (struct sockaddr *)&address, &n) != 0)
		return -1;
	peer.port = ntohs(address.sin_port);
	hub_init(&hub, &loop, &options);
	return 0;
}

static void guest_close(uv_handle_t *handle, void *user)
{
	(void)user;
	if (!uv_is_closing(handle))
		uv_close(handle, handle == (uv_handle_t *)&peer.listener ? NULL : guest_gone);
}

/* Whatever a test did, the loop ends without a handle of a transport left on it. */
static int end(void **state)
{
	(void)state;
	hub_done(&hub);
	for (int i = 0; i < 20; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	uv_walk(&loop, guest_close, NULL);
	(void)uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

/* -- asking ----------------------------------------------------------------------------------- */

static char address[64];
static struct channel_about about;

static struct channel *opened(const struct channel_kind *kind, const char *secret)
{
	struct channel *channel = NULL;
	struct why why = { .text = "" };

	(void)snprintf(address, sizeof address, "127.0.0.1:%u", peer.port);
	about = (struct channel_about){ .name = "it", .address = address, .secret = span_text(secret) };
	if (kind->open(&hub, &about, &channel, &why) != KS_OK)
		fail_msg("%s", why.text);
	channel->answer = answered;
	return channel;
}

/* What ask() itself refuses is its answer too. */
static int asked_of(struct channel *channel, const struct ask *ask)
{
	struct why why = { .text = "" };
	int code = channel->kind->ask(channel, ask, &why);

	memset(&got, 0, sizeof got);
	if (code != KS_OK) {
		(void)snprintf(got.why, sizeof got.why, "%s", why.text);
		return code;
	}
	while (!got.there)
		assert_true(uv_run(&loop, UV_RUN_ONCE) != 0);
	return got.code;
}

static struct ask get(const char *target, uint32_t most)
{
	struct ask ask = { .what = ASK_BYTES, .reply_max = most };

	(void)snprintf(ask.target, sizeof ask.target, "%s", target);
	return ask;
}

#define EACH(rows) for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)
#define HTTP(line, rest) "HTTP/1.1 " line "\r\n" rest
#define BODY(n, text) "Content-Length: " #n "\r\nConnection: close\r\n\r\n" text

static void http_answers(void **state)
{
	static const struct {
		const char *says, *then;
		bool hangs_up;
		int code;
		const char *text; /* reply, or part of the sentence */
	} rows[] = {
		{ HTTP("200 OK", BODY(5, "hello")), NULL, true, KS_OK, "hello" },
		{ HTTP("200 OK", BODY(0, "")), NULL, true, KS_OK, "" },
		{ HTTP("299 Fine", BODY(1, "x")), NULL, true, KS_OK, "x" },
		{ HTTP("401 No", BODY(0, "")), NULL, true, KS_REFUSED, "it: HTTP status 401: the login is not accepted" },
		{ HTTP("403 No", BODY(0, "")), NULL, true, KS_REFUSED, "HTTP status 403: the login" },
		{ HTTP("404 No", BODY(4, "page")), NULL, true, KS_ABSENT, "it: HTTP status 404" },
		{ HTTP("410 Gone", BODY(0, "")), NULL, true, KS_ABSENT, "HTTP status 410" },
		{ HTTP("500 Oh", BODY(0, "")), NULL, true, KS_REFUSED, "it: HTTP status 500" },
		{ HTTP("300 Many", BODY(0, "")), NULL, true, KS_REFUSED, "HTTP status 300" },
		{ HTTP("200 OK", BODY(101, "")), NULL, true, KS_IO, "it: " },
		{ "nothing of HTTP", NULL, true, KS_IO, "it: " },
		{ HTTP("200 OK", "Connection: close\r\n\r\n"
		    "0123456789012345678901234567890123456789012345678901234567890123456789"), NULL, true, KS_FULL,
		    "it: the answer is longer than 64 bytes" },
		/* moved: on the same host only, for the login goes along */
		{ HTTP("301 Moved", "Location: /v1/\r\n" BODY(3, "old")), HTTP("200 OK", BODY(3, "new")), true, KS_OK, "new" },
		{ HTTP("308 Moved", "Location: http://127.0.0.1:%u/v1/\r\n" BODY(0, "")), HTTP("200 OK", BODY(3, "new")),
		    true, KS_OK, "new" },
		{ HTTP("302 Moved", "Location: http://127.0.0.2:%u/\r\n" BODY(0, "")), HTTP("200 OK", BODY(3, "new")),
		    true, KS_REFUSED, "HTTP status 302" },
		{ HTTP("302 Moved", "Location: http://127.0.0.1:%u0/\r\n" BODY(0, "")), HTTP("200 OK", BODY(3, "new")),
		    true, KS_REFUSED, "HTTP status 302" },
		{ HTTP("302 Moved", BODY(0, "")), HTTP("200 OK", BODY(3, "new")), true, KS_REFUSED, "HTTP status 302" },
		{ HTTP("309 Odd", "Location: /v1/\r\n" BODY(0, "")), HTTP("200 OK", BODY(3, "new")), true, KS_REFUSED, "309" },
		/* in a circle */
		{ HTTP("302 Moved", "Location: /x\r\n" BODY(0, "")), NULL, true, KS_REFUSED, "HTTP status 302" },
	};

	(void)state;
	EACH(rows) {
		struct channel *channel = opened(&channel_http, "");
		struct ask ask = get("/redfish", 64);

		peer.says = rows[i].says;
		peer.then = rows[i].then;
		peer.hangs_up = rows[i].hangs_up;
		peer.asks = 0;
		int code = asked_of(channel, &ask);

		if (code != rows[i].code || strstr(code == KS_OK ? got.reply : got.why, rows[i].text) == NULL)
			fail_msg("%s: %d %s %s", rows[i].says, code, got.reply, got.why);
		assert_true(peer.asks <= 4);
		channel->kind->tick(channel, 0);
		channel->kind->rest(channel, code == KS_OK);
		channel->kind->close(channel);
	}
}

static void http_logins(void **state)
{
	static const struct {
		const char *secret, *header;
	} rows[] = {
		{ "", NULL }, { "user=ada\npassword=\"geheim 7\"\n", "Authorization: Basic YWRhOmdlaGVpbSA3" },
		{ "ada:geheim\n", "Authorization: Basic YWRhOmdlaGVpbQ==" },
		{ "bearer=abc.def\n", "Authorization: Bearer abc.def\r\n" },
		{ "user=a\npassword=b\nca=/no/such.pem\n", "Authorization: Basic YTpi" },
		{ "pin=sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", NULL }, /* http: no certificate */
	};

	(void)state;
	EACH(rows) {
		struct channel *channel = opened(&channel_http, rows[i].secret);
		struct ask ask = get("metrics", 0);

		peer.says = HTTP("200 OK", BODY(2, "ok"));
		peer.hangs_up = true;
		assert_int_equal(asked_of(channel, &ask), KS_OK);
		assert_true(strncmp(peer.asked, "GET /metrics HTTP/1.1\r\n", 23) == 0);
		if (rows[i].header != NULL)
			assert_non_null(strstr(peer.asked, rows[i].header));
		else
			assert_null(strstr(peer.asked, "Authorization"));
		channel->kind->close(channel);
	}
}

static void http_addresses(void **state)
{
	static char far[600], login[400];
	static const struct {
		const char *address, *secret;
		uint16_t port;
		int code;
		const char *says;
	} rows[] = {
		{ "h", "", 0, KS_OK, "" }, { "h", "", 9100, KS_OK, "" }, { "[::1]", "", 9100, KS_OK, "" },
		{ "h", "", 443, KS_OK, "" }, { "https://h/", "", 9100, KS_OK, "" },
		{ "ftp://h", "", 0, KS_MALFORMED, "it: ftp://h: only http:// and https://" },
		{ "httpx://h", "", 0, KS_MALFORMED, "only http:// and https://" },
		{ "http:///x", "", 0, KS_MALFORMED, "not a host" }, { "", "", 0, KS_MALFORMED, "not a host" },
		{ "http://ada:geheim@h", "", 0, KS_MALFORMED, "logins belong in secret=" },
		{ far, "", 0, KS_FULL, "it: address too long" },
		{ "h", login, 0, KS_FULL, "the login is too long" },
		{ "h", "user=a\nshoe=b\n", 0, KS_MALFORMED, "secret file" },
	};

	(void)state;
	memset(far, 'h', sizeof far - 1);
	(void)snprintf(login, sizeof login, "user=ada\npassword=%.*s\n", 300, far);
	EACH(rows) {
		struct channel *channel = NULL;
		struct why why = { .text = "" };

		about = (struct channel_about){ .name = "it", .address = rows[i].address, .port = rows[i].port,
			.secret = span_text(rows[i].secret) };
		if (channel_http.open(&hub, &about, &channel, &why) != rows[i].code ||
		    strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].address, why.text);
		if (channel != NULL)
			channel->kind->close(channel);
	}
}

static void http_paths(void **state)
{
	static char far[512];
	static const struct {
		const char *target;
		int code;
		const char *says;
	} rows[] = { { "/a b", KS_MALFORMED, "it: a path with blanks" }, { "/a\x7f", KS_MALFORMED, "blanks" },
		{ "/\n", KS_MALFORMED, "blanks" } };
	struct channel *channel = opened(&channel_http, "");

	(void)state;
	memset(far, 'a', sizeof far - 1);
	EACH(rows) {
		struct ask ask = get(rows[i].target, 0);

		assert_int_equal(asked_of(channel, &ask), rows[i].code);
		assert_non_null(strstr(got.why, rows[i].says));
	}
	channel->kind->close(channel);
	/* nobody listens; and one that is closed while it asks */
	channel = opened(&channel_http, "");
	(void)snprintf(address, sizeof address, "127.0.0.1:1");
	channel->kind->close(channel);
	about.address = "127.0.0.1:1";
	struct why why;
	struct ask ask = get(far, 0);

	assert_int_equal(channel_http.open(&hub, &about, &channel, &why), KS_OK);
	channel->answer = answered;
	assert_int_equal(asked_of(channel, &ask), KS_LATE);
	assert_non_null(strstr(got.why, "it: no answer by HTTP: "));
	memset(&got, 0, sizeof got);
	assert_int_equal(channel->kind->ask(channel, &ask, &why), KS_OK);
	channel->kind->close(channel);
	for (int i = 0; i < 20; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	assert_false(got.there);
}

/* -- streams ---------------------------------------------------------------------------------- */

static size_t one_line(struct span so_far)
{
	const uint8_t *end_ = so_far.left > 0 ? memchr(so_far.at, '\n', so_far.left) : NULL;

	return end_ != NULL ? (size_t)(end_ - so_far.at) + 1 : 0;
}

static size_t far_too_long(struct span so_far)
{
	(void)so_far;
	return 1 << 20;
}

static void stream_answers(void **state)
{
	static const struct {
		const char *says;
		bool hangs_up;
		size_t (*whole)(struct span so_far);
		uint32_t most;
		int code;
		const char *text;
	} rows[] = {
		{ "OK 1\nOK 2\n", false, one_line, 0, KS_OK, "OK 1\n" }, { "all of it", false, NULL, 0, KS_OK, "all of it" },
		{ "no end", true, one_line, 0, KS_TRUNCATED, "it: the connection was closed before the answer" },
		{ NULL, true, one_line, 0, KS_TRUNCATED, "closed before the answer" },
		{ "0123456789\n", false, one_line, 8, KS_FULL, "it: the answer is longer than allowed" },
		{ "0123", false, far_too_long, 8, KS_FULL, "longer than allowed" },
		{ "0123456\n", false, one_line, 8, KS_OK, "0123456\n" },
	};

	(void)state;
	EACH(rows) {
		struct channel *channel = opened(&channel_stream, "");
		struct ask ask = { .reply_max = rows[i].most, .whole = rows[i].whole, .send = "LIST\n", .send_n = 5 };

		peer.says = rows[i].says;
		peer.hangs_up = rows[i].hangs_up;
		int code = asked_of(channel, &ask);

		if (code != rows[i].code || strstr(code == KS_OK ? got.reply : got.why, rows[i].text) == NULL)
			fail_msg("%zu: %d %s %s", i, code, got.reply, got.why);
		channel->kind->rest(channel, true);
		channel->kind->close(channel);
	}
}

/* Names are looked up; a connection is kept between asks, and opened anew after its end. */
static void streams_last_and_end(void **state)
{
	struct channel *channel = opened(&channel_stream, "");
	struct ask ask = { .whole = one_line, .send = "LIST\n", .send_n = 5 };
	struct why why;

	(void)state;
	(void)snprintf(address, sizeof address, "localhost:%u", peer.port);
	peer.says = "OK\n";
	assert_int_equal(asked_of(channel, &ask), KS_OK);
	assert_int_equal(asked_of(channel, &ask), KS_OK);
	peer.hangs_up = true;
	assert_int_equal(asked_of(channel, &ask), KS_OK);
	for (int i = 0; i < 10; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT); /* the other side hangs up */
	assert_int_equal(asked_of(channel, &ask), KS_OK);
	assert_int_equal(peer.asks, 4);
	/* nothing comes: the deadline answers, once */
	for (int i = 0; i < 10; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	peer.says = NULL;
	peer.hangs_up = false;
	memset(&got, 0, sizeof got);
	assert_int_equal(channel->kind->ask(channel, &ask, &why), KS_OK);
	assert_true(channel->deadline != UINT64_MAX);
	channel->kind->tick(channel, channel->deadline);
	assert_int_equal(got.code, KS_LATE);
	assert_string_equal(got.why, "it: no answer in time");
	channel->kind->tick(channel, 0);
	channel->kind->close(channel);
	/* closed while a name is looked up */
	channel = opened(&channel_stream, "");
	(void)snprintf(address, sizeof address, "localhost:%u", peer.port);
	memset(&got, 0, sizeof got);
	assert_int_equal(channel->kind->ask(channel, &ask, &why), KS_OK);
	assert_int_equal(channel->kind->ask(channel, &ask, &why), KS_LATE); /* one at a time */
	channel->kind->close(channel);
	for (int i = 0; i < 100; i++)
		(void)uv_run(&loop, UV_RUN_NOWAIT);
	assert_false(got.there);
	/* nobody there, no such name, no address */
	static const struct {
		const char *address;
		int code;
		const char *says;
	} rows[] = { { "127.0.0.1:1", KS_LATE, "refused" }, { "no-such-host.invalid:1", KS_ABSENT, "it: the name is not known" },
		{ "h:99999", KS_MALFORMED, "" } };

	EACH(rows) {
		channel = opened(&channel_stream, "");
		about.address = rows[i].address;
		assert_int_equal(asked_of(channel, &ask), rows[i].code);
		assert_non_null(strstr(got.why, rows[i].says));
		channel->kind->close(channel);
	}
}

/* -- files ------------------------------------------------------------------------------------ */

static void files_and_folders(void **state)
{
	char folder[] = "/tmp/keisoku-files-XXXXXX", beside[64], path[128], command[400];
	static const struct {
		enum ask_what what;
		const char *target;
		uint32_t most;
		int code;
		const char *text;
	} rows[] = {
		{ ASK_BYTES, "/temp1", 0, KS_OK, "23500\n" }, { ASK_BYTES, "/temp1", 6, KS_OK, "23500\n" },
		{ ASK_BYTES, "/temp1", 5, KS_FULL, "temp1: more than 5 bytes" },
		{ ASK_BYTES, "/none", 0, KS_ABSENT, "none: No such file" },
		{ ASK_BYTES, "/temp1/x", 0, KS_IO, "Not a directory" }, { ASK_BYTES, "/", 0, KS_IO, "Is a directory" },
		{ ASK_LIST, "/", 0, KS_OK, "a\nlink\nout\ntemp1\n" }, { ASK_LIST, "/", 8, KS_FULL, "more than 8 bytes" },
		{ ASK_LIST, "/a", 0, KS_OK, "" }, { ASK_LIST, "/none", 0, KS_ABSENT, "No such file" },
		{ ASK_LINK, "/link", 0, KS_OK, "/temp1" }, { ASK_LINK, "/none", 0, KS_ABSENT, "No such file" },
		{ ASK_LINK, "/out", 0, KS_REFUSED, "leads outside" },
		{ ASK_LINK, "/", 0, KS_OK, "" },
		{ ASK_BYTES, "temp1", 0, KS_MALFORMED, "it: temp1: not an absolute path" },
		{ ASK_BYTES, "/a/../temp1", 0, KS_MALFORMED, "not an absolute path" },
	};

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(beside, sizeof beside, "%sx", folder); /* begins as the root does */
	(void)snprintf(command, sizeof command, "cd %s && mkdir a %s && echo 23500 >temp1 && touch .hidden &&"
	    " ln -s temp1 link && ln -s %s out", folder, beside, beside);
	assert_int_equal(system(command), 0);
	hub.root = folder;
	EACH(rows) {
		struct channel *channel = opened(&channel_file, "");
		struct ask ask = get(rows[i].target, rows[i].most);

		ask.what = rows[i].what;
		int code = asked_of(channel, &ask);

		if (code != rows[i].code || (code == KS_OK ? strcmp(got.reply, rows[i].text) != 0 :
		    strstr(got.why, rows[i].text) == NULL))
			fail_msg("%s: %d %s %s", rows[i].target, code, got.reply, got.why);
		channel->kind->tick(channel, 0);
		channel->kind->rest(channel, true);
		channel->kind->close(channel);
	}
	hub.root = "";
	(void)snprintf(path, sizeof path, "%s/link", folder);
	struct channel *channel = opened(&channel_file, "");
	struct ask ask = get(path, 0);
	struct why why;

	ask.what = ASK_LINK;
	assert_int_equal(asked_of(channel, &ask), KS_OK);
	assert_non_null(strstr(got.reply, "/temp1"));
	/* closed while it is read: no answer, and its memory goes with the work */
	memset(&got, 0, sizeof got);
	assert_int_equal(channel->kind->ask(channel, &ask, &why), KS_OK);
	channel->kind->close(channel);
	for (int i = 0; i < 100 && uv_run(&loop, UV_RUN_NOWAIT) != 0; i++)
		(void)usleep(1000);
	assert_false(got.there);
	(void)snprintf(command, sizeof command, "rm -rf %s %s", folder, beside);
	assert_int_equal(system(command), 0);
}

/* -- commands --------------------------------------------------------------------------------- */

static struct {
	const char *says;
	int status, starts, ends;
	char argv[400], secret[100];
} shell;

static int shell_start(void *user, const char *const argv[], int secret_fd, int *ret_out,
    int64_t *ret_child, struct why *why)
{
	int fds[2];
	size_t n = 0;

	(void)user;
	shell.argv[0] = shell.secret[0] = '\0';
	for (size_t i = 0; argv[i] != NULL; i++)
		n += (size_t)snprintf(shell.argv + n, sizeof shell.argv - n, "[%s]", argv[i]);
	if (secret_fd >= 0) {
		ssize_t bytes = read(secret_fd, shell.secret, sizeof shell.secret - 1);

		shell.secret[bytes > 0 ? bytes : 0] = '\0';
	}
	if (shell.says == NULL)
		return fail(why, KS_ABSENT, "no such command");
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], shell.says, strlen(shell.says)), strlen(shell.says));
	(void)close(fds[1]);
	*ret_out = fds[0];
	*ret_child = 7;
	shell.starts++;
	return KS_OK;
}

static int shell_end(void *user, int64_t child)
{
	(void)user;
	assert_int_equal(child, 7);
	shell.ends++;
	return shell.status;
}

static void commands(void **state)
{
	static const struct {
		const char *target, *secret, *says;
		int status;
		uint32_t most;
		int code;
		const char *text, *argv, *given;
	} rows[] = {
		{ "/bin/x -a  \"b c\" d\"e f\"", "", "21.5\n", 0, 0, KS_OK, "21.5\n", "[/bin/x][-a][b c][de f]", "" },
		{ "x \"\" \t y", "", "1", -1, 0, KS_OK, "1", "[x][][y]", "" },
		{ "ipmitool -f {secret} {secrets}", "password=geheim\nuser=a\n", "1", 0, 0, KS_OK, "1",
		    "[ipmitool][-f][/dev/fd/3][{secrets}]", "geheim" },
		{ "x {secret}", "just this\n", "1", 0, 0, KS_OK, "1", "[x][/dev/fd/3]", "just this\n" },
		{ "x", "", "oops", 3, 0, KS_IO, "it: the command failed with exit status 3", "[x]", "" },
		{ "x", "", "", 0, 0, KS_ABSENT, "it: the command said nothing", "[x]", "" },
		{ "x", "", "0123456789", 0, 5, KS_FULL, "it: the command says more than 5 bytes", "[x]", "" },
		{ "x", "", NULL, 0, 0, KS_ABSENT, "no such command", "[x]", "" },
	};
	struct channel *channel = NULL;
	struct why why = { .text = "" };

	(void)state;
	about = (struct channel_about){ .name = "it", .address = "x" };
	assert_int_equal(channel_command.open(&hub, &about, &channel, &why), KS_REFUSED);
	assert_string_equal(why.text, "it: commands can not be run here");
	hub.spawn = (struct poll_spawn){ .start = shell_start, .end = shell_end };
	EACH(rows) {
		channel = opened(&channel_command, rows[i].secret);
		struct ask ask = get(rows[i].target, rows[i].most);

		shell.says = rows[i].says;
		shell.status = rows[i].status;
		shell.starts = shell.ends = 0;
		int code = asked_of(channel, &ask);

		if (code != rows[i].code || strstr(code == KS_OK ? got.reply : got.why, rows[i].text) == NULL)
			fail_msg("%s: %d %s %s", rows[i].target, code, got.reply, got.why);
		assert_string_equal(shell.argv, rows[i].argv);
		assert_string_equal(shell.secret, rows[i].given);
		channel->kind->close(channel);
		assert_int_equal(shell.starts, shell.ends);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		T(http_answers),
		T(http_logins),
		T(http_addresses),
		T(http_paths),
		T(stream_answers),
		T(streams_last_and_end),
		T(files_and_folders),
		T(commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
