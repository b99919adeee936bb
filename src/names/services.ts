import { readFileSync } from 'node:fs';
import type { ProtocolName } from '../socket/protocol.ts';

export interface ServiceFiles {
  /** services(5). */
  readonly services: string;
  /** protocols(5). */
  readonly protocols: string;
}

export const SYSTEM_SERVICE_FILES: ServiceFiles = { services: '/etc/services', protocols: '/etc/protocols' };

/** The canonical name of a port; of an IP protocol, for `raw`. Undefined when there is none. */
export type ServiceLookup = (port: number, protocol: ProtocolName) => string | undefined;

/** Looks services up in the two files, which are read once, at the first question. A file that cannot be read is empty. */
export function serviceLookup(files: ServiceFiles = SYSTEM_SERVICE_FILES): ServiceLookup {
  let names: ReadonlyMap<string, NumberNames> | undefined;
  return (port, protocol) => {
    names ??= readNames(files);
    return names.get(protocol === 'udplite' ? 'udp' : protocol)?.get(port);
  };
}

type NumberNames = Map<number, string>;

function readNames(files: ServiceFiles): ReadonlyMap<string, NumberNames> {
  const names = parseServices(textOf(files.services));
  const raw = names.get('raw') ?? new Map<number, string>();
  for (const [number, name] of parseProtocols(textOf(files.protocols))) raw.set(number, name);
  return names.set('raw', raw);
}

const MAX_PORT = 0xffff;
const MAX_NUMBER = 0xffffffff;
const LINE_START = /[ \t\v\f\r]*([^ \t\v\f\r]+)[ \t\v\f\r]+\+?/.source;
/** A number as C writes it: hexadecimal and octal too. */
const SERVICE = new RegExp(`^${LINE_START}(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/+([^ \\t\\v\\f\\r]*)`);
const PROTOCOL = new RegExp(`^${LINE_START}([0-9]+)(?:[ \\t\\v\\f\\r]|$)`);

/**
 * services(5) as glibc reads it, by protocol and port. Of several lines about a port the last one wins, as in netstat;
 * aliases do not count.
 */
export function parseServices(text: string): Map<string, NumberNames> {
  const names = new Map<string, NumberNames>();
  for (const line of lines(text)) {
    const match = SERVICE.exec(line);
    if (match === null) continue;
    const [, name, digits, protocol] = match as string[] as [string, string, string, string];
    const octal = digits.length > 1 && /^0[0-7]/.test(digits);
    const number = octal ? Number.parseInt(digits, 8) : Number(digits);
    if (number > MAX_NUMBER) continue;
    const ports = names.get(protocol) ?? new Map<number, string>();
    names.set(protocol, ports.set(number & MAX_PORT, name));
  }
  return names;
}

/** protocols(5) as glibc reads it; of several lines about a number the last one wins. */
export function parseProtocols(text: string): NumberNames {
  const names: NumberNames = new Map();
  for (const line of lines(text)) {
    const match = PROTOCOL.exec(line);
    if (match !== null) names.set(Number(match[2]), match[1]!);
  }
  return names;
}

function* lines(text: string): Generator<string, void, undefined> {
  for (const line of text.split('\n')) {
    const comment = line.indexOf('#');
    yield comment < 0 ? line : line.slice(0, comment);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
