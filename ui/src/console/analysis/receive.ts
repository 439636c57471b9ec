// A file that arrives: how far it is, and its fingerprint.

/** How much of a file is here. */
export interface Progress {
  readonly bytes: number;
  /** Lines of a table that are here, and of how many; null where the endpoint does not say. */
  readonly rows: number;
  readonly of: number | null;
}

export interface Received {
  readonly file: Blob;
  readonly name: string;
  /** SHA-256 as the endpoint states it, hex; null where it does not. */
  readonly sha256: string | null;
}

const LINE_END = 10;

/** Reads a file to its end. Half a file is an error, because the endpoint then breaks the connection. */
export async function receive(response: Response, progress: (so: Progress) => void): Promise<Received> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const of = wholeNumber(response.headers.get("saksi-rows"));
  let [bytes, lines] = [0, 0];
  const reader = response.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) {
      break;
    }
    pieces.push(piece.value);
    bytes += piece.value.byteLength;
    for (const byte of piece.value) {
      lines += byte === LINE_END ? 1 : 0;
    }
    // The first line is the header.
    progress({ bytes, rows: Math.min(Math.max(lines - 1, 0), of ?? Infinity), of });
  }
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  return {
    file: new Blob(pieces, { type }),
    name: nameOf(response.headers.get("content-disposition")),
    sha256: digestOf(response.headers.get("repr-digest")),
  };
}

/** The name in `attachment; filename="…"`. */
export function nameOf(disposition: string | null): string {
  return /filename="([^"/\\]+)"/.exec(disposition ?? "")?.[1] ?? "saksi";
}

/** The SHA-256 in `sha-256=:…:` (RFC 9530), in hex. */
export function digestOf(header: string | null): string | null {
  const base64 = /sha-256=:([A-Za-z0-9+/=]+):/.exec(header ?? "")?.[1];
  if (base64 === undefined) {
    return null;
  }
  const bytes = Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^[0-9]{1,12}$/.test(text) ? Number(text) : null;
}

/** Gives a file to the browser to save. */
export function save({ file, name }: Received): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to save by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
