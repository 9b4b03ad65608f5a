/* test/fault/disk.h - a disk that forgets: what a power cut leaves of one folder and its
 * folders.  The program's own file calls come through the linker (--wrap), SQLite's
 * through a VFS around its default one.  All goes to the real files at once; what fsync,
 * fdatasync or xSync have made durable is remembered beside them.  At a cut each 512-byte
 * sector that differs from what is durable is kept or dropped by chance, so are lengths
 * and the names of a folder that was not synced; dropped new sectors are zeros or rubbish.
 * Files named *-shm are shared memory of SQLite and do not outlive a cut. */
#ifndef KS_TEST_DISK_H
#define KS_TEST_DISK_H
#include <stdbool.h>
#include <stdint.h>

/* All that is under root now is durable.  hook: after each change of a file, of a name
 * and of what is durable; NULL: none. */
void disk_begin(const char *root, void (*hook)(void));
void disk_end(void);	/* calls pass through; a cut can still be made */
void disk_forget(void); /* frees */
/* A dead process changes nothing any more: its calls fail. */
void disk_dead(bool dead);
/* The next fdatasync of a plain file fails and the process is dead from there on. */
void disk_die_at_sync(void);
/* What is found at `to` (made here) after a cut now. */
void disk_cut(const char *to, uint64_t seed);
void disk_remove(const char *path);
uint64_t disk_draw(uint64_t *seed);
#endif
