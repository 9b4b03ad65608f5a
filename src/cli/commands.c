/* src/cli/commands.c - the table; help, manual and completion follow its order. */
#include "cli/front.h"
#include "cli/picture.h"
#include "cli/watch.h"

const struct command *const commands[] = {
	&command_init,
	&command_check,
	&command_watch,
	&command_status,
	&command_heat,
	&command_power,
	&command_wire,
	&command_rack,
	&command_tree,
	&command_sense,
	&command_audit,
	&command_compare,
	&command_notify,
	&command_ack,
	&command_silence,
	&command_maintenance,
	&command_user,
	&command_store,
	&command_whatif,
	&command_plan,
	&command_import,
	&command_limits,
	&command_explain,
	&command_completion,
	&command_man,
	&command_help,
	&command_version,
	NULL,
};
