// Scans without end, and says so after the first scan; told to stop it answers whether every scan found the listener.
import { parentPort, workerData } from 'node:worker_threads';

const { openHost } = await import(workerData.path);
const host = await openHost(workerData.options);
let running = true;
parentPort.on('message', () => {
  running = false;
});

let scans = 0;
let found = 0;
while (running) {
  const table = await host.scan({ protocols: ['tcp'], ...workerData.question });
  for (const row of table) if (row.local.port === workerData.port) found++;
  scans++;
  if (scans === 1) parentPort.postMessage('scanning');
}
await host.close();
parentPort.postMessage({ all: found === scans, some: scans > 0 });
