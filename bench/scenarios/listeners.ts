import type { Scenario } from '../contract.ts';
import { catProcfs6, netstatListeners, ssListeners } from '../subjects/programs.ts';
import { listenersListing } from '../subjects/sockscope.ts';

/** The same server, asked for what listens: nothing does, and the connections are what has to be passed over. */
export const listeners: Scenario = {
  name: 'listeners',
  title: 'established TCP sockets over IPv4, none of which is asked for',
  rows: () => 0,
  subjects: [listenersListing, ssListeners, netstatListeners, catProcfs6],
  inside: [],
  goals: [],
};
