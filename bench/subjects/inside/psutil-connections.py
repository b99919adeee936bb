# psutil-connections.py [--list]
# Asks psutil for all TCP sockets and prints how many: { "rows": N }; with --list the sockets, with their processes.
import json
import sys

import psutil

connections = psutil.net_connections('tcp')
if sys.argv[1:] != ['--list']:
    print(json.dumps({'rows': len(connections)}))
else:
    for each in connections:
        print(f'{each.laddr.ip}:{each.laddr.port} {each.raddr.ip}:{each.raddr.port} {each.pid or "-"}')
