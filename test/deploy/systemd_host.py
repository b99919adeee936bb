"""Boots this machine's systemd in namespaces and a control group of its own, with no units but those that it is lent.

usage: systemd_host.py FOLDER      (as root)

FOLDER/etc, /opt and /bin are laid over /etc, /opt and /usr/local/bin in there; FOLDER/units has every unit there is. The
machine itself is out of reach: all that it has mounted is read-only, but for FOLDER, and so are its settings. Says in one
line of JSON which process systemd is, as seen from outside, and ends it when its standard input ends, or when it is ended
itself, by whatever signal.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time

_START_SECONDS = 20
_LAID_OVER = {'etc': '/etc', 'opt': '/opt', 'bin': '/usr/local/bin'}
_NAMESPACES = ['unshare', '-p', '-f', '-m', '-n', '-i', '-u', '-C', '--mount-proc', '--kill-child']
# What every unit leans on, with nothing behind it: the machine's own would set it up anew, from sysctls to /tmp.
_EMPTY_TARGETS = ['test', 'sysinit', 'basic', 'shutdown', 'multi-user']
_SCRIPT = """set -e
mount --make-rprivate /
"$PYTHON" -B "$SELF" --read-only
mount -o remount,bind,rw /proc
for name in bus fs irq sys sysrq-trigger; do
  [ ! -e /proc/$name ] || { mount --bind /proc/$name /proc/$name; mount -o remount,bind,ro /proc/$name; }
done
mount --bind "$FOLDER" "$FOLDER"
mount -o remount,bind,rw "$FOLDER"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/folder /run/dev /run/tmp
mount --bind "$FOLDER" /run/folder
for name in $LAID_OVER; do
  path=${name#*:} name=${name%%:*}
  mkdir -p /run/work/$name/upper /run/work/$name/work
  mount -t overlay -o lowerdir=/run/folder/$name:$path,upperdir=/run/work/$name/upper,workdir=/run/work/$name/work overlay $path
done
mount -t tmpfs -o mode=755 tmpfs /run/dev
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /run/dev
mkdir /run/dev/shm /run/dev/pts /run/dev/mqueue /run/dev/hugepages
mount -t devpts -o ptmxmode=666 devpts /run/dev/pts
ln -s pts/ptmx /run/dev/ptmx
mount --move /run/dev /dev
mount -t tmpfs tmpfs /var/tmp
mount -t tmpfs -o mode=1777 tmpfs /run/tmp
case "$FOLDER" in /tmp/*) mkdir -p /run/tmp/"${FOLDER#/tmp/}"; mount --bind /run/folder /run/tmp/"${FOLDER#/tmp/}" ;; esac
mount --move /run/tmp /tmp
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
export container=sockscope-test SYSTEMD_UNIT_PATH=/run/folder/units
exec /lib/systemd/systemd --system --unit=test.target --log-target=console --show-status=no
"""

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 1
_PR_SET_PDEATHSIG = 1
# The same on every architecture; Linux 5.12.
_SYS_MOUNT_SETATTR = 442
_libc = ctypes.CDLL(None, use_errno=True)


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ('set', 'clear', 'propagation', 'userns_fd')]


def make_read_only():
    """All that is mounted in this mount namespace, whichever of it hides another."""
    attributes = _MountAttributes(set=_MOUNT_ATTR_RDONLY)
    if _libc.syscall(ctypes.c_long(_SYS_MOUNT_SETATTR), _AT_FDCWD, b'/', _AT_RECURSIVE, ctypes.byref(attributes),
                     ctypes.c_size_t(ctypes.sizeof(attributes))) != 0:
        raise OSError(ctypes.get_errno(), 'mount_setattr')


def unified():
    """Where the control groups of version 2 are mounted."""
    with open('/proc/mounts') as mounts:
        return next(line.split()[1] for line in mounts if line.split()[2] == 'cgroup2')


def boot(folder, group):
    for name in [*_LAID_OVER, 'units']:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for name in _EMPTY_TARGETS:
        with open(os.path.join(folder, 'units', f'{name}.target'), 'w') as file:
            file.write('[Unit]\nDefaultDependencies=no\n')

    script = os.getpid()

    def enter():
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != script:
            os._exit(1)
        with open(os.path.join(group, 'cgroup.procs'), 'w') as file:
            file.write(str(os.getpid()))

    laid_over = ' '.join(f'{name}:{path}' for name, path in _LAID_OVER.items())
    log = open(os.path.join(folder, 'systemd.log'), 'w')
    return subprocess.Popen([*_NAMESPACES, 'sh', '-c', _SCRIPT], preexec_fn=enter, stdin=subprocess.DEVNULL,
                            stdout=log, stderr=log,
                            env={**os.environ, 'FOLDER': folder, 'LAID_OVER': laid_over, 'PYTHON': sys.executable,
                                 'SELF': os.path.abspath(__file__)})


def child_of(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as file:
        return int(file.read().split()[0])


def await_boot(process, folder):
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
    with open(os.path.join(folder, 'systemd.log')) as log:
        raise RuntimeError(f'systemd did not boot: {log.read()}')


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


def keep(group):
    """A process that removes the group once this one has ended, even by SIGKILL, or has closed what is returned."""
    gone, alive = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.setsid()
        os.close(alive)
        os.read(gone, 1)
        remove(group)
        os._exit(0)
    os.close(gone)
    return keeper, alive


def main():
    folder = sys.argv[1]
    group = os.path.join(unified(), f'sockscope-test-{os.getpid()}')
    os.mkdir(group)
    keeper, alive = keep(group)
    process = None
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        process = boot(folder, group)
        print(json.dumps({'pid': await_boot(process, folder)}), flush=True)
        sys.stdin.read()
    finally:
        if process is not None:
            try:
                os.kill(child_of(process.pid), signal.SIGKILL)
            except (OSError, IndexError):
                process.kill()
            process.wait()
        os.close(alive)
        os.waitpid(keeper, 0)


if sys.argv[1] == '--read-only':
    make_read_only()
else:
    main()
