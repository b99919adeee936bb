import { fileURLToPath } from 'node:url';

/** The checkout, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What scripts/api/ exports: see there. */
export interface ReportTools {
  apiFiles(root: string): Promise<{ files: Record<string, string>; faults: string[] }>;
  declarationReport(root: string): { text: string; faults: string[] };
  agreementFaults(committed: string, fresh: string): string[];
  schemaFaults(committed: string, fresh: string): string[];
  documentShapes(root: string): Map<string, Shape>;
  keyLines(shape: Shape): string[];
  misfits(shape: Shape, value: unknown, seen: Set<string>): string[];
}

export type Shape = object;

/** They are plain JavaScript. */
export async function reportTools(): Promise<ReportTools> {
  const files = ['files', 'declarations', 'addon', 'json', 'json-shapes', 'json-keys'];
  const modules = await Promise.all(files.map((file) => import(`${ROOT}/scripts/api/${file}.mjs`)));
  return Object.assign({}, ...modules);
}
