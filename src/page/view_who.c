/* src/page/view_who.c - at the foot of every page: light or dark, who looks, log out. */
#include "page/users.h"
#include "page/view.h"

static void themes_add(struct text *out, const struct scene *scene)
{
	static const struct {
		const char *word, *name;
	} themes[] = { { "auto", N_("Automatic") }, { "light", N_("Light") }, { "dark", N_("Dark") } };
	const char *now = scene->theme == NULL || scene->theme[0] == '\0' ? "auto" : scene->theme;

	markup(out, "<span class=\"themes\">%s", T("Colours:"));
	for (size_t i = 0; i < sizeof themes / sizeof *themes; i++) {
		markup(out, " <a href=\"?theme=%s\"", themes[i].word);
		if (span_equal(span_text(now), themes[i].word))
			markup(out, " aria-current=\"true\"");
		markup(out, ">%s</a>", tr(scene->lang, themes[i].name));
	}
	markup(out, "</span>");
}

void who_add(struct text *out, const struct scene *scene)
{
	static const char *const roles[PAGE_ROLES] = { "", N_("viewer"), N_("operator"), N_("approver") };

	markup(out, "<div class=\"who\">");
	themes_add(out, scene);
	if (scene->who.by == BY_SESSION) {
		markup(out, "<form method=\"post\" action=\"/logout\"><span>%s (%s)</span>", scene->who.name,
		    tr(scene->lang, roles[scene->who.role]));
		form_token_add(out, scene);
		markup(out, "<button class=\"lang\" type=\"submit\">%s</button></form>", T("Log out"));
	}
	markup(out, "</div>");
}
