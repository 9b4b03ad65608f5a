#include "base/must.h"
#include <stdio.h>
#include <stdlib.h>

_Noreturn void must_failed(const char *claim, const char *file, int line)
{
	(void)fprintf(stderr, "id=KS-MUST-001 file=%s line=%d claim=\"%s\"\n", file, line,
	    claim);
	abort();
}
