/* src/main.c - finds the subcommand, no more. */
#include "cli/command.h"

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return EXIT_UNKNOWN;
}
