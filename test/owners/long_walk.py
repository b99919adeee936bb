"""Descriptors enough for a walk over all of them to take its time."""

from crowds import fill
from sharing import listener

_PROCESSES = 3


def play(stage):
    stage.process(_fill_and_fork)


def _fill_and_fork(stage):
    """The sockets of the children, which come last, are found last."""
    fill()

    def hold(child):
        child.keep = listener()
        child.keeps('at the end of a long walk', 'tcp', child.keep)

    for _ in range(_PROCESSES - 1):
        stage.process(lambda child: None)
    stage.process(hold)
