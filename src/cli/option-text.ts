import type { OptionArgument, Subcommand } from './option-table-entry.ts';

/** An argument as a synopsis has it: `[IFACE]`, `FAMILY[,FAMILY...]`. */
export function argumentText({ name, isList, optional }: OptionArgument): string {
  const text = isList === true ? `${name}[,${name}...]` : name;
  return optional === undefined ? text : `[${text}]`;
}

/** A subcommand as a line of usage has it, flags bundled: `delta [-is] [-I IFACE] [--json] [-- COMMAND ...]`. */
export function synopsis({ name, options, command }: Subcommand): string {
  const shown = options.filter(({ isHelp }) => !isHelp);
  const flags = shown.filter(({ letter, argument }) => letter !== undefined && argument === undefined);
  const words = flags.length === 0 ? [] : [`[-${flags.map(({ letter }) => letter).join('')}]`];
  for (const option of shown.filter((other) => !flags.includes(other))) {
    const { letter, names, argument, isRequired } = option;
    const typed = letter === undefined ? `--${names[0]}` : `-${letter}`;
    const whole = argument === undefined ? typed : `${typed} ${argumentText(argument)}`;
    words.push(isRequired ? whole : `[${whole}]`);
  }
  if (command !== undefined) words.push(`[-- ${command.name} ...]`);
  return [name, ...words].join(' ');
}
