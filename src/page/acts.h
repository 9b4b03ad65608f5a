/* src/page/acts.h - what people did and what was told, out of the record: who has an
 * incident, which silences and windows are set, how each channel does.  And the forms
 * that ask for more of it (act.h takes them). */
#ifndef KS_PAGE_ACTS_H
#define KS_PAGE_ACTS_H
#include "page/view.h"
#include "site/act.h"
#include "site/window.h"

struct holder {
	bool there;
	int64_t at_ms;
	char who[64];
};
/* Who said "I have it" of the incident; the root of its chain of causes. */
struct holder holder_find(const struct scene *scene, const struct finding *finding);
uint64_t incident_root(const struct scene *scene, const struct finding *finding);

/* A silence or maintenance window, with who asked for it and why. */
struct set_window {
	struct window window;
	int64_t asked_ms, ended_ms; /* ended_ms: earlier than was asked; 0: not */
	char who[64], reason[128];
};
/* Newest first; those that reach past since_ms.  How many. */
size_t windows_set(const struct scene *scene, int64_t since_ms, struct set_window *list,
    size_t most);
static inline int64_t window_end(const struct set_window *set)
{
	return set->ended_ms != 0 && set->ended_ms < set->window.to_ms ? set->ended_ms
								       : set->window.to_ms;
}

/* Of one channel, the newest of each; time_ms 0: none known. */
struct channel_news {
	struct act good, bad;
};
void channel_news(const struct scene *scene, const char *channel, struct channel_news *ret_news);
/* The open finding that says it is broken; NULL: it is not. */
const struct finding *channel_broken(const struct scene *scene, const char *channel);

/* <form> with its token and hidden fields; back: where to go afterwards. */
void form_open(struct text *out, const struct scene *scene, const char *act, const char *back);
void hidden_number(struct text *out, uint64_t number);
/* The name that was given; "somebody at the page" for none. */
const char *who_said(const struct scene *scene, const char *who);
/* A field for the name, where nobody is logged in. */
void who_field(struct text *out, const struct scene *scene);

/* Buttons "I have it" and "tell the others", or who has it. */
void part_hands(struct text *out, struct scene *scene, const struct finding *finding,
    const char *back);
/* All that was told and done about an incident; forms for silence and maintenance. */
void part_told(struct text *out, struct scene *scene, const struct finding *finding);
void part_mute(struct text *out, struct scene *scene, const struct finding *finding);
/* "Told through mail: it began, taken in 120 ms". */
void receipt_say(struct text *words, const struct scene *scene, const struct act *act);
/* One line when a channel does not work; nothing else. */
void part_broken(struct text *out, const struct scene *scene);

bool channels_write(struct text *out, struct scene *scene);
bool windows_write(struct text *out, struct scene *scene);
#endif
