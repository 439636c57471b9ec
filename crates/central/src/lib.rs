//! The endpoint: it ingests statements and photos, counts them, and shows them to coordinators.
//!
//! Invariants:
//! - Handlers are thin: they read a request, a pure rule decides ([`ingest::admission`],
//!   [`counting::which`]), and the [`store`] stores.
//! - SQL is in [`store`] only. Its methods speak of devices, statements and invitations, not of rows.
//! - A statement is stored as the bytes that were signed, once, and never changes.
//! - Time and randomness come from an [`environment::Environment`], so that a simulator can control both.
//! - Every change that the console shows adds an audit row in the same transaction.
//!
//! Layers, from the top. A module uses modules of lower layers only, and modules beside it:
//!
//! 1. `http` (and the program in `main.rs`), `workers`
//! 2. the rooms: [`ingest`], `log`, [`counting`], `review`, `people`, `console`, `operate`, [`hall`],
//!    [`drills`]
//! 3. `endpoint`: the handle that all rooms share
//! 4. the handle's parts: [`election`], `photo_storage`, `log_key`, `group_commit`, `throttling`, `metrics`,
//!    `refusal`, `readiness`, `recent_log`, `free_space`, `served_drill`, [`view`]
//! 5. [`store`]
//! 6. [`model`], `blocking`, `bounded_map`, `error_chain`, `private_files`

pub mod counting;
mod crops_cache;
mod devices_seen;
mod dossier;
pub mod drills;
pub mod election;
pub mod hall;
pub mod ingest;
pub mod model;
pub mod store;
pub mod view;

mod blocking;
mod bounded_map;
mod console;
mod endpoint;
mod error_chain;
mod exports;
mod free_space;
mod group_commit;
mod http;
mod import_progress;
mod log;
mod log_key;
mod metrics;
mod official;
mod open_api;
mod operate;
mod patterns;
mod people;
mod photo_storage;
mod private_files;
pub mod projection;
mod readiness;
mod recent_log;
mod refusal;
mod review;
mod served_drill;
mod throttling;
mod workers;

pub use blocking::LaneName;
pub use counting::rebuild;
pub use election::package;
pub use endpoint::{Endpoint, INVITATION_DAYS, OpenError, Settings};
pub use error_chain::error_chain;
pub use free_space::FreeSpaceMarks;
pub use http::{
    Audience, CertificateError, ConnectionLimits, Cost, Pace, Policy, Reach, ReloadedCertificate, RouteInfo,
    Serving, router, routes, serve, serve_with,
};
pub use ingest::import;
pub use log::audit::StateAuditError;
pub use log_key::LogKeyError;
pub use model::passwords::PasswordHashError;
pub use operate::backup::{BackupError, back_up, restore};
pub use operate::migrate::{CopyBefore, Migrated, migrate};
pub use people::editor::{Editor, PeopleError};
pub use people::invitations::InviteError;
pub use people::person_export::ExportPeopleError;
pub use people::persons::PeopleQuery;
pub use people::users::UserError;
pub use photo_storage::PhotoError;
pub use private_files::{make_data_private, make_private_folder};
pub use throttling::rates::{RateClass, Rates};
