/* src/cli/audit_summary.h - where the stories of many devices would drown the reader: first
 * one line for each kind of finding, over all devices; and which devices have the same story,
 * so that it is told once. */
#ifndef KS_CLI_AUDIT_SUMMARY_H
#define KS_CLI_AUDIT_SUMMARY_H
#include "cli/audit_story.h"

enum { SUMMARY_DEVICES = 64, SUMMARY_FROM = 4 };

/* Of the first SUMMARY_DEVICES devices. */
struct summary_devices {
	size_t n, told_n;
	bool told[SUMMARY_DEVICES];	  /* something is to be told of it */
	uint32_t first[SUMMARY_DEVICES];  /* the first with the same story; often itself */
	uint32_t same[SUMMARY_DEVICES];	  /* of a first one: how many others have its story */
};
void summary_devices(const struct audit_view *view, struct summary_devices *ret_devices);
/* Is a summary wanted?  From SUMMARY_FROM devices on of which something is to be told. */
static inline bool summary_is_wanted(const struct summary_devices *devices)
{
	return devices->told_n >= SUMMARY_FROM;
}
/* The worst and most common first; ids as in a story. */
void summary_tell(const struct audit_view *view, struct story *ret_story);
/* "the same of 4 other devices: a, b, c and 1 more"; first: one that is. */
void summary_same_say(struct text *text, const struct audit_view *view,
    const struct summary_devices *devices, uint32_t first);
#endif
