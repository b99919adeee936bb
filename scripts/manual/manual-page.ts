import { ENVIRONMENT, MANUAL_DATE, OPTION_GROUPS, OPTIONS, SUBCOMMANDS } from '../../src/cli/option-table.ts';
import type {
  OptionArgument,
  OptionEntry,
  OptionGroup,
  Subcommand,
  SubcommandOption,
} from '../../src/cli/option-table-entry.ts';
import { CAVEATS, DIAGNOSTICS, EXAMPLES, FILES, SEE_ALSO, STATUSES } from './manual-facts.ts';
import { display, list, literal, macro, paragraph } from './mdoc.ts';
import { OTHER_TABLES, type OutputTable, SOCKET_TABLES } from './output-tables.ts';

/** The manual page, in mdoc(7). */
export function manualPage(): string {
  const lines = [
    '.\\" Made by scripts/manual.mjs from src/cli/option-table.ts: change that, not this.',
    macro('Dd', MANUAL_DATE),
    '.Dt SOCKSCOPE 1',
    '.Os',
    '.Sh NAME',
    '.Nm sockscope',
    '.Nd every socket of this host, and who owns it',
    ...section('SYNOPSIS', synopsisLines()),
    ...section('DESCRIPTION', description()),
    ...section('OPTIONS', options()),
    ...section('SUBCOMMANDS', SUBCOMMANDS.flatMap(subcommand)),
    ...section('OUTPUT', output()),
    ...section('ENVIRONMENT', tagged(ENVIRONMENT.map(({ name, text }) => [`Ev ${name}`, text]))),
    ...section('FILES', tagged(FILES.map(([path, text]) => [`Pa ${literal(path)}`, text]))),
    ...section('EXIT STATUS', tagged(STATUSES.map(([status, text]) => [status, text]))),
    ...section(
      'EXAMPLES',
      EXAMPLES.flatMap(([words, text], place) => [
        ...(place === 0 ? [] : ['.Pp']),
        ...paragraph(text),
        ...display([words]),
      ]),
    ),
    ...section(
      'DIAGNOSTICS',
      list(
        '-diag',
        DIAGNOSTICS.map(([message, text]) => [literal(message), paragraph(text)]),
      ),
    ),
    ...section('SEE ALSO', seeAlso()),
    ...section('STANDARDS', paragraph(STANDARDS)),
    ...section('HISTORY', paragraph(HISTORY)),
    ...section('CAVEATS', caveats()),
  ];
  return `${lines.join('\n')}\n`;
}

const STANDARDS = `Options, output, messages and exit status follow the netstat of net-tools 2.10, for Linux. No formal standard
  has a netstat.`;
const HISTORY = `netstat is a command of 4.2BSD; the one of net-tools was written for Linux in the 1990s. This is not made of its
  text, but of what it prints.`;

function section(title: string, lines: readonly string[]): string[] {
  return [`.Sh ${title}`, ...lines];
}

function synopsisLines(): string[] {
  return ['.Nm', '.Op Ar option ...', ...SUBCOMMANDS.flatMap(subcommandSynopsis)];
}

function subcommandSynopsis({ name, options: all, command, operand }: Subcommand): string[] {
  const shown = all.filter(({ isHelp }) => !isHelp);
  const flags = shown.filter(({ letter, argument }) => letter !== undefined && argument === undefined);
  const rest = operand === undefined ? [] : [`Ar ${operand.name}`];
  if (command !== undefined) rest.push(`Fl \\- Ar ${command.name} ...`);
  return [
    '.Nm',
    `.Cm ${name}`,
    ...(flags.length === 0 ? [] : [`.Op Fl ${flags.map(({ letter }) => letter).join('')}`]),
    ...shown
      .filter((option) => !flags.includes(option))
      .map((option) => `.${option.isRequired ? '' : 'Op '}${head(option, 'first')}`),
    ...(rest.length === 0 ? [] : [`.Op ${rest.join(' | ')}`]),
  ];
}

function description(): string[] {
  return [
    '.Nm',
    ...paragraph(`lists the sockets of this host, and shows routes, interfaces, multicast groups, counters and translated
      connections, with the options, the output, the messages and the exit status of netstat. Where the kernel can be asked
      through netlink it is, and its tables in \`/proc/net\` are read as text where it cannot.`),
    '.Pp',
    ...paragraph(`Without options it shows sockets that have a peer, of every family that the kernel has. Options may be
      bundled, and stand before, between and behind operands; operands are passed over, except for a number, which is the
      period of \`-c\`. A long option may be cut short as long as it stays clear which it is. \`-r\`, \`-i\`, \`-s\` and \`-M\`
      exclude one another, and may be given once.`),
    '.Pp',
    ...paragraph(`Called by the name \`netstat\`, through a symbolic link, the command is netstat alone: subcommands, and the
      options that are marked as not netstat's below, do not exist there.`),
  ];
}

function options(): string[] {
  return (Object.keys(OPTION_GROUPS) as OptionGroup[]).flatMap((group) => {
    const entries = OPTIONS.filter((option) => option.group === group);
    return [
      `.Ss ${OPTION_GROUPS[group]}`,
      ...list(
        '-tag -width Ds',
        entries.map((entry) => [head(entry, 'all'), optionText(entry)]),
      ),
    ];
  });
}

function optionText({ text, argument, origin }: OptionEntry): string[] {
  const words =
    argument?.words === undefined || argument.isList !== true
      ? ''
      : ` \`${argument.name}\` is one of ${argument.words.map((word) => `\`${word}\``).join(', ')}.`;
  return paragraph(`${text}${words}${origin === 'own' ? " Not netstat's." : ''}`);
}

/** `Fl A , Fl \-protocol Ns = Ns Ar FAMILY`, without the dot. */
function head(
  option: Pick<SubcommandOption, 'letter' | 'names' | 'argument'>,
  which: 'all' | 'first',
): string {
  const { letter, names, argument } = option;
  const typed = [
    ...(letter === undefined ? [] : [letterHead(letter, argument)]),
    ...names.map((name) => nameHead(name, argument)),
  ];
  return which === 'all' ? typed.join(' , ') : typed[0]!;
}

function letterHead(letter: string, argument: OptionArgument | undefined): string {
  const flag = `Fl ${literal(letter)}`;
  if (argument === undefined || argument.optional === 'name') return flag;
  if (argument.optional === 'operand') return `${flag} Oo Ar ${argument.name} Oc`;
  return `${flag} ${argumentHead(argument)}`;
}

function nameHead(name: string, argument: OptionArgument | undefined): string {
  const flag = `Fl \\-${literal(name)}`;
  if (argument === undefined) return flag;
  return argument.optional === undefined
    ? `${flag} Ns = Ns ${argumentHead(argument)}`
    : `${flag} Ns Oo = Ns Ar ${argument.name} Oc`;
}

function argumentHead({ name, isList }: OptionArgument): string {
  return isList === true ? `Ar ${name} Ns Oo , Ns Ar ${name} ... Oc` : `Ar ${name}`;
}

function subcommand({ name, text, options: entries, command, operand }: Subcommand): string[] {
  const items = entries.map((entry) => [head(entry, 'all'), paragraph(entry.text)] as const);
  if (operand !== undefined) items.push([`Ar ${operand.name}`, paragraph(OPERAND_TEXT)]);
  if (command !== undefined) {
    items.push([`Fl \\- Ar ${command.name} ...`, paragraph(COMMAND_TEXT)]);
  }
  return [`.Ss ${name}`, ...paragraph(text), ...list('-tag -width Ds', items)];
}

const OPERAND_TEXT = 'How long counters are watched where there is no command: a second if it is not said.';
const COMMAND_TEXT = 'The command to run, and its arguments.';

function output(): string[] {
  return [
    ...paragraph(`Widths count bytes. What is longer than its column pushes the rest of the row to the right, unless it is said
      here that it is cut.`),
    ...[...SOCKET_TABLES, ...OTHER_TABLES].flatMap(outputTable),
    '.Ss JSON',
    ...paragraph(JSON_TEXT),
  ];
}

const JSON_TEXT = `With \`--json\` each round is one document on a line of its own: the same tables, with a member for each field
  and numbers as numbers: those of counters and cookies have up to 64 bits. The first member of each document, also of
  \`delta\` and \`layers\`, is \`schemaVersion\`. It goes up when a member goes, or changes its type or its meaning; new
  members come without.`;

function outputTable({ title, text, columns }: OutputTable): string[] {
  return [
    `.Ss ${literal(title)}`,
    ...paragraph(text),
    ...(columns.length === 0
      ? []
      : list(
          '-tag -width Ds',
          columns.map(([heading, meaning]) => [`Sy ${literal(heading)}`, paragraph(meaning)]),
        )),
  ];
}

function tagged(items: readonly (readonly [head: string, text: string])[]): string[] {
  return list(
    '-tag -width Ds',
    items.map(([head, text]) => [head, paragraph(text)]),
  );
}

/** Not `Xr`: which manuals there are is a matter of the system, and mandoc's lint asks it. */
function seeAlso(): string[] {
  return SEE_ALSO.map(([name, number], place) => {
    const comma = place < SEE_ALSO.length - 1 ? ' ,' : '';
    return `.Sy ${literal(name)} Ns No (${number})${comma}`;
  });
}

function caveats(): string[] {
  return [
    ...paragraph(
      'It departs from netstat knowingly in this, and not under the name `netstat` where it is an option:',
    ),
    ...list(
      '-bullet',
      CAVEATS.map((text) => ['', paragraph(text)]),
    ),
  ];
}
