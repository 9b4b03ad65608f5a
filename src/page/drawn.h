/* src/page/drawn.h - pictures that are no pages: for a terminal, as a file, as a table;
 * what `keisoku heat`, `power`, `rack` and `tree` print.  GET /draw/heat, /draw/power, /draw/rack[/ID],
 * /draw/tree, /api/NAME (tables.c) ? as=text|svg|csv|json & columns= & colour=1 & ascii=1 & from= & to= */
#ifndef KS_PAGE_DRAWN_H
#define KS_PAGE_DRAWN_H
#include "draw/term.h"
#include "page/scene.h"

enum form_as { FORM_TEXT, FORM_SVG, FORM_CSV, FORM_JSON, FORM_ICS };
struct form {
	enum form_as as;
	struct term term;
};

struct drawn {
	const char *path;	/* "/draw/rack/" with an id behind it */
	void (*want)(struct scene *scene, const struct form *form);
	/* false: there is no such thing, or nothing to draw; out may hold a sentence that
	 * says which, in the language of the form */
	bool (*write)(struct text *out, struct scene *scene, const struct form *form);
	enum form_as only; /* FORM_TEXT: as is asked */
	bool lose;	   /* its id is what ?lose= names */
	uint8_t (*severity)(const struct scene *scene); /* how bad what it shows is; NULL: not said */
};
const struct drawn *drawn_find(const char *path, const char **ret_id);
#endif
