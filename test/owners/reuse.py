"""One pid for two programs in turn, each with a socket of its own: what holds one never has the other's name."""

import itertools
import os
import shutil
import signal
import time

from sharing import listener

_PID = 5_000
# However fast scans are, some name it, and for some it is too late. Never less than two of the ticks (10 ms) that starts
# are told in: of one start and one pid, two processes could not be told apart.
_LIVES_SECONDS = (0.02, 0.05, 0.2)


def play(stage):
    pipes = os.pipe(), os.pipe()
    for index, name in enumerate(('alpha', 'beta')):
        stage.process(lambda child: _repeat(child, name, pipes[index][0], pipes[1 - index][1]))
    os.write(pipes[0][1], b't')


def _repeat(stage, name, token, passed):
    """Its children have its socket and not the other's, from birth."""
    sock = listener()
    os.set_inheritable(sock.fileno(), True)
    stage.keeps(name, 'tcp', sock)
    stage.ready()
    for lives in itertools.cycle(_LIVES_SECONDS):
        os.read(token, 1)
        _live(name, lives, stage.silence)
        os.write(passed, b't')


def _live(name, lives, silence):
    with open('/proc/sys/kernel/ns_last_pid', 'w') as file:
        file.write(str(_PID - 1))
    reader, writer = os.pipe()
    # Another process may have taken the number between the two calls: then it is one of no interest.
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(silence, 0)
            os.execv(shutil.which('cat'), [name])
        finally:
            os._exit(1)
    os.close(writer)
    # Until the program has taken over.
    os.read(reader, 1)
    os.close(reader)
    time.sleep(lives)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
