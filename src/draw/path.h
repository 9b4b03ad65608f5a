/* src/draw/path.h - where the power comes from, left to right: what is fed by nothing,
 * then what hangs on it, then hosts; lines as wide as the watts that flow.  Each piece
 * says its share of what it may carry all day (the derated limit). */
#ifndef KS_DRAW_PATH_H
#define KS_DRAW_PATH_H
#include "draw/drawing.h"
#include "words/words.h"

#define PATH_NONE UINT32_MAX

struct path_node {
	const char *name, *detail; /* "15.7 A / 25 A" */
	const char *note;	   /* what would trip it; NULL: none */
	const char *href;
	uint32_t from;		   /* index of an earlier node; PATH_NONE: a root */
	int64_t load, limit;	   /* one unit (milli-VA); limit 0: none */
	uint8_t severity, side;	   /* enum severity; 0 A, 1 B, ... */
};

struct path_leaf { /* a host, or a group of hosts */
	const char *name, *href;
	int64_t mw;
	const uint32_t *feeds;	   /* nodes it hangs on, the first is where it stands */
	size_t feeds_n;
	uint8_t severity;
};

struct path_picture {
	enum lang lang;
	const char *title;
	const struct path_node *nodes; /* a node comes after the one it hangs on */
	size_t nodes_n;
	const struct path_leaf *leaves;
	size_t leaves_n;
};

/* How wide and high a drawing of it should be. */
int32_t path_width(const struct path_picture *path);
int32_t path_height(const struct path_picture *path);
KS_MUST int path_draw(struct drawing *drawing, const struct path_picture *path,
    struct why *why);
/* Share of the limit in whole per cent; -1: it has none. */
int path_share(const struct path_node *node);
#endif
