"""Runs a program under a seccomp filter that refuses system calls: by killing the process, or with an error number.

usage: refuse.py CALL[:FIRST-ARGUMENT]=kill|ERRNO ... -- PROGRAM ARGUMENT...      (as root, or with no_new_privs)
"""

import ctypes
import os
import platform
import struct
import sys

# linux/audit.h's word for the machine, and its numbers of calls.
_MACHINES = {
    'x86_64': (0xC000003E, {'socket': 41, 'setns': 308, 'kcmp': 312, 'bpf': 321, 'prctl': 157}),
    'aarch64': (0xC00000B7, {'socket': 198, 'setns': 268, 'kcmp': 272, 'bpf': 280, 'prctl': 167}),
}
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_VERDICTS = {'kill': 0x80000000, 'kill-thread': 0, 'trap': 0x00030000}
_ERRNO, _ALLOW = 0x00050000, 0x7FFF0000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_void_p)]


def _refusal(rule, numbers):
    what, word = rule.split('=')
    call, _, argument = what.partition(':')
    verdict = _VERDICTS[word] if word in _VERDICTS else _ERRNO | int(word)
    whole = [(_LOAD, 0, 0, _NUMBER_AT), (_JUMP_IF_EQUAL, 0, 3 if argument else 1, numbers[call])]
    if argument:
        whole += [(_LOAD, 0, 0, _FIRST_ARGUMENT_AT), (_JUMP_IF_EQUAL, 0, 1, int(argument))]
    return whole + [(_RETURN, 0, 0, verdict)]


def _filter(rules):
    machine, numbers = _MACHINES[platform.machine()]
    instructions = [(_LOAD, 0, 0, _MACHINE_AT), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _ALLOW)]
    for rule in rules:
        instructions += _refusal(rule, numbers)
    instructions.append((_RETURN, 0, 0, _ALLOW))
    return b''.join(struct.pack('=HBBI', *instruction) for instruction in instructions)


def main():
    end = sys.argv.index('--')
    rules, program = sys.argv[1:end], sys.argv[end + 1:]
    code = _filter(rules)
    body = ctypes.create_string_buffer(code, len(code))
    libc = ctypes.CDLL(None, use_errno=True)
    refused = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER,
                         ctypes.byref(_Program(len(code) // 8, ctypes.addressof(body))), 0, 0)
    if refused != 0:
        sys.exit(f'seccomp: {os.strerror(ctypes.get_errno())}')
    os.execvp(program[0], program)


main()
