#include "base/drop.h"
#include "base/number.h"
#include "role/keeper.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

void notify_say(const char *words)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t n = path != NULL ? strlen(path) : 0;

	if (n < 2 || n >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(address.sun_path, path, n);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	KS_DROP(fd) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		(void)sendto(fd, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT,
		    (const struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

uint64_t notify_watchdog_ms(void)
{
	const char *word = getenv("WATCHDOG_USEC");
	int64_t usec;

	if (word == NULL || number_read(span_text(word), 0, &usec) != KS_OK || usec < 2000)
		return 0;
	return (uint64_t)usec / 2000; /* half of it, in ms */
}
