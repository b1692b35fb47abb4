import { type FoundFile, findBeside } from "./find-file.ts";

/** What is sent for a file. */
export interface Representation {
  readonly file: FoundFile;
  /** The content coding (RFC 9110 section 8.4.1), or null for the file itself. */
  readonly coding: Coding | null;
  /** Whether another `accept-encoding` would get something else. */
  readonly varies: boolean;
}

type Coding = "br" | "gzip";

/** Where a file that was compressed beforehand stands; the better coding first. */
const SUFFIXES: readonly (readonly [coding: Coding, suffix: string])[] = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

/** Chooses between a file and what stands compressed beside it, by what the client accepts (RFC 9110 section 12.5.3). */
export function chooseRepresentation(
  root: string,
  file: FoundFile,
  acceptEncoding: string | undefined,
): Representation {
  let best: Representation = { file, coding: null, varies: false };
  let bestWeight = 0;
  for (const [coding, suffix] of SUFFIXES) {
    const compressed = findBeside(root, file, suffix);
    if (compressed === null) continue;
    const weight = weightOf(coding, acceptEncoding ?? "");
    if (weight > bestWeight) {
      best = { file: compressed, coding, varies: true };
      bestWeight = weight;
    } else best = { ...best, varies: true };
  }
  return best;
}

/** The weight that a list of codings gives to one: 0 if it is refused or not named. */
function weightOf(coding: string, acceptEncoding: string): number {
  let ofAll = 0;
  for (const item of acceptEncoding.toLowerCase().split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const weight = parameters.map(qualityOf).find((quality) => quality !== null) ?? 1;
    if (name === coding || name === `x-${coding}`) return weight;
    if (name === "*") ofAll = weight;
  }
  return ofAll;
}

function qualityOf(parameter: string): number | null {
  const [, quality] = /^q\s*=\s*([01](?:\.\d{0,3})?)$/.exec(parameter) ?? [];
  return quality === undefined ? null : Number(quality);
}
