import { FrameType } from "./frame-type.ts";

/** Flag bits. What a bit means depends on the frame type: 0x01 is END_STREAM on some and ACK on others. */
export const FrameFlag = {
  END_STREAM: 0x01,
  ACK: 0x01,
  END_HEADERS: 0x04,
  PADDED: 0x08,
  PRIORITY: 0x20,
} as const;

type FlagName = keyof typeof FrameFlag;

/** The flags each type defines. Types that are missing here define none. */
const FLAGS_OF_TYPE = new Map<number, readonly FlagName[]>([
  [FrameType.DATA, ["END_STREAM", "PADDED"]],
  [FrameType.HEADERS, ["END_STREAM", "END_HEADERS", "PADDED", "PRIORITY"]],
  [FrameType.SETTINGS, ["ACK"]],
  [FrameType.PUSH_PROMISE, ["END_HEADERS", "PADDED"]],
  [FrameType.PING, ["ACK"]],
  [FrameType.CONTINUATION, ["END_HEADERS"]],
]);

/**
 * The names of the flags set in `flags`, lowest bit first. Bits that `type` does not define come last, as one
 * hexadecimal number.
 */
export function flagNames(type: number, flags: number): string[] {
  const names: string[] = [];
  let undefinedBits = flags;
  for (const name of FLAGS_OF_TYPE.get(type) ?? []) {
    if ((flags & FrameFlag[name]) === 0) continue;
    names.push(name);
    undefinedBits &= ~FrameFlag[name];
  }
  if (undefinedBits !== 0) names.push(`0x${undefinedBits.toString(16)}`);
  return names;
}
