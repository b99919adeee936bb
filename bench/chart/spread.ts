/**
 * Places as near as can be to those wanted, which rise, with at least `apart` between them and none beyond `last` where
 * there is room: labels beside the ends of lines.
 */
export function spread(wanted: readonly number[], apart: number, last: number): number[] {
  const down: number[] = [];
  for (const place of wanted) down.push(Math.max(place, (down.at(-1) ?? Number.NEGATIVE_INFINITY) + apart));
  let most = last;
  return down
    .toReversed()
    .map((place) => {
      const fitting = Math.min(place, most);
      most = fitting - apart;
      return fitting;
    })
    .toReversed();
}
