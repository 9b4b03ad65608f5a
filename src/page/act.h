/* src/page/act.h - what a person does on the page: plain forms, complete without
 * JavaScript.  POST /act bears fields as a wish has them; the answer is 303 back to the
 * page it came from, or a page that says why not.  GET /take/LINK is where the link of a
 * message leads: it only asks, so that a mail scanner that follows links takes nothing
 * on; POST there does it. */
#ifndef KS_PAGE_ACT_H
#define KS_PAGE_ACT_H
#include "page/inside.h"

bool act_is(const char *path);
/* The longest body, or -1: refused, and answered. */
int64_t act_begin(struct http_request *request);
void act_take(struct page *page, struct http_request *request);
/* Core has answered; ends the job. */
void act_answer(struct page *page, struct job *job);

/* The fields of a form into a wish; times are of zone's wall clock.  ret_back: where to
 * go afterwards, a path of ours.  Pure. */
struct act_form {
	struct wish wish;
	char back[JOB_BACK];
};
KS_MUST int act_read(struct span body, const struct zone *zone, struct act_form *ret_form,
    struct why *why);
/* "12-1790000000-MAC-CHANNEL", as core makes it, into a wish that takes it on.  Pure. */
KS_MUST int take_read(const char *link, struct wish *ret_wish, struct why *why);
#endif
