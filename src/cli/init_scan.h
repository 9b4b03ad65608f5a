/* src/cli/init_scan.h - what can be found on this machine without asking anybody:
 * its name, its own sensors, a NUT server on it, its network interfaces. */
#ifndef KS_CLI_INIT_SCAN_H
#define KS_CLI_INIT_SCAN_H
#include <stddef.h>
#include <stdint.h>

enum { FOUND_MAX = 32, FOUND_NAME = 80 };

struct found {
	char names[FOUND_MAX][FOUND_NAME];
	size_t n, more;
};

struct scan {
	char host[64];		/* as an ID: letters, digits, - and _ */
	char model[128];	/* vendor and product by DMI; "" */
	struct found chips;	/* hwmon: names of chips that have readings */
	struct found zones;	/* thermal zones: their types */
	struct found wires;	/* 1-wire thermometers: their addresses */
	struct found upses;	/* behind a NUT server on this host */
	uint16_t nut_port;
	struct found interfaces;/* "eth0 192.0.2.5" */
};

/* root: "" or a folder to look below instead of /; port: of NUT, 0: do not ask. */
void scan_host(struct scan *ret_scan, const char *root, uint16_t nut_port);
#endif
