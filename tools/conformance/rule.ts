/** How strongly the RFC asks for something. */
export type Level = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT";

/** One thing that an RFC asks of us, and that a peer can see. */
export interface Rule {
  readonly level: Level;
  /** What is asked for, in our words. */
  readonly rule: string;
  /**
   * The tests that prove it: `<path from test/ without .test.ts> > <title>`, with the suite before a title that
   * its file has twice. In a title with rows, a row may be named by its words, which must then stand in the file.
   */
  readonly tests: readonly string[];
  /** Where the RFC leaves a choice: what we do, and why. */
  readonly choice?: string;
}

/** The rules of one section of an RFC. */
export interface Section {
  readonly number: string;
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** What the RFC asks for and no row stands for, since no peer of ours can see it. */
export interface LeftOut {
  readonly section: string;
  readonly what: string;
  readonly why: string;
}
