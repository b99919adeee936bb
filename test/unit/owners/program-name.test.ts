import { describe, expect, it } from 'vitest';
import { programName } from '../../../src/owners/program-name.ts';

const nameOf = (commandLine: string) =>
  Buffer.from(programName(Buffer.from(commandLine, 'latin1'))).toString('latin1');

describe('the name of a program', () => {
  // Each as the installed netstat prints it, but for its cut at 19 bytes.
  it.each([
    ['/usr/local/bin/very-long-program-name-here\0-x\0', 'very-long-program-name-here'],
    ['/opt/My App/bin/My Prog/x y\0', 'x y'],
    ['node\0/srv/app.js\0', 'node'],
    ['./a/b/c\0', './a/b/c'],
    ['/usr/bin/\0', ''],
    ['', ''],
    ['\0second\0', ''],
    ['/usr/bin/perl -w /x/y/z.pl', 'z.pl'],
    ['sshd: root@pts/0', 'sshd: root@pts/0'],
    ['//x//y z/w', 'w'],
    ['/', ''],
    ['nginx: worker process\0\0\0', 'nginx: worker process'],
    ['/bin/\x1b[31mred\n\0', '\x1b[31mred\n'],
    ['/bin/\xff\xfe\0', '\xff\xfe'],
  ])('of %j is %j', (commandLine, name) => {
    expect(nameOf(commandLine)).toBe(name);
  });

  it('comes from the first 511 bytes', () => {
    expect(nameOf(`/${'d'.repeat(509)}/name\0`)).toBe('');
    expect(nameOf(`/${'d'.repeat(507)}/name\0`)).toBe('na');
    expect(nameOf('x'.repeat(600))).toHaveLength(511);
  });

  it('is a copy', () => {
    const buffer = Buffer.from('/bin/cat\0');
    const name = programName(buffer);
    buffer.fill(0);
    expect(Buffer.from(name).toString()).toBe('cat');
  });
});
