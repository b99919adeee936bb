import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NativeBinding, NativeOutcome } from '../../src/addon/native-binding.ts';
import { type PinScene, runPin } from '../../src/cli/pin.ts';
import type { PinVerb } from '../../src/cli/pin-words.ts';
import { ByteWriter } from '../../src/format/byte-writer.ts';
import type { LocalHost } from '../../src/host.ts';
import { run } from './in-process.ts';

const EPERM = 1;
const ENOENT = 2;
const OK: NativeOutcome = { status: 'ok', operation: '', errno: 0 };
const system = (operation: string, errno: number): NativeOutcome => ({ status: 'system', operation, errno });

/** A folder that lets everybody pass; `run` in it stands for /run. */
let folder: string;
let defaultPath: string;
/** What the addon was asked to do. */
let calls: string[];
/** Folders that pass for BPF file systems. */
let mounted: Set<string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockscope-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'run'));
  defaultPath = join(folder, 'run/sockscope/owners');
  calls = [];
  mounted = new Set();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An addon that does with files what the kernel does in a BPF file system. */
function addon(overrides: Partial<NativeBinding> = {}): NativeBinding {
  const fake: Partial<NativeBinding> = {
    mayUseBpf: () => true,
    groupId: (name) => ({ adm: 4, '77': 78 })[name],
    mountBpfFs: (directory) => {
      calls.push(`mount ${directory}`);
      mounted.add(directory);
      return OK;
    },
    unmountBpfFs: (directory) => {
      calls.push(`unmount ${directory}`);
      mounted.delete(directory);
      return OK;
    },
    pinOwners: (path, gid) => {
      calls.push(`pin ${path} for ${gid}`);
      writeFileSync(path, '');
      return OK;
    },
    probePinned: (path) => (existsSync(path) ? OK : system('open', ENOENT)),
    ...overrides,
  };
  return fake as NativeBinding;
}

async function sockscope(verb: PinVerb, words: readonly string[], binding: NativeBinding | undefined) {
  let stdout = '';
  let stderr = '';
  const host = {
    binding,
    probe: async () => ({
      abilities: { tcp: { better: [{ reason: 'there is no addon for this machine' }] } },
    }),
    close: async () => {},
  } as unknown as LocalHost;
  const out = new ByteWriter((bytes) => {
    stdout += Buffer.from(bytes).toString();
  });
  const scene: PinScene = {
    verb,
    words,
    program: 'sockscope',
    openHost: () => host,
    out,
    say: (lines) => {
      stderr += lines;
    },
  };
  const status = await runPin(scene, {
    defaultPath,
    isBpfFs: (directory) => mounted.has(directory),
    isOurMount: (directory) => mounted.has(directory),
  });
  out.flush();
  return { status, stdout, stderr };
}

const pin = (words: readonly string[], overrides: Partial<NativeBinding> = {}) =>
  sockscope('pin', words, addon(overrides));
const unpin = (words: readonly string[] = [], overrides: Partial<NativeBinding> = {}) =>
  sockscope('unpin', words, addon(overrides));

describe('pin', () => {
  it('makes its folder, mounts, pins, and says what the group can do', async () => {
    const answer = await pin(['--group', 'adm']);
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect(answer.stdout).toMatch(/^members of group adm \(gid 4\) can now [^\n]+\n$/);
    expect(answer.stdout).toContain(defaultPath);
    expect(calls).toEqual([`mount ${dirname(defaultPath)}`, `pin ${defaultPath} for 4`]);
    expect(statSync(dirname(defaultPath)).mode & 0o777).toBe(0o755);
  });

  it('pins anew where it has pinned before', async () => {
    await pin(['--group=adm']);
    expect(await pin(['--group=0'])).toMatchObject({ status: 0 });
    expect(calls.slice(2)).toEqual([`pin ${defaultPath} for 0`]);
  });

  it.each([
    ['4', 4],
    ['77', 78],
    ['4294967294', 4_294_967_294],
  ])('takes the group %s', async (group, gid) => {
    await pin(['--group', group]);
    expect(calls.at(-1)).toBe(`pin ${defaultPath} for ${gid}`);
  });

  it('pins elsewhere in a BPF file system that is there', async () => {
    mounted.add(folder);
    const path = join(folder, 'mine');
    const answer = await pin(['--group=adm', '--path', path]);
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect(answer.stdout).toContain(`can now read ${path}`);
    expect(answer.stdout).toContain('pinnedPaths');
    expect(calls).toEqual([`pin ${path} for 4`]);
  });

  it.each([['nobody-here'], ['4294967295'], ['99999999999'], ['-1'], ['0x4']])(
    'knows no group %s',
    async (group) => {
      expect(await pin([`--group=${group}`])).toEqual({
        status: 1,
        stdout: '',
        stderr: `sockscope: pin: there is no group '${group}'\n`,
      });
      expect(calls).toEqual([]);
    },
  );

  it('needs the capabilities', async () => {
    const answer = await pin(['--group=adm'], { mayUseBpf: () => false });
    expect(answer).toMatchObject({ status: 1, stdout: '' });
    expect(answer.stderr).toMatch(/^sockscope: pin: this process may not load BPF programs \(run it as root/);
    expect(existsSync(dirname(defaultPath))).toBe(false);
  });

  it('needs the addon', async () => {
    for (const verb of ['pin', 'unpin'] as const) {
      expect(await sockscope(verb, verb === 'pin' ? ['--group=adm'] : [], undefined)).toEqual({
        status: 1,
        stdout: '',
        stderr: `sockscope: ${verb}: there is no addon for this machine\n`,
      });
    }
  });

  it('needs a BPF file system', async () => {
    for (const path of [join(folder, 'mine'), join(folder, 'nowhere/mine')]) {
      const { stderr, status } = await pin(['--group=adm', '--path', path]);
      expect(stderr).toMatch(`sockscope: pin: ${dirname(path)} is in no BPF file system (`);
      expect(status).toBe(1);
    }
    expect(calls).toEqual([]);
  });

  it('refuses a folder on the way that the group cannot pass, and leaves nothing', async () => {
    chmodSync(folder, 0o750);
    const gid = statSync(folder).gid;
    expect(await pin([`--group=${gid + 1}`])).toEqual({
      status: 1,
      stdout: '',
      stderr: `sockscope: pin: members of the group cannot pass ${folder}, mode 0750 (chmod o+x ${folder}, or --path elsewhere)\n`,
    });
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['mount', 'unmount']);
    expect(existsSync(dirname(defaultPath))).toBe(false);
    expect(await pin([`--group=${gid}`])).toMatchObject({ status: 0 });
  });

  it('goes by the bits of the group where the folder is the group’s own', async () => {
    chmodSync(folder, 0o701);
    const { stderr } = await pin([`--group=${statSync(folder).gid}`]);
    expect(stderr).toContain(`mode 0701 (chmod g+x ${folder}, `);
  });

  it.each([
    [
      system('bpf(BPF_PROG_LOAD)', EPERM),
      "bpf(BPF_PROG_LOAD): operation not permitted, though capabilities allow it (a seccomp filter, a security module, the kernel's lockdown or a user namespace forbids it)",
    ],
    [system('bpf BPF_OBJ_PIN', EPERM), 'bpf BPF_OBJ_PIN: operation not permitted (run it as root)'],
    [system('bpf BPF_OBJ_PIN', 9999), 'bpf BPF_OBJ_PIN: errno 9999'],
    [
      { ...OK, status: 'not-supported' },
      'this kernel has no iterator over descriptors (Linux 5.8 with BTF has)',
    ],
    [
      { ...OK, status: 'malformed' },
      "the iterator does not number processes as this one's /proc does: not in a container",
    ],
    [{ ...OK, status: 'no-memory' }, 'no-memory'],
  ] as const)('says why the kernel would not: %j', async (outcome, message) => {
    expect(await pin(['--group=adm'], { pinOwners: () => outcome })).toEqual({
      status: 1,
      stdout: '',
      stderr: `sockscope: pin: ${message}\n`,
    });
    expect(existsSync(dirname(defaultPath))).toBe(false);
    expect(mounted).toEqual(new Set());
  });

  it('keeps what was there before it failed', async () => {
    await pin(['--group=adm']);
    await pin(['--group=adm'], { pinOwners: () => system('bpf', EPERM) });
    expect(existsSync(defaultPath)).toBe(true);
    expect(mounted).toEqual(new Set([dirname(defaultPath)]));
  });
});

describe('unpin', () => {
  it('takes everything away that pin made', async () => {
    await pin(['--group=adm']);
    expect(await unpin()).toEqual({ status: 0, stdout: `removed ${defaultPath}\n`, stderr: '' });
    expect(calls.at(-1)).toBe(`unmount ${dirname(defaultPath)}`);
    expect(existsSync(dirname(defaultPath))).toBe(false);
  });

  it('says that nothing is there, and removes what is left over', async () => {
    const nothing = {
      status: 1,
      stdout: '',
      stderr: `sockscope: unpin: nothing is pinned at ${defaultPath}\n`,
    };
    expect(await unpin()).toEqual(nothing);
    mkdirSync(dirname(defaultPath));
    mounted.add(dirname(defaultPath));
    expect(await unpin()).toEqual(nothing);
    expect(existsSync(dirname(defaultPath))).toBe(false);
    expect(mounted.size).toBe(0);
  });

  it('removes what a run of pin left that was killed before its iterator had its place', async () => {
    await pin(['--group=adm']);
    const left = `${defaultPath}-77`;
    renameSync(defaultPath, left);
    expect(await unpin()).toEqual({
      status: 0,
      stdout: `nothing is pinned at ${defaultPath}; removed what was left behind: ${left}\n`,
      stderr: '',
    });
    expect(existsSync(dirname(defaultPath))).toBe(false);
    expect(mounted.size).toBe(0);
  });

  it('does not mind what the kernel keeps in every BPF file system', async () => {
    await pin(['--group=adm']);
    const debug = ['maps.debug', 'progs.debug'].map((name) => join(dirname(defaultPath), name));
    for (const path of debug) writeFileSync(path, '');
    // They go with the mount.
    const unmountBpfFs = (directory: string) => {
      for (const path of debug) rmSync(path);
      mounted.delete(directory);
      return OK;
    };
    expect(await unpin([], { unmountBpfFs })).toMatchObject({ status: 0 });
    expect(existsSync(dirname(defaultPath))).toBe(false);
  });

  it('leaves the folder where others have pinned something', async () => {
    await pin(['--group=adm']);
    writeFileSync(join(dirname(defaultPath), 'others'), '');
    expect(await unpin()).toMatchObject({ status: 0 });
    expect(mounted.size).toBe(1);
    expect(existsSync(join(dirname(defaultPath), 'others'))).toBe(true);
  });

  it('removes the file alone elsewhere', async () => {
    mounted.add(folder);
    const path = join(folder, 'mine');
    await pin(['--group=adm', '--path', path]);
    expect(await unpin(['--path', path])).toMatchObject({ status: 0, stdout: `removed ${path}\n` });
    expect(existsSync(path)).toBe(false);
    expect(mounted.size).toBe(1);
  });

  it('removes nothing that is not pinned, and nothing that is not ours', async () => {
    const path = join(folder, 'precious');
    writeFileSync(path, '');
    expect((await unpin(['--path', path])).stderr).toBe(`sockscope: unpin: nothing is pinned at ${path}\n`);
    mounted.add(folder);
    const another = { probePinned: () => ({ ...OK, status: 'not-supported' }) as const };
    expect((await unpin(['--path', path], another)).stderr).toBe(
      `sockscope: unpin: ${path} is no iterator of this version of sockscope (rm removes it)\n`,
    );
    const denied = { probePinned: () => system('open', 13) };
    expect((await unpin(['--path', path], denied)).stderr).toBe(
      'sockscope: unpin: open: permission denied (run it as root)\n',
    );
    expect(existsSync(path)).toBe(true);
  });
});

describe('misuse', () => {
  it.each([
    ['pin', [], 'pin needs a --group'],
    ['pin', ['adm'], "what is 'adm'?"],
    ['pin', ['--group=adm', '--', '-x'], "what is '-x'?"],
    ['pin', ['--group'], "option '--group' requires an argument"],
    ['pin', ['--group='], '--group is empty'],
    ['pin', ['--group=adm', '--path='], '--path is empty'],
    ['pin', ['--group=adm', '-t'], "invalid option -- 't'"],
    ['unpin', ['--group=adm'], "unrecognized option '--group=adm'"],
    ['unpin', ['everything'], "what is 'everything'?"],
  ] as const)('%s %j', async (verb, words, message) => {
    const { status, stdout, stderr } = await sockscope(verb, words, addon());
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `sockscope: ${message}`,
      expect.stringMatching(/^usage: sockscope pin /),
    ]);
    expect(calls).toEqual([]);
  });

  it('prints the usage where it is asked for', async () => {
    for (const word of ['-h', '--help']) {
      const { status, stdout, stderr } = await pin([word]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^usage: sockscope pin /);
    }
  });
});

describe('the words pin and unpin', () => {
  it('are subcommands in front alone', async () => {
    for (const word of ['pin', 'unpin']) {
      expect((await run([word, '--nonsense'], { program: 'sockscope' })).stderr).toMatch(
        `sockscope: unrecognized option '--nonsense'\nusage: sockscope pin `,
      );
      expect(await run(['-x', word], { program: 'sockscope' })).toMatchObject({ stderr: '', status: 0 });
      expect(await run([word, '-x'], {})).toMatchObject({ stderr: '', status: 0 });
    }
  });
});
