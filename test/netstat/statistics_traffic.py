"""Traffic on the loopback of a fresh network namespace, of every kind that statistics count. Then waits for its end."""

import json
import os
import socket
import struct
import subprocess
import sys
import time


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def datagrams(family, address, kind=socket.IPPROTO_UDP, sizes=(1, 100, 5000)):
    try:
        receiver = socket.socket(family, socket.SOCK_DGRAM, kind)
    except OSError:
        return  # the kernel has no UDP-Lite
    receiver.bind((address, 0))
    sender = socket.socket(family, socket.SOCK_DGRAM, kind)
    for size in sizes:
        sender.sendto(b"x" * size, receiver.getsockname()[:2])
        receiver.recv(65536)
    # To a port where nobody listens, and more than a buffer takes.
    sender.sendto(b"x", (address, 9))
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    for _ in range(20):
        sender.sendto(b"x" * 1000, receiver.getsockname()[:2])


def connections(family, address):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.bind((address, 0))
    listener.listen(8)
    for _ in range(3):
        client = socket.create_connection(listener.getsockname()[:2])
        server, _ = listener.accept()
        client.sendall(b"question")
        server.recv(100)
        server.sendall(b"x" * 20_000)
        client.recv(1000)
        # Closed with data unread: a reset.
        client.close()
        server.close()
    try:
        socket.create_connection((address, 9))
    except ConnectionRefusedError:
        pass


def echoes():
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        for number in range(4):
            message = struct.pack("!BBHHH", 8, 0, 0, 1, number)
            raw.sendto(struct.pack("!BBHHH", 8, 0, checksum(message), 1, number), ("127.0.0.1", 0))
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as raw:
        for number in range(4):
            raw.sendto(struct.pack("!BBHHH", 128, 0, 0, 1, number), ("::1", 0))


subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    datagrams(family, address)
    datagrams(family, address, getattr(socket, "IPPROTO_UDPLITE", 136))
    connections(family, address)
echoes()
# Until no timer of a closed connection runs any more.
time.sleep(0.5)
print(json.dumps({"pid": os.getpid()}), flush=True)
sys.stdin.read()
