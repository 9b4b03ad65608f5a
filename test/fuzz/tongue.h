/* test/fuzz/tongue.h - any tongue fed with any bytes of both sides.  The input is a row of
 * pieces: a byte (bit 0: the side; 0xf0 and up: a gap), two bytes of length, the bytes.
 * Each piece is lent in a block of its own; whatever is told is read to its last byte. */
#ifndef KS_FUZZ_TONGUE_H
#define KS_FUZZ_TONGUE_H
#include "base/must.h"
#include "wire/keylog.h"
#include "wire/worker.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t tongue_sum; /* so that reading is not left out */

static void tongue_read(struct span s)
{
	for (size_t i = 0; i < s.left; i++)
		tongue_sum ^= s.at[i];
}

static void tongue_tls_said(void *context, const struct said_head *head, const struct said_tls *tls)
{
	(void)context;
	must(head->flow != NULL && tls->certificates <= SAID_CERTIFICATES);
	must(tls->ja3 != NULL && tls->ja4 != NULL && tls->ja3s != NULL);
	tongue_read(tls->sni);
	tongue_read(tls->alpn);
	tongue_read(tls->session_id);
	tongue_read(tls->ocsp_staple);
	for (size_t i = 0; i < tls->offered_alpns; i++)
		tongue_read(tls->offered_alpn[i]);
	for (size_t i = 0; i < tls->certificates; i++)
		tongue_read(tls->certificate[i]);
}

static inline void tongue_http_said(void *context, const struct said_head *head,
    const struct said_http *http)
{
	(void)context;
	must(head->flow != NULL);
	tongue_read(http->host);
	tongue_read(http->uri);
	tongue_read(http->method);
	tongue_read(http->head);
}

static inline void tongue_body_said(void *context, const struct said_head *head,
    const struct said_body *body)
{
	(void)context;
	must(head->flow != NULL);
	tongue_read(body->bytes);
	tongue_read(body->host);
	tongue_read(body->key);
}

static inline void tongue_banner_said(void *context, const struct said_head *head,
    const struct said_banner *banner)
{
	(void)context;
	must(head->flow != NULL);
	tongue_read(banner->text);
	tongue_read(banner->detail);
}

/* One piece; false at the end of the input. */
static inline bool tongue_piece(struct talk *talk, struct span *input)
{
	uint8_t how = (uint8_t)span_be(input, 1);
	size_t n = (size_t)span_be(input, 2);
	struct span part = span_cut(input, n < input->left ? n : input->left);
	uint8_t *block = malloc(part.left > 0 ? part.left : 1);

	if (input->broken || block == NULL || part.left == 0) {
		free(block);
		return false;
	}
	memcpy(block, part.at, part.left);
	if (how >= 0xf0)
		talk_gap(talk, (enum said_side)(how & 1), n);
	else
		talk_deliver(talk, (enum said_side)(how & 1), span_of(block, part.left));
	free(block);
	return true;
}

/* What each side says first, as it is shown to all tongues: both, and either alone. */
static inline void tongue_guess(const struct tongue *tongue, const struct flow_view *view,
    struct span input)
{
	struct span first[2] = { { .left = 0 } }, alone[2] = { { .left = 0 } };

	while (input.left > 0) {
		uint8_t how = (uint8_t)span_be(&input, 1);
		size_t n = (size_t)span_be(&input, 2);
		struct span part = span_cut(&input, n < input.left ? n : input.left);

		if (how < 0xf0 && first[how & 1].left == 0)
			first[how & 1] = part;
	}
	(void)tongue->guess(view, first);
	for (int side = 0; side < 2; side++) {
		alone[side] = first[side];
		alone[!side] = span_of(NULL, 0);
		(void)tongue->guess(view, alone);
	}
}

static inline int tongue_fuzz(const struct tongue *tongue, struct span keys, struct span input)
{
	static const struct listener ears = { .tls = tongue_tls_said, .http = tongue_http_said,
		.body = tongue_body_said, .banner = tongue_banner_said };
	struct flow_view view = { .protocol = tongue->over & OVER_TCP ? IP_TCP : IP_UDP, .tongue = "" };
	struct ear_worker worker;

	if (worker_init(&worker, &ears, 7, 4 << 20, NULL) != KS_OK ||
	    keylog_add(worker.keys, keys, NULL, NULL) != KS_OK)
		abort();
	struct talk talk = { .worker = &worker, .ears = &ears, .flow = &view };

	if (tongue->guess != NULL)
		tongue_guess(tongue, &view, input);
	if (talk_tongue(&talk, tongue)) {
		while (talk.tongue == tongue && tongue_piece(&talk, &input))
			;
		view.closed = CLOSE_FIN;
		talk_end(&talk);
	}
	worker_done(&worker);
	return 0;
}
#endif
