/** The C programs of bench/load and bench/limits, compiled for this run: name to path. */
export interface Tools {
  readonly holdSockets: string;
  readonly runInside: string;
  readonly drainDump: string;
}

/** A program that lists sockets, run as a whole process in the namespace of the load. */
export interface Subject {
  readonly name: string;
  /** What is run, and timed. */
  readonly command: (tools: Tools) => readonly string[];
  /** Set for the process on top of the clean environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** True when a timed run writes one JSON object of numbers, `rows` among them; else its stdout is /dev/null. */
  readonly figures?: boolean;
  /** What is run to see the rows; `command` when left out. */
  readonly witness?: (tools: Tools) => readonly string[];
  /** The rows in the witness's stdout as "address:port address:port", or their number where it tells no more. */
  readonly rows: (stdout: string) => readonly string[] | number;
  /** A subject whose stdout this one's has to equal, byte for byte. */
  readonly sameBytesAs?: Subject;
}

/** What one run of a subject cost, and what it printed of itself. All in ms, but `rssMb`. */
export interface Measurement {
  /** From before the process is made until it is gone. */
  readonly wallMs: number;
  /** User and system time of all its threads. */
  readonly cpuMs: number;
  /** Largest resident set. */
  readonly rssMb: number;
  readonly [figure: string]: number;
}

/** One number of a measurement, such as `wallMs`, of one subject. */
export interface Figure {
  readonly subject: Subject;
  readonly figure: string;
}

/** Something to reach: a figure (in ms), or its ratio to another one. Reported, never enforced. */
export interface Goal {
  readonly what: string;
  readonly of: Figure;
  readonly to?: Figure;
  readonly atMost: number;
  /** What no program of the kind can be below, in the place of `of`: shown beside what was reached. */
  readonly floor?: Figure;
}

/** What is run side by side over one load. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Rows that every subject has to list of a load of so many sockets. */
  readonly rows: (sockets: number) => number;
  readonly subjects: readonly Subject[];
  /** Figures shown for the subjects that print some, besides the whole process. */
  readonly inside: readonly Figure[];
  readonly goals: readonly Goal[];
}
