"""Processes that open, close and pass on sockets when they are told to: a line a command on standard input.

    start W            a process called W
    open W N           W opens N listeners
    close W N          W closes its N oldest sockets
    part W N           W makes N connections to itself and closes the end that called: TIME_WAIT
    pass W V N         W hands its N oldest sockets to V, and closes its own
    fork W V           V is a child of W with all its sockets
    end W              W ends

Each command is answered by one line when it has been done. All end at the end of standard input, or with the parent.
"""

import array
import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1


class Actor:
    """A process that does what it reads on one end of a pair of sockets."""

    def __init__(self):
        self.sockets = []

    def run(self, line):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            words, files = receive(line)
            if not words:
                os._exit(0)
            getattr(self, "do_" + words[0])(files, *words[1:])
            line.send(b"done")

    def do_open(self, _files, count):
        for _ in range(int(count)):
            self.sockets.append(listener())

    def do_close(self, _files, count):
        for _ in range(int(count)):
            self.sockets.pop(0).close()

    def do_part(self, _files, count):
        server = listener()
        for _ in range(int(count)):
            caller = socket.create_connection(server.getsockname())
            called, _ = server.accept()
            caller.close()
            called.close()
        self.sockets.append(server)

    def do_give(self, _files, count):
        given, self.sockets = self.sockets[: int(count)], self.sockets[int(count) :]
        line = CONTROL[0]
        rights = array.array("i", [one.fileno() for one in given])
        line.sendmsg([b"given"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
        for one in given:
            one.close()

    def do_take(self, files, _count):
        self.sockets += [socket.socket(fileno=fd) for fd in files]

    def do_fork(self, files):
        line = socket.socket(fileno=files[0])
        if os.fork() == 0:
            # It outlives its parent, and ends with the line.
            CONTROL[0] = line
            self.run(line)
        line.close()


CONTROL = [None]


def with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def listener():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one


def receive(line):
    space = socket.CMSG_SPACE(4 * 200)
    data, ancillary, _, _ = line.recvmsg(4096, space)
    files = array.array("i")
    for _, _, bytes_ in ancillary:
        files.frombytes(bytes_)
    return data.decode().split(), list(files)


def start():
    """Our end of the line to a new process, and its pid."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid == 0:
        with_parent()
        ours.close()
        for other in actors.values():
            other.close()
        CONTROL[0] = theirs
        Actor().run(theirs)
    theirs.close()
    return ours, pid


def end(name):
    """Waits until the process has ended."""
    actors.pop(name).close()
    try:
        os.waitpid(pids[name], 0)
    except ChildProcessError:
        pass  # what an ignored SIGCHLD makes of an end


def tell(name, words, files=()):
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
    actors[name].sendmsg([" ".join(words).encode()], rights)
    return receive(actors[name])


actors = {}
pids = {}
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.system("ip link set lo up 2>/dev/null || ifconfig lo up")
for command in sys.stdin:
    what, name, *more = command.split()
    if what == "start":
        actors[name], pids[name] = start()
    elif what == "end":
        end(name)
    elif what == "fork":
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        tell(name, ["fork"], [theirs.fileno()])
        theirs.close()
        actors[more[0]] = ours
    elif what == "pass":
        _, files = tell(name, ["give", more[1]])
        receive(actors[name])
        tell(more[0], ["take", more[1]], files)
        for fd in files:
            os.close(fd)
    else:
        tell(name, [what, *more])
    print("done", flush=True)
