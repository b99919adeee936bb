import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DaemonSet } from 'kubernetes-types/apps/v1.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { requirement } from '../requirements.ts';
import { rehearse } from './agent-rehearsal.ts';
import { type ContainerGifts, engines, inContainer } from './container-like.ts';
import { Installed } from './installed.ts';
import { reachOf, reachOnPage } from './reach.ts';
import { demand, GROUP, RESIDENTS, type Residents, startResidents } from './residents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A file of deploy/kubernetes, read. */
function manifest(name: string) {
  const file = join(root, 'deploy/kubernetes', name);
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { strict: true });
  const objects = documents.map((document) => document.toJS() as { kind: string; apiVersion: string });
  const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet') as DaemonSet;
  const pod = daemonSet.spec!.template.spec!;
  return { name, file, documents, objects, daemonSet, pod, container: pod.containers[0]! };
}

const pinned = manifest('daemonset.yaml');
const capable = manifest('daemonset-capabilities.yaml');

describe.each([pinned, capable])('the DaemonSet of $name', (one) => {
  const { file, documents, objects, daemonSet, pod } = one;
  const containers = [...(pod.initContainers ?? []), ...pod.containers];

  it('is YAML without errors or warnings', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'DaemonSet']);
  });

  it('has the fields and types of the Kubernetes API', () => {
    expect(complaintsOf(objects)).toBe('');
  });

  it('selects its own pods, in its own namespace, in the version of the package', () => {
    expect(daemonSet.spec!.template.metadata!.labels).toEqual(daemonSet.spec!.selector.matchLabels);
    expect(objects.map((object) => (object as DaemonSet).metadata!.namespace)).toEqual([
      undefined,
      'sockscope',
      'sockscope',
    ]);
    expect(pod.serviceAccountName).toBe((objects[1] as DaemonSet).metadata!.name);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const { image, volumeMounts } of containers) {
      expect(image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
      expect(volumeMounts!.map((mount) => mount.name)).toEqual(pod.volumes!.map((volume) => volume.name));
    }
  });

  const noLint = requirement('yamllint');
  it.skipIf(noLint !== undefined)(`passes yamllint${noLint ? ` (${noLint})` : ''}`, () => {
    const rules = '{extends: default, rules: {line-length: {max: 125}}}';
    const { status, stdout } = spawnSync('yamllint', ['-s', '-d', rules, file], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });
});

it.each([
  ['hostNetwrk', true, /hostNetwrk/],
  ['hostNetwork', 'true', /^values\.ts.*'string' is not assignable to type 'boolean/],
])('a DaemonSet with %s: %j has not the fields and types of the API', (field, value, complaint) => {
  const wrong = structuredClone(pinned.daemonSet) as unknown as {
    spec: { template: { spec: Record<string, unknown> } };
  };
  wrong.spec.template.spec[field] = value;
  expect(complaintsOf([wrong])).toMatch(complaint);
});

const MISSING = requirement('root', 'netns', 'mountns', 'pidns', 'python3', 'ip', 'addon', 'dist', 'setpriv');
const noPin = requirement('bpf', 'bpffs');

for (const { engine, missing } of engines(MISSING)) {
  describe.skipIf(missing !== undefined)(
    `the agent in its pod by ${engine}${missing ? ` (${missing})` : ''}`,
    () => {
      let installed: Installed;
      beforeAll(() => {
        installed = new Installed();
      });
      afterAll(() => installed?.remove());

      async function inPlace<T>(pids: boolean, use: (place: Residents) => Promise<T>): Promise<T> {
        const place = await startResidents({ pids });
        try {
          return await use(place);
        } finally {
          await place.stop();
        }
      }

      const inCapablePod = (gifts: ContainerGifts) =>
        inPlace(true, (place) => rehearse(place, installed, gifts, environmentOf(capable), engine));

      it.skipIf(noPin !== undefined)(
        `names every owner of the node by what its first container pins${noPin ? ` (${noPin})` : ''}`,
        () =>
          inPlace(false, async (place) => {
            // A node's /run, as systemd makes it: what containers mount there can be for all to see.
            await demand(place, 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
            await demand(place, 'mount', '--make-shared', '/run');
            await demand(place, 'mkdir', '/run/sockscope');
            const { gifts, words } = pinOfPod(installed);
            const [program, ...rest] = inContainer(place, installed, gifts, engine);
            // Anew, as where the pod starts again.
            for (let start = 0; start < 2; start++) {
              await demand(place, program!, ...rest, process.execPath, ...words);
            }
            expect(await demand(place, 'stat', '-c', '%a %u %g', '/run/sockscope/owners')).toBe(
              `440 0 ${GROUP}\n`,
            );
            const env = environmentOf(pinned);
            const { named, listed, owners } = await rehearse(place, installed, giftsOfPinned(), env, engine);
            expect([listed, named, owners]).toEqual([RESIDENTS, RESIDENTS, 'bpf-pinned']);
          }),
      );

      it('opens nothing', () =>
        inPlace(false, async (place) => {
          expect(await reachOf(place, installed, giftsOfPinned(), engine)).toEqual(
            reachOnPage('`deploy/kubernetes/daemonset.yaml`'),
          );
        }));

      it('names every owner of the node with what the second DaemonSet gives', async () => {
        const { named, listed, owners } = await inCapablePod(giftsOfCapable());
        expect([listed, named, owners]).toEqual([RESIDENTS, RESIDENTS, 'procfd']);
      });

      it('opens there what the page says', () =>
        inPlace(true, async (place) => {
          expect(await reachOf(place, installed, giftsOfCapable(), engine)).toEqual(
            reachOnPage('`deploy/kubernetes/daemonset-capabilities.yaml`'),
          );
        }));

      it.each(['SYS_PTRACE', 'DAC_READ_SEARCH'])('would name fewer there without %s', async (name) => {
        const gifts = giftsOfCapable();
        const capabilities = gifts.capabilities.filter((other) => other !== name.toLowerCase());
        const { named } = await inCapablePod({ ...gifts, capabilities });
        expect(named).not.toContain('a user');
      });
    },
  );
}

type Manifest = ReturnType<typeof manifest>;

function environmentOf({ container }: Manifest): Record<string, string> {
  return Object.fromEntries(container.env!.map(({ name, value }) => [name, value!]));
}

/** What both pods give their agent. */
function giftsOf({ pod, container }: Manifest) {
  const { capabilities, readOnlyRootFilesystem, allowPrivilegeEscalation } = container.securityContext!;
  expect(capabilities!.drop).toEqual(['ALL']);
  // setpriv is always told no-new-privs.
  expect(allowPrivilegeEscalation).toBe(false);
  return {
    pidHost: pod.hostPID === true,
    networkHost: pod.hostNetwork === true,
    readOnly: readOnlyRootFilesystem === true,
    capabilities: (capabilities!.add ?? []).map((name) => name.toLowerCase()),
  };
}

function giftsOfCapable(): ContainerGifts {
  const { pod, container } = capable;
  const [mount] = container.volumeMounts!;
  expect([mount!.mountPath, mount!.readOnly, pod.volumes![0]!.hostPath!.path]).toEqual([
    '/host/proc',
    true,
    '/proc',
  ]);
  return { ...giftsOf(capable), procMounted: true, uid: container.securityContext!.runAsUser!, groups: [] };
}

function giftsOfPinned(): ContainerGifts {
  const { pod, container } = pinned;
  const { runAsNonRoot, runAsUser, supplementalGroups } = pod.securityContext!;
  const { mountPath, readOnly, mountPropagation } = container.volumeMounts![0]!;
  expect([mountPath, readOnly, mountPropagation]).toEqual(['/run/sockscope', true, 'HostToContainer']);
  expect(pod.volumes![0]!.hostPath).toEqual({ path: '/run/sockscope', type: 'DirectoryOrCreate' });
  expect([runAsNonRoot, runAsUser === 0, supplementalGroups]).toEqual([true, false, [GROUP]]);
  return { ...giftsOf(pinned), procMounted: false, uid: runAsUser!, groups: supplementalGroups! };
}

/** The first container of the pod: of all that "privileged" gives, what the manifest says pin uses. */
function pinOfPod(installed: Installed): { gifts: ContainerGifts; words: readonly string[] } {
  const [pin] = pinned.pod.initContainers!;
  const { privileged, runAsUser, readOnlyRootFilesystem } = pin!.securityContext!;
  const { mountPath, mountPropagation } = pin!.volumeMounts![0]!;
  expect([privileged, mountPath, mountPropagation]).toEqual([true, '/run/sockscope', 'Bidirectional']);
  const [node, program, ...words] = pin!.command!;
  expect([node, program]).toEqual(['node', '/opt/sockscope-agent/node_modules/sockscope/dist/cli/main.cjs']);
  const gifts = {
    pidHost: pinned.pod.hostPID === true,
    networkHost: pinned.pod.hostNetwork === true,
    procMounted: false,
    readOnly: readOnlyRootFilesystem === true,
    capabilities: ['sys_admin', 'chown'],
    uid: runAsUser!,
    groups: [],
    sharesPinned: true,
  };
  return { gifts, words: [installed.command, ...words] };
}

/** What the compiler says of them as values of the API's types: a literal may not have a field too many. */
function complaintsOf(values: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-kubernetes-'));
  try {
    const lines = values.map((value, index) => {
      const { apiVersion, kind } = value as { apiVersion: string; kind: string };
      const module = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
      const type = `import('kubernetes-types/${module}').${kind}`;
      return `export const value${index}: ${type} = ${JSON.stringify(value, undefined, 1)};\n`;
    });
    writeFileSync(join(folder, 'values.ts'), lines.join(''));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--types',
      '',
      '--module',
      'preserve',
      '--target',
      'es2023',
    ];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const words = [compiler, ...options, join(folder, 'values.ts')];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: folder });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
