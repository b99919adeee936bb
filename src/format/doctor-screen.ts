import type { Finding } from '../doctor/findings.ts';
import type { DoctorReport } from '../doctor/report.ts';
import type { Setting } from '../doctor/settings.ts';
import type { ByteWriter } from './byte-writer.ts';
import { factLines } from './doctor-facts.ts';
import { visible, wrapped } from './doctor-text.ts';

const WIDTH = 110;
const LABEL = 14;

/** The report for people: the verdict, what is used, what would be better and how, what is not told, the facts. */
export function writeDoctorScreen(out: ByteWriter, report: DoctorReport): void {
  const lines = [
    ...paragraph(verdictOf(report)),
    ...section('READ BY', usedLines(report)),
    ...section('NOT ANSWERED', findingLines(report, 'unanswered')),
    ...section('BETTER', findingLines(report, 'better')),
    ...section('NOT TOLD', findingLines(report, 'limit')),
    ...section('TO ENABLE', settingLines(report)),
    ...section(
      'THIS HOST',
      factLines(report.facts).flatMap(([label, text]) => labelled(label, text)),
    ),
  ];
  out.bytes(Buffer.from(lines.map((line) => `${line}\n`).join('')));
}

function verdictOf({ failure, unanswered, findings }: DoctorReport): string {
  if (failure !== null) return `Nothing can be told: ${failure}`;
  const passed = findings.filter(({ kind, needs }) => kind === 'better' && needs.length > 0);
  const better = [...new Set(passed.flatMap(({ subjects }) => subjects))];
  if (unanswered.length === 0) {
    const rest = better.length === 0 ? '' : `; there is something better for ${better.join(', ')}`;
    return `Every question has an answer here${rest}.`;
  }
  return `Not to be told here: ${unanswered.join(', ')}.`;
}

/** One line for each source, with all that it answers for. */
function usedLines({ abilities, tables }: DoctorReport): string[] {
  const bySource = new Map<string, string[]>();
  const add = (name: string, subject: string) => bySource.set(name, [...(bySource.get(name) ?? []), subject]);
  for (const [subject, { source, absent, better, largeBy }] of Object.entries({ ...abilities, ...tables })) {
    const nobodyAsked = better.length === 0 ? 'not asked' : 'nothing';
    add(source === 'none' ? (absent ? 'not there' : nobodyAsked) : source, subject);
    if (largeBy !== undefined) add(largeBy, `long ${subject} listings`);
  }
  return [...bySource].flatMap(([name, subjects]) => labelled(name, subjects.join(', ')));
}

function findingLines({ findings }: DoctorReport, kind: Finding['kind']): string[] {
  return findings.filter((finding) => finding.kind === kind).flatMap(finding);
}

function finding({ kind, subjects, source, what, reason, remedy }: Finding): string[] {
  const who = subjects.join(', ');
  const head = kind === 'limit' ? `${what} (${who})` : `${who} by ${source}`;
  const why = wrapped(`${head}: ${visible(reason)}`, WIDTH, 4);
  return remedy === null ? why : [...why, ...wrapped(`  > ${visible(remedy)}`, WIDTH, 6)];
}

const PLACES = ['docker', 'kubernetes', 'systemd', 'host'] as const;

/** In the words of the place where this process runs, as far as it shows; all of them are in the JSON. */
function settingLines({ settings, facts }: DoctorReport): string[] {
  const { kind } = facts.container;
  const place = kind === null ? 'systemd' : kind === 'kubernetes' ? 'kubernetes' : 'docker';
  return settings.flatMap((setting) => {
    const shown = PLACES.filter((one) => (one === place || one === 'host') && setting[one] !== undefined);
    const how = shown.map((one) => placeText(one, setting)).join('; or ');
    return how === '' ? [] : labelled(nameOf(setting), how, 22);
  });
}

function nameOf({ need: { kind, name } }: Setting): string {
  if (kind === 'namespace') return `${name} namespace`;
  return visible(kind === 'group' ? `group ${name}` : name);
}

function placeText(place: (typeof PLACES)[number], setting: Setting): string {
  const text = visible(setting[place] ?? '');
  if (place === 'host') return `on the host, as root: ${text}`;
  return `${place === 'kubernetes' ? 'in the pod' : place === 'systemd' ? 'in the unit' : 'docker, podman'}: ${text}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function labelled(label: string, text: string, width = LABEL): string[] {
  return wrapped(`${label.padEnd(width - 2)}  ${text}`, WIDTH, width);
}

function paragraph(text: string): string[] {
  return wrapped(visible(text), WIDTH, 0);
}
