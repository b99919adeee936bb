import { OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type { OptionEntry, SubcommandOption } from '../../src/cli/option-table-entry.ts';

/** An option as the shells see it. */
export type Completed = SubcommandOption & Pick<OptionEntry, 'addsUp'>;

/** The options by the word in front: none, for the command without a subcommand, comes first. */
export const COMPLETED: ReadonlyMap<string, readonly Completed[]> = new Map([
  ['', OPTIONS],
  ...SUBCOMMANDS.map(({ name, options }) => [name, options] as const),
]);

/** The subcommands that run a command behind two dashes. */
export const RUNNERS: readonly string[] = SUBCOMMANDS.flatMap(({ name, command }) =>
  command === undefined ? [] : name,
);

export const MADE_BY = '# Made by scripts/manual.mjs from src/cli/option-table.ts: change that, not this.';

/** `'text'`, for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Whether the argument may stand in the next word. */
export function takesNextWord({ argument }: Completed): boolean {
  return argument !== undefined && argument.optional === undefined;
}
