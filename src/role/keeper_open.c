/* src/role/keeper_open.c - what the keeper opens so that nobody else has to. */
#include "base/drop.h"
#include "base/number.h"
#include "role/front.h"
#include "role/keeper.h"
#include "site/read.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

/* "127.0.0.1:4270", "[::1]:4270" */
static int address_read(const char *word, struct sockaddr_storage *ret_address,
    socklen_t *ret_len, struct why *why)
{
	char host[64];
	const char *colon = strrchr(word, ':');
	bool six = word[0] == '[';
	size_t n = colon != NULL ? (size_t)(colon - word) : 0;
	int64_t port;

	if (colon == NULL || n < (six ? 3 : 1) || n >= sizeof host || (six && colon[-1] != ']') ||
	    number_read(span_text(colon + 1), 0, &port) != KS_OK || port < 0 || port > 65535)
		return fail(why, KS_MALFORMED, "%s: not ADDRESS:PORT, as in 127.0.0.1:4270", word);
	memset(host, 0, sizeof host);
	memcpy(host, word + (six ? 1 : 0), n - (six ? 2 : 0));
	struct sockaddr_in *in = (struct sockaddr_in *)ret_address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret_address;

	memset(ret_address, 0, sizeof *ret_address);
	if (six) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		*ret_len = sizeof *in6;
	} else {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		*ret_len = sizeof *in;
	}
	if (inet_pton(six ? AF_INET6 : AF_INET, host,
		six ? (void *)&in6->sin6_addr : (void *)&in->sin_addr) != 1)
		return fail(why, KS_MALFORMED, "%s: not an address", word);
	return KS_OK;
}

int keeper_listen_check(const char *word, struct why *why)
{
	struct sockaddr_storage address;
	socklen_t len = 0;

	return strcmp(word, "off") == 0 ? KS_OK : address_read(word, &address, &len, why);
}

static int listen_tcp(struct keeper *keeper, const char *word, struct why *why)
{
	struct sockaddr_storage address;
	socklen_t len = 0;
	int one = 1, code = address_read(word, &address, &len, why);

	if (code != KS_OK)
		return code;
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, len) != 0 || listen(fd, BACKLOG) != 0) {
		code = fail(why, KS_IO, "can not listen on %s: %s", word, strerror(errno));
		drop_fd(&fd);
		return code;
	}
	keeper->sockets[HANDLE_LISTEN_TCP] = fd;
	return KS_OK;
}

/* A socket left behind by a dead daemon goes; one that answers is a daemon at work. */
static int listen_unix(struct keeper *keeper, struct why *why)
{
	const char *path = keeper->paths.socket;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	KS_DROP(fd) int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, path, strlen(path)); /* paths_find has measured it */
	if (probe >= 0 &&
	    connect(probe, (const struct sockaddr *)&address, sizeof address) == 0) {
		drop_fd(&fd);
		return fail(why, KS_REFUSED, "%s: another keisoku is watching already", path);
	}
	(void)unlink(path);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
	    chmod(path, 0666) != 0 || listen(fd, BACKLOG) != 0) {
		int code = fail(why, KS_IO, "can not listen on %s: %s", path, strerror(errno));

		drop_fd(&fd);
		return code;
	}
	keeper->sockets[HANDLE_LISTEN_UNIX] = fd;
	return KS_OK;
}

/* SOCK_DGRAM needs a group in net.ipv4.ping_group_range, SOCK_RAW a capability. */
static int icmp_open(int family, int protocol)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);

	return fd >= 0 ? fd : socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
}

/* --listen, the site file, this machine alone. */
static const char *keeper_listen(const struct keeper *keeper)
{
	const struct front *front = site_front(keeper->site);

	return keeper->options->listen != NULL ? keeper->options->listen :
	    front != NULL ? front->listen : "127.0.0.1:4270";
}

/* Beyond this machine nothing is served in clear, or to everybody. */
static int front_check(const struct keeper *keeper, const char *listen_, struct why *why)
{
	const struct front *front = site_front(keeper->site);

	if (front != NULL && front->cert != NULL)
		return front_files_check(front, why);
	if (front_local(listen_))
		return KS_OK;
	return fail(why, KS_REFUSED, "%s is beyond this machine: the site file needs a line such as: page "
	    "web listen=%s cert=FILE key=FILE users=FILE (keisoku explain site)", listen_, listen_);
}

int keeper_open(struct keeper *keeper, struct why *why)
{
	const char *listen_ = keeper_listen(keeper);
	int code = front_check(keeper, listen_, why);

	if (code == KS_OK)
		code = paths_make(&keeper->paths, why);
	if (code == KS_OK)
		code = listen_unix(keeper, why);
	if (code == KS_OK && strcmp(listen_, "off") != 0)
		code = listen_tcp(keeper, listen_, why);
	if (code != KS_OK)
		return code;
	keeper->sockets[HANDLE_ICMP4] = icmp_open(AF_INET, IPPROTO_ICMP);
	keeper->sockets[HANDLE_ICMP6] = icmp_open(AF_INET6, IPPROTO_ICMPV6);
	return KS_OK;
}

void keeper_close(struct keeper *keeper)
{
	if (keeper->sockets[HANDLE_LISTEN_UNIX] >= 0)
		(void)unlink(keeper->paths.socket);
	for (unsigned i = 0; i < HANDLES; i++) {
		drop_fd(&keeper->sockets[i]);
		keeper->sockets[i] = -1;
	}
	text_done(&keeper->site_bytes);
	site_free(keeper->site);
}

static int file_read(const char *path, struct text *text, struct stat *ret_stat,
    struct why *why)
{
	KS_DROP(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char part[65536];

	if (fd < 0 || fstat(fd, ret_stat) != 0)
		return fail(why, KS_IO, "%s: %s", path, strerror(errno));
	if (!S_ISREG(ret_stat->st_mode)) /* a pipe would never end, or never begin */
		return fail(why, KS_REFUSED, "%s: not a plain file", path);
	while (!text->full) {
		ssize_t n = read(fd, part, sizeof part);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(why, KS_IO, "%s: %s", path, strerror(errno));
		if (n == 0)
			break;
		text_add_span(text, span_of(part, (size_t)n));
	}
	if (text->full)
		return fail(why, KS_FULL, "%s: longer than a site file may be", path);
	return KS_OK;
}

int keeper_read_site(struct keeper *keeper, struct why *why)
{
	const char *path = keeper->options->site;
	struct site_errors *errors = calloc(1, sizeof *errors);
	struct site *site = NULL;
	struct text bytes;

	text_init(&bytes, LIMIT_SITE_BYTES);
	int code = errors == NULL ? fail(why, KS_FULL, "out of memory")
	    : file_read(path, &bytes, &keeper->site_stat, why);

	if (code == KS_OK) {
		code = site_read(text_span(&bytes), &site, errors);
		if (code != KS_OK)
			(void)fail(why, code, "%s:%u:%u: %s", path, errors->list[0].line,
			    errors->list[0].column, errors->list[0].why.text);
	}
	free(errors);
	if (code != KS_OK) {
		text_done(&bytes);
		return code;
	}
	text_done(&keeper->site_bytes);
	keeper->site_bytes = bytes;
	site_free(keeper->site);
	keeper->site = site;
	return KS_OK;
}

bool keeper_site_changed(struct keeper *keeper)
{
	struct stat now;
	const struct stat *then = &keeper->site_stat;

	if (stat(keeper->options->site, &now) != 0)
		return false; /* between two renames, or gone: the old one stands */
	return now.st_ino != then->st_ino || now.st_size != then->st_size ||
	    now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != then->st_mtim.tv_nsec;
}

bool keeper_front_changed(struct keeper *keeper)
{
	const struct front *front = site_front(keeper->site);
	uint64_t print = front != NULL && front->cert != NULL ? front_files_print(front) : 0;
	bool changed = print != keeper->front_print;

	keeper->front_print = print;
	return changed;
}

static void secret_hand(struct keeper *keeper, struct kept *kept, const char *name)
{
	struct handle handle = { .what = HANDLE_SECRET };
	struct secret secret = { .at = NULL };
	struct why why = { .fmt = NULL };
	int fd = -1;

	if (name == NULL || strlen(name) >= sizeof handle.name)
		return;
	bool public = front_is_cert(site_front(keeper->site), name);
	int code = public ? public_fetch(name, &secret, &why) : secret_fetch(name, &secret, &why);

	if (code == KS_OK) {
		handle.bytes = secret.bytes;
		(void)snprintf(handle.name, sizeof handle.name, "%s", name);
		code = secret_seal(&secret, &fd, &why);
	}
	secret_wipe(&secret);
	struct parcel parcel = { .kind = MESSAGE_HANDLE, .count = 1,
		.body = span_of(&handle, sizeof handle), .fds = &fd, .fds_n = 1 };

	if (code == KS_OK && (code = line_send(&kept->line, &parcel, &why)) != KS_OK)
		drop_fd(&fd);
	if (code != KS_OK)
		keeper_say(keeper, "KS-SECRET", "refused", why.text);
}

/* The page holds its own key and who may log in, and no other secret. */
static void page_secrets(struct keeper *keeper, struct kept *kept)
{
	const struct front *front = site_front(keeper->site);

	if (front == NULL || front->cert == NULL)
		return;
	secret_hand(keeper, kept, front->key);
	secret_hand(keeper, kept, front->users);
	secret_hand(keeper, kept, front->cert);
}

static void courier_secrets(struct keeper *keeper, struct kept *kept)
{
	for (size_t i = 0; i < keeper->site->notifies_n; i++)
		secret_hand(keeper, kept, keeper->site->notifies[i].secret);
}

void keeper_secrets(struct keeper *keeper, struct kept *kept)
{
	const struct site *site = keeper->site;
	const char *last = NULL;

	if (kept->role == ROLE_PAGE)
		page_secrets(keeper, kept);
	if (!role_may(kept->role, RIGHT_SECRETS))
		return;
	if (kept->role == ROLE_COURIER) { /* each role has its own, none the other's */
		courier_secrets(keeper, kept);
		return;
	}
	/* neighbours mostly share one file: it is read once for them */
	for (size_t i = 0; i < site->sensors_n + site->hosts_n + site->devices_n; i++) {
		const char *name = i < site->sensors_n ? site->sensors[i].secret
		    : i < site->sensors_n + site->hosts_n
		    ? site->hosts[i - site->sensors_n].secret
		    : site->devices[i - site->sensors_n - site->hosts_n].secret;

		if (name == NULL || (last != NULL && strcmp(name, last) == 0))
			continue;
		secret_hand(keeper, kept, name);
		last = name;
	}
}
