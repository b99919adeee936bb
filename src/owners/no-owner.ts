import { Protocol } from '../socket/protocol.ts';
import { State } from '../socket/state.ts';
import { NoOwner } from '../table/owners.ts';

/** The kernel's inner state of a connection whose handshake is not over. */
const NEW_SYN_RECV = 12;

/** What a search for owners was, for a socket that it found none of. */
export type Search = 'whole' | 'denied' | 'cut-short';

const WITH_INODE: Readonly<Record<Search, number>> = {
  whole: NoOwner['no-descriptor'],
  denied: NoOwner['not-permitted'],
  'cut-short': NoOwner['not-searched'],
};

/**
 * Why nobody is found who holds a socket: a position in NO_OWNER. `denied`: descriptors of some process may not be read.
 * A socket without an inode has no descriptor, and its state tells why.
 */
export function noOwnerReason(protocol: number, state: number, inode: number, search: Search): number {
  if (inode !== 0) return WITH_INODE[search];
  switch (state) {
    case State['time-wait']:
      return NoOwner['time-wait'];
    case State.established:
    case State['syn-recv']:
    case State['close-wait']:
    case NEW_SYN_RECV:
      return isConnected(protocol) ? NoOwner['not-accepted'] : NoOwner.orphaned;
    case State['syn-sent']:
      // A unix connection that waits for accept(2) is told as this.
      return protocol === Protocol.unix ? NoOwner['not-accepted'] : NoOwner.orphaned;
    default:
      return NoOwner.orphaned;
  }
}

/** Whether sockets of the protocol may come from accept(2). */
function isConnected(protocol: number): boolean {
  return protocol === Protocol.tcp || protocol === Protocol.unix;
}
