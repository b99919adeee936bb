import type { ShowTable } from './modes.ts';

export const showNat: ShowTable = async (_request, { say, program }) => {
  say(`${program}: -M is not there yet\n`);
  return 1;
};
