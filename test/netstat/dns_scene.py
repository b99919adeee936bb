"""dns_scene.py FOLDER SETTINGS: sockets, and a name server that knows their hosts, in namespaces of their own.

SETTINGS is JSON: `table` of the name server, `peers` (addresses to which UDP sockets are connected), `etc` (files in /etc by
name). The server's questions are lines of FOLDER/questions. Prints {} when all is there; ends with its standard input.
"""
import json
import os
import socket
import subprocess
import sys

from name_server import NameServer

folder, settings = sys.argv[1], json.loads(sys.argv[2])


def run(*words):
    subprocess.run(words, check=True)


os.environ["PATH"] += ":/usr/sbin:/sbin"
for line in (
    "link set lo up",
    "-6 addr add 2001:db8::1/128 dev lo nodad",
    "-4 addr add 10.0.0.1/32 dev lo",
    "-4 route add 10.0.0.0/8 dev lo src 10.0.0.1",
    "-6 route add 2001:db8::/32 dev lo src 2001:db8::1",
):
    run("ip", *line.split())

# Not a bind mount for each file: some may not exist, or be links to elsewhere.
etc = os.path.join(folder, "etc")
os.mkdir(etc)
for name in ("ld.so.cache", "passwd", "services", "protocols"):
    if os.path.exists(f"/etc/{name}"):
        with open(f"/etc/{name}", "rb") as source, open(f"{etc}/{name}", "wb") as copy:
            copy.write(source.read())
for name, text in settings["etc"].items():
    with open(f"{etc}/{name}", "w", encoding="latin1") as file:
        file.write(text)
run("mount", "--bind", etc, "/etc")

questions = open(f"{folder}/questions", "w", buffering=1, encoding="utf8")
server = NameServer(settings["table"], lambda line: print(line, file=questions))

sockets = []
for port, peer in enumerate(settings["peers"], 20_000):
    six = ":" in peer
    one = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("::" if six else "0.0.0.0", port))
    one.connect((peer, 30_000))
    sockets.append(one)
listener = socket.create_server(("127.0.0.1", 40_000))
client = socket.socket()
client.bind(("127.0.0.1", 40_001))
client.connect(("127.0.0.1", 40_000))
accepted, _ = listener.accept()

print("{}", flush=True)
sys.stdin.read()
