/* src/cli/json.c - JSON (RFC 8259), piece by piece. */
#include "cli/json.h"
#include <inttypes.h>

enum { PIECE = 65536, PIECE_MOST = 1 << 24 };

void json_start(struct json *json, FILE *to)
{
	*json = (struct json){ .to = to };
	text_init(&json->text, PIECE_MOST);
}

static void put(struct json *json)
{
	if (json->text.full)
		json->failed = true;
	if (json->text.len > 0 &&
	    fwrite(json->text.at, 1, json->text.len, json->to) != json->text.len)
		json->failed = true;
	text_clear(&json->text);
}

bool json_finish(struct json *json)
{
	if (json->comma)
		text_add_char(&json->text, '\n');
	put(json);
	if (fflush(json->to) != 0)
		json->failed = true;
	text_done(&json->text);
	return !json->failed;
}

static void begin(struct json *json, const char *key)
{
	if (json->text.len > PIECE && json->to != NULL)
		put(json);
	if (json->comma)
		text_add_char(&json->text, ',');
	if (key != NULL)
		text_addf(&json->text, "\"%s\":", key);
	json->comma = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	text_add_char(&json->text, bracket);
	json->comma = false;
}

void json_close(struct json *json, char bracket)
{
	text_add_char(&json->text, bracket);
	json->comma = true;
}

void json_span(struct json *json, const char *key, struct span value)
{
	begin(json, key);
	text_add_char(&json->text, '"');
	text_add_json(&json->text, value);
	text_add_char(&json->text, '"');
}

void json_text(struct json *json, const char *key, const char *value)
{
	json_span(json, key, span_text(value));
}

void json_known(struct json *json, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_text(json, key, value);
	else
		json_null(json, key);
}

void json_count(struct json *json, const char *key, uint64_t value)
{
	char digits[20];
	size_t at = sizeof digits;

	begin(json, key);
	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	text_add_span(&json->text, span_of(digits + at, sizeof digits - at));
}

void json_number(struct json *json, const char *key, int64_t value)
{
	begin(json, key);
	text_addf(&json->text, "%" PRId64, value);
}

void json_milli(struct json *json, const char *key, int64_t milli)
{
	begin(json, key);
	text_add_milli(&json->text, milli);
}

void json_flag(struct json *json, const char *key, bool value)
{
	begin(json, key);
	text_add(&json->text, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	begin(json, key);
	text_add(&json->text, "null");
}

void json_time(struct json *json, const char *key, int64_t utc_ns)
{
	if (utc_ns == 0)
		json_null(json, key);
	else
		json_instant(json, key, utc_ns);
}

void json_instant(struct json *json, const char *key, int64_t utc_ns)
{
	begin(json, key);
	text_add_char(&json->text, '"');
	text_add_time(&json->text, utc_ns / 1000000);
	text_add_char(&json->text, '"');
}
