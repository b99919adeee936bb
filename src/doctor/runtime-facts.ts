import { release } from 'node:os';
import { libcOf } from '../addon/libc.ts';

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
  /** The C library that Node.js runs on, `null` elsewhere than on Linux; its version where it tells. */
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

/** As the addon's file is chosen by; the version by Node's report about itself. */
function libcFacts(): RuntimeFacts['libc'] {
  return process.platform === 'linux'
    ? { name: libcOf(), version: glibcVersion() }
    : { name: null, version: null };
}

/** The report looks at no network: that would ask for names of hosts. */
function glibcVersion(): string | null {
  const report = process.report as (NodeJS.ProcessReport & { excludeNetwork?: boolean }) | undefined;
  if (report === undefined) return null;
  // Nothing is open to the network here, and so nothing is asked for where the switch is not known.
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  try {
    const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
    return header?.glibcVersionRuntime ?? null;
  } catch {
    return null;
  } finally {
    if (before !== undefined) report.excludeNetwork = before;
  }
}
