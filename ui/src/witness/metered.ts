// Whether what is sent costs the witness money, as far as the system says it.

/** What some systems tell of the connection (Network Information API). */
interface Connection {
  readonly type?: string;
  readonly saveData?: boolean;
}

/** Only what is known to be free of charge is: a system that says nothing may well be on a phone's data. */
export function isMetered(of: { readonly connection?: Connection } | Navigator): boolean {
  const connection = "connection" in of ? (of.connection as Connection | undefined) : undefined;
  const free = connection?.type === "wifi" || connection?.type === "ethernet";
  return !free || connection.saveData === true;
}
