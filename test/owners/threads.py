"""Descriptors that /proc/<pid>/fd does not show: those of threads that have gone their own way."""

import os
import threading
import time

from names import program_of
from sharing import listener
from stage import end_thread, unshare_files


def play(stage):
    for process in (_leader_gone, _leader_gone_and_table_apart, _opened_apart, _closed_apart, _swapped):
        stage.process(process)


def _leader_gone(stage):
    """The first thread has ended, and is a zombie until the others end."""
    sock = listener()
    stage.keeps('of a process whose first thread has ended', 'tcp', sock, hidden=True)
    # Its command line is read from a thread that lives.
    with open('/proc/self/cmdline', 'rb') as file:
        stage.named(program=program_of(file.read().split(b'\0')).hex())
    _after_the_leader(stage, lambda: None)


def _leader_gone_and_table_apart(stage):
    common = listener()
    stage.keeps('of the other threads, the first one has ended', 'tcp', common, hidden=True)
    apart = []

    def open_apart():
        unshare_files()
        common.close()
        apart.extend((listener(), os.open('/dev/null', os.O_RDONLY)))
        stage.keeps('of one other thread, the first one has ended', 'tcp', apart[0], hidden=True)

    _in_thread(open_apart)
    _in_thread(lambda: None)
    _after_the_leader(stage, lambda: None)


def _opened_apart(stage):
    """A thread with a table of its own opens a socket there; what it had before it has still."""
    before, kept = listener(), []
    stage.keeps('in both tables of a process', 'tcp', before)

    def open_apart():
        unshare_files()
        kept.append(listener())
        stage.keeps("in a thread's own table", 'tcp', kept[0], hidden=True)

    _in_thread(open_apart)
    stage.keep = before, kept


def _closed_apart(stage):
    """One socket is closed by the thread, another one by everybody else."""
    by_thread, by_others, besides = listener(), listener(), os.open('/dev/null', os.O_RDONLY)
    stage.keeps('closed by a thread in its own table', 'tcp', by_thread)
    stage.keeps('left to a thread with its own table', 'tcp', by_others, hidden=True)

    def close_apart():
        unshare_files()
        os.close(by_thread.fileno())
        os.close(besides)

    _in_thread(close_apart)
    os.close(by_others.fileno())
    stage.keep = by_thread, by_others


def _swapped(stage):
    """Both tables have as many descriptors, and the same numbers: one of them is another socket in each."""
    first, second = listener(), []
    stage.keeps('by a number that a thread has for another one', 'tcp', first)
    number = first.fileno()

    def swap():
        unshare_files()
        second.append(listener())
        stage.socket('by a number that the process has for another one', 'tcp', second[0], asMany=True)
        os.dup2(second[0].fileno(), number)
        second[0].close()
        stage.holds('by a number that the process has for another one', number, hidden=True)

    _in_thread(swap)
    stage.keep = first


def _in_thread(play):
    """Runs `play` to its end on a thread that stays."""
    done = threading.Event()

    def run():
        play()
        done.set()
        _stay()

    threading.Thread(target=run, daemon=True).start()
    if not done.wait(10):
        raise TimeoutError('a thread did not come to its end')


def _after_the_leader(stage, play):
    """Ends the calling thread, the first one; another one stays and says so."""
    def run():
        while _state_of_leader() != 'Z':
            time.sleep(0.001)
        play()
        stage.ready()
        _stay()

    threading.Thread(target=run).start()
    end_thread()


def _state_of_leader():
    with open(f'/proc/self/task/{os.getpid()}/stat') as file:
        return file.read().rsplit(')', 1)[1].split()[0]


def _stay():
    threading.Event().wait()
