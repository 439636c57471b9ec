// Made from the Rust types by `cargo xtask generate`. Do not edit.

export type AddedPhotos = { tally: TallyView, 
/**
 * The photos that cannot be used. The others were added.
 */
failed: Array<FailedPhoto>, };

export type AppView = { language: Language, version: string, health: HealthView, 
/**
 * All elections on this device.
 */
elections: Array<ElectionCard>, 
/**
 * Set while the endpoint has not confirmed that this device joined.
 */
joining: JoiningView | null, 
/**
 * `None` until an election's package is here.
 */
witness: WitnessView | null, 
/**
 * The drill, if the election on the screen is one.
 */
drill: DrillView | null, };

export type AttendanceEvent = "arrived" | "left" | "not_admitted";

export type BundleView = { statements: number, photos: number, 
/**
 * Length of the file in bytes.
 */
bytes: number, 
/**
 * The path of the file.
 */
path: string, };

export type CarriedView = { station: StationId, kind: StationKind, 
/**
 * The number among the stations of its kind.
 */
number: number, records: number, 
/**
 * Records whose receipt this device has verified.
 */
proved: number, 
/**
 * Records that the endpoint refused for good.
 */
refused: number, photos: number, 
/**
 * Photos that the endpoint has stored completely.
 */
photos_arrived: number, };

export type CellView = { field: FieldCode, 
/**
 * The column, if the row has columns.
 */
column: Column | null, 
/**
 * Number of boxes on paper.
 */
digits: number, figure: Figure | null, 
/**
 * The figure in words; empty if nothing was typed.
 */
words: Localized, 
/**
 * Whether a fault without an answer concerns it.
 */
has_open_fault: boolean, };

export type CheckCode = "F101" | "F102" | "F103" | "F104" | "F105" | "F106" | "F201" | "F202" | "F203" | "F301" | "F302" | "F303" | "F401" | "F402" | "F403" | "W101" | "W102" | "W103" | "W104" | "W105" | "W106" | "W201" | "W202" | "W301" | "W401" | "W402" | "W501" | "W502" | "W503" | "W504" | "W505" | "W506";

export type ClassView = { paused: boolean, 
/**
 * Nothing is sent, as without a network.
 */
network_cut: boolean, hand_raised: boolean, 
/**
 * Whether the witness agreed that the training is noted for them.
 */
is_known: boolean, 
/**
 * The exercise that is open.
 */
exercise_open: number | null, };

export type Column = "L" | "P" | "J";

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

export type CourierReceipt = { 
/**
 * New records.
 */
records: number, 
/**
 * Records that this device had already.
 */
already_here: number, 
/**
 * New photos.
 */
photos: number, };

export type Decision = "verified" | "disputed" | "withdrawn";

export type DrillResultView = { exercise: number, 
/**
 * The number on the paper.
 */
sheet: string, level: Level, attempt: number, station: StationId, contest: ContestId, round: number, 
/**
 * The contest's short name.
 */
title: Localized, minutes: number, seconds: number, fields: number, right: number, 
/**
 * The figures that were right in the attempt before, if there was one.
 */
right_before: number | null, 
/**
 * The figures that are wrong, in the paper's order.
 */
wrong: Array<WrongFigureView>, sections: Array<SectionResultView>, checks: Array<JudgedCheckView>, photos: PhotoGrade, objecting: Objecting, 
/**
 * What to look for next.
 */
look_for: Array<Lesson>, 
/**
 * The next exercise of the scenario, if there is one.
 */
next_exercise: number | null, };

export type DrillView = { 
/**
 * The name of the scenario; empty until the trainer has sent one.
 */
title: string, level: Level | null, exercises: Array<ExerciseView>, 
/**
 * The sheet that was begun last.
 */
sheet: SheetView | null, 
/**
 * Where a trainer leads; `None` for somebody who practises alone.
 */
class: ClassView | null, 
/**
 * What the scenario makes happen now.
 */
happening: Array<HappeningView>, 
/**
 * The steps of the first quarter of an hour; empty on other levels.
 */
steps: Array<FirstStepView>, 
/**
 * What was sealed, newest first.
 */
progress: Array<ProgressView>, };

export type ElectionCard = { 
/**
 * Its number on this device, by which it is chosen. It also decides the colour of its band.
 */
number: number, 
/**
 * Its name; `None` while no package is here.
 */
title: Localized | null, 
/**
 * The day of voting, `YYYY-MM-DD`.
 */
date: string | null, 
/**
 * Whether it is practice.
 */
drill: boolean, 
/**
 * The endpoint's address.
 */
endpoint: string, 
/**
 * Whether the endpoint has confirmed that this device joined.
 */
is_joined: boolean, 
/**
 * Whether the screens show it.
 */
is_current: boolean, 
/**
 * Whether it was left since the start, which can be undone.
 */
is_left: boolean, 
/**
 * Records without a verified receipt, and photos that have not arrived.
 */
unproved: number, 
/**
 * Drafts and photos that are not sealed.
 */
drafts: number, 
/**
 * Whether everything that was sealed is in a file.
 */
is_exported: boolean, };

export type ExerciseView = { 
/**
 * From 1.
 */
number: number, 
/**
 * The contest's short name.
 */
title: Localized, 
/**
 * 1 for the first count, more for a re-vote.
 */
round: number, 
/**
 * The time that it should take.
 */
minutes: number, 
/**
 * Whether a sheet of it was sealed.
 */
done: boolean, };

export type FailedPhoto = { 
/**
 * Its position among the photos of the command, from 0.
 */
index: number, failure: Failure, };

export type Failure = { code: FailureCode, 
/**
 * The error and its sources, in English.
 */
detail: string, };

export type FailureCode = "invitation_unreadable" | "invitation_unknown" | "invitation_used" | "invitation_expired" | "invitation_withdrawn" | "address_insecure" | "other_log" | "endpoint_unreachable" | "not_the_endpoint" | "tls_unavailable" | "endpoint_refused" | "already_joined" | "not_a_hall" | "no_invitation" | "package_unreadable" | "cannot_record_at" | "no_such_election" | "too_many_elections" | "not_proved_yet" | "drafts_open" | "not_joined" | "not_assigned" | "already_sealed" | "not_sealed" | "faults_unanswered" | "nothing_typed" | "figure_too_long" | "photo_not_an_image" | "photo_too_large" | "bytes_missing" | "bundle_unreadable" | "scenario_unreadable" | "scenario_unfit" | "no_drill" | "sheet_undrawable" | "carried_too_much" | "incident_incomplete" | "incident_too_long" | "reason_missing" | "reason_too_long" | "keystore_locked" | "key_lost" | "disk_full" | "storage";

export type FieldCode = string;

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

export type FindingView = { finding: Finding, 
/**
 * When the witness said "memang tertulis begitu di kertas".
 */
acknowledged_at_ms: number | null, };

export type FirstStep = "join" | "type_figures" | "mark_blank" | "answer_finding" | "photograph" | "seal" | "see_arrival";

export type FirstStepView = { step: FirstStep, done: boolean, };

export type HallView = { 
/**
 * The address of its laptop.
 */
address: string, 
/**
 * Records that its laptop keeps, as its receipts prove.
 */
entrusted: number, 
/**
 * Records and photos that its laptop does not have yet.
 */
waiting: number, 
/**
 * Why the last exchange with it failed.
 */
error: SyncError | null, last_contact_at_ms: number | null, };

export type Happening = "phone_dies" | { "no_network": number } | { "wrong_clock": number };

export type HappeningView = { what: Happening, 
/**
 * When it is over; `None` if that depends on the witness.
 */
until_ms: number | null, };

export type HealthView = { 
/**
 * When a damaged database was restored from its copy. What was sealed after that copy is missing.
 */
restored_at_ms: number | null, 
/**
 * Photos whose files are gone. The pages must be photographed again.
 */
lost_photos: Array<LostPhotoView>, };

export type IncidentCategory = "objection" | "figures_changed" | "copy_withheld" | "witness_hindered" | "time_or_place" | "material" | "ballot_tampering" | "voter_rights" | "inducement" | "intimidation" | "neutrality" | "violence" | "disaster" | "other";

export type IncidentDraftView = { category: IncidentCategory | null, 
/**
 * What happened.
 */
text: string, 
/**
 * Whether the officers have written it on their form.
 */
on_the_form: boolean, saved_at_ms: number, };

export type JoinOutcome = "joined" | "already_here" | "waiting" | "at_hall" | "in_class";

export type JoiningView = { 
/**
 * The endpoint's address.
 */
endpoint: string, since_ms: number, 
/**
 * Whether an invitation is here. A guest of a hall has none.
 */
has_invitation: boolean, 
/**
 * Why the last attempt failed.
 */
error: SyncError | null, 
/**
 * Why the endpoint refused the invitation.
 */
refusal: RefusalView | null, 
/**
 * When it is tried again.
 */
next_attempt_at_ms: number, };

export type Judged = "confirmed" | "confirmed_not_mended" | "mended_not_confirmed" | "not_answered";

export type JudgedCheckView = { key: string, title: Localized, judged: Judged, };

export type Language = "id" | "en";

export type Lesson = "paper_is_right" | "look_again" | "keep_the_row" | "digit_by_digit" | "blank_is_not_zero" | "do_not_guess" | "finish" | "all_pages" | "good_photos" | "object";

export type Level = "first_steps" | "handwriting" | "sums" | "evidence" | "hindrances" | "full_night";

export type LifeState = "draft" | "sealed" | "accepted" | "refused" | "receipted" | "verified" | "disputed";

export type LifeView = { state: LifeState, 
/**
 * When the record reached the state; `None` for a draft without figures.
 */
since_ms: number | null, 
/**
 * When the endpoint received it, by the endpoint's clock.
 */
received_at_ms: number | null, 
/**
 * When a hall proved that it keeps the record. It is not proved by that.
 */
entrusted_at_ms: number | null, refusal: RefusalView | null, verdict: VerdictView | null, };

export type Localized = { 
/**
 * Bahasa Indonesia.
 */
id: string, 
/**
 * English.
 */
en: string, };

export type LogAlarmView = { found_at_ms: number, 
/**
 * The checkpoint that this device had seen before, a signed note.
 */
older: string, 
/**
 * The one that does not continue it, a signed note.
 */
newer: string, };

export type LostPhotoView = { station: StationId, contest: ContestId, round: number, 
/**
 * 0 for a photo whose page is not known.
 */
page: number, };

export type MessageView = { id: string, 
/**
 * The region to which it is addressed: its name if this device's package has it, or else its code.
 * `None` for the whole election.
 */
region: string | null, text: string, 
/**
 * The name of the user who sent it.
 */
by: string, 
/**
 * By the endpoint's clock.
 */
at_ms: number, 
/**
 * Whether it does not hold any more.
 */
withdrawn: boolean, 
/**
 * Whether the witness opened it on this device.
 */
opened: boolean, };

export type Objecting = "not_asked" | "recorded" | "other_category" | "missed";

export type OutboxView = { 
/**
 * Tallies that are sealed and not yet accepted.
 */
tallies_waiting: number, 
/**
 * Reports that are sealed and not yet accepted.
 */
reports_waiting: number, 
/**
 * Records that were accepted and whose receipt is not here yet.
 */
proofs_waiting: number, 
/**
 * Photos that the endpoint has not stored completely.
 */
photos_waiting: number, 
/**
 * Requested originals that the endpoint has not stored completely.
 */
originals_waiting: number, 
/**
 * Bytes of originals that are still to be sent.
 */
originals_bytes_waiting: number, 
/**
 * When originals continue, if their budget for the day is used up.
 */
originals_again_at_ms: number | null, 
/**
 * Records that the endpoint refused for good.
 */
refused: number, 
/**
 * Bytes of own records and photos that are still to be sent.
 */
bytes_waiting: number, 
/**
 * The photo of which a part was sent.
 */
photo: PhotoProgress | null, 
/**
 * Whether a request is running.
 */
sending: boolean, 
/**
 * Why the last exchange failed; `None` if it succeeded, or there was none.
 */
error: SyncError | null, 
/**
 * When the next attempt is due; `None` when nothing waits.
 */
next_attempt_at_ms: number | null, 
/**
 * How far this device's clock is ahead of the endpoint's, negative if it is behind; `None` if the
 * difference is small. What was sealed stays valid: nothing is ordered by this clock.
 */
clock_ahead_ms: number | null, 
/**
 * When the endpoint last answered.
 */
last_contact_at_ms: number | null, };

export type PageView = { page: number, title: Localized, 
/**
 * The newest photo.
 */
photo: PhotoView | null, };

export type PhotoGrade = { 
/**
 * Pages that were there to be photographed.
 */
pages: number, 
/**
 * Those of them that were.
 */
photographed: number, 
/**
 * Those that were not.
 */
missing: Array<number>, 
/**
 * Photographed pages of which no photo is good.
 */
poor: Array<PoorPhoto>, };

export type PhotoIssue = "blurred" | "too_dark" | "pale" | "glare" | "too_far" | "corners_missing" | "cut_off" | "no_form" | "bubbles_differ";

export type PhotoProgress = { contest: ContestId, round: number, page: number, 
/**
 * Bytes that the endpoint has stored.
 */
sent_bytes: number, 
/**
 * Length of the whole photo in bytes.
 */
total_bytes: number, };

export type PhotoRequestView = { station: StationId, contest: ContestId, round: number, page: number, 
/**
 * Why the present photo is not enough, in the coordinator's words.
 */
reason: string, 
/**
 * By the endpoint's clock.
 */
requested_at_ms: number, };

export type PhotoView = { 
/**
 * SHA-256 of the derivative, in hex. The screens request the picture by it.
 */
hash: string, taken_at_ms: number, width_px: number, height_px: number, 
/**
 * Length of the derivative in bytes.
 */
total_bytes: number, 
/**
 * Bytes that the endpoint has stored.
 */
sent_bytes: number, 
/**
 * Whether its statement is sealed. Before that, the photo can be removed.
 */
sealed: boolean, 
/**
 * Whether the endpoint has stored all of it.
 */
arrived: boolean, refusal: RefusalView | null, 
/**
 * Whether the app drew it itself, because there was no paper in a drill.
 */
drawn: boolean, 
/**
 * What the device has recognised in it; `None` if the geometry of the form is not known.
 */
seen: SeenView | null, };

export type PoorPhoto = { page: number, 
/**
 * The issues of its newest photo.
 */
issues: Array<string>, };

export type ProblemCode = "request_malformed" | "request_timeout" | "statement_malformed" | "statement_unsupported" | "signature_invalid" | "device_unknown" | "election_wrong" | "station_unknown" | "contest_unknown" | "round_unknown" | "figures_unfit" | "body_too_long" | "batch_too_long" | "photo_unknown" | "photo_not_an_image" | "photo_too_large" | "photo_hash_mismatch" | "photo_offset_wrong" | "invitation_unknown" | "invitation_used" | "invitation_expired" | "invitation_withdrawn" | "proof_invalid" | "import_unreadable" | "login_failed" | "login_needed" | "forbidden" | "account_refused" | "second_factor_needed" | "second_factor_wrong" | "password_change_needed" | "second_factor_setup_needed" | "incident_changed" | "message_refused" | "person_refused" | "person_changed" | "person_duplicate" | "mandate_full" | "import_faulty" | "import_state_wrong" | "review_key_unknown" | "review_key_out_of_place" | "not_found" | "too_many_requests" | "quota_exceeded" | "store_unavailable" | "busy" | "internal";

export type ProgressView = { 
/**
 * The number on the paper.
 */
sheet: string, level: Level, attempt: number, 
/**
 * The contest's short name.
 */
title: Localized, ended_at_ms: number, fields: number, right: number, seconds: number, };

export type Quantity = "voters_dpt" | "voters_moved" | "voters_unlisted" | "voters_all" | "users_dpt" | "users_moved" | "users_unlisted" | "users_all" | "ballots_received" | "ballots_used" | "ballots_spoiled" | "ballots_unused" | "ballots_not_returned" | "ballots_undelivered" | "ballots_not_sent" | "disabled_voters" | "disabled_users" | "candidate_votes" | "party_votes" | "list_votes" | "valid_votes" | "invalid_votes" | "all_votes";

export type ReadingView = { field: FieldCode, 
/**
 * The candidate's number, if the figure is a candidate's votes.
 */
candidate: number | null, page: number, typed: Figure, read: number, differs: boolean, 
/**
 * The key under which the witness's answer is stored.
 */
key: FindingKey, 
/**
 * When the witness confirmed that the paper has the typed figure.
 */
answered_at_ms: number | null, };

export type ReceiptView = { 
/**
 * The statement's index in the log, from 0.
 */
leaf_index: number, 
/**
 * The size of the log in the receipt.
 */
tree_size: number, verified_at_ms: number, 
/**
 * The log's id, in hex.
 */
log: string, };

export type RefusalView = { 
/**
 * The key of the translated text.
 */
code: ProblemCode, 
/**
 * The endpoint's own words, in English.
 */
detail: string, };

export type Relation = "equal" | "at_most";

export type ReportView = { 
/**
 * The statement's id, in hex.
 */
statement: string, sealed_at_ms: number, life: LifeView, report: WitnessReport, };

export type ReportsView = { draft: IncidentDraftView | null, 
/**
 * Maximum length of an incident's description, in characters.
 */
text_chars_max: number, 
/**
 * The sealed reports, newest first.
 */
sealed: Array<ReportView>, };

export type RoundKind = "psu" | "pssu" | "psl" | "pss";

export type RoundView = { 
/**
 * From 2.
 */
number: number, kind: RoundKind, 
/**
 * The day, `YYYY-MM-DD`.
 */
date: string, 
/**
 * Why it takes place.
 */
reason: Localized, };

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
 * The paper's words; `None` for a candidate.
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
 * What it counts.
 */
counts: Quantity | null, 
/**
 * Whether the witness is asked for it.
 */
asked: boolean, 
/**
 * Its figures: one, or L, P and J.
 */
cells: Array<CellView>, };

export type RunningSum = { 
/**
 * Label, for instance "IV.1 + IV.2 + IV.3".
 */
label: Localized, 
/**
 * Number of its figures that are written.
 */
filled: number, 
/**
 * Number of its figures.
 */
fields: number, 
/**
 * The sum of those that are written.
 */
total: number, };

export type SectionResultView = { section: FieldCode, title: Localized, fields: number, right: number, seconds: number, };

export type SectionState = "empty" | "open" | "done" | "disagrees";

export type SectionView = { 
/**
 * The Roman numeral, and the party's number in the section of a list.
 */
code: FieldCode, title: Localized, 
/**
 * Its first page.
 */
page: number, 
/**
 * The party whose list it is.
 */
party: number | null, rows: Array<RowView>, 
/**
 * Number of fields that were typed.
 */
filled: number, 
/**
 * Number of fields that are asked for.
 */
fields: number, 
/**
 * Whether a fault without an answer concerns it.
 */
has_open_fault: boolean, 
/**
 * A sum to compare with the paper while typing, if the section has one. In the section of a list: the
 * party's own votes and those of its candidates.
 */
running_sum: RunningSum | null, 
/**
 * The sum that the paper states for the list, as it was typed.
 */
stated_sum: Figure | null, state: SectionState, 
/**
 * Number of fields that were crossed out together. This can be undone in one step.
 */
crossed_out: number, };

export type SeenView = { 
/**
 * The page whose mark is on the paper; `None` if no mark was found.
 */
page: number | null, 
/**
 * What is wrong with the photo, the most serious issue first. The photo may be kept all the same.
 */
issues: Array<PhotoIssue>, };

export type Severity = "fault" | "warning";

export type SheetPageView = { page: number, title: Localized, 
/**
 * Whether the witness is given it.
 */
is_there: boolean, };

export type SheetView = { exercise: number, 
/**
 * The number on the paper: `2-07`.
 */
number: string, 
/**
 * How often it was tried, from 1.
 */
attempt: number, station: StationId, contest: ContestId, round: number, 
/**
 * The contest's short name.
 */
title: Localized, minutes: number, pages: Array<SheetPageView>, 
/**
 * What happens at the station, to be put on record.
 */
story: Localized | null, 
/**
 * Number of fields that were typed, and of those on the sheet.
 */
filled: number, fields: number, 
/**
 * Number of its pages that were photographed.
 */
photographed: number, sealed: boolean, };

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

export type SlipKind = "row_skipped" | "row_shifted" | "lists_swapped" | "rows_swapped" | "columns_swapped" | "own_sum" | "not_typed" | "no_such_page" | "zero_for_blank" | "blank_for_zero" | "left_blank" | "put_into_blank" | "called_illegible" | "guessed" | "digits_swapped" | "digit_differs" | "digit_dropped" | "digit_added" | "other_row" | "other_number";

export type StationId = string;

export type StationKind = "tps" | "ksk" | "pos" | "tpsln";

export type StationQuestion = { 
/**
 * The field on this paper.
 */
field: FieldCode, 
/**
 * What was typed for it here.
 */
here: number, 
/**
 * What was typed on the other paper.
 */
there: number, other_contest: ContestId, other_short_title: Localized, 
/**
 * The check, with its texts.
 */
finding: Finding, 
/**
 * The key under which the witness's answer is stored.
 */
key: FindingKey, 
/**
 * When the witness confirmed that both papers say so.
 */
answered_at_ms: number | null, };

export type StationView = { station: StationId, kind: StationKind, 
/**
 * The number among the stations of its kind.
 */
number: number, 
/**
 * The names of its regions, from the desa up to the provinsi.
 */
regions: Array<string>, 
/**
 * Whether the assignment has ended. What was written stays, and is still sent.
 */
ended: boolean, 
/**
 * Whether the witness chose it and nobody has assigned it yet. The endpoint stores what comes from
 * there, and a coordinator assigns it.
 */
is_own: boolean, 
/**
 * One card for each contest in the order of counting, and one for each of its rounds, newest first.
 */
tallies: Array<TallyCard>, };

export type SupersededView = { 
/**
 * Its statement id, in hex.
 */
statement: string, life: LifeView, };

export type SyncError = "unreachable" | "interrupted" | "login_page" | "certificate_wrong" | "certificate_time" | "not_the_endpoint" | "busy" | "endpoint_internal" | "proof_wrong" | "keystore_locked" | "key_lost" | "storage";

export type TallyCard = { contest: ContestId, kind: ContestKind, 
/**
 * The later round that it counts; `None` for the first count.
 */
round: RoundView | null, 
/**
 * Whether no later round of the contest takes place at the station.
 */
is_newest_round: boolean, title: Localized, short_title: Localized, life: LifeView, 
/**
 * Number of fields that were typed.
 */
filled: number, 
/**
 * Number of fields on the paper that are asked for.
 */
fields: number, 
/**
 * Number of pages with a photo.
 */
pages_photographed: number, 
/**
 * Number of pages of the paper.
 */
pages: number, 
/**
 * Number of findings that wait for the witness's answer: faults, and figures that the device read
 * differently in a photo.
 */
open_faults: number, };

export type TallyView = { station: StationId, station_kind: StationKind, 
/**
 * The number among the stations of its kind.
 */
number: number, 
/**
 * The names of its regions, from the desa up.
 */
regions: Array<string>, contest: ContestId, kind: ContestKind, 
/**
 * The later round that it counts; `None` for the first count.
 */
round: RoundView | null, title: Localized, short_title: Localized, form: Localized, 
/**
 * Whether this is practice.
 */
drill: boolean, life: LifeView, 
/**
 * When a figure was last written to disk.
 */
saved_at_ms: number | null, sections: Array<SectionView>, 
/**
 * The findings of the checks, faults first.
 */
findings: Array<FindingView>, 
/**
 * Number of checks without a finding.
 */
checks_passed: number, 
/**
 * Number of faults without an answer. Sealing waits for them.
 */
open_faults: number, 
/**
 * Figures that were typed and that the device has also read in a photo.
 */
readings: Array<ReadingView>, 
/**
 * Number of differing readings without an answer. Sealing waits for them.
 */
open_readings: number, 
/**
 * Figures of the station's other papers that differ from the typed ones. They are never filled in.
 */
questions: Array<StationQuestion>, 
/**
 * Number of questions without an answer.
 */
open_questions: number, pages: Array<PageView>, 
/**
 * Photos whose page was not recognised. The witness says which page they show.
 */
unassigned_photos: Array<PhotoView>, 
/**
 * Number of fields that were typed.
 */
filled: number, 
/**
 * Number of fields on the paper that are asked for.
 */
fields: number, 
/**
 * The field that was typed last: where the witness continues.
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
 * The log's receipt, if this device has verified it.
 */
receipt: ReceiptView | null, 
/**
 * Why this tally supersedes an earlier one, in a correction.
 */
correction_reason: string | null, 
/**
 * Earlier sealed tallies, newest first.
 */
superseded: Array<SupersededView>, };

export type Term = { 
/**
 * The field.
 */
field: FieldCode, 
/**
 * The number in it.
 */
value: number, };

export type VerdictView = { decision: Decision, 
/**
 * The coordinator's words. May be empty.
 */
reason: string, 
/**
 * By the endpoint's clock.
 */
at_ms: number, };

export type WitnessReport = { "kind": "attendance", event: AttendanceEvent, } | { "kind": "incident", category: IncidentCategory, 
/**
 * What happened.
 */
text: string, 
/**
 * Whether the officers have written it on their form.
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
 * The device's id, in hex.
 */
device: string, stations: Array<StationView>, outbox: OutboxView, 
/**
 * The hall in which this device was last.
 */
hall: HallView | null, 
/**
 * Messages of coordinators, newest first.
 */
messages: Array<MessageView>, 
/**
 * Requests of coordinators for photos, which no later photo of the page answers.
 */
photo_requests: Array<PhotoRequestView>, 
/**
 * Records of other witnesses that this device carries, by station.
 */
carried: Array<CarriedView>, 
/**
 * Set if the endpoint's log was rewritten.
 */
log_alarm: LogAlarmView | null, };

export type WrongFigureView = { field: FieldCode, 
/**
 * The paper's words for its row, or the candidate.
 */
label: Localized, column: Column | null, 
/**
 * What the paper says; `None` on a page that was not there.
 */
paper: Figure | null, 
/**
 * What the paper says in words.
 */
words: Localized, typed: Figure | null, slip: SlipKind, };
