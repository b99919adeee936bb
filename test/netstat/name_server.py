"""A name server for tests: UDP and TCP, reverse look-ups alone, answers by a table of addresses.

An entry of the table is a dict: `names` (PTR records, presentation format with \\DDD escapes), `rcode`, `silent`,
`delay` (seconds), `truncated` (over UDP), `alias` (a CNAME on the way to the names). An address that is not in the table
gets NXDOMAIN.
"""
import ipaddress
import re
import socket
import struct
import threading
import time

PTR, CNAME = 12, 5


def address_of(labels):
    """The address that reverse labels ask for, as text; None for anything else."""
    words = [label.decode("latin1").lower() for label in labels]
    if words[-2:] == ["in-addr", "arpa"] and len(words) == 6:
        return ".".join(reversed(words[:4]))
    if words[-2:] == ["ip6", "arpa"] and len(words) == 34:
        return str(ipaddress.IPv6Address(int("".join(reversed(words[:32])), 16)))
    return None


def wire_name(text):
    """Labels of presentation format, as bytes."""
    data = b""
    for label in re.findall(r"(?:\\\d{3}|\\.|[^.\\])+", text):
        raw = re.sub(r"\\(\d{3}|.)", lambda m: chr(int(m[1])) if len(m[1]) == 3 else m[1], label)
        data += bytes([len(raw)]) + raw.encode("latin1")
    return data + b"\0"


class NameServer:
    """Answers from `table`; tells `log` of each question: its address, how many are open with it, the way it came."""

    def __init__(self, table, log, address="127.0.0.1"):
        self.table, self.log = table, log
        self.open = 0
        self.lock = threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, 53))
        self.tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind((address, 53))
        self.tcp.listen(64)
        for serve in (self.serve_udp, self.serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def serve_udp(self):
        while True:
            question, peer = self.udp.recvfrom(4096)
            threading.Thread(target=self.on_udp, args=(question, peer), daemon=True).start()

    def on_udp(self, question, peer):
        answer = self.answer(question, "udp")
        if answer is not None:
            self.udp.sendto(answer, peer)

    def serve_tcp(self):
        while True:
            connection, _ = self.tcp.accept()
            threading.Thread(target=self.on_tcp, args=(connection,), daemon=True).start()

    def on_tcp(self, connection):
        """The connection ends with a reset, once the other side has closed it: it leaves no TIME_WAIT to be listed."""
        with connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream = connection.makefile("rb")
            while len(head := stream.read(2)) == 2:
                answer = self.answer(stream.read(struct.unpack("!H", head)[0]), "tcp")
                if answer is not None:
                    connection.sendall(struct.pack("!H", len(answer)) + answer)

    def answer(self, question, way):
        labels, at = [], 12
        while question[at] != 0:
            labels.append(question[at + 1 : at + 1 + question[at]])
            at += 1 + question[at]
        asked = question[12 : at + 5]
        address = address_of(labels)
        entry = self.table.get(address, {"rcode": 3})
        with self.lock:
            self.open += 1
            self.log(f"{address} {self.open} {way}")
        if entry.get("silent"):
            return None
        time.sleep(entry.get("delay", 0))
        with self.lock:
            self.open -= 1
        return self.wire(question, asked, entry, way)

    @staticmethod
    def wire(question, asked, entry, way):
        truncated = entry.get("truncated", False) and way == "udp"
        records, owner = [], b"\xc0\x0c"
        if "alias" in entry:
            alias = wire_name(entry["alias"])
            records.append(owner + struct.pack("!HHIH", CNAME, 1, 60, len(alias)) + alias)
            owner = alias
        for name in entry.get("names", []):
            data = wire_name(name)
            records.append(owner + struct.pack("!HHIH", PTR, 1, 60, len(data)) + data)
        if truncated:
            records = []
        flags = 0x8580 | (0x0200 if truncated else 0) | entry.get("rcode", 0)
        head = question[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
        return head + asked + b"".join(records)
