import { describe, expect, it } from 'vitest';
import { getoptLong, type OptionTables } from '../../src/cli/getopt-long.ts';

const option = (name: string, value: string, takesArgument = false) => ({ name, value, takesArgument });

const tables: OptionTables = {
  letters: 'abF:?',
  names: [
    option('alpha', 'a'),
    option('alphabet', 'b'),
    option('beta', 'b'),
    option('beta-two', 'b'),
    option('file', 'F', true),
    option('filter', 'F'),
    option('gamma-one', 'g'),
    option('gamma-two', 'g'),
  ],
  furtherNames: [option('zone', 'zone', true), option('zoom', 'zoom'), option('alpine', 'alpine')],
};

/** Options as `a`, `F=value`, `--name`, `--name=value`; errors as their text. */
function parse(words: readonly string[], posixlyCorrect = false): string[] {
  return [...getoptLong(words, tables, { program: 'prog', posixlyCorrect })].map((event) => {
    if (event.kind === 'error') return event.message;
    const name = event.kind === 'letter' ? event.letter : `--${event.option.name}`;
    return event.argument === '' ? name : `${name}=${event.argument}`;
  });
}

describe('getoptLong', () => {
  it.each([
    ['nothing', [], []],
    ['bundles', ['-aba'], ['a', 'b', 'a']],
    ['an attached argument', ['-aFb'], ['a', 'F=b']],
    ['an argument in the next word', ['-aF', '-b', '-b'], ['a', 'F=-b', 'b']],
    ['two dashes as an argument', ['-F', '--', '-a'], ['F=--', 'a']],
    ['operands between options', ['x', '-a', '-', 'y', '--beta'], ['a', '--beta']],
    ['the end of the options', ['-a', '--', '-b'], ['a']],
    ['an option that is called ?', ['-?'], ['?']],
    ['names', ['--alpha', '--file=x=y', '--file', 'z'], ['--alpha', '--file=x=y', '--file=z']],
    ['an empty argument', ['--file=', '-F', ''], ['--file', 'F']],
    ['a prefix of one name', ['--filt'], ['--filter']],
    ['an exact name that is a prefix of another', ['--alpha'], ['--alpha']],
    ['a prefix of names that mean the same: the first', ['--bet', '--gam'], ['--beta', '--gamma-one']],
    ['further names', ['--zone=1', '--zoo', '--zon', '2'], ['--zone=1', '--zoom', '--zone=2']],
    ['a further name spelt out, though a prefix of it means something', ['--alpine'], ['--alpine']],
  ])('reads %s', (_, words, expected) => {
    expect(parse(words)).toEqual(expected);
  });

  it.each([
    [['-ax'], ['a', "prog: invalid option -- 'x'"]],
    [['-xa'], ["prog: invalid option -- 'x'", 'a']],
    [['-a-'], ['a', "prog: invalid option -- '-'"]],
    [['-:'], ["prog: invalid option -- ':'"]],
    [['-;'], ["prog: invalid option -- ';'"]],
    [['-aF'], ['a', "prog: option requires an argument -- 'F'"]],
    [['--file'], ["prog: option '--file' requires an argument"]],
    [['--fil=3'], ["prog: option '--fil=3' is ambiguous; possibilities: '--file' '--filter'"]],
    [['--filter=3'], ["prog: option '--filter' doesn't allow an argument"]],
    [['--beta-=3'], ["prog: option '--beta-two' doesn't allow an argument"]],
    [['--nothing=3'], ["prog: unrecognized option '--nothing=3'"]],
    [['---'], ["prog: unrecognized option '---'"]],
    [['--al'], ["prog: option '--al' is ambiguous; possibilities: '--alpha' '--alphabet'"]],
    [['--zo'], ["prog: option '--zo' is ambiguous; possibilities: '--zone' '--zoom'"]],
    [
      ['--='],
      [
        "prog: option '--=' is ambiguous; possibilities: '--alpha' '--alphabet' '--beta' '--beta-two' '--file' '--filter' '--gamma-one' '--gamma-two'",
      ],
    ],
  ])('answers %j with %j', (words, expected) => {
    expect(parse(words)).toEqual(expected);
  });

  it('gives operands where they are asked for', () => {
    const operand = (word: string) => ({ kind: 'error', message: `operand ${word}` }) as const;
    const words = ['x', '-a', '-', '-F', 'y', '--', '-a', 'z'];
    const parsed = [
      ...getoptLong(words, { ...tables, operand }, { program: 'prog', posixlyCorrect: false }),
    ].map((event) => (event.kind === 'error' ? event.message : event.kind));
    expect(parsed).toEqual(['operand x', 'letter', 'operand -', 'letter', 'operand -a', 'operand z']);
  });

  it('stops at the first operand where POSIX is to be followed', () => {
    expect(parse(['-a', '-F', 'x', '-b', 'operand', '-a'], true)).toEqual(['a', 'F=x', 'b']);
    expect(parse(['-a', '-', '-b'], true)).toEqual(['a']);
  });
});
