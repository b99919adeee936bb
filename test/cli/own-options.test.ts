import { describe, expect, it } from 'vitest';
import type { CommandScene } from '../../src/cli/run.ts';
import { type EmptyHost, run } from './in-process.ts';

const here: EmptyHost = { missing: () => undefined };
const sockscope = (words: string[], scene: Partial<CommandScene> = {}) =>
  run(words, { program: 'sockscope', ...scene }, here);

describe('the options that netstat does not have', () => {
  it('has defaults', async () => {
    const { opened, status } = await sockscope(['-tn']);
    expect(opened).toEqual([{ source: 'auto', threads: 'auto', procRoot: undefined }]);
    expect(status).toBe(0);
  });

  it.each([
    [['--source=netlink'], { source: 'netlink' }],
    [['--source', 'procfs'], { source: 'procfs' }],
    [['--source', 'procfs', '--source=auto'], { source: 'auto' }],
    [['--so=netlink', '--thr=2', '-x'], { source: 'netlink', threads: 2 }],
    [['--threads=1'], { threads: 1 }],
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
    for (const name of ['source', 'proc', 'threads']) {
      const { stderr, status } = await run([`--${name}=auto`], {}, here);
      expect(stderr.split('\n')[0]).toBe(`netstat: unrecognized option '--${name}=auto'`);
      expect(status).toBe(3);
    }
    const environment = { SOCKSCOPE_SOURCE: 'procfs' };
    expect((await run(['-t'], { environment }, here)).opened[0]?.source).toBe('auto');
  });
});

describe('what comes in later versions', () => {
  it.each([
    ['-r'],
    ['-i'],
    ['-s'],
    ['-M'],
    ['-g'],
    ['-p'],
    ['--program', '-p'],
    ['--groups', '-g'],
    ['-tgp', '-p'],
    ['-rp', '-r'],
  ])('says so of %s', async (word, name = word) => {
    expect(await sockscope([word])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: `sockscope: ${name} is not there yet\n`,
      opened: [],
    });
  });

  it('says so of -Z where SELinux is on', async () => {
    expect(await sockscope(['-Zt'], { selinuxEnabled: () => true })).toMatchObject({
      status: 1,
      stderr: 'sockscope: -Z is not there yet\n',
    });
  });
});

describe('help and version', () => {
  it('prints the usage to stdout, all of it', async () => {
    const { stdout, stderr, status } = await sockscope(['-h']);
    expect(stdout).toMatch(/^usage: sockscope /);
    for (const name of ['--source', '--proc', '--threads', 'SOCKSCOPE_SOURCE'])
      expect(stdout).toContain(name);
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
