import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';

const missing = requirement('dist');
const root = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = `${root}dist/cli/main.cjs`;
const LIBRARY = pathToFileURL(`${root}dist/index.js`).href;
const ONLY_LINUX = 'sockets can be listed on Linux only, this is';

/** Runs Node.js as if on another platform: what the package can see of it. */
function on(platform: string, ...words: string[]): { stdout: string; stderr: string; status: number | null } {
  const preload = `data:text/javascript,Object.defineProperty(process,'platform',{value:'${platform}'})`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', preload, ...words], {
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

const ASK_LIBRARY = `
  const { openHost, scan, isSupported, State, SCHEMA } = await import('${LIBRARY}');
  const failures = [];
  const note = ({ name, code, message }) => failures.push({ name, code, message });
  await openHost().catch(note);
  await openHost({ procRoot: '/host/proc', source: 'procfs', addonPath: '/nonexistent.node' }).catch(note);
  await scan({ protocols: ['tcp'], owners: 'all' }).catch(note);
  await openHost({ source: 'nothing' }).catch(note);
  console.log(JSON.stringify({ supported: isSupported(), listen: State.listen, columns: SCHEMA.length, failures }));`;

describe.skipIf(missing !== undefined)(`another platform ${missing ?? ''}`, () => {
  describe.each(['darwin', 'win32', 'freebsd'])('%s', (platform) => {
    it('imports the library, which opens no host', () => {
      const { stdout, stderr, status } = on(platform, '--input-type=module', '-e', ASK_LIBRARY);
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const { supported, listen, columns, failures } = JSON.parse(stdout);
      expect({ supported, listen }).toEqual({ supported: false, listen: 10 });
      expect(columns).toBeGreaterThan(20);
      const refused = {
        name: 'SockscopeError',
        code: 'ERR_UNSUPPORTED_PLATFORM',
        message: `open host: ${ONLY_LINUX} ${platform}`,
      };
      // What is wrong everywhere is said everywhere.
      const misuse = expect.objectContaining({ name: 'TypeError' });
      expect(failures).toEqual([refused, refused, refused, misuse]);
    });

    it.each([
      ['-tan'],
      ['-tanp', '--owners=bpf'],
      ['-rn'],
      ['-in'],
      ['-s'],
      ['-gn'],
      ['-Mn'],
      ['-tan', '--json'],
      ['-tan', '--source=netlink'],
      ['-tanc'],
      ['layers'],
      ['delta', '.01'],
      ['pin', '--group=root'],
      ['unpin', '--path=/nonexistent'],
    ])('%s %s ends with one line', (...words) => {
      const line = words.filter((word) => word !== undefined);
      const { stdout, stderr, status } = on(platform, COMMAND, ...line);
      expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
      expect(stderr).toMatch(/^sockscope: [^\n]+\n$/);
      expect(stderr).toContain(`${ONLY_LINUX} ${platform}`);
    });

    it('has help and version', () => {
      const version = on(platform, COMMAND, '-V');
      expect(version).toMatchObject({ stderr: '', status: 0 });
      expect(version.stdout).toMatch(/^sockscope \d+\.\d+\.\d+\n/);
      for (const words of [['--help'], ['layers', '--help'], ['delta', '--help'], ['pin', '--help']]) {
        const help = on(platform, COMMAND, ...words);
        expect({ words, status: help.status }).toEqual({ words, status: 0 });
        expect(help.stdout).toMatch(/^usage: sockscope /);
      }
      expect(on(platform, COMMAND, '--nonsense').status).toBe(3);
    });
  });
});
