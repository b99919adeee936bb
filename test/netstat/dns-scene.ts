import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Namespaced } from '../kernel/namespaced.ts';

/** What the name server answers about an address; see name_server.py. */
export interface Answer {
  readonly names?: readonly string[];
  readonly rcode?: number;
  readonly silent?: boolean;
  /** Seconds. */
  readonly delay?: number;
  readonly truncated?: boolean;
  readonly alias?: string;
}

/** By address, as text; NXDOMAIN for the others. */
export type Table = Readonly<Record<string, Answer>>;

export interface Question {
  readonly address: string;
  /** Questions that had no answer at that moment, with this one. */
  readonly open: number;
  readonly way: string;
}

const ETC = {
  'resolv.conf': 'nameserver 127.0.0.1\noptions timeout:5 attempts:1\n',
  'nsswitch.conf': 'hosts: files dns\nnetworks: files\nservices: files\nprotocols: files\npasswd: files\n',
  hosts: '',
  networks: '',
};

/** Sockets, a name server that knows their hosts, and the commands that look. Call `stop` in the end. */
export class DnsScene {
  readonly #inside: Namespaced<unknown>;
  #read = 0;

  constructor(inside: Namespaced<unknown>) {
    this.#inside = inside;
  }

  /** UDP sockets are connected to `peers`, one each; `::1` and 127.0.0.1 are there, too. */
  static async start(table: Table, peers: readonly string[]): Promise<DnsScene> {
    const script = fileURLToPath(new URL('dns_scene.py', import.meta.url));
    return new DnsScene(await launch({ script, args: [JSON.stringify({ table, peers, etc: ETC })] }));
  }

  writeEtc(name: keyof typeof ETC, text: string): void {
    writeFileSync(join(this.#inside.folder, 'etc', name), text, 'latin1');
  }

  async run(line: readonly string[], env: Record<string, string> = {}): Promise<Printed> {
    const [command = '', ...words] = line;
    // Node.js would complain of a file of /etc that is not there.
    const { stdout, stderr, status } = await this.#inside.run(command, words, {
      ...env,
      NODE_EXTRA_CA_CERTS: '',
    });
    return { stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1'), status };
  }

  /** What the name server has been asked since the last call. */
  questions(): Question[] {
    const lines = readFileSync(join(this.#inside.folder, 'questions'), 'utf8').split('\n').slice(0, -1);
    const fresh = lines.slice(this.#read);
    this.#read = lines.length;
    return fresh.map((line) => {
      const [address = '', open, way = ''] = line.split(' ');
      return { address, open: Number(open), way };
    });
  }

  stop(): Promise<void> {
    return this.#inside.stop();
  }
}

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}
