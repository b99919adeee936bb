"""Pins, in a bpffs, what is not the iterator that sockscope pins.

usage: pin-foreign.py silent|version|forged|map PATH      (as root)

silent: an iterator over descriptors that writes nothing. version: one whose header has a version that is yet to come. forged:
one with our header, and records that make no sense. map: no iterator at all.
"""

import ctypes
import os
import platform
import struct
import sys

_BPF = {'x86_64': 321, 'aarch64': 280}
_MAP_CREATE, _PROG_LOAD, _OBJ_PIN, _LINK_CREATE = 0, 5, 6, 28
_TRACING, _TRACE_ITER, _HASH_MAP, _SEQ_WRITE = 26, 28, 1, 127
_KIND_FUNC = 12
# The header's version; it is written for every descriptor, so that it stands where records are due.
_VERSIONS = {'version': 99, 'forged': 1}
# Bytes that follow a type's twelve, by its kind: of itself, of each of its members.
_TAILS = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
          19: (0, 12)}

_libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    buffer = ctypes.create_string_buffer(attributes.ljust(128, b'\0'), 128)
    result = _libc.syscall(_BPF[platform.machine()], command, buffer, 128)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f'bpf command {command}: {os.strerror(error)}')
    return result


def function_id(name):
    with open('/sys/kernel/btf/vmlinux', 'rb') as file:
        data = file.read()
    header, types, size, strings = struct.unpack_from('=4xIIII', data)
    at, number = header + types, 0
    while at < header + types + size:
        number += 1
        word, info, _ = struct.unpack_from('=III', data, at)
        kind, members = info >> 24 & 31, info & 0xFFFF
        if kind == _KIND_FUNC and data.startswith(name + b'\0', header + strings + word):
            return number
        own, each = _TAILS.get(kind, (0, 0))
        at += 12 + own + each * members
    raise LookupError(name)


def instruction(code, destination=0, source=0, offset=0, immediate=0):
    return struct.pack('=BBhi', code, source << 4 | destination, offset, immediate)


def program(kind):
    end = instruction(0xB7) + instruction(0x95)
    if kind == 'silent':
        return end
    words = struct.unpack('=4i', b'sockscop' + struct.pack('=II', _VERSIONS[kind], 16))
    stores = b''.join(instruction(0x62, 10, 0, -16 + 4 * index, word) for index, word in enumerate(words))
    # r6 = context->meta, r1 = meta->seq, r2 = stack - 16, r3 = 16
    call = (instruction(0x79, 6, 1) + instruction(0x79, 1, 6) + instruction(0xBF, 2, 10) +
            instruction(0x07, 2, 0, 0, -16) + instruction(0xB7, 3, 0, 0, 16) + instruction(0x85, 0, 0, 0, _SEQ_WRITE))
    return stores + call + end


def iterator(kind):
    code = program(kind)
    instructions = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b'Dual MIT/GPL')
    # Of union bpf_attr: type, instructions, licence; expected_attach_type at 68, attach_btf_id at 108.
    loaded = bpf(_PROG_LOAD, struct.pack('=IIQQ44xI36xI', _TRACING, len(code) // 8, ctypes.addressof(instructions),
                                         ctypes.addressof(licence), _TRACE_ITER, function_id(b'bpf_iter_task_file')))
    return bpf(_LINK_CREATE, struct.pack('=IIII', loaded, 0, _TRACE_ITER, 0))


def main():
    kind, path = sys.argv[1:]
    pinned = bpf(_MAP_CREATE, struct.pack('=IIIII', _HASH_MAP, 4, 4, 1, 0)) if kind == 'map' else iterator(kind)
    name = ctypes.create_string_buffer(os.fsencode(path))
    bpf(_OBJ_PIN, struct.pack('=QI', ctypes.addressof(name), pinned))


main()
