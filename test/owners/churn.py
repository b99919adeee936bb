"""Processes that come and go, each with sockets of its own; a log tells of every holder there has ever been."""

import json
import os
import signal
import socket
import time

from sharing import listener
from stage import die_with_parent, inode_of

_LIVES_SECONDS, _PAUSE_SECONDS = 0.02, 0.004
LOG = 'holders.log'


def play(stage):
    stage.process(_stay)
    stage.process(_churn)


def _stay(stage):
    stage.keep = listener()
    stage.keeps('stays among those that come and go', 'tcp', stage.keep)


def _churn(stage):
    log = os.open(os.path.join(stage.folder, LOG), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o644)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    stage.ready()
    while True:
        if os.fork() == 0:
            _live(log)
        time.sleep(_PAUSE_SECONDS)


def _live(log):
    """Is born, writes down what it holds before anybody can see it, shares it with a child, and dies."""
    try:
        die_with_parent()
        sock = socket.socket()
        _log(log, sock)
        sock.bind(('127.0.0.1', 0))
        sock.listen(1)
        if os.fork() == 0:
            _log(log, sock)
        time.sleep(_LIVES_SECONDS)
    finally:
        os._exit(0)


def _log(log, sock):
    facts = {'pid': os.getpid(), 'fd': sock.fileno(), 'inode': inode_of(sock.fileno())}
    os.write(log, (json.dumps(facts) + '\n').encode())
