/* src/cli/audit_story_personal.c - personal data in a story: all kinds to one host are one
 * line, and all hosts that were sent the same kinds. */
#include "cli/audit_story_in.h"
#include "base/drop.h"
#include <string.h>

/* What one host was sent. */
struct personal_sent {
	struct text kinds;
	enum severity worst;
	uint64_t count;
	const struct audit_finding *most; /* by those who sent it */
};

static bool is_part(const struct telling *t, size_t i, const struct audit_finding *f)
{
	const struct audit_finding *g = &t->audit->findings[i];

	return story_is_open(t, i) && story_is_same_kind(f, g) && strcmp(g->to, f->to) == 0;
}

/* All findings of the first one's host; told: they are from now on. */
static void sent_take(struct telling *t, size_t first, bool told, struct personal_sent *ret)
{
	const struct audit_finding *f = &t->audit->findings[first];
	bool received = f->base.way != WAY_OUT;

	ret->most = f;
	ret->worst = SEVERITY_OK;
	ret->count = 0;
	text_clear(&ret->kinds);
	for (size_t i = first; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];

		if (!is_part(t, i, f))
			continue;
		t->told[i] = told;
		ret->worst = g->base.severity > ret->worst ? g->base.severity : ret->worst;
		if (ret->kinds.len > 0)
			text_add(&ret->kinds, tr(t->lang, N_(", ")));
		text_add(&ret->kinds, received ? personal_received(t->lang, g->base.word) :
		    personal_said(t->lang, g->base.word));
		ret->count = g->base.count > ret->count ? g->base.count : ret->count;
		ret->most = g->base.clients > ret->most->base.clients ? g : ret->most;
	}
}

/* Has an earlier finding of that host been looked at already? */
static bool is_first_of_host(const struct telling *t, size_t first, size_t i)
{
	for (size_t k = first; k < i; k++)
		if (is_part(t, k, &t->audit->findings[i]))
			return false;
	return true;
}

static void others_take(struct telling *t, size_t first, struct personal_sent *all,
    struct name_list *hosts)
{
	const struct audit_finding *f = &t->audit->findings[first];
	struct personal_sent one = { .most = NULL };

	text_init(&one.kinds, 1000);
	for (size_t i = first + 1; i < t->audit->findings_n; i++) {
		const struct audit_finding *g = &t->audit->findings[i];

		if (!story_is_open(t, i) || !story_is_same_kind(f, g) || !is_first_of_host(t, first, i))
			continue;
		sent_take(t, i, false, &one);
		if (strcmp(text_cstr(&one.kinds), text_cstr(&all->kinds)) != 0)
			continue;
		sent_take(t, i, true, &one);
		list_add(hosts, t->lang, g->to);
		all->worst = one.worst > all->worst ? one.worst : all->worst;
		all->count = one.count > all->count ? one.count : all->count;
	}
	text_done(&one.kinds);
}

void story_personal(struct telling *t, size_t first)
{
	const unsigned way = t->audit->findings[first].base.way;
	struct personal_sent all = { .most = NULL };
	struct name_list hosts = { .n = 0 };
	KS_DROP(text) struct text line, other;

	text_init(&all.kinds, 1000);
	text_init(&hosts.text, 600);
	text_init(&line, 2000);
	text_init(&other, 600);
	sent_take(t, first, true, &all);
	story_other_say(&other, t, all.most);
	list_add(&hosts, t->lang, text_cstr(&other));
	if (way != WAY_AT) /* of these the clients differ */
		others_take(t, first, &all, &hosts);
	list_end(&hosts, t->lang);
	say(&line, t->lang, way != WAY_OUT ? N_("receives in clear from %s: %s") : N_("sends in clear to %s: %s"),
	    text_cstr(&hosts.text), text_cstr(&all.kinds));
	if (all.count > 1)
		say(&line, t->lang, " (up to %lld times each)", (long long)all.count);
	story_line_put(t, all.worst, FINDING_WIRE_PERSONAL, &line);
	text_done(&all.kinds);
	text_done(&hosts.text);
}
