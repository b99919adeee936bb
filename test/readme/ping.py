"""ping -c COUNT -q ADDRESS, for samples: echo requests over loopback, one after the other, and no word about them."""

import socket
import struct
import sys


def checksum(data):
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff


def main():
    if len(sys.argv) != 5 or sys.argv[1] != '-c' or sys.argv[3] != '-q':
        sys.exit('ping: want -c COUNT -q ADDRESS')
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as raw:
        raw.settimeout(5)
        for sequence in range(int(sys.argv[2])):
            rest = struct.pack('!HH', 7, sequence) + bytes(56)
            raw.sendto(struct.pack('!BBH', 8, 0, checksum(b'\x08\0\0\0' + rest)) + rest, (sys.argv[4], 0))
            while raw.recv(4096)[20] != 0:
                pass


main()
