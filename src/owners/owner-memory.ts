import type { NativeKnownOwners } from '../addon/native-binding.ts';
import { KnownOwners } from './known-owners.ts';

/** Kinds of questions that a host remembers owners of. */
const MOST_KINDS = 4;

/** What a host remembers of owners: of each kind of question by itself, the last few kinds. */
export class OwnerMemory {
  readonly #create: () => NativeKnownOwners;
  /** The one that was asked last comes last. */
  readonly #kinds = new Map<string, KnownOwners>();
  readonly #taken = new Set<string>();

  constructor(create: () => NativeKnownOwners) {
    this.#create = create;
  }

  /** What is known of such questions, for one at a time: undefined while another one has it. To be given back, or lost. */
  take(kind: string): KnownOwners | undefined {
    if (this.#taken.has(kind)) return undefined;
    const known = this.#kinds.get(kind) ?? new KnownOwners(this.#create());
    this.#taken.add(kind);
    this.#kinds.delete(kind);
    return known;
  }

  giveBack(kind: string, known: KnownOwners): void {
    this.#taken.delete(kind);
    this.#kinds.set(kind, known);
    const oldest = this.#kinds.keys().next().value;
    if (this.#kinds.size > MOST_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
  }

  /** Forgets what was taken: a question that did not come to its end leaves it half changed. */
  lose(kind: string): void {
    this.#taken.delete(kind);
  }

  /** Forgets everything. */
  clear(): void {
    this.#kinds.clear();
  }
}
