import { HeaderField } from "../../../src/index.ts";
import type { Random } from "../../fuzz/random.mjs";

/** Fields that repeat over a connection, that are new, long, many under one name, or secret. */
export function randomFields(random: Random): HeaderField[] {
  const long = random.once(6) ? [new HeaderField("x-long", "w".repeat(25_000))] : [];
  const others = Array.from({ length: random.below(8) }, () => {
    const name = random.pick([
      "x-a",
      "x-b",
      "cache-control",
      "set-cookie",
      "etag",
      "vary",
      `x-${random.below(1_000)}`,
    ]);
    const value = random.pick([
      "a",
      "max-age=3600",
      "text/html",
      `${random.next()}`,
      "v".repeat(random.pick([100, 900, 5_000])),
    ]);
    return new HeaderField(name, value, random.once(6));
  });
  return [...others, ...long];
}
