/**
 * Sorts interfaces as netstat does: by name without the number at its end, then by that number, then by the bytes of the
 * name; labels such as `eth0:1` follow their device by number. Names are byte strings.
 */
export function sortByName<Row extends { readonly name: string }>(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => ({ row, key: orderKey(row.name) }))
    .sort((left, right) => compareKeys(left.key, right.key))
    .map(({ row }) => row);
}

/** What a name is sorted by. */
interface OrderKey {
  /** Without a label's number. */
  readonly base: string;
  readonly prefix: string;
  readonly number: number;
  /** -1: no label. */
  readonly label: number;
  readonly name: string;
}

function orderKey(name: string): OrderKey {
  const label = /:(\d+)$/.exec(name);
  const base = label === null ? name : name.slice(0, label.index);
  const prefix = base.replace(/\d+$/, '');
  return {
    base,
    prefix,
    number: int(base.slice(prefix.length)),
    label: label === null ? -1 : int(label[1]!),
    name,
  };
}

function compareKeys(left: OrderKey, right: OrderKey): number {
  return (
    order(left.prefix, right.prefix) ||
    left.number - right.number ||
    order(left.base, right.base) ||
    left.label - right.label ||
    order(left.name, right.name)
  );
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As atoi(3) has it: cut to 32 bits. A name has fewer digits than 64 bits may hold. */
function int(digits: string): number {
  return Number(BigInt.asIntN(32, BigInt(digits === '' ? 0 : digits)));
}
