/**
 * A range of octets in the one form that sirv reads rightly, `bytes=FIRST-` or `bytes=FIRST-LAST`; null for what it
 * does not, in place of which the whole file is sent (RFC 9110 section 14.2 allows to ignore every range).
 *
 * @param size - of the file, in octets.
 */
export function plainRange(range: string | undefined, size: number): string | null {
  const [, first, last] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(range ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;
  if (first === "") return `bytes=${Math.max(0, size - Number(last))}-`;
  // It takes the octet 0 at the end for no end at all.
  if (last !== "" && (Number(first) > Number(last) || Number(last) === 0)) return null;
  return `bytes=${first}-${last}`;
}
