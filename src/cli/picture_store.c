#include "cli/picture_store.h"
#include "cli/last.h"
#include <stdio.h>
#include <string.h>

enum { HALF_DAY_MS = 12 * 3600 * 1000 };

static int sample_took(void *user, int64_t time_ms, double value)
{
	want_add(user, time_ms, value);
	return KS_OK;
}

/* Curves end with what was measured last, not with now. */
static void times_set(struct scene *scene, const struct last *last,
    const struct picture *picture)
{
	int64_t end = last->newest_ms + 1;

	scene->to_ms = picture->to_ms > 0 ? picture->to_ms : picture->to_ms < 0 ?
	    end + picture->to_ms : end;
	scene->from_ms = picture->from_ms > 0 ? picture->from_ms : picture->from_ms < 0 ?
	    scene->to_ms + picture->from_ms : scene->to_ms - HALF_DAY_MS;
	if (scene->from_ms >= scene->to_ms)
		scene->from_ms = scene->to_ms - HALF_DAY_MS;
}

static int draw(struct scene *scene, const struct drawn *drawn, const struct picture *picture,
    struct text *ret, struct why *why)
{
	int code = scene_begin(scene, why);

	if (code != KS_OK)
		return code;
	drawn->want(scene, &picture->form);
	for (size_t i = 0; i < scene->wants_n && code == KS_OK; i++)
		code = store_read(scene->store, scene->wants[i].store, scene->wants[i].from_ms,
		    scene->wants[i].to_ms, sample_took, &scene->wants[i], why);
	if (code == KS_OK && !drawn->write(ret, scene, &picture->form))
		code = ret->len > 0 ? fail(why, KS_ABSENT, "%s", text_cstr(ret)) :
		    fail(why, KS_ABSENT, "there is no such thing, or nothing of it to draw");
	return code;
}

static int last_draw(const struct last *last, int64_t now_ms, const struct picture *picture,
    struct text *ret, const char **ret_verdict, struct why *why)
{
	struct scene scene = { .lang = picture->form.term.lang, .site = last->site,
		.zone = last->zone, .verdict = &last->verdict, .findings = last->findings,
		.findings_n = last->findings_n, .now = last->readings, .now_n = last->readings_n,
		.now_ms = now_ms, .store = last->store, .id = picture->id, .kind_asked = "" };
	char path[40];
	const char *id;

	(void)snprintf(path, sizeof path, "/draw/%s", picture->what);
	const struct drawn *drawn = drawn_find(path, &id);

	if (drawn == NULL)
		return fail(why, KS_ABSENT, "there is no such thing, or nothing of it to draw");
	times_set(&scene, last, picture);
	int code = draw(&scene, drawn, picture, ret, why);

	if (code == KS_OK && drawn->severity != NULL)
		*ret_verdict = severity_word((enum severity)drawn->severity(&scene));
	scene_end(&scene);
	return code;
}

int picture_store(const char *state, int64_t now_ms, const struct picture *picture,
    struct text *ret, const char **ret_verdict, struct why *why)
{
	struct last last;
	int code = last_open(state, now_ms, &last, why);

	if (code != KS_OK)
		return code;
	if (last.site == NULL)
		code = fail(why, KS_ABSENT, "the site file that this store's daemon read (%s) is not "
		    "there or has errors", last.site_path[0] != '\0' ? last.site_path : "-");
	else
		code = last_draw(&last, now_ms, picture, ret, ret_verdict, why);
	last_done(&last);
	return code;
}
