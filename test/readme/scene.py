"""Gives the samples of the documents something to show, in the network namespace it runs in: an interface eth0 with a
default route, a server called nginx with its connections, one connection in TIME_WAIT. Makes the commands `sockscope` and
`ping` in FOLDER/bin, says where it is ready in one line of JSON, and ends when its standard input does.

usage: scene.py FOLDER NODE MAIN      (FOLDER: empty; NODE MAIN: what runs the command)
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'kernel'))

import network  # noqa: E402

_LIFETIME_SECONDS, _CONNECTIONS = 120, 10


def make_commands(folder, node, main):
    os.mkdir(folder + '/bin')
    for name, words in (('sockscope', [node, main]), ('ping', [sys.executable, '-B', HERE + '/ping.py'])):
        path = f'{folder}/bin/{name}'
        with open(path, 'w') as file:
            file.write('#!/bin/sh\nexec {} "$@"\n'.format(' '.join(f"'{word}'" for word in words)))
        os.chmod(path, 0o755)


def make_eth0():
    """A device of a kind that this kernel has."""
    for kind in ('dummy', 'bridge', 'ifb'):
        made = subprocess.run(['ip', 'link', 'add', 'eth0', 'type', kind], stderr=subprocess.DEVNULL)
        if made.returncode == 0:
            break
    else:
        raise OSError('no kind of network device can be made')
    for words in ('addr add 192.0.2.10/24 dev eth0', 'link set eth0 up', 'route add default via 192.0.2.1'):
        subprocess.run(['ip', *words.split()], check=True)


def send_again():
    """Has a segment sent to an address that does not answer, and sent again a second later."""
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex((network.GHOST, 80))
    return client


def serve():
    """What is called nginx: a process with three listeners and a unix socket, and one that has the connections."""
    listeners = [socket.create_server(('127.0.0.1', 0)) for _ in range(3)]
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    if os.fork() == 0:
        signal.alarm(_LIFETIME_SECONDS)
        held = [connect(listeners[0]) for _ in range(_CONNECTIONS)]
        fill(held[0][0])
        for end in connect(listeners[0]):
            end.close()
        print('ready', flush=True)
    signal.pause()
    notify.close()


def connect(listener):
    client = socket.create_connection(listener.getsockname())
    return client, listener.accept()[0]


def fill(client):
    """Sends more than 65,536 bytes to an end that does not read."""
    client.setblocking(False)
    try:
        while True:
            client.send(bytes(65536))
    except BlockingIOError:
        pass


def main():
    signal.alarm(_LIFETIME_SECONDS)
    if sys.argv[1] == 'serve':
        serve()
    folder, node, command = sys.argv[1:]
    network.bring_up()
    make_eth0()
    make_commands(folder, node, command)
    waiting = send_again()
    server = subprocess.Popen(['nginx', '-B', __file__, 'serve'], executable=sys.executable, stdout=subprocess.PIPE,
                              start_new_session=True)
    try:
        if server.stdout.readline() != b'ready\n':
            raise OSError('the server did not start')
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind(('127.0.0.1', 0))
        time.sleep(1.2)
        waiting.close()
        print(json.dumps({'bin': folder + '/bin'}), flush=True)
        while os.read(0, 4096):
            pass
    finally:
        os.killpg(server.pid, signal.SIGKILL)


main()
