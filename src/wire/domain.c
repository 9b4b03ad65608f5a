/* src/wire/domain.c - the registered domain of a name, by the Public Suffix List that
 * libpsl has built in (publicsuffix.org). */
#include "base/span.h"
#include "wire/make_in.h"
#include <libpsl.h>

const char *domain_of(const char *name)
{
	const psl_ctx_t *list = psl_builtin();
	const char *domain = list != NULL ? psl_registrable_domain(list, name) : NULL;

	return domain != NULL ? domain : name;
}
