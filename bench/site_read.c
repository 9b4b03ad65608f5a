/* bench/site_read.c - how long a site of N hosts takes to read and cross-reference.
 * Makes the text itself (racks of 20, two feeds, two strips a rack, 50 hosts a service,
 * forward references everywhere), so that the figure needs nothing but this file.
 * Prints one line a run and the medians; exit 1 when the median of the processor time
 * is over the promise (wall time counts the neighbours, too). */
#include "base/text.h"
#include "site/read.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 5, PER_RACK = 20, PER_SERVICE = 50, PROMISE_MS = 100, TEXT_MAX = 60000000 };

static void make_hosts(struct text *text, unsigned hosts)
{
	for (unsigned i = 0; i < hosts; i++) {
		unsigned rack = i / PER_RACK, slot = i % PER_RACK;

		text_addf(text, "host web-%05u rack=r%04u u=%u h=2 cords=r%04u-A.%u,r%04u-B.%u w=%uW pf=0.97 "
		    "wmax=%u svc=s%u address=192.0.2.%u every=30s\n", i, rack, slot * 2 + 1, rack, slot + 1,
		    rack, slot + 1, 150 + i % 250, 600 + i % 100, i / PER_SERVICE, i % 254 + 1);
	}
}

static void make_site(struct text *text, unsigned hosts)
{
	unsigned racks = (hosts + PER_RACK - 1) / PER_RACK;
	unsigned services = (hosts + PER_SERVICE - 1) / PER_SERVICE;

	text_add(text, "# made by bench/site_read.c\n");
	make_hosts(text, hosts); /* first, so that every reference points forward */
	for (unsigned i = 0; i < racks; i++) {
		for (const char *side = "AB"; *side != '\0'; side++)
			text_addf(text, "pdu r%04u-%c from=b%c%u rack=r%04u\nbreaker b%c%u from=%c volt=200 "
			    "amps=30A curve=C derate=0.8\n", i, *side, *side, i, i, *side, i, *side);
		text_addf(text, "rack r%04u room=hall%u units=42\nsensor t%u via=snmp address=192.0.2.9 "
		    "at=r%04u.20 kind=temperature limit=27C\n", i, i / 200, i, i);
	}
	for (unsigned i = 0; i < services; i++)
		text_addf(text, "service s%u tier=2 value=1000 unit=10 need=40 min=20 stop=3%s%u\n", i,
		    i > 0 ? " dep=s" : " #", i > 0 ? i - 1 : 0);
	for (unsigned i = 0; i <= racks / 200; i++)
		text_addf(text, "room hall%u heat=900kW\n", i);
	text_add(text, "feed A volt=6600 phases=3 amps=2000\nfeed B volt=6600 phases=3 amps=2000\nsite bench\n");
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double now_ms(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void read_once(struct span text, unsigned hosts, double *ret_cpu, double *ret_wall)
{
	static struct site_errors errors;
	double cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID), wall = now_ms(CLOCK_MONOTONIC);
	struct site *site = NULL;

	int code = site_read(text, &site, &errors);

	*ret_cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	*ret_wall = now_ms(CLOCK_MONOTONIC) - wall;
	if (code != KS_OK || site->hosts_n != hosts || site->hosts[0].cords[1].pdu->from == NULL) {
		(void)printf("the site did not load: %s\n", errors.list[0].why.text);
		exit(2);
	}
	site_free(site);
}

int main(int argc, char **argv)
{
	unsigned hosts = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 50000;
	double cpu[RUNS], wall[RUNS];
	struct text text;

	text_init(&text, TEXT_MAX);
	make_site(&text, hosts);
	for (int i = 0; i < RUNS; i++) {
		read_once(text_span(&text), hosts, &cpu[i], &wall[i]);
		(void)printf("run %d: %.1f ms of processor, %.1f ms\n", i + 1, cpu[i], wall[i]);
	}
	qsort(cpu, RUNS, sizeof cpu[0], by_size);
	qsort(wall, RUNS, sizeof wall[0], by_size);
	(void)printf("site: %u hosts, %.1f MB: median %.1f ms of processor (wall %.1f ms), promised "
	    "below %d ms\n", hosts, (double)text.len / 1e6, cpu[RUNS / 2], wall[RUNS / 2], PROMISE_MS);
	text_done(&text);
	return cpu[RUNS / 2] < PROMISE_MS ? 0 : 1;
}
