/* test/fuzz/fuzz_alerts.c - any bytes as alerts of another system, and as an act. */
#include "base/must.h"
#include "page/alerts.h"
#include "page/wish.h"
#include "site/measure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct alert alerts[ALERTS_ROOM];
	struct wish wish;
	size_t n = 0;
	int64_t ms;

	if (alerts_read(span_of(data, size), alerts, &n, NULL) == KS_OK) {
		must(n <= ALERTS_ROOM);
		for (size_t i = 0; i < n; i++) {
			must(memchr(alerts[i].name, '\0', sizeof alerts[i].name) != NULL);
			must(memchr(alerts[i].subject, '\0', sizeof alerts[i].subject) != NULL);
			must(alerts[i].severity < SEVERITIES && alerts[i].starts_ms >= 0);
		}
	}
	if (wish_read(span_of(data, size), &wish, NULL) == KS_OK)
		must(wish.what < WISHES);
	(void)alert_instant(span_of(data, size), &ms);
	return 0;
}
