/** Ratios that are compatible with two sets of measurements. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Beyond so many measurements on a side the normal distribution is as good. */
const EXACT_UP_TO = 20;
/** One in a hundred of two equal things is told apart: a result has hundreds of figures. */
const ERROR = 0.01;
/** Of the normal distribution, for ERROR on both sides. */
const QUANTILE = 2.576;

/**
 * By how much `later` differs from `earlier`: the interval of Hodges and Lehmann for a ratio, which belongs to the test of
 * Mann and Whitney. It knows ranks only: no shape of the noise is assumed. Undefined where there are too few measurements
 * (five on either side are enough), or where one is not above zero.
 */
export function ratioInterval(earlier: readonly number[], later: readonly number[]): Interval | undefined {
  if ([...earlier, ...later].some((value) => !(value > 0))) return undefined;
  const ratios = later.flatMap((above) => earlier.map((below) => above / below)).sort((a, b) => a - b);
  const beyond = ranksBeyond(earlier.length, later.length);
  if (beyond < 1) return undefined;
  return { low: ratios[beyond - 1]!, high: ratios[ratios.length - beyond]! };
}

/** How many of the sorted pairs lie outside, that of the interval's end included; 0 where no interval is sure enough. */
function ranksBeyond(left: number, right: number): number {
  if (Math.max(left, right) > EXACT_UP_TO) {
    const deviation = Math.sqrt((left * right * (left + right + 1)) / 12);
    return Math.max(0, Math.floor((left * right) / 2 - QUANTILE * deviation));
  }
  const chances = rankSumChances(left, right);
  let sum = 0;
  let ranks = 0;
  while (ranks < chances.length && sum + chances[ranks]! <= ERROR / 2) {
    sum += chances[ranks]!;
    ranks += 1;
  }
  return ranks;
}

/** The chance of each number of pairs, 0 to left x right, in which the right side is the smaller one, when both are alike. */
function rankSumChances(left: number, right: number): number[] {
  const known = new Map<string, number[]>();
  const chances = (few: number, many: number): number[] => {
    if (few === 0 || many === 0) return [1];
    const key = `${few},${many}`;
    const found = known.get(key) ?? mixed(chances(few - 1, many), chances(few, many - 1), few, many);
    known.set(key, found);
    return found;
  };
  return chances(left, right);
}

/** The greatest of all is one of the left, and `many` pairs are sure, or one of the right. */
function mixed(
  lessLeft: readonly number[],
  lessRight: readonly number[],
  few: number,
  many: number,
): number[] {
  return Array.from(
    { length: few * many + 1 },
    (_, pairs) => (few * (lessLeft[pairs - many] ?? 0) + many * (lessRight[pairs] ?? 0)) / (few + many),
  );
}
