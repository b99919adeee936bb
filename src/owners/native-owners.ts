import type { NativeBinding } from '../addon/native-binding.ts';
import { isShortOfMeans } from '../errors.ts';
import type { ProcRoot } from '../proc/proc-root.ts';
import { BpfScan } from './bpf-scan.ts';
import { searchOwners } from './native-search.ts';
import { procFdLimits } from './owner-limits.ts';
import type { OwnerScan } from './owner-scan.ts';
import { PinnedScan } from './pinned-scan.ts';
import { procFdSupport } from './procfd-support.ts';
import { createTypeScriptProcFdScan } from './procfd-walk.ts';

/** The walk over /proc/<pid>/fd on native threads; where none is to be had, on this one, in turns with the event loop. */
export function createProcFdScan(binding: NativeBinding, proc: ProcRoot): OwnerScan {
  return {
    name: 'procfd',
    probe: async () => procFdSupport(proc),
    limits: () => procFdLimits(proc),
    async scan(question, context) {
      try {
        return await searchOwners(binding, { scan: 'procfd', procRoot: proc.path }, question, context);
      } catch (error) {
        if (!isNoThread(error)) throw error;
        return createTypeScriptProcFdScan(proc).scan(question, context);
      }
    },
  };
}

const EAGAIN = 11;

function isNoThread(error: unknown): boolean {
  return isShortOfMeans(error) && error.errno === EAGAIN;
}

/** A BPF iterator of this process's own. It numbers processes as the own /proc does: of no use beside another one. */
export function createBpfScan(binding: NativeBinding): OwnerScan {
  return new BpfScan(binding);
}

/** A BPF iterator that was pinned at one of the paths, which are tried in turn. Numbers processes as the own /proc does. */
export function createPinnedScan(binding: NativeBinding, paths: readonly string[]): OwnerScan {
  return new PinnedScan(binding, paths);
}
