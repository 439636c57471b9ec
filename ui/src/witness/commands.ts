// The commands of the shell, typed. Nothing else in the witness app speaks to the shell.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  AddedPhotos,
  ReportsView,
  AttendanceEvent,
  IncidentCategory,
  BundleView,
  AppView,
  ContestId,
  DrillResultView,
  FailureCode,
  FieldCode,
  Figure,
  FindingKey,
  JoinOutcome,
  Language,
  Level,
  StationId,
  CourierReceipt,
  TallyView,
} from "../shared/generated/witness";
import type { FailureOf } from "../shared/failure";
import { bodyOf } from "./body";

/** The number of the first count of a station and contest. */
export const FIRST_ROUND = 1;

/** One contest at one station, in one round: what most commands are about. */
export interface TallyKey {
  readonly station: StationId;
  readonly contest: ContestId;
  /** `FIRST_ROUND`, or the number of a later vote or count. */
  readonly round: number;
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

/** Joins with an invitation, or enters a hall with its link. */
export const join = (invitation: string): Promise<JoinOutcome> => invoke("join", { invitation });

/** Shows another election. What was typed must be on disk before. */
export const chooseElection = (number: number): Promise<AppView> => invoke("choose_election", { number });

export const leaveElection = (number: number, withDrafts: boolean): Promise<AppView> =>
  invoke("leave_election", { number, withDrafts });

/** Takes back that an election was left, until the app starts again. */
export const undoLeaveElection = (number: number): Promise<AppView> =>
  invoke("undo_leave_election", { number });

/** Forgets an invitation that waits, as long as nothing can be recorded with it. */
export const forgetInvitation = (): Promise<AppView> => invoke("forget_invitation");

/** Accepts the election package of another phone; the file goes as raw bytes. */
export const acceptPackage = (file: Uint8Array): Promise<AppView> => invoke("accept_package", bodyOf(file));

/** Writes the election package into a file for another phone; answers its path. */
export const exportPackage = (): Promise<string> => invoke("export_package");

/** Records at a station to which nobody has assigned this phone. */
export const recordAt = (station: StationId): Promise<AppView> => invoke("record_at", { station });

/** The invitation with which the app was started; `null` when it was started without one. */
export const offeredInvitation = (): Promise<string | null> => invoke("offered_invitation");

/** The witness opened these messages of coordinators. */
export const openMessages = (ids: readonly string[]): Promise<AppView> => invoke("open_messages", { ids });

export const syncNow = (): Promise<AppView> => invoke("sync_now");

export const openTally = (tallyKey: TallyKey): Promise<TallyView> => invoke("open_tally", { ...tallyKey });

export const setFigure = (tallyKey: TallyKey, field: FieldCode, figure: Figure | null): Promise<TallyView> =>
  invoke("set_figure", { ...tallyKey, field, figure });

export const acknowledge = (tallyKey: TallyKey, finding: FindingKey, given: boolean): Promise<TallyView> =>
  invoke("acknowledge", { ...tallyKey, finding, given });

/** Crosses every field of a section that is asked for and not typed, its totals excepted, in one step. */
export const crossOutRest = (tallyKey: TallyKey, section: FieldCode): Promise<TallyView> =>
  invoke("cross_out_rest", { ...tallyKey, section });

/** Takes back what `crossOutRest` has crossed. */
export const undoCrossOut = (tallyKey: TallyKey, section: FieldCode): Promise<TallyView> =>
  invoke("undo_cross_out", { ...tallyKey, section });

const headersOf = ({ station, contest, round }: TallyKey): Record<string, string> => ({
  station,
  contest,
  round: String(round),
});

/** The photo goes as raw bytes; what it shows goes in headers, so that nothing is encoded twice. */
export const attachPhoto = (tallyKey: TallyKey, page: number, bytes: Uint8Array): Promise<TallyView> =>
  invoke("attach_photo", bodyOf(bytes), { headers: { ...headersOf(tallyKey), page: String(page) } });

/**
 * A photo of any page: the device recognises which, or lists it among those to be assigned by hand. The command takes
 * several, but a cheap phone has room for one in memory.
 */
export async function addPhoto(tallyKey: TallyKey, bytes: Uint8Array): Promise<TallyView> {
  const added = await invoke<AddedPhotos>("add_photos", bodyOf(bytes), {
    headers: { ...headersOf(tallyKey), lengths: String(bytes.length) },
  });
  const [failed] = added.failed;
  if (failed !== undefined) {
    throw failed.failure;
  }
  return added.tally;
}

/** Keeps a photo whose page was not recognised for a page. */
export const assignPhoto = (tallyKey: TallyKey, photo: string, page: number): Promise<TallyView> =>
  invoke("assign_photo", { ...tallyKey, photo, page });

/** Discards a photo whose page was not recognised. */
export const discardPhoto = (tallyKey: TallyKey, photo: string): Promise<TallyView> =>
  invoke("discard_photo", { ...tallyKey, photo });

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

/** The text of a QR code in a photo; `null` if there is none. */
export const readCode = (photo: Uint8Array): Promise<string | null> => invoke("read_code", bodyOf(photo));

/** Accepts another witness's bundle, to be carried; the file goes as raw bytes. */
export const acceptBundle = (file: Uint8Array): Promise<CourierReceipt> =>
  invoke("accept_bundle", bodyOf(file));

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

/** Begins to practise alone. What was typed must be on disk before. */
export const practise = (level: Level): Promise<AppView> => invoke("practise", { level });

/** The same with the file of a scenario, which goes as raw bytes. */
export const practiseScenario = (file: Uint8Array): Promise<AppView> =>
  invoke("practise_scenario", bodyOf(file));

/** Shows what was shown before the practice. */
export const endPractice = (): Promise<AppView> => invoke("end_practice");

/** Begins an exercise of the drill, with the same sheet or with another one. */
export const beginExercise = (number: number, otherSheet: boolean): Promise<AppView> =>
  invoke("begin_exercise", { number, otherSheet });

/** A page of the practice sheet, a JPEG. */
export const readSheetPage = (page: number): Promise<ArrayBuffer> => invoke("sheet_page", { page });

/** A photo of a page of the practice sheet, which the app draws because there is no paper. */
export const photographSheet = (tallyKey: TallyKey, page: number): Promise<TallyView> =>
  invoke("photograph_sheet", { ...tallyKey, page });

/** Writes the practice sheet into a file for the printer; answers its path. */
export const printSheet = (): Promise<string> => invoke("print_sheet");

/** The result of the practice sheet that was sealed last. */
export const readDrillResult = (): Promise<DrillResultView> => invoke("drill_result");

/** Asks the trainer for help, or takes that back. */
export const raiseHand = (raised: boolean): Promise<AppView> => invoke("raise_hand", { raised });

/** The witness agrees that the training in this class is noted for them, or takes that back. */
export const beKnownInClass = (known: boolean): Promise<AppView> => invoke("be_known_in_class", { known });
