# psutil-connections.py KIND STATUS|all [--list]
# Asks psutil for all sockets of a kind, such as tcp or unix, and prints how many have the status: { "rows": N }; with --list
# the internet sockets among them, with their processes.
import json
import sys

import psutil


def endpoint(address):
    return f'{address.ip}:{address.port}' if address else '0.0.0.0:*'


kind, status = sys.argv[1:3]
connections = psutil.net_connections(kind)
if status != 'all':
    connections = [each for each in connections if each.status == status]
if sys.argv[3:] != ['--list']:
    print(json.dumps({'rows': len(connections)}))
else:
    for each in connections:
        print(endpoint(each.laddr), endpoint(each.raddr), each.pid or '-')
