"""Runs a command whose output is read late, while sockets of the table that it prints are added; prints that output.

For a network namespace of its own. The sockets share a port, and so a bucket of the kernel's table, to whose head the new
ones are added: what is left of the table moves back behind the command's place.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time

PORT = 5000
BEFORE = 250
ADDED = 10


def udp_socket(number):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((f"127.0.{number // 250}.{number % 250 + 1}", PORT))
    return one


subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
sockets = [udp_socket(number) for number in range(BEFORE)]
reader, writer = os.pipe()
fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
command = subprocess.Popen(sys.argv[1:], stdout=writer)
os.close(writer)
text = os.read(reader, 10)
time.sleep(0.3)
sockets += [udp_socket(BEFORE + number) for number in range(ADDED)]
while piece := os.read(reader, 65536):
    text += piece
sys.stdout.buffer.write(text)
sys.exit(command.wait())
