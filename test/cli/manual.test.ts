import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../scripts/manual/manual-facts.ts';
import { OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { parsePinWords } from '../../src/cli/pin-words.ts';
import { requirement } from '../requirements.ts';

const page = fileURLToPath(new URL('../../man/sockscope.1', import.meta.url));
const missing = requirement('mandoc');

function mandoc(...words: string[]) {
  const { status, stdout, stderr } = spawnSync('mandoc', [...words, page], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.skipIf(missing)(`the manual${missing ? ` (${missing})` : ''}`, () => {
  it('is clean', () => {
    expect(mandoc('-Tlint', '-Wall')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('fits a terminal of 80 columns', () => {
    const { stdout } = mandoc('-Tutf8', '-Owidth=78');
    const lines = stdout.replaceAll(/.\x08/g, '').split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('reads as it should', () => {
    const { status, stdout, stderr } = mandoc('-Tutf8', '-Owidth=100');
    expect([status, stderr]).toEqual([0, '']);
    // A character, a backspace and the character again: bold; an underscore and a backspace: underlined.
    const text = stdout.replaceAll(/.\x08/g, '');
    expect(text.match(/^[A-Z][A-Z ]+$/gm)).toEqual([
      ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'SUBCOMMANDS', 'OUTPUT', 'ENVIRONMENT', 'FILES'],
      ...['EXIT STATUS', 'EXAMPLES', 'DIAGNOSTICS', 'SEE ALSO', 'STANDARDS', 'HISTORY', 'CAVEATS'],
    ]);
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines).toContain('sockscope pin --group=GROUP [--path=FILE]');
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain(
      'sockscope delta [-stuwUS46] [-i] [-I IFACE] [-c [SECONDS]] [--json] [--proc=DIR] [SECONDS | -- COMMAND ...]',
    );
    expect(lines).toContain('sockscope layers [-n] [--json] [--proc=DIR]');
    expect(lines).toContain('sockscope doctor [--json] [--proc=DIR] [--source=SOURCE] [--owners=SCAN]');
    expect(lines).toContain('-A FAMILY[,FAMILY ...], --protocol=FAMILY[,FAMILY ...]');
    expect(lines).toContain('-c [SECONDS], --continuous[=SECONDS]');
    expect(lines).toContain('-i, --interfaces[=IFACE]');
    expect(text).not.toContain('`-');
    for (const { letter, names } of OPTIONS) {
      const ways = [...(letter === undefined ? [] : [`-${letter}`]), ...names.map((name) => `--${name}`)];
      const heads = lines.filter((line) => line.startsWith(ways[0]!));
      expect(
        heads.filter((head) => ways.every((way) => head.includes(way))),
        ways.join(),
      ).not.toEqual([]);
    }
  });
});

describe("the manual's examples", () => {
  it.each(EXAMPLES.map(([line]) => line))('%s makes sense', (line) => {
    const [program, ...words] = line.split(' ');
    expect(program).toBe('sockscope');
    const verb = words[0]!;
    if (verb === 'pin' || verb === 'unpin') {
      expect(parsePinWords(verb, words.slice(1), 'sockscope').kind).toBe('request');
    } else if (verb.startsWith('-')) {
      const context = { program: 'sockscope', environment: {}, selinuxEnabled: () => false };
      expect(parseCommandLine(words, context)).toMatchObject({ notices: [], outcome: { kind: 'request' } });
    } else {
      expect(SUBCOMMANDS.map(({ name }) => name)).toContain(verb);
    }
  });
});
