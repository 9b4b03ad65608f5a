/* src/wire/uri.c - see uri.h. */
#include "wire/uri.h"
#include "base/drop.h"
#include "base/limits.h"
#include "wire/decode.h"

struct relabel {
	const struct body_sink *to;
};

static void say_relabelled(void *context, const struct said_body *body)
{
	const struct relabel *as = context;
	struct said_body piece = *body;

	piece.kind = BODY_URI;
	as->to->say(as->to->context, &piece);
}

/* "/p/eyJtYWlsIjoi...": the path as a whole is no base64. */
static void segments_tell(const struct said_body *about, const struct body_sink *sink,
    struct span path)
{
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_HTTP_HEAD);
	while (path.left > 0) {
		enum { BASE64_LEAST = 16 };
		struct span segment = span_until(&path, '/');

		if (segment.left < BASE64_LEAST)
			continue;
		struct said_body piece = *about;

		piece.bytes = percent_plain(segment, false, &plain);
		if (base64_looks(piece.bytes))
			body_tell(&piece, sink);
	}
}

void uri_tell_query(const struct said_body *about, const struct body_sink *sink,
    struct span query)
{
	struct relabel as = { sink };
	struct body_sink relabel = { say_relabelled, &as };
	struct said_body piece = *about;

	piece.bytes = query;
	if (query.left > 0)
		body_tell_form(&piece, &relabel);
}

void uri_tell(const struct said_body *about, const struct body_sink *sink, struct span uri)
{
	struct relabel as = { sink };
	struct body_sink relabel = { say_relabelled, &as };
	struct said_body piece = *about;
	struct span path = span_until(&uri, '?');
	KS_DROP(text) struct text plain;

	text_init(&plain, LIMIT_HTTP_HEAD);
	piece.kind = BODY_URI;
	piece.bytes = percent_plain(path, false, &plain);
	piece.last = true;
	if (piece.bytes.left > 1)
		sink->say(sink->context, &piece);
	segments_tell(about, &relabel, path);
	uri_tell_query(about, sink, uri);
}
