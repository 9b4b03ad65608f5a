#include "page/asset.h"
#include "page/http.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>


enum { GZIP_WINDOW = 15 + 16, PLAIN_MOST = 1024 * 1024 };

extern const struct asset assets[]; /* written by web/build; a NULL name ends */

/* Shape and colour of a state, 16 pixels: circle, triangle, square, broken ring. */
#define ICON(body) "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">" body "</svg>"
static const struct {
	const char *path, *svg;
} icons[] = {
	{ "/icon-ok.svg", ICON("<circle cx=\"8\" cy=\"8\" r=\"7\" fill=\"#1f9a70\"/>") },
	{ "/icon-warn.svg", ICON("<path d=\"M8 1l7.5 14H.5z\" fill=\"#e08a00\"/>") },
	{ "/icon-crit.svg", ICON("<rect x=\"1\" y=\"1\" width=\"14\" height=\"14\" rx=\"2\" fill=\"#d0342a\"/>") },
	{ "/icon-none.svg", ICON("<circle cx=\"8\" cy=\"8\" r=\"6\" fill=\"none\" stroke=\"#7b888e\" "
	    "stroke-width=\"2.5\" stroke-dasharray=\"3.5 2.5\"/>") },
};

const char *asset_name(const char *name)
{
	for (const struct asset *asset = assets; asset->name != NULL; asset++)
		if (strcmp(asset->name, name) == 0)
			return asset->path;
	return "";
}

const struct asset *asset_find(const char *path)
{
	for (const struct asset *asset = assets; asset->name != NULL; asset++)
		if (strcmp(asset->path, path) == 0)
			return asset;
	return NULL;
}

static bool unpack(const struct asset *asset, uint8_t *room, size_t *n)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)asset->at,
		.avail_in = (uInt)(asset->end - asset->at), .next_out = room, .avail_out = (uInt)*n };
	bool whole = inflateInit2(&z, GZIP_WINDOW) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END;

	*n = z.total_out;
	(void)inflateEnd(&z);
	return whole;
}

void asset_answer(struct http_request *request, const struct asset *asset)
{
	struct http_answer answer = { .status = 200, .type = asset->type, .stays = asset->path != NULL, .gzip = true,
		.body = span_of(asset->at, (size_t)(asset->end - asset->at)) };
	uint8_t *plain;
	size_t n = PLAIN_MOST;

	if (strstr(http_header(request, "Accept-Encoding"), "gzip") != NULL) {
		http_answer(request, &answer);
		return;
	}
	plain = malloc(n);
	answer.gzip = answer.stays = false;
	if (plain != NULL && unpack(asset, plain, &n)) {
		answer.body = span_of(plain, n);
		http_answer(request, &answer);
	} else {
		http_say(request, 500, "the file could not be unpacked");
	}
	free(plain);
}

const char *asset_icon(const char *path)
{
	for (size_t i = 0; i < sizeof icons / sizeof *icons; i++)
		if (strcmp(icons[i].path, path) == 0)
			return icons[i].svg;
	return NULL;
}
