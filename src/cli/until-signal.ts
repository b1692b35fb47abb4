/**
 * Waits for SIGINT or SIGTERM. After that nobody listens to them any more, so that a second one ends the process
 * at once, whatever it is doing.
 */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const receive = (signal: NodeJS.Signals): void => {
      process.off("SIGINT", receive).off("SIGTERM", receive);
      resolve(signal);
    };
    process.on("SIGINT", receive).on("SIGTERM", receive);
  });
}
