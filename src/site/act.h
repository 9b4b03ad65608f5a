/* src/site/act.h - the third thing ever said: what was done, by whom.  For now the
 * acts of the operator and of keisoku itself; the executor adds its steps later. */
#ifndef KS_SITE_ACT_H
#define KS_SITE_ACT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum act_kind { ACT_STARTED, ACT_STOPPED, ACT_SITE_LOADED, ACT_SITE_REFUSED, ACT_ROLE_RESTARTED,
	ACT_STORE_SEALED, ACT_STORE_COMPACTED, ACT_STORE_DROPPED, ACT_GAP, ACT_TOLD, ACT_NOT_TOLD, ACT_ACKNOWLEDGED,
	ACT_SILENCED, ACT_MAINTENANCE, ACT_WINDOW_ENDED, ACT_LOGIN, ACT_LOGIN_REFUSED, ACT_LOGOUT,
	ACT_ESCALATED, ACT_KINDS };

struct act {
	uint64_t id;
	uint16_t kind;	  /* enum act_kind */
	int64_t time_ms;  /* UTC */
	char who[64];	  /* a role, or a person's name */
	char what[256];	  /* key=value words, English; the page says them in words */
};

const char *act_word(enum act_kind kind);
/* NAME=word out of `what`; reason= and why= stand last and run to its end.  false, and ""
 * in ret: it is not there. */
bool act_part(const char *what, const char *name, char *ret, size_t room);
int64_t act_number(const char *what, const char *name); /* 0 when it is not there */
#endif
