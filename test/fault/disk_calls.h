/* test/fault/disk_calls.h - between disk.c and the calls it listens to. */
#ifndef KS_TEST_DISK_CALLS_H
#define KS_TEST_DISK_CALLS_H
#include <stdbool.h>
#include <sys/types.h>

void disk_calls_install(void); /* the VFS becomes SQLite's default */
int disk_real_open(const char *path, int flags, mode_t mode);
int disk_real_mkdir(const char *path, mode_t mode);

bool disk_is_dead(void);
bool disk_dies_here(void);	/* at a sync of a plain file */
void disk_changed(void);	/* a file or a name changed */
void disk_synced(ino_t ino);	/* a file's bytes, or a folder's names, are durable */
void disk_folder_synced(const char *file); /* the names beside that file */
void disk_goes(ino_t ino);	/* its name is about to go */
#endif
