import { OWNER_SCANS } from '../owners/owner-scan.ts';
import { SOURCES } from '../source/source.ts';
import type { OptionEntry } from './option-table-entry.ts';

/** Where answers come from; the command itself. */
export const ANSWER_OPTIONS: readonly OptionEntry[] = [
  {
    names: ['source'],
    argument: { name: 'SOURCE', kind: 'words', words: [...SOURCES, 'auto'] },
    meaning: 'read by netlink, from procfs, or auto: the best for each protocol',
    text: `Read sockets by \`netlink\`, which asks the kernel through \`NETLINK_SOCK_DIAG\`; from \`procfs\`, which reads
      \`/proc/net\` as text; or by \`auto\`, the default: netlink for each protocol that it can be had for, else procfs. A
      source that is named is never replaced by the other: where it cannot be had that is an error.`,
    group: 'answers',
    origin: 'own',
  },
  {
    names: ['owners'],
    argument: { name: 'SCAN', kind: 'words', words: [...OWNER_SCANS, 'auto', 'none'] },
    meaning: 'look for -p by bpf, bpf-pinned (pin made it), procfd, auto, or none',
    text: `Find owners for \`-p\` by \`bpf\`, a program in the kernel, which takes the capabilities \`CAP_BPF\` and
      \`CAP_PERFMON\`, or root; by \`bpf-pinned\`, what \`pin\` has made, which every member of its group may use; by
      \`procfd\`, the links in \`/proc\`, which everybody may do for the own processes; by \`auto\`, the default: the first
      of these that can be had; or by \`none\`, so that nobody is looked for. One that is named and cannot be had is an
      error. With \`procfd\` and \`none\` no BPF program is loaded for anything, long listings of TCP sockets included.`,
    group: 'answers',
    origin: 'own',
  },
  {
    names: ['proc'],
    argument: { name: 'DIR', kind: 'directory' },
    meaning: "the process file system to read, such as a container's of its host",
    text: `Read the process file system that is mounted at \`DIR\`, such as a container's view of its host: sockets are
      those of its process 1. Where \`DIR\` shows another network namespace netlink is passed over, since it answers for
      the own one.`,
    group: 'answers',
    origin: 'own',
  },
  {
    names: ['threads'],
    argument: { name: 'NUMBER', kind: 'words', words: ['1', '2', 'auto'] },
    meaning: 'threads that read from the kernel: 1, 2, or auto (default)',
    text: `Read with so many threads. By default, \`auto\`, they are as many as there are cores for: two at the most for
      sockets, eight for the walk over descriptors.`,
    group: 'answers',
    origin: 'own',
  },
  {
    letter: 'v',
    names: ['verbose'],
    meaning: 'name what this kernel does not have',
    text: `Name the families and protocols that this kernel does not have, where nothing was asked for by name.`,
    group: 'command',
    origin: 'netstat',
  },
  {
    letter: 'h',
    names: ['help'],
    meaning: 'this text',
    text: `Print the usage to standard output.`,
    group: 'command',
    origin: 'netstat',
  },
  {
    letter: 'V',
    names: ['version'],
    meaning: "the version, and whose netstat's output this is",
    text: `Print the version, and the version of net-tools that options and output follow.`,
    group: 'command',
    origin: 'netstat',
  },
  {
    letter: '?',
    names: [],
    meaning: 'this text as after a mistake: on standard error, status 3',
    text: `Print the usage to standard error, and end with status 3, as after a mistake.`,
    group: 'command',
    origin: 'netstat',
  },
  {
    letter: 'd',
    names: [],
    meaning: 'without effect, as in netstat',
    text: `Without effect. netstat takes it, too.`,
    group: 'command',
    origin: 'netstat',
  },
];
