// Made from the Rust types by `cargo xtask generate`. Do not edit.

export type AccountView = { user: string, role: Role, 
/**
 * `None` for the whole election.
 */
region: RegionCode | null, created_at_ms: number, last_login_at_ms: number | null, 
/**
 * Number of open sessions.
 */
sessions: number, 
/**
 * Whether the account has a second factor.
 */
second_factor: boolean, 
/**
 * Whether the user must choose another password at the next login.
 */
must_change_password: boolean, 
/**
 * Number of failed logins lately, from all networks.
 */
failures: number, };

export type ApiTokenView = { 
/**
 * The number by which it is revoked. It says nothing about the token.
 */
number: number, 
/**
 * Who uses it.
 */
name: string, 
/**
 * What it reads; `None` is the whole election.
 */
region: RegionCode | null, 
/**
 * As in the audit.
 */
made_by: string, made_at_ms: number, 
/**
 * To the minute; `None` if it was never used.
 */
used_at_ms: number | null, revoked_at_ms: number | null, };

export type Arrivals = { 
/**
 * Begin of the step.
 */
from_ms: number, tallies: number, 
/**
 * Complete photos.
 */
photos: number, };

export type AssignRequest = { station: StationId, 
/**
 * All contests of the station when empty.
 */
contests: Array<ContestId>, shift: string, participant: Participant | null, };

export type AssignmentId = string;

export type AssignmentInvitation = { invitation: number, 
/**
 * The last letters of its code.
 */
hint: string, state: InvitationUse, expires_at_ms: number, };

export type AssignmentRequest = { 
/**
 * Whether the mandate letter was handed in.
 */
letter: boolean | null, trained: boolean | null, shift: string | null, };

export type AssignmentView = { assignment: AssignmentId, person: PersonId, station: StationId, 
/**
 * The number of the TPS in its desa.
 */
number: number, desa_name: string, 
/**
 * All contests of the station when empty.
 */
contests: Array<ContestId>, 
/**
 * For instance `pagi`; empty for the whole day.
 */
shift: string, 
/**
 * Who sends the person as a mandated witness; `None` without a mandate.
 */
participant: Participant | null, 
/**
 * When the signed mandate letter (surat mandat) was handed in.
 */
letter_at_ms: number | null, trained_at_ms: number | null, 
/**
 * The newest invitation, if one was made.
 */
invitation: AssignmentInvitation | null, 
/**
 * The device that joined by an invitation of this assignment, hex.
 */
device: string | null, joined_at_ms: number | null, created_at_ms: number, ended_at_ms: number | null, };

export type AttendanceCounts = { present: number, not_admitted: number, left: number, unknown: number, 
/**
 * Number of those of all of them that are silent.
 */
silent: number, };

export type AttendanceEvent = "arrived" | "left" | "not_admitted";

export type AttendanceList = { 
/**
 * The region of the list; `None` for the whole election.
 */
region: RegionCode | null, witnesses: Array<WitnessAttendance>, 
/**
 * `after` of the next page; `None` on the last.
 */
next: string | null, counts: AttendanceCounts, 
/**
 * Time without a sign of a device after which its witness counts as silent.
 */
silent_after_ms: number, };

export type AuditRow = { number: number, at_ms: number, 
/**
 * `operator` at the command line, `user:NAME`, or `device:ID`.
 */
actor: string, 
/**
 * The kind of change, for instance `invitation.create`.
 */
action: string, 
/**
 * What was changed.
 */
subject: string, };

export type AuditView = { rows: Array<AuditRow>, 
/**
 * `before` of the next page; `None` on the last.
 */
next: number | null, 
/**
 * The hash of the newest row, hex. Who writes it down can tell later whether an older row was changed.
 */
head: string | null, 
/**
 * The newest head that is in the log; `None` before the first.
 */
logged: LoggedAuditHead | null, 
/**
 * The kinds of change, for the filter.
 */
actions: Array<string>, 
/**
 * Those who made changes, for the filter; at most 500.
 */
actors: Array<string>, };

export type Availability = "unknown" | "available" | "partly" | "unavailable";

export type BoundariesView = { regions: Array<RegionOutline>, };

export type BulkEditRequest = { people: Array<PersonId>, organisation: string | null, field: string | null, position: Position | null, availability: Availability | null, };

export type ChangeId = string;

export type ChangeKind = "create" | "import" | "edit" | "undo" | "assign" | "move" | "update" | "end" | "join" | "merge" | "erase";

export type ChangeView = { change: ChangeId, 
/**
 * Number of people who were changed, or changed back.
 */
changed: number, 
/**
 * Number of people who were left as they are: they had it already, were erased, or were changed since.
 */
left: number, };

export type CheckCode = "F101" | "F102" | "F103" | "F104" | "F105" | "F106" | "F201" | "F202" | "F203" | "F301" | "F302" | "F303" | "F401" | "F402" | "F403" | "W101" | "W102" | "W103" | "W104" | "W105" | "W106" | "W201" | "W202" | "W301" | "W401" | "W402" | "W501" | "W502" | "W503" | "W504" | "W505" | "W506";

export type CheckMisjudged = { code: CheckCode, answered: number, confirmed_not_mended: number, mended_not_confirmed: number, not_answered: number, };

export type Choice = string;

export type ChoiceDigits = { choice: string, name: string, digits: DigitCount, };

export type ChoiceName = { choice: string, name: string, };

export type ClassReport = { 
/**
 * The people, those who need most help first.
 */
persons: Array<PersonReport>, 
/**
 * Those of them who are ready.
 */
ready: number, 
/**
 * Right figures of a thousand, of all people together.
 */
accuracy_permille: number, 
/**
 * The fields that were typed wrongly most often.
 */
fields: Array<FieldAccuracy>, 
/**
 * The slips, the most frequent first.
 */
slips: Array<SlipCount>, 
/**
 * The checks that were answered wrongly, the one that was misunderstood most first.
 */
checks: Array<CheckMisjudged>, 
/**
 * Results that were left out, because they were too many.
 */
left_out: number, };

export type ClassSoFar = { 
/**
 * Number of results.
 */
results: number, accuracy_permille: number, 
/**
 * The check that was misunderstood most.
 */
check: CheckMisjudged | null, 
/**
 * What that check looks for.
 */
check_title: Localized | null, };

export type Column = "L" | "P" | "J";

export type CompareRequest = { 
/**
 * A checkpoint, or a fingerprint as it was read aloud.
 */
kept: string, };

export type Comparison = { 
/**
 * The left side.
 */
left: Side, 
/**
 * The expected relation of left to right.
 */
relation: Relation, 
/**
 * The right side.
 */
right: Side, 
/**
 * Left minus right.
 */
difference: number, };

export type ConfirmSecondFactor = { code: string, };

export type Contact = { 
/**
 * The person, a UUID.
 */
person: string, name: string, 
/**
 * Empty if it is not known.
 */
phone: string, };

export type ContestId = string;

export type ContestKind = "ppwp" | "dpr" | "dpd" | "dprd_provinsi" | "dprd_kabkota" | "gubernur" | "bupati" | "walikota";

export type ContestView = { contest: ContestId, kind: ContestKind, 
/**
 * Its full name.
 */
title: Localized, 
/**
 * Its short name.
 */
short_title: Localized, };

export type Coverage = { 
/**
 * All stations.
 */
stations: number, 
/**
 * [`Standing::Verified`].
 */
verified: number, 
/**
 * [`Standing::Corroborated`].
 */
corroborated: number, 
/**
 * [`Standing::Provisional`].
 */
provisional: number, 
/**
 * [`Standing::Conflicting`].
 */
conflicting: number, 
/**
 * [`Standing::Missing`].
 */
missing: number, 
/**
 * Number of tallies that count and have a fault.
 */
flagged: number, 
/**
 * Number of stations with a complete photo of every page.
 */
photographed: number, 
/**
 * Number of stations of which a later round counts.
 */
later_round: number, };

export type CropView = { field: string, 
/**
 * The picture: a JPEG, base64.
 */
jpeg: string, 
/**
 * Its width in pixels.
 */
width_px: number, 
/**
 * Its height in pixels.
 */
height_px: number, };

export type CropsView = { 
/**
 * The page whose mark was found on the paper; without one there are no crops.
 */
page: number | null, 
/**
 * One for each field of the page.
 */
crops: Array<CropView>, };

export type Decision = "verified" | "disputed" | "withdrawn";

export type DeviceList = { devices: Array<DeviceView>, 
/**
 * The cursor of the next page; `None` on the last one.
 */
next: string | null, };

export type DeviceView = { 
/**
 * Its id, hex.
 */
device: string, 
/**
 * The stations of its present and ended assignments.
 */
stations: Array<StationId>, enrolled_at_ms: number, 
/**
 * Time of its revocation.
 */
revoked_at_ms: number | null, 
/**
 * The reason of the revocation, if one was given.
 */
revoked_because: string | null, 
/**
 * Number of statements that arrived.
 */
statements: number, 
/**
 * Number of statements that arrived after the revocation.
 */
quarantined: number, 
/**
 * Time of the latest arrival.
 */
last_at_ms: number | null, 
/**
 * Number of missing statements below its highest sequence number.
 */
missing_count: number, 
/**
 * The missing sequence numbers, lowest first, at most 20.
 */
missing: Array<number>, 
/**
 * Sequence numbers of more than one statement, lowest first, at most 20.
 */
forks: Array<number>, };

export type DifferenceRow = { station: StationId, 
/**
 * The name of its desa.
 */
desa: string, standing: Standing, 
/**
 * Whether there is a photo of each page.
 */
photographed: boolean, 
/**
 * The official votes minus the witnesses', for each choice that differs.
 */
votes: Record<string, number>, invalid: number | null, witnessed: Record<string, number>, official: Record<string, number>, shape: Shape, 
/**
 * Of two choices, the one with fewer votes and the one with more.
 */
from_to: [string, string] | null, size: number, };

export type DifferencesView = { 
/**
 * The regions from the provinsi down to this one.
 */
path: Array<RegionName>, 
/**
 * The regions directly below in which the contest is voted, with their differences.
 */
children: Array<DifferingRegion>, 
/**
 * The columns of votes, in the order of the ballot.
 */
choices: Array<ChoiceName>, 
/**
 * The last import that counts here; `None` before the first.
 */
import: OfficialImportView | null, 
/**
 * Stations that vote in the contest.
 */
stations: number, 
/**
 * Stations with both results.
 */
compared: number, 
/**
 * Stations with a witnesses' result and no official one.
 */
no_official: number, 
/**
 * Stations with an official result and none of witnesses that counts.
 */
no_witness: number, 
/**
 * Stations at which both are the same.
 */
same: number, 
/**
 * Stations at which they differ.
 */
differing: number, 
/**
 * Of them, those with a photo of each page.
 */
photographed: number, 
/**
 * Sum of all differences without their signs.
 */
size: number, 
/**
 * The largest at one station.
 */
largest: number, 
/**
 * Numbers of differing stations by shape.
 */
shapes: { [key in Shape]?: number }, ladder: LadderView, 
/**
 * Where the differences of a choice point one way, the least likely first; at most 20.
 */
leaning: Array<Leaning>, 
/**
 * The number of splits that were looked at for `leaning`: the more, the likelier one is uneven by luck.
 */
splits: number, 
/**
 * Differing stations that match the filter.
 */
total: number, 
/**
 * The largest differences first, at most 200.
 */
rows: Array<DifferenceRow>, 
/**
 * `after` of the next page; `None` on the last.
 */
next: string | null, 
/**
 * Whether the region is too large to compare its stations at once: name a region below.
 */
too_large: boolean, };

export type DifferingRegion = { region: RegionName, compared: number, differing: number, size: number, };

export type DigitCount = { 
/**
 * Of 0 to 9.
 */
counts: [number, number, number, number, number, number, number, number, number, number], 
/**
 * The probability that luck alone makes them at least so uneven: Pearson's chi-square test with nine
 * degrees of freedom.
 */
probability: number, };

export type DigitsView = { 
/**
 * Over all choices, then for each choice with enough figures.
 */
all: DigitCount, choices: Array<ChoiceDigits>, };

export type DrillCopy = { 
/**
 * As in the report.
 */
person: string, copy: number, };

export type DrillExercise = { 
/**
 * From 1.
 */
number: number, kind: ContestKind, station: StationKind, round: number, 
/**
 * The time that it should take.
 */
minutes: number, };

export type DrillHandingOn = { waiting: number, handed: number, 
/**
 * Of phones of which nobody said whose they are. They stay here.
 */
unknown: number, };

export type DrillOrder = { "order": "open", exercise: number, } | { "order": "pause" } | { "order": "resume" } | { "order": "cut_network" } | { "order": "restore_network" } | { "order": "lower_hand", device: string, } | { "order": "end" };

export type DrillPhoneView = { device: string, 
/**
 * The number of its copies, which is how the trainer calls it.
 */
copy: number, 
/**
 * From 1. `None` before the first.
 */
exercise: number | null, stage: DrillStage, 
/**
 * The section that is typed, as on the paper.
 */
section: string | null, 
/**
 * When it came to this exercise, stage and section.
 */
since_ms: number, hand_raised_at_ms: number | null, 
/**
 * Whether it was heard lately.
 */
connected: boolean, 
/**
 * Right figures, and all of them, of its last result of the open exercise.
 */
right: [number, number] | null, 
/**
 * Whether the training will be noted for a person.
 */
known: boolean, };

export type DrillReportView = { title: string, at_ms: number, exercises: Array<DrillExercise>, 
/**
 * From when a person is ready.
 */
threshold: Readiness, phones: Array<DrillCopy>, report: ClassReport, 
/**
 * The texts of the slips, checks and reasons in the report, by what it calls them.
 */
words: { [key in string]: Localized }, };

export type DrillStage = "waiting" | "entering" | "photographing" | "sealed" | "graded";

export type DrillView = { 
/**
 * The scenario's title.
 */
title: string, exercises: Array<DrillExercise>, 
/**
 * The exercise that is open, from 1. `None` before the first.
 */
exercise_open: number | null, opened_at_ms: number | null, paused: boolean, network_cut: boolean, ended_at_ms: number | null, 
/**
 * The hall's clock.
 */
at_ms: number, 
/**
 * What phones join with, as a code.
 */
link: string, 
/**
 * By the numbers of their copies.
 */
phones: Array<DrillPhoneView>, so_far: ClassSoFar, 
/**
 * `None` where results are not handed on.
 */
handing_on: DrillHandingOn | null, };

export type Duty = "change_password" | "set_up_second_factor";

export type EraseRequest = Record<symbol, never>;

export type Fault = { 
/**
 * What is wrong.
 */
code: FaultCode, 
/**
 * The row as a spreadsheet program shows it, from 1.
 */
row: number | null, 
/**
 * The column's letters.
 */
column: string | null, 
/**
 * The column's name in the header.
 */
header: string, 
/**
 * What stands in the cell, at most 60 characters.
 */
text: string, 
/**
 * More about it.
 */
detail: string, 
/**
 * The bound that was passed.
 */
limit: number | null, };

export type FaultCode = "too_many_bytes" | "too_many_rows" | "too_many_columns" | "cell_too_long" | "too_much_text" | "unknown_format" | "old_excel" | "encrypted" | "damaged" | "wrong_encoding" | "no_rows" | "no_header" | "missing_column" | "column_twice" | "short_row" | "blank" | "not_a_figure" | "negative" | "fraction" | "too_large" | "shortened" | "not_a_region_code" | "unknown_region" | "ambiguous_region" | "wrong_level" | "not_a_station_number" | "unknown_station" | "twice" | "personal_data" | "outside_region" | "not_voted_there" | "unknown_choice";

export type FieldAccuracy = { 
/**
 * The exercise of the scenario, from 1.
 */
exercise: number, field: FieldCode, 
/**
 * People who took the exercise, and those of them who typed the field wrongly.
 */
taken: number, wrong: number, };

export type FieldChange = { 
/**
 * The name of the field in [`PersonRequest`].
 */
field: string, before: string | null, after: string | null, };

export type FieldCode = string;

export type FieldRow = { field: FieldCode, 
/**
 * The row's code.
 */
row: FieldCode, 
/**
 * The paper's words, or the candidate's names.
 */
label: Localized, column: Column | null, counts: Quantity, 
/**
 * What the votes are for, if it counts votes for someone.
 */
choice: Choice | null, 
/**
 * The candidate's number.
 */
candidate: number | null, 
/**
 * Whether witnesses are asked for it.
 */
asked: boolean, 
/**
 * The figure of each tally, in the order of [`StationView::tallies`]; `None` where nothing was typed.
 */
figures: Array<Figure | null>, 
/**
 * Whether the witnesses' latest tallies of the round that counts differ here.
 */
differs: boolean, 
/**
 * What the witness's device read with certainty in the photo of the page, in the order of `figures`.
 */
read: Array<ReadView | null>, };

export type Figure = { "written": number } | "blank" | "illegible";

export type Finding = { 
/**
 * Its key within this tally.
 */
key: FindingKey, 
/**
 * The check, for instance `F401`.
 */
code: CheckCode, 
/**
 * Fault or warning.
 */
severity: Severity, 
/**
 * One line for the witness.
 */
title: Localized, 
/**
 * What the witness should do.
 */
advice: Localized, 
/**
 * One line for the coordinator.
 */
for_coordinator: Localized, 
/**
 * The two sides, if the check compares figures.
 */
comparison: Comparison | null, 
/**
 * The fields concerned, in the paper's order.
 */
fields: Array<FieldCode>, };

export type FindingKey = string;

export type Format = { "kind": "csv", 
/**
 * The delimiter.
 */
delimiter: string, 
/**
 * The encoding, by its name.
 */
encoding: string, 
/**
 * Whether the last row has no line break: then the file may have been cut in its last cell.
 */
open_end: boolean, } | { "kind": "xlsx" } | { "kind": "json" };

export type GapView = { 
/**
 * The witness's letter.
 */
witness: string, 
/**
 * The missing sequence numbers, the lowest first.
 */
missing: Array<number>, };

export type ImportCheck = { 
/**
 * Rows that can be stored, duplicates included.
 */
sound: number, 
/**
 * Number of faults. With any, nothing can be stored.
 */
faults_total: number, 
/**
 * The first 200.
 */
faults: Array<ImportFault>, duplicates_total: number, 
/**
 * The first 200.
 */
duplicates: Array<ImportDuplicate>, };

export type ImportDuplicate = { row: number, name: string, phone: string | null, station: StationId | null, same: SameAs, 
/**
 * The earlier row of the file, if that is what it is like.
 */
earlier_row: number | null, 
/**
 * The stored person, if that is what it is like and the user reaches them.
 */
person: PersonId | null, };

export type ImportFault = { 
/**
 * As the spreadsheet numbers it, from 1.
 */
row: number, 
/**
 * The header of the column; empty when the row as a whole is meant.
 */
column: string, 
/**
 * The letters of the column in the spreadsheet, such as `C`; empty when the row as a whole is meant.
 */
letters: string, 
/**
 * What stands there, at most 100 characters.
 */
text: string, reason: ImportFaultReason, };

export type ImportFaultReason = "name_missing" | "too_long" | "phone_unfit" | "position_unknown" | "availability_unknown" | "nik_unfit" | "yes_or_no_unclear" | "desa_missing" | "desa_unknown" | "desa_ambiguous" | "station_unknown" | "participant_unknown" | "outside_region" | "mandate_full" | "invisible_character" | "unreadable";

export type ImportId = string;

export type ImportRequest = { 
/**
 * What each column means, `None` for one that is not imported. It is remembered for the user.
 */
columns: Array<PersonColumn | null>, 
/**
 * For rows that say no position.
 */
position: Position, 
/**
 * For rows that say none.
 */
organisation: string | null, participant: Participant | null, 
/**
 * Whether all people of the file agreed that this is stored, where no column says it.
 */
consent: boolean, duplicates: OnDuplicate, 
/**
 * What becomes of single rows instead, at most 200.
 */
decisions: Array<RowDecision>, };

export type ImportState = "uploaded" | "storing" | "stored" | "failed" | "discarded";

export type Imported = { 
/**
 * Statements that are stored now, those included that were stored before.
 */
accepted: number, 
/**
 * Of these, statements that were stored before.
 */
already_here: number, 
/**
 * Statements that were refused, with the reason of each.
 */
refused: Array<string>, 
/**
 * Photos that are complete now.
 */
photos: number, 
/**
 * Photos that were refused, with the reason of each.
 */
photos_refused: Array<string>, };

export type IncidentCategory = "objection" | "figures_changed" | "copy_withheld" | "witness_hindered" | "time_or_place" | "material" | "ballot_tampering" | "voter_rights" | "inducement" | "intimidation" | "neutrality" | "violence" | "disaster" | "other";

export type IncidentCounts = { new: number, seen: number, in_work: number, closed: number, };

export type IncidentHistory = { incident: IncidentView, steps: Array<IncidentStep>, };

export type IncidentList = { incidents: Array<IncidentView>, 
/**
 * `before` of the next page; `None` on the last.
 */
next: number | null, 
/**
 * Number of incidents of the region in each state, whatever the filter.
 */
counts: IncidentCounts, 
/**
 * Whether the user may change states.
 */
may_work: boolean, };

export type IncidentState = "new" | "seen" | "in_work" | "closed";

export type IncidentStep = { state: IncidentState, note: string, by: string, at_ms: number, };

export type IncidentStepRequest = { state: IncidentState, 
/**
 * May be empty, except for a closed incident.
 */
note: string, 
/**
 * [`IncidentView::steps`] as the user saw it; the answer is `incident_changed` when it is no longer so.
 */
after_steps: number, };

export type IncidentView = { 
/**
 * The statement, hex.
 */
statement: string, station: StationId, 
/**
 * The device, hex.
 */
device: string, category: IncidentCategory, text: string, 
/**
 * Whether the station's officers wrote it into their form.
 */
on_the_form: boolean, received_at_ms: number, 
/**
 * Whether the device was not assigned to the station when it arrived.
 */
unassigned: boolean, 
/**
 * Photos of the tally that the incident is about, for `GET /api/photos/{hash}`; at most 8.
 */
photos: Array<string>, state: IncidentState, 
/**
 * Number of steps so far; a new step names it, so that no two users decide at the same time unnoticed.
 */
steps: number, last: IncidentStep | null, 
/**
 * Who reported it, for those who may see people.
 */
contact: Contact | null, };

export type Interval = { estimate: number, low: number, high: number, };

export type InvitationList = { invitations: Array<InvitationView>, 
/**
 * `before` of the next page; `None` on the last.
 */
next: number | null, };

export type InvitationUse = "unused" | "used" | "expired" | "withdrawn";

export type InvitationView = { 
/**
 * The number by which people name the invitation. A newer one has a higher number.
 */
invitation: number, 
/**
 * The last four letters of its code; empty for an unused code of an earlier version.
 */
hint: string, state: InvitationUse, station: StationId, 
/**
 * The number of the TPS in its desa.
 */
number: number, 
/**
 * The name of its desa.
 */
desa: string, contests: Array<ContestId>, 
/**
 * Who made it, as in the audit; empty for one of an earlier version.
 */
made_by: string, created_at_ms: number, 
/**
 * Time from which the code is refused.
 */
expires_at_ms: number, withdrawn_at_ms: number | null, 
/**
 * Time at which a device used it.
 */
used_at_ms: number | null, 
/**
 * The device that used it, hex.
 */
device: string | null, 
/**
 * Time at which that device was revoked.
 */
revoked_at_ms: number | null, };

export type InviteAssignmentsRequest = { assignments: Array<AssignmentId>, };

export type InviteRequest = { stations: Array<StationId>, 
/**
 * All contests of the station when empty.
 */
contests: Array<ContestId>, };

export type KeyKeeping = "browser" | "sealed";

export type KindView = { kind: ContestKind, 
/**
 * Their number.
 */
count: number, 
/**
 * The contests, in the package's order. Empty if there are more than 50: a smaller region has fewer.
 */
contests: Array<ContestView>, };

export type Lack = "witness" | "second_witness" | "joined" | "trained" | "letter";

export type LackingStation = { station: StationId, number: number, desa_name: string, kecamatan_name: string, witnesses: number, joined: number, trained: number, letters: number, };

export type LackingStations = { stations: Array<LackingStation>, 
/**
 * The coordinators of the desa and kecamatan of these stations.
 */
contacts: Array<StaffContact>, 
/**
 * The parameter `after` of the next page; `None` at the end.
 */
next: StationId | null, };

export type LadderChange = { rung: Rung, region: RegionName, votes: Record<string, number>, size: number, };

export type LadderView = { 
/**
 * The rungs that have figures, from the witnesses up.
 */
rungs: Array<RungView>, 
/**
 * Documents that say something else than those below them, the largest change first; at most 100.
 */
changes: Array<LadderChange>, changes_total: number, };

export type LaterRounds = { 
/**
 * Stations for which the package announces a later round.
 */
announced: number, 
/**
 * Those of which a later round counts.
 */
counted: number, };

export type Leaning = { 
/**
 * `None` is the region of the page.
 */
region: RegionName | null, choice: string, 
/**
 * Stations at which the official result has more.
 */
more: number, 
/**
 * Stations at which it has fewer.
 */
fewer: number, 
/**
 * The probability that luck alone splits them at least so unevenly.
 */
probability: number, };

export type Localized = { 
/**
 * Bahasa Indonesia.
 */
id: string, 
/**
 * English.
 */
en: string, };

export type LogComparison = { verdict: LogVerdict, 
/**
 * Number of statements in the log of the earlier checkpoint; `None` when it cannot be read.
 */
size: number | null, 
/**
 * Time of its signature; a fingerprint has none.
 */
at_ms: number | null, 
/**
 * The newest checkpoint, with which it was compared.
 */
newest: string, 
/**
 * The proof between the two (RFC 9162 §2.1.4.1), in hex.
 */
proof: Array<string>, };

export type LogKeyView = { 
/**
 * The log's name under it, hex.
 */
log: string, 
/**
 * Its public half, hex.
 */
public_key: string, 
/**
 * Time of its first use.
 */
since_ms: number, };

export type LogVerdict = "continues" | "contradicts" | "never_heard" | "ahead" | "other_log" | "unsigned" | "unreadable";

export type LogView = { 
/**
 * The newest checkpoint, a signed note.
 */
checkpoint: string, 
/**
 * Number of statements in its log.
 */
size: number, 
/**
 * Time of its signature.
 */
at_ms: number, 
/**
 * Its fingerprint, to be read aloud.
 */
spoken: string, 
/**
 * Time of the log's first checkpoint; `None` while it is empty.
 */
began_at_ms: number | null, 
/**
 * Number of statements that are stored and not in the log yet.
 */
waiting: number, 
/**
 * The keys under which it has signed, oldest first; the last one signs.
 */
keys: Array<LogKeyView>, };

export type LoggedAuditHead = { 
/**
 * The statement that states it, hex.
 */
statement: string, 
/**
 * Number of rows up to the head.
 */
rows: number, 
/**
 * The hash of the last of them, hex.
 */
head: string, at_ms: number, 
/**
 * Its index in the log; `None` until it is in the log.
 */
log_index: number | null, };

export type LoginRequest = { user: string, password: string, 
/**
 * Six digits of the user's authenticator, or a recovery code.
 */
code?: string, };

export type MandateSlip = { assignment: AssignmentId, person: PersonId, name: string, phone: string | null, nik_last4: string | null, participant: Participant | null, 
/**
 * The name of the participant in the package.
 */
participant_name: string | null, kecamatan_name: string, kabupaten_name: string, shift: string, invitation: NewInvitation, };

export type Mapping = Record<string, string>;

export type MergeRequest = { duplicate: PersonId, };

export type MessageList = { messages: Array<MessageView>, 
/**
 * `before` of the next page; `None` on the last.
 */
next: number | null, };

export type MessageView = { 
/**
 * A UUID.
 */
message: string, 
/**
 * `None` for the whole election.
 */
region: RegionCode | null, 
/**
 * The region's name; empty for the whole election.
 */
name: string, text: string, 
/**
 * The user who sent it.
 */
by: string, at_ms: number, withdrawn_at_ms: number | null, 
/**
 * Number of witnesses' devices in the region now.
 */
devices: number, 
/**
 * Number of those that read it.
 */
read: number, 
/**
 * Whether the user may withdraw it.
 */
may_withdraw: boolean, };

export type MoveRequest = { station: StationId, };

export type NewAccountRequest = { user: string, role: Role, region: RegionCode | null, };

export type NewApiToken = { token: string, number: number, };

export type NewApiTokenRequest = { 
/**
 * Who will use it, at most 100 characters.
 */
name: string, region: RegionCode | null, };

export type NewInvitation = { 
/**
 * The code in groups of four: `ABCD-EFGH-JKMN-PQRS`.
 */
code: string, 
/**
 * The link that the witness pastes or opens: endpoint, code, and the fingerprint of the log's key.
 */
link: string, 
/**
 * The number by which people name the invitation.
 */
invitation: number, station: StationId, 
/**
 * The number of the TPS in its desa.
 */
number: number, 
/**
 * The name of its desa.
 */
desa: string, 
/**
 * Time from which the code is refused.
 */
expires_at_ms: number, };

export type NewMessageRequest = { 
/**
 * `None` for the whole election.
 */
region: RegionCode | null, text: string, };

export type NewPassword = { user: string, password: string, };

export type NewPlace = { 
/**
 * An IPv4 network of 256 addresses, or an IPv6 network; empty if it is unknown.
 */
network: string, at_ms: number, };

export type NewSecondFactor = { 
/**
 * For typing: base32, in groups of four.
 */
secret: string, 
/**
 * For a QR code: `otpauth://totp/…`.
 */
address: string, };

export type NotReady = "exercises" | "accuracy" | "checks" | "photos";

export type OfDevicesRequest = { devices: Array<string>, };

export type OfficialChangeRow = { unit: Unit, rung: Rung, 
/**
 * The name of the region, or of the station's desa.
 */
name: string, 
/**
 * `None` if there was none.
 */
before: OfficialFigures | null, 
/**
 * `None` if the official result has none any more.
 */
after: OfficialFigures | null, };

export type OfficialChanges = { import: OfficialImportView, changes: Array<OfficialChangeRow>, 
/**
 * `after` of the next page; `None` on the last.
 */
next: string | null, };

export type OfficialCheck = { 
/**
 * Rows below the header.
 */
rows: number, 
/**
 * Rows of sums (JUMLAH, JUMLAH PINDAHAN, JUMLAH AKHIR) and of column numbers, which are not read.
 */
left_out: number, 
/**
 * Stations and regions without a reading: nothing or only zeros.
 */
no_reading: number, 
/**
 * Stations and regions with figures, by document.
 */
units: { [key in Rung]?: number }, 
/**
 * Figures that are new.
 */
added: number, 
/**
 * Figures that differ from the last import.
 */
changed: number, 
/**
 * Figures that the last import had and this one has no longer.
 */
withdrawn: number, 
/**
 * Rows whose votes do not add up to their valid votes.
 */
sums_differ: number, 
/**
 * Number of faults. With any, nothing can be stored.
 */
faults_total: number, 
/**
 * The first 200.
 */
faults: Array<Fault>, };

export type OfficialFigures = { votes: Record<string, number>, 
/**
 * Suara sah.
 */
valid?: number | null, 
/**
 * Suara tidak sah.
 */
invalid?: number | null, };

export type OfficialFileView = { format: Format, 
/**
 * The sheets of a workbook.
 */
sheets: Array<string>, 
/**
 * The names of the columns in this layout.
 */
headers: Array<string>, 
/**
 * The first rows below the header, at most 10.
 */
preview: Array<Array<string>>, 
/**
 * What the headers suggest, or what the user chose for such a file the last time.
 */
suggested: OfficialImportRequest, };

export type OfficialImportRequest = { layout: OfficialLayout, 
/**
 * The sheet of a workbook, from 0.
 */
sheet: number, 
/**
 * The row with the names of the columns, from 1; in a transposed table the first row with a name in
 * front.
 */
header_row: number, 
/**
 * The column of each field, by its name. Fields: `code`, `provinsi`, `kabupaten_kota`, `kecamatan`,
 * `desa`, `station`, `valid`, `invalid`, and `votes:CHOICE`; in a long table `party`, `candidate` and
 * `votes`.
 */
columns: Mapping, 
/**
 * The region in which names and numbers of stations are looked up, where the file does not say it.
 */
within: RegionCode | null, 
/**
 * The document that the file is a copy of. Without one, each row is of the document of its own level.
 */
rung: Rung | null, };

export type OfficialImportView = { import: ImportId, contest: ContestId, file: string, bytes: number, 
/**
 * SHA-256 of the file, hex.
 */
sha256: string, 
/**
 * As in the audit.
 */
by: string, at_ms: number, state: OfficialState, 
/**
 * A later import that counts has a higher number.
 */
version: number | null, stored_at_ms: number | null, request: OfficialImportRequest, 
/**
 * Rows or figures that are done while it is checked or stored, and of how many.
 */
done: number, of: number, 
/**
 * What the last check found; `None` before it.
 */
check: OfficialCheck | null, 
/**
 * What the file looks like. Only in the answer about one import.
 */
file_view: OfficialFileView | null, };

export type OfficialImports = { imports: Array<OfficialImportView>, };

export type OfficialLayout = "wide" | "long" | "transposed";

export type OfficialState = "uploaded" | "checking" | "checked" | "storing" | "stored" | "discarded";

export type OfficialStation = { 
/**
 * By field of the paper.
 */
figures: Record<string, number>, };

export type OnDuplicate = "merge" | "keep" | "skip";

export type OpenSession = { 
/**
 * Its number, for `…/sessions/{session}/end`.
 */
session: number, opened_at_ms: number, expires_at_ms: number, 
/**
 * As in [`NewPlace`].
 */
network: string, 
/**
 * What the browser says about itself, cut.
 */
browser: string, 
/**
 * Whether it is the session of this request.
 */
own: boolean, };

export type OriginalRequest = { 
/**
 * The photo's derivative, SHA-256, hex.
 */
photo: string, };

export type OriginalView = { 
/**
 * SHA-256, hex; `GET /api/photos/{hash}` returns it after it has arrived.
 */
hash: string, 
/**
 * Length of the complete picture.
 */
total_bytes: number, 
/**
 * Bytes that have arrived.
 */
received_bytes: number, 
/**
 * Whether a coordinator requested it.
 */
wanted: boolean, 
/**
 * Whether it is complete, with the right hash.
 */
arrived: boolean, };

export type PageName = { page: number, 
/**
 * What it holds.
 */
title: Localized, };

export type Participant = string;

export type ParticipantView = { participant: Participant, name: string, };

export type PartySeats = { 
/**
 * The party.
 */
party: number, 
/**
 * The votes of its list.
 */
votes: number, 
/**
 * Whether it takes part: it reaches the threshold, or there is none.
 */
takes_part: boolean, 
/**
 * Number of seats that it wins whatever becomes of a tie.
 */
seats: number, 
/**
 * Number of further votes, all others unchanged, with which one more seat is certain. `None` if it does
 * not take part or has all seats.
 */
to_win: number | null, 
/**
 * Number of fewer votes, all others unchanged, with which its last seat is no longer certain. `None`
 * without a seat.
 */
to_lose: number | null, };

export type PasswordRequest = { old: string, new: string, };

export type PatternKind = "same_figures" | "same_photo" | "page_of_another" | "one_device" | "sum_grew" | "full_turnout" | "no_invalid";

export type PatternRow = { 
/**
 * The stations that it is about, at most 20, with the names of their desas.
 */
stations: Array<PatternStation>, 
/**
 * Number of stations that it is about.
 */
count: number, 
/**
 * What was compared: of [`PatternKind::SumGrew`] the sums before and after, of
 * [`PatternKind::FullTurnout`] users and voters, of [`PatternKind::NoInvalid`] the valid votes, and
 * otherwise the number of figures that are the same.
 */
numbers: Array<number>, };

export type PatternStation = { station: StationId, desa: string, };

export type PatternView = { kind: PatternKind, total: number, 
/**
 * At most 100.
 */
rows: Array<PatternRow>, };

export type PatternsView = { contest: ContestId, 
/**
 * The regions from the provinsi down to this one; empty for the whole election.
 */
path: Array<RegionName>, 
/**
 * The regions directly below in which the contest is voted.
 */
children: Array<RegionName>, 
/**
 * Stations that vote in the contest.
 */
stations: number, 
/**
 * Of them, those with a tally of an assigned witness, which were looked at.
 */
examined: number, 
/**
 * Every kind, also those of which nothing was found.
 */
patterns: Array<PatternView>, 
/**
 * The last digits of votes; `None` if there are too few.
 */
digits: DigitsView | null, 
/**
 * Whether the region is too large to be looked at at once: name a region below.
 */
too_large: boolean, };

export type PeopleImport = { import: ImportId, file: string, 
/**
 * As in the audit.
 */
by: string, at_ms: number, state: ImportState, 
/**
 * The headers of the columns. Empty once the file is stored or discarded.
 */
headers: Array<string>, 
/**
 * What each column means: as the user mapped it the last time, or as its header suggests.
 */
columns: Array<PersonColumn | null>, 
/**
 * The first rows, as texts, at most 10.
 */
preview: Array<Array<string>>, 
/**
 * Number of rows below the header.
 */
rows: number, 
/**
 * Number of rows that are stored already while `state` is `storing`; then the number of people stored.
 */
done: number, 
/**
 * Why it failed.
 */
failure: string | null, };

export type PeopleImports = { imports: Array<PeopleImport>, };

export type PeoplePage = { people: Array<PersonRow>, 
/**
 * Number of people that match, counted up to [`Self::TOTAL_MAX`], or to [`Self::FOUND_MAX`] of a search.
 * Only the first page has it.
 */
total: number | null, 
/**
 * Whether more people match than `total` says.
 */
is_more: boolean, 
/**
 * The parameter `after` of the next page; `None` at the end.
 */
next: string | null, };

export type PeopleSettings = { 
/**
 * What people can work on, at most 50. The first ones have words that screens translate:
 * `communication`, `territory`, `segment`, `social_media`, `campaigning`, `logistics`, `legal`.
 */
fields: Array<string>, 
/**
 * The day from which all personal data is erased, as `2027-03-31`; `None` for never.
 */
erase_from: string | null, 
/**
 * The participants of the election, for a mandate. Ignored in a request.
 */
participants: Array<ParticipantView>, 
/**
 * The organisations that people have, at most 200. Ignored in a request.
 */
organisations: Array<string>, };

export type Permissions = { 
/**
 * Decide on tallies.
 */
decide: boolean, 
/**
 * Request photos and originals.
 */
request_photos: boolean, 
/**
 * See and make invitations.
 */
invite: boolean, 
/**
 * Revoke devices.
 */
revoke: boolean, 
/**
 * Import bundles and pictures of codes.
 */
import: boolean, 
/**
 * See and change accounts, and read the audit.
 */
administer: boolean, 
/**
 * Send messages to the witnesses of a region, and work through incidents.
 */
coordinate: boolean, 
/**
 * See people: their names, numbers and assignments.
 */
see_people: boolean, 
/**
 * Change, import and export people.
 */
manage_people: boolean, 
/**
 * Lead the class of the drill that is served here, if one is.
 */
lead_drill: boolean, };

export type PersonChange = { change: ChangeId, at_ms: number, 
/**
 * As in the audit: `user:NAME`, `operator`, `device:ID`.
 */
by: string, kind: ChangeKind, 
/**
 * What was changed; empty after erasure.
 */
fields: Array<FieldChange>, 
/**
 * The station of a change of an assignment.
 */
station: StationId | null, 
/**
 * Number of people that the change is about.
 */
people: number, 
/**
 * Whether it can be undone: it is an edit, and it has not been undone.
 */
undoable: boolean, };

export type PersonColumn = "name" | "phone" | "organisation" | "field" | "position" | "availability" | "nik_last4" | "note" | "consent" | "desa" | "kecamatan" | "kabupaten" | "station" | "shift" | "participant" | "letter";

export type PersonHistory = { changes: Array<PersonChange>, };

export type PersonId = string;

export type PersonReport = { 
/**
 * The device that signed.
 */
person: string, 
/**
 * Exercises that were taken; of each the last attempt counts.
 */
exercises: number, fields: number, right: number, accuracy_permille: number, 
/**
 * Half of the exercises took at most so long.
 */
median_seconds: number, 
/**
 * How often each slip was made, in the order of the kinds.
 */
slips: { [key in SlipKind]?: number }, 
/**
 * Checks that were answered wrongly.
 */
misjudged: number, 
/**
 * Pages without a photo, or with poor ones only.
 */
pages_lacking: number, ready: boolean, not_ready: Array<NotReady>, };

export type PersonRequest = { name: string, phone: string | null, organisation: string | null, field: string | null, position: Position, availability: Availability, desa: RegionCode, 
/**
 * Four digits.
 */
nik_last4: string | null, note: string | null, 
/**
 * Whether the person agreed that this is stored.
 */
consent: boolean, 
/**
 * The revision that was edited; a new person has none. Another one is refused as `person_changed`.
 */
revision: number | null, 
/**
 * Whether a person with the same telephone number, or the same name in the desa, is stored all the same.
 * Otherwise it is refused as `person_duplicate`.
 */
keep_duplicate: boolean, };

export type PersonRow = { person: PersonId, 
/**
 * Rises with every change. A change names the revision that it was made from.
 */
revision: number, 
/**
 * Empty after erasure.
 */
name: string, 
/**
 * As `+62…`; `None` if it is not known.
 */
phone: string | null, 
/**
 * The party or group that the person belongs to.
 */
organisation: string | null, 
/**
 * What the person works on; one of the list in [`PeopleSettings`], or of an earlier list.
 */
field: string | null, position: Position, availability: Availability, 
/**
 * Where the person lives.
 */
desa: RegionCode, desa_name: string, kecamatan_name: string, 
/**
 * The last four digits of the NIK. More of it is never stored.
 */
nik_last4: string | null, note: string | null, 
/**
 * When the person agreed that this is stored.
 */
consent_at_ms: number | null, updated_at_ms: number, 
/**
 * When the personal data was erased. Such a person cannot be changed.
 */
erased_at_ms: number | null, 
/**
 * The present assignments at stations that the user reaches.
 */
assignments: Array<AssignmentView>, 
/**
 * Number of present assignments elsewhere.
 */
elsewhere: number, };

export type PersonView = { person: PersonRow, 
/**
 * The ended assignments at stations that the user reaches, newest first.
 */
ended: Array<AssignmentView>, 
/**
 * The person that this one was merged into.
 */
merged_into: PersonId | null, };

export type PhotoRequestRequest = { 
/**
 * The tally that the page belongs to, hex.
 */
tally: string, page: number, 
/**
 * What is wrong with the present photo. The witness reads it.
 */
reason: string, };

export type PhotoRequestView = { 
/**
 * The letter of the witness.
 */
witness: string, page: number, 
/**
 * What is wrong with the present photo.
 */
reason: string, 
/**
 * Time of the request.
 */
at_ms: number, 
/**
 * Whether another photo of the page by that witness has arrived since.
 */
answered: boolean, };

export type PhotoView = { 
/**
 * SHA-256 of the derivative, hex; `GET /api/photos/{hash}` returns the picture after it has arrived.
 */
hash: string, 
/**
 * The page it shows.
 */
page: number, 
/**
 * The witness's letter.
 */
witness: string, 
/**
 * The tally that it belongs to, hex.
 */
tally: string, 
/**
 * Length of the complete picture.
 */
total_bytes: number, 
/**
 * Bytes that have arrived.
 */
received_bytes: number, 
/**
 * Whether it is complete, with the right hash.
 */
arrived: boolean, 
/**
 * The picture that it was made from.
 */
original: OriginalView, 
/**
 * The page whose mark the device found on the paper; `None` where it found none or did not look.
 */
seen_page: number | null, 
/**
 * Issues that the device found in the photo, and that the witness accepted; keys of translated texts.
 */
issues: Array<string>, 
/**
 * When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
 */
sealed_at_ms: number | null, 
/**
 * Whether its statement came after its device was revoked. It never counts then.
 */
quarantined: boolean, 
/**
 * The index of its statement in the log, from 0; `None` until it is in the log.
 */
log_index: number | null, };

export type Position = "witness_inside" | "witness_outside" | "coordinator_desa" | "coordinator_kecamatan" | "coordinator_kabupaten" | "coordinator_provinsi" | "coordinator_national" | "trainer" | "volunteer";

export type Presence = "present" | "not_admitted" | "left" | "unknown";

export type Problem = { 
/**
 * `urn:saksi:problem:` and the code.
 */
type: string, 
/**
 * [`ProblemCode::title`].
 */
title: string, 
/**
 * [`ProblemCode::status`].
 */
status: number, code: ProblemCode, 
/**
 * What was wrong in this request, in English, without personal data.
 */
detail: string, };

export type ProblemCode = "request_malformed" | "request_timeout" | "statement_malformed" | "statement_unsupported" | "signature_invalid" | "device_unknown" | "election_wrong" | "station_unknown" | "contest_unknown" | "round_unknown" | "figures_unfit" | "body_too_long" | "batch_too_long" | "photo_unknown" | "photo_not_an_image" | "photo_too_large" | "photo_hash_mismatch" | "photo_offset_wrong" | "invitation_unknown" | "invitation_used" | "invitation_expired" | "invitation_withdrawn" | "proof_invalid" | "import_unreadable" | "login_failed" | "login_needed" | "forbidden" | "account_refused" | "second_factor_needed" | "second_factor_wrong" | "password_change_needed" | "second_factor_setup_needed" | "incident_changed" | "message_refused" | "person_refused" | "person_changed" | "person_duplicate" | "mandate_full" | "import_faulty" | "import_state_wrong" | "review_key_unknown" | "review_key_out_of_place" | "not_found" | "too_many_requests" | "quota_exceeded" | "store_unavailable" | "busy" | "internal";

export type ProjectionView = { contest: ContestId, 
/**
 * `None` if no sample was drawn.
 */
sample: SampleView | null, 
/**
 * Stations of the sample that have a result.
 */
arrived: number, 
/**
 * The shares, the largest first. Empty while too few stations are in.
 */
shares: Array<ShareView>, 
/**
 * How far the first is ahead of the second; `None` while too few stations are in.
 */
margin: Interval | null, 
/**
 * The strata of the sample, by code.
 */
strata: Array<StratumView>, };

export type Quantity = "voters_dpt" | "voters_moved" | "voters_unlisted" | "voters_all" | "users_dpt" | "users_moved" | "users_unlisted" | "users_all" | "ballots_received" | "ballots_used" | "ballots_spoiled" | "ballots_unused" | "ballots_not_returned" | "ballots_undelivered" | "ballots_not_sent" | "disabled_voters" | "disabled_users" | "candidate_votes" | "party_votes" | "list_votes" | "valid_votes" | "invalid_votes" | "all_votes";

export type QueueItem = { station: StationId, 
/**
 * The name of its desa.
 */
desa: string, 
/**
 * Its consequence, from 0 to 1,000.
 */
consequence: number, 
/**
 * Number of votes that may be wrong.
 */
votes: number, conflicts: number, faults: number, misread: number, 
/**
 * When its newest tally arrived.
 */
since_ms: number, 
/**
 * The other user who has it in front of them.
 */
holder: string | null, 
/**
 * Whether this user put it off.
 */
skipped: boolean, };

export type QueueView = { 
/**
 * Number of stations in it, of all users.
 */
total: number, 
/**
 * Numbers of those that were weighed, by what is in doubt. A station may have several doubts.
 */
conflicting: number, faulty: number, misread: number, 
/**
 * The votes between the first two of the contest in this region.
 */
margin: number, 
/**
 * The station that the user has in front of them.
 */
held: StationId | null, 
/**
 * The first stations, of highest consequence first.
 */
items: Array<QueueItem>, };

export type ReadView = { figure: number, 
/**
 * Certainty of the reading, 0 to 1,000.
 */
certainty_permille: number, 
/**
 * Whether something else was typed.
 */
differs: boolean, 
/**
 * Whether the witness looked again and said that the paper has it as typed.
 */
answered: boolean, };

export type ReaderList = { readers: Array<ReaderView>, 
/**
 * `after` of the next page; `None` on the last.
 */
next: string | null, };

export type ReaderView = { station: StationId, 
/**
 * The device, hex.
 */
device: string, 
/**
 * When the device said that the witness had opened the message; `None` until then.
 */
read_at_ms: number | null, 
/**
 * Who it is, for those who may see people.
 */
contact: Contact | null, };

export type Readiness = { 
/**
 * Minimum number of exercises of drills.
 */
exercises_min: number, 
/**
 * Minimum of right figures of a thousand, over all exercises.
 */
accuracy_permille_min: number, 
/**
 * Maximum number of checks that were answered wrongly.
 */
misjudged_max: number, 
/**
 * Maximum number of pages without a good photo.
 */
pages_lacking_max: number, };

export type ReadinessRow = { 
/**
 * `None` for the whole election.
 */
code: RegionCode | null, name: string, stations: number, 
/**
 * Stations with a witness, and those of them of whose witnesses nobody is ready.
 */
staffed: number, unready: number, 
/**
 * Present assignments, those of people who were trained, and of people who are ready.
 */
witnesses: number, trained: number, ready: number, 
/**
 * When somebody last practised.
 */
last_at_ms: number | null, 
/**
 * Half of the people who practised needed at most so long for an exercise.
 */
median_seconds: number | null, };

export type ReadinessView = { 
/**
 * The region and those above it that the user reaches, from the top; empty for the whole election.
 */
path: Array<RegionName>, total: ReadinessRow, 
/**
 * The regions below, the one with the most stations that are not ready first; none below a desa.
 */
rows: Array<ReadinessRow>, 
/**
 * From when a person is ready.
 */
threshold: Readiness, };

export type RecoveryCodes = { codes: Array<string>, };

export type RegionCode = string;

export type RegionLevel = "provinsi" | "kabupaten_kota" | "kecamatan" | "desa";

export type RegionName = { code: RegionCode, name: string, };

export type RegionOutline = { code: RegionCode, 
/**
 * Longitudes and latitudes in degrees.
 */
rings: Array<Array<[number, number]>>, };

export type RegionRow = { region: RegionName, level: RegionLevel, 
/**
 * Its stations by standing.
 */
coverage: Coverage, 
/**
 * Time of the latest arrival.
 */
last_at_ms: number | null, };

export type RegionView = { 
/**
 * The regions from the top down to this one; empty for the whole election.
 */
path: Array<RegionName>, 
/**
 * The kind of the contests that the figures are of.
 */
kind: ContestKind, 
/**
 * The contest that the figures are of; `None` for the sums of several contests of the kind.
 */
contest: ContestId | null, 
/**
 * The contests that are voted here, by kind.
 */
kinds: Array<KindView>, 
/**
 * The contests of the kind whose districts lie partly in the region and partly outside of it, while the
 * region has stations of other districts too.
 */
cut_districts: Array<ContestView>, 
/**
 * Its stations by standing.
 */
coverage: Coverage, 
/**
 * The votes, in the ballot's order. Sums of several contests have the lists without their candidates,
 * and nothing of candidates who are on no list.
 */
votes: Array<VoteRow>, 
/**
 * Invalid votes.
 */
invalid: Votes, 
/**
 * The stations with a later round.
 */
later_rounds: LaterRounds, 
/**
 * The regions directly below in which it is voted; empty for a desa.
 */
children: Array<RegionRow>, 
/**
 * Arrivals over time, oldest first, in equal steps; empty when nothing arrived.
 */
arrivals: Array<Arrivals>, 
/**
 * Length of a step of `arrivals`, in milliseconds.
 */
arrivals_step_ms: number, 
/**
 * Time at which this was computed.
 */
at_ms: number, };

export type Relation = "equal" | "at_most";

export type ReportView = { 
/**
 * Statement id, hex.
 */
statement: string, 
/**
 * The device, hex.
 */
device: string, 
/**
 * The witness's letter.
 */
witness: string, 
/**
 * The device's sequence number.
 */
sequence: number, 
/**
 * When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
 */
sealed_at_ms: number | null, 
/**
 * When it arrived.
 */
received_at_ms: number, 
/**
 * Whether the device is assigned to this station, for any contest.
 */
assigned: boolean, 
/**
 * Whether the device signed another statement under the same sequence number.
 */
forked: boolean, 
/**
 * Whether it came after its device was revoked.
 */
quarantined: boolean, 
/**
 * Its index in the log, from 0; `None` until it is in the log.
 */
log_index: number | null, report: WitnessReport, };

export type ReviewKeyRequest = { 
/**
 * The user's password.
 */
password: string, 
/**
 * The public key, 64 hex digits.
 */
key: string, 
/**
 * The key's signature that shows who has it, 128 hex digits.
 */
proof: string, keeping: KeyKeeping, };

export type ReviewKeyView = { 
/**
 * Its id: what statements call the device.
 */
id: string, 
/**
 * The public key, 64 hex digits.
 */
key: string, user: string, keeping: KeyKeeping, enrolled_at_ms: number, revoked_at_ms: number | null, 
/**
 * The sequence number of the last statement that it signed; 0 before the first.
 */
sequence: number, 
/**
 * The id of that statement.
 */
head: string | null, };

export type RevokeKeyRequest = { because: string, };

export type RevokeRequest = { 
/**
 * The reason, at most 200 characters; empty for none.
 */
because: string, };

export type Role = "admin" | "coordinator" | "trainer" | "auditor";

export type RoleRequest = { role: Role, region: RegionCode | null, };

export type RoundKind = "psu" | "pssu" | "psl" | "pss";

export type RoundView = { 
/**
 * Its number: 1 is the first count.
 */
number: number, 
/**
 * Its legal ground; `None` for the first count.
 */
kind: RoundKind | null, 
/**
 * Its day, `YYYY-MM-DD`: the day of voting for the first count.
 */
date: string, 
/**
 * Why it takes place; `None` for the first count.
 */
reason: Localized | null, 
/**
 * Its own standing.
 */
standing: Standing, 
/**
 * Number of its tallies.
 */
tallies: number, 
/**
 * Whether it is the one that counts.
 */
counts: boolean, };

export type RowDecision = { row: number, duplicates: OnDuplicate, };

export type Rung = "station" | "kecamatan" | "kabupaten_kota" | "provinsi";

export type RungView = { 
/**
 * `None` for the witnesses.
 */
rung: Rung | null, votes: Record<string, number>, 
/**
 * The stations or regions that are in the sum, and of how many.
 */
parts: number, of: number, 
/**
 * What changed on this rung, added up over all that could be compared.
 */
changed: Record<string, number>, 
/**
 * Figures that could not be compared, because the sum below them is not complete.
 */
not_compared: number, };

export type SameAs = "phone" | "name_in_desa";

export type SampleView = { 
/**
 * From it and the election package anybody draws the same stations.
 */
seed: string, 
/**
 * The level of the regions that are its strata.
 */
level: RegionLevel, drawn_at_ms: number, stations: number, };

export type SeatAllocation = { 
/**
 * Number of seats of the district.
 */
seats: number, 
/**
 * The parties in the order in which they were given.
 */
parties: Array<PartySeats>, 
/**
 * The seats that several parties would win with equal quotients, if there are such. They are nobody's.
 */
tie: SeatTie | null, };

export type SeatThreshold = { 
/**
 * In thousandths of all valid votes.
 */
permille: number, 
/**
 * The stations of the country by standing.
 */
coverage: Coverage, };

export type SeatTie = { 
/**
 * Number of these seats.
 */
seats: number, 
/**
 * The parties.
 */
parties: Array<number>, };

export type SeatsView = { contest: ContestId, 
/**
 * The stations of the district by standing.
 */
coverage: Coverage, allocation: SeatAllocation, 
/**
 * The names of the parties, in the order of `allocation`.
 */
names: Array<string>, 
/**
 * The national threshold, where the contest has one.
 */
threshold: SeatThreshold | null, 
/**
 * Time at which this was computed.
 */
at_ms: number, };

export type SecondFactorRequest = { password: string, code?: string, };

export type SectionView = { 
/**
 * The Roman numeral, and the party's number in the section of a list.
 */
code: FieldCode, title: Localized, 
/**
 * The party whose list it is.
 */
party: number | null, 
/**
 * The page that it is on.
 */
page: number, 
/**
 * Number of its fields in which the witnesses' latest tallies differ.
 */
differing: number, 
/**
 * Its fields in the paper's order.
 */
fields: Array<FieldRow>, };

export type SessionView = { user: string, role: Role, 
/**
 * What the user may do.
 */
may: Permissions, 
/**
 * The region of the user; `None` for the whole election.
 */
region: RegionCode | null, 
/**
 * The election's id, which signed statements name.
 */
election_id: string, 
/**
 * The election's name.
 */
election: Localized, 
/**
 * The day of voting, `YYYY-MM-DD`.
 */
date: string, 
/**
 * Whether this endpoint is for practice.
 */
drill: boolean, 
/**
 * The contests that are voted in the user's region, by kind.
 */
kinds: Array<KindView>, 
/**
 * Whether the account has a second factor.
 */
second_factor: boolean, 
/**
 * What the user must do before any other route answers.
 */
duty: Duty | null, 
/**
 * Logins from a new place that the user has not confirmed, newest first.
 */
new_places: Array<NewPlace>, };

export type Severity = "fault" | "warning";

export type Shape = "swapped" | "shifted_row" | "candidate_to_party" | "party_to_candidate" | "same_size" | "invalid_to_valid" | "valid_to_invalid" | "one_digit" | "one_figure" | "other";

export type ShareView = { choice: string, name: string, share: Interval, 
/**
 * The share in all votes that count so far, which is no sample; `None` without any.
 */
counted_share: number | null, };

export type Side = { 
/**
 * Label for people, for instance "II.2 + II.3 + II.4" or "V.A di kertas".
 */
label: Localized, 
/**
 * The figures, in the paper's order.
 */
terms: Array<Term>, 
/**
 * Their sum, or the bound computed from them.
 */
total: number, };

export type Signature = "signed" | "unsigned" | "forged";

export type SimilarPeople = { 
/**
 * Those whom the user reaches, at most 20.
 */
people: Array<PersonRow>, 
/**
 * Whether others are outside of the user's region.
 */
elsewhere: boolean, };

export type SimilarRequest = { name: string, phone: string | null, desa: RegionCode, };

export type SlipCount = { kind: SlipKind, times: number, persons: number, };

export type SlipKind = "row_skipped" | "row_shifted" | "lists_swapped" | "rows_swapped" | "columns_swapped" | "own_sum" | "not_typed" | "no_such_page" | "zero_for_blank" | "blank_for_zero" | "left_blank" | "put_into_blank" | "called_illegible" | "guessed" | "digits_swapped" | "digit_differs" | "digit_dropped" | "digit_added" | "other_row" | "other_number";

export type StaffContact = { 
/**
 * The desa or kecamatan that the person coordinates.
 */
region: RegionCode, person: PersonId, name: string, phone: string | null, position: Position, };

export type StaffingRow = { 
/**
 * `None` for the whole election.
 */
code: RegionCode | null, name: string, stations: number, 
/**
 * Stations by their number of assigned people: none, one, two or more.
 */
none: number, one: number, two: number, 
/**
 * Present assignments, and how many of them are of people who joined, were trained, or whose mandate
 * letter was handed in.
 */
witnesses: number, joined: number, trained: number, letters: number, target: TargetView | null, };

export type StaffingView = { 
/**
 * The region and those above it that the user reaches, from the top; empty for the whole election.
 */
path: Array<RegionName>, total: StaffingRow, 
/**
 * The regions below, the one with the most empty stations first; none below a desa.
 */
rows: Array<StaffingRow>, };

export type Standing = "verified" | "corroborated" | "provisional" | "conflicting" | "missing";

export type StationCursor = string;

export type StationId = string;

export type StationKind = "tps" | "ksk" | "pos" | "tpsln";

export type StationList = { stations: Array<StationRow>, 
/**
 * Number of stations that match.
 */
total: number, 
/**
 * The parameter `after` of the next page; `None` at the end.
 */
next: StationCursor | null, };

export type StationPerson = { 
/**
 * The device that joined, hex; `None` if the person has not joined.
 */
device: string | null, person: PersonId, name: string, phone: string | null, assignment: AssignmentView, };

export type StationRow = { station: StationId, kind: StationKind, 
/**
 * Its number in its desa, among the stations of its kind.
 */
number: number, 
/**
 * The name of its desa.
 */
desa: string, 
/**
 * The name of its kecamatan.
 */
kecamatan: string, 
/**
 * The round that counts, or of which the tallies are in conflict.
 */
round: number, 
/**
 * The newest round that the package announces; 1 is the first count.
 */
newest_round: number, standing: Standing, 
/**
 * The deciding figures for which the witnesses state different numbers.
 */
conflicts: Array<FieldCode>, 
/**
 * Devices that witness there.
 */
witnesses: number, tallies: number, 
/**
 * Faults in the tally that counts, or in the latest.
 */
faults: number, 
/**
 * Pages with a complete photo.
 */
pages_photographed: number, 
/**
 * Pages of the form.
 */
pages: number, 
/**
 * Time of the latest arrival.
 */
last_at_ms: number | null, };

export type StationView = { station: StationId, station_kind: StationKind, 
/**
 * Its number in its desa, among the stations of its kind.
 */
number: number, 
/**
 * Its regions from the provinsi down to the desa.
 */
path: Array<RegionName>, contest: ContestId, kind: ContestKind, 
/**
 * The contests that are voted here, in the package's order.
 */
contests: Array<ContestView>, 
/**
 * The round that `standing` and `conflicts` are of: the newest one with a result.
 */
round: number, 
/**
 * The first count and the later rounds of this station and contest, oldest first.
 */
rounds: Array<RoundView>, standing: Standing, 
/**
 * The deciding figures for which the witnesses state different numbers: what a coordinator has to
 * settle.
 */
conflicts: Array<FieldCode>, form: Localized, 
/**
 * The form's id and the version of the package, which a correction names.
 */
form_id: string, package_version: number, 
/**
 * The votes and invalid votes of the official result by field, where there is one.
 */
official: OfficialStation | null, 
/**
 * The rows of the paper with the figures of each tally.
 */
sections: Array<SectionView>, 
/**
 * The tallies received, oldest first; `sections` has their figures in the same order.
 */
tallies: Array<TallyView>, 
/**
 * Witnesses whose chains have gaps.
 */
gaps: Array<GapView>, 
/**
 * Attendances, incidents and results of exercises, of any contest, oldest first.
 */
reports: Array<ReportView>, 
/**
 * The photos, by page, then oldest first.
 */
photos: Array<PhotoView>, 
/**
 * Requests for other photos, oldest first.
 */
photo_requests: Array<PhotoRequestView>, 
/**
 * Number of statements about the station that the page leaves out: of devices that sent very many, and
 * are mostly not assigned here.
 */
more_count: number, 
/**
 * Pages of the form.
 */
pages: Array<PageName>, 
/**
 * The station before it in its desa.
 */
previous: StationId | null, 
/**
 * The station after it in its desa.
 */
next: StationId | null, };

export type StratumView = { region: RegionName, 
/**
 * All its stations.
 */
stations: number, drawn: number, arrived: number, };

export type TakeRequest = { contest: ContestId, region: RegionCode | null, 
/**
 * This station and no other.
 */
station: StationId | null, 
/**
 * A station that is put off for a while.
 */
skip: StationId | null, };

export type TallyView = { 
/**
 * Statement id, hex.
 */
statement: string, device: string, 
/**
 * A letter for the witness at this station: A, B, …
 */
witness: string, 
/**
 * The round that was counted.
 */
round: number, 
/**
 * The device's sequence number.
 */
sequence: number, 
/**
 * When it was sealed, by the device's clock. `None` if that time is impossible: the clock was wrong.
 */
sealed_at_ms: number | null, 
/**
 * When it arrived.
 */
received_at_ms: number, 
/**
 * Whether the device was assigned to this station and contest.
 */
assigned: boolean, 
/**
 * Whether a later tally of the same device and round supersedes it.
 */
superseded: boolean, 
/**
 * Whether the device signed another statement under the same sequence number: its chain forks here.
 */
forked: boolean, 
/**
 * Whether it came after its device was revoked. It never counts then.
 */
quarantined: boolean, 
/**
 * Its index in the log, from 0; `None` until it is in the log.
 */
log_index: number | null, 
/**
 * Why it supersedes an earlier one, or why a coordinator corrected it.
 */
correction_reason: string | null, 
/**
 * The coordinator whose correction of a witness's tally it is.
 */
corrected_by: string | null, 
/**
 * The tally that it supersedes or corrects, hex.
 */
corrects: string | null, 
/**
 * The verdicts on it, oldest first; the last one is valid.
 */
verdicts: Array<VerdictView>, 
/**
 * What the checks find.
 */
findings: Array<Finding>, 
/**
 * Keys of the findings that the witness answered with "memang tertulis begitu".
 */
acknowledged: Array<string>, };

export type TargetRequest = { witnesses: number | null, by_date: string | null, participant: Participant | null, votes: number | null, share_permille: number | null, };

export type TargetView = { 
/**
 * Wanted number of assigned witnesses.
 */
witnesses: number | null, 
/**
 * The day by which they are wanted, as `2026-12-01`.
 */
by_date: string | null, 
/**
 * The participant whose votes are meant, and the wanted votes or share of the valid votes in
 * thousandths.
 */
participant: Participant | null, votes: number | null, share_permille: number | null, 
/**
 * Number of witnesses that are missing.
 */
missing: number, 
/**
 * Number of days that are left, today included; 0 when the day is over.
 */
days_left: number | null, 
/**
 * Number of witnesses to find each day from now on; `None` without a day, or after it.
 */
per_day: number | null, 
/**
 * As in the audit.
 */
set_by: string, set_at_ms: number, };

export type Term = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * The number in it.
 */
value: number, };

export type Unit = string;

export type UnreadyStationView = { station: StationId, desa_name: string, kecamatan_name: string, witnesses: number, trained: number, last_at_ms: number | null, };

export type UnreadyStations = { stations: Array<UnreadyStationView>, 
/**
 * The parameter `after` of the next page; `None` at the end.
 */
next: StationId | null, };

export type VerdictDecision = "verified" | "disputed" | "withdrawn" | "wrong_station";

export type VerdictRequest = { 
/**
 * The statement's bytes, base64.
 */
statement: string, };

export type VerdictView = { decision: Decision, reason: string, 
/**
 * Who decided, as in the audit.
 */
reviewer: string, 
/**
 * Whether the reviewer also invited the witness: then one person alone stands behind tally and verdict.
 */
reviewer_invited: boolean, 
/**
 * When, by the endpoint's clock.
 */
at_ms: number, signature: Signature, 
/**
 * Whether it is a dispute because the paper is that of another station.
 */
wrong_station: boolean, 
/**
 * The id of the key that signed it.
 */
key: string | null, 
/**
 * The statement that signed it, hex.
 */
statement: string | null, 
/**
 * The index of that statement in the log, from 0; `None` until it is in the log.
 */
log_index: number | null, };

export type VoteRow = { choice: Choice, 
/**
 * The party whose list it is, or on whose list the candidate is.
 */
party: number | null, 
/**
 * The candidate's number on the ballot or on the list.
 */
number: number | null, 
/**
 * One name, two of a pair, or the party's.
 */
names: Array<string>, 
/**
 * The names in one line.
 */
label: string, 
/**
 * Whether this is the empty column that stands against a single pair.
 */
empty_column: boolean, votes: Votes, 
/**
 * Of a list: the votes of the party itself, without its candidates.
 */
party_itself: Votes | null, 
/**
 * Of a list: its candidates.
 */
candidates: Array<VoteRow>, };

export type Votes = { 
/**
 * From verified tallies.
 */
verified: number, 
/**
 * From corroborated tallies.
 */
corroborated: number, 
/**
 * From provisional tallies.
 */
provisional: number, };

export type WitnessAttendance = { station: StationId, 
/**
 * The device, hex.
 */
device: string, presence: Presence, 
/**
 * When the report of it arrived; `None` without one.
 */
since_ms: number | null, 
/**
 * The last sign of the device: a request or a statement. `None` if there was none yet.
 */
heard_at_ms: number | null, silent: boolean, 
/**
 * Who it is, for those who may see people.
 */
contact: Contact | null, };

export type WitnessReport = { "kind": "attendance", event: AttendanceEvent, } | { "kind": "incident", category: IncidentCategory, 
/**
 * What happened, in the witness's words.
 */
text: string, 
/**
 * Whether the officers wrote it into their form.
 */
on_the_form: boolean, 
/**
 * The tally that it is about, hex.
 */
tally: string | null, } | { "kind": "drill", drill: string, sheet: string, 
/**
 * Number of fields of the sheet.
 */
fields: number, 
/**
 * Number of fields with wrong figures.
 */
wrong: number, 
/**
 * Number of faults that the sheet was drawn with.
 */
faults: number, 
/**
 * Number of these faults that the witness noticed.
 */
faults_noticed: number, duration_s: number, };
