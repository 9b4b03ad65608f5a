/* src/base/must.h - assertions about our own mistakes, on in release.  Never for
 * input.  Stopping beats acting on a wrong plan; the keeper restarts the role. */
#ifndef KS_BASE_MUST_H
#define KS_BASE_MUST_H

#define must(x) ((x) ? (void)0 : must_failed(#x, __FILE__, __LINE__))

_Noreturn void must_failed(const char *claim, const char *file, int line);
#endif
