/* src/cli/readings.h - readings as columns and as JSON, shared by sense and heat. */
#ifndef KS_CLI_READINGS_H
#define KS_CLI_READINGS_H
#include "cli/command.h"
#include "cli/poll_once.h"

/* s, and blanks up to width columns (a wide character takes two); at least one. */
void column_add(struct text *text, const char *s, size_t width);
/* "24.5 °C", a state's word, "-" when there is nothing. */
void reading_value(struct text *text, enum lang lang, const struct reading *reading);
/* "ok", or the quality and its reason in words. */
void reading_quality(struct text *text, enum lang lang, const struct reading *reading);
/* "kind":...,"place":...,"value":...,"unit":...,"quality":...,"why":... and for states
 * "state" and "severity"; no braces. */
void reading_json(struct text *text, const struct series *series,
    const struct reading *reading);
void json_pair(struct text *text, const char *key, const char *value);
/* Words of a table in the reader's language ("-": no place). */
const char *measure_said(enum lang lang, enum measure kind);
const char *place_said(enum lang lang, enum place place);
const char *severity_said(enum lang lang, enum severity severity);
#endif
