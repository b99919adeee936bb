"""UDP, UDP-Lite and raw sockets."""

import socket

from network import LINK_LOCAL

_UDPLITE, _EXPERIMENT = 136, 253
_V4 = '127.0.0.1'
_MSG_MORE = 0x8000


def datagram(family, protocol, local, remote=None, kind=socket.SOCK_DGRAM, options=()):
    sock = socket.socket(family, kind, protocol)
    for level, option, value in options:
        sock.setsockopt(level, option, value)
    if local is not None:
        sock.bind(local)
    if remote is not None:
        sock.connect(remote)
    return sock


def udp(scene):
    inet = socket.AF_INET
    scene.datagram('udp', 'udp unconnected', datagram(inet, 0, ('0.0.0.0', 53)))
    reader = datagram(inet, 0, (_V4, 514))
    writer = datagram(inet, 0, (_V4, 40514), (_V4, 514))
    for size in (100, 1, 0):
        writer.send(bytes(size))
    scene.datagram('udp', 'udp with datagrams waiting', reader)
    scene.datagram('udp', 'udp connected', writer)
    corked = datagram(inet, 0, (_V4, 40515), (_V4, 514))
    corked.send(bytes(700), _MSG_MORE)
    scene.datagram('udp', 'udp corked', corked)
    reuse = [(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)]
    for sibling in range(2):
        scene.datagram('udp', f'udp sibling {sibling}', datagram(inet, 0, (_V4, 123), options=reuse))
    to_device = [(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'lo\0')]
    scene.datagram('udp', 'udp on a device', datagram(inet, 0, ('0.0.0.0', 67), options=to_device), ifindex=scene.lo)


def udp6(scene):
    inet6 = socket.AF_INET6
    scene.datagram('udp', 'udp unconnected, inet6', datagram(inet6, 0, ('::', 5353)))
    scene.datagram('udp', 'udp connected, inet6', datagram(inet6, 0, ('::1', 40516), ('::1', 5353)))
    scene.datagram('udp', 'udp v4-mapped', datagram(inet6, 0, ('::ffff:127.0.0.1', 40517), ('::ffff:127.0.0.1', 53)))
    scoped = datagram(inet6, 0, (LINK_LOCAL, 546, 0, scene.lo))
    scene.datagram('udp', 'udp on link-local', scoped, ifindex=scene.lo)


def udplite(scene):
    scene.datagram('udplite', 'udplite unconnected', datagram(socket.AF_INET, _UDPLITE, (_V4, 5004)))
    scene.datagram('udplite', 'udplite connected', datagram(socket.AF_INET, _UDPLITE, (_V4, 5005), (_V4, 5004)))


def udplite6(scene):
    scene.datagram('udplite', 'udplite unconnected, inet6', datagram(socket.AF_INET6, _UDPLITE, ('::', 53)))
    sock = datagram(socket.AF_INET6, _UDPLITE, ('::1', 5007), ('::1', 53))
    scene.datagram('udplite', 'udplite connected, inet6', sock)


def raw(scene):
    def open_raw(family, protocol, local, remote=None):
        return datagram(family, protocol, local, remote, socket.SOCK_RAW)

    inet, inet6 = socket.AF_INET, socket.AF_INET6
    scene.raw('raw unconnected', open_raw(inet, socket.IPPROTO_ICMP, None), socket.IPPROTO_ICMP)
    scene.raw('raw bound', open_raw(inet, socket.IPPROTO_IGMP, (_V4, 0)), socket.IPPROTO_IGMP)
    scene.raw('raw connected', open_raw(inet, socket.IPPROTO_GRE, (_V4, 0), (_V4, 0)), socket.IPPROTO_GRE, _V4)
    reader = open_raw(inet, _EXPERIMENT, None)
    writer = open_raw(inet, _EXPERIMENT, None, (_V4, 0))
    writer.send(bytes(64))
    scene.raw('raw with packets waiting', reader, _EXPERIMENT)
    scene.raw('raw writer, which hears itself', writer, _EXPERIMENT, _V4)
    if scene.inet6:
        scene.raw('raw unconnected, inet6', open_raw(inet6, socket.IPPROTO_ICMPV6, None), socket.IPPROTO_ICMPV6)
        connected = open_raw(inet6, socket.IPPROTO_ESP, None, ('::1', 0))
        scene.raw('raw connected, inet6', connected, socket.IPPROTO_ESP, '::1')
