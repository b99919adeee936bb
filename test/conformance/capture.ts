import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScanRequest } from '../../src/request/request.ts';
import { type Endpoint, type Outcome, type SceneDescription, startScene } from '../kernel/scene.ts';

/** A socket as the library told of it; see print-rows.mjs. The path's bytes are in hex, the cookie is decimal. */
export interface Row {
  readonly protocol: string;
  readonly family: string;
  readonly state: string;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  readonly recvQ?: number;
  readonly sendQ?: number;
  readonly timer?: string;
  readonly expiresMs?: number;
  readonly retrans?: number;
  readonly probes?: number;
  readonly ifindex?: number;
  readonly uid?: number;
  readonly inode: number;
  readonly cookie?: string;
  readonly path?: string;
  readonly pathBytes?: string;
  readonly unixType?: number;
  readonly unixPeer?: number;
  readonly unixRefs?: number;
  readonly unixFlags?: number;
}

export interface Scan {
  readonly abilities: Readonly<Record<string, { readonly source: string }>>;
  readonly gaps: readonly { readonly what: string; readonly reason: string; readonly rows?: number }[];
  readonly length: number;
  readonly rows: readonly Row[];
  readonly rowsWithoutReferences: readonly Row[];
  /** In the order of SELECTIONS. */
  readonly selections: readonly (readonly Row[])[];
}

/** Requests for a part of the scene. */
export const SELECTIONS = [
  { protocols: ['tcp'], states: ['listen'] },
  { protocols: ['tcp'], states: ['syn-recv', 'time-wait', 'fin-wait-2'], families: ['inet6'] },
  { families: ['inet6'] },
  { protocols: ['udp', 'udplite'], families: ['inet'] },
  { protocols: ['udp'], states: ['established'] },
  { states: ['established', 'close-wait', 'closing'] },
  { protocols: ['unix'], states: ['listen', 'close'] },
  { families: ['unix'], states: ['established'] },
] as const satisfies readonly ScanRequest[];

/** The library's ways to read sockets: host options. */
export const SUBJECTS = {
  netlink: { source: 'netlink' },
  'netlink, two threads': { source: 'netlink', threads: 2 },
  procfs: { source: 'procfs' },
  auto: {},
} as const;
export type Subject = keyof typeof SUBJECTS;

export interface Capture {
  readonly scene: SceneDescription;
  readonly scans: Readonly<Record<Subject, Scan>>;
  readonly ss: string;
  readonly netstat: string;
}

const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const printer = fileURLToPath(new URL('print-rows.mjs', import.meta.url));

/** One scene, seen by every subject and by two other programs within a second; it is gone when this returns. */
export async function captureScene(): Promise<Capture> {
  if (!existsSync(library)) throw new Error('dist/index.js is not built: run npm test, or npm run build');
  const scene = await startScene();
  try {
    const subjects = Object.values(SUBJECTS).map((options) => JSON.stringify(options));
    const [rows, ss, netstat] = await scene.runAll([
      { command: process.execPath, args: [printer, library, JSON.stringify(SELECTIONS), ...subjects] },
      { command: 'ss', args: ['-tuwxanH'] },
      { command: 'netstat', args: ['-anW'] },
    ]);
    const scans = JSON.parse(textOf(rows!, 'print-rows.mjs')) as Scan[];
    const named = Object.keys(SUBJECTS).map((subject, index) => [subject, scans[index]!]);
    return {
      scene: scene.description,
      scans: Object.fromEntries(named) as Record<Subject, Scan>,
      ss: textOf(ss!, 'ss'),
      netstat: textOf(netstat!, 'netstat'),
    };
  } finally {
    await scene.stop();
  }
}

function textOf({ stdout, stderr, status }: Outcome, program: string): string {
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.toString('latin1')}`);
  return stdout.toString('latin1');
}
