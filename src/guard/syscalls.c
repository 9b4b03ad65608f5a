/* src/guard/syscalls.c - the system calls of each role; any other kills the process,
 * and the keeper says so (signal 31).  Groups follow the rights table; the runner,
 * which executes what the user wrote, gets a list of refusals instead. */
#include "guard/confine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define S(name) SCMP_SYS(name)

/* Memory, time, events, what is already open: every role. */
static const int calls_all[] = { S(read), S(write), S(readv), S(writev), S(pread64), S(pwrite64),
	S(preadv), S(pwritev), S(close), S(close_range), S(fstat), S(newfstatat), S(lseek), S(munmap), S(mremap),
	S(madvise), S(brk), S(mlock), S(munlock), S(futex), S(sched_yield), S(restart_syscall),
	S(clock_gettime), S(clock_getres), S(gettimeofday), S(time), S(nanosleep),
	S(clock_nanosleep), S(epoll_create1), S(epoll_ctl), S(epoll_wait), S(epoll_pwait),
	S(eventfd2), S(pipe2), S(poll), S(ppoll), S(select), S(pselect6), S(timerfd_create), S(timerfd_settime),
	S(recvmsg), S(sendmsg), S(getpid), S(getppid), S(gettid), S(getuid), S(geteuid), S(getgid),
	S(getegid), S(getrandom), S(getrusage), S(sysinfo), S(uname), S(times), S(rt_sigaction),
	S(rt_sigprocmask), S(rt_sigreturn), S(sigaltstack), S(exit), S(exit_group), S(tgkill),
	S(fcntl), S(dup), S(set_robust_list), S(rseq), S(membarrier), S(sched_getaffinity),
	S(getcpu), S(getrlimit), S(shutdown) };

/* Threads of libuv's pool and of the HTTP library. */
static const int calls_threads[] = { S(clone), S(clone3), S(sched_getparam), S(sched_getscheduler) };

static const int calls_read[] = { S(openat), S(stat), S(lstat), S(statx), S(getdents64),
	S(readlink), S(readlinkat), S(access), S(faccessat), S(faccessat2), S(statfs), S(fstatfs),
	S(getcwd), S(fadvise64) };

static const int calls_write[] = { S(ftruncate), S(fallocate), S(fsync), S(fdatasync),
	S(rename), S(renameat), S(renameat2), S(unlink), S(unlinkat), S(mkdir), S(mkdirat),
	S(rmdir), S(fchmod), S(fchmodat), S(fchown), S(flock), S(utimensat), S(linkat), S(umask), S(sync_file_range),
	S(copy_file_range), S(truncate) };

static const int calls_connect[] = { S(socket), S(socketpair), S(connect), S(bind), S(sendto), S(recvfrom),
	S(sendmmsg), S(recvmmsg), S(getsockopt), S(setsockopt), S(getsockname), S(getpeername),
	S(memfd_create) /* a secret for a command */ };

static const int calls_listen[] = { S(socketpair), S(accept4), S(accept), S(sendto), S(recvfrom), S(sendfile),
	S(getsockopt), S(setsockopt), S(getsockname), S(getpeername) };

/* Of a packet socket that was handed over: what it is, what it lost.  No calls to open,
 * connect or send on one. */
static const int calls_ear[] = { S(getsockopt), S(getsockname) };

/* What the sanitizers' run-time needs (leak check: a traced clone). */
static const int calls_sanitizer[] = { S(open), S(getdents), S(openat), S(readlink), S(stat), S(clone), S(ptrace),
	S(wait4), S(prctl), S(kill), S(arch_prctl), S(getpgrp), S(process_vm_readv), S(pipe),
	S(mmap), S(mprotect), S(getpriority), S(setrlimit), S(prlimit64), S(personality), S(ioctl), S(sched_setaffinity) };

/* What SQLite tries as root with the log of a database it only reads; it goes on without. */
static const int calls_reader_refused[] = { S(fchown), S(fchmod) };

/* Never for a user's command, whatever it is.  The first is what a leak check needs. */
static const int calls_refused[] = { S(ptrace), S(process_vm_readv), S(process_vm_writev),
	S(mount), S(umount2), S(pivot_root), S(chroot), S(move_mount), S(fsopen), S(open_tree),
	S(init_module), S(finit_module), S(delete_module), S(kexec_load), S(kexec_file_load),
	S(reboot), S(swapon), S(swapoff), S(bpf), S(perf_event_open), S(userfaultfd), S(keyctl),
	S(add_key), S(request_key), S(setns), S(unshare), S(acct), S(settimeofday),
	S(clock_settime), S(adjtimex), S(clock_adjtime), S(io_uring_setup), S(iopl), S(ioperm),
	S(quotactl), S(syslog), S(listen) };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static int list_add(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int code = calls[i] < 0 ? 0 : seccomp_rule_add(filter, action, calls[i], 0);

		if (code != 0 && code != -EEXIST)
			return code;
	}
	return 0;
}

/* Memory may be mapped, but never both writable and executable; ioctl only to make a
 * descriptor non-blocking, to close it on exec or to ask how much waits. */
static int narrow_add(scmp_filter_ctx filter, bool modules)
{
	enum { FIONREAD_ = 0x541b, FIONBIO_ = 0x5421, FIOCLEX_ = 0x5451, FIONCLEX_ = 0x5450,
		TCGETS_ = 0x5401 };
	static const unsigned ioctls[] = { FIONREAD_, FIONBIO_, FIOCLEX_, FIONCLEX_, TCGETS_ };
	const uint64_t exec = modules ? (uint64_t)(PROT_EXEC | PROT_WRITE) : (uint64_t)PROT_EXEC;
	int code = 0;

	for (size_t i = 0; code == 0 && i < COUNT(ioctls); i++)
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_CMP(1, SCMP_CMP_EQ, ioctls[i], 0));
	for (uint64_t bits = 0; code == 0 && bits <= 7; bits++) {
		if (modules ? (bits & exec) == exec : (bits & exec) != 0)
			continue;
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, 7, bits));
		if (code == 0)
			code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
			    SCMP_A2(SCMP_CMP_MASKED_EQ, 7, bits));
	}
	/* limits may be asked, not set (third argument NULL); prctl only names a thread or
	 * a memory area */
	if (code == 0)
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
		    SCMP_CMP(2, SCMP_CMP_EQ, 0, 0));
	if (code == 0)
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		    SCMP_CMP(0, SCMP_CMP_EQ, PR_SET_NAME, 0));
	if (code == 0)
		code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		    SCMP_CMP(0, SCMP_CMP_EQ, 0x53564d41 /* PR_SET_VMA */, 0));
	return code;
}

static int groups_add(scmp_filter_ctx filter, enum role role)
{
	const struct {
		const int *calls;
		size_t n;
		bool wanted;
	} groups[] = {
		{ calls_all, COUNT(calls_all), true },
		{ calls_threads, COUNT(calls_threads), true },
		{ calls_read, COUNT(calls_read), true }, /* Landlock says which files */
		{ calls_write, COUNT(calls_write), role_may(role, RIGHT_WRITE) },
		{ calls_connect, COUNT(calls_connect), role_may(role, RIGHT_CONNECT) },
		{ calls_listen, COUNT(calls_listen), role_may(role, RIGHT_LISTEN) },
		{ calls_ear, COUNT(calls_ear), role == ROLE_EAR },
		{ calls_sanitizer, COUNT(calls_sanitizer), confine_sanitized() },
	};
	int code = 0;

	for (size_t i = 0; code == 0 && i < COUNT(groups); i++) {
		if (groups[i].wanted)
			code = list_add(filter, SCMP_ACT_ALLOW, groups[i].calls, groups[i].n);
	}
	if (code == 0 && role_may(role, RIGHT_READ) && !role_may(role, RIGHT_WRITE))
		code = list_add(filter, SCMP_ACT_ERRNO(EPERM), calls_reader_refused,
		    COUNT(calls_reader_refused));
	return code != 0 ? code : narrow_add(filter, role_may(role, RIGHT_CONNECT));
}

int syscalls_allow(enum role role, uint32_t *ret_missing, struct why *why)
{
	bool spawns = role_may(role, RIGHT_SPAWN);
	/* a test build refuses instead: a call that strace makes fail comes here without its
	 * number, and would be death for a reason of the test's */
	uint32_t other = spawns ? SCMP_ACT_ALLOW : confine_sanitized() ? SCMP_ACT_ERRNO(ENOSYS)
								       : SCMP_ACT_KILL_PROCESS;
	scmp_filter_ctx filter = seccomp_init(other);

	if (filter == NULL)
		return fail(why, KS_FULL, "out of memory");
	size_t from = confine_sanitized() ? 1 : 0;
	int code = spawns ? list_add(filter, SCMP_ACT_ERRNO(EPERM), calls_refused + from,
				COUNT(calls_refused) - from)
			  : groups_add(filter, role);

	if (code == 0)
		code = seccomp_load(filter);
	seccomp_release(filter);
	if (code == -EINVAL || code == -ENOSYS || code == -ECANCELED || code == -EACCES) {
		*ret_missing |= MISSING_SECCOMP;
		return KS_OK;
	}
	if (code != 0)
		return fail(why, KS_IO, "system calls can not be bounded: %s", strerror(-code));
	return KS_OK;
}
