import { Readable } from "node:stream";

const PIECE = Buffer.alloc(65_536, "h2wire ");
const PIECES = (100 * 1024 * 1024) / PIECE.length;
const SMALL = Buffer.alloc(1024, "small ");

/** `/big` is 100 MiB, piece by piece as the client takes them; everything else is 1 KiB. */
export function answer(request, response) {
  if (request.url === "/big") Readable.from(pieces(), { objectMode: false }).pipe(response);
  else response.end(SMALL);
}

function* pieces() {
  for (let piece = 0; piece < PIECES; piece++) yield PIECE;
}
