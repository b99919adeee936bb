import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Packages } from '../owners/packages.ts';
import { nobody } from '../owners/users.ts';
import { requirement } from '../requirements.ts';

const missing = requirement('root', 'netns', 'pidns', 'mountns', 'python3', 'setpriv', 'addon', 'dist');

/** In a place where another user holds the one listener, becomes process 1, who is seen by himself. */
const PLACE = `
mount -t proc -o "$1" proc /proc
python3 -c 'import socket, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
print("ready", flush=True)
time.sleep(60)' >"$2" &
for wait in $(seq 500); do test -s "$2" && break; sleep .02; done
shift 2
exec "$@"
`;

const AGENT = `
const [library, procRoot] = process.argv.slice(1);
const { existsSync } = await import('node:fs');
const { openHost } = await import(library);
const host = await openHost({ procRoot, owners: 'procfd' });
const table = await host.scan({ protocols: ['tcp'], owners: 'lowest' });
const limits = host.abilities.owners.limits.map(({ reason, needs }) => [reason, ...needs.flat().map(({ kind }) => kind)]);
const { gaps, complete } = table;
const row = table.row(0);
const seesFirst = process.pid === 1 && existsSync('/proc/1');
console.log(JSON.stringify({ seesFirst, noOwner: row.noOwner, gaps, complete, limits }));
await host.close();
`;

describe.skipIf(missing !== undefined)(`processes that are hidden${missing ? ` (${missing})` : ''}`, () => {
  let packages: Packages;
  let folder: string;
  let link: string;
  beforeAll(() => {
    packages = new Packages();
    folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
    chmodSync(folder, 0o755);
    link = join(folder, 'link');
    symlinkSync('/proc', link);
  });
  afterAll(() => {
    packages?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function ask(kind: 'native' | 'typescript', root: string, options: string, as = nobody) {
    const ready = join(mkdtempSync(join(folder, 'run-')), 'ready');
    const place = ['-mnpf', '--kill-child', 'sh', '-ec', PLACE, 'sh', options, ready];
    const agent = [process.execPath, '--input-type=module', '-e', AGENT, packages.library(kind), root];
    const { status, stdout, stderr } = spawnSync('unshare', [...place, ...as, ...agent], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  const cases = (['native', 'typescript'] as const).flatMap((kind) =>
    (['itself', 'by a link'] as const).map((way) => [kind, way] as const),
  );

  it.each(cases)('are told from none, where process 1 is not (%s, /proc %s)', (kind, way) => {
    const root = way === 'itself' ? '/proc' : link;
    const hidden = ask(kind, root, 'hidepid=2,gid=7777');
    expect(hidden).toMatchObject({
      seesFirst: true,
      noOwner: 'not-permitted',
      gaps: [{ what: 'owners', reason: 'not-permitted', rows: 1 }],
      complete: false,
    });
    expect(hidden.limits).toContainEqual([
      `${root} is mounted with hidepid=invisible`,
      ...['group', 'capability', 'mount'],
    ]);
    // Against this one no group helps.
    expect(ask(kind, root, 'hidepid=4,gid=7777')).toMatchObject({
      noOwner: 'not-permitted',
      limits: expect.arrayContaining([[`${root} is mounted with hidepid=ptraceable`, 'capability', 'mount']]),
    });
  });

  it.each(['native', 'typescript'] as const)(
    'are told from those that are shown, and closed (%s)',
    (kind) => {
      for (const options of ['hidepid=0', 'hidepid=1']) {
        const closed = ask(kind, '/proc', options);
        expect(closed).toMatchObject({ noOwner: 'not-permitted' });
        expect(JSON.stringify(closed.limits)).not.toContain('hidepid');
      }
      const root = ask(kind, '/proc', 'hidepid=4', []);
      expect(root).toMatchObject({ complete: true, gaps: [] });
      expect(root).not.toHaveProperty('noOwner');
      expect(JSON.stringify(root.limits)).not.toContain('hidepid');
    },
  );
});
