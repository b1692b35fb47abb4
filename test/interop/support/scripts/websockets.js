// Runs in a page. Every function gives what JSON can carry.
globalThis.webSockets = {
  open(path, protocols = []) {
    const socket = new WebSocket(location.origin.replace("https", "wss") + path, protocols);
    socket.binaryType = "arraybuffer";
    socket.opened = new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error("the WebSocket was refused"));
    });
    socket.opened.catch(() => {});
    socket.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason, wasClean }) => resolve({ code, reason, wasClean });
    });
    return socket;
  },

  async echoed(data) {
    const socket = this.open("/echo");
    await socket.opened;
    const answer = new Promise((resolve) => {
      socket.onmessage = (event) => resolve(event.data);
    });
    socket.send(data);
    const { extensions } = socket;
    const received = await answer;
    socket.close();
    return { received, extensions };
  },

  async text(text) {
    return this.echoed(text);
  },

  /** Octets that do not compress, as a hash before and after. */
  async octets(length) {
    const octets = new Uint8Array(length);
    for (let start = 0; start < length; start += 65536)
      crypto.getRandomValues(octets.subarray(start, start + 65536));
    const { received } = await this.echoed(octets);
    return [await this.sha256(octets), await this.sha256(received)];
  },

  async sha256(octets) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
    return Array.from(digest, (octet) => octet.toString(16).padStart(2, "0")).join("");
  },

  async protocol(protocols) {
    const socket = this.open("/protocol", protocols);
    await socket.opened;
    socket.close();
    return socket.protocol;
  },

  async closedByClient(code, reason) {
    const socket = this.open("/closed-by-client");
    await socket.opened;
    socket.close(code, reason);
    return socket.closed;
  },

  async closedByServer(path) {
    const socket = this.open(path);
    await socket.opened.catch(() => {});
    return socket.closed;
  },

  async many(count) {
    const texts = Array.from({ length: count }, (_, index) => `text ${index}`);
    const answers = await Promise.all(texts.map((text) => this.echoed(text)));
    return answers.every(({ received }, index) => received === texts[index]);
  },

  async leftOpen() {
    await this.open("/left-open").opened;
  },
};
