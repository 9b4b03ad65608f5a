/* src/page/view_rule.c - a rule: what a finding of it means, what to do, where it holds now. */
#include "base/drop.h"
#include "page/detail.h"
#include "page/view.h"
#include "words/rules.h"

void rule_link(struct text *out, unsigned code)
{
	const char *id = finding_id((enum finding_code)code);

	markup(out, "<a href=\"/rule/%s\">%s</a>", id, id);
}

bool rule_write(struct text *out, struct scene *scene)
{
	enum finding_code code;
	size_t n = 0;

	if (!rule_find(scene->id, &code))
		return false;
	markup(out, "<div class=\"pagehead\"><p class=\"crumb\"><a href=\"/evidence\">%s</a></p><h1>%s %s</h1></div>"
	    "<div class=\"two\"><article class=\"card\"><h2>%s</h2><p>%k</p></article><article class=\"card\"><h2>%s</h2>"
	    "<p>%k</p></article></div>", T("Evidence"), T("Rule"), finding_id(code), T("What it means"),
	    rule_means(scene->lang, code), T("What to do"), rule_todo(scene->lang, code));
	markup(out, "<article class=\"card\"><h2>%s</h2><ul class=\"about\">", T("Where it holds now"));
	for (size_t i = 0; i < scene->findings_n; i++) {
		const struct finding *f = &scene->findings[i];
		KS_DROP(text) struct text words = { 0 };

		if (f->code != code)
			continue;
		n++;
		text_init(&words, 600);
		finding_say(&words, scene, f);
		markup(out, "<li>");
		finding_badge(out, scene, f);
		markup(out, " <a href=\"/incident/%llu\">%s</a></li>", (unsigned long long)f->id, text_cstr(&words));
	}
	markup(out, "</ul>");
	if (n == 0)
		markup(out, "<p class=\"quietly\">%s</p>", T("Nowhere."));
	markup(out, "</article>");
	return true;
}
