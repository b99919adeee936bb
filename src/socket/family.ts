/** Values of the `family` column: the kernel's AF_* numbers. */
export const Family = { inet: 2, inet6: 10, unix: 1 } as const;
/** An address family, by name. */
export type FamilyName = keyof typeof Family;

export const FAMILIES = Object.keys(Family) as readonly FamilyName[];

const names = new Map<number, FamilyName>(FAMILIES.map((name) => [Family[name], name]));

/** The name of a `family` value; a number this version does not know reads `unknown-<n>`. */
export function familyName(family: number): FamilyName | `unknown-${number}` {
  return names.get(family) ?? `unknown-${family}`;
}
