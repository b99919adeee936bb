import { need } from '../need.ts';
import { type NamespaceRank, ownNamespace } from '../proc/namespaces.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import type { ProtocolName } from '../socket/protocol.ts';
import type { Limit } from '../table/report.ts';

const NOT_ACCEPTED: Limit = {
  what: 'unix sockets that wait to be accepted, where the column unixRefs is not asked for',
  reason: 'the kernel leaves them out of what it tells by netlink',
  remedy: 'ask for the column unixRefs, or for source "procfs"',
  needs: [...need('scan-option', 'columns: unixRefs'), ...need('host-option', 'source: procfs')],
};

const TEXT_OF_INET: Limit = {
  what: 'the device and the cookie of a socket, the limit of connections that a listener lets wait',
  columns: ['cookie', 'ifindex'],
  reason: 'the text of /proc/net does not tell',
  remedy: 'let netlink be used',
};

const TEXT_OF_UNIX: Limit = {
  what: 'queues, user, peer and cookie of a unix socket',
  columns: ['cookie', 'recvQ', 'sendQ', 'uid', 'unixPeer'],
  reason: 'the text of /proc/net does not tell',
  remedy: 'let netlink be used',
};

/** What netlink does not tell of a protocol. */
export function netlinkLimits(protocol: ProtocolName, proc: ProcRoot): readonly Limit[] {
  return [...(protocol === 'unix' ? [NOT_ACCEPTED] : []), otherNamespaces(proc)];
}

/** What the text of /proc/net does not tell of a protocol. */
export function procfsLimits(protocol: ProtocolName, proc: ProcRoot): readonly Limit[] {
  return [protocol === 'unix' ? TEXT_OF_UNIX : TEXT_OF_INET, otherNamespaces(proc)];
}

/** A process of Node.js stays where it was started. */
let ownRank: NamespaceRank | undefined;

/** An answer is of one network namespace. Which one is told where it is not this host's, or may not be. */
function otherNamespaces(proc: ProcRoot): Limit {
  const what = 'sockets of other network namespaces';
  if (!proc.isOwn) {
    return {
      what,
      reason: `an answer is of one network namespace, that of process 1 of ${proc.path}`,
      remedy: 'run in the one that is asked about (nsenter --net)',
    };
  }
  const reason = "an answer is of one network namespace, this process's";
  ownRank ??= ownNamespace('net').rank;
  if (ownRank === 'first') {
    return { what, reason, remedy: 'run in the one that is asked about (nsenter --net)' };
  }
  return {
    what,
    reason,
    remedy: 'run in the one that is asked about (nsenter --net, or a container in the network of the host)',
    needs: need('namespace', 'network'),
  };
}
