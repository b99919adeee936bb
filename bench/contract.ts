import type { SocketKind } from './load/sockets-on-host.ts';
import type { Tools } from './tools.ts';

export type { Tools };

/** Sockets that are held in a network namespace of their own: see bench/load/hold-sockets.c. */
export interface Load {
  /** A process inside the load's user and network namespaces; its children, and nobody else, hold the sockets. */
  readonly pid: number;
  /** What the load said of itself: sockets, processes, milliseconds it took. */
  readonly words: string;
  /** Replaces that percentage of the connections, others each time; resolves to what the load said of it. Absent where it cannot. */
  churn?(percent: number): Promise<string>;
  /** Ends the load; resolves when its sockets are gone, at the latest after 5 s. */
  end(): Promise<void>;
}

/** Where subjects run: the C programs, and the load whose namespace they join. */
export interface Scene {
  readonly tools: Tools;
  readonly load: Load;
  /** Whether nothing is measured: scripts, told by BENCH_QUICK, do once what they do over and over. */
  readonly quick?: boolean;
}

/** A program that lists sockets, run as a whole process in the namespace of the load. */
export interface Subject {
  readonly name: string;
  /** What is run, and timed. */
  readonly command: (scene: Scene) => readonly string[];
  /** Set for the process on top of the clean environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * True when a timed run writes one JSON object of numbers, `rows` among them and none by the name of a figure of the
   * whole process; else its stdout is /dev/null.
   */
  readonly figures?: boolean;
  /** What is run to see the rows; `command` when left out. */
  readonly witness?: (scene: Scene) => readonly string[];
  /**
   * The rows in the witness's stdout, as its scenario words them; or their number where it tells no more. Absent: it lists
   * nothing, such as the start of Node alone.
   */
  readonly rows?: (stdout: string) => readonly string[] | number;
  /** A subject whose stdout this one's has to equal, byte for byte, where both are looked at. */
  readonly sameBytesAs?: Subject;
  /** What it needs and does not find here, in words: it is then left out. Undefined when it can run. */
  readonly lacks?: (scene: Scene) => string | undefined;
  /** True of what is not ours: it shows machine and weather, and never makes a comparison fail. */
  readonly yardstick?: boolean;
  /** True when its time grows with the square of the sockets: run once, beyond 20,000 sockets only when asked for. */
  readonly slow?: boolean;
  /** Of a slow one: it is not run with more sockets, whatever the command line says. */
  readonly mostSockets?: number;
  /** Part of the scenario's sockets that are held while it runs: above 0, and 1 when left out. */
  readonly share?: number;
  /** True when it has the load replace connections: writes lines `churn PERCENT` to descriptor 4, reads a line for each. */
  readonly churns?: boolean;
}

/** What one run of a subject cost, and what it printed of itself. */
export interface Measurement {
  /** From before the process is made until it is gone, ms. */
  readonly wallMs: number;
  /** User and system time of all its threads, ms. */
  readonly cpuMs: number;
  /** Largest resident set, 10^6 bytes. */
  readonly rssMb: number;
  /** `wallMs` by the sockets held, µs. */
  readonly wallUsPerSocket: number;
  readonly [figure: string]: number;
}

/** One number of a measurement, less of which is better, such as `wallMs`, of one subject. */
export interface Figure {
  readonly subject: Subject;
  readonly figure: string;
}

/** Something to reach: a figure, or its ratio to another one. Reported, never enforced. */
export interface Goal {
  readonly what: string;
  readonly of: Figure;
  readonly to?: Figure;
  /** Either this or `atLeast`. */
  readonly atMost?: number;
  readonly atLeast?: number;
  /**
   * What no program of the kind can be below, or what is seen where there is nothing to see, in the place of `of`: shown
   * beside what was reached.
   */
  readonly floor?: Figure;
  /** What `floor` is divided by; `to` when left out. */
  readonly floorTo?: Figure;
  /** Judged by the least of all runs: of a figure to which a disturbance can only add. */
  readonly least?: boolean;
  /** The number of sockets that the goal is meant for; it is judged at any when left out. */
  readonly sockets?: number;
  /** Whether it is one of the few that the README shows and the history keeps. */
  readonly headline?: boolean;
}

/** What is run side by side over one load. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Holds so many sockets, of whatever kind, in namespaces of its own; established TCP connections when left out (load/hold.ts). */
  readonly load?: (tools: Tools, sockets: number, processes: number | undefined) => Promise<Load>;
  /** What is held; connections of TCP when left out. Of that kind others may hold few. */
  readonly kind?: SocketKind;
  /** Sockets that are held whatever the command line says; fewer where --quick wants fewer. */
  readonly sockets?: number;
  /** Sockets that are held at the most, whatever the command line says. */
  readonly mostSockets?: number;
  /** Rounds at the most, unless the command line names the scenario and a number: where one takes minutes. */
  readonly mostRuns?: number;
  /** Processes that hold the sockets, unless the command line says; as few as can when left out. */
  readonly processes?: number;
  /**
   * True: each run has a load of its own, at which nobody has looked yet, and tells by how much the kernel's slab has
   * grown from before the run to after it: `slabMb` (10^6 bytes) and `slabBytesPerSocket`.
   */
  readonly cold?: boolean;
  /** Rows that every subject has to list of a load of so many sockets. */
  readonly rows: (sockets: number) => number;
  readonly subjects: readonly Subject[];
  /** Figures shown for the subjects that have some, besides the whole process; those of inside/timed.mjs are shown unasked. */
  readonly inside: readonly Figure[];
  readonly goals: readonly Goal[];
}

/** All runs of one scenario. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly sockets: number;
  /** Rounds: runs of each subject that is not slow. */
  readonly runs: number;
  /** What the loads said of themselves. */
  readonly loads: readonly string[];
  /** In the order in which they were made. */
  readonly measurements: ReadonlyMap<Subject, readonly Measurement[]>;
  /** Subjects that ran without their rows having been compared, for that takes too long. */
  readonly unseen: readonly Subject[];
  /** Subjects that were not run, and why. */
  readonly absent: ReadonlyMap<Subject, string>;
  /** What may have spoiled the figures meanwhile, in words. */
  readonly disturbances: readonly string[];
}

export interface Options {
  /** Sockets held while subjects run; even. */
  readonly sockets: number;
  /** Processes that hold them; undefined: as the scenario says. */
  readonly processes: number | undefined;
  /** Timed runs of each subject. */
  readonly runs: number;
  /** Whether slow subjects run, once, beyond 20,000 sockets too. */
  readonly slow: boolean;
  /** Whether it is only to be shown that nothing rots: no goal is judged. */
  readonly quick: boolean;
  /** Whether to time beside what others hold, too. */
  readonly busy: boolean;
}
