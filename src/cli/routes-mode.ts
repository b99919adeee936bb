import type { ShowTable } from './modes.ts';

export const showRoutes: ShowTable = async (_request, { say, program }) => {
  say(`${program}: -r is not there yet\n`);
  return 1;
};
