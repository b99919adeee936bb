import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { Installed } from './installed.ts';

const missing = requirement('dist');

interface Line {
  readonly time: string;
  readonly abilities?: Readonly<Record<string, { readonly source: string }>>;
  readonly sockets?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly listeners?: readonly { readonly port: number; readonly pid?: number; readonly program?: string }[];
  readonly error?: string;
}

describe.skipIf(missing !== undefined)(`the agent${missing ? ` (${missing})` : ''}`, () => {
  let installed: Installed;
  let server: Server;
  let port: number;
  let running: ChildProcess[] = [];

  beforeAll(async () => {
    installed = new Installed();
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as { port: number });
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running = [];
  });
  afterAll(() => {
    server?.close();
    installed?.remove();
  });

  function start(env: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [installed.agent], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SOCKSCOPE_AGENT_SECONDS: '0.05', ...env },
    });
    running.push(child);
    const ended = once(child, 'close') as Promise<[number | null, string | null]>;
    const linesOf = (stream: Readable) => createInterface(stream)[Symbol.asyncIterator]();
    return { child, ended, out: linesOf(child.stdout), errors: linesOf(child.stderr) };
  }
  const next = async (lines: AsyncIterator<string>): Promise<Line> =>
    JSON.parse((await lines.next()).value) as Line;

  it('says what the host can answer, then who listens, again and again', async () => {
    const { out } = start();
    const { abilities } = await next(out);
    expect(Object.keys(abilities!)).toEqual(expect.arrayContaining(['tcp', 'udp', 'owners']));
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const { time, sockets, listeners } = await next(out);
      times.push(Date.parse(time));
      expect(sockets!.tcp!.listen).toBe(listeners!.length);
      expect(listeners).toContainEqual({
        address: '127.0.0.1',
        port,
        pid: process.pid,
        program: expect.any(String),
      });
    }
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s, long before its period does',
    async (signal) => {
      const { child, ended, out } = start({ SOCKSCOPE_AGENT_SECONDS: '3600' });
      await next(out);
      await next(out);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
    },
  );

  it('ends with 0 when its reader leaves', async () => {
    const { child, ended, out } = start();
    await next(out);
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
  });

  it('ends with 1 and a line where its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [installed.agent], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    running.push(child);
    let complaint = '';
    child.stderr!.on('data', (bytes: Buffer) => {
      complaint += bytes;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(complaint).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(complaint).error).toMatch(/ENOSPC/);
  });

  it('says that a scan has failed, goes on, and answers once there is an answer', async () => {
    const proc = mkdtempSync(join(tmpdir(), 'sockscope-agent-proc-'));
    try {
      const { out, errors } = start({ SOCKSCOPE_AGENT_PROC: proc });
      const { abilities } = await next(out);
      expect(abilities!.tcp!.source).toBe('none');
      for (let round = 0; round < 2; round += 1)
        expect((await next(errors)).error).toMatch(/^SockscopeError: .*tcp/);
      mkdirSync(join(proc, 'net'));
      for (const name of ['tcp', 'tcp6', 'udp', 'udp6']) writeFileSync(join(proc, 'net', name), HEADING);
      expect((await next(out)).sockets).toEqual({});
    } finally {
      rmSync(proc, { recursive: true, force: true });
    }
  });

  it.each([
    [{ SOCKSCOPE_AGENT_SECONDS: 'often' }, /SOCKSCOPE_AGENT_SECONDS is not a period/],
    [{ SOCKSCOPE_AGENT_SECONDS: '1e9' }, /SOCKSCOPE_AGENT_SECONDS is not a period/],
    [{ SOCKSCOPE_AGENT_OWNERS: 'magic' }, /"owners" cannot be "magic"/],
  ])('does not begin with %o', async (env, words) => {
    const { child, ended } = start(env as unknown as Record<string, string>);
    let complaint = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaint += bytes;
    });
    expect(await ended).toEqual([1, null]);
    expect(complaint).toMatch(words);
  });
});

const HEADING =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
