#!/usr/bin/env python3
"""test/fault/inject.py [INJECTIONS [SEED]] - system calls of the real `keisoku watch` fail
one at a time (strace -e inject): no role crashes by itself, the failing thing is named,
the store stays whole.  A role that stops in order because its start failed is restarted;
a signal that is not SIGKILL or SIGTERM of ours is a crash and fails the test."""
import os, random, re, shutil, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, KEISOKU, push

CALLS = {
    "openat": ("EIO", "ENOSPC", "EMFILE", "EINTR"), "read": ("EIO", "EINTR", "EAGAIN"),
    "write": ("EIO", "ENOSPC", "EINTR"), "pwrite64": ("EIO", "ENOSPC"),
    "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO", "ENOSPC"), "ftruncate": ("EIO", "ENOSPC"),
    "rename": ("EIO", "ENOSPC"), "renameat": ("EIO",), "unlink": ("EIO",), "connect": ("EINTR", "ENOMEM", "ECONNREFUSED"),
    "recvmsg": ("EAGAIN", "EINTR", "ENOMEM"), "sendmsg": ("EAGAIN", "EINTR", "ENOBUFS"),
    "sendto": ("EAGAIN", "EINTR"), "recvfrom": ("EAGAIN", "EINTR"),
    "accept4": ("EMFILE", "EINTR", "ECONNABORTED"), "epoll_wait": ("EINTR",),
    "epoll_pwait": ("EINTR",), "socket": ("EMFILE", "ENOBUFS"), "pipe2": ("EMFILE",),
    "mmap": ("ENOMEM",), "clone": ("EAGAIN",), "clone3": ("EAGAIN",), "fork": ("EAGAIN",), "memfd_create": ("EMFILE",),
    "socketpair": ("EMFILE",), "fallocate": ("ENOSPC",), "getrandom": ("EINTR",),
}
SECONDS = float(os.environ.get("KS_INJECT_SECONDS", "2.5"))
# the loader's own sentence, when it could not read a library
LOADER = "error while loading shared libraries"
CRASH = re.compile(r"signal=(?!0\b|9\b|15\b)\d+|ERROR: AddressSanitizer|runtime error:")


def own_pipe(trace):
    """Did a pipe or an eventfd fail?  No kernel says ENOSPC or EIO there, and libuv rightly
    gives up when its own pipe does."""
    with open(trace, errors="replace") as f:
        return any("INJECTED" in line and ("<pipe:" in line or "eventfd]>" in line)
                   for line in f)


def one(draw, seconds):
    call = draw.choice(sorted(CALLS))
    error = draw.choice(CALLS[call])
    when = int(draw.expovariate(1 / 25)) + 1
    step = draw.choice(("", "+50", "+7"))
    if call == "mmap":
        when += 1       # the very first is the loader's own: even `true` dies of it
    # a leak check can not work under strace
    os.environ["ASAN_OPTIONS"] = "detect_leaks=0:allocator_may_return_null=1"
    fd, trace = tempfile.mkstemp(prefix="keisoku-trace-")
    os.close(fd)
    daemon = Daemon(wrap=("strace", "-f", "-y", "-qq", "-o", trace, "-e", f"trace={call}",
                          "-e", f"inject={call}:error={error}:when={when}{step}"))
    named = f"{call}:{error}:when={when}{step}"
    try:
        daemon.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end and daemon.process.poll() is None:
            push(daemon.port, "fault_probe", [(int(time.time() * 1000), 1.0)], timeout=1)
            time.sleep(0.05)
        ended = daemon.process.poll()
        if ended is None:
            daemon.stop(15)
        with open(daemon.log, errors="replace") as f:
            log = f.read()
        if call in ("read", "write") and (ended == -6 or "signal=6" in log) and own_pipe(trace):
            return None
        if CRASH.search(log):
            return named + ": " + CRASH.search(log).group(0) + "\n" + log[-1500:]
        if ended is not None and ended != 0 and "keisoku:" not in log \
                and LOADER not in log:
            return f"{named}: ended with {ended} and no sentence\n" + log[-800:]
        if os.path.isdir(os.path.join(daemon.state, "journal")):
            code, words = daemon.check()
            if code != 0:
                return f"{named}: the store is not whole ({code}): {words[-500:]}"
        return None
    finally:
        daemon.done()
        os.unlink(trace)


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    bad = 0
    for i in range(runs):
        words = one(draw, SECONDS)
        if words:
            bad += 1
            print(f"injection {i + 1}: {words}", file=sys.stderr)
    print(f"{runs} injections, {bad} crashes or torn stores")
    return 1 if bad else 0


if __name__ == "__main__":
    if os.environ.get("KS_SANITIZED") == "no":
        print("SKIP: a call that strace makes fail has no number for seccomp, which kills in "
              "this build; a build with sanitizers refuses instead")
        sys.exit(77)
    tried = shutil.which("strace") and subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "inject=getppid:error=EIO", "true"],
        capture_output=True).returncode == 0
    if not tried:
        print("SKIP: strace can not inject here (no strace, or ptrace is not permitted)")
        sys.exit(77)
    sys.exit(main())
