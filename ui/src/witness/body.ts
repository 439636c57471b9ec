// Bytes as the body of a command.

/** Length of the pieces in which bytes become text: a multiple of three, so that the texts can be joined. */
const PIECE_BYTES = 24_576;

/** Bytes as the shell reads them: as they are, or as text where its web view cannot carry them. */
export type Body = Uint8Array | { base64: string };

/** Android's web view hides the bodies of requests from the shell, so that a command arrives there as text. */
const isText = (): boolean => /\bAndroid\b/.test(navigator.userAgent);

/** The body of a command whose only argument is bytes. */
export function bodyOf(bytes: Uint8Array, asText = isText()): Body {
  if (!asText) {
    return bytes;
  }
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return { base64: pieces.join("") };
}
