import { errorName } from '../addon/dump-failure.ts';
import type { NativeBinding } from '../addon/native-binding.ts';
import { ADDRESS_NUMBERS, DEVICE_NUMBERS, type NativeInterfacesEnd } from '../addon/native-interfaces.ts';
import { SockscopeError } from '../errors.ts';
import { MORE_MEMORY, moreMeans } from '../exhaustion.ts';
import { MORE_THREADS, need, type Way } from '../need.ts';
import type { Limit, PassedOver } from '../table/report.ts';
import type { Device, DeviceAddress, DeviceAnswers } from './interface-devices.ts';

export interface DeviceQuestion {
  /** Byte strings. */
  readonly names: readonly string[];
  /** Which IPv4 addresses of each name: `first` is what netstat shows. */
  readonly addresses: 'first' | 'all';
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the kernel about names, and about every name that has an IPv4 address. Throws a SockscopeError where no socket
 * may be made, or memory or a thread are refused; and the signal's reason on abort.
 */
export async function askDevices(
  binding: Pick<NativeBinding, 'startInterfaces'>,
  question: DeviceQuestion,
): Promise<DeviceAnswers> {
  const end = await answerOf(binding, question);
  if (end.status !== 'ok') throw refusal(end);
  const found = Buffer.from(end.names).toString('latin1').split('\0').slice(0, -1);
  const addresses = addressesOf(end);
  const devices = new Map(
    found.map((name, index) => [name, deviceOf(end, index, addresses.get(index) ?? [])]),
  );
  return { devices, listErrno: end.listErrno, inet: end.inet };
}

/** What asking comes to here: why nothing can be asked, else what is not told. Throws the signal's reason on abort. */
export async function probeDevices(
  binding: Pick<NativeBinding, 'startInterfaces'>,
  signal: AbortSignal | undefined,
): Promise<{ readonly obstacle?: Omit<PassedOver, 'source'>; readonly limits: readonly Limit[] }> {
  const end = await answerOf(binding, { names: [], addresses: 'first', signal });
  if (end.status !== 'ok') {
    const { reason, errno, remedy, needs } = refusal(end);
    return { obstacle: { reason, errno, remedy, needs }, limits: [] };
  }
  if (end.inet && end.listErrno === 0) return { limits: [] };
  const what = 'addresses of IPv4, and labels';
  if (end.inet) return { limits: [{ what, reason: `SIOCGIFCONF: ${errorName(end.listErrno)}` }] };
  const remedy = 'allow AF_INET in the sandbox';
  const needs = need('seccomp', 'socket(AF_INET)');
  return { limits: [{ what, reason: 'no socket of IPv4 may be made', remedy, needs }] };
}

async function answerOf(
  binding: Pick<NativeBinding, 'startInterfaces'>,
  { names, addresses, signal }: DeviceQuestion,
): Promise<NativeInterfacesEnd> {
  signal?.throwIfAborted();
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const list = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  const asked = binding.startInterfaces(list, addresses, wake);
  signal?.addEventListener('abort', wake, { once: true });
  try {
    await woken;
    signal?.throwIfAborted();
    const end = asked.end();
    if (end === undefined) throw new TypeError('the asking about interfaces woke up before its end');
    return end;
  } finally {
    signal?.removeEventListener('abort', wake);
    asked.cancel();
  }
}

function refusal({ status, operation, errno }: NativeInterfacesEnd): SockscopeError {
  const details = { operation: 'list interfaces', syscall: operation, errno };
  const noMeans = (reason: string, way: Way): SockscopeError =>
    new SockscopeError('ERR_NO_RESOURCES', reason, { ...details, ...way });
  if (status === 'no-thread') return noMeans(`a thread cannot be started: ${errorName(errno)}`, MORE_THREADS);
  if (status === 'no-memory') return noMeans('out of memory', MORE_MEMORY);
  const said = `no socket may be made: ${errorName(errno)}`;
  const means = moreMeans(errno);
  if (means !== undefined) return noMeans(said, means);
  return new SockscopeError('ERR_SOURCE_UNAVAILABLE', said, {
    ...details,
    remedy: 'allow AF_INET, AF_INET6 or AF_UNIX in the sandbox',
    needs: need('seccomp', 'socket(2)'),
  });
}

const ADDRESS_BYTES = 14;

function deviceOf(end: NativeInterfacesEnd, row: number, inet: readonly DeviceAddress[]): Device {
  const { errno, index, flags, hardwareType, mtu, txQueueLength, outfill, keepalive, ...place } = numbersOf(
    DEVICE_NUMBERS,
    end.devices,
    row,
  );
  const [memoryStart, memoryEnd] = end.memory.subarray(row * 2, row * 2 + 2);
  return {
    errno,
    index,
    flags,
    hardwareType,
    hardwareAddress: end.hardwareAddresses.subarray(row * ADDRESS_BYTES, (row + 1) * ADDRESS_BYTES),
    mtu,
    txQueueLength: txQueueLength === -1 ? undefined : txQueueLength,
    map: { memoryStart: memoryStart!, memoryEnd: memoryEnd!, ...place },
    outfill,
    keepalive,
    inet,
  };
}

/** IPv4 addresses by the place of their device. */
function addressesOf({ addresses }: NativeInterfacesEnd): Map<number, DeviceAddress[]> {
  const found = new Map<number, DeviceAddress[]>();
  for (let row = 0; row * ADDRESS_NUMBERS.length < addresses.length; row++) {
    const { device, told, address, ...numbers } = numbersOf(ADDRESS_NUMBERS, addresses, row);
    const list = found.get(device) ?? [];
    found.set(device, list);
    list.push({
      address: quad(address),
      netmask: (told & 1) === 0 ? undefined : quad(numbers.netmask),
      broadcast: (told & 2) === 0 ? undefined : quad(numbers.broadcast),
      destination: (told & 4) === 0 ? undefined : quad(numbers.destination),
    });
  }
  return found;
}

/** A row of numbers, by their names. */
function numbersOf<Name extends string>(
  names: readonly Name[],
  numbers: Float64Array,
  row: number,
): Record<Name, number> {
  const entries = names.map((name, column) => [name, numbers[row * names.length + column]!]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

function quad(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}
