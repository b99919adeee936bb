import type { ShowTable } from './modes.ts';

export const showInterfaces: ShowTable = async (_request, { say, program }) => {
  say(`${program}: -i is not there yet\n`);
  return 1;
};
