/* src/cli/audit_stop.c - see the header. */
#include "cli/audit_stop.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static int input = -1, nothing = -1;
static pthread_t reader;

/* An empty file in the input's place: the read that waits is broken off, the next one ends. */
static void input_end(void)
{
	if (input >= 0 && nothing >= 0)
		(void)dup2(nothing, input);
}

static void take(int number)
{
	if (!pthread_equal(pthread_self(), reader)) {
		(void)pthread_kill(reader, number);
		return;
	}
	if (number == SIGALRM || asked)
		input_end();
	else
		(void)alarm(STOP_WAIT_S);
	asked = 1;
}

void stop_by_signal(int fd)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGALRM };
	struct sigaction action = { .sa_handler = take }; /* without SA_RESTART */

	input = fd;
	reader = pthread_self();
	nothing = nothing >= 0 ? nothing : open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		(void)sigaction(numbers[i], &action, NULL);
}

bool stop_asked(void)
{
	return asked != 0;
}
