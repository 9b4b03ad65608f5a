#include "wire/ring.h"
#include "base/drop.h"
#include "base/limits.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20, BLOCK_MS = 100, SLOT_BYTES = 2048, TAG_BYTES = 4, MACS = 12,
	BLOCKS = LIMIT_WIRE_RING / BLOCK_BYTES, WHOLE_FRAME = 262144,
	HEAD_BYTES = (sizeof(struct tpacket3_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT *
	    TPACKET_ALIGNMENT };

struct ring {
	int fd;
	uint8_t *at;
	size_t bytes;
	uint32_t block;		 /* the one being read */
	struct tpacket3_hdr *next; /* in it; NULL: none is open */
	uint32_t left;
	uint64_t frames, dropped;
	uint16_t link;
	bool loop; /* each packet passes it twice */
};

/* Of the frames of an interface of this hardware type (linux/if_arp.h); 0: not known. */
static uint16_t link_of(int hardware)
{
	enum { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_RADIOTAP = 127 };

	switch (hardware) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return LINK_ETHERNET;
	case ARPHRD_IEEE80211_RADIOTAP:
		return LINK_RADIOTAP;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
		return LINK_RAW;
	default:
		return 0;
	}
}

static int filter_make(uint16_t link, const char *filter, struct bpf_program *ret_program,
    struct why *why)
{
	pcap_t *dead = pcap_open_dead_with_tstamp_precision(link == 101 ? DLT_RAW : link, WHOLE_FRAME,
	    PCAP_TSTAMP_PRECISION_NANO);

	if (dead == NULL)
		return fail(why, KS_FULL, "out of memory");
	int bad = pcap_compile(dead, ret_program, filter, 1, PCAP_NETMASK_UNKNOWN);

	if (bad != 0)
		(void)fail(why, KS_MALFORMED, "filter \"%s\": %s", filter, pcap_geterr(dead));
	pcap_close(dead);
	return bad == 0 ? KS_OK : KS_MALFORMED;
}

int ring_filter_good(const char *filter, struct why *why)
{
	struct bpf_program program;
	int code = filter_make(1, filter, &program, why);

	if (code == KS_OK)
		pcap_freecode(&program);
	return code;
}

static int filter_set(int fd, uint16_t link, const char *filter, struct why *why)
{
	struct bpf_program program;
	int code;

	if (filter == NULL || filter[0] == '\0')
		return KS_OK;
	code = filter_make(link, filter, &program, why);
	if (code != KS_OK)
		return code;
	/* both are what the kernel takes: the structures are the same */
	struct sock_fprog to = { .len = (unsigned short)program.bf_len,
		.filter = (struct sock_filter *)(void *)program.bf_insns };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &to, sizeof to) != 0)
		code = fail(why, KS_IO, "filter \"%s\": %s", filter, strerror(errno));
	pcap_freecode(&program);
	return code;
}

/* What the interface is; and that it is there and up. */
static int interface_look(int fd, const char *interface, unsigned *ret_index, int *ret_hardware,
    struct why *why)
{
	struct ifreq ask = { .ifr_flags = 0 };

	(void)snprintf(ask.ifr_name, sizeof ask.ifr_name, "%s", interface);
	if (ioctl(fd, SIOCGIFINDEX, &ask) != 0)
		return fail(why, KS_ABSENT, "%s: there is no such network interface", interface);
	*ret_index = (unsigned)ask.ifr_ifindex;
	if (ioctl(fd, SIOCGIFHWADDR, &ask) != 0)
		return fail(why, KS_IO, "%s: %s", interface, strerror(errno));
	*ret_hardware = ask.ifr_hwaddr.sa_family;
	if (ioctl(fd, SIOCGIFFLAGS, &ask) != 0 || (ask.ifr_flags & IFF_UP) == 0)
		return fail(why, KS_ABSENT, "%s: the network interface is down", interface);
	return KS_OK;
}

static int ring_ask(int fd, const char *interface, struct why *why)
{
	int version = TPACKET_V3, reserve = TAG_BYTES;
	struct tpacket_req3 ask = { .tp_block_size = BLOCK_BYTES, .tp_block_nr = BLOCKS,
		.tp_frame_size = SLOT_BYTES, .tp_frame_nr = BLOCK_BYTES / SLOT_BYTES * BLOCKS,
		.tp_retire_blk_tov = BLOCK_MS };

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof reserve) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &ask, sizeof ask) != 0)
		return fail(why, KS_IO, "%s: no ring for its packets: %s", interface, strerror(errno));
	return KS_OK;
}

/* Nothing is taken before all is set: bound to no protocol, then to the interface. */
static int ring_bind(int fd, const char *interface, const char *filter, unsigned *ret_index,
    struct why *why)
{
	int hardware = 0;
	int code = interface_look(fd, interface, ret_index, &hardware, why);
	uint16_t link = link_of(hardware);

	if (code != KS_OK)
		return code;
	if (link == 0)
		return fail(why, KS_REFUSED, "%s: keisoku does not read frames of its kind (%d)", interface,
		    hardware);
	code = filter_set(fd, link, filter, why);
	if (code == KS_OK)
		code = ring_ask(fd, interface, why);
	if (code != KS_OK)
		return code;
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)*ret_index };
	struct packet_mreq all = { .mr_ifindex = (int)*ret_index, .mr_type = PACKET_MR_PROMISC };

	/* a mirror port's frames are for others; where that can not be, it hears its own */
	(void)setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) != 0)
		return fail(why, KS_IO, "%s: %s", interface, strerror(errno));
	return KS_OK;
}

int ring_open(const char *interface, const char *filter, int *ret_fd, unsigned *ret_index,
    struct why *why)
{
	KS_DROP(fd) int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unsigned index = 0;

	if (fd < 0)
		return fail(why, KS_REFUSED, "%s: listening needs the right to capture packets (CAP_NET_RAW): %s",
		    interface, strerror(errno));
	int code = ring_bind(fd, interface, filter, &index, why);

	if (code != KS_OK)
		return code;
	*ret_fd = fd;
	*ret_index = index;
	fd = -1;
	return KS_OK;
}

/* -- reading ------------------------------------------------------------------------------ */

static int hardware_of(int fd, int *ret_hardware, struct why *why)
{
	struct sockaddr_ll at = { .sll_family = 0 };
	socklen_t len = sizeof at;

	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0 || at.sll_family != AF_PACKET)
		return fail(why, KS_IO, "what was handed down is no packet socket");
	*ret_hardware = at.sll_hatype;
	return KS_OK;
}

int ring_new(int take_fd, struct ring **ret_ring, struct why *why)
{
	struct ring *ring = calloc(1, sizeof *ring);
	int hardware = 0;
	int code = hardware_of(take_fd, &hardware, why);

	if (ring == NULL || code != KS_OK) {
		free(ring);
		(void)close(take_fd);
		return code != KS_OK ? code : fail(why, KS_FULL, "out of memory");
	}
	*ring = (struct ring){ .fd = take_fd, .bytes = (size_t)BLOCKS * BLOCK_BYTES,
		.link = link_of(hardware), .loop = hardware == ARPHRD_LOOPBACK };
	ring->at = mmap(NULL, ring->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, take_fd, 0);
	if (ring->at == MAP_FAILED) {
		code = fail(why, KS_IO, "the ring can not be mapped: %s", strerror(errno));
		ring->at = NULL;
		ring_free(ring);
		return code;
	}
	*ret_ring = ring;
	return KS_OK;
}

void ring_free(struct ring *ring)
{
	if (ring == NULL)
		return;
	if (ring->at != NULL)
		(void)munmap(ring->at, ring->bytes);
	drop_fd(&ring->fd);
	free(ring);
}

int ring_fd(const struct ring *ring)
{
	return ring->fd;
}

static struct tpacket_block_desc *block_at(const struct ring *ring)
{
	return (struct tpacket_block_desc *)(void *)(ring->at + (size_t)ring->block * BLOCK_BYTES);
}

static void block_back(struct ring *ring)
{
	__atomic_store_n(&block_at(ring)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->block = (ring->block + 1) % BLOCKS;
	ring->next = NULL;
}

static bool block_open(struct ring *ring)
{
	struct tpacket_block_desc *block = block_at(ring);

	if ((__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0)
		return false;
	ring->left = block->hdr.bh1.num_pkts;
	ring->next = (struct tpacket3_hdr *)(void *)((uint8_t *)block +
	    block->hdr.bh1.offset_to_first_pkt);
	return true;
}

/* The kernel took the VLAN tag out; it goes back to where it was, into room kept for it. */
static struct span tag_back(const struct tpacket3_hdr *head, uint8_t *frame, uint32_t n)
{
	uint32_t tag = head->hv1.tp_vlan_tci, type = head->hv1.tp_vlan_tpid;

	if ((head->tp_status & TP_STATUS_VLAN_VALID) == 0 || n < MACS)
		return span_of(frame, n);
	if ((head->tp_status & TP_STATUS_VLAN_TPID_VALID) == 0 || type == 0)
		type = ETH_P_8021Q;
	memmove(frame - TAG_BYTES, frame, MACS);
	frame[MACS - 4] = (uint8_t)(type >> 8);
	frame[MACS - 3] = (uint8_t)type;
	frame[MACS - 2] = (uint8_t)(tag >> 8);
	frame[MACS - 1] = (uint8_t)tag;
	return span_of(frame - TAG_BYTES, n + TAG_BYTES);
}

/* False: one to pass over. */
static bool packet_take(struct ring *ring, struct tpacket3_hdr *head, struct frame *ret_frame)
{
	uint8_t *at = (uint8_t *)head;
	const struct sockaddr_ll *from =
	    (const struct sockaddr_ll *)(const void *)(at + HEAD_BYTES);
	struct span bytes;

	if (ring->loop && from->sll_pkttype == PACKET_OUTGOING)
		return false;
	bytes = tag_back(head, at + head->tp_mac, head->tp_snaplen);
	*ret_frame = (struct frame){ .number = ++ring->frames, .link = ring->link, .bytes = bytes,
		.length = head->tp_len + (uint32_t)(bytes.left - head->tp_snaplen),
		.time_ns = (int64_t)head->tp_sec * 1000000000 + head->tp_nsec };
	return true;
}

static int ring_error(const struct ring *ring, struct why *why)
{
	int error = 0;
	socklen_t len = sizeof error;

	if (getsockopt(ring->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error == 0)
		return KS_LATE;
	return fail(why, error == ENETDOWN || error == ENODEV ? KS_ABSENT : KS_IO, "%s",
	    strerror(error));
}

int ring_next(struct ring *ring, struct frame *ret_frame, struct why *why)
{
	for (;;) {
		if (ring->next != NULL && ring->left == 0)
			block_back(ring);
		if (ring->next == NULL && !block_open(ring))
			return ring_error(ring, why);
		while (ring->left > 0) {
			struct tpacket3_hdr *head = ring->next;

			ring->left--;
			ring->next = (struct tpacket3_hdr *)(void *)((uint8_t *)head + head->tp_next_offset);
			if (packet_take(ring, head, ret_frame))
				return KS_OK;
		}
	}
}

uint64_t ring_dropped(struct ring *ring)
{
	struct tpacket_stats_v3 stats = { .tp_packets = 0 };
	socklen_t len = sizeof stats;

	/* the kernel counts from the last time it was asked */
	if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) == 0)
		ring->dropped += stats.tp_drops;
	return ring->dropped;
}
