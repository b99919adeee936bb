import { parsePinWords } from '../../src/cli/pin-words.ts';

/** What a unit of systemd may set here: as systemd.unit(5), systemd.service(5) and systemd.exec(5) have it. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  Unit: ['Description', 'Documentation', 'ConditionPathExists', 'After', 'Wants'],
  Service: ['Type', 'RemainAfterExit', 'ExecStart', 'ExecStop', 'User', 'Group', 'AmbientCapabilities'],
  Install: ['WantedBy'],
};

/** What is wrong with a unit that starts and stops this package's command. */
export function mistakesIn(lines: readonly string[]): string[] {
  const mistakes: string[] = [];
  let section = '';
  const commands: string[] = [];
  for (const line of lines.filter((one) => one !== '')) {
    const heading = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, key, value] = /^(\w+)=(.+)$/.exec(line) ?? [];
    if (heading !== undefined) section = heading;
    else if (key === undefined || !KEYS[section]?.includes(key)) mistakes.push(`[${section}] ${line}`);
    else if (key.startsWith('Exec')) commands.push(value!);
  }
  if (commands.length === 0) mistakes.push('it starts nothing');
  return [...mistakes, ...commands.filter((command) => !isPinOrUnpin(command))];
}

/** `%i` is what stands behind the unit's @. */
function isPinOrUnpin(command: string): boolean {
  const [path, verb, ...words] = command.replaceAll('%i', 'monitoring').split(' ');
  if (!path!.startsWith('/') || !path!.endsWith('/sockscope')) return false;
  if (verb !== 'pin' && verb !== 'unpin') return false;
  return parsePinWords(verb, words, 'sockscope').kind === 'request';
}
