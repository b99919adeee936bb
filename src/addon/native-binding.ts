import type { NativeDump, NativeDumpRequest, NativeStatus } from './native-dump.ts';
import type { NativeInterfaces } from './native-interfaces.ts';

/**
 * Version of what this file, native-interfaces.ts and native-dump.ts declare, and of the records that cross as bytes; goes
 * up with every change to them, of a meaning as well, so that an addon from elsewhere (`addonPath`, a build that is older
 * than this code) is refused before it is misunderstood.
 * native/napi/addon.cc: kInterfaceVersion. api/addon.md is the record that a test compares.
 */
export const INTERFACE_VERSION = 1;

/** What the addon exports. One object a process and thread; it keeps no state of its own outside of dumps. */
export interface NativeBinding {
  /** INTERFACE_VERSION the addon was built with. */
  readonly interfaceVersion: number;
  /** LAYOUT_VERSION the addon was built with. */
  readonly layoutVersion: number;
  /** The addon's schema: column names in order, bytes a row of each (the heap column: of one offset). */
  readonly layout: readonly { readonly name: string; readonly width: number }[];
  /**
   * Starts a dump on threads of its own and returns at once; throws a TypeError on a malformed request.
   * `wake` is called on this thread whenever `take` has something new to say, and never again after `cancel`.
   */
  startDump(request: NativeDumpRequest, wake: () => void): NativeDump;
  /**
   * As `startDump`, for TCP: a BPF program walks the kernel's tables, under no lock of theirs, in the order of /proc/net/tcp.
   * Tells protocol, family, state, addresses, ports and queues; other columns are as if the kernel had told a 0. Ends as
   * `not-supported` or `system` before its first row where it cannot. Not to be called where `mayUseBpf` is false.
   */
  startTcpWalk(request: NativeDumpRequest, wake: () => void): NativeDump;
  /**
   * As `startDump`, but decodes recorded netlink datagrams (copied before it returns) instead of asking the kernel: for
   * tests and replays.
   */
  replayDump(request: NativeDumpRequest, datagrams: readonly Uint8Array[], wake: () => void): NativeDump;
  /**
   * Looks up names of hosts on up to so many threads of its own (1 to 256). `wake` is called on this thread whenever `take`
   * has something new to say, and never again after `close`. Does not keep the event loop alive.
   */
  openHostLookup(threads: number, wake: () => void): NativeHostLookup;
  /**
   * Whether so many threads (0 to 2048) can be had beside those that there are: starts them all, and ends them before it
   * returns, in some 20 µs each.
   */
  mayStartThreads(threads: number): boolean;
  /** The user's name from getpwuid_r(3), or undefined when there is none. */
  userName(uid: number): string | undefined;
  /** The group's number from getgrnam_r(3), or undefined when there is none. */
  groupId(name: string): number | undefined;
  /**
   * Starts a search for the holders of sockets on threads of its own and returns at once; throws a TypeError on a
   * malformed request. `wake` is called once on this thread, when `end` has something to say, and never after `cancel`.
   */
  startOwners(request: NativeOwnersRequest, wake: () => void): NativeOwners;
  /**
   * Starts to read the connections under NAT of this process's network namespace, through ctnetlink, on a thread of its
   * own, and returns at once; throws a TypeError on wrong arguments. `wake` as for `startOwners`. The reading fails
   * (`too-large`) where its records would take more than `maxBytes`; with 0 as soon as the kernel has answered and has more.
   */
  startConntrack(maxBytes: number, wake: () => void): NativeConntrack;
  /** Whether this process has the capabilities that bpf(2) wants of an iterator. Does not call it. */
  mayUseBpf(): boolean;
  /**
   * Loads the BPF iterator on a thread of its own and returns at once; `wake` as for `startOwners`. Not to be called where
   * `mayUseBpf` is false: a seccomp filter may kill the process for it.
   */
  loadBpf(wake: () => void): NativeBpf;
  /** What a host remembers of owners from one poll to the next: see native/core/owners/known_owners.h. */
  createKnownOwners(): NativeKnownOwners;
  /** Whether the iterator pinned at `path` can be read and is of a version that this addon knows. */
  probePinned(path: string): NativeOutcome;
  /** Pins the iterator at `path`, in a bpffs, for the group. Loads the iterator for it, on this thread. */
  pinOwners(path: string, gid: number): NativeOutcome;
  /** Mounts a bpffs at `directory` where none is, mode 0755. */
  mountBpfFs(directory: string): NativeOutcome;
  /** Unmounts the bpffs at `directory`. */
  unmountBpfFs(directory: string): NativeOutcome;
  /**
   * Asks about network interfaces on a thread of its own and returns at once: about `names` (bytes, each name ended by a
   * NUL; copied) and every name that has an IPv4 address. Of the addresses of each name the `first` is told, as netstat
   * shows it, or `all`: see DeviceQuestion in native/core/interfaces/device_reader.h. `wake` as for `startOwners`.
   */
  startInterfaces(names: Uint8Array, addresses: 'first' | 'all', wake: () => void): NativeInterfaces;
}

export interface NativeHostLookup {
  /** Asks for names; each address (17 bytes: AF_* number, the 16 bytes of a column) is given by `take` once. Copied. */
  ask(addresses: Uint8Array): void;
  /**
   * What has been found since the last call, in any order: byte strings, undefined where there is no name, null where none
   * could be asked for: a thread or memory was refused.
   */
  take(): { readonly addresses: Uint8Array; readonly names: readonly (string | undefined | null)[] };
  /** Drops what waits; returns at once, idempotent. Nothing is asked or found any more. */
  close(): void;
}

/** Of the threads that work, beside those of other work: Priority of native/core/thread_priority.h. */
export type NativePriority = 'normal' | 'low';

/** How an operation of the core went; status, operation and errno as in NativeEnd. */
export interface NativeOutcome {
  readonly status: NativeStatus;
  readonly operation: string;
  readonly errno: number;
}

export interface NativeOwnersRequest {
  readonly scan: 'procfd' | 'bpf' | 'bpf-pinned';
  /** Where /proc is mounted, for `procfd`. */
  readonly procRoot: string;
  /** A loaded iterator, for `bpf`. */
  readonly bpf?: NativeBpf | undefined;
  /** Where the iterator is pinned, for `bpf-pinned`. */
  readonly path?: string | undefined;
  /** Of each socket the lowest pid's lowest descriptor alone; else every holder. */
  readonly lowest: boolean;
  /** Inodes to look for (copied); absent: all. */
  readonly wanted?: Uint32Array | undefined;
  /** Descriptors to look at, for `procfd`: pairs of pid and fd, pids ascending (copied); absent: all. */
  readonly slots?: Uint32Array | undefined;
  /** Processes to look at beside `slots`, for `procfd`: those whose pid modulo `of` is `index`. */
  readonly share?: { readonly index: number; readonly of: number } | undefined;
  /** Processes not to look at, for `procfd`, pids ascending (copied). */
  readonly except?: Uint32Array | undefined;
  /** For `procfd`: do not look for threads whose descriptors /proc/<pid>/fd does not show. */
  readonly leadersOnly: boolean;
  /** 1 to 64. */
  readonly threads: number;
  /** Absent: normal. */
  readonly priority?: NativePriority | undefined;
  readonly maxBytes: number;
}

export interface NativeOwners {
  /** How it ended, at every call the same; undefined while it runs. */
  end(): NativeOwnersEnd | undefined;
  /** Who holds sockets; throws a TypeError before a good end. */
  find(inodes: Uint32Array): NativeHolders;
  /** Pairs of pid and start (clock ticks from boot, modulo 2^32) of those who hold some, by ascending pid; throws as `find`. */
  processes(): Uint32Array;
  /** Ends the search soon; returns at once, idempotent. What it has found is freed when this object is collected. */
  cancel(): void;
}

export interface NativeConntrack {
  /** How the reading ended, at every call the same; undefined while it runs. */
  end(): NativeConntrackEnd | undefined;
  /** The next records, of NAT_RECORD_BYTES each, 4096 of them but for the last; undefined when there are none any more. */
  take(): ArrayBuffer | undefined;
  /** Ends the reading soon; returns at once, idempotent. Records that wait are dropped. */
  cancel(): void;
}

export interface NativeConntrackEnd extends NativeOutcome {
  /** Connections under NAT that `take` has, or has had. */
  readonly records: number;
  /** Read from the kernel. */
  readonly bytes: number;
  /** Connections that the kernel told of. */
  readonly connections: number;
  /** Messages that made no sense, left out. */
  readonly malformed: number;
  /** Connections under NAT that the kernel told of twice, left out. */
  readonly duplicates: number;
  readonly interrupted: boolean;
}

/** See Holders in src/owners/owner-scan.ts. */
export interface NativeHolders {
  readonly start: Uint32Array;
  readonly pid: Uint32Array;
  readonly fd: Uint32Array;
}

export interface NativeOwnersEnd extends NativeOutcome {
  readonly processes: number;
  readonly vanished: number;
  readonly denied: number;
  readonly unopened: number;
  readonly descriptors: number;
  readonly sockets: number;
  /** Threads that really walked. */
  readonly threads: number;
  /** Bytes that the index takes. */
  readonly indexBytes: number;
}

export interface NativeKnownOwners {
  /** A poll begins: no socket has been seen in it yet. Makes room for so many sockets. */
  beginPoll(sockets: number): void;
  /**
   * Who held each socket: pid 0 for nobody, 0xFFFFFFFF where it was never seen, 0xFFFFFFFE where it has not been looked
   * for everywhere, 0xFFFFFFFD where somebody may hold it who may not be looked at. `cookies` has the low and the high half of each. Notes that they have been seen in this poll.
   */
  find(cookies: Uint32Array): { readonly pid: Uint32Array; readonly fd: Uint32Array };
  /** Sets who holds sockets, by their cookies; `pids` as `find` tells them. */
  learn(cookies: Uint32Array, pids: Uint32Array, fds: Uint32Array): void;
  /**
   * Goes over so many of its places and takes out what has not been seen in this poll: pairs of the pid and descriptor
   * where those sockets were. `more` is false when it has gone over all of them.
   */
  sweep(places: number): { readonly freed: Uint32Array; readonly more: boolean };
  /** As `sweep`, for what one of `pids` (ascending) holds; returns `more`. */
  forget(places: number, pids: Uint32Array): boolean;
}

/** A BPF iterator: loaded, being loaded, or refused. Its descriptors are closed when it is collected, or by `close`. */
export interface NativeBpf {
  /** How the loading went, at every call the same; undefined while it runs. */
  end(): NativeOutcome | undefined;
  /** Lets go of the iterator; a search that runs keeps it until its end. Idempotent. */
  close(): void;
}
