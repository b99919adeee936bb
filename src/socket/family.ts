/** Address families by name. */
export const FAMILIES = ['inet', 'inet6', 'unix'] as const;
export type FamilyName = (typeof FAMILIES)[number];

/** Values of the `family` column: the kernel's AF_* numbers. */
export const Family = { unix: 1, inet: 2, inet6: 10 } as const satisfies Record<FamilyName, number>;

const names = new Map<number, FamilyName>(FAMILIES.map((name) => [Family[name], name]));

/** The name of a `family` value; a number this version does not know reads `unknown-<n>`. */
export function familyName(family: number): FamilyName | `unknown-${number}` {
  return names.get(family) ?? `unknown-${family}`;
}
