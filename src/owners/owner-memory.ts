import type { NativeKnownOwners } from '../addon/native-binding.ts';
import { KnownOwners } from './known-owners.ts';

/** Kinds of questions that a host remembers owners of. */
const MOST_KINDS = 4;

/** What a host remembers of owners: of each kind of question by itself, the last few kinds. */
export class OwnerMemory {
  readonly #create: () => NativeKnownOwners;
  /** The one that was asked last comes last. */
  readonly #kinds = new Map<string, KnownOwners>();
  readonly #taken = new Set<KnownOwners>();

  constructor(create: () => NativeKnownOwners) {
    this.#create = create;
  }

  /** What is known of such questions, for one at a time: undefined while another one has it. To be given back. */
  take(kind: string): KnownOwners | undefined {
    const known = this.#kinds.get(kind) ?? new KnownOwners(this.#create());
    if (this.#taken.has(known)) return undefined;
    this.#kinds.delete(kind);
    this.#kinds.set(kind, known);
    this.#taken.add(known);
    const oldest = this.#kinds.keys().next().value;
    if (this.#kinds.size > MOST_KINDS && oldest !== undefined) this.#kinds.delete(oldest);
    return known;
  }

  giveBack(known: KnownOwners): void {
    this.#taken.delete(known);
  }

  /** Forgets everything. */
  clear(): void {
    this.#kinds.clear();
  }
}
