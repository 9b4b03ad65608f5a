/* src/page/asset.h - what the page is made of besides HTML: built into the program,
 * compressed, under a name that changes with the content, so that it is kept for ever. */
#ifndef KS_PAGE_ASSET_H
#define KS_PAGE_ASSET_H
#include "base/span.h"

struct asset {
	const char *name;  /* "page.css" */
	const char *path;  /* "/a/page-1a2b3c4d.css"; NULL: its name does not change, it is not kept */
	const char *type;
	const char *at, *end; /* gzip */
};

/* "" when this build has none (uplot.js without npm). */
const char *asset_name(const char *name);
/* NULL: no such path. */
const struct asset *asset_find(const char *path);
struct http_request;
/* As it is, or unpacked for who does not take gzip. */
void asset_answer(struct http_request *request, const struct asset *asset);
/* The icon of a state: SVG, not compressed; NULL: no such path. */
const char *asset_icon(const char *path);
#endif
