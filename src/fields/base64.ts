const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The octets of base64 text (RFC 4648 section 4), or null if it is none. As RFC 9651 section 4.2.7 wants it, the
 * padding may be missing, and unused bits need not be zero.
 */
export function octetsFromBase64(text: string): Uint8Array | null {
  const digits = withoutPadding(text);
  if (digits === null || digits.length % 4 === 1) return null;
  const octets = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let position = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = ALPHABET.indexOf(digits.charAt(index));
    if (digit < 0) return null;
    bits = ((bits << 6) | digit) & 0xfff;
    // The first digit of each four completes no octet, each of the other three does.
    const unused = 6 - 2 * (index % 4);
    if (index % 4 !== 0) octets[position++] = bits >> unused;
  }
  return octets;
}

/** The base64 text of octets, with padding (RFC 4648 section 4). */
export function base64FromOctets(octets: Uint8Array): string {
  let text = "";
  for (let index = 0; index < octets.length; index += 3) {
    const bits =
      ((octets[index] as number) << 16) | ((octets[index + 1] ?? 0) << 8) | (octets[index + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += ALPHABET.charAt((bits >> shift) & 0x3f);
  }
  // Two octets make three digits that say something, one makes two.
  const unused = (3 - (octets.length % 3)) % 3;
  return text.slice(0, text.length - unused) + "=".repeat(unused);
}

/** The digits alone; null if there is padding that does not fill up the last four. */
function withoutPadding(text: string): string | null {
  const digits = text.replace(/={1,2}$/, "");
  return digits === text || text.length % 4 === 0 ? digits : null;
}
