import type { ByteWriter } from '../format/byte-writer.ts';
import { deltaJson } from '../format/delta-json.ts';
import { type Delta, deltaText } from '../format/delta-table.ts';
import { printable } from '../format/printable.ts';
import type { LocalHost } from '../host.ts';
import { changesBetween, type GroupChange } from '../kernel-tables/counter-changes.ts';
import { type DeviceCounters, deviceGroups, readDeviceCounters } from '../kernel-tables/device-counters.ts';
import { type CounterGroup, readStatistics, type Statistics } from '../kernel-tables/statistics.ts';
import type { HostOptions } from '../request/host-options.ts';
import { untilNextBeat } from './beat.ts';
import { isAskedFor } from './counter-topics.ts';
import { type CommandEnd, runMeasured } from './delta-command.ts';
import { DELTA_USAGE, type DeltaRequest, parseDeltaWords } from './delta-words.ts';
import { withDoctorHint } from './doctor-hint.ts';
import { isOfTheSystem } from './errno.ts';
import { OutputLost, ReaderGone } from './output.ts';
import { lackOfTables } from './table-folder.ts';

/** What a run of `delta` is lent. */
export interface DeltaScene {
  /** The words after `delta`. */
  readonly words: readonly string[];
  readonly program: string;
  readonly openHost: (options: HostOptions) => Pick<LocalHost, 'proc' | 'close'>;
  readonly out: ByteWriter;
  readonly say: (lines: string | Uint8Array) => void;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds, of a clock that is never set. */
  readonly now: () => number;
}

/** Where counters are read and commands run. */
export interface DeltaPlace {
  readonly statistics: (netDirectory: string) => Promise<Pick<Statistics, 'groups'>>;
  readonly devices: (netDirectory: string) => ReadonlyMap<string, DeviceCounters>;
  readonly run: (command: readonly string[]) => Promise<CommandEnd>;
  /** Calls `listener` when SIGINT comes, until what it gives is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

const SYSTEM: DeltaPlace = {
  statistics: readStatistics,
  devices: readDeviceCounters,
  run: runMeasured,
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
};

/** 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** Runs the subcommand and gives its exit status. */
export async function runDelta(scene: DeltaScene, place: DeltaPlace = SYSTEM): Promise<number> {
  const { words, program, out, say } = scene;
  const outcome = parseDeltaWords(words, program);
  if (outcome.kind === 'usage') {
    if (outcome.message === undefined) out.ascii(DELTA_USAGE);
    else say(Buffer.from(`${outcome.message}\n${DELTA_USAGE}`, 'latin1'));
    return outcome.message === undefined ? 0 : 3;
  }
  const { request } = outcome;
  const host = scene.openHost({ procRoot: request.procRoot });
  try {
    const directory = host.proc.netDirectory();
    const lack = lackOfTables(directory, request.procRoot);
    if (lack !== undefined) {
      say(`${program}: delta: ${lack}\n`);
      return 1;
    }
    const measuring = new Measuring(request, scene, place, directory);
    return await (request.command === undefined ? measuring.periods() : measuring.command(request.command));
  } catch (error) {
    if (error instanceof ReaderGone || error instanceof OutputLost || !isOfTheSystem(error)) throw error;
    out.flush();
    say(`${program}: delta: ${withDoctorHint(error as Error, program)}\n`);
    return 1;
  } finally {
    await host.close();
  }
}

/** Counters at one time. */
interface Reading {
  readonly atMs: number;
  readonly protocols: readonly CounterGroup[];
  readonly interfaces: readonly CounterGroup[];
}

class Measuring {
  readonly #request: DeltaRequest;
  readonly #scene: DeltaScene;
  readonly #place: DeltaPlace;
  readonly #directory: string;

  constructor(request: DeltaRequest, scene: DeltaScene, place: DeltaPlace, directory: string) {
    this.#request = request;
    this.#scene = scene;
    this.#place = place;
    this.#directory = directory;
  }

  /** Before and after a command, whose exit status is ours. */
  async command(command: readonly string[]): Promise<number> {
    const before = await this.#read();
    const { status, failure } = await this.#place.run(command);
    if (failure !== undefined) {
      this.#scene.say(`${this.#scene.program}: delta: ${command[0]}: ${failure}\n`);
      return status;
    }
    try {
      this.#show(before, await this.#read());
    } catch (error) {
      // What the command did counts, whoever reads of it, and whatever has become of the tables.
      if (!(error instanceof ReaderGone))
        this.#scene.say(
          `${this.#scene.program}: delta: ${error instanceof OutputLost ? error.message : String(error)}\n`,
        );
      if (error instanceof OutputLost) return status || 1;
    }
    return status;
  }

  /** Once, or time after time. SIGINT ends the time that runs, and what there was in it is still told. */
  async periods(): Promise<number> {
    const { repeats, periodMs } = this.#request;
    let before = await this.#read();
    // Time after time it may come yet.
    if (!repeats && this.#lacksInterface(before)) return 1;
    const begin = before.atMs;
    for (;;) {
      const wait = untilNextBeat(this.#scene.now() - begin, periodMs);
      const interrupted = await this.#wait(wait);
      const after = await this.#read();
      this.#show(before, after);
      if (interrupted) return INTERRUPTED;
      if (!repeats) return 0;
      before = after;
    }
  }

  /** Gives whether SIGINT came. Outside of waits it ends the process, as it ends others: nobody may be reading. */
  async #wait(milliseconds: number): Promise<boolean> {
    let off = (): void => {};
    const interruption = new Promise<boolean>((resolve) => {
      off = this.#place.onInterrupt(() => resolve(true));
    });
    try {
      return await Promise.race([this.#scene.pause(milliseconds).then(() => false), interruption]);
    } finally {
      off();
    }
  }

  /** Whether the interface that was asked for is not there; says so. */
  #lacksInterface({ interfaces }: Reading): boolean {
    const { interfaceName } = this.#request;
    if (interfaceName === undefined || interfaces.length > 0) return false;
    const { program, say } = this.#scene;
    say(
      `${program}: delta: -I ${printable(Buffer.from(interfaceName, 'latin1').toString())}: no such interface\n`,
    );
    return true;
  }

  async #read(): Promise<Reading> {
    const { interfaces, interfaceName, statistics } = this.#request;
    const atMs = this.#scene.now();
    const devices = interfaces ? deviceGroups(this.#place.devices(this.#directory)) : [];
    const groups = statistics ? (await this.#place.statistics(this.#directory)).groups : [];
    return {
      atMs,
      protocols: groups.filter(({ name }) => isAskedFor(name, this.#request)),
      interfaces: devices.filter(({ name }) => interfaceName === undefined || name === interfaceName),
    };
  }

  #show(before: Reading, after: Reading): void {
    const { command, interfaceName, json } = this.#request;
    const found = before.interfaces.length + after.interfaces.length > 0;
    const delta: Delta = {
      seconds: (after.atMs - before.atMs) / 1000,
      command,
      protocols: changesBetween(before.protocols, after.protocols).flatMap(withoutNews),
      interfaces: changesBetween(before.interfaces, after.interfaces),
      missingInterface: found ? undefined : interfaceName,
    };
    const { out } = this.#scene;
    out.bytes(json ? Buffer.from(deltaJson(delta)) : Buffer.from(deltaText(delta), 'latin1'));
    out.flush();
  }
}

/** That a group of a protocol is new says nothing: the kernel prints some of them when they have first been counted. */
function withoutNews(change: GroupChange): GroupChange[] {
  if (change.kind !== 'new') return [change];
  return change.changes.length === 0 ? [] : [{ ...change, kind: 'stayed' }];
}
