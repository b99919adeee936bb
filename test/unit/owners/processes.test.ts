import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProcStat } from '../../../src/owners/proc-stat.ts';
import { ProcessTable } from '../../../src/owners/processes.ts';
import { ProcRoot } from '../../../src/proc/proc-root.ts';
import { PROCESS_FIELDS, type ProcessField } from '../../../src/table/process.ts';
import { nextTurn, Turn } from '../../../src/turn.ts';
import { context, procTree, removeTrees, statOf, type TreeProcess } from './proc-trees.ts';

afterAll(removeTrees);

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

function read(
  processes: Readonly<Record<string, TreeProcess>>,
  starts: Readonly<Record<number, number>>,
  fields: readonly ProcessField[] = [],
  lent: Parameters<ProcessTable['read']>[3] = context(),
) {
  const table = new ProcessTable(procTree(processes));
  const byPid = new Map(Object.entries(starts).map(([pid, start]) => [Number(pid), start]));
  return table.read(byPid.keys(), byPid, fields, lent);
}

describe('a process', () => {
  it('has a name, and what else is asked', async () => {
    const files = {
      stat: statOf(7, 4711),
      cmdline: '/usr/sbin/nginx\0-g\0daemon off;\0',
      comm: 'ngin\nx\n',
      status: 'Name:\tUid:\t9\nUmask:\t0022\nUid:\t0\t33\t1\t2\nGid:\t0\t0\t0\t0\n',
      cgroup: '12:cpu,cpuacct:/v1\n1:name=systemd:/x\n0::/a:b\n',
      'attr/current': 'system_u:system_r:httpd_t:s0\0',
    };
    const processes = await read({ 7: { files } }, { 7: 4711 }, PROCESS_FIELDS);
    expect(processes.get(7)).toEqual({
      pid: 7,
      startTime: 4711,
      program: 'nginx',
      programBytes: bytes('nginx'),
      comm: 'ngin\nx',
      commandLine: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      uid: 33,
      cgroup: '/a:b',
      context: 'system_u:system_r:httpd_t:s0',
    });
    expect((await read({ 7: { files } }, { 7: 4711 })).get(7)).toEqual({
      pid: 7,
      startTime: 4711,
      program: 'nginx',
      programBytes: bytes('nginx'),
    });
  });

  it('has the bytes of its name, whatever they are', async () => {
    const name = '\xef\xbb\xbf\xff\x1b[1m';
    const processes = await read({ 7: { files: { cmdline: bytes(`/bin/${name}\0x\0`) } } }, { 7: 0 });
    expect(processes.get(7)).toMatchObject({ programBytes: bytes(name), program: '\ufeff\ufffd\x1b[1m' });
  });

  it('has the cgroup of version 1 where there is no other, and none where it cannot be told', async () => {
    const files = (cgroup: string) => ({ files: { cmdline: 'x\0', cgroup } });
    const tree = { 1: files('4:memory:/m\n3:cpu:/c\n'), 2: files('junk\n'), 3: files('') };
    const processes = await read(tree, { 1: 0, 2: 0, 3: 0 }, ['cgroup']);
    expect([...processes.values()].map(({ cgroup }) => cgroup)).toEqual(['/m', undefined, undefined]);
  });

  it.each([
    ['a:b:c', 'a:b:c'],
    ['a:b:c\0', 'a:b:c'],
    ['unconfined\n', 'unconfined'],
    ['', undefined],
    ['\0', undefined],
    [undefined, undefined],
  ])('whose file of the context has %j has the context %j', async (text, context) => {
    const files = { cmdline: 'x\0', ...(text === undefined ? {} : { 'attr/current': text }) };
    const processes = await read({ 7: { files } }, { 7: 0 }, ['context']);
    expect(processes.get(7)!.context).toBe(context);
    expect((await read({ 7: { files } }, { 7: 0 }, ['comm'])).get(7)!.context).toBeUndefined();
  });

  it.each([
    ['', []],
    ['a\0', ['a']],
    ['a\0\0', ['a', '']],
    ['a title\0\0\0', ['a title', '', '']],
    ['no end', ['no end']],
    ['\0', ['']],
  ])('with the command line %j has the words %j', async (cmdline, words) => {
    const processes = await read({ 7: { files: { cmdline } } }, { 7: 0 }, ['commandLine']);
    expect(processes.get(7)?.commandLine).toEqual(words);
  });

  it('has no more than 64 KiB of a command line', async () => {
    const cmdline = `/bin/x\0${'y'.repeat(3_000_000)}\0`;
    const process = (await read({ 7: { files: { cmdline } } }, { 7: 0 }, ['commandLine'])).get(7)!;
    expect(process.program).toBe('x');
    expect(process.commandLine!.join('\0')).toHaveLength(65_536);
  });

  it('that cannot say something has it undefined', async () => {
    const processes = await read(
      { 7: { files: { cmdline: 'x\0', status: 'Uid: none\n' } } },
      { 7: 0 },
      PROCESS_FIELDS,
    );
    expect(processes.get(7)).toMatchObject({ comm: undefined, uid: undefined, cgroup: undefined });
  });
});

describe('a process that is not there any more', () => {
  const alive = (start: number) => ({ files: { cmdline: 'x\0', stat: statOf(7, start) } });

  it.each([
    ['has gone', {}, { 7: 4711 }],
    ['was never there', {}, { 7: 0 }],
    ['has left its pid to another', { 7: alive(4712) }, { 7: 4711 }],
    ['has left its pid to one with a stat', { 7: alive(4712) }, { 7: 0 }],
    ['has no stat any more', { 7: { files: { cmdline: 'x\0' } } }, { 7: 4711 }],
    // As netstat has it: who has no command line to be read owns nothing.
    ['has no command line', { 7: { files: { stat: statOf(7, 4711) } } }, { 7: 4711 }],
    ['has a command line that cannot be read', { 7: { files: { 'cmdline/x': '' } } }, { 7: 0 }],
  ])('is left out when it %s', async (_, tree, starts) => {
    const processes = await read({ ...tree, 8: { files: { cmdline: 'y\0' } } }, { ...starts, 8: 0 });
    expect([...processes.keys()]).toEqual([8]);
  });

  it('is known by a start modulo 2^32', async () => {
    expect((await read({ 7: alive(2 ** 32 + 9) }, { 7: 9 })).size).toBe(1);
  });
});

describe('this very process', () => {
  it('is read as it is', async () => {
    const table = new ProcessTable(new ProcRoot());
    const starts = new Map([[process.pid, readProcStat('/proc/self')!.start]]);
    const self = (await table.read([process.pid], starts, PROCESS_FIELDS, context())).get(process.pid)!;
    const cmdline = readFileSync('/proc/self/cmdline', 'utf8');
    expect(self.commandLine!.join('\0')).toBe(cmdline.replace(/\0$/, ''));
    expect(self).toMatchObject({
      comm: readFileSync('/proc/self/comm', 'utf8').trimEnd(),
      uid: process.geteuid!(),
      cgroup: expect.stringMatching(/^\//),
    });
    starts.set(process.pid, starts.get(process.pid)! + 1);
    expect((await table.read([process.pid], starts, [], context())).size).toBe(0);
  });
});

describe('the reading of processes', () => {
  const tree = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [String(at + 1), { files: { cmdline: `p${at}\0` } }]),
  );
  const starts = Object.fromEntries(Object.keys(tree).map((pid) => [pid, 0]));

  it('goes on in turns', async () => {
    let asked = 0;
    const turn = new Turn();
    turn.taken = async () => void asked++;
    expect((await read(tree, starts, [], context({ turn }))).size).toBe(60);
    expect(asked).toBeGreaterThanOrEqual(5);
  });

  it('can be aborted', async () => {
    const abort = new AbortController();
    const turn = new Turn();
    turn.taken = nextTurn;
    const reading = read(tree, starts, [], context({ turn, signal: abort.signal }));
    setImmediate(() => abort.abort('enough'));
    await expect(reading).rejects.toBe('enough');
    await expect(read({}, {}, [], context({ signal: abort.signal }))).rejects.toBe('enough');
  });

  it('reads anew at each call', async () => {
    const proc = procTree({ 7: { files: { cmdline: 'one\0' } } });
    const table = new ProcessTable(proc);
    const known = new Map([[7, 0]]);
    expect((await table.read([7], known, [], context())).get(7)?.program).toBe('one');
    rmSync(join(proc.path, '7'), { recursive: true });
    expect((await table.read([7], known, [], context())).size).toBe(0);
  });
});
