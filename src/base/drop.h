/* src/base/drop.h - scope endings: `KS_DROP(fd) int fd = open(...)` closes by itself.
 * A folder that owns a kind of thing defines drop_KIND beside it. */
#ifndef KS_BASE_DROP_H
#define KS_BASE_DROP_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* unused: a variable may be there for its ending alone */
#define KS_DROP(kind) __attribute__((cleanup(drop_##kind), unused))

static inline void drop_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void drop_file(FILE **file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

/* For any pointer from malloc: KS_DROP(heap) char *s = ... */
static inline void drop_heap(void *pointer)
{
	free(*(void **)pointer);
}
#endif
