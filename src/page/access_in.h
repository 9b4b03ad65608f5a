/* src/page/access_in.h - what access*.c share. */
#ifndef KS_PAGE_ACCESS_IN_H
#define KS_PAGE_ACCESS_IN_H
#include "page/inside.h"
#include "page/sessions.h"
#include "page/tries.h"

struct check; /* a password on its way through argon2 */

struct access {
	uint8_t key[32]; /* of this process: signs form tokens */
	bool login;	 /* TLS: everybody must say who it is */
	bool dead;	 /* the page has gone; the check under way frees what is left */
	struct users users;
	struct sessions sessions;
	struct tries tries;
	struct check *checking; /* NULL: none */
	uint32_t waiting;	/* jobs of kind JOB_LOGIN */
	int64_t second_ms;	/* the second in which `checks` were begun */
	uint32_t checks;
	int64_t told_ms;	/* refused tries: said at most once a minute */
	uint64_t told_refused, failed;
};

/* keyed hash of the words, base64url */
void access_sign(const struct access *access, const char *what, const char *words,
    char ret_token[FORM_TOKEN]);
struct session *access_session(const struct page *page, const struct http_request *request,
    bool used);
/* A person's browser asks for a page to look at, not a script for data. */
bool access_wants_page(const struct http_request *request);

/* A login page; says: msgid, or NULL. */
struct login_view {
	enum lang lang;
	const char *site, *theme, *says, *name, *next;
	const char *form; /* token */
};
void view_login(struct text *out, const struct login_view *view);
/* Role too small, or an old form: what it is and what to do; msgids. */
void view_refused(struct text *out, enum lang lang, const char *theme, const char *head,
    const char *says, const char *back);
/* Link to another site's page: the same address once more, now from here, so that the
 * browser sends our cookie (SameSite=Strict). */
void view_bounce(struct text *out, const char *to);
#endif
