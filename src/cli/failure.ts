import { EXIT_CODE_MEANINGS, ExitCode } from "./exit-code.ts";

/** An end that the user is told in a sentence, without a stack. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;
  /** Whether nothing is to be said: who would read it has gone. */
  readonly isQuiet: boolean;

  constructor(exitCode: ExitCode, message: string, options: { cause?: unknown; isQuiet?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = "CommandFailure";
    this.exitCode = exitCode;
    this.isQuiet = options.isQuiet ?? false;
  }
}

/** The failure that an error of the network, of TLS or of the peer amounts to. */
export function failureOf(error: unknown): CommandFailure {
  // The innermost cause is the one that says what happened; some have no words for it.
  const links = chainOf(error).toReversed();
  const exitCode = links.map(exitCodeOf).find((code) => code !== undefined) ?? ExitCode.FAILED;
  const detail = links.map(wordsOf).find((words) => words !== "");
  const meaning = EXIT_CODE_MEANINGS[exitCode];
  return new CommandFailure(exitCode, detail === undefined ? meaning : `${meaning}: ${detail}`, {
    cause: error,
  });
}

/** OpenSSL has a reason in plain words beside a message that only its developers can read. */
function wordsOf(error: Error): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === "string" ? reason : error.message;
}

/** Whether an error is one of the world outside, not a bug of this program. */
export function isExpected(error: unknown): boolean {
  return chainOf(error).some((link) => exitCodeOf(link) !== undefined);
}

/** The error, and what caused it, and what caused that. */
function chainOf(error: unknown): Error[] {
  const links: Error[] = [];
  for (let link = error; link instanceof Error && !links.includes(link); link = link.cause) links.push(link);
  return links;
}

function exitCodeOf(error: Error): ExitCode | undefined {
  if (error instanceof CommandFailure) return error.exitCode;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== "string") return undefined;
  return EXIT_CODES.get(code) ?? EXIT_CODE_FAMILIES.find(([pattern]) => pattern.test(code))?.[1];
}

/** Codes of errors: of the client, and of the system. */
const EXIT_CODES: ReadonlyMap<string, ExitCode> = new Map([
  ["CONNECT_FAILED", ExitCode.CONNECT],
  ["TIMEOUT", ExitCode.TIMEOUT],
  ["HANDSHAKE_FAILED", ExitCode.HANDSHAKE],
  ["NO_COMMON_PROTOCOL", ExitCode.HTTP2],
  ["INADEQUATE_SECURITY", ExitCode.HTTP2],
  ["WRONG_UPGRADE", ExitCode.HTTP2],
  ["GOAWAY", ExitCode.HTTP2],
  ["STREAM_RESET", ExitCode.HTTP2],
  ["PROTOCOL_ERROR", ExitCode.HTTP2],
  ["CONNECTION_LOST", ExitCode.RECEIVE],
  ["SESSION_CLOSED", ExitCode.RECEIVE],
  ["ENOTFOUND", ExitCode.RESOLVE],
  ["ETIMEDOUT", ExitCode.TIMEOUT],
  ["EPROTO", ExitCode.HANDSHAKE],
  ["ECONNRESET", ExitCode.RECEIVE],
  ["EPIPE", ExitCode.RECEIVE],
]);

/** Codes that come in many kinds: of the resolver, of OpenSSL, of its check of certificates, of the parser of HTTP/1.1. */
const EXIT_CODE_FAMILIES: readonly (readonly [RegExp, ExitCode])[] = [
  [/^EAI_/, ExitCode.RESOLVE],
  [/^(CERT|CRL|UNABLE_TO|ERROR_IN|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT)_/, ExitCode.CERTIFICATE],
  [/^(HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/, ExitCode.CERTIFICATE],
  [/^ERR_(SSL|TLS|OSSL)_/, ExitCode.HANDSHAKE],
  [/^HPE_/, ExitCode.RECEIVE],
];
