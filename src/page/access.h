/* src/page/access.h - who asks, what they may, and that a form came from a page of ours.
 *
 * page.c asks twice, so that no route can forget it: access_begin() when the header is
 * there, access_take() when the body is.  A view that writes a form puts
 *   <input type="hidden" name="form" value="...">
 * into it (form_token_add(); the value is scene->form_token); every POST is refused
 * without it, except under /api/ (see access_take). */
#ifndef KS_PAGE_ACCESS_H
#define KS_PAGE_ACCESS_H
#include "base/text.h"
#include "page/http.h"

enum page_role { PAGE_NOBODY, PAGE_VIEWER, PAGE_OPERATOR, PAGE_APPROVER, PAGE_ROLES };
/* How it is known who asks: not; no login is asked for on loopback; the local socket; a
 * session; a token of an API client. */
enum who_by { BY_NOTHING, BY_LOOPBACK, BY_SOCKET, BY_SESSION, BY_TOKEN };

struct page_who {
	char name[64];	     /* "": not known (loopback and socket: whoever sits there) */
	enum page_role role;
	enum who_by by;
};

/* What a route asks for; each role may all that the one before it may. */
enum page_act {
	MAY_SEE,     /* viewer: everything that is shown */
	MAY_OPERATE, /* operator: acknowledge, silence, windows, test a channel; send samples
		      * and alerts */
	MAY_APPROVE, /* approver: a plan that switches something off; loopback never is */
	MAY_ACTS
};
bool page_may(const struct page_who *who, enum page_act act);

enum { FORM_TOKEN = 44 }; /* with its zero */
struct page;
void access_who(const struct page *page, const struct http_request *request,
    struct page_who *ret_who);
/* The token of the forms that this one is shown. */
void access_form(const struct page *page, const struct http_request *request,
    char ret_token[FORM_TOKEN]);

/* false: refused and answered (400, 401, 403). */
bool access_begin(struct page *page, struct http_request *request);
/* The body is there.  A POST of a form (not under /api/) must bear the token in its field
 * "form".  Under /api/ a program may ask without it; a browser - one that says Origin or
 * Sec-Fetch-Site - must ask from our own page, and for /api/v1/acts bear the token in the
 * header X-Keisoku-Form. */
bool access_take(struct page *page, struct http_request *request);
#endif
