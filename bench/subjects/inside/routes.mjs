// node routes.mjs [--list]
// The IPv4 routes of a host that stays, asked for over and over; --list their destinations.
import { openHost } from '../../../dist/index.js';
import { write } from './rows.mjs';
import { printTimed } from './timed.mjs';

const host = await openHost();
if (process.argv[2] === '--list') write((await host.routes('inet')).map(({ destination }) => destination));
else await printTimed(async () => (await host.routes('inet')).length, { iterations: 5 });
await host.close();
