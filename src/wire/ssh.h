/* src/wire/ssh.h - the tongue of SSH: who is there, and what both can do, before it is
 * encrypted.  Source: RFC 4253 4.2, 7.1. */
#ifndef KS_WIRE_SSH_H
#define KS_WIRE_SSH_H
#include "wire/talk.h"

extern const struct tongue tongue_ssh;
#endif
