import type { NativeBinding, NativeBpf } from '../addon/native-binding.ts';
import { isUnavailable } from '../errors.ts';
import { allOf } from '../need.ts';
import { ProcRoot } from '../proc/proc-root.ts';
import type { Support } from '../support.ts';
import { Bell, beforeAbort, searchOwners } from './native-search.ts';
import { supportOf, unsupported } from './outcome-support.ts';
import { PIN_REMEDY } from './owner-failure.ts';
import { bpfLimits } from './owner-limits.ts';
import type { OwnerContext, OwnerIndex, OwnerQuestion, OwnerScan } from './owner-scan.ts';

const EPERM = 1;
const NOT_PERMITTED: Support = {
  verdict: 'no',
  reason: 'CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, are not in effect',
  errno: EPERM,
  remedy: 'run as root, or have root pin an iterator: sockscope pin --group GROUP',
  needs: [
    allOf('capability', 'CAP_BPF', 'CAP_PERFMON'),
    allOf('capability', 'CAP_SYS_ADMIN'),
    allOf('command', PIN_REMEDY),
  ],
};
const LET_GO: Support = { verdict: 'unknown', reason: 'the iterator was let go of' };

/** An iterator, being loaded or loaded. */
interface Loading {
  readonly bpf: NativeBpf;
  readonly bell: Bell;
  support: Promise<Support>;
}

/** Finds owners by a BPF iterator, which is loaded when it is first wanted, and kept until `close`. */
export class BpfScan implements OwnerScan {
  readonly name = 'bpf';
  readonly #binding: NativeBinding;
  /** Undefined while nothing certain is known. */
  #loading: Loading | undefined;

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  /** Capabilities come and go: they are looked at each time, and always before bpf(2) is called. */
  async probe(): Promise<Support> {
    try {
      if (!this.#binding.mayUseBpf()) return NOT_PERMITTED;
      this.#loading ??= this.#load();
      return await this.#loading.support;
    } catch (error) {
      return { verdict: 'unknown', reason: String(error) };
    }
  }

  limits(): ReturnType<typeof bpfLimits> {
    return bpfLimits(new ProcRoot());
  }

  async scan(question: OwnerQuestion, context: OwnerContext): Promise<OwnerIndex> {
    const support = await beforeAbort(this.probe(), context.signal);
    const bpf = this.#loading?.bpf;
    if (support.verdict !== 'yes') throw unsupported(support, this.name);
    if (bpf === undefined) throw unsupported(LET_GO, this.name);
    // Beside a dump, as a search for all sockets is, one core is the dump's.
    const threads = question.wanted === undefined ? context.threads - 1 : context.threads;
    const means = { scan: this.name, procRoot: '/proc', bpf } as const;
    try {
      return await searchOwners(this.#binding, means, question, { ...context, threads });
    } catch (error) {
      // This process may have put itself under a seccomp filter: whether it works is to be found out anew.
      if (isUnavailable(error) && this.#loading?.bpf === bpf) this.close();
      throw error;
    }
  }

  close(): void {
    const loading = this.#loading;
    this.#loading = undefined;
    loading?.bpf.close();
    // What was let go of while it was being loaded wakes nobody.
    loading?.bell.ring();
  }

  #load(): Loading {
    const bell = new Bell();
    const bpf = this.#binding.loadBpf(bell.ring);
    const loading: Loading = { bpf, bell, support: Promise.resolve(LET_GO) };
    loading.support = this.#settle(loading);
    return loading;
  }

  async #settle(loading: Loading): Promise<Support> {
    if (loading.bpf.end() === undefined) await loading.bell.rung;
    const end = loading.bpf.end();
    const support = end === undefined ? LET_GO : supportOf(end, this.name);
    if (support.verdict === 'unknown' && this.#loading === loading) this.#loading = undefined;
    return support;
  }
}
