/* src/wire/lines.h - what protocols of lines share: lines put together out of pieces, and
 * names and passwords until the answer to them comes.  SMTP RFC 5321, 4954, 3207; POP3
 * RFC 1939, 2595, 5034; IMAP RFC 9051; FTP RFC 959, 4217; Telnet RFC 854; Redis (RESP). */
#ifndef KS_WIRE_LINES_H
#define KS_WIRE_LINES_H
#include "wire/talk.h"

extern const struct tongue tongue_smtp, tongue_pop3, tongue_imap, tongue_ftp, tongue_telnet,
    tongue_redis;

enum { LINE_MOST = 1024, WORD_MOST = 160 };

struct line {
	uint16_t n;
	bool cut; /* longer than LINE_MOST: the rest of it is passed over */
	char text[LINE_MOST];
};
/* Cuts a line off bytes, without its end; false: it goes on in bytes to come.  What it
 * gives lives until the next call. */
bool line_cut(struct line *line, struct span *bytes, struct span *ret_line);

struct word {
	uint16_t n;
	char text[WORD_MOST];
};
void word_set(struct word *word, struct span text);
static inline struct span word_span(const struct word *word)
{
	return span_of(word->text, word->n);
}

/* Who tries to come in; told when it is known whether they may. */
struct login {
	struct word user, secret;
	bool waits; /* for the answer */
	bool digest; /* no secret was sent, only what is made of it */
};
void login_tell(struct talk *talk, struct login *login, const char *how, bool answered,
    bool accepted);
/* RFC 4616: authorize NUL user NUL secret, as base64. */
void login_plain(struct login *login, struct span base64);
/* A word as base64. */
void word_base64(struct word *word, struct span base64);

/* A whole letter (RFC 5322, 2045): its head as headers, its content leaf by leaf. */
void letter_tell(struct talk *talk, enum said_side side, uint64_t number, struct span letter);
/* A letter that comes in pieces, "\r\n.\r\n" after it. */
struct letter {
	struct hold bytes;
	uint64_t number;
	bool open;
};
/* One line of it; false: it was the last. */
bool letter_line(struct letter *letter, struct talk *talk, enum said_side side,
    struct span line);
void letter_end(struct letter *letter, struct talk *talk, enum said_side side);
/* Does s begin with that word (any case), and then a blank or nothing? */
bool line_begins(struct span s, const char *word);
#endif
