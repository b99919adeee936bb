"""The scene's network: a loopback of its own, two addresses on it, and a route to an address that nobody owns."""

import fcntl
import os
import socket
import struct

LOCAL = '10.66.0.1'
# Routed to lo, owned by nobody: what the kernel sends there is dropped without an answer.
GHOST = '10.66.0.2'
LONG_ADDRESS = 'fd66:1234:5678:9abc:def0:1234:5678:9abc'
LINK_LOCAL = 'fe80::66'

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_RTM_NEWADDR, _RTM_NEWROUTE = 20, 24
_NLM_F_REQUEST, _NLM_F_ACK, _NLM_F_CREATE = 0x1, 0x4, 0x400
_IFA_LOCAL, _IFA_ADDRESS, _IFA_F_NODAD = 2, 1, 0x02
_RTA_DST, _RTA_OIF, _RTN_UNICAST, _RT_TABLE_MAIN, _RT_SCOPE_LINK = 1, 4, 1, 254, 253


def bring_up():
    """Brings lo up and gives it the scene's addresses; returns its index."""
    lo = socket.if_nametoindex('lo')
    _raise_link('lo')
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        _add_address(netlink, lo, socket.AF_INET, LOCAL, 32)
        _add_route(netlink, lo, GHOST)
        if has_inet6():
            _add_address(netlink, lo, socket.AF_INET6, LONG_ADDRESS, 128)
            _add_address(netlink, lo, socket.AF_INET6, LINK_LOCAL, 64)
    return lo


def has_inet6():
    return os.path.exists('/proc/net/if_inet6')


def set_sysctl(path, value):
    """Sets one of the namespace's own settings, where it may be set."""
    try:
        with open('/proc/sys/' + path, 'w') as file:
            file.write(str(value))
    except OSError:
        pass


def _raise_link(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack('16sh22x', name.encode(), 0)
        flags = struct.unpack('16sh22x', fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack('16sh22x', name.encode(), flags | _IFF_UP))


def _add_address(netlink, index, family, address, prefix):
    raw = socket.inet_pton(family, address)
    body = struct.pack('=BBBBI', family, prefix, _IFA_F_NODAD, 0, index)
    _ask(netlink, _RTM_NEWADDR, body + _attribute(_IFA_LOCAL, raw) + _attribute(_IFA_ADDRESS, raw))


def _add_route(netlink, index, address):
    body = struct.pack('=BBBBBBBBI', socket.AF_INET, 32, 0, 0, _RT_TABLE_MAIN, 3, _RT_SCOPE_LINK, _RTN_UNICAST, 0)
    destination = _attribute(_RTA_DST, socket.inet_aton(address))
    _ask(netlink, _RTM_NEWROUTE, body + destination + _attribute(_RTA_OIF, struct.pack('=I', index)))


def _attribute(kind, value):
    return struct.pack('=HH', 4 + len(value), kind) + value + bytes(-len(value) % 4)


def _ask(netlink, kind, body):
    flags = _NLM_F_REQUEST | _NLM_F_ACK | _NLM_F_CREATE
    netlink.send(struct.pack('=IHHII', 16 + len(body), kind, flags, 1, 0) + body)
    error = struct.unpack_from('=i', netlink.recv(4096), 16)[0]
    if error != 0:
        raise OSError(-error, os.strerror(-error) + f' (rtnetlink message {kind})')
