"""What the scene's mount namespace hides: databases that would ask the network, or another program, for a name."""

import ctypes
import os

_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_FILES = {
    '/etc/nsswitch.conf': ''.join(f'{base}: files\n' for base in ('passwd', 'hosts', 'networks', 'services', 'protocols')),
    '/etc/hosts': '',
}


def mount(folder):
    """Binds the scene's own files over the host's, inside this mount namespace alone."""
    _mount(None, '/', _MS_REC | _MS_PRIVATE)
    for path, text in _FILES.items():
        if not os.path.exists(path):
            continue
        own = os.path.join(folder, os.path.basename(path))
        with open(own, 'w') as file:
            file.write(text)
        _mount(own, path, _MS_BIND)


def many_users():
    """Whether the user namespace knows more users than its root."""
    with open('/proc/self/uid_map') as file:
        return sum(int(line.split()[2]) for line in file) > 65534


def _mount(source, target, flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source and source.encode(), target.encode(), None, ctypes.c_ulong(flags), None) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f'mount {target}: {os.strerror(error)}')
