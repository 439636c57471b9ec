// Made from the Rust types by `cargo xtask generate`. Do not edit.

export type Arrivals = { 
/**
 * When the step begins.
 */
from_ms: number, 
/**
 * Tallies.
 */
tallies: number, 
/**
 * Photos, whole.
 */
photos: number, };

export type AttendanceEvent = "arrived" | "left" | "not_admitted";

export type CandidateVotes = { 
/**
 * The number on the ballot.
 */
number: number, 
/**
 * One name, or two.
 */
names: Array<string>, 
/**
 * The votes.
 */
votes: Votes, };

export type CheckCode = "F101" | "F102" | "F103" | "F104" | "F105" | "F106" | "F201" | "F202" | "F301" | "F302" | "F303" | "F401" | "F402" | "W101" | "W102" | "W103" | "W104" | "W105" | "W201" | "W202" | "W301" | "W401" | "W402";

export type Column = "L" | "P" | "J";

export type CompareRequest = { 
/**
 * A checkpoint, or a fingerprint as it was read out.
 */
kept: string, };

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

export type ContestView = { 
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
 * Of those that count, how many carry a fault.
 */
flagged: number, 
/**
 * How many have all pages photographed and arrived.
 */
photographed: number, };

export type CropView = { 
/**
 * The field.
 */
field: string, 
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
 * The page whose mark was found on the paper; without one there are no pieces.
 */
page: number | null, 
/**
 * One piece for each field of the page.
 */
crops: Array<CropView>, };

export type Decision = "verified" | "disputed" | "withdrawn";

export type DeviceList = { 
/**
 * The phones.
 */
devices: Array<DeviceView>, 
/**
 * Whether there are more.
 */
more: boolean, };

export type DeviceView = { 
/**
 * Its name, hex.
 */
device: string, 
/**
 * Where it witnesses.
 */
stations: Array<StationId>, 
/**
 * Since when.
 */
enrolled_at_ms: number, 
/**
 * Since when it is revoked.
 */
revoked_at_ms: number | null, 
/**
 * Why, where somebody said so.
 */
revoked_because: string | null, 
/**
 * Statements that arrived.
 */
statements: number, 
/**
 * Those of them that came after it was revoked.
 */
quarantined: number, 
/**
 * When the last one arrived.
 */
last_at_ms: number | null, 
/**
 * How many statements are missing below its highest sequence number.
 */
missing_count: number, 
/**
 * Their sequence numbers, the lowest first, at most 20.
 */
missing: Array<number>, 
/**
 * Sequence numbers under which it signed more than one statement, the lowest first, at most 20.
 */
forks: Array<number>, };

export type FieldCode = string;

export type FieldRow = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * The row's code.
 */
row: FieldCode, 
/**
 * The paper's words, or the candidate's names.
 */
label: Localized, 
/**
 * The column.
 */
column: Column | null, 
/**
 * The candidate's number.
 */
candidate: number | null, 
/**
 * What each tally says, in the order of [`StationView::tallies`]; `None` where nothing was typed.
 */
figures: Array<Figure | null>, 
/**
 * Whether the witnesses' latest tallies differ here.
 */
differs: boolean, 
/**
 * What the witness's device read for certain in the photo of the page, in the order of `figures`.
 */
read: Array<ReadView | null>, };

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

export type GapView = { 
/**
 * The witness's letter.
 */
witness: string, 
/**
 * The missing sequence numbers, the lowest first.
 */
missing: Array<number>, };

export type Imported = { 
/**
 * Statements that are here now, those included that were here before.
 */
accepted: number, 
/**
 * Those of them that were here before.
 */
already_here: number, 
/**
 * Statements that were refused, with the reason of each.
 */
refused: Array<string>, 
/**
 * Photos that are whole now.
 */
photos: number, 
/**
 * Photos that were not taken, with the reason of each.
 */
photos_refused: Array<string>, };

export type IncidentCategory = "objection" | "figures_changed" | "copy_withheld" | "witness_hindered" | "time_or_place" | "material" | "ballot_tampering" | "voter_rights" | "inducement" | "intimidation" | "neutrality" | "violence" | "disaster" | "other";

export type InvitationList = { invitations: Array<InvitationView>, next: number | null, };

export type InvitationUse = "unused" | "used" | "expired" | "withdrawn";

export type InvitationView = { invitation: number, hint: string, state: InvitationUse, station: StationId, number: number, desa: string, contests: Array<ContestId>, made_by: string, created_at_ms: number, expires_at_ms: number, withdrawn_at_ms: number | null, used_at_ms: number | null, device: string | null, revoked_at_ms: number | null, };

export type NewInvitation = { code: string, link: string, invitation: number, station: StationId, number: number, desa: string, expires_at_ms: number, };

export type AccountView = { user: string, role: Role, region: RegionCode | null, created_at_ms: number, last_login_at_ms: number | null, sessions: number, };

export type NewAccountRequest = { user: string, role: Role, region: RegionCode | null, };

export type NewPassword = { user: string, password: string, };

export type RoleRequest = { role: Role, region: RegionCode | null, };

export type AuditView = { rows: Array<AuditRow>, next: number | null, head: string | null, };

export type AuditRow = { number: number, at_ms: number, actor: string, action: string, subject: string, };

export type InviteRequest = { 
/**
 * The stations.
 */
stations: Array<StationId>, 
/**
 * The contests; all when empty.
 */
contests: Array<ContestId>, };

export type Localized = { 
/**
 * Bahasa Indonesia.
 */
id: string, 
/**
 * English.
 */
en: string, };

export type LogComparison = { 
/**
 * What came of it.
 */
verdict: LogVerdict, 
/**
 * How many statements the kept one speaks of; `None` where it cannot be read.
 */
size: number | null, 
/**
 * When the kept one was signed; a fingerprint does not tell.
 */
at_ms: number | null, 
/**
 * The newest checkpoint, against which it was held.
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
 * Since when it signs.
 */
since_ms: number, };

export type LogVerdict = "continues" | "contradicts" | "never_heard" | "ahead" | "other_log" | "unsigned" | "unreadable";

export type LogView = { 
/**
 * The newest checkpoint, a signed note.
 */
checkpoint: string, 
/**
 * How many statements it speaks of.
 */
size: number, 
/**
 * When it was signed.
 */
at_ms: number, 
/**
 * Its fingerprint for the voice.
 */
spoken: string, 
/**
 * When the log began; `None` while it is empty.
 */
began_at_ms: number | null, 
/**
 * Statements that were taken in and have no place yet.
 */
waiting: number, 
/**
 * The keys under which it has signed, oldest first; the last one signs.
 */
keys: Array<LogKeyView>, };

export type LoginRequest = { 
/**
 * The user's name.
 */
user: string, 
/**
 * The password.
 */
password: string, };

export type OriginalRequest = { 
/**
 * The derivative of the photo whose original is asked for, SHA-256, hex.
 */
photo: string, };

export type OriginalView = { 
/**
 * SHA-256, hex; `GET /api/photos/{hash}` gives it once it arrived.
 */
hash: string, 
/**
 * Bytes of the whole.
 */
total_bytes: number, 
/**
 * Bytes that have arrived.
 */
received_bytes: number, 
/**
 * Whether it was asked for.
 */
wanted: boolean, 
/**
 * Whether all of it is here and its hash holds.
 */
arrived: boolean, };

export type PageName = { 
/**
 * Its number.
 */
page: number, 
/**
 * What it holds.
 */
title: Localized, };

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
administer: boolean, };

export type PhotoRequestRequest = { 
/**
 * The tally that the page belongs to, hex.
 */
tally: string, 
/**
 * The page.
 */
page: number, 
/**
 * What is wrong with the photo that is there; the witness reads it.
 */
reason: string, };

export type PhotoRequestView = { 
/**
 * The letter of the witness who was asked.
 */
witness: string, 
/**
 * The page.
 */
page: number, 
/**
 * What is wrong with the photo that is there.
 */
reason: string, 
/**
 * When it was asked for.
 */
at_ms: number, 
/**
 * Whether another photo of the page was sealed by that witness and has come since.
 */
answered: boolean, };

export type PhotoView = { 
/**
 * SHA-256 of the derivative, hex; `GET /api/photos/{hash}` gives the picture once it arrived.
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
 * Bytes of the whole.
 */
total_bytes: number, 
/**
 * Bytes that have arrived.
 */
received_bytes: number, 
/**
 * Whether all of it is here and its hash holds.
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
 * What the device found wrong with the photo, which the witness kept all the same; keys of translated texts.
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
 * Its statement's place in the log, from 0; `None` until it has one.
 */
log_index: number | null, };

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
status: number, 
/**
 * The code itself.
 */
code: ProblemCode, 
/**
 * What exactly was wrong here, in English, without people's data.
 */
detail: string, };

export type ProblemCode = "request_malformed" | "request_timeout" | "statement_malformed" | "statement_unsupported" | "signature_invalid" | "device_unknown" | "election_wrong" | "station_unknown" | "contest_unknown" | "figures_unfit" | "body_too_long" | "batch_too_long" | "photo_unknown" | "photo_not_an_image" | "photo_too_large" | "photo_hash_mismatch" | "photo_offset_wrong" | "invitation_unknown" | "invitation_used" | "account_refused" | "invitation_expired" | "invitation_withdrawn" | "proof_invalid" | "import_unreadable" | "login_failed" | "login_needed" | "forbidden" | "not_found" | "too_many_requests" | "quota_exceeded" | "store_unavailable" | "busy" | "internal";

export type ReadView = { 
/**
 * The figure.
 */
figure: number, 
/**
 * How sure the reading is, 0 to 1,000.
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

export type RegionCode = string;

export type RegionLevel = "provinsi" | "kabupaten_kota" | "kecamatan" | "desa";

export type RegionName = { 
/**
 * Its code.
 */
code: RegionCode, 
/**
 * Its name.
 */
name: string, };

export type RegionRow = { 
/**
 * The region.
 */
region: RegionName, 
level: RegionLevel, 
/**
 * How its stations stand.
 */
coverage: Coverage, 
/**
 * When something last arrived.
 */
last_at_ms: number | null, };

export type RegionView = { 
/**
 * The regions from the top down to this one; empty for the whole election.
 */
path: Array<RegionName>, 
/**
 * The contest that the figures are of.
 */
contest: ContestId, 
/**
 * How its stations stand.
 */
coverage: Coverage, 
/**
 * Votes of each candidate.
 */
candidates: Array<CandidateVotes>, 
/**
 * Invalid votes.
 */
invalid: Votes, 
/**
 * The regions directly below; empty for a desa.
 */
children: Array<RegionRow>, 
/**
 * Arrivals over time, oldest first, in equal steps; empty when nothing arrived.
 */
arrivals: Array<Arrivals>, 
/**
 * How long a step of `arrivals` is, in milliseconds.
 */
arrivals_step_ms: number, 
/**
 * When this was computed.
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
 * Whether the device is assigned to this station, for whatever contest.
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
 * Its place in the log, from 0; `None` until it has one.
 */
log_index: number | null, 
/**
 * What it says.
 */
report: WitnessReport, };

export type RevokeRequest = { 
/**
 * Why, at most 200 characters; nothing is said when it is empty.
 */
because: string, };

export type Role = "admin" | "coordinator" | "trainer" | "auditor";

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
 * Its fields in the paper's order.
 */
fields: Array<FieldRow>, };

export type SessionView = { 
/**
 * The user's name.
 */
user: string, 
/**
 * The role.
 */
role: Role, 
/**
 * What the user may do.
 */
may: Permissions, 
/**
 * The region of the user; `None` for the whole election.
 */
region: RegionCode | null, 
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
 * The contests, in the package's order.
 */
contests: Array<ContestView>, };

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

export type Standing = "verified" | "corroborated" | "provisional" | "conflicting" | "missing";

export type StationCursor = string;

export type StationId = string;

export type StationList = { 
/**
 * The stations.
 */
stations: Array<StationRow>, 
/**
 * How many match in all.
 */
total: number, 
/**
 * What to give as `after` for the next ones; `None` at the end.
 */
next: StationCursor | null, };

export type StationRow = { 
/**
 * The station.
 */
station: StationId, 
/**
 * The number of the TPS in its desa.
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
 * How its tally of the contest stands.
 */
standing: Standing, 
/**
 * The deciding figures for which the witnesses state different numbers.
 */
conflicts: Array<FieldCode>, 
/**
 * Devices that witness there.
 */
witnesses: number, 
/**
 * Tallies received.
 */
tallies: number, 
/**
 * Faults in the tally that counts, or in the latest.
 */
faults: number, 
/**
 * Pages of which a photo has wholly arrived.
 */
pages_photographed: number, 
/**
 * Number of statements about the station that the page leaves out: of devices that sent very many, and are mostly not
 * assigned here.
 */
more_count: number, 
/**
 * Pages of the form.
 */
pages: number, 
/**
 * When something last arrived.
 */
last_at_ms: number | null, };

export type StationView = { 
/**
 * The station.
 */
station: StationId, 
/**
 * The number of the TPS in its desa.
 */
number: number, 
/**
 * Its regions from the provinsi down to the desa.
 */
path: Array<RegionName>, 
/**
 * The contest.
 */
contest: ContestId, 
/**
 * How its tally stands.
 */
standing: Standing, 
/**
 * The deciding figures for which the witnesses state different numbers: what a coordinator has to settle.
 */
conflicts: Array<FieldCode>, 
/**
 * The form's name.
 */
form: Localized, 
/**
 * The rows of the paper with the figures of each tally.
 */
sections: Array<SectionView>, 
/**
 * The tallies received, oldest first; `sections` has their figures in the same order.
 */
tallies: Array<TallyView>, 
/**
 * Witnesses of whose chains something has not arrived.
 */
gaps: Array<GapView>, 
/**
 * What witnesses put on record beside the tallies, whatever the contest, oldest first.
 */
reports: Array<ReportView>, 
/**
 * The photos, by page, then oldest first.
 */
photos: Array<PhotoView>, 
/**
 * Other photos that were asked for, oldest first.
 */
photo_requests: Array<PhotoRequestView>, 
/**
 * Pages of the form.
 */
pages: Array<PageName>, 
/**
 * The stations before and after it in the desa.
 */
previous: StationId | null, 
/**
 * See `previous`.
 */
next: StationId | null, };

export type TallyView = { 
/**
 * Statement id, hex.
 */
statement: string, 
/**
 * The device, hex.
 */
device: string, 
/**
 * A letter for the witness at this station: A, B, …
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
 * Whether the device was assigned to this station and contest.
 */
assigned: boolean, 
/**
 * Whether a later tally of the same device supersedes it.
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
 * Its place in the log, from 0; `None` until it has one.
 */
log_index: number | null, 
/**
 * Why it supersedes an earlier one.
 */
correction_reason: string | null, 
/**
 * What coordinators decided on it, the oldest first; the last one stands.
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

export type Term = { 
/**
 * Where it stands.
 */
field: FieldCode, 
/**
 * What is written there.
 */
value: number, };

export type VerdictRequest = { 
/**
 * The tally that is decided on, hex.
 */
tally: string, 
/**
 * What is decided.
 */
decision: Decision, 
/**
 * Why; the witness reads it. A dispute has one.
 */
reason: string, };

export type VerdictView = { 
/**
 * What.
 */
decision: Decision, 
/**
 * Why.
 */
reason: string, 
/**
 * Who decided, as in the audit.
 */
reviewer: string, 
reviewer_invited: boolean, 
/**
 * When, by the endpoint's clock.
 */
at_ms: number, };

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
tally: string | null, } | { "kind": "drill", 
/**
 * The drill.
 */
drill: string, 
/**
 * The practice sheet.
 */
sheet: string, 
/**
 * Fields of the sheet.
 */
fields: number, 
/**
 * Fields that were typed wrongly.
 */
wrong: number, 
/**
 * Faults that the sheet was drawn with.
 */
faults: number, 
/**
 * Those that the witness noticed.
 */
faults_noticed: number, 
/**
 * How long it took, in seconds.
 */
duration_s: number, };
