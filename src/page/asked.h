/* src/page/asked.h - words of a request, read: pure, for show_ask.c, tests and the fuzzer. */
#ifndef KS_PAGE_ASKED_H
#define KS_PAGE_ASKED_H
#include "words/words.h"
#include <stdint.h>

/* The first language of ours that an Accept-Language names (weights are not looked at:
 * browsers send them falling). */
bool lang_accepted(const char *list, enum lang *ret_lang);
/* lang= of a Cookie header. */
bool lang_cookie(const char *cookies, enum lang *ret_lang);
/* theme= of it: "dark", "light", "auto", ""; */
const char *theme_cookie(const char *cookies);
/* %XX to bytes; false: too long for room, or no such byte. */
bool path_unescape(const char *from, char *room, size_t size);
/* 0 to 15; negative: no digit of that kind. */
int hex_digit(uint8_t c);
/* Seconds since 1970, or before now (negative), as milliseconds; 0: not said, or nonsense. */
int64_t seconds_asked(const char *word);
#endif
