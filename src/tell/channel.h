/* src/tell/channel.h - a channel turns a story into one request; it sends nothing.
 * The secret is borrowed, and copied only into the request, which is wiped.
 *
 * A secret file is one line (the URL, token, key or password), or words, one a line:
 * user= password= ca=FILE pin=sha256//...; a block of -----BEGIN CERTIFICATE----- in it
 * is the authority to trust instead of the system's. */
#ifndef KS_TELL_CHANNEL_H
#define KS_TELL_CHANNEL_H
#include "base/span.h"
#include "base/text.h"
#include "base/why.h"
#include "tell/story.h"

enum dispatch_by { BY_HTTP, BY_MAIL, BY_SYSLOG };

struct dispatch {
	enum dispatch_by by;
	const char *method;	  /* HTTP */
	struct text url;	  /* http smtp smtps; udp tcp tls for syslog */
	struct text headers;	  /* HTTP: "Name: value\n" each */
	struct text body;
	struct text user, password; /* mail; "" for none */
	struct text from, to;	  /* mail: envelope addresses; to: one a line */
	struct text ca_file, ca_pem, pin; /* "" for the system's */
};

struct channel_secret {
	struct span alone, user, password, ca, pin, pem; /* at NULL: not there */
};
void channel_secret_read(struct span bytes, struct channel_secret *ret_secret);

/* The request for a story by its notify line's via=.  KS_MALFORMED, KS_ABSENT name what
 * is wrong with the line or the secret, never their content. */
KS_MUST int dispatch_make(const struct story *story, struct span secret,
    struct dispatch *ret_dispatch, struct why *why);
void dispatch_done(struct dispatch *dispatch); /* wipes */

/* Inside: one file each.  The dispatch is initialised and has its trust already. */
struct channel_row {
	const char *via;
	int (*make)(const struct story *story, const struct channel_secret *secret,
	    struct dispatch *dispatch, struct why *why);
};
#define CHANNEL_MAKE(name)                                                             \
	int name##_make(const struct story *story, const struct channel_secret *secret, \
	    struct dispatch *dispatch, struct why *why)
CHANNEL_MAKE(mail);
CHANNEL_MAKE(webhook);
CHANNEL_MAKE(alertmanager);
CHANNEL_MAKE(slack);
CHANNEL_MAKE(teams);
CHANNEL_MAKE(lineworks);
CHANNEL_MAKE(chatwork);
CHANNEL_MAKE(ntfy);
CHANNEL_MAKE(pagerduty);
CHANNEL_MAKE(syslog);
CHANNEL_MAKE(heartbeat);

/* POST of JSON to `to=`, or to the URL that is the secret; with to= the secret is a
 * bearer token. */
KS_MUST int json_post(const struct story *story, const struct channel_secret *secret,
    struct dispatch *dispatch, struct why *why);
/* ,"name":"value" as a member; first: without the comma. */
void json_member(struct text *text, const char *name, struct span value, bool first);
#endif
