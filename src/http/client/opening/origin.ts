/** Where a client connects to. */
export interface Origin {
  readonly scheme: "http" | "https";
  /** The host as URLs have it, IPv6 addresses in brackets, and the port unless it is the scheme's own. */
  readonly authority: string;
  /** For sockets: IPv6 addresses without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** @throws TypeError for what is no URL of http or https. Path, query and user are left aside. */
export function parseOrigin(origin: string | URL): Origin {
  const url = new URL(origin);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https")
    throw new TypeError(`an origin is http or https, not ${scheme}`);
  const ownPort = scheme === "http" ? 80 : 443;
  return {
    scheme,
    authority: url.host,
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? ownPort : Number(url.port),
  };
}
