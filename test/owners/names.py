"""Programs with names of every kind, and processes of other users."""

import os
import shutil

from sharing import listener
from stage import set_dumpable, set_name

NOBODY = 65534

# By what a program calls itself: its first word.
_FIRST_WORDS = {
    'a plain word': b'cat',
    'a path': b'/usr/local/bin/server',
    'a path and arguments in one word': b'/usr/bin/perl -w /x/y/z.pl',
    'a relative path': b'./a/b',
    'a path that ends in a slash': b'/usr/bin/',
    'blanks': b'sshd: root@pts/0 ',
    'parentheses': b'a) S 1 (b',
    'a newline': b'first\nsecond: x',
    'control bytes': b'\x1b[31mred\x07\t\x7f',
    'UTF-8': 'caf\u00e9-\u65e5\u672c'.encode(),
    'no UTF-8': b'\xff\xfe\xc3(',
    '511 bytes and more': b'n' * 600,
    'a slash beyond 511 bytes': b'/' + b'a' * 300 + b'/' + b'b' * 300 + b'/c',
    'a slash as byte 511': b'/' + b'a' * 509 + b'/after',
    'nothing': b'',
}
# By what the kernel calls them: the name of the file, at most 15 bytes of it.
_FILES = {
    'blanks and parentheses': b'a) S 1 (b c',
    'a newline': b'one\ntwo',
    'UTF-8 that is cut in the middle': '\u00e9'.encode() * 8,
    'no UTF-8': b'\xff\xfe\x80',
    'Uid: 0': b'Uid:\t7\t7\t7\t7',
}


def play(stage):
    for label, word in _FIRST_WORDS.items():
        _named(stage, f'called: {label}', shutil.which('cat'), [word], 'cat')
    for label, name in _FILES.items():
        path = os.path.join(os.fsencode(stage.folder), name)
        os.symlink(shutil.which('cat'), path)
        _named(stage, f'from a file called: {label}', path, [b'x'], name[:15].decode(errors='replace'))
    _named(stage, 'without arguments', shutil.which('cat'), [], 'cat')
    _named(stage, 'many arguments', '/bin/sh',
           [b'-sh', b'-c', b'read x', b'', b'a b', b'new\nline', b'caf\xc3\xa9', b'\xff', b''], 'sh')
    stage.process(_renamed)
    stage.process(_of_root_and_not_dumpable)
    stage.process(_of_nobody, uid=NOBODY)
    stage.process(_of_nobody_and_not_dumpable, uid=NOBODY)


def program_of(words):
    """netstat's name: the first word, of 511 bytes of the arguments; of a path what follows the last slash."""
    first = (words[0] if words else b'')[:511]
    return first.rsplit(b'/', 1)[1] if first.startswith(b'/') else first


def _named(stage, name, path, words, comm):
    def prepare(child):
        sock = listener()
        os.set_inheritable(sock.fileno(), True)
        child.keeps(name, 'tcp', sock)
        # Linux makes an empty list of arguments one empty argument, since 5.18.
        arguments = [word.decode(errors='replace') for word in words] or ['']
        child.named(program=program_of(words).hex(), comm=comm, commandLine=arguments)
        child.keep = sock

    stage.program(path, words, prepare)


def _renamed(stage):
    """By prctl(2): nothing that a program file must have been called."""
    set_name(b') Z 1 1 1 ((')
    stage.named(comm=') Z 1 1 1 ((')
    stage.keep = listener()
    stage.keeps('has renamed itself', 'tcp', stage.keep)


def _of_root_and_not_dumpable(stage):
    set_dumpable(False)
    stage.keep = listener()
    stage.keeps('of root, not dumpable', 'tcp', stage.keep)


def _of_nobody(stage):
    # setuid(2) has made it undumpable.
    set_dumpable(True)
    stage.keep = listener()
    stage.keeps('of nobody', 'tcp', stage.keep)


def _of_nobody_and_not_dumpable(stage):
    stage.keep = listener()
    stage.keeps('of nobody, not dumpable', 'tcp', stage.keep)
