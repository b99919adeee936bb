import { fileURLToPath } from 'node:url';
import { type Command, launch, type Namespaced, type Outcome } from './namespaced.ts';

export type { Command, Outcome } from './namespaced.ts';

/** What the kernel must show of one socket. A field that is absent is not known beforehand. */
export interface ExpectedSocket {
  /** What it stands for; unique. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'udplite' | 'raw' | 'unix';
  readonly family: 'inet' | 'inet6' | 'unix';
  /** Absent for embryos alone: /proc and netlink have different words for them. */
  readonly state?: string;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  /** 0 where no descriptor stands for the row. */
  readonly inode: number;
  readonly uid?: number;
  /** SO_COOKIE, decimal. */
  readonly cookie?: string;
  /** As ioctl and SO_MEMINFO tell it. */
  readonly recvQ?: number;
  readonly sendQ?: number;
  readonly backlog?: number;
  readonly timer?: string;
  readonly retrans?: number;
  readonly probes?: number;
  readonly ifindex?: number;
  readonly unixType?: number;
  readonly unixPeer?: number;
  /** The name's bytes in hex; an abstract one starts with 00. */
  readonly path?: string;
  /** A unix connection that nobody accepted yet. */
  readonly embryo?: true;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface SceneDescription {
  /** The process that holds the sockets, and whose namespaces they are in. */
  readonly pid: number;
  /** Index of lo, the only device. */
  readonly lo: number;
  readonly inet6: boolean;
  /** For how long no socket leaves the state it is in. */
  readonly stableMs: number;
  /** Parts this kernel could not make. */
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
  readonly sockets: readonly ExpectedSocket[];
}

/** One socket of every kind, at rest in namespaces of their own; see scene.py. */
export class Scene {
  readonly description: SceneDescription;
  readonly #place: Namespaced<SceneDescription>;
  readonly #bornMs = performance.now();

  constructor(place: Namespaced<SceneDescription>) {
    this.#place = place;
    this.description = place.description;
  }

  /** Whether `ms` more can pass before the first socket leaves its state. */
  lastsFor(ms: number): boolean {
    return performance.now() - this.#bornMs + ms < this.description.stableMs;
  }

  /** The expected row of that name; throws when this scene has none. */
  socket(name: string): ExpectedSocket {
    const found = this.description.sockets.find((socket) => socket.name === name);
    if (found === undefined) throw new Error(`the scene has no socket called "${name}"`);
    return found;
  }

  /** As Namespaced. */
  run(...command: Parameters<Namespaced<SceneDescription>['run']>): Promise<Outcome> {
    return this.#place.run(...command);
  }

  /** As Namespaced. */
  runAll(commands: readonly Command[]): Promise<Outcome[]> {
    return this.#place.runAll(commands);
  }

  /** Ends the scene and removes what it left. */
  stop(): Promise<void> {
    return this.#place.stop();
  }
}

/** Makes a scene. Needs the requirements netns and python3; call `stop` in the end. */
export async function startScene(): Promise<Scene> {
  return new Scene(await launch({ script: fileURLToPath(new URL('scene.py', import.meta.url)) }));
}
