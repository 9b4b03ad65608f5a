/* src/wire/http_head.c - request and status lines, header fields. */
#include "base/limits.h"
#include "base/number.h"
#include "base/text.h"
#include "wire/body.h"
#include "wire/decode.h"
#include "wire/http.h"
#include "wire/uri.h"
#include <stddef.h>

static bool is_token(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
	    (c >= '0' && c <= '9');
}

enum guess http_starts_response(struct span s)
{
	static const char word[] = "HTTP/1.";
	size_t n = s.left < sizeof word - 1 ? s.left : sizeof word - 1;

	if (n == 0 || memcmp(s.at, word, n) != 0)
		return n == 0 ? GUESS_MAYBE : GUESS_NO;
	return n == sizeof word - 1 ? GUESS_YES : GUESS_MAYBE;
}

static bool known_method(struct span word)
{
	static const char *const known[] = { "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS",
		"CONNECT", "PATCH", "TRACE", "PROPFIND", "REPORT", "MKCOL", "COPY", "MOVE",
		"LOCK", "UNLOCK", "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_equal(word, known[i]))
			return true;
	return false;
}

static bool is_upper(struct span word)
{
	for (size_t i = 0; i < word.left; i++)
		if (word.at[i] >= 'a' && word.at[i] <= 'z')
			return false;
	return true;
}

/* METHOD, a blank, and " HTTP/" before the line ends; the line may be longer than what is
 * here, then a known method decides. */
enum guess http_starts_request(struct span s)
{
	enum { METHOD_MAX = 24 };
	size_t n = 0;

	while (s.left > 0 && (*s.at == '\r' || *s.at == '\n'))
		(void)span_cut(&s, 1);
	while (n < s.left && n <= METHOD_MAX && is_token(s.at[n]))
		n++;
	if (n == s.left && n <= METHOD_MAX)
		return GUESS_MAYBE;
	if (n < 3 || n > METHOD_MAX || s.at[n] != ' ')
		return GUESS_NO;
	struct span method = span_of(s.at, n), line = s;
	const uint8_t *end = memchr(s.at, '\n', s.left);

	line.left = end != NULL ? (size_t)(end - s.at) : s.left;
	if (memmem(line.at, line.left, " HTTP/1.", 8) != NULL)
		return GUESS_YES;
	if (end != NULL)
		return http_is_oldest(s) ? GUESS_YES : GUESS_NO;
	/* the line's end is not here yet */
	if (known_method(method))
		return line.left > 64 ? GUESS_YES : GUESS_MAYBE;
	return is_upper(method) ? GUESS_MAYBE : GUESS_NO;
}

static struct span line_cut(struct span *s)
{
	struct span line = span_until(s, '\n');

	/* a line that begins with a blank goes on the one before (RFC 9112 5.2) */
	while (line.left > 0 && s->left > 0 && (*s->at == ' ' || *s->at == '\t')) {
		struct span more = span_until(s, '\n');

		line.left = (size_t)(more.at - line.at) + more.left;
	}
	return span_trim(line);
}

struct field {
	const char *name;
	size_t length, at; /* at: of the span in struct said_http */
};
#define FIELD(text, member) { text, sizeof(text) - 1, offsetof(struct said_http, member) }
static const struct field fields[] = {
	FIELD("host", host), FIELD("content-type", content_type),
	FIELD("content-encoding", content_encoding), FIELD("user-agent", agent),
	FIELD("referer", referer), FIELD("server", server), FIELD("location", location),
	FIELD("authorization", authorization), FIELD("proxy-authorization", authorization),
	FIELD("cookie", cookie),
};

static void field_take(struct http_head *head, struct span name, struct span value)
{
	int64_t length = 0;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct span *field = (struct span *)((char *)&head->said + fields[i].at);

		if (name.left == fields[i].length && word_is(name, fields[i].name)) {
			if (field->left == 0)
				*field = value;
			return;
		}
	}
	if (word_is(name, "content-length")) {
		if (number_read(value, 0, &length) == KS_OK && length >= 0)
			head->said.content_length = length;
	} else if (word_is(name, "transfer-encoding")) {
		head->chunked = word_in(value, "chunked");
	} else if (word_is(name, "upgrade")) {
		head->upgrade = true;
	} else if (word_is(name, "connection") && word_in(value, "close")) {
		head->keeps = false;
	}
}

static bool status_line(struct span line, struct said_http *said)
{
	int64_t status = 0;
	struct span version = span_until(&line, ' ');

	line = span_trim(line);
	if (version.left < 8 || number_read(span_until(&line, ' '), 0, &status) != KS_OK ||
	    status < 0 || status > 999)
		return false;
	said->version = version.at[7] == '0' ? 10 : 11;
	said->status = (uint16_t)status;
	said->reason = span_trim(line);
	return true;
}

/* GET /path and a line's end, nothing more but perhaps blank lines: HTTP/0.9. */
bool http_is_oldest(struct span s)
{
	bool ends = s.left > 0 && s.at[s.left - 1] == '\n';
	struct span line = span_trim(span_until(&s, '\n')), method = span_until(&line, ' ');

	if (!ends || span_trim(s).left > 0 || !span_equal(method, "GET") || line.left == 0 || *line.at != '/')
		return false;
	for (size_t i = 0; i < line.left; i++)
		if (line.at[i] <= ' ' || line.at[i] >= 0x7f)
			return false;
	return true;
}

static bool request_line(struct span line, struct said_http *said)
{
	const uint8_t *end = line.left > 0 ? line.at + line.left : NULL;

	said->method = span_until(&line, ' ');
	line = span_trim(line);
	/* the last word is the version, when it is one; blanks may be in the URI */
	for (size_t i = line.left; i >= 7; i--) {
		if (memcmp(line.at + i - 7, "HTTP/1.", 7) != 0 || (i > 7 && line.at[i - 8] != ' '))
			continue;
		said->version = line.at + i < end && line.at[i] == '0' ? 10 : 11;
		line.left = i - 7;
		break;
	}
	said->uri = span_trim(line);
	return said->method.left > 0;
}

bool http_head_read(struct span head, struct http_head *ret_head)
{
	struct http_head is = { .said = { .content_length = -1, .head = head }, .keeps = true };
	struct span line;

	while (head.left > 0 && (*head.at == '\r' || *head.at == '\n'))
		(void)span_cut(&head, 1);
	is.said.response = http_starts_response(head) == GUESS_YES;
	line = span_trim(span_until(&head, '\n'));
	if (is.said.response ? !status_line(line, &is.said) : !request_line(line, &is.said))
		return false;
	if (!is.said.response && is.said.version == 0 && !http_is_oldest(is.said.head))
		return false;
	is.said.version = is.said.version == 0 ? 9 : is.said.version;
	while (head.left > 0) {
		struct span value = line_cut(&head), name = span_until(&value, ':');

		field_take(&is, span_trim(name), span_trim(value));
	}
	is.said.proxied = span_equal(is.said.method, "CONNECT") ||
	    (is.said.uri.left > 7 && word_is(span_of(is.said.uri.at, 7), "http://"));
	*ret_head = is;
	return true;
}

/* "GET /a HTTP/1." ends within its version: that is no part of the URI. */
static struct span uri_of_cut(struct span line)
{
	static const char version[] = " HTTP/1.1";

	for (size_t n = sizeof version - 1; n > 0; n--)
		if (line.left > n && memcmp(line.at + line.left - n, version, n) == 0)
			return span_trim(span_of(line.at, line.left - n));
	return line;
}

/* A first line that does not end: a method that is known, or a status with all its digits. */
static bool first_line_cut(struct span line, struct http_head *ret_head)
{
	struct http_head is = { .said = { .content_length = -1 }, .keeps = true, .uri_cut = true };

	is.said.response = http_starts_response(line) == GUESS_YES;
	if (is.said.response) {
		struct span rest = line;

		(void)span_until(&rest, ' ');
		if (span_until(&rest, ' ').left != 3 || rest.left == 0 || !status_line(line, &is.said))
			return false;
	} else {
		struct span rest = line;

		is.said.method = span_until(&rest, ' ');
		is.said.uri = uri_of_cut(rest);
		if (!known_method(is.said.method) || is.said.uri.left == 0)
			return false;
		if (*is.said.uri.at != '/' && !span_equal(is.said.method, "CONNECT") &&
		    (is.said.uri.left < 7 || !word_is(span_of(is.said.uri.at, 7), "http://")))
			return false;
	}
	*ret_head = is;
	return true;
}

/* Of a line that is cut: that a password is sent, and the cookies that are whole. */
static void field_take_cut(struct http_head *head, struct span line)
{
	struct span value = line, name = span_until(&value, ':');

	value = span_trim(value);
	if (word_is(name, "cookie")) {
		while (value.left > 0 && value.at[value.left - 1] != ';')
			value.left--;
		field_take(head, name, value);
	} else if (word_is(name, "authorization") || word_is(name, "proxy-authorization")) {
		field_take(head, name, value);
	}
}

bool http_head_read_cut(struct span part, struct http_head *ret_head)
{
	const uint8_t *end = part.left > 0 ? memrchr(part.at, '\n', part.left) : NULL;
	struct span rest = part, whole;

	if (end == NULL) {
		if (!first_line_cut(part, ret_head))
			return false;
	} else {
		whole = span_cut(&rest, (size_t)(end - part.at) + 1);
		if (!http_head_read(whole, ret_head))
			return false;
		field_take_cut(ret_head, rest);
	}
	ret_head->said.cut = true;
	return true;
}

/* Fields that are of HTTP itself, or that everybody sends: nothing of a person in them. */
static bool is_ordinary(struct span name)
{
	static const char *const starts[] = { "accept", "cache-", "connection", "content-",
		"date", "etag", "expect", "host", "if-", "keep-alive", "pragma", "range", "sec-",
		"te", "transfer-", "upgrade", "user-agent", "vary", "via", "dnt", "authorization",
		"proxy-", "cookie", "referer", "origin", "soapaction" };

	for (size_t i = 0; name.left > 0 && i < sizeof starts / sizeof *starts; i++) {
		if ((*name.at | 0x20) != starts[i][0])
			continue;
		size_t n = strlen(starts[i]);

		if (name.left >= n && word_is(span_of(name.at, n), starts[i]))
			return true;
	}
	return false;
}

static void tell_field(const struct said_body *about, const struct body_sink *sink,
    struct span name, struct span value)
{
	struct said_body piece = *about;

	piece.kind = BODY_HEADER;
	piece.key = name;
	piece.bytes = value;
	piece.last = true;
	if (name.left > 0 && value.left > 0)
		sink->say(sink->context, &piece);
}

void http_head_tell(const struct http_head *head, const struct said_body *about,
    const struct body_sink *sink)
{
	struct span lines = head->said.head, cookie = head->said.cookie, uri = head->said.uri;

	/* half a word is not told as a whole one */
	while (head->uri_cut && uri.left > 0 && memchr("/?&", uri.at[uri.left - 1], 3) == NULL)
		uri.left--;
	uri_tell(about, sink, uri);
	(void)line_cut(&lines);
	while (lines.left > 0) {
		struct span value = line_cut(&lines), name = span_trim(span_until(&value, ':'));

		if (!is_ordinary(name))
			tell_field(about, sink, name, span_trim(value));
	}
	for (unsigned n = 0; cookie.left > 0 && n < LIMIT_BODY_LEAVES; n++) {
		struct span value = span_until(&cookie, ';'), name = span_until(&value, '=');

		tell_field(about, sink, span_trim(name), span_trim(value));
	}
	if (head->said.referer.left > 0) {
		struct span referer = head->said.referer;

		(void)span_until(&referer, '?');
		uri_tell_query(about, sink, referer);
	}
}

bool http_authorization(struct span value, struct text *room,
    struct said_credential *ret_credential)
{
	struct span kind = span_until(&value, ' ');

	value = span_trim(value);
	if (word_is(kind, "basic")) {
		base64_decode(value, room);
		struct span both = text_span(room), user = span_until(&both, ':');

		*ret_credential = (struct said_credential){ .how = "http-basic", .user = user,
			.secret = both };
		return user.left > 0 || both.left > 0;
	}
	if (word_is(kind, "bearer") && value.left >= 8) {
		*ret_credential = (struct said_credential){ .how = "http-bearer", .secret = value };
		return true;
	}
	if (word_is(kind, "digest")) {
		while (value.left > 0) {
			struct span item = span_trim(span_until(&value, ',')), name = span_until(&item, '=');

			if (!word_is(span_trim(name), "username"))
				continue;
			item = span_trim(item);
			if (item.left > 1 && *item.at == '"') {
				(void)span_cut(&item, 1);
				item = span_until(&item, '"');
			}
			*ret_credential = (struct said_credential){ .how = "http-digest",
				.user = item, .digest = true };
			return true;
		}
	}
	return false;
}
