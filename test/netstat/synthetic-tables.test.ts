import { describe, expect, it } from 'vitest';
import { InternetTable } from '../../src/format/internet-table.ts';
import type { ListingOptions, Names } from '../../src/format/listing.ts';
import { SctpTable } from '../../src/format/sctp-table.ts';
import { UnixTable } from '../../src/format/unix-table.ts';
import { parseSctpAssociations, parseSctpEndpoints } from '../../src/kernel-tables/sctp.ts';
import { Family } from '../../src/socket/family.ts';
import { Protocol } from '../../src/socket/protocol.ts';
import type { Batch } from '../../src/table/batch.ts';
import { requirement } from '../requirements.ts';
import { batchOf, type Row } from '../unit/format/batches.ts';
import { gathered } from '../unit/format/gathered.ts';
import { ETC, INET_LINES, RICH, SCTP_ASSOCIATIONS, SCTP_ENDPOINTS, UNIX_LINES } from './synthetic-hosts.ts';
import { netstat, runOn } from './synthetic-proc.ts';
import { ownersOfInodes, PROCESSES } from './synthetic-processes.ts';
import type { InetLine, UnixLine } from './synthetic-rows.ts';

const missing = requirement('netns', 'netstat');

const WHICH = { '': 'connected', l: 'listening', a: 'all' } as const;
const INHABITED = { ...RICH, processes: PROCESSES };
const NUMERIC = ['', 'n', '--numeric-hosts', '--numeric-ports', '--numeric-users'] as const;

interface Case {
  readonly words: readonly string[];
  readonly options: ListingOptions;
  readonly names: Names;
  readonly sctpNumeric: boolean;
}

/** Every combination of what the tables are told. */
function cases(): Case[] {
  const all: Case[] = [];
  for (const [letter, which] of Object.entries(WHICH)) {
    for (const numeric of NUMERIC) {
      for (let bits = 0; bits < 16; bits++) {
        const flags = [...'Weop'].filter((_, bit) => bits & (1 << bit)).join('');
        const letters = `${letter}${flags}`;
        const words = [...(letters === '' ? [] : [`-${letters}`]), ...(numeric === 'n' ? ['-n'] : [numeric])];
        all.push({
          words: words.filter((word) => word !== ''),
          options: {
            which,
            wide: (bits & 1) !== 0,
            extend: (bits & 2) !== 0,
            timers: (bits & 4) !== 0,
            programs: (bits & 8) !== 0 ? 'lowest' : 'none',
            numericHosts: numeric === 'n' || numeric === '--numeric-hosts',
          },
          names: {
            service: numeric === 'n' || numeric === '--numeric-ports' ? undefined : serviceName,
            user: numeric === 'n' || numeric === '--numeric-users' ? undefined : userName,
          },
          sctpNumeric: numeric !== '',
        });
      }
    }
  }
  return all;
}

/** The last line wins; UDP-Lite has UDP's names, raw sockets those of protocols rather than those of services. */
function serviceName(port: number, protocol: string): string | undefined {
  const service = lastName(ETC.services, `${port}/${protocol === 'udplite' ? 'udp' : protocol}`);
  return protocol === 'raw' ? (lastName(ETC.protocols, String(port)) ?? service) : service;
}

function lastName(text: string, key: string): string | undefined {
  const lines = text.split('\n').map((line) => line.split(/[ \t]+/));
  return lines.findLast((fields) => fields[1] === key)?.[0];
}

function userName(uid: number): string | undefined {
  const users = ETC.passwd.split('\n').map((line) => line.split(':'));
  return users.find((fields) => fields[2] === String(uid))?.[0];
}

function inetBatch(protocol: keyof typeof INET_LINES): Batch {
  const [four, six] = INET_LINES[protocol];
  // One walk through the kernel's tables mixes the families.
  const mixed: Row[] = [];
  for (let i = 0; i < Math.max(four.length, six.length); i++) {
    if (six[i] !== undefined) mixed.push(inetRow(six[i]!, Protocol[protocol], Family.inet6));
    if (four[i] !== undefined) mixed.push(inetRow(four[i]!, Protocol[protocol], Family.inet));
  }
  return withOwners(batchOf(mixed));
}

function withOwners(batch: Batch): Batch {
  return batch.withOwners(ownersOfInodes([...batch.require('inode')]));
}

function inetRow(line: InetLine, protocol: number, family: number): Row {
  const {
    local,
    remote = family === Family.inet6 ? ':: 0' : '0.0.0.0 0',
    state = 1,
    ticks = 0,
    ...rest
  } = line;
  const [localAddress = '', localPort] = local.split(' ');
  const [remoteAddress = '', remotePort] = remote.split(' ');
  return {
    ...rest,
    protocol,
    family,
    state,
    local: localAddress,
    remote: remoteAddress,
    localPort: Number(localPort),
    remotePort: Number(remotePort),
    expiresMs: ticks * 10,
  };
}

/** The states of /proc/net/unix as TCP_* numbers. */
const UNIX_STATES: Readonly<Record<number, number>> = { 0: 0, 1: 7, 2: 2, 3: 1, 4: 11 };

function unixRow({ refs = 2, flags = 0, type = 1, state = 1, inode = 0, path = '' }: UnixLine): Row {
  const listens = state === 1 && (flags & 0x10000) !== 0;
  return {
    protocol: Protocol.unix,
    family: Family.unix,
    state: listens ? 10 : (UNIX_STATES[state] ?? 99),
    unixType: type,
    unixRefs: refs,
    unixFlags: flags,
    inode,
    path,
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function internetText({ options, names, sctpNumeric }: Case, batches: ReadonlyMap<string, Batch>): string {
  return gathered((out) => {
    const table = new InternetTable(out, options, names);
    table.heading();
    for (const [protocol, batch] of batches) {
      table.batch(batch);
      table.end();
      if (protocol !== 'tcp') continue;
      const sctp = new SctpTable(out, { ...options, numericHosts: sctpNumeric }, names);
      if (options.which !== 'connected') {
        const { rows } = parseSctpEndpoints(bytes(SCTP_ENDPOINTS));
        const owners = ownersOfInodes(rows.map(({ inode }) => inode));
        for (const [index, row] of rows.entries()) sctp.endpoint(row, owners, index);
      }
      if (options.which !== 'listening') {
        const { rows } = parseSctpAssociations(bytes(SCTP_ASSOCIATIONS));
        const owners = ownersOfInodes(rows.map(({ inode }) => inode));
        for (const [index, row] of rows.entries()) sctp.association(row, owners, index);
      }
    }
  }, 1024);
}

describe.skipIf(missing !== undefined)(`the tables beside netstat ${missing ?? ''}`, () => {
  it('print internet sockets as netstat does, in every combination of options', () => {
    const every = cases();
    const expected = runOn(
      INHABITED,
      every.map(({ words }) => netstat(['-tuUwS', ...words])),
    );
    const protocols = Object.keys(INET_LINES) as (keyof typeof INET_LINES)[];
    const batches = new Map(protocols.map((protocol) => [protocol, inetBatch(protocol)]));
    for (const [index, one] of every.entries()) {
      const lines = internetText(one, batches).split('\n');
      expect(lines, one.words.join(' ')).toEqual(expected[index]!.stdout.split('\n'));
    }
  });

  it('print unix sockets as netstat does', () => {
    const every = Object.entries(WHICH).flatMap(([letter, which]) => [
      { words: [`-x${letter}`], which, programs: 'none' as const },
      { words: [`-x${letter}p`], which, programs: 'lowest' as const },
    ]);
    const expected = runOn(
      INHABITED,
      every.map(({ words }) => netstat(words)),
    );
    const batch = withOwners(batchOf(UNIX_LINES.map(unixRow)));
    for (const [index, { words, which, programs }] of every.entries()) {
      const text = gathered((out) => {
        const table = new UnixTable(out, { which, programs });
        table.heading();
        table.batch(batch);
      });
      expect(text.split('\n'), words.join(' ')).toEqual(expected[index]!.stdout.split('\n'));
    }
  });
});
