/** Numbers to places along an axis, a decade always as long. */
export interface LogScale {
  /** Powers of ten, within the ends. */
  readonly decades: readonly number[];
  /** What stands between them, 2 to 9 times a power of ten, within the ends. */
  readonly between: readonly number[];
  readonly greatest: number;
  readonly place: (value: number) => number;
}

/** `from` and `to` are the places of the least and the greatest number. Throws a RangeError on what has no logarithm. */
export function logScale(least: number, greatest: number, from: number, to: number): LogScale {
  if (!(least > 0 && greatest > least))
    throw new RangeError(`no logarithmic axis from ${least} to ${greatest}`);
  const [low, high] = [Math.log10(least), Math.log10(greatest)];
  const within = (value: number): boolean => value >= least * 0.999 && value <= greatest * 1.001;
  const powers = range(Math.floor(low), Math.ceil(high)).map((exponent) => 10 ** exponent);
  return {
    decades: powers.filter(within),
    between: powers.flatMap((power) => range(2, 9).map((times) => times * power)).filter(within),
    greatest,
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
