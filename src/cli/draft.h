/* src/cli/draft.h - a file that is written whole or not at all: first beside its place, under
 * another name, and put there when all of it is on the disk.  Whoever looks sees the old file
 * or the new one, and a disk that is full leaves no half.
 *
 * Written in place are what is no plain file (a pipe, a device), what is read while it is
 * written (now), and a file whose folder takes no other. */
#ifndef KS_CLI_DRAFT_H
#define KS_CLI_DRAFT_H
#include "base/why.h"
#include <stdbool.h>
#include <stdio.h>

struct draft {
	FILE *to;    /* NULL: none is open */
	char *path;  /* where it belongs, links followed */
	char *beside; /* NULL: written in place */
	char name[512]; /* as the user says it, for sentences */
};

KS_MUST int draft_open(const char *path, bool now, struct draft *ret_draft, struct why *why);
/* All of it was written: it takes its place. */
KS_MUST int draft_keep(struct draft *draft, struct why *why);
/* The sentence for a write that failed with that errno: what, why, what to do.  KS_FULL: the
 * disk is. */
int draft_failed(const struct draft *draft, int number, struct why *why);
/* What was not kept is gone. */
void drop_draft(struct draft *draft);
#endif
