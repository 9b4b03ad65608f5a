/* src/cli/audit_story_in.h - what the parts of a story share. */
#ifndef KS_CLI_AUDIT_STORY_IN_H
#define KS_CLI_AUDIT_STORY_IN_H
#include "cli/audit_story.h"

struct telling {
	const struct audit_view *view;
	const struct audit *audit;
	enum lang lang;
	uint32_t device;
	struct story *story;
	bool *told; /* by finding */
	const bool *skip; /* those that are told elsewhere; NULL: none */
};

void story_line_put(struct telling *t, enum severity severity, enum finding_code code,
    const struct text *words);
/* Of the device, not accepted, not told yet. */
bool story_is_open(const struct telling *t, size_t finding);
bool story_is_same_kind(const struct audit_finding *f, const struct audit_finding *g);
/* The other side; of what others sent, who they are and what they called the device. */
void story_other_say(struct text *text, const struct telling *t, const struct audit_finding *f);

/* "a, b, c and 4 more": names of things that are told in one line. */
struct name_list {
	struct text text;
	size_t n;
};
void list_add(struct name_list *list, enum lang lang, const char *name);
void list_end(struct name_list *list, enum lang lang);

/* Personal data: all kinds to one host, all hosts with the same kinds. */
void story_personal(struct telling *t, size_t first);
#endif
