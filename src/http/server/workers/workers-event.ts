/** What happens to workers, for whoever tells people about it. */
export type WorkersEvent =
  /** All listen for the first time. */
  | { readonly type: "ready"; readonly url: string; readonly workers: number }
  /** One has ended without being told to; in so many milliseconds another takes its place. */
  | {
      readonly type: "lost";
      readonly pid: number;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly delay: number;
    }
  /** Each is about to be replaced, and has been. */
  | { readonly type: "restarting" }
  | { readonly type: "restarted" }
  /** A new one could not start. The old ones that are left go on serving. */
  | { readonly type: "restart-failed"; readonly error: unknown }
  /** All are about to end. */
  | { readonly type: "ending"; readonly signal: NodeJS.Signals | null };
