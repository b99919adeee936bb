/** Numbers to places along an axis, a decade always as long. */
export interface LogScale {
  /** Powers of ten, within the ends. */
  readonly decades: readonly number[];
  /** What stands between them, 2 to 9 times a power of ten, within the ends. */
  readonly between: readonly number[];
  readonly greatest: number;
  readonly place: (value: number) => number;
}

/** What a clock gives that has not moved is drawn as if it were this. */
export const LEAST = 1e-6;

/**
 * `from` and `to` are the places of the least and the greatest number. What has no logarithm stands at the least place,
 * and an axis of one number is widened to both sides: the number keeps the middle.
 */
export function logScale(some: number, most: number, from: number, to: number): LogScale {
  const [first, last] = [Math.max(some, LEAST), Math.max(most, LEAST)];
  const [least, greatest] = first < last ? [first, last] : [first / 2, first * 2];
  const [low, high] = [Math.log10(least), Math.log10(greatest)];
  const within = (value: number): boolean => value >= least * 0.999 && value <= greatest * 1.001;
  const powers = range(Math.floor(low), Math.ceil(high)).map((exponent) => 10 ** exponent);
  return {
    decades: powers.filter(within),
    between: powers.flatMap((power) => range(2, 9).map((times) => times * power)).filter(within),
    greatest: most,
    place: (value) => from + ((Math.log10(Math.max(value, LEAST)) - low) / (high - low)) * (to - from),
  };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
