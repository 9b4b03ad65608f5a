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
print(f"ok - {frames} frames heard on lo")
