import type { GroupChange } from '../kernel-tables/counter-changes.ts';
import { deviceFigures, type Figure, protocolFigures } from './delta-figures.ts';
import type { Delta } from './delta-table.ts';
import { jsonText } from './json.ts';
import { type DeltaDocument, JSON_SCHEMA_VERSION, type JsonGroupChange } from './json-documents.ts';

/** The report as one line of JSON; counters are digits, however many. */
export function deltaJson({ seconds, command, protocols, interfaces, missingInterface }: Delta): string {
  const report: DeltaDocument = {
    schemaVersion: JSON_SCHEMA_VERSION,
    seconds: Number(seconds.toFixed(6)),
    command,
    protocols: protocols.map((group) => groupValue(group, seconds, protocolFigures(group))),
    interfaces: interfaces.map((group) => groupValue(group, seconds, deviceFigures(group))),
    missingInterface: missingInterface && characters(missingInterface),
  };
  return `${jsonText(report)}\n`;
}

function groupValue(
  { name, kind, changes }: GroupChange,
  seconds: number,
  figures: readonly Figure[],
): JsonGroupChange {
  return {
    name: characters(name),
    kind,
    counters: changes.map((change) =>
      change.kind === 'counted' ? { ...change, perSecond: perSecond(change.difference, seconds) } : change,
    ),
    figures: Object.fromEntries(figures.map((figure) => [figure.name, figure.value])),
  };
}

function perSecond(difference: bigint, seconds: number): number | undefined {
  return seconds <= 0 ? undefined : Number((Number(difference) / seconds).toFixed(3));
}

/** Of a byte string. */
function characters(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
