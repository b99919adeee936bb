import type {
  NativeBinding,
  NativeBpf,
  NativeOutcome,
  NativeOwners,
  NativeOwnersEnd,
  NativeOwnersRequest,
} from '../../../src/addon/native-binding.ts';
import type { NativeStatus } from '../../../src/addon/native-dump.ts';

export function outcome(status: NativeStatus = 'ok', operation = '', errno = 0): NativeOutcome {
  return { status, operation, errno };
}

export function endOf(fields: Partial<NativeOwnersEnd> = {}): NativeOwnersEnd {
  const counts = {
    processes: 9,
    vanished: 1,
    denied: 2,
    unopened: 1,
    descriptors: 80,
    sockets: 40,
    threads: 3,
  };
  return { ...outcome(), ...counts, indexBytes: 640, ...fields };
}

/** A search that ends when the test says so. */
export class FakeOwners implements NativeOwners {
  cancelled = 0;
  readonly request: NativeOwnersRequest;
  readonly #wake: () => void;
  #end: NativeOwnersEnd | undefined;

  constructor(request: NativeOwnersRequest, wake: () => void) {
    this.request = request;
    this.#wake = wake;
  }

  finish(end: NativeOwnersEnd = endOf()): void {
    this.#end = end;
    this.#wake();
  }

  end(): NativeOwnersEnd | undefined {
    return this.#end;
  }

  find(inodes: Uint32Array) {
    if (this.#end?.status !== 'ok') throw new TypeError('not well ended');
    return { start: Uint32Array.from({ length: inodes.length + 1 }, (_, at) => at), pid: inodes, fd: inodes };
  }

  processes(): Uint32Array {
    if (this.#end?.status !== 'ok') throw new TypeError('not well ended');
    return Uint32Array.of(7, 700, 8, 0xffffffff);
  }

  cancel(): void {
    this.cancelled++;
  }
}

/** An iterator that is loaded when the test says so; as the addon's, it wakes nobody once it was closed. */
export class FakeBpf implements NativeBpf {
  closed = 0;
  readonly #wake: () => void;
  #end: NativeOutcome | undefined;

  constructor(wake: () => void) {
    this.#wake = wake;
  }

  finish(end: NativeOutcome = outcome()): void {
    this.#end = end;
    if (this.closed === 0) this.#wake();
  }

  end(): NativeOutcome | undefined {
    return this.#end;
  }

  close(): void {
    this.closed++;
  }
}

/** What the owner scans use of the addon. */
export class FakeBinding {
  readonly searches: FakeOwners[] = [];
  readonly loads: FakeBpf[] = [];
  readonly pinned = new Map<string, NativeOutcome>();
  readonly probed: string[] = [];
  permitted = true;

  startOwners(request: NativeOwnersRequest, wake: () => void): FakeOwners {
    const search = new FakeOwners(request, wake);
    this.searches.push(search);
    return search;
  }

  mayUseBpf(): boolean {
    return this.permitted;
  }

  loadBpf(wake: () => void): FakeBpf {
    if (!this.permitted) throw new Error('bpf(2) was called without the capabilities');
    const bpf = new FakeBpf(wake);
    this.loads.push(bpf);
    return bpf;
  }

  probePinned(path: string): NativeOutcome {
    this.probed.push(path);
    return this.pinned.get(path) ?? outcome('system', 'open', 2);
  }

  get native(): NativeBinding {
    return this as unknown as NativeBinding;
  }
}
