#!/usr/bin/python3
"""keisoku audit -i lo: what is sent over loopback is heard, a filter keeps the rest away,
and what cannot be listened to is said.  SKIP without the right to capture."""
import json
import os
import socket
import subprocess
import sys
import threading
import time

keisoku = sys.argv[1]
PORT = 45837


def audit(*more):
    return subprocess.run([keisoku, "audit", *more], capture_output=True, text=True, timeout=60)


def send(stop):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        while not stop.is_set():
            s.sendto(b"keisoku live test", ("127.0.0.1", PORT))
            time.sleep(0.05)


if os.geteuid() != 0:
    print("SKIP: capturing needs root")
    sys.exit(77)
stop = threading.Event()
sender = threading.Thread(target=send, args=(stop,))
sender.start()
heard = audit("-i", "lo", "--for", "3s", "--filter", f"udp dst port {PORT}", "--json")
stop.set()
sender.join()
if "right to capture" in heard.stderr:
    print("SKIP: capturing is not allowed here")
    sys.exit(77)
answer = json.loads(heard.stdout)
frames, flows = answer["capture"]["frames"], answer["flows"]
assert 10 <= frames <= 100, frames
assert flows["udp"] == 1 and flows["tcp"] == 0, flows
assert answer["capture"]["frame_bytes"] == frames * (14 + 20 + 8 + 17), answer["capture"]
wrong = audit("-i", "nosuch0", "--for", "1s")
assert wrong.returncode == 3 and "nosuch0" in wrong.stderr, wrong
wrong = audit("-i", "lo", "--for", "1s", "--filter", "foo bar")
assert wrong.returncode == 3 and "syntax" in wrong.stderr, wrong
wrong = audit("--for", "1s")
assert wrong.returncode == 3, wrong


def ip(*words):
    return subprocess.run(["ip", *words], capture_output=True).returncode == 0


def frames_on(name, gone, seconds):
    """An interface of our own that hears five frames, then goes."""
    run = subprocess.Popen([keisoku, "audit", "-i", name, "--for", seconds, "--json"], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind((name, 0))
        for i in range(5):
            s.send(b"\xff" * 6 + b"\x02\0\0\0\0\1" + b"\x88\xb5" + bytes(46))
    time.sleep(0.5)
    assert ip("link", *gone, name)
    begin = time.monotonic()
    try:
        out, _ = run.communicate(timeout=30)
    finally:
        run.kill()
    return json.loads(out)["capture"], time.monotonic() - begin


NAME = f"ks{os.getpid() % 100000}"
if ip("link", "add", NAME, "type", "veth", "peer", "name", NAME + "p") and ip("link", "set", NAME, "up") and \
        ip("link", "set", NAME + "p", "up"):
    try:
        capture, _ = frames_on(NAME, ("set", "down", "dev"), "4s")
        assert capture["frames"] >= 5 and capture["files"][0]["stopped"] is None, capture
        assert ip("link", "set", NAME, "up")
        capture, took = frames_on(NAME, ("del", "dev"), "25s")
        assert capture["frames"] >= 5 and "disappeared" in capture["files"][0]["stopped"]["why"], capture
    finally:
        ip("link", "del", NAME)
    print("ok - an interface that is set down or taken away ends nothing but itself")
print(f"ok - {frames} frames heard on lo")
