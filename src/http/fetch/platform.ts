/**
 * The platform's own classes. They are asked for when they are first needed: Node loads them then, which takes longer
 * than the rest of a server takes to start.
 */
export interface PlatformClasses {
  readonly Request: typeof Request;
  readonly Response: typeof Response;
}

let classes: PlatformClasses | null = null;

/** The classes as they were at the first call: what has been put over the global names since does not count. */
export function platform(): PlatformClasses {
  classes ??= { Request: globalThis.Request, Response: globalThis.Response };
  return classes;
}
