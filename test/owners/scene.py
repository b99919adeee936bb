"""Makes sockets of every kind of owner in the namespaces it runs in, says so in one line of JSON, and keeps them.

usage: scene.py FOLDER PART...      (inside `unshare -nm`, as root; FOLDER: empty)

Ends when its standard input does, and after two minutes in any case.
"""

import json
import os
import select
import signal
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'kernel'))

import churn
import crowds
import long_walk
import names
import network
import reasons
import reuse
import sharing
import threads
from stage import Stage

_LIFETIME_SECONDS = 120
_PARTS = {part.__name__: part for part in (sharing, threads, crowds, names, reasons, churn, reuse, long_walk)}
_TICKS = 2 ** 32


def build(stage, parts):
    network.bring_up()
    network.set_sysctl('net/ipv4/tcp_orphan_retries', 12)
    for part in parts:
        _PARTS[part].play(stage)
    # One more turn for what the kernel does after the last system call.
    time.sleep(0.2)


def describe(stage):
    sockets, processes = {}, {}
    for facts in stage.statements():
        kind = facts.pop('statement')
        if kind == 'socket':
            sockets[facts['name']] = {**facts, 'holders': []}
        elif kind == 'process':
            processes[facts.pop('pid')] = facts
        else:
            _add_holder(sockets[facts['name']], facts)
    for row in sockets.values():
        row['holders'].sort(key=lambda holder: (holder['pid'], holder['fd']))
    holders = {holder['pid'] for row in sockets.values() for holder in row['holders']}
    told = [{'pid': pid, **identity(pid), **processes.get(pid, {})} for pid in sorted(holders)]
    return {'pid': os.getpid(), 'sockets': list(sockets.values()), 'processes': told, 'missing': stage.missing}


def _add_holder(row, facts):
    if facts['inode'] != row['inode']:
        raise RuntimeError(f'{facts} is no holder of {row}')
    row['holders'].append({'pid': facts['pid'], 'fd': facts['fd'], 'hidden': facts['hidden']})


def identity(pid):
    """What /proc tells of a process, whatever it is called."""
    with open(f'/proc/{pid}/stat', 'rb') as file:
        start = int(file.read().rsplit(b')', 1)[1].split()[19]) % _TICKS
    with open(f'/proc/{pid}/status', 'rb') as file:
        # The kernel escapes the newline in a name here.
        uid = next(int(line.split()[2]) for line in file if line.startswith(b'Uid:'))
    with open(f'/proc/{pid}/cgroup') as file:
        groups = [line.rstrip('\n').split(':', 2) for line in file]
    unified = [path for number, _, path in groups if number == '0']
    return {'startTime': start, 'uid': uid, 'cgroup': (unified or [path for _, _, path in groups])[0]}


def main():
    signal.alarm(_LIFETIME_SECONDS)
    folder = sys.argv[1]
    os.chdir(folder)
    stage = Stage(folder)
    try:
        build(stage, sys.argv[2:])
        print(json.dumps(describe(stage)), flush=True)
        while select.select([sys.stdin], [], [])[0] and os.read(0, 4096):
            pass
    finally:
        stage.close()


main()
