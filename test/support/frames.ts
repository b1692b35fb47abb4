/** Frames as a peer would write them, right or wrong. */
export type { Priority } from "../../src/testing/frame-builder.ts";
export { FieldBlockBuilder, FrameBuilder } from "../../src/testing/frame-builder.ts";
export { frames, octetsOf as joined, type Wire } from "../../src/testing/frames.ts";
export { ascii } from "../../src/testing/octets.ts";
