import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModeScene } from '../../src/cli/mode-scene.ts';
import { showNat } from '../../src/cli/nat-mode.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import type { Names } from '../../src/format/listing.ts';
import type { AddressSet } from '../../src/names/address-set.ts';
import type { HostNames } from '../../src/names/host-names.ts';
import { runShipped } from '../cli/shipped.ts';
import type { Outcome } from './synthetic-proc.ts';

export interface InProcess {
  /** Files of /proc/net. */
  readonly net: Readonly<Record<string, string | Uint8Array>>;
  readonly words: readonly string[];
  readonly program?: string;
  readonly names?: Names;
  readonly hosts?: HostNames | undefined;
  readonly binding?: ModeScene['host']['binding'];
}

const NO_NAMES: Names = {};

/** Runs `-M` once in this process: bytes as latin1 text. The folder of the tables reads /proc/net in what is said. */
export async function showInProcess(scene: InProcess): Promise<Outcome> {
  const { net, words, program = 'sockscope', names = NO_NAMES, hosts, binding } = scene;
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-nat-'));
  try {
    for (const [name, content] of Object.entries(net)) {
      writeFileSync(
        join(folder, name),
        typeof content === 'string' ? Buffer.from(content, 'latin1') : content,
      );
    }
    const isPlain = names === NO_NAMES && hosts === undefined && binding === undefined;
    const shipped = isPlain ? runShipped(['-M', ...words], folder) : undefined;
    if (shipped !== undefined) {
      const { status, stdout, stderr } = shipped;
      return { code: status, stdout, stderr: stderr.replaceAll(folder, '/proc/net') };
    }
    const parts: Buffer[] = [];
    const out = new ByteWriter((bytes) => parts.push(Buffer.from(bytes)));
    let stderr = '';
    const context = { program, environment: {}, selinuxEnabled: () => false };
    const { outcome } = parseCommandLine(['-M', ...words], context);
    if (outcome.kind !== 'request') throw new Error(`not a request: ${words.join(' ')}`);
    const code = await showNat(
      outcome.request,
      {
        program,
        out,
        names,
        hosts,
        host: { binding, proc: { netDirectory: () => folder, showsOwnNamespace: () => 'yes' } },
        say: (lines: string) => {
          stderr += lines.replaceAll(folder, '/proc/net');
        },
      } as unknown as ModeScene,
      0,
    );
    out.flush();
    return { stdout: Buffer.concat(parts).toString('latin1'), stderr, code: code ?? 0 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Names of hosts from a table of addresses, each as the text of its key; notes what it was asked to resolve. */
export class KnownHosts implements HostNames {
  readonly resolved: AddressSet[] = [];
  readonly #names: ReadonlyMap<string, string>;

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  hold(): undefined {}

  async resolve(addresses: AddressSet): Promise<void> {
    this.resolved.push(addresses);
  }

  /** Knows nothing that it was not asked to resolve before. */
  of(addresses: Uint8Array, offset: number, family: number): string | undefined {
    const key = String.fromCharCode(family, ...addresses.subarray(offset, offset + 16));
    const isKnown = this.resolved.some((set) => [...set].includes(key));
    return isKnown ? this.#names.get([...addresses.subarray(offset + 12, offset + 16)].join('.')) : undefined;
  }

  close(): void {}
}
