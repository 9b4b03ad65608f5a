/* src/cli/audit_groups.c - requests and handshakes that a reader takes for the same, as one
 * row with a count. */
#include "cli/audit_show.h"

static bool http_same(const struct audit *audit, size_t i, size_t k)
{
	const struct audit_http *a = &audit->http[i], *b = &audit->http[k];

	return a->device == b->device && a->inward == b->inward && strcmp(a->name, b->name) == 0 &&
	    strcmp(a->method, b->method) == 0 && a->decrypted == b->decrypted;
}

static bool tls_same(const struct audit *audit, size_t i, size_t k)
{
	const struct audit_tls *a = &audit->tls[i], *b = &audit->tls[k];

	return a->device == b->device && a->inward == b->inward && strcmp(a->sni, b->sni) == 0 &&
	    (a->sni[0] != '\0' || strcmp(a->server, b->server) == 0) &&
	    strcmp(a->version, b->version) == 0 && a->verdicts == b->verdicts &&
	    a->visible == b->visible && a->refused == b->refused;
}

/* The group of row i: one that is there, a new one, or NULL when there are enough. */
static struct audit_group *group_of(const struct audit *audit,
    bool (*same)(const struct audit *, size_t, size_t), struct audit_groups *groups, size_t i)
{
	for (size_t g = 0; g < groups->n; g++)
		if (same(audit, groups->of[g].first, i))
			return &groups->of[g];
	if (groups->n == AUDIT_GROUPS) {
		groups->more++;
		return NULL;
	}
	groups->of[groups->n] = (struct audit_group){ .first = i };
	return &groups->of[groups->n++];
}

void audit_http_groups(const struct audit *audit, struct audit_groups *ret_groups)
{
	ret_groups->n = 0;
	ret_groups->more = 0;
	for (size_t i = 0; i < audit->http_n; i++) {
		struct audit_group *group = group_of(audit, http_same, ret_groups, i);

		if (group == NULL)
			continue;
		group->count++;
		group->bytes += audit->http[i].request_bytes;
	}
}

void audit_tls_groups(const struct audit *audit, struct audit_groups *ret_groups)
{
	ret_groups->n = 0;
	ret_groups->more = 0;
	for (size_t i = 0; i < audit->tls_n; i++) {
		struct audit_group *group = group_of(audit, tls_same, ret_groups, i);

		if (group != NULL)
			group->count++;
	}
}
