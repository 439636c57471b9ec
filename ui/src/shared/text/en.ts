// Texts of both programs in English. A missing or a surplus key is a type error.
import { en as practice } from "../generated/practice";
import type { SharedKey } from "./id";
import type { Dictionary } from "./translator";

export const en: Dictionary<SharedKey> = {
  ...practice,

  "time.implausible": "clock wrong",
  "time.by_device": "{time} phone's clock",

  "broken.title": "This part cannot be shown",
  "broken.note": "Its data is still stored; the rest of this screen is not affected.",
  "broken.retry": "Try to show it again",
  "broken.particulars": "Particulars for a technician",

  "problem.request_malformed": "The endpoint cannot read this request.",
  "problem.request_timeout": "What was sent took too long to arrive.",
  "problem.statement_malformed": "The endpoint cannot read this record.",
  "problem.statement_unsupported": "The endpoint does not know this kind of record yet.",
  "problem.signature_invalid": "The signature does not fit the content.",
  "problem.device_unknown": "This phone is not enrolled at the endpoint.",
  "problem.election_wrong": "This belongs to another election, or a drill was sent to the real count.",
  "problem.station_unknown": "This polling station is not on the endpoint's list.",
  "problem.contest_unknown": "This contest is not on the endpoint's list.",
  "problem.round_unknown": "The endpoint does not know this round of the count.",
  "problem.figures_unfit": "The figures do not fit the endpoint's form.",
  "problem.body_too_long": "What was sent is larger than the endpoint accepts.",
  "problem.batch_too_long": "Too many at once.",
  "problem.photo_unknown": "The endpoint has no record for this photo yet.",
  "problem.photo_not_an_image": "This file cannot be opened as a photo.",
  "problem.photo_too_large": "This photo is too large for the endpoint.",
  "problem.photo_hash_mismatch": "The photo's content does not match its fingerprint.",
  "problem.photo_offset_wrong": "The piece of the photo does not continue it.",
  "problem.invitation_unknown": "This invitation is not known.",
  "problem.invitation_used": "Another phone has used this invitation.",
  "problem.invitation_expired": "This invitation has expired.",
  "problem.invitation_withdrawn": "This invitation was withdrawn.",
  "problem.proof_invalid": "This phone could not prove its key.",
  "problem.import_unreadable":
    "This file is not a whole bundle, or the picture shows no QR code that can be read.",
  "problem.login_failed": "User name and password do not match.",
  "problem.login_needed": "The endpoint asks for a login.",
  "problem.account_refused":
    "The account cannot be changed so: check the name, the region, and that another admin is left.",
  "problem.second_factor_needed": "This account also needs a code of its authenticator.",
  "problem.second_factor_wrong": "The code is wrong or was used already.",
  "problem.password_change_needed": "Choose a password of your own first.",
  "problem.second_factor_setup_needed": "Set up a second factor first.",
  "problem.person_refused": "This cannot be stored so.",
  "problem.person_changed": "Somebody else changed this person meanwhile.",
  "problem.person_duplicate": "This person is stored already.",
  "problem.mandate_full": "The participant already has two witnesses at this polling station.",
  "problem.import_faulty": "The spreadsheet has faults. Nothing was stored.",
  "problem.review_key_unknown":
    "The signing key of this browser is not known, or was revoked. Make a new key and decide again.",
  "problem.review_key_out_of_place": "Another window signed first. Try once more.",
  "problem.import_state_wrong": "The import is already at another step.",
  "problem.incident_changed": "Somebody else worked on this incident meanwhile.",
  "problem.message_refused": "The message cannot be sent so: check its text and its region.",
  "problem.not_found": "The endpoint does not know this address.",
  "problem.too_many_requests": "Too many requests in a short time.",
  "problem.quota_exceeded": "This phone has sent as much as its assignment allows.",
  "problem.store_unavailable": "The endpoint cannot store anything right now.",
  "problem.busy": "The endpoint has too much to do.",
  "problem.internal": "The endpoint has a fault of its own.",
};
