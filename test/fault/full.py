#!/usr/bin/env python3
"""test/fault/full.py [SECONDS] - the disk of the real `keisoku watch` fills up, SECONDS long:
the roles stay, the finding is told, remote-write answers 503; within 10 s of room being
made all goes on by itself, and nothing acknowledged is lost.  In a mount namespace of
its own, with a disk of 4 MiB."""
import os, random, subprocess, sys, time
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from daemon import Daemon, KEISOKU, push

FINDING = "KS-SELF-001"
RESUME = float(os.environ.get("KS_RESUME", "10"))
LEAVE = 160 * 1024


class Full:
    def __init__(self):
        self.daemon = Daemon()
        self.disk = os.path.join(self.daemon.folder, "disk")
        self.filler = os.path.join(self.disk, "filler")
        self.acknowledged, self.answers = {}, {}
        self.at = int(time.time() * 1000) - 3600_000
        self.draw = random.Random(1)
        os.mkdir(self.disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "tmpfs", self.disk],
                       check=True)
        self.daemon.state = os.path.join(self.disk, "state")
        self.daemon.argv[self.daemon.argv.index("--state") + 1] = self.daemon.state

    def send(self):
        """Random values, as nothing packs them; the answer's status."""
        batch = [(self.at + i, self.draw.uniform(-1e9, 1e9)) for i in range(500)]
        self.at += len(batch)
        status = push(self.daemon.port, "fault_probe", batch)
        self.answers[status] = self.answers.get(status, 0) + 1
        if status in (200, 204):
            self.acknowledged.update(batch)
        return status

    def until(self, seconds, what, test):
        begin = time.monotonic()
        while not test():
            if time.monotonic() - begin > seconds:
                raise RuntimeError(f"{what}: not within {seconds:g} s; {self.answers}; "
                                   + self.daemon.tail())
            time.sleep(0.1)
        return time.monotonic() - begin

    def told(self):
        out = subprocess.run([KEISOKU, "status", "--json", "--state", self.daemon.state],
                             capture_output=True, text=True, timeout=20)
        return FINDING in out.stdout

    def fill(self):
        """Something else takes the disk, all but a little."""
        with open(self.filler, "wb", buffering=0) as f:
            stat = os.statvfs(self.disk)
            f.write(bytes(max(0, stat.f_bavail * stat.f_frsize - LEAVE)))

    def run(self, seconds):
        self.daemon.start()
        self.daemon.wait(30)
        roles = self.daemon.roles()
        for _ in range(5):
            if self.send() not in (200, 204):
                raise RuntimeError(f"not taken with room: {self.answers}")
        self.fill()
        self.until(60, "503", lambda: self.send() == 503)
        told = self.until(10, "the finding in keisoku status", self.told)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send()
            if not self.daemon.answers():
                raise RuntimeError("the page does not answer: " + self.daemon.tail())
            time.sleep(0.5)
        if self.daemon.roles() != roles:
            raise RuntimeError("a role went: " + self.daemon.tail())
        if not self.told() or not self.answers.get(503):
            raise RuntimeError(f"the finding has ended, but the disk is full: {self.answers}")
        os.unlink(self.filler)
        back = self.until(RESUME, "resumed", lambda: self.send() in (200, 204))
        self.until(RESUME, "the finding's end", lambda: not self.told())
        return told, back

    def whole(self):
        if self.daemon.stop() != 0:
            raise RuntimeError("did not end in order: " + self.daemon.tail())
        found = self.daemon.samples("fault_probe")
        lost = sum(found.get(t) != v for t, v in self.acknowledged.items())
        code, words = self.daemon.check()
        return lost, code, words


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    full = Full()
    try:
        told, back = full.run(seconds)
        lost, code, words = full.whole()
        print(f"full for {seconds:g} s: told after {told:.1f} s, answers {full.answers}, resumed "
              f"{back:.1f} s after room was made; {len(full.acknowledged)} samples "
              f"acknowledged, {lost} lost; store check {code}: {words[-120:]}")
        return 0 if lost == 0 and code == 0 and full.acknowledged else 1
    finally:
        full.daemon.stop()
        subprocess.run(["umount", full.disk])
        full.daemon.done()


if __name__ == "__main__":
    if os.environ.get("KS_OWN_MOUNTS") == "yes":
        sys.exit(main())
    own = ["unshare", "--mount", "--propagation", "private"]
    tried = subprocess.run(own + ["sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True,
                           text=True)
    if tried.returncode != 0:
        print("SKIP: no mount namespace here: " + tried.stderr.strip())
        sys.exit(77)
    os.environ["KS_OWN_MOUNTS"] = "yes"
    os.execvp("unshare", own + [sys.executable] + sys.argv)
