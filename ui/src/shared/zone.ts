// The time zone in which a time is shown: that of the station's province. The only place that knows which that is.
//
// Source: Keputusan Presiden 41/1987 for the three zones; the provinces made since then keep the zone of the province
// that they were part of. Codes are those of Kemendagri (the first two digits of a region or station).

/** A time zone with the name that people say. */
export interface Zone {
  /** The name at a moment: `WIB`, `WITA`, `WIT`, or an offset such as `UTC+3`, which may change over the year. */
  readonly nameAt: (ms: number) => string;
  /** The IANA name; undefined for the zone of the reader's own device. */
  readonly timeZone: string | undefined;
}

const wib: Zone = { nameAt: () => "WIB", timeZone: "Asia/Jakarta" };
const wita: Zone = { nameAt: () => "WITA", timeZone: "Asia/Makassar" };
const wit: Zone = { nameAt: () => "WIT", timeZone: "Asia/Jayapura" };

const zones: readonly (readonly [Zone, readonly string[]])[] = [
  // Sumatra, Java, West and Central Kalimantan.
  [
    wib,
    ["11", "12", "13", "14", "15", "16", "17", "18", "19", "21"].concat(
      ["31", "32", "33", "34", "35", "36"],
      ["61", "62"],
    ),
  ],
  // Bali and Nusa Tenggara; South, East and North Kalimantan; Sulawesi.
  [wita, ["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"]],
  // Maluku and Papua.
  [wit, ["81", "82", "91", "92", "93", "94", "95", "96"]],
];
const zoneOfProvince = new Map(zones.flatMap(([zone, codes]) => codes.map((code) => [code, zone] as const)));

/** The zone of a region or station by its code. Abroad (`99`), and for the whole election (`null`), the reader's. */
export function zoneOf(code: string | null): Zone {
  return zoneOfProvince.get((code ?? "").slice(0, 2)) ?? readerZone();
}

/** The zone of the device on which this is read. */
export function readerZone(): Zone {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const indonesian = own === "Asia/Pontianak" ? wib : zones.find(([zone]) => zone.timeZone === own)?.[0];
  return indonesian ?? { nameAt: offsetName, timeZone: undefined };
}

/** `UTC+3`, `UTC-3.30`. */
function offsetName(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  if (!Number.isFinite(offset)) {
    return "UTC";
  }
  const minutes = Math.abs(offset) % 60;
  const hours = Math.floor(Math.abs(offset) / 60);
  return `UTC${offset < 0 ? "-" : "+"}${hours}${minutes === 0 ? "" : `.${String(minutes).padStart(2, "0")}`}`;
}
