#include "cli/init_scan.h"
#include "base/drop.h"
#include "base/span.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <limits.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum { NUT_WAIT_MS = 1000, NUT_ROOM = 8192 };

static void found_add(struct found *found, const char *name)
{
	for (size_t i = 0; i < found->n; i++)
		if (strcmp(found->names[i], name) == 0)
			return;
	if (found->n >= FOUND_MAX) {
		found->more++;
		return;
	}
	(void)snprintf(found->names[found->n++], FOUND_NAME, "%s", name);
}

/* The first line of a small file; false when there is none. */
static bool read_line(const char *root, const char *path, char *ret, size_t room)
{
	char whole[PATH_MAX];
	int n = snprintf(whole, sizeof whole, "%s%s", root, path);
	KS_DROP(fd) int fd = n > 0 && (size_t)n < sizeof whole
	    ? open(whole, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
	ssize_t got = fd >= 0 ? read(fd, ret, room - 1) : -1;

	if (got <= 0)
		return false;
	ret[got] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	for (char *c = ret; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return ret[0] != '\0';
}

/* Calls each for every name in a folder, in the order of the names. */
static void each_name(const char *root, const char *folder,
    void (*each)(struct scan *scan, const char *root, const char *name), struct scan *scan)
{
	char whole[PATH_MAX];
	struct dirent **names = NULL;
	int n = snprintf(whole, sizeof whole, "%s%s", root, folder);

	if (n <= 0 || (size_t)n >= sizeof whole)
		return;
	n = scandir(whole, &names, NULL, versionsort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			each(scan, root, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static bool has_input(const char *root, const char *folder)
{
	char whole[PATH_MAX];
	int n = snprintf(whole, sizeof whole, "%s%s", root, folder);
	DIR *dir = n > 0 && (size_t)n < sizeof whole ? opendir(whole) : NULL;
	bool found = false;

	for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL && !found;
	    e = readdir(dir))
		found = strstr(e->d_name, "_input") != NULL;
	if (dir != NULL)
		(void)closedir(dir);
	return found;
}

static void scan_chip(struct scan *scan, const char *root, const char *name)
{
	char path[400], line[64];

	for (int old = 0; old < 2; old++) {
		(void)snprintf(path, sizeof path, "/sys/class/hwmon/%.200s%s", name,
		    old ? "/device" : "");
		if (!has_input(root, path))
			continue;
		(void)snprintf(path, sizeof path, "/sys/class/hwmon/%.200s%s/name", name,
		    old ? "/device" : "");
		found_add(&scan->chips, read_line(root, path, line, sizeof line) ? line : name);
		return;
	}
}

static void scan_zone(struct scan *scan, const char *root, const char *name)
{
	char path[400], line[64];

	if (strncmp(name, "thermal_zone", 12) != 0)
		return;
	(void)snprintf(path, sizeof path, "/sys/class/thermal/%.200s/type", name);
	found_add(&scan->zones, read_line(root, path, line, sizeof line) ? line : name);
}

static void scan_wire(struct scan *scan, const char *root, const char *name)
{
	static const char *const families[] = { "10-", "22-", "28-", "3b-", "42-" };

	(void)root;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (strncmp(name, families[i], 3) == 0)
			found_add(&scan->wires, name);
}

/* The answer to LIST UPS of an upsd on this host; 0 bytes when there is none. */
static size_t ask_nut(uint16_t port, char *ret, size_t room)
{
	static const char question[] = "LIST UPS\n";
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	KS_DROP(fd) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t n = 0;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 ||
	    send(fd, question, sizeof question - 1, MSG_NOSIGNAL) != sizeof question - 1)
		return 0;
	while (n < room - 1) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		ssize_t got = poll(&ready, 1, NUT_WAIT_MS) == 1 ? recv(fd, ret + n, room - 1 - n, 0) : 0;

		if (got <= 0)
			break;
		n += (size_t)got;
		ret[n] = '\0';
		if (strstr(ret, "END LIST") != NULL || strncmp(ret, "ERR", 3) == 0)
			break;
	}
	return n;
}

static void scan_nut(struct scan *scan, uint16_t port)
{
	char answer[NUT_ROOM], name[FOUND_NAME];
	struct span rest = span_of(answer, ask_nut(port, answer, sizeof answer));

	while (rest.left > 0) {
		struct span line = span_until(&rest, '\n');

		if (line.left < 5 || memcmp(line.at, "UPS ", 4) != 0)
			continue;
		(void)span_cut(&line, 4);
		struct span word = span_until(&line, ' ');

		(void)snprintf(name, sizeof name, "%.*s", (int)word.left, (const char *)word.at);
		for (char *c = name; *c != '\0'; c++)
			if (!isalnum((unsigned char)*c) && strchr("._-", *c) == NULL)
				*c = '_';
		found_add(&scan->upses, name);
	}
}

static void scan_interfaces(struct scan *scan)
{
	struct ifaddrs *all = NULL;

	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		char text[INET6_ADDRSTRLEN] = "", line[FOUND_NAME];
		struct sockaddr_in address;

		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET ||
		    (i->ifa_flags & IFF_LOOPBACK) != 0)
			continue;
		memcpy(&address, i->ifa_addr, sizeof address);
		(void)inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
		(void)snprintf(line, sizeof line, "%s %s", i->ifa_name, text);
		found_add(&scan->interfaces, line);
	}
	freeifaddrs(all);
}

static void scan_names(struct scan *scan, const char *root)
{
	char vendor[60] = "", product[60] = "", name[256] = "";
	size_t n = 0;

	if (!read_line(root, "/etc/hostname", name, sizeof name) && root[0] == '\0')
		(void)gethostname(name, sizeof name - 1);
	for (const char *c = name; *c != '\0' && *c != '.' && n < sizeof scan->host - 8; c++)
		if (isalnum((unsigned char)*c) || *c == '-' || *c == '_')
			scan->host[n++] = *c;
	scan->host[n] = '\0';
	if (n == 0 || !isalpha((unsigned char)scan->host[0]))
		(void)snprintf(scan->host, sizeof scan->host, "this-host");
	(void)read_line(root, "/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor);
	(void)read_line(root, "/sys/class/dmi/id/product_name", product, sizeof product);
	(void)snprintf(scan->model, sizeof scan->model, "%s%s%s", vendor,
	    vendor[0] != '\0' && product[0] != '\0' ? " " : "", product);
}

void scan_host(struct scan *ret_scan, const char *root, uint16_t nut_port)
{
	*ret_scan = (struct scan){ .nut_port = nut_port };
	scan_names(ret_scan, root);
	each_name(root, "/sys/class/hwmon", scan_chip, ret_scan);
	each_name(root, "/sys/class/thermal", scan_zone, ret_scan);
	each_name(root, "/sys/bus/w1/devices", scan_wire, ret_scan);
	if (nut_port != 0)
		scan_nut(ret_scan, nut_port);
	if (root[0] == '\0')
		scan_interfaces(ret_scan);
}
