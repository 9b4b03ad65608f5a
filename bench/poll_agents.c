/* bench/poll_agents.c - a great many small SNMP agents: one socket answers for every
 * loopback address on one UDP port.  GET: every variable is the integer 42; GETNEXT and
 * GETBULK: the end of the MIB.  usage: poll_agents PORT; prints counts on SIGTERM. */
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static volatile sig_atomic_t stop;
static unsigned long answered, refused;

static void stopped(int number)
{
	(void)number;
	stop = 1;
}

/* A tag and a length at p; the content's place, or NULL. */
static uint8_t *inside(uint8_t *p, const uint8_t *end, size_t *ret_n)
{
	size_t n, bytes = 0;

	if (end - p < 2)
		return NULL;
	n = p[1];
	if (n >= 0x80) {
		bytes = n & 3;
		if ((size_t)(end - p) < 2 + bytes)
			return NULL;
		n = 0;
		for (size_t i = 0; i < bytes; i++)
			n = n << 8 | p[2 + i];
	}
	p += 2 + bytes;
	*ret_n = n;
	return n <= (size_t)(end - p) ? p : NULL;
}

static size_t put_head(uint8_t *to, uint8_t tag, size_t n)
{
	to[0] = tag;
	to[1] = 0x82;
	to[2] = (uint8_t)(n >> 8);
	to[3] = (uint8_t)n;
	return 4;
}

/* The answer to a v1 / v2c request; 0: none. */
static size_t answer(uint8_t *in, size_t in_n, uint8_t *out)
{
	static uint8_t list[65536];
	uint8_t *end = in + in_n, *p, *head, *pdu, *vars;
	size_t n, head_n, pdu_n, vars_n, list_n = 0, at = 0;

	p = inside(in, end, &n);
	if (p == NULL)
		return 0;
	head = p;
	for (int i = 0; i < 2; i++) { /* version, community */
		p = inside(p, end, &n);
		if (p == NULL)
			return 0;
		p += n;
	}
	head_n = (size_t)(p - head);
	uint8_t kind = p[0];

	pdu = inside(p, end, &pdu_n);
	p = pdu != NULL ? inside(pdu, end, &n) : NULL; /* request id */
	if (p == NULL)
		return 0;
	uint8_t *id = pdu;
	size_t id_n = (size_t)(p + n - pdu);

	p += n;
	for (int i = 0; i < 2; i++) {
		p = inside(p, end, &n);
		if (p == NULL)
			return 0;
		p += n;
	}
	vars = inside(p, end, &vars_n);
	for (uint8_t *v = vars; vars != NULL && v < vars + vars_n;) {
		uint8_t *name = inside(v, end, &n);
		size_t name_n;

		if (name == NULL)
			return 0;
		v = name + n;
		uint8_t *behind = inside(name, v, &name_n);

		if (behind == NULL)
			return 0;
		name_n += (size_t)(behind - name);
		list_n += put_head(list + list_n, 0x30, name_n + (kind == 0xa0 ? 3 : 2));
		memcpy(list + list_n, name, name_n);
		list_n += name_n;
		memcpy(list + list_n, kind == 0xa0 ? "\x02\x01\x2a" : "\x82\x00", 3);
		list_n += kind == 0xa0 ? 3 : 2;
	}
	size_t whole = 4 + head_n + 4 + id_n + 6 + 4 + list_n;

	at += put_head(out, 0x30, whole - 4);
	memcpy(out + at, head, head_n);
	at += head_n;
	at += put_head(out + at, 0xa2, id_n + 6 + 4 + list_n);
	memcpy(out + at, id, id_n);
	at += id_n;
	memcpy(out + at, "\x02\x01\x00\x02\x01\x00", 6);
	at += 6;
	at += put_head(out + at, 0x30, list_n);
	memcpy(out + at, list, list_n);
	return at + list_n;
}

int main(int argc, char **argv)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, room = 8 << 20;
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(argc > 1 ? argv[1] : "0", NULL, 10)) };
	struct sigaction action = { .sa_handler = stopped };
	static uint8_t in[65536], out[131072];

	(void)setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (bind(fd, (struct sockaddr *)&here, sizeof here) != 0) {
		perror("bind");
		return 1;
	}
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	while (!stop) {
		union {
			char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
			struct cmsghdr align;
		} control;
		struct sockaddr_in peer;
		struct iovec part = { in, sizeof in };
		struct msghdr message = { .msg_name = &peer, .msg_namelen = sizeof peer,
			.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
			.msg_controllen = sizeof control.bytes };
		ssize_t n = recvmsg(fd, &message, 0);
		size_t out_n = n > 0 ? answer(in, (size_t)n, out) : 0;
		struct cmsghdr *said = CMSG_FIRSTHDR(&message);

		if (out_n == 0 || said == NULL) {
			refused += n > 0;
			continue;
		}
		/* answer from the address that was asked */
		struct in_pktinfo *info = (struct in_pktinfo *)(void *)CMSG_DATA(said);

		info->ipi_ifindex = 0;
		info->ipi_spec_dst = info->ipi_addr;
		part = (struct iovec){ out, out_n };
		(void)sendmsg(fd, &message, 0);
		answered++;
	}
	printf("%lu answered, %lu not understood\n", answered, refused);
	return 0;
}
