"""An exchange on loopback whose packets can be counted: `udp` or `tcp`."""

import socket
import sys

if sys.argv[1] == "udp":
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for _ in range(7):
        sender.sendto(b"x" * 100, receiver.getsockname())
        receiver.recv(1000)
    for _ in range(2):
        sender.sendto(b"x", ("127.0.0.1", 9))
else:
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    client.sendall(b"question")
    server.recv(100)
    server.sendall(b"answer")
    client.recv(100)
