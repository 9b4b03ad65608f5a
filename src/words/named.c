#include "words/named.h"
#include <stdio.h>
#include <string.h>

#define NAME_IN(list)                                                                  \
	for (size_t i = 0; i < site->list##_n; i++)                                    \
		if (strcmp(site->list[i].id, id) == 0)                                 \
			return site->list[i].name != NULL ? site->list[i].name : id

const char *name_of(const struct site *site, const char *id)
{
	if (site == NULL || id[0] == '\0')
		return id;
	NAME_IN(rooms);
	NAME_IN(racks);
	NAME_IN(coolings);
	NAME_IN(nodes);
	NAME_IN(services);
	NAME_IN(devices);
	NAME_IN(sensors);
	NAME_IN(hosts);
	return id;
}

/* "ups1:battery.charge" is a reading of ups1; what is too long ends with a whole
 * character. */
static void name_put(const struct site *site, char name[FINDING_NAME])
{
	const char *colon = strchr(name, ':');
	char id[FINDING_NAME], said[2 * FINDING_NAME];
	size_t n = colon != NULL ? (size_t)(colon - name) : strlen(name);

	(void)snprintf(id, sizeof id, "%.*s", (int)n, name);
	const char *call = name_of(site, id);

	if (call == id)
		return;
	(void)snprintf(said, sizeof said, "%s%s", call, colon != NULL ? colon : "");
	n = strlen(said);
	if (n >= FINDING_NAME)
		n = FINDING_NAME - 1;
	while (n > 0 && ((unsigned char)said[n] & 0xc0) == 0x80)
		n--;
	(void)snprintf(name, FINDING_NAME, "%.*s", (int)n, said);
}

struct finding finding_named(const struct site *site, const struct finding *finding)
{
	struct finding named = *finding;

	if (site == NULL)
		return named;
	name_put(site, named.subject);
	if (!finding_is_wire(named.code))
		name_put(site, named.place);
	return named;
}
