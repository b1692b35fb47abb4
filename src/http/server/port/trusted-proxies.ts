import { BlockList, isIP } from "node:net";

/**
 * The load balancers and proxies whose word counts.
 *
 * @throws TypeError for what is neither an address nor a network such as "10.0.0.0/8".
 */
export class TrustedProxies {
  readonly #list: BlockList;

  constructor(trusted: readonly string[]) {
    this.#list = new BlockList();
    for (const entry of trusted) this.#add(entry);
  }

  has(address: string | undefined): boolean {
    if (address === undefined) return false;
    const version = isIP(address);
    return version !== 0 && this.#list.check(address, version === 4 ? "ipv4" : "ipv6");
  }

  #add(entry: string): void {
    const [address = "", length] = entry.split("/");
    const version = isIP(address);
    const prefix = length === undefined ? null : Number(length);
    const isPrefix = prefix === null || (/^\d+$/.test(length ?? "") && prefix <= (version === 4 ? 32 : 128));
    if (version === 0 || !isPrefix) {
      throw new TypeError(`a trusted proxy is an address or a network, not "${entry}"`);
    }
    const family = version === 4 ? "ipv4" : "ipv6";
    if (prefix === null) this.#list.addAddress(address, family);
    else this.#list.addSubnet(address, prefix, family);
  }
}
