// node systeminformation.mjs [--list]
// TCP sockets as systeminformation tells them, which has netstat -tunap (or ss) print them; nothing printed but how many.
import { networkConnections } from 'systeminformation';
import { write } from './rows.mjs';

const connections = (await networkConnections()).filter(({ protocol }) => protocol === 'tcp');
if (process.argv[2] !== '--list') process.stdout.write(`${JSON.stringify({ rows: connections.length })}\n`);
else {
  write(
    connections.map(
      ({ localAddress, localPort, peerAddress, peerPort, pid }) =>
        `${localAddress}:${localPort} ${peerAddress}:${peerPort} ${pid ?? '-'}`,
    ),
  );
}
