import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SockscopeError } from '../../src/errors.ts';
import { type EmptyHost, run } from './in-process.ts';

const here: EmptyHost = { missing: () => undefined };
const sockscope = (words: string[], host: EmptyHost = {}) =>
  run(words, { program: 'sockscope' }, { ...here, ...host });

const SOME_DENIED =
  '(Not all processes could be identified, non-owned process info\n' +
  ' will not be shown, you would have to be root to see it all.)\n';
const ALL_DENIED = `(No info could be read for "-p": geteuid()=${process.geteuid!()} but you should be root.)\n`;

const unavailable = new SockscopeError('ERR_SOURCE_UNAVAILABLE', 'bpf: it is not permitted', {
  operation: 'find owners',
  errno: 1,
  remedy: 'run it as root',
});

describe('the owners of a listing', () => {
  it('are not searched for unless they are shown', async () => {
    for (const words of [['-tux'], ['-t', '--owners=procfd'], ['-tp', '--owners=none'], ['--ipx', '-p']]) {
      const { searches, searchOf, requests } = await sockscope(words);
      expect(searches).toEqual([]);
      expect(new Set(searchOf)).toEqual(new Set(words[0] === '--ipx' ? [] : [-1]));
      expect(requests.map(({ owners }) => owners).filter((owners) => owners !== 'none')).toEqual([]);
    }
  });

  it('are searched for once, for all tables', async () => {
    const { searches, searchOf, requests } = await sockscope(['-tuxp']);
    expect(searches).toEqual([{ holders: 'lowest', leadersOnly: false }]);
    expect(searchOf).toEqual([0, 0, 0]);
    for (const request of requests) {
      expect(request).toMatchObject({ owners: 'lowest', processFields: [], remember: false });
    }
  });

  it('are those of every process with --owners-all, which needs no -p', async () => {
    for (const words of [['--owners-all'], ['-p', '--owners-all'], ['--owners-all', '-p']]) {
      const { searches, requests, stdout } = await sockscope(['-t', ...words]);
      expect(searches).toEqual([{ holders: 'all', leadersOnly: false }]);
      expect(requests.map(({ owners }) => owners)).toEqual(['all']);
      expect(stdout).toContain('PID/Program name');
    }
  });

  it('are those of processes alone, without their threads, for netstat', async () => {
    const { searches } = await run(['-tp'], {}, here);
    expect(searches).toEqual([{ holders: 'lowest', leadersOnly: true }]);
  });

  it('are searched for anew in each round, and with the notes of each', async () => {
    let rounds = 0;
    const pause = async () => {
      if (++rounds === 3) throw new Error('enough');
    };
    const scene = { program: 'sockscope', pause };
    const answer = await run(['-tpxc'], scene, { ...here, tally: { unopened: 1, sockets: 1 } });
    expect(answer.searches).toHaveLength(3);
    expect(answer.searchOf).toEqual([0, 0, 1, 1, 2, 2]);
    expect(answer.stderr.startsWith(SOME_DENIED.repeat(3))).toBe(true);
  });

  it('are searched for while the first table is read; notes come before its heading', async () => {
    const { events, stdout, stderr } = await sockscope(['-txp'], { tally: { unopened: 3, sockets: 1 } });
    expect(events).toEqual(['search', 'batches tcp', 'found', 'err', 'batches unix', 'out']);
    expect(stderr).toBe(SOME_DENIED);
    expect(stdout.split('\n')[1]).toMatch(/State {7}PID\/Program name {4}$/);
    expect(stdout.split('\n')[3]).toBe(
      'Proto RefCnt Flags       Type       State         I-Node   PID/Program name     Path',
    );
  });
});

describe('what may not be looked at', () => {
  it.each([
    ['nothing', { unopened: 0, sockets: 0 }, ''],
    ['some of it', { unopened: 1, sockets: 1 }, SOME_DENIED],
    ['all of it', { unopened: 1, sockets: 0 }, ALL_DENIED],
  ])('is told of: %s', async (_, tally, note) => {
    for (const answer of [await sockscope(['-tp'], { tally }), await run(['-tp'], {}, { ...here, tally })]) {
      expect(answer).toMatchObject({ stderr: note, status: 0 });
    }
  });

  it('is not told of where netstat would not notice: descriptors that it may list and not follow', async () => {
    const tally = { denied: 1, unopened: 0, sockets: 1 };
    const answer = await run(['-tpx'], {}, { ...here, tally });
    expect(answer).toMatchObject({ stderr: '', status: 0 });
  });

  it('leaves the listing without owners where it is all of /proc', async () => {
    const answers = [
      await sockscope(['-tup'], { tally: unavailable }),
      await run(['-tup'], {}, { ...here, tally: unavailable }),
    ];
    for (const { stderr, stdout, status, searches, requests } of answers) {
      expect({ stderr, status }).toEqual({ stderr: ALL_DENIED, status: 0 });
      expect(stdout).toContain('PID/Program name');
      expect(searches).toHaveLength(1);
      expect(requests.map(({ protocols, owners }) => [protocols![0], owners])).toEqual([
        ['tcp', 'lowest'],
        ['tcp', 'none'],
        ['udp', 'none'],
      ]);
    }
  });

  it('is an error where the scan was named, before anything is listed', async () => {
    expect(await sockscope(['-tup', '--owners=bpf'], { tally: unavailable })).toMatchObject({
      stdout: '',
      stderr:
        "sockscope: find owners: bpf: it is not permitted (run it as root); 'sockscope doctor' tells more\n",
      status: 1,
    });
  });

  it('is an error where the search broke off', async () => {
    const tally = new SockscopeError('ERR_TOO_LARGE', 'too many', { operation: 'find owners' });
    expect(await sockscope(['-tp'], { tally })).toMatchObject({
      stdout: '',
      stderr: 'sockscope: find owners: too many\n',
      status: 1,
    });
  });
});

describe('SCTP', () => {
  let netDirectory: string;

  beforeEach(() => {
    netDirectory = mkdtempSync(join(tmpdir(), 'sockscope-'));
    mkdirSync(join(netDirectory, 'sctp'));
    writeFileSync(
      join(netDirectory, 'sctp/eps'),
      'heading\n x y 2 10 5 80 0 7 10.0.0.1 10.0.0.2\n x y 2 10 5 80 0 7\n',
    );
    writeFileSync(
      join(netDirectory, 'sctp/assocs'),
      'h\nx y 2 1 3 27 1 5 7 1000 12346 80 40000 10.0.0.1 10.0.0.2 <-> *10.0.0.3 \t 7500\n',
    );
  });
  afterEach(() => rmSync(netDirectory, { recursive: true, force: true }));

  it('shows the program behind the last address, its search begun before the heading', async () => {
    const { stdout, events, searches } = await sockscope(['-Snap', '-o'], { netDirectory });
    expect(stdout.split('\n').slice(2)).toEqual([
      'sctp                10.0.0.1:80                                     LISTEN     ',
      '                    10.0.0.2:80                                                 7/seven              ',
      ' 7/seven              ',
      'sctp       7      5 10.0.0.1:80             10.0.0.3:40000          ESTABLISHED',
      '                    10.0.0.2                                                    7/seven              ',
      '',
    ]);
    expect(events).toEqual(['search', 'found', 'out']);
    expect(searches).toHaveLength(1);
  });

  it('shows a minus without owners', async () => {
    const { stdout, searches } = await sockscope(['-Snlp', '--owners=none'], { netDirectory });
    expect(stdout.split('\n')[4]).toBe(' -                   ');
    expect(searches).toEqual([]);
  });
});
