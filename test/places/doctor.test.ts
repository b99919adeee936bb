import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subcommandOf } from '../../src/cli/subcommands.ts';
import type { DoctorReport } from '../../src/doctor/report.ts';
import type { TableName } from '../../src/kernel-tables/table-abilities.ts';
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
import { type Answers, missingFor, type PlaceScene, startPlaceScene } from './place-scene.ts';
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
    // As the library has it where nobody asks for BPF.
    const owners = '--owners=procfd';
    const [json, text] = await scene.sockscope(place, ['doctor', '--json', owners], ['doctor', owners]);
    expect([json!.stderr, text!.stderr]).toEqual(['', '']);
    const report = JSON.parse(json!.stdout) as DoctorReport;
    const answers = await scene.answers(place, { owners: ['procfd'] });
    expectSocketsAsTold(report, answers);
    expectTablesAsTold(report, answers);
    expect([json!.status, text!.status]).toEqual(report.answersAll ? [0, 0] : [1, 1]);
    expectScreen(text!.stdout, report);
  });
});

/** The library says the same, and a scan goes by what it says, or fails where it says nothing does. */
function expectSocketsAsTold(
  { abilities, unanswered }: DoctorReport,
  { abilities: own, scans, owned }: Answers,
): void {
  expect(sourcesOf(abilities)).toEqual(sourcesOf(own));
  for (const [protocol, used] of Object.entries(scans)) {
    const { source } = abilities[protocol]!;
    if (source === 'none') expect([protocol, used]).toEqual([protocol, expect.objectContaining(UNAVAILABLE)]);
    else expect([protocol, used]).toEqual([protocol, { [protocol]: source }]);
    if (source !== 'none') expect(unanswered).not.toContain(protocol);
  }
  if (unanswered.includes('tcp')) expect(owned).toMatchObject(UNAVAILABLE);
  else if (unanswered.includes('owners')) expect(owned.sources?.owners).not.toBe('procfd');
  else expect(owned.sources).toEqual({ tcp: abilities.tcp!.source, owners: abilities.owners!.source });
}

/** What is told of is answered, of its source where that is told; and what is not, is not. */
function expectTablesAsTold({ tables, unanswered }: DoctorReport, answers: Answers): void {
  expect(sourcesOf(tables)).toEqual(sourcesOf(answers.tables));
  for (const name of Object.keys(tables) as TableName[]) {
    const { source, absent } = tables[name]!;
    const answer = answers[name];
    expect([name, unanswered.includes(name)]).toEqual([name, source === 'none' && !absent]);
    if (source !== 'none')
      expect([name, answer]).toEqual([name, expect.objectContaining({ size: expect.any(Number) })]);
    else if (!absent)
      expect([name, answer]).toEqual([name, expect.objectContaining({ message: expect.any(String) })]);
    if ('source' in answer) expect([name, answer.source]).toEqual([name, source]);
  }
}

/** The heading says whether all is answered, and a line of what is used names each subject. */
function expectScreen(screen: string, { answersAll, unanswered, abilities, tables }: DoctorReport): void {
  const [verdict] = screen.replaceAll(/\n(?=\S)/g, ' ').split('\n');
  if (answersAll) expect(verdict).toMatch(/^Every question has an answer here/);
  else expect(verdict).toMatch(new RegExp(`^Not to be told here: ${unanswered.join(', ')}\\.`));
  const used = /\nREAD BY\n((?: {2}.*\n)+)/.exec(screen)![1]!;
  for (const subject of Object.keys({ ...abilities, ...tables })) expect(used).toContain(subject);
  expect(screen).not.toMatch(/\n +at /);
}

const UNAVAILABLE = { code: 'ERR_SOURCE_UNAVAILABLE' };

function sourcesOf(abilities: Readonly<Record<string, { readonly source: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(abilities).map(([subject, { source }]) => [subject, source]));
}
