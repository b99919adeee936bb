import { release } from 'node:os';

/** What this process is made of. */
export interface RuntimeFacts {
  /** Of sockscope. */
  readonly version: string;
  /** Of Node.js, without a `v`. */
  readonly node: string;
  /** As process.platform and process.arch have them. */
  readonly platform: string;
  readonly arch: string;
  /** The kernel's release, as `uname -r` prints it. */
  readonly kernel: string;
  /** The C library that Node.js runs on, `null` where that cannot be told; its version where it tells. */
  readonly libc: { readonly name: 'glibc' | 'musl' | null; readonly version: string | null };
  /** The addon's file; or why there is none. */
  readonly addon: { readonly path: string | null; readonly reason: string | null };
}

export function runtimeFacts(version: string, addon: RuntimeFacts['addon']): RuntimeFacts {
  return {
    version,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    kernel: release(),
    libc: libcFacts(),
    addon,
  };
}

interface Report {
  readonly header?: { readonly glibcVersionRuntime?: string };
  readonly sharedObjects?: readonly string[];
}

/** By Node's report about itself, with which it looks at no network: that would ask for names of hosts. */
function libcFacts(): RuntimeFacts['libc'] {
  const report = process.report as (NodeJS.ProcessReport & { excludeNetwork?: boolean }) | undefined;
  // Nothing is open to the network here, and so nothing is asked for where the switch is not known.
  if (report === undefined || process.platform !== 'linux') return { name: null, version: null };
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  try {
    const { header, sharedObjects } = report.getReport() as Report;
    const version = header?.glibcVersionRuntime;
    if (version !== undefined) return { name: 'glibc', version };
    const isMusl = sharedObjects?.some((path) => path.includes('/ld-musl-')) === true;
    return { name: isMusl ? 'musl' : null, version: null };
  } catch {
    return { name: null, version: null };
  } finally {
    if (before !== undefined) report.excludeNetwork = before;
  }
}
