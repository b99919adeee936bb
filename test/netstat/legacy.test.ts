import { describe, expect, it } from 'vitest';
import { requirement } from '../requirements.ts';
import { compare } from './synthetic-comparison.ts';
import { LEGACY_DEPARTURES, LEGACY_HOSTS } from './synthetic-legacy.ts';
import { netstat, runOn, sockscope, unprivileged } from './synthetic-proc.ts';

const missing = requirement('netns', 'netstat', 'setpriv', 'dist');

const FAMILIES = ['--ipx', '--ax25', '--x25', '--netrom', '--rose'];

describe.skipIf(missing !== undefined)(
  `the families that Linux has given up beside netstat ${missing ?? ''}`,
  () => {
    it.each(LEGACY_HOSTS)('%s', { timeout: 30_000 }, (_, host) => {
      compare(host, [...FAMILIES, '--x25 -a', '--ipx -e', '-v', '', FAMILIES.join(' ')]);
    });

    it('beside options that change nothing, or little', { timeout: 60_000 }, () => {
      const [, host] = LEGACY_HOSTS[0]!;
      compare(
        host,
        FAMILIES.flatMap((family) =>
          ['-n', '-l', '-al', '-eeopW', '-vN', '--numeric-users -e'].map((flags) => `${family} ${flags}`),
        ),
      );
      compare(
        { ...host, etc: { passwd: 'root:x:0:0::/:/bin/sh\naverylongusername:x:1000:0::/:/bin/sh\n' } },
        ['--ipx -e', '--ipx -ne'],
      );
    });

    it('where the files may not be read', { timeout: 30_000 }, () => {
      const [, host] = LEGACY_HOSTS[0]!;
      const shut = (line: readonly string[]) => [
        'sh',
        '-c',
        'chmod 0 /proc/net/[anrx]* /proc/net/ipx; exec "$@"',
        'sh',
        ...unprivileged(line),
      ];
      const lines = [...FAMILIES, '--ax25 --ipx', '-v', '-4'].map((line) => line.split(' '));
      const outcomes = runOn(host, [
        ...lines.map((line) => shut(netstat(line))),
        ...lines.map((line) => shut(sockscope(line))),
      ]);
      for (const [index, line] of lines.entries()) {
        expect(outcomes[lines.length + index], line.join(' ')).toEqual(outcomes[index]);
      }
    });

    it.each(LEGACY_DEPARTURES)('departs where netstat prints what is in memory: $ours', (departure) => {
      const { option, net, ours: line, theirs: odd } = departure;
      const [theirs, ours] = runOn({ net }, [netstat([option]), sockscope([option])]);
      const linesOf = ({ stdout }: { stdout: string }): string[] => stdout.split('\n').slice(2, -1);
      expect(ours).toMatchObject({ stderr: '', code: 0 });
      expect(linesOf(ours!).at(-1)).toBe(line);
      const last = linesOf(theirs!).at(-1);
      if (typeof odd === 'string') expect(last).toBe(odd);
      else expect(last).toMatch(odd);
    });
  },
);
