import type { ClientSession } from "./client-session.ts";

/** Who wants to know what becomes of a session. */
export interface SessionWatcher {
  /** It takes more requests than before, or none any more, or is idle, or gone. */
  changed(session: PooledSession): void;
}

/** A session as somebody sees it who shares it out. */
export interface PooledSession extends ClientSession {
  /** Requests that it would begin at once; Infinity where it keeps a queue of its own. */
  readonly room: number;
  /** Requests under way, and waiting. */
  readonly streams: number;
  /** Whether it takes no requests any more. */
  readonly isDraining: boolean;
  /** Whether its connection has ended. */
  readonly isGone: boolean;
  watcher: SessionWatcher | null;
  /** Whether the process is to stay for the sake of its connection: it is unless told otherwise. */
  keepProcess(keeps: boolean): void;
  /** Ends it at once; what is under way fails as "SESSION_CLOSED". */
  destroy(): void;
}
