/* src/cli/audit_html.h - what the parts of a report's page share. */
#ifndef KS_CLI_AUDIT_HTML_H
#define KS_CLI_AUDIT_HTML_H
#include "cli/audit_show.h"
#include "cli/audit_story.h"

enum { HTML_BYTES = 1 << 26 };

struct html {
	const struct audit_view *view;
	enum lang lang;
	struct text text;
	bool alone; /* one device: rows need not say whose they are */
};

/* report.css, as it was built in. */
struct span report_css(void);

void html_words(struct html *html, const char *msgid);
void html_bytes(struct html *html, uint64_t bytes);
void html_count(struct html *html, uint64_t count);
void html_clock(struct html *html, int64_t ns);
void html_card(struct html *html, const char *msgid);
void html_card_end(struct html *html);
void html_more(struct html *html, size_t n); /* nothing for 0 */
void html_head(struct html *html, const char *title, enum severity worst);
void html_foot(struct html *html);
/* The band at the top begins: its colour and sign say how bad it is. */
void html_band(struct html *html, const char *title, enum severity worst);
/* destinations, personal data, lists, HTTP, TLS, certificates, traceroutes, unseen */
void html_tables(struct html *html);
#endif
