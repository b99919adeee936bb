import type { Goal, Scenario, Subject } from '../contract.ts';
import { withListeners } from '../load/hold.ts';
import { listenersAsked } from '../subjects/asking.ts';
import { walkBpfAfterNode, walkBpfBeside, walkFdAfterNode } from '../subjects/owner-limits.ts';
import {
  fuserAt,
  lsofListeners,
  lsofListenersAt,
  netstatListenersOwners,
  psutilListeners,
  ssListenersAt,
  ssListenersOwners,
} from '../subjects/owner-programs.ts';
import { bpfListenersListing, procfdListenersListing } from '../subjects/sockscope-owners.ts';
import { emptyNode, listenersOver } from '../subjects/start-up.ts';

const LISTENERS = 300;
/** The first one's: see load/connections.h. */
const PORT = 2000;

const bpfListeners = listenersAsked('bpf');

const scene = {
  title: `established TCP sockets over IPv4, and ${LISTENERS} listeners`,
  processes: 40,
  load: withListeners(LISTENERS),
};

/** Who listens here: few sockets are asked for, and every descriptor of every process may be one of theirs. */
export const listenersOwners: Scenario = {
  ...scene,
  name: 'listeners-owners',
  title: `${scene.title}, which are asked for with their owners`,
  mostRuns: 3,
  rows: () => LISTENERS,
  subjects: [
    emptyNode,
    walkBpfBeside,
    walkBpfAfterNode,
    walkFdAfterNode,
    bpfListenersListing,
    procfdListenersListing,
    listenersOver,
    bpfListeners,
    listenersAsked('procfd'),
    ssListenersOwners,
    lsofListeners,
    psutilListeners,
    netstatListenersOwners,
  ],
  inside: [
    { subject: walkBpfBeside, figure: 'ms' },
    ...['overMs', 'overCpuMs'].map((figure) => ({ subject: listenersOver, figure })),
  ],
  goals: [
    toWalk('`sockscope -tlnp` by BPF, over the start of Node,', listenersOver, 'overMs'),
    toWalk('host.scan() of listeners with owners by BPF', bpfListeners, 'p50Ms'),
  ],
};

function toWalk(words: string, subject: Subject, figure: string): Goal {
  return {
    what: `${words} to walk-bpf`,
    headline: true,
    of: { subject, figure },
    to: { subject: walkBpfBeside, figure: 'ms' },
    atMost: 1.2,
    sockets: 500_000,
  };
}

/** Who holds one port: as above, and whoever finds its socket may stop. */
export const listenerOwner: Scenario = {
  ...scene,
  name: 'listener-owner',
  title: `${scene.title}, one of which is asked for with its owner`,
  mostSockets: 200_000,
  mostRuns: 3,
  rows: () => 1,
  subjects: [
    listenersAsked('bpf', PORT),
    listenersAsked('procfd', PORT),
    ssListenersAt(PORT),
    lsofListenersAt(PORT),
    fuserAt(PORT),
  ],
  inside: [],
  goals: [],
};
