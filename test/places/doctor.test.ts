import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subcommandOf } from '../../src/cli/subcommands.ts';
import {
  inRemovedFolder,
  jail,
  readOnly,
  withoutBtf,
  withoutEtc,
  withoutNameFiles,
  withoutSys,
} from './file-places.ts';
import { anywhere, asNobody, inUserNamespace, type Place, refusing, withoutCapabilities } from './place.ts';
import { missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';
import { hidingProcesses, processesAlone, WITHOUT_PROC } from './proc-places.ts';

// The word would be an operand of netstat's without the subcommand: a listing with names.
const missing = subcommandOf('doctor') === undefined ? 'there is no doctor' : missingFor('seccomp');
const filtered = 'grep -q "^Seccomp:.2" /proc/self/status';

const PLACES: Readonly<Record<string, (scene: PlaceScene) => Place>> = {
  anywhere: () => anywhere,
  'as nobody': () => asNobody,
  'as root without capabilities': () => withoutCapabilities(0),
  'as root of a user namespace': () => inUserNamespace,
  'without AF_NETLINK': ({ tools }) => refusing(tools, ['socket:16=1'], filtered),
  'without sockets': ({ tools }) => refusing(tools, ['socket=1'], filtered),
  'where bpf(2) and setns(2) are deadly': ({ tools }) =>
    refusing(tools, ['bpf=kill', 'setns=kill'], filtered),
  'where bpf(2) is deadly for its thread': ({ tools }) => refusing(tools, ['bpf=kill-thread'], filtered),
  'where processes are hidden': () => hidingProcesses,
  'where there are processes alone': () => processesAlone,
  ...Object.fromEntries(Object.entries(WITHOUT_PROC).map(([name, place]) => [name, () => place])),
  'on a read-only file system': ({ tools }) => readOnly(tools),
  'without BTF': () => withoutBtf,
  'without /sys': () => withoutSys,
  'without /etc': () => withoutEtc,
  'without names': ({ tools }) => withoutNameFiles(tools),
  'in a removed folder': ({ tools }) => inRemovedFolder(tools),
  'in a jail': ({ tools, packages }) =>
    jail(tools, packages.folder, `${packages.folder}/native/build/Release/sockscope.node`),
};

describe.skipIf(missing !== undefined)(`the doctor in restricted places ${missing ?? ''}`, () => {
  let scene: PlaceScene;
  beforeAll(async () => {
    scene = await startPlaceScene();
  });
  afterAll(() => scene?.stop());

  it.each(Object.entries(PLACES))('%s', async (_, placeIn) => {
    const place = placeIn(scene);
    const [json, text] = await scene.sockscope(place, ['doctor', '--json'], ['doctor']);
    expect(json!.stderr).toBe('');
    expect([0, 1]).toContain(json!.status);
    const words = JSON.stringify(JSON.parse(json!.stdout));
    const { abilities } = await scene.answers(place);
    for (const [subject, { source }] of Object.entries(abilities)) {
      expect(words).toContain(`"${subject}"`);
      // The command may find owners by BPF where the library is not asked to.
      if (subject !== 'owners') expect(words).toContain(`"${source}"`);
      expect(text!.stdout).toContain(subject);
    }
    expect([0, 1]).toContain(text!.status);
    expect(text!.stdout).not.toMatch(/\n +at /);
  });
});
