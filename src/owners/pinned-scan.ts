import { statSync } from 'node:fs';
import type { NativeBinding } from '../addon/native-binding.ts';
import { isUnavailable } from '../errors.ts';
import { type Needs, need } from '../need.ts';
import { ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { searchOwners } from './native-search.ts';
import { supportOf, unsupported } from './outcome-support.ts';
import { PIN_REMEDY } from './owner-failure.ts';
import { bpfLimits } from './owner-limits.ts';
import type { OwnerContext, OwnerIndex, OwnerQuestion, OwnerScan } from './owner-scan.ts';

const ENOENT = 2;
const EACCES = 13;

/** Finds owners by an iterator that somebody with the capabilities has pinned in a bpffs. */
export class PinnedScan implements OwnerScan {
  readonly name = 'bpf-pinned';
  readonly #binding: NativeBinding;
  /** Tried in turn. */
  readonly #paths: readonly string[];
  /** The one that could be read: it is asked about no more until a scan fails. Where none can, a pin may come later. */
  #path: string | undefined;

  constructor(binding: NativeBinding, paths: readonly string[]) {
    this.#binding = binding;
    this.#paths = paths;
  }

  async probe(): Promise<Support> {
    try {
      return this.#path === undefined ? this.#look() : { verdict: 'yes' };
    } catch (error) {
      return { verdict: 'unknown', reason: String(error) };
    }
  }

  limits(): ReturnType<typeof bpfLimits> {
    return bpfLimits(new ProcRoot());
  }

  async scan(question: OwnerQuestion, context: OwnerContext): Promise<OwnerIndex> {
    context.signal.throwIfAborted();
    const support = await this.probe();
    const path = this.#path;
    if (path === undefined) throw unsupported(support, this.name);
    try {
      return await searchOwners(
        this.#binding,
        { scan: this.name, procRoot: '/proc', path },
        question,
        context,
      );
    } catch (error) {
      // It may have been unpinned, or pinned anew by another version.
      if (isUnavailable(error)) this.#path = undefined;
      throw error;
    }
  }

  /** Of the paths that do not do, one where something stands says most. */
  #look(): Support {
    const refusals: Support[] = [];
    for (const path of this.#paths) {
      const support = supportOf(this.#binding.probePinned(path), this.name);
      if (support.verdict === 'yes') {
        this.#path = path;
        return support;
      }
      const needs = support.errno === EACCES ? membershipOf(path) : support.needs;
      refusals.push({ ...support, needs, reason: `${path}: ${support.reason}` });
    }
    const telling = refusals.find(({ errno }) => errno !== ENOENT) ?? refusals[0];
    if (telling === undefined)
      return {
        verdict: 'no',
        reason: 'no path is known',
        remedy: PIN_REMEDY,
        needs: need('command', PIN_REMEDY),
      };
    return { ...telling, reason: refusals.map(({ reason }) => reason).join('; ') };
  }
}

/** The group that may read what is pinned, by its number where that can be seen. */
function membershipOf(path: string): Needs {
  const others = need('command', PIN_REMEDY);
  try {
    return [...need('group', String(statSync(path).gid)), ...others];
  } catch {
    return others;
  }
}
