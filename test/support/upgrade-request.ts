/** Parts of a request for h2c; what is not given is as it should be. */
export interface UpgradeRequestParts {
  readonly line?: string;
  readonly host?: string;
  readonly connection?: string;
  readonly upgrade?: string;
  readonly settings?: string;
  /** Further lines, each with its end. */
  readonly more?: string;
}

/** MAX_CONCURRENT_STREAMS 100 and INITIAL_WINDOW_SIZE 65,535. */
export const VALID_SETTINGS = "AAMAAABkAAQAAP__";

/** The head of a request for h2c. An empty string leaves a field out. */
export function upgradeRequest(parts: UpgradeRequestParts = {}): string {
  const {
    line = "GET /path?query HTTP/1.1",
    host = "Host: example.com\r\n",
    connection = "Connection: Upgrade, HTTP2-Settings\r\n",
    upgrade = "Upgrade: h2c\r\n",
    settings = `HTTP2-Settings: ${VALID_SETTINGS}\r\n`,
    more = "",
  } = parts;
  return `${line}\r\n${host}${connection}${upgrade}${settings}${more}\r\n`;
}
