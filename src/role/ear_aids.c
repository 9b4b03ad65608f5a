/* src/role/ear_aids.c - what the ear is told beside: lists, countries, roots, findings that
 * are accepted, names of the site file.  All of it comes as descriptors. */
#include "base/drop.h"
#include "role/ear.h"
#include <stdlib.h>
#include <string.h>

enum { ACCEPT_BYTES = 4 << 20, ROOTS_BYTES = 16 << 20 };

static void bytes_read(int fd, struct text *text)
{
	char part[65536];
	ssize_t n;

	while (!text->full && (n = read(fd, part, sizeof part)) > 0)
		text_add_span(text, span_of(part, (size_t)n));
}

static void accept_file(struct ear_role *role, int fd)
{
	KS_DROP(text) struct text bytes;
	struct why why = { .fmt = NULL };

	text_init(&bytes, ACCEPT_BYTES);
	bytes_read(fd, &bytes);
	if (aids_accept(&role->aids, text_span(&bytes), "accept", &why) != KS_OK)
		worker_say(role->worker, "KS-WIRE", "accept", why.text);
}

/* A library opens it by this path: a sealed memory file is no file of the machine. */
static char *path_of(int take_fd)
{
	char path[64];

	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", take_fd);
	return strdup(path);
}

void ear_file(struct ear_role *role, const char *name, int take_fd)
{
	KS_DROP(fd) int fd = take_fd;
	struct why why = { .fmt = NULL };

	if (strncmp(name, "capture ", 8) == 0) {
		fd = -1;
		source_capture(role, name + 8, take_fd);
	} else if (strncmp(name, "list ", 5) == 0) {
		if (aids_list(&role->aids, fd, name + 5, &why) != KS_OK)
			worker_say(role->worker, "KS-WIRE", name, why.text);
	} else if (strcmp(name, "accept") == 0) {
		accept_file(role, fd);
	} else if (strcmp(name, "roots") == 0) {
		bytes_read(fd, &role->roots);
	} else if (strcmp(name, "trust") == 0) {
		bytes_read(fd, &role->chosen);
	} else if ((strcmp(name, "countries") == 0 || strcmp(name, "own countries") == 0) &&
	    role->countries == NULL) {
		role->countries = path_of(fd);
		role->own_countries = name[0] == 'o';
		fd = -1;
	} else if (strcmp(name, "owners") == 0 && role->owners == NULL) {
		role->owners = path_of(fd);
		fd = -1;
	}
}

/* Those for the site: what it calls its own things. */
int ear_known(struct ear_role *role, struct why *why)
{
	const struct site *site = role->worker->site;
	struct make_known *known = calloc(site->hosts_n + site->devices_n + 1, sizeof *known);

	if (known == NULL)
		return fail(why, KS_FULL, "out of memory");
	free(role->known);
	role->known = known;
	role->known_n = known_of_site(site, known);
	return KS_OK;
}

/* Nothing more comes: the tables are opened. */
void ear_aids_ready(struct ear_role *role)
{
	struct span roots = text_span(&role->roots);
	struct span chosen = role->chosen.len > 0 ? text_span(&role->chosen) : roots;
	struct places *places = NULL;
	struct why why = { .fmt = NULL };

	role->aids_ready = true;
	if (chosen.left > 0 && audit_trust_new(chosen, roots, &role->trust, &why) != KS_OK)
		worker_say(role->worker, "KS-WIRE", "trust", why.text);
	text_done(&role->roots);
	text_done(&role->chosen);
	int code = role->own_countries ? places_open_built(role->countries, role->owners, &places, &why)
	    : places_open(role->countries, role->owners, &places, &why);

	if (code == KS_OK)
		aids_places(&role->aids, places);
	else
		worker_say(role->worker, "KS-WIRE", "geo", why.text);
}

void ear_aids_begin(struct ear_role *role)
{
	text_init(&role->roots, ROOTS_BYTES);
	text_init(&role->chosen, ROOTS_BYTES);
	aids_init(&role->aids);
}

void ear_aids_end(struct ear_role *role)
{
	aids_done(&role->aids);
	audit_trust_free(role->trust);
	text_done(&role->roots);
	text_done(&role->chosen);
	free(role->countries);
	free(role->owners);
	free(role->known);
}
