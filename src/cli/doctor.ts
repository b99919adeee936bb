import { hostFacts, type OwnFacts } from '../doctor/host-facts.ts';
import { Outside } from '../doctor/outside.ts';
import { type DoctorReport, failureReport, reportOf } from '../doctor/report.ts';
import { writeDoctorScreen } from '../format/doctor-screen.ts';
import { jsonText } from '../format/json.ts';
import { type DoctorDocument, JSON_SCHEMA_VERSION } from '../format/json-documents.ts';
import type { LocalHost } from '../host.ts';
import { DOCTOR_USAGE, type DoctorRequest, parseDoctorWords } from './doctor-words.ts';
import { isOfTheSystem } from './errno.ts';
import type { SubcommandScene } from './subcommand-scene.ts';

type DoctorScene = Pick<
  SubcommandScene,
  'words' | 'program' | 'openHost' | 'out' | 'say' | 'version' | 'environment'
>;

/** Runs the subcommand and gives its exit status: 0 where every question has an answer here, be there a better one or not. */
export async function runDoctor(scene: DoctorScene): Promise<number> {
  const { words, program, out, say, environment } = scene;
  const outcome = parseDoctorWords(words, program, environment);
  if (outcome.kind === 'usage') {
    if (outcome.message === undefined) out.ascii(DOCTOR_USAGE);
    else say(Buffer.from(`${outcome.message}\n${DOCTOR_USAGE}`, 'latin1'));
    return outcome.message === undefined ? 0 : 3;
  }
  const report = await examine(outcome.request, scene);
  if (outcome.request.json) out.bytes(Buffer.from(`${jsonText(documentOf(report))}\n`));
  else writeDoctorScreen(out, report);
  return report.answersAll ? 0 : 1;
}

function documentOf(report: DoctorReport): DoctorDocument {
  return { schemaVersion: JSON_SCHEMA_VERSION, ...report };
}

async function examine(request: DoctorRequest, scene: DoctorScene): Promise<DoctorReport> {
  const { source, owners, procRoot } = request;
  const outside = new Outside(scene.environment);
  const own = { version: scene.version(), procRoot: procRoot ?? '/proc' };
  let host: LocalHost | undefined;
  try {
    host = scene.openHost({ source, owners, procRoot });
    const { abilities } = await host.probe();
    const tables = await host.tableAbilities();
    const netDirectory = host.proc.netDirectory();
    return reportOf(abilities, tables, hostFacts(outside, { ...own, netDirectory, addon: addonOf(host) }));
  } catch (error) {
    // Another system than Linux, for one; a defect of ours is none of the host's.
    if (!isOfTheSystem(error)) throw error;
    const { message } = error as Error;
    const addon = { path: null, reason: message };
    return failureReport(message, hostFacts(outside, { ...own, netDirectory: `${own.procRoot}/net`, addon }));
  } finally {
    await host?.close();
  }
}

function addonOf({ addon }: LocalHost): OwnFacts['addon'] {
  return 'binding' in addon ? { path: addon.path, reason: null } : { path: null, reason: addon.reason };
}
