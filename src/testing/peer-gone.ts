/** What a script's waiting fails with when the other side has ended the connection. It ends the script in good order. */
export class PeerGone extends Error {
  /** @param awaited - what the other side should have done, such as "sent a request". */
  constructor(awaited: string) {
    super(`the other side ended the connection before it ${awaited}`);
    this.name = "PeerGone";
  }
}
