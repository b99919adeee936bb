"""Makes sockets in the network namespace it runs in, says `{"pid": ...}`, and holds them until its standard input ends.

usage: means_scene.py FOLDER [CONNECTIONS]

A listener of TCP with that many connections to it (default 3), both ends; a listener of IPv6; one socket of UDP, and one
unix socket.
"""

import json
import os
import signal
import socket
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "../kernel"))
import network

_LIFETIME_SECONDS = 300


def main():
    signal.alarm(_LIFETIME_SECONDS)
    network.bring_up()
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    listener = socket.create_server(("127.0.0.1", 7001), backlog=512)
    held = [listener, socket.create_server(("::1", 7001), family=socket.AF_INET6)]
    for _ in range(connections):
        held.append(socket.create_connection(("127.0.0.1", 7001)))
        held.append(listener.accept()[0])
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("127.0.0.1", 7002))
    path = socket.socket(socket.AF_UNIX)
    path.bind(os.path.join(sys.argv[1], "unix"))
    path.listen()
    held += [datagrams, path]
    print(json.dumps({"pid": os.getpid()}), flush=True)
    sys.stdin.read()


main()
