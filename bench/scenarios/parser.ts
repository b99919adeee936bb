import type { Scenario } from '../contract.ts';
import { holdAndCapture } from '../load/captured.ts';
import {
  capturedListing,
  capturedScan,
  capturedScanWithoutAddon,
  catCaptured,
  parsedText,
  parsedText6,
  wcCaptured,
} from '../subjects/captured.ts';

/** Text to columns without the kernel, whose own share of a scan by procfs is the larger one. */
export const parser: Scenario = {
  name: 'parser',
  title: 'established TCP sockets over IPv4, of which /proc/net/tcp is a file',
  load: holdAndCapture,
  mostSockets: 200_000,
  mostRuns: 3,
  rows: (sockets) => sockets,
  subjects: [
    catCaptured,
    wcCaptured,
    parsedText,
    parsedText6,
    capturedScan,
    capturedScanWithoutAddon,
    capturedListing,
  ],
  inside: [
    ...[catCaptured, wcCaptured].map((subject) => ({ subject, figure: 'wallUsPerSocket' })),
    ...[parsedText, parsedText6].map((subject) => ({ subject, figure: 'nsPerRow' })),
  ],
  goals: [],
};
