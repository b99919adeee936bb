"""Processes with very many descriptors."""

import os
import resource

from sharing import listener

# As many as root may have where its limit is not to be raised.
_MANY, _FAR = 20_000, 400_000


def play(stage):
    stage.process(_dense)
    stage.process(_sparse)


def fill():
    """Takes nearly all the descriptors that there may be, for nothing."""
    nothing = os.open('/dev/null', os.O_RDONLY)
    for _ in range(nothing, _allow(_MANY) - 100):
        os.dup(nothing)


def _allow(descriptors):
    """Raises the limit as far as it may be; the number of descriptors that are allowed, at the most as many as asked for."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for limit in (max(hard, descriptors), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            return min(limit, descriptors)
        except ValueError:
            continue
    raise OSError('the limit of descriptors may not be set')


def _dense(stage):
    """Some twenty thousand descriptors in a row: sockets are the first, one in the middle, the last, and every hundredth."""
    many = _allow(_MANY + 100) - 100
    first = listener()
    stage.keeps('first of many', 'tcp', first)
    often, middle = listener(), None
    stage.keeps('a hundred and more times', 'tcp', often)
    nothing = os.open('/dev/null', os.O_RDONLY)
    for number in range(nothing, many):
        if number % 100 == 0:
            stage.holds('a hundred and more times', os.dup(often.fileno()))
        elif number == many // 2 + 1:
            middle = listener()
            stage.keeps('in the middle of many', 'tcp', middle)
        else:
            os.dup(nothing)
    last = listener()
    stage.keeps('last of many', 'tcp', last)
    stage.keep = first, often, middle, last


def _sparse(stage):
    """A few descriptors with very high numbers."""
    last = _allow(_FAR + 1) - 1
    for number in (999, last // 2, last):
        name, sock = f'descriptor {number}', listener()
        stage.socket(name, 'tcp', sock)
        os.dup2(sock.fileno(), number)
        sock.close()
        stage.holds(name, number)
