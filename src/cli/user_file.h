/* src/cli/user_file.h - the users file, read and replaced whole. */
#ifndef KS_CLI_USER_FILE_H
#define KS_CLI_USER_FILE_H
#include "page/users.h"

/* One that is not there has no users. */
KS_MUST int user_file_read(const char *path, struct users *ret_users, struct why *why);
/* Mode 0600, of the owner it had; a new one made by root is the user keisoku's, when there
 * is one.  A power cut leaves the old file or the new. */
KS_MUST int user_file_write(const char *path, const struct users *users, struct why *why);
#endif
