import type { Scenario } from '../contract.ts';
import { withListeners } from '../load/hold.ts';
import { listenersAsked } from '../subjects/asking.ts';
import { walkBpfAfterNode, walkFdAfterNode } from '../subjects/owner-limits.ts';
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
import { emptyNode } from '../subjects/start-up.ts';

const LISTENERS = 300;
/** The first one's: see load/connections.h. */
const PORT = 2000;

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
  rows: () => LISTENERS,
  subjects: [
    emptyNode,
    walkBpfAfterNode,
    walkFdAfterNode,
    bpfListenersListing,
    procfdListenersListing,
    listenersAsked('bpf'),
    listenersAsked('procfd'),
    ssListenersOwners,
    lsofListeners,
    psutilListeners,
    netstatListenersOwners,
  ],
  inside: [],
  goals: [
    {
      what: '`sockscope -tlnp` by BPF to the BPF walk after the start of Node',
      headline: true,
      of: { subject: bpfListenersListing, figure: 'wallMs' },
      to: { subject: walkBpfAfterNode, figure: 'wallMs' },
      atMost: 1.2,
      sockets: 500_000,
    },
  ],
};

/** Who holds one port: as above, and whoever finds its socket may stop. */
export const listenerOwner: Scenario = {
  ...scene,
  name: 'listener-owner',
  title: `${scene.title}, one of which is asked for with its owner`,
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
