import type { ShowTable } from './modes.ts';

export const showStatistics: ShowTable = async (_request, { say, program }) => {
  say(`${program}: -s is not there yet\n`);
  return 1;
};
