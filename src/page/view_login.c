/* src/page/view_login.c - what one sees before one is known: the login, a refusal. */
#include "page/access_in.h"
#include "page/asset.h"

/* In the language of the page; there is no scene yet. */
#undef T
#define T(msgid) tr(lang, msgid)

static void head_add(struct text *out, enum lang lang, const char *theme, const char *title)
{
	markup(out, "<!doctype html><html lang=\"%s\"", lang == LANG_JA ? "ja" : "en");
	if (theme[0] != '\0')
		markup(out, " data-theme=\"%s\"", theme);
	markup(out, "><head><meta charset=\"utf-8\"><title>%s \xc2\xb7 keisoku</title>"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\">"
	    "<link rel=\"icon\" href=\"/icon-none.svg\" type=\"image/svg+xml\">"
	    "<link rel=\"stylesheet\" href=\"%s\"></head><body class=\"door\">", title,
	    asset_name("page.css"));
}

static void brand_add(struct text *out, const char *site)
{
	markup(out, "<p class=\"brand\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><rect width=\"24\" "
	    "height=\"24\" rx=\"6\"/><path d=\"M5 17v-4M9.5 17v-6M14 17v-3M18.5 17V7M4 19h16\"/></svg>"
	    "<b>keisoku</b><span class=\"site\">%s</span></p>", site);
}

/* next: where one wanted to go; %XX as a path, it stands in a query. */
static void languages_add(struct text *out, enum lang lang, const char *next)
{
	markup(out, "<p class=\"langs\">");
	if (lang == LANG_JA)
		markup(out, "<a class=\"lang\" href=\"?lang=en&amp;next=");
	else
		markup(out, "<a class=\"lang\" href=\"?lang=ja&amp;next=");
	markup_path(out, next);
	if (lang == LANG_JA)
		markup(out, "\" lang=\"en\" hreflang=\"en\">English</a></p>");
	else
		markup(out, "\" lang=\"ja\" hreflang=\"ja\">&#26085;&#26412;&#35486;</a></p>");
}

void view_login(struct text *out, const struct login_view *view)
{
	enum lang lang = view->lang;

	head_add(out, lang, view->theme, T("Log in"));
	markup(out, "<main id=\"content\" class=\"card\">");
	brand_add(out, view->site);
	markup(out, "<h1>%s</h1>", T("Log in"));
	if (view->says != NULL)
		markup(out, "<p class=\"says\" role=\"alert\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\">"
		    "<path d=\"M8 1l7.5 14H.5z\"/></svg>%s</p>", tr(lang, view->says));
	markup(out, "<form method=\"post\" action=\"/login\">"
	    "<input type=\"hidden\" name=\"form\" value=\"%s\">"
	    "<input type=\"hidden\" name=\"next\" value=\"%s\">", view->form, view->next);
	markup(out, "<label for=\"name\">%s</label><input id=\"name\" name=\"name\" value=\"%s\" required "
	    "maxlength=\"63\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\"",
	    T("Name"), view->name);
	if (view->name[0] == '\0')
		markup(out, " autofocus");
	markup(out, "><label for=\"password\">%s</label><input id=\"password\" name=\"password\" "
	    "type=\"password\" required maxlength=\"256\" autocomplete=\"current-password\"",
	    T("Password"));
	if (view->name[0] != '\0')
		markup(out, " autofocus");
	markup(out, "><button class=\"button\" type=\"submit\">%s</button></form>", T("Log in"));
	markup(out, "<p class=\"hint\">%s</p>", T("No name yet, or the password is lost? Whoever runs "
	    "keisoku sets it there with the command keisoku user."));
	languages_add(out, lang, view->next);
	markup(out, "</main></body></html>\n");
}

void view_refused(struct text *out, enum lang lang, const char *theme, const char *head,
    const char *says, const char *back)
{
	head_add(out, lang, theme, tr(lang, head));
	markup(out, "<main id=\"content\" class=\"card\">");
	brand_add(out, "");
	markup(out, "<h1>%s</h1><p>%s</p><p><a class=\"button\" href=\"/\">%s</a></p></main></body></html>\n",
	    tr(lang, head), tr(lang, says), tr(lang, back));
}

void view_bounce(struct text *out, const char *path)
{
	markup(out, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
	    "<meta http-equiv=\"refresh\" content=\"0;url=%s\"><title>keisoku</title>"
	    "<p><a href=\"%s\">keisoku</a></p></html>\n", path, path);
}
