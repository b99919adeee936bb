# psutil-count.py [--list]
# How many TCP sockets each state and program has, as psutil tells them; rows are the pairs. With --list the pairs.
import collections
import json
import sys

import psutil

counts = collections.Counter()
names = {}
for each in psutil.net_connections('tcp'):
    if each.pid not in names:
        names[each.pid] = psutil.Process(each.pid).name() if each.pid else '-'
    counts[each.status.lower(), names[each.pid]] += 1
if sys.argv[1:] != ['--list']:
    print(json.dumps({'rows': len(counts)}))
else:
    for (status, name), sockets in counts.items():
        print(f'{status} {name} {sockets}')
