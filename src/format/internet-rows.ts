import type { Batch } from '../table/batch.ts';
import type { ColumnName } from '../table/schema.ts';
import type { ListingOptions } from './listing.ts';

const ALWAYS = [
  'protocol',
  'family',
  'state',
  'localAddress',
  'localPort',
  'remoteAddress',
  'remotePort',
  'recvQ',
  'sendQ',
] as const satisfies readonly ColumnName[];

/** The columns that a listing of internet sockets prints or filters by; owners are no column. */
export function internetColumns(options: Pick<ListingOptions, 'extend' | 'timers'>): readonly ColumnName[] {
  const columns: ColumnName[] = [...ALWAYS];
  if (options.extend) columns.push('uid', 'inode');
  if (options.timers) columns.push('timer', 'expiresMs', 'retrans', 'probes');
  return columns;
}

/** A batch's columns, looked up once for all rows. Throws a TypeError when one of `internetColumns` is missing. */
export class InternetRows {
  readonly family: Uint8Array;
  readonly state: Uint8Array;
  readonly local: Endpoints;
  readonly remote: Endpoints;
  readonly recvQ: Uint32Array;
  readonly sendQ: Uint32Array;
  readonly users: UserColumns | undefined;
  readonly timers: TimerColumns | undefined;

  constructor(batch: Batch, options: Pick<ListingOptions, 'extend' | 'timers'>) {
    this.family = batch.require('family');
    this.state = batch.require('state');
    this.local = endpoints(batch.require('localAddress'), batch.require('localPort'));
    this.remote = endpoints(batch.require('remoteAddress'), batch.require('remotePort'));
    this.recvQ = batch.require('recvQ');
    this.sendQ = batch.require('sendQ');
    this.users = options.extend ? { uid: batch.require('uid'), inode: batch.require('inode') } : undefined;
    this.timers = options.timers
      ? {
          timer: batch.require('timer'),
          expiresMs: batch.require('expiresMs'),
          retrans: batch.require('retrans'),
          probes: batch.require('probes'),
        }
      : undefined;
  }
}

/** One end of all sockets. */
export interface Endpoints {
  readonly addresses: Uint8Array;
  /** The same bytes as `addresses`: a load through it has two of them, or four, in the order of the network. */
  readonly view: DataView;
  readonly ports: Uint16Array;
}

function endpoints(addresses: Uint8Array, ports: Uint16Array): Endpoints {
  const view = new DataView(addresses.buffer, addresses.byteOffset, addresses.byteLength);
  return { addresses, view, ports };
}

export interface UserColumns {
  readonly uid: Uint32Array;
  readonly inode: Uint32Array;
}

export interface TimerColumns {
  readonly timer: Uint8Array;
  readonly expiresMs: Uint32Array;
  readonly retrans: Uint8Array;
  readonly probes: Uint8Array;
}
