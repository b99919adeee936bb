// node open-host.mjs
// openHost and close, over and over: what a program pays before its first question. It lists nothing.
import { openHost } from '../../../dist/index.js';
import { printTimed } from './timed.mjs';

await printTimed(
  async () => {
    const host = await openHost();
    await host.close();
    return 0;
  },
  { iterations: 50, warmup: 5 },
);
