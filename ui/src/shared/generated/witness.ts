// Made from the Rust types by `cargo xtask generate`. Do not edit.

export type AppView = { 
/**
 * The language that the witness chose.
 */
language: Language, 
/**
 * The app's version.
 */
version: string, 
/**
 * What is damaged on this device.
 */
health: HealthView, 
/**
 * Who witnesses where; `None` until an invitation was taken.
 */
witness: WitnessView | null, };

export type AttendanceEvent = "arrived" | "left" | "not_admitted";

export type BundleView = { 
/**
 * Statements in it.
 */
statements: number, 
/**
 * Photos in it.
 */
photos: number, 
/**
 * Its length in bytes.
 */
bytes: number, 
/**
 * Where it was written.
 */
path: string, };

export type CarriedView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * Its TPS number.
 */
number: number, 
/**
 * Records that are carried.
 */
records: number, 
/**
 * Those of them of which this device has verified that they stand in the log.
 */
proved: number, 
/**
 * Those of them that the endpoint refused for good.
 */
refused: number, 
/**
 * Photos that are carried.
 */
photos: number, 
/**
 * Those of them that are wholly at the endpoint.
 */
photos_arrived: number, };

export type CellView = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * Its column, where the row has columns.
 */
column: Column | null, 
/**
 * How many boxes it has on paper.
 */
digits: number, 
/**
 * What was typed.
 */
figure: Figure | null, 
/**
 * The figure in words; empty when nothing was typed.
 */
words: Localized, 
/**
 * Whether a fault that is not yet answered concerns it.
 */
has_open_fault: boolean, };

export type CheckCode = "F101" | "F102" | "F103" | "F104" | "F105" | "F106" | "F201" | "F202" | "F301" | "F302" | "F303" | "F401" | "F402" | "W101" | "W102" | "W103" | "W104" | "W105" | "W201" | "W202" | "W301" | "W401" | "W402";

export type Column = "L" | "P" | "J";

export type Comparison = { 
/**
 * The left side.
 */
left: Side, 
/**
 * How left should stand to right.
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

export type ContestId = string;

export type CourierReceipt = { 
/**
 * Records that are new here.
 */
records: number, 
/**
 * Records that were here before.
 */
already_here: number, 
/**
 * Photos that are new here.
 */
photos: number, };

export type Decision = "verified" | "disputed" | "withdrawn";

export type Failure = { 
/**
 * Why; the key of the translated text.
 */
code: FailureCode, 
/**
 * Particulars, in English.
 */
detail: string, };

export type FailureCode = "invitation_unreadable" | "invitation_unknown" | "invitation_used" | "invitation_expired" | "invitation_withdrawn" | "address_insecure" | "other_log" | "endpoint_unreachable" | "not_the_endpoint" | "tls_unavailable" | "endpoint_refused" | "already_joined" | "not_joined" | "not_assigned" | "already_sealed" | "not_sealed" | "faults_unanswered" | "nothing_typed" | "figure_too_long" | "photo_not_an_image" | "photo_too_large" | "bytes_missing" | "bundle_unreadable" | "carried_too_much" | "incident_incomplete" | "incident_too_long" | "reason_missing" | "reason_too_long" | "keystore_locked" | "key_lost" | "disk_full" | "storage";

export type FieldCode = string;

export type Figure = { "written": number } | "blank" | "illegible";

export type Finding = { 
/**
 * Its name within this tally.
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
 * The two sides, where the check compares figures.
 */
comparison: Comparison | null, 
/**
 * The fields concerned, in the paper's order.
 */
fields: Array<FieldCode>, };

export type FindingKey = string;

export type FindingView = { 
/**
 * The finding.
 */
finding: Finding, 
/**
 * When the witness said "memang tertulis begitu di kertas".
 */
acknowledged_at_ms: number | null, };

export type HealthView = { 
/**
 * When the database was found damaged and put back from its copy. What was sealed after that copy is missing.
 */
restored_at_ms: number | null, 
/**
 * Photos of which nothing can be sent any more; the pages are to be photographed again.
 */
lost_photos: Array<LostPhotoView>, };

export type IncidentCategory = "objection" | "figures_changed" | "copy_withheld" | "witness_hindered" | "time_or_place" | "material" | "ballot_tampering" | "voter_rights" | "inducement" | "intimidation" | "neutrality" | "violence" | "disaster" | "other";

export type IncidentDraftView = { 
/**
 * Of which sort, once that was chosen.
 */
category: IncidentCategory | null, 
/**
 * What happened.
 */
text: string, 
/**
 * Whether the officers wrote it into their form.
 */
on_the_form: boolean, 
/**
 * When it was last saved.
 */
saved_at_ms: number, };

export type Language = "id" | "en";

export type LifeState = "draft" | "sealed" | "accepted" | "refused" | "receipted" | "verified" | "disputed";

export type LifeView = { 
/**
 * The state.
 */
state: LifeState, 
/**
 * Since when; `None` for a draft in which nothing was typed yet.
 */
since_ms: number | null, 
/**
 * When the endpoint took it in, by the endpoint's clock.
 */
received_at_ms: number | null, 
/**
 * Why it was refused, where it was.
 */
refusal: RefusalView | null, 
/**
 * What a coordinator decided on it, where one did.
 */
verdict: VerdictView | null, };

export type Localized = { 
/**
 * Bahasa Indonesia.
 */
id: string, 
/**
 * English.
 */
en: string, };

export type LogAlarmView = { 
/**
 * When this device found it.
 */
found_at_ms: number, 
/**
 * The checkpoint that this device saw before, a signed note.
 */
older: string, 
/**
 * The one that does not continue it, a signed note.
 */
newer: string, };

export type LostPhotoView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * The contest.
 */
contest: ContestId, 
/**
 * The page.
 */
page: number, };

export type OutboxView = { 
/**
 * Tallies that are sealed and not yet accepted.
 */
tallies_waiting: number, 
/**
 * Attendances and incidents that are sealed and not yet accepted.
 */
reports_waiting: number, 
/**
 * Records that have arrived and whose proof is still to come.
 */
proofs_waiting: number, 
/**
 * Photos that are not yet wholly at the endpoint.
 */
photos_waiting: number, 
/**
 * Originals that somebody asked for and that are not yet wholly at the endpoint.
 */
originals_waiting: number, 
/**
 * Bytes of them still to send.
 */
originals_bytes_waiting: number, 
/**
 * When originals go on, where they have used up what a day may cost; `None` where nothing holds them up.
 */
originals_again_at_ms: number | null, 
/**
 * Records that the endpoint refused for good.
 */
refused: number, 
/**
 * Bytes still to send.
 */
bytes_waiting: number, 
/**
 * The photo that is under way or was interrupted.
 */
photo: PhotoProgress | null, 
/**
 * Whether a request is under way right now.
 */
sending: boolean, 
/**
 * Why the last attempt came to nothing; `None` when it succeeded or none was made.
 */
error: SyncError | null, 
/**
 * When the next attempt is due; `None` when nothing waits.
 */
next_attempt_at_ms: number | null, 
/**
 * How far this device's clock runs ahead of the endpoint's, negative where it is behind, where that is more than a
 * clock may be off. What was sealed stays as good as it is: nothing is ordered by it.
 */
clock_ahead_ms: number | null, 
/**
 * When the endpoint last answered.
 */
last_contact_at_ms: number | null, };

export type PageView = { 
/**
 * The page number.
 */
page: number, 
/**
 * What it holds.
 */
title: Localized, 
/**
 * Its newest photo.
 */
photo: PhotoView | null, };

export type PhotoIssue = "blurred" | "too_dark" | "pale" | "glare" | "too_far" | "corners_missing" | "cut_off";

export type PhotoProgress = { 
/**
 * The contest whose form it shows.
 */
contest: ContestId, 
/**
 * The page it shows.
 */
page: number, 
/**
 * Bytes that the endpoint holds.
 */
sent_bytes: number, 
/**
 * Bytes of the whole photo.
 */
total_bytes: number, };

export type PhotoRequestView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * The contest.
 */
contest: ContestId, 
/**
 * The page.
 */
page: number, 
/**
 * What is wrong with the photo that is there, in the coordinator's words.
 */
reason: string, 
/**
 * When it was asked for, by the endpoint's clock.
 */
requested_at_ms: number, };

export type PhotoView = { 
/**
 * SHA-256 of the derivative, hex: the name under which its bytes are asked for.
 */
hash: string, 
/**
 * When it was taken in.
 */
taken_at_ms: number, 
/**
 * Width of the derivative in pixels.
 */
width_px: number, 
/**
 * Height of the derivative in pixels.
 */
height_px: number, 
/**
 * Bytes of the derivative.
 */
total_bytes: number, 
/**
 * Bytes that the endpoint holds.
 */
sent_bytes: number, 
/**
 * Whether its statement is sealed; before that it can be taken out again.
 */
sealed: boolean, 
/**
 * Whether all of it is at the endpoint.
 */
arrived: boolean, 
/**
 * Why it was refused, where it was.
 */
refusal: RefusalView | null, 
/**
 * What the device saw in it by itself; `None` where it does not know the form's geometry.
 */
seen: SeenView | null, };

export type ProblemCode = "request_malformed" | "request_timeout" | "statement_malformed" | "statement_unsupported" | "signature_invalid" | "device_unknown" | "election_wrong" | "station_unknown" | "contest_unknown" | "figures_unfit" | "body_too_long" | "batch_too_long" | "photo_unknown" | "photo_not_an_image" | "photo_hash_mismatch" | "photo_offset_wrong" | "invitation_unknown" | "invitation_used" | "account_refused" | "invitation_withdrawn" | "invitation_expired" | "proof_invalid" | "import_unreadable" | "login_failed" | "login_needed" | "forbidden" | "not_found" | "too_many_requests" | "busy" | "internal";

export type ReadingView = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * The candidate whose votes they are, where it is a candidate's.
 */
candidate: number | null, 
/**
 * The page.
 */
page: number, 
/**
 * What was typed.
 */
typed: Figure, 
/**
 * What the device read.
 */
read: number, 
/**
 * Whether they differ.
 */
differs: boolean, 
/**
 * Under which the witness's answer to a difference is noted.
 */
key: FindingKey, 
/**
 * When the witness looked again and said that the paper has it as typed.
 */
answered_at_ms: number | null, };

export type ReceiptView = { 
/**
 * The statement's place in the log, from 0.
 */
leaf_index: number, 
/**
 * How many statements the log held then.
 */
tree_size: number, 
/**
 * When this device verified it.
 */
verified_at_ms: number, 
/**
 * The log's name, in hex.
 */
log: string, };

export type RefusalView = { 
/**
 * The reason; the key of its translated text.
 */
code: ProblemCode, 
/**
 * The endpoint's own words.
 */
detail: string, };

export type Relation = "equal" | "at_most";

export type ReportView = { 
/**
 * Statement id, hex.
 */
statement: string, 
/**
 * When it was sealed.
 */
sealed_at_ms: number, 
/**
 * How it stands.
 */
life: LifeView, 
/**
 * What it says.
 */
report: WitnessReport, };

export type ReportsView = { 
/**
 * The incident that is being written down.
 */
draft: IncidentDraftView | null, 
/**
 * Most characters of an account.
 */
text_chars_max: number, 
/**
 * What was sealed, newest first.
 */
sealed: Array<ReportView>, };

export type RowView = { 
/**
 * The paper's code.
 */
code: FieldCode, 
/**
 * The sub-heading above it.
 */
heading: Localized | null, 
/**
 * The paper's words for it; `None` for a candidate.
 */
label: Localized | null, 
/**
 * The candidate's number.
 */
candidate: number | null, 
/**
 * The candidate's names.
 */
names: Array<string>, 
/**
 * Its figures: one, or L, P and J.
 */
cells: Array<CellView>, };

export type RunningSum = { 
/**
 * What is summed, for instance "IV.1 + IV.2 + IV.3".
 */
label: Localized, 
/**
 * How many of its figures are written.
 */
filled: number, 
/**
 * How many figures it has.
 */
fields: number, 
/**
 * The sum of those that are written.
 */
total: number, };

export type SectionView = { 
/**
 * The Roman numeral.
 */
code: FieldCode, 
/**
 * Its heading.
 */
title: Localized, 
/**
 * The page on which it stands.
 */
page: number, 
/**
 * Its rows.
 */
rows: Array<RowView>, 
/**
 * How many of its fields were typed.
 */
filled: number, 
/**
 * How many fields it has.
 */
fields: number, 
/**
 * Whether a fault that is not yet answered points into it.
 */
has_open_fault: boolean, 
/**
 * A sum to watch while typing, where the section has one.
 */
running_sum: RunningSum | null, };

export type SeenView = { 
/**
 * The page whose mark was found on the paper; `None` where none was.
 */
page: number | null, 
/**
 * What is wrong with the photo, most telling first. It may be kept all the same.
 */
issues: Array<PhotoIssue>, };

export type Severity = "fault" | "warning";

export type Side = { 
/**
 * For people, for instance "II.2 + II.3 + II.4" or "V.A di kertas".
 */
label: Localized, 
/**
 * The figures, in the paper's order.
 */
terms: Array<Term>, 
/**
 * Their sum, or the bound that was computed from them.
 */
total: number, };

export type StationId = string;

export type StationView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * Its TPS number.
 */
number: number, 
/**
 * The names of its regions, from the desa up to the provinsi.
 */
regions: Array<string>, 
/**
 * Whether the assignment has ended: what was written stays, and is still sent.
 */
ended: boolean, 
/**
 * Its contests, in the package's order.
 */
tallies: Array<TallyCard>, };

export type SupersededView = { 
/**
 * Its statement id, hex.
 */
statement: string, 
/**
 * How it stands.
 */
life: LifeView, };

export type SyncError = "unreachable" | "interrupted" | "login_page" | "certificate_wrong" | "certificate_time" | "not_the_endpoint" | "busy" | "endpoint_internal" | "proof_wrong" | "keystore_locked" | "key_lost" | "storage";

export type TallyCard = { 
/**
 * The contest.
 */
contest: ContestId, 
/**
 * Its full name.
 */
title: Localized, 
/**
 * Its short name.
 */
short_title: Localized, 
/**
 * How it stands.
 */
life: LifeView, 
/**
 * How many fields were typed.
 */
filled: number, 
/**
 * How many fields the paper has.
 */
fields: number, 
/**
 * How many pages have a photo.
 */
pages_photographed: number, 
/**
 * How many pages the paper has.
 */
pages: number, 
/**
 * Faults, and figures read otherwise in a photo, that are not yet answered.
 */
open_faults: number, };

export type TallyView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * Its TPS number.
 */
number: number, 
/**
 * The names of its regions, from the desa up.
 */
regions: Array<string>, 
/**
 * The contest.
 */
contest: ContestId, 
/**
 * Its full name.
 */
title: Localized, 
/**
 * Its short name.
 */
short_title: Localized, 
/**
 * The form's name.
 */
form: Localized, 
/**
 * Whether this is practice.
 */
drill: boolean, 
/**
 * How it stands.
 */
life: LifeView, 
/**
 * When a figure was last written to disk.
 */
saved_at_ms: number | null, 
/**
 * The paper's sections.
 */
sections: Array<SectionView>, 
/**
 * What the checks found, faults first.
 */
findings: Array<FindingView>, 
/**
 * How many checks looked and found nothing.
 */
checks_passed: number, 
/**
 * Faults not yet answered; sealing waits for them.
 */
open_faults: number, 
/**
 * What the device read in the photos of figures that were typed.
 */
readings: Array<ReadingView>, 
/**
 * Readings that differ from what was typed and are not yet answered; sealing waits for them.
 */
open_readings: number, 
/**
 * The paper's pages with their photos.
 */
pages: Array<PageView>, 
/**
 * How many fields were typed.
 */
filled: number, 
/**
 * How many fields the paper has.
 */
fields: number, 
/**
 * The field that was typed last, to open where the witness was.
 */
last_field: FieldCode | null, 
/**
 * The statement's id (SHA-256, hex), once sealed.
 */
statement: string | null, 
/**
 * When it was sealed.
 */
sealed_at_ms: number | null, 
/**
 * The log's receipt, once this device has verified it.
 */
receipt: ReceiptView | null, 
/**
 * Why this tally supersedes an earlier one, in a correction.
 */
correction_reason: string | null, 
/**
 * What was sealed before this, newest first.
 */
superseded: Array<SupersededView>, };

export type Term = { 
/**
 * Where it stands.
 */
field: FieldCode, 
/**
 * What is written there.
 */
value: number, };

export type VerdictView = { 
/**
 * What.
 */
decision: Decision, 
/**
 * Why, in the coordinator's words; may be empty.
 */
reason: string, 
/**
 * When, by the endpoint's clock.
 */
at_ms: number, };

export type WitnessReport = { "kind": "attendance", 
/**
 * Which of these.
 */
event: AttendanceEvent, } | { "kind": "incident", 
/**
 * Of which sort.
 */
category: IncidentCategory, 
/**
 * What happened.
 */
text: string, 
/**
 * Whether the officers wrote it into their form.
 */
on_the_form: boolean, };

export type WitnessView = { 
/**
 * The election's name.
 */
election: Localized, 
/**
 * The day of voting, `YYYY-MM-DD`.
 */
date: string, 
/**
 * Whether this is practice.
 */
drill: boolean, 
/**
 * The endpoint's address.
 */
endpoint: string, 
/**
 * The device's name for the endpoint, in hex.
 */
device: string, 
/**
 * Where it witnesses.
 */
stations: Array<StationView>, 
/**
 * What waits to be sent.
 */
outbox: OutboxView, 
/**
 * Photos that coordinators asked for and that were not taken again since.
 */
photo_requests: Array<PhotoRequestView>, 
/**
 * What is carried for other witnesses, by station.
 */
carried: Array<CarriedView>, 
/**
 * Set when the endpoint's log was rewritten: the two checkpoints are kept as proof.
 */
log_alarm: LogAlarmView | null, };
