/* src/page/wish.h - what people and other systems ask of keisoku through the page: POST
 * /api/v1/acts (keisoku.act/1) and POST /api/v2/alerts.  Handed to core; answered when
 * core has answered.  The buttons of the page ask the same. */
#ifndef KS_PAGE_WISH_H
#define KS_PAGE_WISH_H
#include "page/inside.h"

bool wish_is(const struct http_request *request);
/* The longest body, or -1: refused, and answered. */
int64_t wish_begin(struct http_request *request);
void wish_request(struct page *page, struct http_request *request);
void wish_answered(struct page *page, const struct message *message);
/* "acknowledge" ..; WISHES: no such word. */
uint32_t wish_find(const char *word);
/* Hands it to core; wish_answered() ends the job. */
KS_MUST int wish_send(struct page *page, struct job *job, const struct wish *wish,
    struct why *why);
/* The status of HTTP for what core said. */
unsigned wish_status(int code);
/* {"act":...} into a wish.  Pure. */
KS_MUST int wish_read(struct span body, struct wish *ret_wish, struct why *why);
#endif
