import type { OptionArgument, Subcommand, SubcommandOption } from './option-table-entry.ts';

/** An argument as a synopsis has it: `[IFACE]`, `FAMILY[,FAMILY...]`. */
export function argumentText({ name, isList, optional }: OptionArgument): string {
  const text = isList === true ? `${name}[,${name}...]` : name;
  return optional === undefined ? text : `[${text}]`;
}

/** A subcommand as a line of usage has it, flags bundled: `delta [-is] [-I IFACE] [SECONDS | -- COMMAND ...]`. */
export function synopsis({ name, options, command, operand }: Subcommand): string {
  const shown = options.filter(({ isHelp }) => !isHelp);
  const isFlag = ({ argument }: SubcommandOption): boolean =>
    argument === undefined ||
    argument.optional === 'name' ||
    // The argument of `-c` is the operand.
    (argument.optional === 'operand' && operand !== undefined);
  const flags = shown.filter((option) => option.letter !== undefined && isFlag(option));
  const words = flags.length === 0 ? [] : [`[-${flags.map(({ letter }) => letter).join('')}]`];
  for (const option of shown.filter((other) => !flags.includes(other))) {
    const { letter, names, argument, isRequired } = option;
    const typed = letter === undefined ? `--${names[0]}` : `-${letter}`;
    const whole = argument === undefined ? typed : `${typed} ${argumentText(argument)}`;
    words.push(isRequired ? whole : `[${whole}]`);
  }
  const rest = operand === undefined ? [] : [operand.name];
  if (command !== undefined) rest.push(`-- ${command.name} ...`);
  if (rest.length > 0) words.push(`[${rest.join(' | ')}]`);
  return [name, ...words].join(' ');
}
