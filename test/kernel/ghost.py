"""A TCP peer made by hand at an address that nobody owns: it says what a state needs, and then never a word more."""

import select
import socket
import struct
import time

from network import GHOST, LOCAL

FIN, SYN, ACK, PSH = 0x01, 0x02, 0x10, 0x08
_FIRST = 1_000_000


class Ghost:
    """Owns a raw socket to speak through and a packet socket to listen on; `close` ends both."""

    def __init__(self):
        self._mouth = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self._ear = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self._ear.bind(('lo', 0x0800))

    def close(self):
        self._mouth.close()
        self._ear.close()

    def knock(self, port, ghost_port):
        """A SYN to a listener; its answer is never acknowledged."""
        self._say(ghost_port, port, _FIRST, 0, SYN, 65535)

    def connect(self, port, ghost_port, window=65535, prepare=None):
        """Connects a new socket at LOCAL:port to the ghost's port; `prepare` may set options before."""
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if prepare is not None:
            prepare(sock)
        sock.bind((LOCAL, port))
        sock.setblocking(False)
        sock.connect_ex((GHOST, ghost_port))
        first = self._hear(port, ghost_port, SYN)
        self._say(ghost_port, port, _FIRST, first + 1, SYN | ACK, window)
        if not select.select([], [sock], [], 5)[1] or sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
            raise TimeoutError(f'no connection from port {port} to the ghost')
        return Conversation(self, sock, port, ghost_port, first + 1)

    def _say(self, source, destination, sequence, acknowledged, flags, window, data=b''):
        header = struct.pack('!HHIIBBHHH', source, destination, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF,
                             5 << 4, flags, window, 0, 0)
        addresses = socket.inet_aton(GHOST) + socket.inet_aton(LOCAL)
        pseudo = addresses + struct.pack('!BBH', 0, socket.IPPROTO_TCP, len(header) + len(data))
        checksum = struct.pack('!H', _checksum(pseudo + header + data))
        segment = header[:16] + checksum + header[18:] + data
        packet = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(segment), 0, 0, 64, socket.IPPROTO_TCP, 0) + addresses
        self._mouth.sendto(packet + segment, (LOCAL, 0))

    def _hear(self, source, destination, flag):
        """Waits for a segment with the flag from LOCAL:source; its sequence number."""
        deadline = time.monotonic() + 5
        while select.select([self._ear], [], [], max(0, deadline - time.monotonic()))[0]:
            packet = self._ear.recv(65535)
            segment = packet[(packet[0] & 15) * 4:]
            if packet[9] != socket.IPPROTO_TCP or len(segment) < 20:
                continue
            heard = struct.unpack_from('!HHIIBB', segment)
            if heard[:2] == (source, destination) and heard[5] & flag:
                return heard[2]
        raise TimeoutError(f'nothing heard from port {source}')


class Conversation:
    """One connection with the ghost. `sent`: bytes (FIN included) of the socket that the ghost acknowledges."""

    def __init__(self, ghost, sock, port, ghost_port, sequence):
        self.sock, self.port, self.ghost_port = sock, port, ghost_port
        self._ghost, self._base, self._spoken = ghost, sequence, _FIRST + 1

    def say(self, flags=ACK, data=b'', sent=0, window=65535):
        self._ghost._say(self.ghost_port, self.port, self._spoken, self._base + sent, flags | ACK, window, data)
        self._spoken += len(data) + (1 if flags & FIN else 0)


def _checksum(data):
    total = sum(struct.unpack(f'!{(len(data) + 1) // 2}H', data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
