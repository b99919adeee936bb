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
import { type ContainerGifts, engines } from './container-like.ts';
import { Installed } from './installed.ts';
import { RESIDENTS, startResidents } from './residents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const file = join(root, 'deploy/kubernetes/daemonset.yaml');
const documents = parseAllDocuments(readFileSync(file, 'utf8'), { strict: true });
const objects = documents.map((document) => document.toJS() as { kind: string; apiVersion: string });
const daemonSet = objects.find(({ kind }) => kind === 'DaemonSet') as DaemonSet;
const pod = daemonSet.spec!.template.spec!;
const container = pod.containers[0]!;

describe('the DaemonSet', () => {
  it('is YAML without errors or warnings', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'DaemonSet']);
  });

  it('has the fields and types of the Kubernetes API', () => {
    expect(complaintsOf(objects)).toBe('');
  });

  it('would not have them with a field that is misspelt, or of another type', () => {
    const wrong = structuredClone(daemonSet) as unknown as {
      spec: { template: { spec: Record<string, unknown> } };
    };
    wrong.spec.template.spec.hostNetwrk = true;
    expect(complaintsOf([wrong])).toContain('hostNetwrk');
    const number = structuredClone(daemonSet) as unknown as {
      spec: { template: { spec: Record<string, unknown> } };
    };
    number.spec.template.spec.hostNetwork = 'true';
    expect(complaintsOf([number])).toMatch(/^values\.ts.*'string' is not assignable to type 'boolean/);
  });

  it('selects its own pods, in its own namespace, in the version of the package', () => {
    expect(daemonSet.spec!.template.metadata!.labels).toEqual(daemonSet.spec!.selector.matchLabels);
    expect(objects.map((one) => (one as DaemonSet).metadata!.namespace)).toEqual([
      undefined,
      'sockscope',
      'sockscope',
    ]);
    expect(pod.serviceAccountName).toBe((objects[1] as DaemonSet).metadata!.name);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(container.image).toMatch(new RegExp(`:${version.replaceAll('.', '\\.')}$`));
    expect(container.volumeMounts!.map(({ name }) => name)).toEqual(pod.volumes!.map(({ name }) => name));
  });

  const noLint = requirement('yamllint');
  it.skipIf(noLint !== undefined)(`passes yamllint${noLint ? ` (${noLint})` : ''}`, () => {
    const rules = '{extends: default, rules: {line-length: {max: 125}}}';
    const { status, stdout } = spawnSync('yamllint', ['-s', '-d', rules, file], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });
});

const MISSING = requirement('root', 'netns', 'mountns', 'pidns', 'python3', 'ip', 'addon', 'dist', 'setpriv');

for (const { engine, missing } of engines(MISSING)) {
  describe.skipIf(missing !== undefined)(
    `the agent in its pod by ${engine}${missing ? ` (${missing})` : ''}`,
    () => {
      let installed: Installed;
      beforeAll(() => {
        installed = new Installed();
      });
      afterAll(() => installed?.remove());

      it('names every owner of the node with what the DaemonSet gives', async () => {
        const { named, listed, owners } = await inPod(giftsOfPod());
        expect([listed, named, owners]).toEqual([RESIDENTS, RESIDENTS, 'procfd']);
      });

      it.each(['SYS_PTRACE', 'DAC_READ_SEARCH'])('would name fewer without %s', async (name) => {
        const gifts = giftsOfPod();
        const capabilities = gifts.capabilities.filter((other) => other !== name.toLowerCase());
        const { named } = await inPod({ ...gifts, capabilities });
        expect(named).not.toContain('a user');
      });

      async function inPod(gifts: ContainerGifts) {
        const env = Object.fromEntries(container.env!.map(({ name, value }) => [name, value!]));
        const place = await startResidents({ pids: true });
        try {
          return await rehearse(place, installed, gifts, env, engine);
        } finally {
          await place.stop();
        }
      }
    },
  );
}

function giftsOfPod(): ContainerGifts {
  const { capabilities, runAsUser, readOnlyRootFilesystem, allowPrivilegeEscalation } =
    container.securityContext!;
  expect(capabilities!.drop).toEqual(['ALL']);
  // setpriv is always told no-new-privs.
  expect(allowPrivilegeEscalation).toBe(false);
  const [mount] = container.volumeMounts!;
  expect([mount!.mountPath, mount!.readOnly, pod.volumes![0]!.hostPath!.path]).toEqual([
    '/host/proc',
    true,
    '/proc',
  ]);
  return {
    pidHost: pod.hostPID === true,
    networkHost: pod.hostNetwork === true,
    procMounted: true,
    readOnly: readOnlyRootFilesystem === true,
    capabilities: capabilities!.add!.map((name) => name.toLowerCase()),
    uid: runAsUser!,
    groups: [],
  };
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
