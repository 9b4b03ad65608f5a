#include "page/alerts.h"
#include "base/hash.h"
#include "base/zone.h"
#include "site/measure.h"
#include <jansson.h>
#include <string.h>

static bool digits(struct span *s, size_t n, int *ret_number)
{
	struct span part = span_cut(s, n);
	int number = 0;

	for (size_t i = 0; i < part.left; i++) {
		if (part.at[i] < '0' || part.at[i] > '9')
			return false;
		number = number * 10 + (part.at[i] - '0');
	}
	*ret_number = number;
	return !part.broken;
}

static bool sign(struct span *s, const char *any)
{
	struct span c = span_cut(s, 1);

	return !c.broken && strchr(any, (char)c.at[0]) != NULL && c.at[0] != '\0';
}

/* Z or +09:00, in minutes. */
static bool offset_read(struct span *s, int *ret_minutes)
{
	int hours = 0, minutes = 0;
	char c = s->left > 0 ? (char)s->at[0] : '\0';

	if (!sign(s, "Zz+-"))
		return false;
	if (c == '+' || c == '-') {
		if (!digits(s, 2, &hours) || !sign(s, ":") || !digits(s, 2, &minutes) || hours > 23 ||
		    minutes > 59)
			return false;
	}
	*ret_minutes = (c == '-' ? -1 : 1) * (hours * 60 + minutes);
	return s->left == 0;
}

bool alert_instant(struct span s, int64_t *ret_ms)
{
	int year, month, day, hour, minute, second, zone = 0, ms = 0;

	if (!digits(&s, 4, &year) || !sign(&s, "-") || !digits(&s, 2, &month) || !sign(&s, "-") ||
	    !digits(&s, 2, &day) || !sign(&s, "Tt ") || !digits(&s, 2, &hour) || !sign(&s, ":") ||
	    !digits(&s, 2, &minute) || !sign(&s, ":") || !digits(&s, 2, &second))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
		return false;
	if (s.left > 0 && s.at[0] == '.') {
		int scale = 100;

		for ((void)span_cut(&s, 1); s.left > 0 && s.at[0] >= '0' && s.at[0] <= '9'; scale /= 10) {
			ms += (s.at[0] - '0') * scale;
			(void)span_cut(&s, 1);
		}
	}
	if (!offset_read(&s, &zone))
		return false;
	*ret_ms = ((days_of(year, (unsigned)month, day) * 24 + hour) * 60 + minute - zone) * 60000 +
	    second * 1000 + ms;
	return true;
}

/* The first of these labels that is there; "" when none is. */
static const char *label(const json_t *labels, const char *const names[])
{
	for (size_t i = 0; names[i] != NULL; i++) {
		const char *value = json_string_value(json_object_get(labels, names[i]));

		if (value != NULL && value[0] != '\0')
			return value;
	}
	return "";
}

static uint32_t severity_of(const char *word)
{
	static const char *const grave[] = { "critical", "page", "emergency", "disaster", "error",
		"high", "alert", "fatal" };
	static const char *const light[] = { "info", "none", "ok", "information", "debug" };

	for (size_t i = 0; i < sizeof grave / sizeof *grave; i++) {
		if (strcasecmp(word, grave[i]) == 0)
			return SEVERITY_CRITICAL;
	}
	for (size_t i = 0; i < sizeof light / sizeof *light; i++) {
		if (strcasecmp(word, light[i]) == 0)
			return SEVERITY_OK;
	}
	return SEVERITY_WARNING;
}

/* What does not fit is cut; control characters become blanks. */
static void word_copy(char *to, size_t room, const char *from)
{
	size_t n = strnlen(from, room - 1);

	while (n > 0 && from[n] != '\0' && ((unsigned char)from[n] & 0xc0) == 0x80)
		n--;
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)from[i] < ' ' || from[i] == 0x7f ? ' ' : from[i];
	to[n] = '\0';
}

static int64_t instant_of(const json_t *value)
{
	const char *text = json_string_value(value);
	int64_t ms = 0;

	return text != NULL && alert_instant(span_text(text), &ms) && ms > 0 ? ms : 0;
}

static void alert_read(const json_t *json, struct alert *ret_alert)
{
	static const char *const names[] = { "alertname", "rule", "name", NULL };
	static const char *const subjects[] = { "host", "hostname", "node", "nodename", "device",
		"instance", "service", "job", NULL };
	static const char *const severities[] = { "severity", "priority", "level", NULL };
	const json_t *labels = json_object_get(json, "labels");
	const char *status = json_string_value(json_object_get(json, "status"));
	const char *name = label(labels, names);
	struct alert alert = { .starts_ms = instant_of(json_object_get(json, "startsAt")),
		.ends_ms = instant_of(json_object_get(json, "endsAt")),
		.severity = severity_of(label(labels, severities)) };

	if (status != NULL && strcmp(status, "resolved") == 0 && alert.ends_ms == 0)
		alert.ends_ms = 1; /* long ago: it is over, nobody says since when */
	word_copy(alert.name, sizeof alert.name, name[0] != '\0' ? name : "alert");
	word_copy(alert.subject, sizeof alert.subject, label(labels, subjects));
	*ret_alert = alert;
}

int alerts_read(struct span body, struct alert ret_alerts[ALERTS_ROOM],
    size_t *ret_n, struct why *why)
{
	json_error_t error;
	json_auto_t *json = json_loadb((const char *)body.at, body.left, 0, &error);
	const json_t *list = json_is_array(json) ? json : json_object_get(json, "alerts");
	size_t n = json_array_size(list);

	if (json == NULL)
		return fail(why, KS_MALFORMED, "the alerts are no JSON: line %d", error.line);
	if (!json_is_array(list))
		return fail(why, KS_MALFORMED, "neither a list of alerts nor an object with \"alerts\"");
	if (n > ALERTS_ROOM)
		return fail(why, KS_FULL, "more than %d alerts in one request", (int)ALERTS_ROOM);
	for (size_t i = 0; i < n; i++)
		alert_read(json_array_get(list, i), &ret_alerts[i]);
	*ret_n = n;
	return KS_OK;
}
