/* src/words/received.c - findings of the wire that others began (enum finding_way): what a
 * device receives is not told as if it sent it.  The arguments are those of finding.c, and
 * 14 who the clients are. */
#include "site/wire.h"
#include "words/finding.h"

/* says: with what a finding usually carries; bare: without */
static const struct {
	enum finding_code code;
	const char *says, *bare;
} sentences[] = {
	{ FINDING_WIRE_LISTED, N_("%13$s, which is on the list %4$s, contacts %1$s (%5$s {time|times})"),
		N_("%13$s, which is on the list %4$s, contacts %1$s") },
	{ FINDING_WIRE_PERSONAL, N_("%1$s receives %4$s in clear from %14$s (%5$s {time|times})"),
		N_("%1$s receives %4$s in clear from %14$s") },
	{ FINDING_WIRE_CREDENTIAL, N_("%1$s receives passwords in clear from %14$s (%4$s, %5$s {time|times})"),
		N_("%1$s receives passwords in clear from %14$s (%4$s)") },
	{ FINDING_WIRE_CLEAR_SENT, N_("%1$s receives data from %14$s by plain HTTP (%5$s {request|requests})"),
		N_("%1$s receives data from %14$s by plain HTTP") },
	{ FINDING_WIRE_CLEAR, N_("%1$s answers %14$s by plain HTTP (%5$s {request|requests})"),
		N_("%1$s answers %14$s by plain HTTP") },
	{ FINDING_WIRE_NOT_ENCRYPTED, N_("%1$s speaks readably with %14$s where encryption is expected"),
		N_("%1$s speaks readably with %14$s where encryption is expected") },
	{ FINDING_WIRE_REFUSED, N_("%14$s refused the certificate of %1$s (%5$s {time|times})%4$s"),
		N_("%14$s refused the certificate of %1$s") },
	{ FINDING_WIRE_CLAIMS, N_("%1$s shows %14$s a certificate in a name that is not its own (%5$s {time|times})"),
		N_("%1$s shows %14$s a certificate in a name that is not its own") },
	{ FINDING_WIRE_UNTRUSTED, N_("the certificate that %1$s shows %14$s is %4$s (%5$s {time|times})"),
		N_("the certificate that %1$s shows %14$s cannot be trusted") },
	{ FINDING_WIRE_DATES, N_("the certificate that %1$s shows %14$s is %4$s (%5$s {time|times})"),
		N_("the certificate that %1$s shows %14$s is out of its dates") },
	{ FINDING_WIRE_MISMATCH, N_("the certificate that %1$s shows %14$s is for another name (%5$s {time|times})"),
		N_("the certificate that %1$s shows %14$s is for another name") },
	{ FINDING_WIRE_WEAK_CERTIFICATE, N_("the certificate that %1$s shows %14$s is %4$s (%5$s {time|times})"),
		N_("the certificate that %1$s shows %14$s is weak") },
	{ FINDING_WIRE_ODD_CERTIFICATE, N_("the certificate that %1$s shows %14$s is %4$s (%5$s {time|times})"),
		N_("the certificate that %1$s shows %14$s is unusual") },
	{ FINDING_WIRE_OLD_TLS, N_("%1$s agrees with %14$s on %4$s, which is out of date (%5$s {time|times})"),
		N_("%1$s agrees with %14$s on TLS that is out of date") },
	{ FINDING_WIRE_PERIODIC, N_("%13$s contacts %1$s every %2$s ± %3$s (%5$s of %4$s times)"),
		N_("%13$s contacts %1$s by the clock") },
	{ FINDING_WIRE_TRACEROUTE, N_("%13$s traces the route to %1$s (%4$s, %5$s {time|times})"),
		N_("%13$s traces the route to %1$s") },
	{ FINDING_WIRE_TRACEROUTES, N_("%13$s traces the route to %1$s every %2$s ± %3$s (%5$s of %4$s times)"),
		N_("%13$s traces the route to %1$s by the clock") },
	{ FINDING_WIRE_SILENCE, N_("nothing came from %13$s to %1$s on %5$s {day|days} although %1$s was awake%4$s"),
		N_("nothing came from %13$s to %1$s on days although %1$s was awake") },
	{ FINDING_WIRE_OVERLAP, N_("other bytes were sent in the same place of a stream between %14$s and %1$s (%5$s {byte|bytes})"),
		N_("other bytes were sent in the same place of a stream between %14$s and %1$s") },
};

const char *received_says(const struct finding *f, bool full)
{
	if (f->code == FINDING_WIRE_LISTED && f->way == WAY_AT)
		return full ? N_("%13$s, which %1$s serves, is on the list %4$s (%5$s {time|times})") :
		    N_("%13$s, which %1$s serves, is on the list %4$s");
	if (f->way == WAY_FROM && f->code == FINDING_WIRE_PERSONAL)
		return full ? N_("%1$s receives %4$s in clear from %13$s (%5$s {time|times})") :
		    N_("%1$s receives %4$s in clear from %13$s");
	if (f->way == WAY_FROM && f->code == FINDING_WIRE_CREDENTIAL)
		return full ? N_("%1$s receives a password in clear from %13$s (%4$s, %5$s {time|times})") :
		    N_("%1$s receives a password in clear from %13$s (%4$s)");
	for (size_t i = 0; f->way != WAY_OUT && i < sizeof sentences / sizeof *sentences; i++)
		if (sentences[i].code == f->code)
			return full ? sentences[i].says : sentences[i].bare;
	return NULL;
}

/* What a device does besides, with others than those that are named: 4 how many, 5 times. */
const char *rest_says(const struct finding *f)
{
	if (wire_rest_of(f) == 0)
		return NULL;
	switch ((enum finding_code)f->code) {
	case FINDING_WIRE_LISTED:
		return N_("%1$s: %4$s more {name or address|names or addresses} on lists (%5$s {time|times})");
	case FINDING_WIRE_PERSONAL:
		return f->way == WAY_OUT
		    ? N_("%1$s sends personal data in clear also to others: %4$s more (%5$s {time|times})")
		    : N_("%1$s receives personal data in clear also of other kinds or from others: %4$s more (%5$s {time|times})");
	case FINDING_WIRE_CREDENTIAL:
		return f->way == WAY_OUT
		    ? N_("%1$s sends passwords in clear also to others: %4$s more (%5$s {time|times})")
		    : N_("%1$s receives passwords in clear also in other ways: %4$s more (%5$s {time|times})");
	default:
		return NULL;
	}
}

void say_others(struct text *text, enum lang lang, const struct finding *f)
{
	if (wire_rest_of(f) > 0)
		say(text, lang, "%d {other|others}", (int)wire_rest_of(f));
	else
		text_add(text, f->place[0] != '\0' ? f->place : "?");
}

void say_clients(struct text *text, enum lang lang, const struct finding *f)
{
	if (f->client[0] != '\0')
		text_add(text, f->client);
	else if (f->clients > 0)
		say(text, lang, "%d {client|clients}", (int)f->clients);
	else
		text_add(text, tr(lang, N_("its clients")));
}
