/**
 * What one field section says about its message. One object a direction of a connection, filled anew for each
 * section: read it before the next one is checked.
 */
export class MessageFacts {
  /** "" where there is none; so for each text below. */
  method: string;
  scheme: string;
  path: string;
  /** The value of :authority alone; a request without it has `host`. */
  authority: string;
  host: string;
  /** What an extended CONNECT asks for (RFC 8441), for example "websocket". */
  protocol: string;
  /** All `priority` fields, joined by commas (RFC 9218 section 5). */
  priority: string;
  /** 100 to 999, or 0 if there is none. */
  status: number;
  /** In octets, or -1 if there is none. */
  contentLength: number;
  isConnect: boolean;
  /** How many `cookie` fields there are: joinCookies has work to do if it is above 0. */
  cookieCrumbs: number;
  /** How many `http2-settings` fields there are, which must not be passed on. */
  http2SettingsFields: number;
  /** Whether there is a `host` field, which may be empty. */
  hasHost: boolean;
  hasTe: boolean;

  constructor() {
    this.method = "";
    this.scheme = "";
    this.path = "";
    this.authority = "";
    this.host = "";
    this.protocol = "";
    this.priority = "";
    this.status = 0;
    this.contentLength = -1;
    this.isConnect = false;
    this.cookieCrumbs = 0;
    this.http2SettingsFields = 0;
    this.hasHost = false;
    this.hasTe = false;
  }

  reset(): void {
    this.method = "";
    this.scheme = "";
    this.path = "";
    this.authority = "";
    this.host = "";
    this.protocol = "";
    this.priority = "";
    this.status = 0;
    this.contentLength = -1;
    this.isConnect = false;
    this.cookieCrumbs = 0;
    this.http2SettingsFields = 0;
    this.hasHost = false;
    this.hasTe = false;
  }
}
