import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPTIONS } from '../../src/cli/option-table.ts';
import { OWNER_SCANS } from '../../src/owners/owner-scan.ts';
import { HOST_OPTIONS } from '../../src/request/host-options.ts';
import { REQUEST_OPTIONS } from '../../src/request/request.ts';
import { NO_OWNER } from '../../src/table/owners.ts';
import { document, ROOT, tableOf } from './document.ts';

const readme = document('README.md');
const firstWords = (heading: string): string[] =>
  tableOf(readme, heading).map(([cell]) => /`([^`]+)`/.exec(cell!)![1]!);
const pkg = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('tables of the README', () => {
  it('have every option of a host', () => {
    expect(firstWords('`openHost` option')).toEqual([...HOST_OPTIONS]);
  });

  it('have every option of a scan', () => {
    expect(firstWords('`scan` / `batches` option')).toEqual([...REQUEST_OPTIONS]);
  });

  it('have every owner scan', () => {
    expect(firstWords('owner scan').sort()).toEqual([...OWNER_SCANS].sort());
  });

  it('have every option of the command that netstat lacks', () => {
    const own = OPTIONS.filter(({ origin }) => origin === 'own').map(({ letter, names }) =>
      names[0] ? `--${names[0]}` : `-${letter}`,
    );
    const cells = tableOf(readme, 'own option').map(([cell]) => cell!.match(/--?[\w-]+/g)!);
    expect(own.filter((option) => !cells.some((words) => words.includes(option)))).toEqual([]);
  });
});

describe('the matrix of what is supported', () => {
  const rows = ['Linux', 'what it runs on'].flatMap((heading) => tableOf(readme, heading));

  it('says of each row how far, in words that are explained', () => {
    const marks = new Set(rows.map((row) => row[2]!));
    expect([...marks].filter((mark) => !readme.text.includes(`*${mark}*:`))).toEqual([]);
  });

  it('calls the Node.js tested that the tests run on', () => {
    const major = process.versions.node.split('.')[0]!;
    const own = rows.find(([cell]) => new RegExp(`^Node\\.js (.*\\b)?${major}\\b`).test(cell!));
    expect(own?.[2]).toBe('tested');
  });
});

describe('lists of the README', () => {
  it('have every table of a host', () => {
    const text = readFileSync(join(ROOT, 'src/host-tables.ts'), 'utf8').split(
      'export interface HostTables {',
    )[1]!;
    const names = [...text.split('\n}')[0]!.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1]!);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !readme.text.includes(`await host.${name}(`))).toEqual([]);
  });

  it('have every reason for which a socket has no owner', () => {
    const reasons = NO_OWNER.filter((word) => word !== 'none');
    expect(reasons.filter((reason) => !readme.text.includes(`\`${reason}\``))).toEqual([]);
  });

  it('have the oldest Node.js that package.json admits', () => {
    expect(pkg.engines.node).toMatch(/^>=20\.19/);
    expect(readme.text).toContain(`Node.js >= ${/[\d.]+?(?=\.0$)/.exec(pkg.engines.node)![0]}`);
  });
});
