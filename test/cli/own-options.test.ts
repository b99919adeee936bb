import { describe, expect, it } from 'vitest';
import type { CommandScene } from '../../src/cli/run.ts';
import { type EmptyHost, run } from './in-process.ts';

const here: EmptyHost = { missing: () => undefined };
const sockscope = (words: string[], scene: Partial<CommandScene> = {}) =>
  run(words, { program: 'sockscope', ...scene }, here);

describe('the options that netstat does not have', () => {
  it('has defaults', async () => {
    const { opened, status } = await sockscope(['-tn']);
    expect(opened).toEqual([{ source: 'auto', owners: 'auto', threads: 'auto', procRoot: undefined }]);
    expect(status).toBe(0);
  });

  it.each([
    [['--source=netlink'], { source: 'netlink' }],
    [['--source', 'procfs'], { source: 'procfs' }],
    [['--source', 'procfs', '--source=auto'], { source: 'auto' }],
    [['--so=netlink', '--thr=2', '-x'], { source: 'netlink', threads: 2 }],
    [['--threads=1'], { threads: 1 }],
    [['--owners=bpf'], { owners: 'bpf' }],
    [['--owners', 'bpf-pinned', '--owners-all'], { owners: 'bpf-pinned' }],
    [['--owners=procfd', '-p'], { owners: 'procfd' }],
    [['--owners=none'], { owners: 'none' }],
    [['--owners-a'], { owners: 'auto' }],
    [['--proc', '/h\u00f6st/proc'], { procRoot: '/h\u00f6st/proc' }],
  ])('takes %j', async (words, expected) => {
    const { opened, stderr } = await sockscope(words);
    expect(stderr).toBe('');
    expect(opened).toEqual([expect.objectContaining(expected)]);
  });

  it.each([
    [['--source=ss'], "sockscope: --source takes auto, netlink, procfs, not 'ss'\n"],
    [['--source='], "sockscope: --source takes auto, netlink, procfs, not ''\n"],
    [['--threads', '3'], "sockscope: --threads takes auto, 1, 2, not '3'\n"],
    [['--proc='], 'sockscope: --proc needs the path of a folder\n'],
    [['--owners=lsof'], "sockscope: --owners takes auto, bpf, bpf-pinned, procfd, none, not 'lsof'\n"],
    [['--owners='], "sockscope: --owners takes auto, bpf, bpf-pinned, procfd, none, not ''\n"],
  ])('refuses %j', async (words, message) => {
    expect(await sockscope(words)).toMatchObject({ status: 3, stderr: message, stdout: '', opened: [] });
  });

  it('refuses a folder that is no /proc, instead of listing nothing', async () => {
    const scene = { program: 'sockscope' };
    const answer = await run(['--proc=/nonexistent'], scene, { netDirectory: '/nonexistent/net' });
    expect(answer).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'sockscope: --proc: there is no folder /nonexistent/net\n',
    });
  });

  it.each([
    ['--o', "option '--o' is ambiguous; possibilities: '--owners' '--owners-all'"],
    ['--owners-all=1', "option '--owners-all' doesn't allow an argument"],
    ['--owners', "option '--owners' requires an argument"],
  ])('cannot make sense of %s', async (word, message) => {
    const { stderr, status } = await sockscope([word]);
    expect(stderr.split('\n')[0]).toBe(`sockscope: ${message}`);
    expect(status).toBe(3);
  });

  it('takes the owner scan from the environment, the command line first', async () => {
    const environment = { SOCKSCOPE_OWNERS: 'procfd' };
    expect((await sockscope(['-p'], { environment })).opened[0]?.owners).toBe('procfd');
    expect((await sockscope(['-p', '--owners=bpf'], { environment })).opened[0]?.owners).toBe('bpf');
    expect((await sockscope(['-p'], { environment: { SOCKSCOPE_OWNERS: '' } })).opened[0]?.owners).toBe(
      'auto',
    );
    expect(await sockscope(['-t'], { environment: { SOCKSCOPE_OWNERS: 'ebpf' } })).toMatchObject({
      status: 3,
      stderr: "sockscope: SOCKSCOPE_OWNERS takes auto, bpf, bpf-pinned, procfd, none, not 'ebpf'\n",
    });
  });

  it('takes the source from the environment, the command line first', async () => {
    const environment = { SOCKSCOPE_SOURCE: 'procfs' };
    expect((await sockscope(['-t'], { environment })).opened[0]?.source).toBe('procfs');
    expect((await sockscope(['-t', '--source=netlink'], { environment })).opened[0]?.source).toBe('netlink');
    expect((await sockscope(['-t'], { environment: { SOCKSCOPE_SOURCE: '' } })).opened[0]?.source).toBe(
      'auto',
    );
    expect(await sockscope(['-t'], { environment: { SOCKSCOPE_SOURCE: 'proc' } })).toMatchObject({
      status: 3,
      stderr: "sockscope: SOCKSCOPE_SOURCE takes auto, netlink, procfs, not 'proc'\n",
    });
  });

  it.each([['--s'], ['--t'], ['--p'], ['--pro']])("leaves netstat's prefix %s to netstat", async (word) => {
    const { stderr, status } = await sockscope([word]);
    expect(stderr).toMatch(`sockscope: option '${word}' is ambiguous; possibilities: '--`);
    expect(stderr).not.toMatch(/'--(source|threads|proc)'/);
    expect(status).toBe(3);
  });

  it('wants their arguments', async () => {
    expect((await sockscope(['--source'])).stderr).toMatch(
      /^sockscope: option '--source' requires an argument\nusage: sockscope /,
    );
  });

  it('does not have them when it is called netstat', async () => {
    for (const word of ['--source=auto', '--proc=auto', '--threads=auto', '--owners=auto', '--owners-all']) {
      const { stderr, status } = await run([word], {}, here);
      expect(stderr.split('\n')[0]).toBe(`netstat: unrecognized option '${word}'`);
      expect(status).toBe(3);
    }
    const environment = { SOCKSCOPE_SOURCE: 'procfs', SOCKSCOPE_OWNERS: 'bpf' };
    const { opened } = await run(['-tp'], { environment }, here);
    expect(opened).toEqual([expect.objectContaining({ source: 'auto', owners: 'procfd' })]);
  });
});

describe('help and version', () => {
  it('prints the usage to stdout, all of it', async () => {
    const { stdout, stderr, status } = await sockscope(['-h']);
    expect(stdout).toMatch(/^usage: sockscope /);
    const names = ['--source', '--proc', '--threads', 'SOCKSCOPE_SOURCE'];
    const ownersNames = [
      '-p, --programs',
      '--owners=',
      '--owners-all',
      'SOCKSCOPE_OWNERS',
      ' pin ',
      ' unpin ',
    ];
    for (const name of [...names, ...ownersNames]) expect(stdout).toContain(name);
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('prints the same usage to stderr after a mistake', async () => {
    const { stdout } = await sockscope(['-h']);
    expect(await sockscope(['-q'])).toMatchObject({
      status: 3,
      stdout: '',
      stderr: `sockscope: invalid option -- 'q'\n${stdout}`,
    });
  });

  it('prints the version', async () => {
    const { stdout, status } = await sockscope(['-V']);
    expect(stdout.split('\n')[0]).toBe('sockscope 1.2.3');
    expect(status).toBe(0);
  });
});
