/* test/unit/test_secret.c - which files are taken for a secret, and what becomes of one that
 * can not be read whole: nothing of it is left. */
#include "harness.h"
#include "guard/secret.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* This call fails so often, after so many that work; a short one moves one byte. */
static struct {
	const char *call;
	int after, times, error;
	bool crumbs;
} fails;

static bool works(const char *call)
{
	if (fails.call == NULL || strcmp(fails.call, call) != 0 || fails.after-- > 0 ||
	    fails.times-- <= 0)
		return true;
	errno = fails.error;
	return false;
}

int __real_sodium_init(void);
int __wrap_sodium_init(void);
int __wrap_sodium_init(void)
{
	return works("sodium_init") ? __real_sodium_init() : -1;
}

void *__real_sodium_malloc(size_t size);
void *__wrap_sodium_malloc(size_t size);
void *__wrap_sodium_malloc(size_t size)
{
	return works("sodium_malloc") ? __real_sodium_malloc(size) : NULL;
}

ssize_t __real_pread64(int fd, void *at, size_t n, off_t from);
ssize_t __wrap_pread64(int fd, void *at, size_t n, off_t from);
ssize_t __wrap_pread64(int fd, void *at, size_t n, off_t from)
{
	return works("pread") ? __real_pread64(fd, at, fails.crumbs && n > 1 ? 1 : n, from) : -1;
}

ssize_t __real_write(int fd, const void *at, size_t n);
ssize_t __wrap_write(int fd, const void *at, size_t n);
ssize_t __wrap_write(int fd, const void *at, size_t n)
{
	return works("write") ? __real_write(fd, at, fails.crumbs && n > 1 ? 1 : n) : -1;
}

int __real_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags);
int __wrap_memfd_create(const char *name, unsigned flags)
{
	return works("memfd_create") ? __real_memfd_create(name, flags) : -1;
}

int __real_fcntl64(int fd, int what, ...);
int __wrap_fcntl64(int fd, int what, ...);
int __wrap_fcntl64(int fd, int what, ...)
{
	va_list list;

	va_start(list, what);
	int value = va_arg(list, int);

	va_end(list);
	return works("fcntl") ? __real_fcntl64(fd, what, value) : -1;
}

int __real_fstat64(int fd, struct stat *ret_stat);
int __wrap_fstat64(int fd, struct stat *ret_stat);
int __wrap_fstat64(int fd, struct stat *ret_stat)
{
	return works("fstat") ? __real_fstat64(fd, ret_stat) : -1;
}

static size_t open_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static char folder[] = "/tmp/keisoku-secret-XXXXXX", path[96];

static void file_write(const char *text, size_t n, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int anew(void **state)
{
	(void)state;
	memset(&fails, 0, sizeof fails);
	return unsetenv("CREDENTIALS_DIRECTORY");
}

static void who_may_read_it(void **state)
{
	static const struct {
		mode_t mode;
		int code;
	} rows[] = { { 0600, KS_OK }, { 0400, KS_OK }, { 0700, KS_OK }, { 0640, KS_REFUSED },
		{ 0620, KS_REFUSED }, { 0610, KS_REFUSED }, { 0604, KS_REFUSED }, { 0602, KS_REFUSED },
		{ 0601, KS_REFUSED } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret secret = { .at = NULL };
		struct why why = { .text = "" };

		file_write("public but not known\n", 21, rows[i].mode);
		assert_int_equal(secret_fetch(path, &secret, &why), rows[i].code);
		if (rows[i].code == KS_OK)
			assert_true(span_equal(secret_span(&secret), "public but not known"));
		else
			assert_true(secret.at == NULL && strstr(why.text, "chmod 600") != NULL);
		secret_wipe(&secret);
		/* a certificate need not be hidden */
		assert_int_equal(public_fetch(path, &secret, &why), KS_OK);
		secret_wipe(&secret);
		assert_true(secret.at == NULL && secret.bytes == 0);
	}
}

/* One newline at the end belongs to the editor, the rest to the secret. */
static void what_it_may_hold(void **state)
{
	static char big[LIMIT_SECRET_BYTES + 2];
	static const struct {
		const char *text;
		size_t n, bytes;
		int code;
		const char *says;
	} rows[] = {
		{ "a", 1, 1, KS_OK, NULL }, { "a\n", 2, 1, KS_OK, NULL }, { "a\n\n", 3, 2, KS_OK, NULL },
		{ "\n\n", 2, 1, KS_OK, NULL }, { "a\0b", 3, 3, KS_OK, NULL },
		{ "", 0, 0, KS_MALFORMED, "empty" }, { "\n", 1, 0, KS_MALFORMED, "empty" },
		{ big, LIMIT_SECRET_BYTES, LIMIT_SECRET_BYTES, KS_OK, NULL },
		{ big, LIMIT_SECRET_BYTES + 1, 0, KS_FULL, "longer than 65536 bytes" },
	};

	(void)state;
	memset(big, 'x', sizeof big);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret secret = { .at = NULL };
		struct why why = { .text = "" };

		file_write(rows[i].text, rows[i].n, 0600);
		assert_int_equal(secret_fetch(path, &secret, &why), rows[i].code);
		assert_int_equal(secret.bytes, rows[i].bytes);
		if (rows[i].code == KS_OK)
			assert_memory_equal(secret.at, rows[i].text, rows[i].bytes);
		else
			assert_non_null(strstr(why.text, rows[i].says));
		secret_wipe(&secret);
	}
}

/* A pipe that nobody writes keeps nobody waiting. */
static void what_is_no_file(void **state)
{
	char pipe_path[128], below[128];
	struct secret secret = { .at = NULL };
	struct why why = { .text = "" };

	(void)state;
	(void)snprintf(pipe_path, sizeof pipe_path, "%s/pipe", folder);
	(void)snprintf(below, sizeof below, "%s/below", path);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	const struct {
		const char *path;
		int code;
		const char *says;
	} rows[] = { { folder, KS_REFUSED, "not a file" }, { pipe_path, KS_REFUSED, "not a file" },
		{ "/tmp/no/such/secret", KS_ABSENT, "No such file" }, { below, KS_IO, "Not a directory" } };

	file_write("a", 1, 0600);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(secret_fetch(rows[i].path, &secret, &why), rows[i].code);
		assert_non_null(strstr(why.text, rows[i].says));
		assert_null(secret.at);
	}
	assert_int_equal(secret_fetch("pipe", &secret, &why), KS_REFUSED);
	(void)unlink(pipe_path);
}

/* A bare name is looked for among systemd's credentials first. */
static void credentials_go_by_their_bare_name(void **state)
{
	char far[1100];
	struct secret secret = { .at = NULL };
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	memset(far, 'x', sizeof far);
	far[0] = '/';
	far[sizeof far - 1] = '\0';
	file_write("credential", 10, 0600);
	const struct {
		const char *credentials, *from;
		int code;
	} rows[] = { { folder, "/", KS_OK }, { NULL, "/", KS_ABSENT }, { "/tmp/no/such", "/", KS_ABSENT },
		{ "/tmp/no/such", folder, KS_OK }, { NULL, folder, KS_OK }, { far, folder, KS_OK },
		{ far, "/", KS_ABSENT } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(rows[i].credentials != NULL ?
		    setenv("CREDENTIALS_DIRECTORY", rows[i].credentials, 1) :
		    unsetenv("CREDENTIALS_DIRECTORY"), 0);
		assert_int_equal(chdir(rows[i].from), 0);
		assert_int_equal(secret_fetch("secret", &secret, NULL), rows[i].code);
		secret_wipe(&secret);
	}
	/* a path is a path */
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(secret_fetch("./secret", &secret, NULL), KS_ABSENT);
	assert_int_equal(fchdir(here), 0);
	(void)close(here);
}

/* What is not there whole is not there. */
static void halves_are_no_secret(void **state)
{
	static const struct {
		const char *call;
		int after, times, error, code;
		bool crumbs;
		const char *says;
	} rows[] = {
		{ "fstat", 0, 1, EIO, KS_IO, false, "Input/output" },
		{ "sodium_malloc", 0, 1, ENOMEM, KS_FULL, false, "out of memory" },
		{ "pread", 0, 1, EIO, KS_IO, false, "can not be read" },
		{ "pread", 3, 1, EIO, KS_IO, true, "can not be read" },
		{ "pread", 0, 2, EINTR, KS_OK, false, NULL },
		{ "pread", 3, 1, EINTR, KS_OK, true, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret secret = { .at = NULL };
		struct why why = { .text = "" };
		size_t before = open_fds();

		anew(state);
		file_write("seven77\n", 8, 0600);
		fails.call = rows[i].call;
		fails.after = rows[i].after;
		fails.times = rows[i].times;
		fails.error = rows[i].error;
		fails.crumbs = rows[i].crumbs;
		assert_int_equal(secret_fetch(path, &secret, &why), rows[i].code);
		if (rows[i].code == KS_OK)
			assert_true(span_equal(secret_span(&secret), "seven77"));
		else
			assert_true(secret.at == NULL && strstr(why.text, rows[i].says) != NULL);
		secret_wipe(&secret);
		assert_int_equal(open_fds(), before);
	}
}

static void into_a_sealed_file_and_out_of_it(void **state)
{
	static const struct {
		const char *call;
		int after, times, error, code;
		bool crumbs;
	} rows[] = {
		{ NULL, 0, 0, 0, KS_OK, false }, { NULL, 0, 0, 0, KS_OK, true },
		{ "write", 0, 2, EINTR, KS_OK, false }, { "write", 2, 1, EINTR, KS_OK, true },
		{ "write", 0, 1, ENOSPC, KS_IO, false }, { "write", 2, 1, ENOSPC, KS_IO, true },
		{ "memfd_create", 0, 1, EMFILE, KS_IO, false }, { "fcntl", 0, 1, EPERM, KS_IO, false },
	};
	uint8_t bytes[] = "seven77";
	const struct secret secret = { bytes, 7 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret copy = { .at = NULL };
		struct why why = { .text = "" };
		size_t before = open_fds();
		int fd = -1;

		anew(state);
		fails.call = rows[i].call;
		fails.after = rows[i].after;
		fails.times = rows[i].times;
		fails.error = rows[i].error;
		fails.crumbs = rows[i].crumbs;
		assert_int_equal(secret_seal(&secret, &fd, &why), rows[i].code);
		if (rows[i].code == KS_OK) {
			assert_int_equal(write(fd, "x", 1), -1);
			assert_int_equal(ftruncate(fd, 0), -1);
			assert_int_equal(secret_open(fd, 7, &copy, &why), KS_OK);
			assert_true(span_equal(secret_span(&copy), "seven77"));
			secret_wipe(&copy);
			(void)close(fd);
		} else {
			assert_non_null(strstr(why.text, "no memory file: "));
			assert_int_equal(fd, -1);
		}
		assert_int_equal(open_fds(), before);
	}
}

/* The role is told the length; it may be a lie. */
static void opened_by_its_length(void **state)
{
	static const struct {
		size_t bytes;
		const char *call;
		int code;
	} rows[] = { { 0, NULL, KS_OK }, { 6, NULL, KS_OK }, { 8, NULL, KS_IO },
		{ LIMIT_SECRET_BYTES, NULL, KS_IO }, { LIMIT_SECRET_BYTES + 1, NULL, KS_FULL },
		{ SIZE_MAX, NULL, KS_FULL }, { 7, "sodium_malloc", KS_FULL } };
	int fd = -1;

	assert_int_equal(memory_seal(span_of("seven77", 7), "site", &fd, NULL), KS_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret secret = { .at = NULL };

		anew(state);
		fails.call = rows[i].call;
		fails.times = 1;
		assert_int_equal(secret_open(fd, rows[i].bytes, &secret, NULL), rows[i].code);
		assert_int_equal(secret.at != NULL, rows[i].code == KS_OK);
		secret_wipe(&secret);
		secret_wipe(&secret); /* twice is fine */
	}
	(void)close(fd);
	fails.call = "sodium_init";
	fails.times = 1;
	assert_int_equal(secret_init(NULL), KS_IO);
}

static int folder_make(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL || secret_init(NULL) != KS_OK)
		return -1;
	(void)snprintf(path, sizeof path, "%s/secret", folder);
	return 0;
}

static int folder_drop(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup(test, anew)
	const struct CMUnitTest tests[] = {
		T(who_may_read_it),
		T(what_it_may_hold),
		T(what_is_no_file),
		T(credentials_go_by_their_bare_name),
		T(halves_are_no_secret),
		T(into_a_sealed_file_and_out_of_it),
		T(opened_by_its_length),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
