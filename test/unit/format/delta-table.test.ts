import { expect, it } from 'vitest';
import { deltaText } from '../../../src/format/delta-table.ts';

it('has room for as many lines as there are interfaces', () => {
  const changes = [{ name: 'rxPackets', kind: 'counted', difference: 3n } as const];
  const interfaces = Array.from({ length: 200_000 }, (_, index) => ({
    name: `d${index}`,
    kind: 'stayed' as const,
    changes,
  }));
  const text = deltaText({
    seconds: 1,
    command: undefined,
    protocols: [],
    interfaces,
    missingInterface: undefined,
  });
  expect(text.match(/\n {4}\+3/g)).toHaveLength(200_000);
});
