/* src/tell/story.h - one delivery in the reader's language: a title that fits a subject
 * line, a body of a few plain lines, and where to look.  Made once, used by whichever
 * channel carries it. */
#ifndef KS_TELL_STORY_H
#define KS_TELL_STORY_H
#include "base/text.h"
#include "tell/tell.h"
#include "words/words.h"

enum { STORY_TITLE = 300, STORY_BODY = 4000, STORY_LINK = 600, STORY_KEY = 160 };

struct story {
	const struct telling *telling;
	const struct site *site;
	const struct notify *notify;
	const struct zone *zone;
	enum lang lang;
	struct text title, body; /* without line ends; lines ended by \n */
	struct text link;	 /* "" when the site file has no url= */
	struct text take;	 /* "I have it": asks once more, then it is so; "" for none */
	char key[STORY_KEY];	 /* the same for all messages of one incident */
};

/* What is pointed to is borrowed.  zone NULL: UTC. */
void story_make(struct story *story, const struct site *site, const struct notify *notify,
    const struct zone *zone, const struct telling *telling);
/* The line with the link "I have it", for channels without buttons. */
void story_take_line(const struct story *story, struct text *to);
void story_done(struct story *story);
static inline void drop_story(struct story *story)
{
	story_done(story);
}
bool story_is_incident(const struct story *story);
#endif
