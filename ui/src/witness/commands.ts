// The commands of the shell, typed. Nothing else in the witness app speaks to the shell.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  ReportsView,
  AttendanceEvent,
  IncidentCategory,
  BundleView,
  AppView,
  ContestId,
  FailureCode,
  FieldCode,
  Figure,
  FindingKey,
  Language,
  StationId,
  CourierReceipt,
  TallyView,
} from "../shared/generated/witness";
import type { FailureOf } from "../shared/failure";

/** One contest at one station: what most commands are about. */
export interface TallyKey {
  readonly station: StationId;
  readonly contest: ContestId;
}

/** A failure that the shell named; `unexpected` for any other error. */
export type Failure = FailureOf<FailureCode | "unexpected">;

/** The failure with which a command was rejected. */
export function failureOf(error: unknown): Failure {
  if (typeof error === "object" && error !== null && "code" in error && "detail" in error) {
    return error as Failure;
  }
  return { code: "unexpected", detail: error instanceof Error ? error.message : String(error) };
}

export const readApp = (): Promise<AppView> => invoke("app");

export const setLanguage = (language: Language): Promise<AppView> => invoke("set_language", { language });

export const join = (invitation: string): Promise<AppView> => invoke("join", { invitation });

/** The invitation with which the app was started; `null` when it was started without one. */
export const offeredInvitation = (): Promise<string | null> => invoke("offered_invitation");

export const syncNow = (): Promise<AppView> => invoke("sync_now");

export const openTally = (tallyKey: TallyKey): Promise<TallyView> => invoke("open_tally", { ...tallyKey });

export const setFigure = (tallyKey: TallyKey, field: FieldCode, figure: Figure | null): Promise<TallyView> =>
  invoke("set_figure", { ...tallyKey, field, figure });

export const acknowledge = (tallyKey: TallyKey, finding: FindingKey, given: boolean): Promise<TallyView> =>
  invoke("acknowledge", { ...tallyKey, finding, given });

/** The photo goes as raw bytes; what it shows goes in headers, so that nothing is encoded twice. */
export const attachPhoto = (tallyKey: TallyKey, page: number, bytes: Uint8Array): Promise<TallyView> =>
  invoke("attach_photo", bytes, {
    headers: { station: tallyKey.station, contest: tallyKey.contest, page: String(page) },
  });

export const removePhoto = (tallyKey: TallyKey, page: number): Promise<TallyView> =>
  invoke("remove_photo", { ...tallyKey, page });

/** Keeps the photo of one page for another, and the other way round. */
export const movePhoto = (tallyKey: TallyKey, from: number, to: number): Promise<TallyView> =>
  invoke("move_photo", { ...tallyKey, from, to });

/** The piece of the photo on which a figure stands; empty where no photo shows it. */
export const readCrop = (tallyKey: TallyKey, field: FieldCode): Promise<ArrayBuffer> =>
  invoke("crop", { ...tallyKey, field });

export const readPhoto = (hash: string): Promise<ArrayBuffer> => invoke("photo", { hash });

export const seal = (tallyKey: TallyKey): Promise<TallyView> => invoke("seal", { ...tallyKey });

export const beginCorrection = (tallyKey: TallyKey, reason: string): Promise<TallyView> =>
  invoke("begin_correction", { ...tallyKey, reason });

export const abandonCorrection = (tallyKey: TallyKey): Promise<TallyView> =>
  invoke("abandon_correction", { ...tallyKey });

/** Writes everything that was sealed into one file for a courier. */
export const exportBundle = (): Promise<BundleView> => invoke("export_bundle");

export const readReports = (station: StationId): Promise<ReportsView> => invoke("reports", { station });

export const attend = (station: StationId, event: AttendanceEvent): Promise<ReportsView> =>
  invoke("attend", { station, event });

/** Keeps the incident that is being written down. */
export const writeIncident = (
  station: StationId,
  category: IncidentCategory | null,
  text: string,
  onTheForm: boolean,
): Promise<ReportsView> => invoke("write_incident", { station, category, text, onTheForm });

export const discardIncident = (station: StationId): Promise<ReportsView> =>
  invoke("discard_incident", { station });

export const sealIncident = (station: StationId): Promise<ReportsView> =>
  invoke("seal_incident", { station });

/** Accepts another witness's bundle, to be carried; the file goes as raw bytes. */
export const acceptBundle = (file: Uint8Array): Promise<CourierReceipt> => invoke("accept_bundle", file);

/** The sealed tally as a QR code, an SVG picture. */
export const tallyCode = (tallyKey: TallyKey): Promise<string> => invoke("tally_code", { ...tallyKey });

/**
 * Tells the sync that the connection may be back: the system says so, or the app came to the front again (`resumed`); and
 * whether what is sent costs money, as far as the system says that.
 */
export const connectionMayBeBack = (metered: boolean, resumed: boolean): Promise<void> =>
  invoke("connection_may_be_back", { metered, resumed });

/** Calls `heard` whenever something changed behind the screens, for instance because a photo arrived. */
export const onChanged = (heard: () => void): Promise<() => void> => listen("changed", heard);
