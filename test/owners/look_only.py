"""Runs commands beside a process whose open files are watched, under a seccomp filter that kills for every system call by
which one process acts on another, or speaks to one. Prints one line of JSON.

usage: look_only.py FOLDER COMMANDS      (COMMANDS: JSON, a list of lists of words; inside `unshare -nm`)
"""

import ctypes
import json
import os
import platform
import socket
import struct
import subprocess
import sys

# linux/audit.h's word for the machine, and its numbers of the calls.
_MACHINES = {
    'x86_64': (0xC000003E, {
        'connect': 42, 'kill': 62, 'ptrace': 101, 'tkill': 200, 'perf_event_open': 298, 'setns': 308,
        'process_vm_readv': 310, 'process_vm_writev': 311, 'pidfd_send_signal': 424, 'pidfd_open': 434,
        'pidfd_getfd': 438, 'process_madvise': 440}),
    'aarch64': (0xC00000B7, {
        'ptrace': 117, 'kill': 129, 'tkill': 130, 'connect': 203, 'perf_event_open': 241, 'setns': 268,
        'process_vm_readv': 270, 'process_vm_writev': 271, 'pidfd_send_signal': 424, 'pidfd_open': 434,
        'pidfd_getfd': 438, 'process_madvise': 440}),
}
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_KILL_PROCESS, _ALLOW = 0x80000000, 0x7FFF0000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4
_IN_NONBLOCK, _IN_ALL_EVENTS = 0x800, 0xFFF

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_void_p)]


def _filter():
    machine, calls = _MACHINES[platform.machine()]
    numbers = sorted(calls.values())
    jumps = [(_JUMP_IF_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    instructions = [(_LOAD, 0, 0, _MACHINE_AT), (_JUMP_IF_EQUAL, 0, len(numbers) + 1, machine),
                    (_LOAD, 0, 0, _NUMBER_AT), *jumps, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _KILL_PROCESS)]
    return b''.join(struct.pack('=HBBI', *instruction) for instruction in instructions)


def _confine():
    code = _filter()
    body = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(body))
    if _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), 'seccomp')


class Watch:
    """What is done to files, by the inotify events that come of it."""

    def __init__(self, paths):
        self._fd = _libc.inotify_init1(_IN_NONBLOCK)
        for path in paths:
            if _libc.inotify_add_watch(self._fd, path.encode(), _IN_ALL_EVENTS) < 0:
                raise OSError(ctypes.get_errno(), path)

    def events(self):
        try:
            data = os.read(self._fd, 65536)
        except BlockingIOError:
            return []
        masks, at = [], 0
        while at < len(data):
            _, mask, _, length = struct.unpack_from('=iIII', data, at)
            masks.append(mask)
            at += 16 + length
        return masks


def run(words):
    done = subprocess.run(words, preexec_fn=_confine, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return {'status': done.returncode, 'stdout': done.stdout, 'stderr': done.stderr}


def main():
    folder, commands = sys.argv[1], json.loads(sys.argv[2])
    listener = socket.create_server(('127.0.0.1', 0))
    name = socket.socket(socket.AF_UNIX)
    name.bind(folder + '/socket')
    name.listen()
    held = open(folder + '/held', 'w+')
    os.mkfifo(folder + '/fifo')
    fifo = os.open(folder + '/fifo', os.O_RDWR)
    watch = Watch([folder, folder + '/held', folder + '/fifo'])
    runs = [run(words) for words in commands]
    events = watch.events()
    # What would have been seen.
    os.close(os.open(f'/proc/self/fd/{held.fileno()}', os.O_RDONLY))
    seen = watch.events()
    killed = [run([sys.executable, '-c', f'import os, signal; os.kill({os.getpid()}, 0)'])['status']]
    print(json.dumps({'pid': os.getpid(), 'port': listener.getsockname()[1], 'fifo': fifo, 'runs': runs,
                      'events': events, 'seen': seen, 'killed': killed}))


main()
