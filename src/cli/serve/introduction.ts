import type { UpgradePolicy } from "../../http/server.ts";
import type { ServeOptions } from "../arguments.ts";
import { cleartextCurlLines, tlsCurlLines } from "../curl-lines.ts";
import type { Introduction } from "./journal.ts";

/** What a request for Upgrade to h2c gets: where nothing is said, what suits the address. */
export function upgradePolicyOf({ upgrade, host }: ServeOptions): UpgradePolicy {
  return upgrade ?? (isLoopback(host) ? "accept" : "ignore");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** @param serves - in words that end a sentence. */
export function introductionTo(url: string, serves: string, options: ServeOptions): Introduction {
  const upgrade = upgradePolicyOf(options);
  const isTls = url.startsWith("https:");
  const lines = isTls ? tlsCurlLines(url, options.tls !== true) : cleartextCurlLines(url);
  const isPossible = (purpose: string): boolean =>
    (upgrade === "accept" || purpose !== "Upgrade") && (options.http1 || !/http\/1\.1/i.test(purpose));
  return {
    url,
    serves,
    speaks: isTls ? tlsWords(options.http1) : cleartextWords(upgrade, options.http1),
    lines: lines.filter(([, purpose]) => isPossible(purpose)),
  };
}

function tlsWords(http1: boolean): string {
  return http1 ? "HTTP/2 and HTTP/1.1 over TLS, by ALPN" : "HTTP/2 over TLS, by ALPN";
}

function cleartextWords(upgrade: UpgradePolicy, http1: boolean): string {
  return `HTTP/2 by prior knowledge${UPGRADE_WORDS[upgrade]}${http1 ? "; HTTP/1.1" : ""}`;
}

const UPGRADE_WORDS: Readonly<Record<UpgradePolicy, string>> = {
  accept: " and by Upgrade",
  ignore: " (Upgrade is ignored)",
  reject: " (Upgrade is rejected)",
};
