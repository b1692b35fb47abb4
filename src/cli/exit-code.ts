/** What the command's exit codes mean. From 3 on they are those of curl. */
export const ExitCode = {
  OK: 0,
  FAILED: 1,
  USAGE: 2,
  MALFORMED_URL: 3,
  RESOLVE: 6,
  CONNECT: 7,
  HTTP2: 16,
  WRITE: 23,
  READ: 26,
  TIMEOUT: 28,
  HANDSHAKE: 35,
  RECEIVE: 56,
  CERTIFICATE: 60,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What each code says, in words that a sentence of detail may follow. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  [ExitCode.OK]: "all went well",
  [ExitCode.FAILED]: "the command failed",
  [ExitCode.USAGE]: "the arguments are wrong",
  [ExitCode.MALFORMED_URL]: "the URL is malformed",
  [ExitCode.RESOLVE]: "the host name could not be resolved",
  [ExitCode.CONNECT]: "the server could not be connected to",
  [ExitCode.HTTP2]: "HTTP/2 failed",
  [ExitCode.WRITE]: "the output could not be written",
  [ExitCode.READ]: "a local file could not be read",
  [ExitCode.TIMEOUT]: "it took too long",
  [ExitCode.HANDSHAKE]: "the TLS handshake failed",
  [ExitCode.RECEIVE]: "the answer did not arrive whole",
  [ExitCode.CERTIFICATE]: "the server's certificate is not trusted",
};
