/* src/main.c - finds the subcommand, no more. */
#include "cli/front.h"

int main(int argc, char **argv)
{
	return front_run(argc, argv);
}
