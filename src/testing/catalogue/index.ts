import type { Misbehaviour } from "../misbehaviour.ts";
import { BROKEN_FRAMES } from "./broken-frames.ts";
import { ENDINGS } from "./endings.ts";
import { FLOODS } from "./floods.ts";
import { GOAWAY } from "./goaway.ts";
import { MESSAGES } from "./messages.ts";
import { RESETS } from "./resets.ts";
import { SETTINGS } from "./settings.ts";

/** What servers do wrong, or oddly; each with what a client that does it right makes of it. */
export const SERVER_MISBEHAVIOURS: readonly Misbehaviour[] = [
  ...GOAWAY,
  ...RESETS,
  ...ENDINGS,
  ...SETTINGS,
  ...MESSAGES,
  ...BROKEN_FRAMES,
  ...FLOODS,
];
