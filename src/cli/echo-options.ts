/** What a query asks of the echo. */
export interface EchoOptions {
  /** Milliseconds to wait before the answer. */
  readonly delay: number;
  /** Octets of a pattern to answer with, or null for the account of the request. */
  readonly size: number | null;
  readonly status: number;
  /** Whether trailers follow the body. */
  readonly trailers: boolean;
  /** In how many pieces the body is written, or null for as many as it takes. */
  readonly chunks: number | null;
}

type OptionName = keyof EchoOptions;

const BOUNDS: Readonly<Record<OptionName, readonly [least: number, most: number]>> = {
  delay: [0, 60_000],
  size: [0, Number.MAX_SAFE_INTEGER],
  status: [200, 599],
  trailers: [0, 1],
  chunks: [1, 100_000],
};

/**
 * Reads the query of a request's target. Names that the echo does not know are nobody's concern.
 *
 * @returns the options, or a sentence about the first value that is none.
 */
export function parseEchoOptions(target: string): EchoOptions | string {
  const query = new URLSearchParams(/\?(.*)/s.exec(target)?.[1] ?? "");
  const found: Partial<Record<OptionName, number>> = {};
  for (const [name, [least, most]] of Object.entries(BOUNDS) as [OptionName, readonly [number, number]][]) {
    const values = query.getAll(name);
    if (values.length === 0) continue;
    const number = wholeNumber(values, least, most);
    if (number === undefined) return `${name} must be one whole number from ${least} to ${most}.`;
    found[name] = number;
  }
  return {
    delay: found.delay ?? 0,
    size: found.size ?? null,
    status: found.status ?? 200,
    trailers: found.trailers === 1,
    chunks: found.chunks ?? null,
  };
}

function wholeNumber(values: readonly string[], least: number, most: number): number | undefined {
  const [value = "", ...others] = values;
  const number = Number(value);
  const isFine = others.length === 0 && /^\d{1,16}$/.test(value) && number >= least && number <= most;
  return isFine ? number : undefined;
}
