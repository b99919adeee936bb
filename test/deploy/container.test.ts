import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { rehearse } from './agent-rehearsal.ts';
import { engines, giftsOf } from './container-like.ts';
import { Installed } from './installed.ts';
import { tableBelow } from './markdown-table.ts';
import { reachOf, reachOnPage } from './reach.ts';
import { GROUP, pinIn, RESIDENTS, type Residents, startResidents } from './residents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const containerfile = textOf('deploy/container/Containerfile');
const readme = textOf('deploy/container/README.md');

/** The instructions, each on one line, without comments. */
const instructions = containerfile
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => ({ keyword: line.split(' ', 1)[0]!, rest: line.slice(line.indexOf(' ') + 1) }));
const restsOf = (keyword: string): string[] =>
  instructions.filter((one) => one.keyword === keyword).map(({ rest }) => rest);
const OWN_USER = `--user=${restsOf('USER').at(-1)!.split(':')[0]}`;
/** The words of the README's lines that run the image. */
const runLines = readme
  .split('\n')
  .filter((line) => line.startsWith('docker run '))
  .map((line) => line.split(' ').slice(2));

describe('the Containerfile', () => {
  it('is valid', () => {
    expect(validate(containerfile)).toEqual([]);
    expect(validate(containerfile.replace('WORKDIR', 'WORKDIRS'))).not.toEqual([]);
  });

  it('copies what is there, or what npm pack makes, and what the context is not kept free of', () => {
    const sources = restsOf('COPY').filter((rest) => !rest.startsWith('--from'));
    expect(sources.map((rest) => rest.split(' ')[0])).toEqual(['${PACKAGE}', 'examples/agent.mjs']);
    expect(restsOf('ARG')).toEqual(['PACKAGE=sockscope-*.tgz']);
    expect(existsSync(join(root, 'examples/agent.mjs'))).toBe(true);
    const let_in = textOf('deploy/container/Containerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(let_in).toEqual(['!sockscope-*.tgz', '!examples']);
  });

  it('ends as a user that is not root, with programs that need no shell', () => {
    expect(restsOf('USER')).toEqual(['61000:61000']);
    expect(restsOf('ENTRYPOINT').every((rest) => Array.isArray(JSON.parse(rest)))).toBe(true);
    expect(restsOf('FROM').at(-1)).toBe(restsOf('FROM')[0]!.replace(' AS install', ''));
  });
});

const notBuilt = requirement('dist');

describe.skipIf(notBuilt !== undefined)(`what the image holds${notBuilt ? ` (${notBuilt})` : ''}`, () => {
  let folder: string;
  /** A path of the image, here. */
  const here = (path: string): string => path.replace(/^\/(?=opt|tmp)/, `${folder}/`);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sockscope-image-'));
    const workdir = here(restsOf('WORKDIR')[0]!);
    mkdirSync(workdir, { recursive: true });
    mkdirSync(here('/tmp'));
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      stdio: 'pipe',
    });
    const packed = readdirSync(folder).filter((name) => /^sockscope-.*\.tgz$/.test(name));
    expect(packed).toHaveLength(1);
    renameSync(join(folder, packed[0]!), here('/tmp/sockscope.tgz'));
    // The package depends on nothing: no registry is asked.
    const [install, ...more] = restsOf('RUN');
    expect(more).toEqual([]);
    const [npm, ...words] = install!.split(' ').map(here);
    execFileSync(npm!, [...words, '--offline'], { cwd: workdir, stdio: 'pipe' });
    cpSync(join(root, 'examples/agent.mjs'), join(workdir, 'agent.mjs'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts the agent', () => {
    const [, agent] = (JSON.parse(restsOf('ENTRYPOINT')[0]!) as string[]).map(here);
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" | head -n 2', process.execPath, agent!],
      {
        encoding: 'utf8',
        env: { ...process.env, SOCKSCOPE_AGENT_SECONDS: '0.05' },
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    const [first, second] = stdout.split('\n').map((line) => line && JSON.parse(line));
    expect(first.abilities.tcp.source).toMatch(/netlink|procfs/);
    expect(second.sockets).toBeTypeOf('object');
  });

  it('is found well by the health check', () => {
    const [, ...words] = JSON.parse(/CMD (\[.*\])$/.exec(restsOf('HEALTHCHECK')[0]!)![1]!) as string[];
    const { status, stderr } = spawnSync(process.execPath, words.map(here), { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe("the README's lines that run it", () => {
  const isPrivilege = (word: string): boolean =>
    /^--(network|pid|volume|cap-drop|cap-add|user|group-add)=/.test(word);

  it('are rows of the page on privileges, in any order', () => {
    const inOrder = (words: readonly string[]): string => words.filter(isPrivilege).sort().join(' ');
    const rows = tableBelow('## Containers', textOf('docs/privileges.md')).map(({ given }) =>
      inOrder(given!.replaceAll('`', '').split(' ')),
    );
    // The page says which user is the image's own.
    const lines = runLines.map((words) =>
      inOrder(
        words.includes('--user=0') ? words.filter((word) => word !== '--user=0') : [...words, OWN_USER],
      ),
    );
    expect(lines).toHaveLength(3);
    expect(lines.filter((line) => !rows.includes(line))).toEqual([]);
  });

  it('have each of their options explained', () => {
    const explained = tableBelow('# A container image of the agent', `${readme.replace(/```[^`]*```/g, '')}`)
      .map(({ option }) => option)
      .join();
    const options = new Set(runLines.flat().filter((word) => word.startsWith('--') && word !== '--rm'));
    expect([...options].filter((option) => !explained.includes(`\`${option}\``))).toEqual([]);
  });
});

const MISSING = requirement('root', 'netns', 'mountns', 'pidns', 'python3', 'ip', 'addon', 'dist', 'setpriv');
const noPin = requirement('bpf', 'bpffs');

for (const { engine, missing } of engines(MISSING)) {
  describe.skipIf(missing !== undefined)(
    `the agent in a container by ${engine}${missing ? ` (${missing})` : ''}`,
    () => {
      let installed: Installed;
      beforeAll(() => {
        installed = new Installed();
      });
      afterAll(() => installed?.remove());

      /** What a line gives, and the environment that it sets. */
      function ordersOf(words: readonly string[]) {
        const own = ['--rm', 'sockscope-agent', '--security-opt=apparmor=unconfined'];
        const rest = words.filter((word) => !own.includes(word));
        const user = rest.some((word) => word.startsWith('--user=')) ? [] : [OWN_USER];
        const settings = rest.filter((word) => word.startsWith('--env='));
        const env = Object.fromEntries(
          settings.map((word) => word.slice('--env='.length).split('=') as [string, string]),
        );
        return { gifts: giftsOf([...rest.filter((word) => !settings.includes(word)), ...user]), env };
      }
      const [pinned, capable, plain] = runLines.map(ordersOf);

      async function inPlace(pids: boolean, use: (place: Residents) => Promise<void>): Promise<void> {
        const place = await startResidents({ pids });
        try {
          await use(place);
        } finally {
          await place.stop();
        }
      }

      it('names every owner with two capabilities and /host/proc', () =>
        inPlace(true, async (place) => {
          const { listed, named, owners } = await rehearse(
            place,
            installed,
            capable!.gifts,
            capable!.env,
            engine,
          );
          expect([listed, named, owners]).toEqual([RESIDENTS, RESIDENTS, 'procfd']);
        }));

      it('opens, with two capabilities, what the page says', () =>
        inPlace(true, async (place) => {
          expect(await reachOf(place, installed, capable!.gifts, engine)).toEqual(
            reachOnPage('`deploy/container`, with two capabilities'),
          );
        }));

      it('opens nothing without them', () =>
        inPlace(false, async (place) => {
          expect(await reachOf(place, installed, pinned!.gifts, engine)).toEqual(
            reachOnPage('`deploy/container`, by the pinned iterator'),
          );
        }));

      it('would open more to a user that the host has, too', () =>
        inPlace(false, async (place) => {
          const { uid } = place.description.residents.nobody;
          const reached = await reachOf(place, installed, { ...pinned!.gifts, uid }, engine, 'nobody');
          expect(Object.values(reached)).toEqual(['no', 'no', 'yes', 'yes', 'yes']);
        }));

      it.skipIf(noPin !== undefined)(
        `names every owner by the pinned iterator${noPin ? ` (${noPin})` : ''}`,
        () =>
          inPlace(false, async (place) => {
            await place.run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run']);
            await pinIn(place, installed, 'usual');
            expect(pinned!.gifts.groups).toEqual([GROUP]);
            const { listed, named, owners } = await rehearse(
              place,
              installed,
              pinned!.gifts,
              pinned!.env,
              engine,
            );
            expect([listed, named, owners]).toEqual([RESIDENTS, RESIDENTS, 'bpf-pinned']);
          }),
      );

      it('lists every socket with nothing but the network', () =>
        inPlace(true, async (place) => {
          const { listed, named } = await rehearse(place, installed, plain!.gifts, plain!.env, engine);
          expect([listed, named]).toEqual([RESIDENTS, []]);
        }));
    },
  );
}
