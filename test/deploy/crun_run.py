"""Runs a program as an OCI container; takes the place of this process.

usage: crun_run.py GIFTS HOST_PROC FOLDER WORDS...

GIFTS: JSON, as in container-like.ts. The container has the host's /usr and /etc, FOLDER (read-only) and what is pinned, and a
root of its own that is thrown away by whoever owns the current folder.
"""

import json
import os
import sys
import tempfile

_MASKED = ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware']
_READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']
_LINKS = ['bin', 'lib', 'lib64', 'sbin']


def bind(path, at=None, *options):
    return {'destination': at or path, 'source': path, 'type': 'none', 'options': ['rbind', *options]}


def mounts(gifts, host_proc, folder):
    yield {'destination': '/proc', 'source': 'proc', 'type': 'proc'}
    yield {'destination': '/dev', 'source': 'tmpfs', 'type': 'tmpfs', 'options': ['nosuid', 'mode=755']}
    for path in ('/usr', '/etc', folder):
        yield bind(path, None, 'ro')
    if not sys.argv[4].startswith('/usr/'):
        yield bind(sys.argv[4], None, 'ro')
    if gifts['procMounted']:
        yield bind('/proc', host_proc, 'ro')
    if gifts.get('sharesPinned'):
        yield bind('/sys', None, 'ro')
        yield bind('/run/sockscope', None, 'rshared')
    elif gifts['groups']:
        # Where an iterator of the test, or of the host, is pinned.
        for path in (os.path.join(os.path.dirname(host_proc), 'bpf'), '/run/sockscope'):
            if os.path.exists(path):
                yield bind(path, None, 'ro')


def config(gifts, host_proc, folder, words, root):
    capabilities = [f'CAP_{name.upper()}' for name in gifts['capabilities']]
    namespaces = ['mount', 'ipc', 'uts', *([] if gifts['pidHost'] else ['pid']), *([] if gifts['networkHost'] else ['network'])]
    return {
        'ociVersion': '1.0.0',
        'process': {
            'user': {'uid': gifts['uid'], 'gid': gifts['uid'], 'additionalGids': gifts['groups']},
            'args': words,
            'env': [f'{name}={value}' for name, value in os.environ.items()],
            'cwd': '/',
            # As engines have it: nothing is inheritable or ambient.
            'capabilities': {kind: capabilities for kind in ('bounding', 'effective', 'permitted')},
            'noNewPrivileges': True,
        },
        'root': {'path': root, 'readonly': gifts['readOnly']},
        'mounts': list(mounts(gifts, host_proc, folder)),
        'linux': {
            'namespaces': [{'type': name} for name in namespaces],
            'rootfsPropagation': 'shared' if gifts.get('sharesPinned') else 'private',
            'maskedPaths': _MASKED,
            'readonlyPaths': _READ_ONLY,
        },
    }


def main():
    gifts, host_proc, folder, *words = sys.argv[1:]
    bundle = tempfile.mkdtemp(prefix='bundle-', dir=os.path.dirname(host_proc))
    root = os.path.join(bundle, 'root')
    os.mkdir(root)
    os.chmod(bundle, 0o755)
    for name in _LINKS:
        if os.path.islink(f'/{name}'):
            os.symlink(os.readlink(f'/{name}'), os.path.join(root, name))
    with open(os.path.join(bundle, 'config.json'), 'w') as file:
        json.dump(config(json.loads(gifts), host_proc, folder, words, root), file)
    # crun wants control groups of one version, though it makes none.
    prepare = 'umount -R /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"'
    run = ['crun', f'--root={bundle}/state', '--cgroup-manager=disabled', 'run', f'--bundle={bundle}',
           os.path.basename(bundle)]
    os.execvp('unshare', ['unshare', '-m', '--propagation', 'unchanged', 'sh', '-c', prepare, 'sh', *run])


main()
