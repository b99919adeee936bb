"""Holds a socket by a thread alone, its first thread being over, and another in a table that only one thread has.

Prints the inodes of both, then waits to be killed."""

import ctypes
import os
import socket
import threading
import time

CLONE_FILES = 0x400
libc = ctypes.CDLL(None, use_errno=True)
shared = socket.socket()


def inode(sock):
    return os.fstat(sock.fileno()).st_ino


def apart():
    if libc.unshare(CLONE_FILES) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')
    own = [socket.socket() for _ in range(3)]
    print(inode(shared), inode(own[0]), flush=True)
    time.sleep(60)


threading.Thread(target=lambda: time.sleep(60)).start()
threading.Thread(target=apart).start()
libc.pthread_exit(None)
