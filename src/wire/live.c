#include "wire/live.h"
#include "base/drop.h"
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

enum { LIVE_SNAP = 262144, LIVE_BUFFER = 32 * 1024 * 1024 };

struct live {
	pcap_t *pcap;
	char name[64];
	uint64_t frames;
	uint32_t dropped[2]; /* as last told, by ring and card: libpcap's counters are 32 bits */
	struct live_counts counts;
	bool nano;
	uint16_t link;
};

static int live_fail(const struct live *live, struct why *why)
{
	return fail(why, KS_IO, "%s: %s", live->name, pcap_geterr(live->pcap));
}

static int live_filter(struct live *live, const char *filter, struct why *why)
{
	struct bpf_program program;

	if (filter == NULL)
		return KS_OK;
	if (pcap_compile(live->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return live_fail(live, why);
	int code = pcap_setfilter(live->pcap, &program);

	pcap_freecode(&program);
	return code == 0 ? KS_OK : live_fail(live, why);
}

static int live_open(struct live *live, struct why *why)
{
	pcap_t *pcap = live->pcap;
	char error[PCAP_ERRBUF_SIZE] = "";
	int code;

	if (pcap_set_snaplen(pcap, LIVE_SNAP) != 0 || pcap_set_promisc(pcap, 1) != 0 ||
	    pcap_set_timeout(pcap, LIVE_WAIT_MS) != 0 ||
	    pcap_set_buffer_size(pcap, LIVE_BUFFER) != 0)
		return live_fail(live, why);
	live->nano = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	code = pcap_activate(pcap);
	if (code == PCAP_ERROR_PERM_DENIED || code == PCAP_ERROR_PROMISC_PERM_DENIED)
		return fail(why, KS_IO,
		    "%s: listening needs the right to capture packets: run it as root, or give CAP_NET_RAW",
		    live->name);
	if (code == PCAP_ERROR_NO_SUCH_DEVICE || code == PCAP_ERROR_IFACE_NOT_UP)
		return fail(why, KS_ABSENT, "%s: no such interface, or it is down", live->name);
	if (code < 0)
		return live_fail(live, why);
	live->link = (uint16_t)pcap_datalink(pcap);
	/* libpcap waits for ever for an interface that is down; live_wait() does not */
	if (pcap_setnonblock(pcap, 1, error) != 0)
		return fail(why, KS_IO, "%s: %s", live->name, error);
	return KS_OK;
}

int live_new(const char *interface, const char *filter, struct live **ret_live,
    struct why *why)
{
	KS_DROP(live) struct live *live = calloc(1, sizeof *live);
	char error[PCAP_ERRBUF_SIZE] = "";
	int code;

	if (live == NULL)
		return fail(why, KS_FULL, "out of memory");
	(void)snprintf(live->name, sizeof live->name, "%s", interface);
	live->pcap = pcap_create(interface, error);
	if (live->pcap == NULL)
		return fail(why, KS_IO, "%s: %s", interface, error);
	code = live_open(live, why);
	if (code == KS_OK)
		code = live_filter(live, filter, why);
	if (code != KS_OK)
		return code;
	*ret_live = live;
	live = NULL;
	return KS_OK;
}

/* An interface that is set down has an error to be polled, and no end: time passes all the same. */
static void live_wait(struct live *live)
{
	struct pollfd fd = { .fd = pcap_get_selectable_fd(live->pcap), .events = POLLIN };
	const struct timespec wait = { .tv_nsec = LIVE_WAIT_MS * 1000000L };

	if (fd.fd < 0 || (poll(&fd, 1, LIVE_WAIT_MS) > 0 && (fd.revents & POLLIN) == 0))
		(void)nanosleep(&wait, NULL);
}

int live_next(struct live *live, struct frame *ret_frame, struct why *why)
{
	struct pcap_pkthdr *head;
	const u_char *bytes;
	int got = pcap_next_ex(live->pcap, &head, &bytes);

	if (got == 0) {
		live_wait(live);
		got = pcap_next_ex(live->pcap, &head, &bytes);
	}
	switch (got) {
	case 1:
		break;
	case 0:
		return KS_LATE;
	default:
		return live_fail(live, why);
	}
	*ret_frame = (struct frame){ .number = ++live->frames, .link = live->link,
		.bytes = span_of(bytes, head->caplen), .length = head->len,
		.time_ns = (int64_t)head->ts.tv_sec * 1000000000 +
		    (int64_t)head->ts.tv_usec * (live->nano ? 1 : 1000) };
	return KS_OK;
}

struct live_counts live_counts(struct live *live)
{
	struct pcap_stat stat = { .ps_recv = 0 };

	if (pcap_stats(live->pcap, &stat) == 0) {
		live->counts.dropped += stat.ps_drop - live->dropped[0];
		live->counts.dropped += stat.ps_ifdrop - live->dropped[1];
		live->dropped[0] = stat.ps_drop;
		live->dropped[1] = stat.ps_ifdrop;
	}
	live->counts.received = live->frames;
	return live->counts;
}

void live_free(struct live *live)
{
	if (live == NULL)
		return;
	if (live->pcap != NULL)
		pcap_close(live->pcap);
	free(live);
}
