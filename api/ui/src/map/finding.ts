/** Names that fit what is typed. Pure. */

/** Without accents and case. */
export const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const GRADES = [
  (name: string, wanted: string) => name.startsWith(wanted),
  (name: string, wanted: string) => name.includes(` ${wanted}`) || name.includes(`-${wanted}`),
  (name: string, wanted: string) => name.includes(wanted),
];

/** Names that begin so, then those with a word that does, then those that hold it; in their own order otherwise. */
export function fitting<T extends { name: string }>(things: T[], typed: string, most: number): T[] {
  const wanted = plain(typed.trim());
  if (!wanted) return [];
  const graded = things
    .map((thing, at) => ({ thing, at, grade: GRADES.findIndex((fits) => fits(plain(thing.name), wanted)) }))
    .filter(({ grade }) => grade >= 0);
  return graded
    .sort((a, b) => a.grade - b.grade || a.at - b.at)
    .slice(0, most)
    .map(({ thing }) => thing);
}
