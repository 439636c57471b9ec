// Made from the Rust types by `cargo xtask generate`. Do not edit.

export type AccountView = { user: string, role: Role, 
/**
 * `None` for the whole election.
 */
region: RegionCode | null, created_at_ms: number, last_login_at_ms: number | null, 
/**
 * Number of open sessions.
 */
sessions: number, };

export type Arrivals = { 
/**
 * Begin of the step.
 */
from_ms: number, tallies: number, 
/**
 * Complete photos.
 */
photos: number, };

export type AttendanceEvent = "arrived" | "left" | "not_admitted";

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
head: string | null, };

export type CheckCode = "F101" | "F102" | "F103" | "F104" | "F105" | "F106" | "F201" | "F202" | "F203" | "F301" | "F302" | "F303" | "F401" | "F402" | "F403" | "W101" | "W102" | "W103" | "W104" | "W105" | "W106" | "W201" | "W202" | "W301" | "W401" | "W402" | "W501" | "W502" | "W503" | "W504" | "W505" | "W506";

export type Choice = string;

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

export type InviteRequest = { stations: Array<StationId>, 
/**
 * All contests of the station when empty.
 */
contests: Array<ContestId>, };

export type KindView = { kind: ContestKind, 
/**
 * Their number.
 */
count: number, 
/**
 * The contests, in the package's order. Empty if there are more than 50: a smaller region has fewer.
 */
contests: Array<ContestView>, };

export type LaterRounds = { 
/**
 * Stations for which the package announces a later round.
 */
announced: number, 
/**
 * Those of which a later round counts.
 */
counted: number, };

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

export type LoginRequest = { user: string, password: string, };

export type NewAccountRequest = { user: string, role: Role, region: RegionCode | null, };

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

export type NewPassword = { user: string, password: string, };

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
administer: boolean, };

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

export type ProblemCode = "request_malformed" | "request_timeout" | "statement_malformed" | "statement_unsupported" | "signature_invalid" | "device_unknown" | "election_wrong" | "station_unknown" | "contest_unknown" | "round_unknown" | "figures_unfit" | "body_too_long" | "batch_too_long" | "photo_unknown" | "photo_not_an_image" | "photo_too_large" | "photo_hash_mismatch" | "photo_offset_wrong" | "invitation_unknown" | "invitation_used" | "invitation_expired" | "invitation_withdrawn" | "proof_invalid" | "import_unreadable" | "login_failed" | "login_needed" | "forbidden" | "account_refused" | "not_found" | "too_many_requests" | "quota_exceeded" | "store_unavailable" | "busy" | "internal";

export type Quantity = "voters_dpt" | "voters_moved" | "voters_unlisted" | "voters_all" | "users_dpt" | "users_moved" | "users_unlisted" | "users_all" | "ballots_received" | "ballots_used" | "ballots_spoiled" | "ballots_unused" | "ballots_not_returned" | "ballots_undelivered" | "ballots_not_sent" | "disabled_voters" | "disabled_users" | "candidate_votes" | "party_votes" | "list_votes" | "valid_votes" | "invalid_votes" | "all_votes";

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

export type RegionCode = string;

export type RegionLevel = "provinsi" | "kabupaten_kota" | "kecamatan" | "desa";

export type RegionName = { code: RegionCode, name: string, };

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
kinds: Array<KindView>, };

export type Severity = "fault" | "warning";

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
 * Why it supersedes an earlier one.
 */
correction_reason: string | null, 
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

export type Term = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * The number in it.
 */
value: number, };

export type VerdictRequest = { 
/**
 * The tally, hex.
 */
tally: string, decision: Decision, 
/**
 * The reason. The witness reads it. A dispute has one.
 */
reason: string, };

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
at_ms: number, };

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
