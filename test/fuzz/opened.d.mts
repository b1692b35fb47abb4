import type * as framesModule from "../../src/frames/index.ts";
import type * as hpackModule from "../../src/hpack/index.ts";
import type * as engineModule from "../../src/index.ts";

export type OpenedEngine = typeof engineModule & {
  readonly hpack: typeof hpackModule;
  readonly frames: typeof framesModule;
};

export function openedEngine(folder: string, load?: (url: string) => Promise<unknown>): Promise<OpenedEngine>;
