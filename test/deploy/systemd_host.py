"""Boots this machine's systemd in namespaces and a control group of its own, with units and files that are lent to it.

usage: systemd_host.py FOLDER      (as root)

FOLDER/etc, /opt and /bin are laid over /etc, /opt and /usr/local/bin in there. Says in one line of JSON which process it
is, as seen from outside, and ends it when its standard input ends.
"""

import json
import os
import signal
import subprocess
import sys
import time

_START_SECONDS = 20
_LAID_OVER = {'etc': '/etc', 'opt': '/opt', 'bin': '/usr/local/bin'}
_CLONE = ['unshare', '-p', '-f', '-m', '-n', '-i', '-u', '-C', '--mount-proc', '--kill-child']
_TARGET = """[Unit]
DefaultDependencies=no
"""


def unified():
    """Where the control groups of version 2 are mounted."""
    with open('/proc/mounts') as mounts:
        return next(line.split()[1] for line in mounts if line.split()[2] == 'cgroup2')


def script():
    lines = ['set -e', 'mount --make-rprivate /', 'mount -t tmpfs -o mode=755 tmpfs /run']
    for name, path in _LAID_OVER.items():
        lent, work = f'/run/lent/{name}', f'/run/work/{name}'
        lines += [f'mkdir -p {lent} {work}/upper {work}/work', f'mount --bind "$FOLDER/{name}" {lent}',
                  f'mount -t overlay -o lowerdir={lent}:{path},upperdir={work}/upper,workdir={work}/work overlay {path}']
    lines += ['umount -R /sys/fs/cgroup 2>/dev/null || true', 'mount -t cgroup2 cgroup2 /sys/fs/cgroup',
              'ip link set lo up', 'export container=sockscope-test',
              'exec /lib/systemd/systemd --system --unit=test.target --log-target=console --show-status=no']
    return '\n'.join(lines) + '\n'


def boot(folder, group):
    units = os.path.join(folder, 'etc/systemd/system')
    os.makedirs(units, exist_ok=True)
    for name in _LAID_OVER:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    with open(os.path.join(units, 'test.target'), 'w') as file:
        file.write(_TARGET)

    def enter():
        with open(os.path.join(group, 'cgroup.procs'), 'w') as file:
            file.write(str(os.getpid()))

    return subprocess.Popen([*_CLONE, 'sh', '-c', script()], preexec_fn=enter, stdin=subprocess.DEVNULL,
                            stdout=sys.stderr, env={**os.environ, 'FOLDER': folder})


def child_of(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return int(file.read().split()[0])


def await_boot(process):
    """The process that is 1 in there, once it answers."""
    last = time.monotonic() + _START_SECONDS
    while time.monotonic() < last and process.poll() is None:
        time.sleep(0.1)
        try:
            pid = child_of(process.pid)
            done = subprocess.run(['nsenter', '-t', str(pid), '-m', '-p', '-n', 'systemctl', 'is-active', 'test.target'],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            if done.stdout.strip() == 'active':
                return pid
        except (OSError, IndexError):
            pass
    raise RuntimeError('systemd did not boot')


def remove(group):
    """Its groups can be removed once the last process has been reaped."""
    for _ in range(50):
        for path, _, _ in os.walk(group, topdown=False):
            try:
                os.rmdir(path)
            except OSError:
                pass
        if not os.path.exists(group):
            return
        time.sleep(0.1)


def main():
    folder = sys.argv[1]
    group = os.path.join(unified(), f'sockscope-test-{os.getpid()}')
    os.mkdir(group)
    process = None
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        process = boot(folder, group)
        print(json.dumps({'pid': await_boot(process)}), flush=True)
        sys.stdin.read()
    finally:
        if process is not None:
            try:
                os.kill(child_of(process.pid), signal.SIGKILL)
            except (OSError, IndexError):
                process.kill()
            process.wait()
        remove(group)


main()
