// What the applications of all frameworks answer with.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The folder of static files. */
export const FOLDER = fileURLToPath(new URL("../public", import.meta.url));

/** A text that is worth compressing. */
export const LONG_TEXT = "A line like many others.\n".repeat(4_000);

export const HINT = { link: "</static/style.css>; rel=preload; as=style" };

/** A body of 10 MiB that is made as it is read. */
export function bigBody() {
  const piece = Buffer.alloc(65_536, "0123456789abcdef");
  let left = 160;
  return new Readable({
    read() {
      this.push(left-- > 0 ? piece : null);
    },
  });
}

/** What a client is told of a file that it has sent. */
export function description(name, octets) {
  return { name, length: octets.length, sha256: createHash("sha256").update(octets).digest("hex") };
}
