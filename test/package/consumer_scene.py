"""Listeners, and connections with both of their ends, in a network namespace: the same rows for everybody who asks.

usage: consumer_scene.py FOLDER
"""

import json
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'kernel'))

import network  # noqa: E402

network.bring_up()
listeners = []
for port in (22, 443, 8080):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(8)
    listeners.append(listener)
clients = [socket.create_connection(('127.0.0.1', 443)) for _ in range(2)]
servers = [listeners[1].accept()[0] for _ in clients]

print(json.dumps({'sockets': len(listeners) + len(clients) + len(servers)}), flush=True)
sys.stdin.read()
