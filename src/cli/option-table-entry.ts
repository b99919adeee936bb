/** What an argument is, for who completes it. */
export type ArgumentKind = 'words' | 'file' | 'directory' | 'group' | 'interface' | 'command' | 'seconds';

export interface OptionArgument {
  /** As usage and manual call it: `IFACE`. */
  readonly name: string;
  readonly kind: ArgumentKind;
  /** What it may be, where `kind` is `words`. */
  readonly words?: readonly string[];
  /** It takes several words, by commas. */
  readonly isList?: boolean;
  /**
   * `name`: it may be left out, and stands behind the equals sign of the long name alone; `operand`: so, or as the next
   * word after the letter. Absent: it is required.
   */
  readonly optional?: 'name' | 'operand';
}

/** Where usage and manual have an option. */
export type OptionGroup = 'show' | 'sockets' | 'columns' | 'names' | 'repeating' | 'answers' | 'command';

/**
 * One option. In `text` what stands in backquotes is literal: an option (`-p`), a path, a word to be typed, an argument
 * (`IFACE`), an environment variable.
 */
export interface OptionEntry {
  /** The letter; absent where there are names alone. */
  readonly letter?: string;
  /** Long names of one meaning, the usual one first. */
  readonly names: readonly string[];
  readonly argument?: OptionArgument;
  /** For usage and completions: a line without a full stop. */
  readonly meaning: string;
  /** For the manual: sentences. */
  readonly text: string;
  readonly group: OptionGroup;
  /** Who has it: netstat (the arguments of `-i` and `-c` are ours even so), or we alone. */
  readonly origin: 'netstat' | 'own';
  /** Usage names it in a row with others, without its meaning. */
  readonly inBrief?: true;
  /** Given again it means more. */
  readonly addsUp?: true;
}

/** A word in front that makes the command another one. */
export interface Subcommand {
  readonly name: string;
  readonly meaning: string;
  readonly text: string;
  readonly options: readonly SubcommandOption[];
  /** What may follow two dashes. */
  readonly command?: OptionArgument;
  /** What may stand without an option in front, instead of a command. */
  readonly operand?: OptionArgument;
}

export interface SubcommandOption
  extends Pick<OptionEntry, 'letter' | 'names' | 'argument' | 'meaning' | 'text'> {
  readonly isRequired?: true;
  /** It asks for the usage, and stands with no other. */
  readonly isHelp?: true;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly text: string;
  /** The option that it stands for. */
  readonly option?: string;
}
