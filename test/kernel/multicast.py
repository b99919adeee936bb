"""Two interfaces whose sockets have joined groups of IPv4 and IPv6, some of them several times."""

import json
import socket
import struct
import subprocess
import sys

INET = ["224.0.0.251", "239.1.2.3", "239.255.255.250"]
INET6 = ["ff02::fb", "ff05::1:3", "ff3e::4321:1234"]


def run(*words):
    subprocess.run(words, check=True)


def join(family, group, interface):
    """A socket that holds its membership."""
    joined = socket.socket(family, socket.SOCK_DGRAM)
    index = socket.if_nametoindex(interface)
    if family == socket.AF_INET:
        request = struct.pack("=4s4si", socket.inet_aton(group), socket.inet_aton("0.0.0.0"), index)
        joined.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    else:
        request = socket.inet_pton(family, group) + struct.pack("=I", index)
        joined.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)
    return joined


run("ip", "link", "set", "lo", "up")
run("ip", "link", "add", "left", "type", "veth", "peer", "name", "fifteenletters1")
for name in ["left", "fifteenletters1"]:
    run("ip", "link", "set", name, "addrgenmode", "none", "up")
run("ip", "address", "add", "10.7.0.1/24", "dev", "left")
run("ip", "address", "add", "2001:db8:7::1/64", "dev", "left", "nodad")

held = []
for interface in ["lo", "left", "fifteenletters1"]:
    held += [join(socket.AF_INET, group, interface) for group in INET]
    held += [join(socket.AF_INET6, group, interface) for group in INET6]
held += [join(socket.AF_INET, INET[1], "left") for _ in range(3)]
held += [join(socket.AF_INET6, INET6[1], "left") for _ in range(11)]

print(json.dumps({"groups": INET + INET6}), flush=True)
sys.stdin.read()
