/* src/role/keeper_wire.c - what the ear is handed: packet sockets with their rings and
 * filters, captures that are followed, lists, countries, roots.  It opens none itself. */
#include "base/drop.h"
#include "base/hash.h"
#include "role/keeper.h"
#include "wire/places.h"
#include "wire/ring.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WIRES_LOOK_MS = 2000 };
static const char system_roots[] = "/etc/ssl/certs/ca-certificates.crt";

/* why NULL: it is heard again. */
static void deaf_say(struct keeper *keeper, const char *id, const char *why)
{
	struct event event = { .what = EVENT_DEAF, .role = ROLE_EAR, .time_ms = keeper_now(keeper) };

	if (why != NULL)
		keeper_say(keeper, "KS-SELF-010", id, why);
	(void)snprintf(event.text, sizeof event.text, "%.63s\t%.180s", id, why != NULL ? why : "");
	(void)keeper_event(keeper, &event);
}

static bool fd_hand(struct kept *ear, enum handle_what what, const char *name, uint64_t bytes,
    int fd)
{
	struct handle handle = { .what = what, .role = ROLE_KEEPER, .bytes = bytes };
	struct parcel parcel = { .kind = MESSAGE_HANDLE, .count = 1,
		.body = span_of(&handle, sizeof handle), .fds = &fd, .fds_n = 1 };

	(void)snprintf(handle.name, sizeof handle.name, "%s", name);
	if (ear->given && line_send(&ear->line, &parcel, NULL) == KS_OK)
		return true;
	(void)close(fd);
	return false;
}

/* A pipe is opened for both, so that its writers may come and go. */
static int capture_open(const char *path, struct why *why)
{
	struct stat is;
	int fd = stat(path, &is) == 0 && S_ISFIFO(is.st_mode)
	    ? open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
	    : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		(void)fail(why, KS_IO, "%s: %s", path, strerror(errno));
	return fd;
}

static void wire_hand(struct keeper *keeper, struct kept *ear, size_t i)
{
	const struct wire *wire = &keeper->site->wires[i];
	struct kept_wires *wires = &keeper->wires;
	struct why why = { .fmt = NULL };
	char name[PATH_MOST];
	unsigned index = 1;
	int fd = -1;

	if (wire->interface != NULL) {
		if (ring_open(wire->interface, wire->filter, &fd, &index, &why) != KS_OK)
			fd = -1;
	} else {
		fd = capture_open(wire->file, &why);
	}
	(void)snprintf(name, sizeof name, "%s%.63s", wire->interface != NULL ? "" : "capture ",
	    wire->id);
	bool heard = fd >= 0 && fd_hand(ear, wire->interface != NULL ? HANDLE_PACKET : HANDLE_FILE,
	    name, 0, fd);

	wires->index[i] = heard ? index : 0;
	if (fd < 0 && !wires->deaf[i])
		deaf_say(keeper, wire->id, why.text);
	else if (heard && wires->deaf[i])
		deaf_say(keeper, wire->id, NULL);
	wires->deaf[i] = fd < 0;
}

/* A file the ear reads from its beginning. */
static void file_hand(struct keeper *keeper, struct kept *ear, const char *name,
    const char *path, bool must_be)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat is;

	if (fd >= 0 && fstat(fd, &is) == 0 && S_ISREG(is.st_mode)) {
		(void)fd_hand(ear, HANDLE_FILE, name, (uint64_t)is.st_size, fd);
		if (must_be)
			deaf_say(keeper, name, NULL);
		return;
	}
	if (must_be) {
		char why[PATH_MOST];

		(void)snprintf(why, sizeof why, "%.400s: %s", path, fd < 0 ? strerror(errno) :
		    "not a plain file");
		deaf_say(keeper, name, why);
	}
	drop_fd(&fd);
}

/* A table that a library wants to open by a path: as a sealed memory file it can. */
static void table_hand(struct keeper *keeper, struct kept *ear, const char *name,
    const char *path)
{
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct why why = { .fmt = NULL };
	struct stat is;
	int sealed = -1;

	if (fd < 0 || fstat(fd, &is) != 0 || !S_ISREG(is.st_mode) || is.st_size <= 0 ||
	    is.st_size > LIMIT_WIRE_TABLE) {
		deaf_say(keeper, name, path);
		return;
	}
	void *at = mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		return;
	if (memory_seal(span_of(at, (size_t)is.st_size), name, &sealed, &why) == KS_OK)
		(void)fd_hand(ear, HANDLE_FILE, name, (uint64_t)is.st_size, sealed);
	(void)munmap(at, (size_t)is.st_size);
}

static void places_hand(struct keeper *keeper, struct kept *ear, const char *geo)
{
	char program[PATH_MOST] = "", path[1024];

	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
		program[0] = '\0';
	if (geo != NULL)
		table_hand(keeper, ear, "countries", geo);
	else if (places_own_file(program, "countries.mmdb", path, sizeof path))
		table_hand(keeper, ear, "own countries", path);
	if (places_own_file(program, "owners.bin", path, sizeof path))
		table_hand(keeper, ear, "owners", path);
}

/* Lines of the site file that are the ear's, and the files they name. */
static uint64_t wires_hash(const struct site *site)
{
	uint64_t hash = 1;

	for (size_t i = 0; i < site->wires_n; i++) {
		const struct wire *w = &site->wires[i];
		const char *words[] = { w->id, w->interface, w->filter, w->file, w->accept, w->geo,
			w->trust };

		for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
			struct stat is = { .st_size = 0 };

			hash = hash_of(span_text(words[k] != NULL ? words[k] : ""), hash + k);
			if (k >= 4 && words[k] != NULL && stat(words[k], &is) == 0)
				hash = hash_of(span_of(&is.st_mtim, sizeof is.st_mtim), hash);
		}
	}
	for (size_t i = 0; i < site->others_n; i++) {
		const char *path = other_value(&site->others[i], "file");
		struct stat is = { .st_size = 0 };

		hash = hash_of(span_text(path != NULL ? path : ""), hash);
		if (path != NULL && stat(path, &is) == 0)
			hash = hash_of(span_of(&is.st_mtim, sizeof is.st_mtim), hash);
	}
	return hash;
}

void keeper_wires_hand(struct keeper *keeper, struct kept *ear)
{
	const struct site *site = keeper->site;
	const struct wire *first = site->wires;
	char name[PATH_MOST];

	if (site->wires_n == 0)
		return;
	keeper->wires.hash = wires_hash(site);
	for (size_t i = 0; i < site->others_n; i++) {
		const char *path = other_value(&site->others[i], "file");

		if (path == NULL || strcmp(site->others[i].kind, "list") != 0)
			continue;
		(void)snprintf(name, sizeof name, "list %.63s", site->others[i].id);
		file_hand(keeper, ear, name, path, true);
	}
	if (first->accept != NULL)
		file_hand(keeper, ear, "accept", first->accept, true);
	file_hand(keeper, ear, "roots", system_roots, false);
	if (first->trust != NULL)
		file_hand(keeper, ear, "trust", first->trust, true);
	places_hand(keeper, ear, first->geo);
	for (size_t i = 0; i < site->wires_n; i++)
		wire_hand(keeper, ear, i);
}

void keeper_wires_look(struct keeper *keeper)
{
	struct kept *ear = &keeper->roles[ROLE_EAR];
	int64_t now = clock_mono_ms();

	if (!ear->ready || now - keeper->wires.looked_ms < WIRES_LOOK_MS)
		return;
	keeper->wires.looked_ms = now;
	if (wires_hash(keeper->site) != keeper->wires.hash) {
		ear->renew = true;
		kept_stop(ear);
		return;
	}
	for (size_t i = 0; i < keeper->site->wires_n; i++) {
		const char *interface = keeper->site->wires[i].interface;

		if (interface != NULL ? keeper->wires.index[i] == 0 ||
		    if_nametoindex(interface) != keeper->wires.index[i] : keeper->wires.index[i] == 0)
			wire_hand(keeper, ear, i);
	}
}

void keeper_wires_reload(struct keeper *keeper)
{
	struct kept *ear = &keeper->roles[ROLE_EAR];

	if (wires_hash(keeper->site) == keeper->wires.hash)
		return;
	memset(&keeper->wires, 0, sizeof keeper->wires);
	if (ear->alive) {
		ear->renew = true;
		kept_stop(ear);
	} else if (keeper_wants(keeper, ROLE_EAR)) {
		kept_start(ear);
	}
}

void keeper_wires_again(struct keeper *keeper)
{
	for (size_t i = 0; i < keeper->site->wires_n && i < LIMIT_WIRES; i++)
		keeper->wires.deaf[i] = false; /* the next look says it again */
}
