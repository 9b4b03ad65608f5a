/* test/unit/harness.h - cmocka, with our own fail() left alone. */
#ifndef KS_TEST_HARNESS_H
#define KS_TEST_HARNESS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail
#undef fail_msg /* it would call fail(); this one does not */
#define fail_msg(...) (print_error("ERROR: " __VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))
#endif
