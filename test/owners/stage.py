"""The processes of a scene, and what each states of the sockets that it holds."""

import contextlib
import ctypes
import json
import os
import platform
import signal
import socket
import traceback

CLONE_FILES = 0x400
_EXIT = {'x86_64': 60, 'aarch64': 93}
_CLONE = {'x86_64': 56, 'aarch64': 220}
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NAME = 1, 4, 15
_FAMILIES = {socket.AF_INET: 'inet', socket.AF_INET6: 'inet6', socket.AF_UNIX: 'unix'}

libc = ctypes.CDLL(None, use_errno=True)


class Stage:
    """Processes are forked from one that has no socket of its own, so that each holds what it has made, and no more."""

    def __init__(self, folder):
        self.folder, self.missing = folder, []
        self._children, self._ready = [], None
        self._path = os.path.join(folder, 'statements')
        self._statements = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        # What a program may read from without an end.
        self._silence, self._mouth = os.pipe()

    def process(self, play, uid=None):
        """A process that stays once `play(stage)` has returned. Its pid, as soon as that is, or `ready` was called."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._children, self._ready = [], writer
            self._perform(play, uid)
        os.close(writer)
        self._children.append(pid)
        self._await(reader, b'r')
        return pid

    def program(self, path, argv, prepare):
        """A process that becomes the program after `prepare(stage)`. Its standard input has neither bytes nor an end."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._children = []
            self._perform(lambda stage: _execute(stage, path, argv, prepare), None)
        os.close(writer)
        self._children.append(pid)
        self._await(reader, b'')
        return pid

    def ready(self):
        """Says that all is in place; for a `play` that does not return."""
        os.write(self._ready, b'r')

    def socket(self, name, protocol, sock, **facts):
        """States that there is a socket, which the calling process need not hold for long."""
        row = {'name': name, 'protocol': protocol, 'family': _FAMILIES[sock.family], 'inode': inode_of(sock.fileno())}
        if sock.family != socket.AF_UNIX:
            row['localPort'] = sock.getsockname()[1]
        self._state('socket', {**row, **facts})

    def row(self, name, local, remote, reason):
        """States a row of TCP that no process's socket stands for."""
        self._state('socket', {'name': name, 'protocol': 'tcp', 'family': 'inet', 'inode': 0, 'localPort': local,
                               'remotePort': remote, 'reason': reason})

    def embryo(self, name):
        """States that a unix connection waits for accept(2): a row that unix_diag leaves out."""
        self._state('socket', {'name': name, 'protocol': 'unix', 'family': 'unix', 'inode': 0, 'embryo': True,
                               'reason': 'not-accepted'})

    def kernel_row(self, name, protocol, port, reason):
        """States a row of a socket that the kernel has for itself: its inode is nobody's to know."""
        self._state('socket', {'name': name, 'protocol': protocol, 'family': 'inet', 'localPort': port, 'reason': reason})

    def holds(self, name, fd, hidden=False):
        """States that the calling process holds the socket; hidden: /proc/<pid>/fd does not show it."""
        fd = fd if isinstance(fd, int) else fd.fileno()
        self._state('holder', {'name': name, 'pid': os.getpid(), 'fd': fd, 'inode': inode_of(fd), 'hidden': hidden})

    def keeps(self, name, protocol, sock, hidden=False, **facts):
        """States that there is a socket, and that the calling process holds it."""
        self.socket(name, protocol, sock, **facts)
        self.holds(name, sock, hidden)

    def named(self, **facts):
        """States what must be told of the calling process."""
        self._state('process', {'pid': os.getpid(), **facts})

    @contextlib.contextmanager
    def may_lack(self, what):
        """A part that a kernel may not have."""
        try:
            yield
        except OSError as error:
            self.missing.append({'what': what, 'reason': str(error)})

    def close(self):
        """Ends all processes; theirs end with them."""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)

    def statements(self):
        with open(self._path) as file:
            return [json.loads(line) for line in file]

    @property
    def silence(self):
        return self._silence

    def _perform(self, play, uid):
        try:
            if uid is not None:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)
            die_with_parent()
            play(self)
            self.ready()
            while True:
                signal.pause()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def _state(self, kind, facts):
        os.write(self._statements, (json.dumps({'statement': kind, **facts}) + '\n').encode())

    def _await(self, reader, word):
        heard = os.read(reader, 1)
        os.close(reader)
        if heard != word:
            raise RuntimeError('a process of the scene failed')


def _execute(stage, path, argv, prepare):
    prepare(stage)
    os.dup2(stage.silence, 0)
    words = (ctypes.c_char_p * (len(argv) + 1))(*argv, None)
    # os.execv takes no empty list.
    libc.execve(os.fsencode(path), words, (ctypes.c_char_p * 1)(None))
    raise OSError(ctypes.get_errno(), 'execve')


def inode_of(fd):
    return os.fstat(fd).st_ino


def die_with_parent():
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def set_dumpable(dumpable):
    libc.prctl(_PR_SET_DUMPABLE, int(dumpable), 0, 0, 0)


def set_name(name):
    libc.prctl(_PR_SET_NAME, name, 0, 0, 0)


def unshare_files():
    """Gives the calling thread a descriptor table of its own."""
    if libc.unshare(CLONE_FILES) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')


def end_thread():
    """Ends the calling thread alone, be it the first one."""
    libc.syscall(_EXIT[platform.machine()], 0)


def fork_sharing_files():
    """As fork, but the child has the parent's own descriptor table."""
    pid = libc.syscall(_CLONE[platform.machine()], CLONE_FILES | signal.SIGCHLD, 0, 0, 0, 0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), 'clone')
    return pid
