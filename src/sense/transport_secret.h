/* src/sense/transport_secret.h - what a secret file says.  Either one line, which is
 * the community or password itself ("user:password" for HTTP), or words key=value,
 * blanks or line ends between them, values with blanks in double quotes, # comments:
 *   SNMP  version=1|2c|3 community= user= auth=SHA-256|SHA|SHA-384|SHA-512|MD5 authpass=
 *         priv=AES|DES privpass= context=
 *   HTTP  user= password= | bearer=   ca=FILE (PEM)   pin=sha256//...  (public key)
 *   other user= password= */
#ifndef KS_SENSE_TRANSPORT_SECRET_H
#define KS_SENSE_TRANSPORT_SECRET_H
#include "base/span.h"
#include "base/why.h"

struct secret {
	struct span alone; /* the one line, when there are no keys */
	struct span version, community, user, auth, authpass, priv, privpass, context;
	struct span password, bearer, ca, pin;
};

/* Spans point into bytes.  KS_MALFORMED names the line, never the content. */
KS_MUST int secret_read(struct span bytes, struct secret *ret_secret, struct why *why);
/* s as a string, zero-ended; KS_FULL when it does not fit. */
KS_MUST int secret_copy(struct span s, char *ret_text, size_t room, struct why *why);
#endif
