// node node-netstat.mjs [--list]
// TCP sockets as node-netstat tells them, which has netstat -apntu print them; nothing printed but how many.
import netstat from 'node-netstat';
import { write } from './rows.mjs';

const connections = await new Promise((resolve, reject) => {
  const found = [];
  netstat(
    { filter: { protocol: 'tcp' }, done: (error) => (error ? reject(error) : resolve(found)) },
    (each) => {
      found.push(each);
    },
  );
});
if (process.argv[2] !== '--list') process.stdout.write(`${JSON.stringify({ rows: connections.length })}\n`);
else {
  write(
    connections.map(
      ({ local, remote, pid }) =>
        `${local.address}:${local.port} ${remote.address}:${remote.port || '*'} ${pid || '-'}`,
    ),
  );
}
