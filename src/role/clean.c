/* src/role/clean.c - what only the start needed is given back: the code and tables of some
 * sixty libraries were touched to link and begin.  They stay in the system's cache, and what
 * is needed again comes from there. */
#include "role/worker.h"
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/* Only what can not have been written: a written page has no other copy. */
static int object_clean(struct dl_phdr_info *info, size_t size, void *user)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	(void)size;
	(void)user;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];
		uintptr_t from = (info->dlpi_addr + part->p_vaddr + page - 1) & ~(page - 1);
		uintptr_t to = (info->dlpi_addr + part->p_vaddr + part->p_filesz) & ~(page - 1);

		if (part->p_type == PT_LOAD && (part->p_flags & PF_W) == 0 && from < to &&
		    info->dlpi_name[0] != 'l') /* linux-vdso is no file */
			(void)madvise((void *)from, to - from, MADV_DONTNEED);
	}
	return 0;
}

void worker_clean(void)
{
	(void)dl_iterate_phdr(object_clean, NULL);
}
