// The text behind `#` in an address: a path and parameters, as the routes of both programs read and write it.

/** The decoded parts of the path, and the parameters. */
export interface Address {
  readonly parts: readonly string[];
  readonly parameters: URLSearchParams;
}

/** Reads `#/part/part?name=value`. */
export function splitAddress(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "");
  return { parts: parts.map(decodePart), parameters: new URLSearchParams(query) };
}

/** Writes an address. Parameters that are null or empty are left out. */
export function joinAddress(
  parts: readonly string[],
  parameters: Readonly<Record<string, string | null>> = {},
): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== "") {
      given.set(name, value);
    }
  }
  const query = given.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${query === "" ? "" : `?${query}`}`;
}

/** A part with a broken escape stays as it is: the endpoint or the device then says that it does not know it. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
