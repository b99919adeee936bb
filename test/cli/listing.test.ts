import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Output, ReaderGone } from '../../src/cli/output.ts';
import { run } from './in-process.ts';

const TITLE = 'Active Internet connections (w/o servers)';
let netDirectory: string;

beforeEach(() => {
  netDirectory = mkdtempSync(join(tmpdir(), 'sockscope-'));
  mkdirSync(join(netDirectory, 'sctp'));
});
afterEach(() => rmSync(netDirectory, { recursive: true, force: true }));

describe('a listing', () => {
  it('asks for what its options show, in their order', async () => {
    const { requests } = await run(['-6', '-e'], {}, { missing: () => undefined });
    expect(requests.map(({ protocols }) => protocols)).toEqual([['tcp'], ['udp'], ['udplite'], ['raw']]);
    for (const { families, columns } of requests) {
      expect(families).toEqual(['inet6']);
      expect(columns).toContain('uid');
      expect(columns).not.toContain('probes');
    }
  });

  it('asks for both families in one walk', async () => {
    const { requests } = await run(['-tx'], {}, { missing: () => undefined });
    expect(requests.map(({ protocols, families }) => [protocols, families])).toEqual([
      [['tcp'], ['inet', 'inet6']],
      [['unix'], ['unix']],
    ]);
  });

  it('lets a text decide by the remote port', async () => {
    const { requests } = await run(['-tl'], {}, { missing: () => undefined });
    expect(requests[0]?.states).toBeUndefined();
  });

  it.each([
    ['-tl', undefined],
    ['-t', expect.not.arrayContaining(['listen'])],
    ['-ta', undefined],
    ['-ul', undefined],
  ])('has netlink filter by state for %s', async (word, states) => {
    const { requests } = await run([word], {}, { missing: () => undefined, source: 'netlink' });
    expect(requests[0]?.states).toEqual(states);
  });

  it('repeats, and stops where nobody reads', async () => {
    const written: string[] = [];
    let pauses = 0;
    const stdout: Output = {
      write: (bytes) => {
        if (written.length === 2) throw new ReaderGone();
        written.push(Buffer.from(bytes).toString('latin1'));
      },
      isTerminal: () => false,
    };
    const pause = async () => void pauses++;
    const { status } = await run(['-tnc'], { stdout, pause }, { missing: () => undefined });
    expect(written).toHaveLength(2);
    expect(written[1]).toBe(written[0]);
    expect(written[0]?.split('\n')[0]).toBe(TITLE);
    expect(pauses).toBe(2);
    expect(status).toBe(0);
  });

  it('ends a repetition with a round that fails', async () => {
    const { status, stdout } = await run(['-tc2'], {}, { missing: () => undefined });
    expect(status).toBe(1);
    expect(stdout.split('\n').filter((line) => line === TITLE)).toHaveLength(1);
  });
});

describe('rows that make no sense', () => {
  it('are counted in the words of netstat', async () => {
    const { stderr, status } = await run(['-tuUwx'], {}, { missing: () => undefined, malformed: 2 });
    const line = (name: string) => `warning, got bogus ${name} line.\n`.repeat(2);
    expect(stderr).toBe(`${line('tcp')}${line('udp')}${line('udp')}${line('raw')}${line('unix')}`);
    expect(status).toBe(0);
  });

  it('are counted in our words where they are messages', async () => {
    const host = { missing: () => undefined, malformed: 2, source: 'netlink' };
    const { stderr } = await run(['-t'], { program: 'sockscope' }, host);
    expect(stderr).toBe('sockscope: 2 malformed messages from the kernel were left out\n');
  });
});

describe('a kernel table that cannot be opened', () => {
  const ELOOP = 40;
  const without = (name: string, errno = 2) => ({
    missing: (protocol: string) => (protocol === name ? errno : undefined),
    netDirectory,
  });
  const note = (name: string) => `netstat: no support for \`AF ${name}' on this system.\n`;

  it('ends the listing when it was asked for', async () => {
    const { stdout, stderr, status, requests } = await run(['-tu'], {}, without('tcp'));
    expect(stderr).toBe(note('INET (tcp)'));
    expect(stdout.split('\n')[0]).toBe(TITLE);
    expect(requests).toHaveLength(1);
    expect(status).toBe(1);
  });

  it('is passed over when it was not', async () => {
    for (const words of [[], ['-4'], ['-6'], ['-4v'], ['-x4']]) {
      const name = words[0] === '-x4' ? 'unix' : 'tcp';
      expect(await run(words, {}, without(name, 13))).toMatchObject({ stderr: '', status: 0 });
    }
  });

  it('is mentioned where -v asks for it', async () => {
    const { stderr, status } = await run(['-v'], {}, without('udp'));
    expect(stderr.startsWith(`${note('INET (sctp)')}${note('INET (udp)')}${note('IPX')}`)).toBe(true);
    expect(status).toBe(0);
  });

  it('is passed over for IPv6', async () => {
    const answer = await run(['-6t'], {}, without('tcp', ELOOP));
    expect(answer).toMatchObject({ stderr: '', status: 0 });
  });

  it('is an error for any other reason', async () => {
    const { stderr, status } = await run([], {}, without('udp', ELOOP));
    expect(stderr).toBe(`${netDirectory}/udp: Too many levels of symbolic links\n`);
    expect(status).toBe(255);
  });

  it('is never passed over in silence when the source was named', async () => {
    const scene = { program: 'sockscope' };
    const words = ['--source=netlink', '-n'];
    const everything = await run(words, scene, without('raw'));
    expect(everything).toMatchObject({
      stderr: "sockscope: read: it is not there; 'sockscope doctor' tells more\n",
      status: 1,
    });
    expect(await run([...words, '-wu'], scene, without('raw'))).toMatchObject({ status: 1 });
  });
});

describe('SCTP', () => {
  const host = () => ({ missing: () => undefined, netDirectory });

  it('shows endpoints and associations', async () => {
    const eps =
      ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n  x y 2 10 5 80 0 7 10.0.0.1 10.0.0.2\nbogus\n';
    writeFileSync(join(netDirectory, 'sctp/eps'), eps);
    writeFileSync(join(netDirectory, 'sctp/assocs'), 'heading\nbogus\nbogus\n');
    const { stdout, stderr } = await run(['-Sna'], {}, host());
    expect(stdout.split('\n').slice(2)).toEqual([
      'sctp                10.0.0.1:80                                     LISTEN     ',
      '                    10.0.0.2:80                                                ',
      '',
    ]);
    const warning = (name: string) => `warning, got bogus sctp ${name} line.\n`;
    expect(stderr).toBe(`${warning('eps')}${warning('assoc').repeat(2)}`);
    expect((await run(['-Sn'], {}, host())).stdout.split('\n')).toHaveLength(3);
    expect((await run(['-Snl'], {}, host())).stderr).toBe(warning('eps'));
  });

  it('fails like the other tables', async () => {
    symlinkSync('eps', join(netDirectory, 'sctp/eps'));
    const { stderr, status } = await run(['-Snl'], {}, host());
    expect(stderr).toBe(`${netDirectory}/sctp/eps: Too many levels of symbolic links\n`);
    expect(status).toBe(255);
  });
});

describe('a family of old', () => {
  it('is shown where the kernel has it; the first one that it lacks ends the listing', async () => {
    writeFileSync(join(netDirectory, 'ax25'), 'm ax0 SOURCE DEST,DIGI* 3 1 2\n');
    const host = { missing: () => undefined, netDirectory };
    const note = "netstat: no support for `AF NETROM' on this system.\n";
    const { stdout, stderr, status } = await run(['--ax25', '--netrom', '--rose'], {}, host);
    expect(stdout.split('\n')).toEqual([
      'Active AX.25 sockets',
      'Dest       Source     Device  State        Vr/Vs    Send-Q  Recv-Q',
      'DEST       SOURCE     ax0     ESTABLISHED  002/001  0       0     ',
      '',
    ]);
    expect({ stderr, status }).toEqual({ stderr: note, status: 1 });
    expect(await run([], {}, host)).toMatchObject({ stdout: expect.stringContaining(stdout), status: 0 });
  });
});
