"""Runs a program under a seccomp filter that refuses bpf(2): by killing the process, or with an error number.

usage: filter-bpf.py kill|ERRNO PROGRAM ARGUMENT...      (as root, or with no_new_privs)
"""

import ctypes
import os
import platform
import struct
import sys

# linux/audit.h's word for the machine, and its number of bpf(2).
_MACHINES = {'x86_64': (0xC000003E, 321), 'aarch64': (0xC00000B7, 280)}
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4


class _Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_void_p)]


def _filter(verdict):
    machine, number = _MACHINES[platform.machine()]
    instructions = [(_LOAD, 0, 0, _MACHINE_AT), (_JUMP_IF_EQUAL, 0, 3, machine),
                    (_LOAD, 0, 0, _NUMBER_AT), (_JUMP_IF_EQUAL, 0, 1, number),
                    (_RETURN, 0, 0, verdict), (_RETURN, 0, 0, _ALLOW)]
    return b''.join(struct.pack('=HBBI', *instruction) for instruction in instructions)


def main():
    word, program = sys.argv[1], sys.argv[2:]
    code = _filter(_KILL_PROCESS if word == 'kill' else _ERRNO | int(word))
    body = ctypes.create_string_buffer(code, len(code))
    libc = ctypes.CDLL(None, use_errno=True)
    refused = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER,
                         ctypes.byref(_Program(len(code) // 8, ctypes.addressof(body))), 0, 0)
    if refused != 0:
        sys.exit(f'seccomp: {os.strerror(ctypes.get_errno())}')
    os.execvp(program[0], program)


main()
