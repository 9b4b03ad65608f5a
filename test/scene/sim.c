/* test/scene/sim.c - `sim NET START FACTOR OFF ON AIR`: the devices of the scene on 127.NET.x
 * until their input closes.  START, OFF, ON: UTC seconds; OFF: when the building's cooling
 * stops, ON: when it starts again (0: never); AIR: the room's temperature at
 * START.  SIGUSR1 stops the cooling now, or starts it again.  Says on stdout what really happens, one
 * line each, for the scene to compare keisoku's words with. */
#include "sim.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT_SNMP = 10161, PORT_NUT = 13493, PORT_REDFISH = 18080, PORT_HOST = 10022,
	CLIENTS = 64, TALK = 4096, TICK_MS = 20, AIR_MS = 300000 };
enum talk { TALK_NONE, TALK_NUT, TALK_REDFISH };

struct client {
	int fd;
	enum talk talk;
	char in[TALK];
	size_t n;
};

struct sim {
	struct sim_room room;
	const char *net;
	int ups, environment, nut, redfish;
	struct client clients[CLIENTS];
	double next_limit;
};

static int64_t steady_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t story_ms(const struct sim_room *room)
{
	return room->start_ms +
	    (int64_t)((double)(steady_ms() - room->steady_zero_ms) * room->factor);
}

static void tell(const struct sim_room *room, const char *what, double value, const char *name)
{
	printf("%lld %s %.2f %s\n", (long long)(room->now_ms / 1000), what, value, name);
	(void)fflush(stdout);
}

static int open_at(const char *net, int last, uint16_t port, int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
	char address[64];
	int one = 1, fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	(void)snprintf(address, sizeof address, "127.%s.%d", net, last);
	if (fd < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    (type == SOCK_STREAM && listen(fd, 64) != 0)) {
		(void)fprintf(stderr, "sim: %s:%u can not be opened\n", address, port);
		exit(4);
	}
	return fd;
}

static void snmp_serve(struct sim *sim, int fd, enum sim_agent agent)
{
	uint8_t request[TALK], answer[TALK];
	struct sockaddr_in from;
	socklen_t from_n = sizeof from;
	ssize_t n;

	while ((n = recvfrom(fd, request, sizeof request, 0, (struct sockaddr *)&from,
	    &from_n)) > 0) {
		size_t m = sim_snmp(&sim->room, agent, span_of(request, (size_t)n), answer,
		    sizeof answer);

		if (m > 0)
			(void)sendto(fd, answer, m, 0, (struct sockaddr *)&from, from_n);
		from_n = sizeof from;
	}
}

static void client_take(struct sim *sim, int listening, enum talk talk)
{
	int fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	for (size_t i = 0; fd >= 0 && i < CLIENTS; i++)
		if (sim->clients[i].talk == TALK_NONE) {
			sim->clients[i] = (struct client){ .fd = fd, .talk = talk };
			return;
		}
	if (fd >= 0)
		(void)close(fd);
}

static void client_close(struct client *client)
{
	(void)close(client->fd);
	client->talk = TALK_NONE;
}

/* Answers every whole line (NUT) or the whole request (HTTP); false: done with it. */
static bool client_answer(struct sim *sim, struct client *client, struct text *answer)
{
	char *end;

	if (client->talk == TALK_REDFISH) {
		struct span all = span_of(client->in, client->n);

		if (memmem(client->in, client->n, "\r\n\r\n", 4) == NULL)
			return true;
		(void)span_until(&all, ' ');
		sim_redfish(&sim->room, span_until(&all, ' '), answer);
		return false;
	}
	while ((end = memchr(client->in, '\n', client->n)) != NULL) {
		size_t used = (size_t)(end - client->in) + 1;

		sim_nut(&sim->room, span_of(client->in, used - 1), answer);
		memmove(client->in, client->in + used, client->n - used);
		client->n -= used;
	}
	return true;
}

static void client_serve(struct sim *sim, struct client *client)
{
	ssize_t n = read(client->fd, client->in + client->n, TALK - client->n);
	struct text answer;
	bool stay;

	if (n <= 0) {
		client_close(client);
		return;
	}
	client->n += (size_t)n;
	text_init(&answer, 20000);
	stay = client_answer(sim, client, &answer);
	if (answer.len > 0 && write(client->fd, text_cstr(&answer), answer.len) < 0)
		stay = false;
	text_done(&answer);
	if (!stay || client->n == TALK)
		client_close(client);
}

/* What the heat does to hosts, and what really happens when. */
static void story_go(struct sim *sim)
{
	struct sim_room *room = &sim->room;
	int64_t to = story_ms(room);

	while (room->now_ms + 5000 <= to) {
		bool cooled = room->cooling;

		sim_room_step(room, room->now_ms + 5000);
		if (room->now_ms % AIR_MS < 5000)
			tell(room, "air", room->air_c, "");
		if (cooled != room->cooling)
			tell(room, room->cooling ? "cooling_on" : "cooling_off", room->air_c, "");
		if (room->air_c >= sim->next_limit) {
			tell(room, "crossed", sim->next_limit, "");
			sim->next_limit += 5;
		}
		for (size_t i = 0; i < SIM_HOSTS; i++)
			if (room->hosts[i].fd >= 0 && room->hot_ms != 0 &&
			    room->now_ms >= room->hot_ms + room->hosts[i].dies_s * 1000L) {
				(void)close(room->hosts[i].fd);
				room->hosts[i].fd = -1;
				tell(room, "host_off", room->air_c, room->hosts[i].name);
			}
	}
}

static void hosts_serve(struct sim *sim)
{
	for (size_t i = 0; i < SIM_HOSTS; i++) {
		int fd = sim->room.hosts[i].fd;
		int met = fd >= 0 ? accept4(fd, NULL, NULL, SOCK_CLOEXEC) : -1;

		if (met >= 0)
			(void)close(met);
	}
}

static bool wait_for(struct sim *sim)
{
	struct pollfd fds[5 + SIM_HOSTS + CLIENTS] = { { 0, POLLIN, 0 }, { sim->ups, POLLIN, 0 },
		{ sim->environment, POLLIN, 0 }, { sim->nut, POLLIN, 0 },
		{ sim->redfish, POLLIN, 0 } };
	nfds_t n = 5;
	char byte;

	for (size_t i = 0; i < SIM_HOSTS; i++)
		fds[n++] = (struct pollfd){ sim->room.hosts[i].fd, POLLIN, 0 };
	for (size_t i = 0; i < CLIENTS; i++)
		fds[n++] = (struct pollfd){ sim->clients[i].talk != TALK_NONE ?
		    sim->clients[i].fd : -1, POLLIN, 0 };
	(void)poll(fds, n, TICK_MS);
	story_go(sim);
	snmp_serve(sim, sim->ups, SIM_UPS);
	snmp_serve(sim, sim->environment, SIM_ENVIRONMENT);
	hosts_serve(sim);
	for (size_t i = 0; i < CLIENTS; i++)
		if (fds[5 + SIM_HOSTS + i].revents != 0)
			client_serve(sim, &sim->clients[i]);
	if (fds[3].revents & POLLIN)
		client_take(sim, sim->nut, TALK_NUT);
	if (fds[4].revents & POLLIN)
		client_take(sim, sim->redfish, TALK_REDFISH);
	return fds[0].revents == 0 || read(0, &byte, 1) > 0;
}

static volatile sig_atomic_t turned; /* SIGUSR1 came */

static void turn(int signal)
{
	(void)signal;
	turned = 1;
}

static void cooling_turn(struct sim_room *room)
{
	if (turned == 0)
		return;
	turned = 0;
	room->cooling_off_ms = room->cooling ? room->now_ms : 1;
	room->cooling_on_ms = room->cooling ? 0 : room->now_ms;
}

int main(int argc, char **argv)
{
	static struct sim sim;

	if (argc != 7) {
		(void)fprintf(stderr, "usage: sim NET START FACTOR OFF ON AIR\n");
		return 3;
	}
	sim_room_init(&sim.room, strtoll(argv[2], NULL, 10) * 1000, strtod(argv[3], NULL),
	    strtod(argv[6], NULL));
	sim.room.cooling_off_ms = strtoll(argv[4], NULL, 10) * 1000;
	sim.room.cooling_on_ms = strtoll(argv[5], NULL, 10) * 1000;
	sim.next_limit = 35;
	sim.net = argv[1];
	sim.ups = open_at(sim.net, 20, PORT_SNMP, SOCK_DGRAM);
	sim.environment = open_at(sim.net, 21, PORT_SNMP, SOCK_DGRAM);
	sim.nut = open_at(sim.net, 22, PORT_NUT, SOCK_STREAM);
	sim.redfish = open_at(sim.net, 23, PORT_REDFISH, SOCK_STREAM);
	for (int i = 0; i < SIM_HOSTS; i++)
		sim.room.hosts[i].fd = open_at(sim.net, 101 + i, PORT_HOST, SOCK_STREAM);
	sim.room.steady_zero_ms = steady_ms();
	tell(&sim.room, "ready", sim.room.air_c, "");
	(void)signal(SIGUSR1, turn);
	while (wait_for(&sim))
		cooling_turn(&sim.room);
	return 0;
}
