"""Holds listening TCP sockets while a program runs, and ends as it does.

usage: listen_and_run.py SOCKETS PROGRAM ARGUMENT...      (in a network namespace of its own)
"""

import resource
import socket
import subprocess
import sys

sockets, program = int(sys.argv[1]), sys.argv[2:]
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, sockets + 64), max(most, sockets + 64)))
held = [socket.create_server(('', 0)) for _ in range(sockets)]
sys.exit(subprocess.run(program).returncode)
