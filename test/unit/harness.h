/* test/unit/harness.h - cmocka, with our own fail() left alone. */
#ifndef KS_TEST_HARNESS_H
#define KS_TEST_HARNESS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail
#endif
