/* src/cli/json.h - a long JSON answer, written as it is made: commas and quotes are set
 * here, and what is ready goes to the file piece by piece, so that an answer of any
 * length needs little memory.  Keys are literals of ours; NULL inside an array. */
#ifndef KS_CLI_JSON_H
#define KS_CLI_JSON_H
#include "base/text.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	struct text text;
	FILE *to; /* borrowed; NULL: all stays in the text, and whoever made it takes it */
	bool failed;
	bool comma; /* before the next value */
};

void json_start(struct json *json, FILE *to);
/* Ends with a line end; false when something could not be written. */
bool json_finish(struct json *json);

void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);		  /* '}' or ']' */
void json_text(struct json *json, const char *key, const char *value);
void json_span(struct json *json, const char *key, struct span value);
/* The same; null when it is "". */
void json_known(struct json *json, const char *key, const char *value);
void json_count(struct json *json, const char *key, uint64_t value);
void json_number(struct json *json, const char *key, int64_t value);
/* Thousandths as a decimal number. */
void json_milli(struct json *json, const char *key, int64_t milli);
void json_flag(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* RFC 3339 with milliseconds; null for 0. */
void json_time(struct json *json, const char *key, int64_t utc_ns);
/* The same, where 0 is a time too: 1970. */
void json_instant(struct json *json, const char *key, int64_t utc_ns);
#endif
