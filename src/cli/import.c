/* src/cli/import.c - `keisoku import netbox DIR`: every *.csv and *.yaml of a folder, those
 * of its sub-folders, too; the site file goes to stdout, warnings to stderr. */
#include "base/drop.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/front.h"
#include "cli/netbox.h"
#include "cli/site_load.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_MOST = 4096, DEPTH_MOST = 6, FILES_MOST = 20000 };

/* Files stay until the site is written: cells point into them. */
struct files {
	struct netbox *netbox;
	struct text list[FILES_MOST];
	size_t n, depth;
	struct why why;
};

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

static int file_take(struct files *files, const char *path, const char *name)
{
	bool csv = ends_with(name, ".csv"), yaml = ends_with(name, ".yaml") || ends_with(name, ".yml");

	if (!csv && !yaml)
		return KS_OK;
	if (files->n == FILES_MOST)
		return fail(&files->why, KS_FULL, "more than %d files to import", FILES_MOST);
	int code = file_load(path, LIMIT_SITE_BYTES, &files->list[files->n], &files->why);

	if (code != KS_OK)
		return code;
	struct span bytes = text_span(&files->list[files->n++]);

	return csv ? netbox_csv(files->netbox, name, bytes, &files->why) :
		     netbox_type(files->netbox, name, bytes, &files->why);
}

static int folder_take(struct files *files, const char *folder)
{
	struct dirent **names = NULL;
	int n = scandir(folder, &names, NULL, alphasort), code = KS_OK;

	if (n < 0)
		return fail(&files->why, KS_IO, "%s: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++) {
		char path[PATH_MOST];
		struct stat at;
		int m = snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);

		if (code == KS_OK && names[i]->d_name[0] != '.' && m > 0 && m < PATH_MOST && stat(path, &at) == 0) {
			if (S_ISDIR(at.st_mode) && files->depth < DEPTH_MOST) {
				files->depth++;
				code = folder_take(files, path);
				files->depth--;
			} else if (S_ISREG(at.st_mode)) {
				code = file_take(files, path, names[i]->d_name);
			}
		}
		free(names[i]);
	}
	free(names);
	return code;
}

static void warnings_say(enum lang lang, const struct netbox *netbox)
{
	const struct why *why;

	for (size_t i = 0; (why = netbox_warning(netbox, i)) != NULL; i++)
		cli_complain_why(lang, why);
	if (netbox_more(netbox) > 0)
		cli_complain(lang, "warnings not shown here: %zu", netbox_more(netbox));
}

static int there_is(struct files *files, const char *folder)
{
	if (netbox_things(files->netbox) > 0)
		return KS_OK;
	return fail(&files->why, KS_ABSENT, "%s: no table of racks, panels, feeds or devices is there, so no "
	    "site can be made (files ending in .csv, .yaml or .yml: %zu). Looked for, by their columns: racks.csv, "
	    "power-panels.csv, power-feeds.csv, devices.csv, and for the power path power-ports.csv, "
	    "power-outlets.csv, cables.csv, as NetBox exports them", folder, files->n);
}

static int import_netbox(const char *folder, enum lang lang)
{
	static struct files files;
	KS_DROP(arena) struct arena arena;
	KS_DROP(text) struct text text;
	int code;

	arena_init(&arena, LIMIT_SITE_MEMORY);
	text_init(&text, LIMIT_SITE_BYTES);
	if (netbox_new(&arena, &files.netbox, &files.why) != KS_OK ||
	    (code = folder_take(&files, folder)) != KS_OK || (code = there_is(&files, folder)) != KS_OK ||
	    netbox_site(files.netbox, &text, &files.why) != KS_OK) {
		cli_complain_why(lang, &files.why);
		code = EXIT_UNKNOWN;
	} else {
		warnings_say(lang, files.netbox);
		code = !cli_print(&text) ? EXIT_BROKEN : netbox_warning(files.netbox, 0) != NULL ? EXIT_FOUND : EXIT_WELL;
	}
	for (size_t i = 0; i < files.n; i++)
		text_done(&files.list[i]);
	return code;
}

static int import_run(int argc, char **argv, enum lang lang)
{
	struct args args;

	if (!args_read(&command_import, argc, argv, lang, &args))
		return EXIT_UNKNOWN;
	if (strcmp(args.operands[0], "netbox") != 0) {
		cli_complain(lang, "import: there is netbox, not %s", args.operands[0]);
		return EXIT_UNKNOWN;
	}
	return import_netbox(args.operands[1], lang);
}

static const char *const import_examples[] = { "keisoku import netbox export/ > site.conf",
	"keisoku import netbox export/ 2> warnings.txt | keisoku check -", NULL };
const struct command command_import = {
	.name = "import", .takes = "netbox DIR",
	.says = N_("make a site file from what NetBox exports (CSV with cables, device types)"),
	.examples = import_examples, .run = import_run,
};
