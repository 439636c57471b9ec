// The commands of the shell, typed. Nothing else in the witness app speaks to the shell.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  AccountsView,
  Attendance,
  Incident,
  BundleView,
  AppView,
  ContestId,
  Failure,
  FieldCode,
  Figure,
  FindingKey,
  Language,
  StationId,
  TakenAlongView,
  TallyView,
} from "../shared/generated/witness";

/** One contest at one station: what most commands are about. */
export interface Place {
  readonly station: StationId;
  readonly contest: ContestId;
}

/** A failure that the shell named, or one that nobody foresaw. */
export type AppFailure = Failure | { readonly code: "unexpected"; readonly detail: string };

/** Whatever a command was rejected with, as a failure that can be put into words. */
export function asFailure(error: unknown): AppFailure {
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

export const openTally = (place: Place): Promise<TallyView> => invoke("open_tally", { ...place });

export const setFigure = (place: Place, field: FieldCode, figure: Figure | null): Promise<TallyView> =>
  invoke("set_figure", { ...place, field, figure });

export const acknowledge = (place: Place, finding: FindingKey, given: boolean): Promise<TallyView> =>
  invoke("acknowledge", { ...place, finding, given });

/** The photo goes as raw bytes; what it shows goes in headers, so that nothing is encoded twice. */
export const attachPhoto = (place: Place, page: number, bytes: Uint8Array): Promise<TallyView> =>
  invoke("attach_photo", bytes, {
    headers: { station: place.station, contest: place.contest, page: String(page) },
  });

export const removePhoto = (place: Place, page: number): Promise<TallyView> =>
  invoke("remove_photo", { ...place, page });

/** Keeps the photo of one page for another, and the other way round. */
export const movePhoto = (place: Place, from: number, to: number): Promise<TallyView> =>
  invoke("move_photo", { ...place, from, to });

/** The piece of the photo on which a figure stands; empty where no photo shows it. */
export const readCrop = (place: Place, field: FieldCode): Promise<ArrayBuffer> =>
  invoke("crop", { ...place, field });

export const readPhoto = (hash: string): Promise<ArrayBuffer> => invoke("photo", { hash });

export const seal = (place: Place): Promise<TallyView> => invoke("seal", { ...place });

export const beginCorrection = (place: Place, reason: string): Promise<TallyView> =>
  invoke("begin_correction", { ...place, reason });

export const abandonCorrection = (place: Place): Promise<TallyView> =>
  invoke("abandon_correction", { ...place });

/** Writes everything that was sealed into one file, to be carried by hand. */
export const exportBundle = (): Promise<BundleView> => invoke("export_bundle");

export const readAccounts = (station: StationId): Promise<AccountsView> => invoke("accounts", { station });

export const attend = (station: StationId, event: Attendance): Promise<AccountsView> =>
  invoke("attend", { station, event });

/** Keeps the incident that is being written down. */
export const writeIncident = (
  station: StationId,
  category: Incident | null,
  account: string,
  onTheForm: boolean,
): Promise<AccountsView> => invoke("write_incident", { station, category, account, onTheForm });

export const discardIncident = (station: StationId): Promise<AccountsView> =>
  invoke("discard_incident", { station });

export const sealIncident = (station: StationId): Promise<AccountsView> =>
  invoke("seal_incident", { station });

/** Takes another witness's bundle along; the file goes as raw bytes. */
export const takeAlong = (file: Uint8Array): Promise<TakenAlongView> => invoke("take_along", file);

/** The sealed tally as a QR code, an SVG picture. */
export const tallyCode = (place: Place): Promise<string> => invoke("tally_code", { ...place });

/**
 * Tells the sync that the connection may be back: the system says so, or the app came to the front again (`resumed`); and
 * whether what is sent costs money, as far as the system says that.
 */
export const connectionMayBeBack = (metered: boolean, resumed: boolean): Promise<void> =>
  invoke("connection_may_be_back", { metered, resumed });

/** Calls `heard` whenever something changed behind the screens, for instance because a photo arrived. */
export const onChanged = (heard: () => void): Promise<() => void> => listen("changed", heard);
