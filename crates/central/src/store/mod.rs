//! The store: all data of the endpoint except the bytes of photos, in an SQLite file or on a PostgreSQL
//! server.
//!
//! Methods speak of the domain, and each is one transaction. They are written once, in the SQL that both
//! databases understand; see [`database`]. No other module of the crate contains SQL.

mod api_tokens;
mod attendance;
mod audit;
mod audit_log;
mod chains;
mod contacts;
mod counts;
mod database;
mod device_seen;
mod device_usage;
mod drills;
mod election;
mod error;
mod hall;
mod inbox;
mod incidents;
mod invitations;
mod log;
mod log_keys;
mod log_tiles;
mod messages;
mod official;
mod patterns;
mod people;
mod people_assignments;
mod people_changes;
mod people_import;
mod people_list;
mod people_privacy;
mod people_staffing;
mod photos;
mod range;
mod rebuild;
mod reports;
mod review_keys;
mod review_queue;
mod roster;
mod samples;
mod schema;
mod second_factors;
mod seed;
mod sessions;
mod statements;
mod station_record;
mod training;
mod users;
mod verdicts;

use std::path::{Path, PathBuf};

use database::{Database, Transaction, Writers};
use error::{During, TxError};

pub(crate) use api_tokens::{NewApiToken, StoredApiToken};
pub use attendance::{AttendanceFilter, PresenceCount, StoredAttendance};
pub use audit::{Actor, AuditCheck, AuditContext, AuditEntry, AuditFilter, AuditHash, AuditWords};
pub use audit_log::{AuditPlace, AuditState, StatedAudit};
pub use chains::{DeviceChain, DeviceFilter, DevicePlace};
pub use contacts::{DevicePost, StoredContact};
pub use counts::{
    CountInputs, CountRule, Counted, CountedStation, MinuteArrivals, RegionCounts, Settled, StationPage,
};
pub use database::DatabaseError;
pub use drills::{DrillLed, DrillPhone, DrillPlace, DrillReport, LoggedBytes, StoredDrill};
pub use election::{ArrivedStatements, NewPackage};
pub use error::StoreError;
pub use hall::{HallCounts, HallMark, KeptEnrolment, KnownDevice, KnownInvitation};
pub use inbox::{InboxEntry, PhotoRequest};
pub use incidents::{IncidentFilter, NewStep, StateCount, StoredIncident, StoredStep};
pub use invitations::{Invitation, InvitationFilter, InvitationState, ShownInvitation, Withdrawal};
pub use log::{LogSnapshot, LoggedStatement};
pub use log_keys::KnownLogKey;
pub use messages::{NewMessage, Reader, ReaderFilter, SendingRate, StoredMessage};
pub use official::{
    ChangedFigure, NewOfficialImport, OfficialChange, OfficialImport, OfficialResults, OfficialStart,
};
pub(crate) use patterns::PatternSource;
pub use people::{PersonWrite, PersonWriteRules, StoredPerson};
pub use people_assignments::{
    AssignmentChange, AssignmentWrite, NewAssignment, StoredAssignment, StoredInvitation,
};
pub use people_changes::{ChangeCount, StoredChange};
pub use people_import::{ImportRow, ImportedPeople, MergeRule, OnKnown, StoreImportError, StoredImport};
pub use people_list::{PeopleCursor, PeopleFilter};
pub use people_privacy::StoredPeopleSettings;
pub use people_staffing::{RegionStaffing, StationStaffing, StoredTarget, Target};
pub use photos::{AnnouncedPhoto, Announcement, ArrivedPhoto, PhotoOutcome};
pub use range::StationRange;
pub use rebuild::{ReadAgain, Rebuilt, RecountPart, RecountScope, UnplacedStatement, UnreadStatement};
pub use review_keys::{EnrolReviewKey, NewReviewKey, StoredReviewKey};
pub use review_queue::{DoubtfulStation, LeaseRequest, QueueRange};
pub use roster::{DeviceAssignments, EnrolOutcome, EnrolledDevice};
pub(crate) use samples::NewStoredSample;
pub use schema::SchemaState;
pub(crate) use second_factors::Removal;
pub(crate) use sessions::{ListedSession, NewSession, SessionOrigin, SessionUser};
pub use statements::{CountedTally, Ingested, StoredStatement};
pub use station_record::StationRecord;
pub use training::{
    DrillResultWrite, NewDrillResult, RegionTraining, StoredDrillResult, Training, UnreadyStation,
};
pub use users::{Account, NewStoredPassword, User};
pub use verdicts::{NewVerdict, Original, SignedVerdict, SigningOutcome, StoredVerdict, WitnessNotice};

/// Where the store's database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// An SQLite file, which is created if it does not exist.
    File(PathBuf),
    /// A PostgreSQL server, as a `postgres://` URL.
    Server(String),
}

/// All data of the endpoint except the bytes of photos.
#[derive(Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the store, which has the schema of this program or is empty. Another schema is an error.
    pub fn open(location: &StoreLocation) -> Result<Self, StoreError> {
        let store = Self::open_any_schema(location)?;
        schema::make_or_check(&store.database)?;
        Ok(store)
    }

    /// Opens the store as it is, to save or to migrate it.
    pub fn open_any_schema(location: &StoreLocation) -> Result<Self, StoreError> {
        const ACTION: &str = "open the database";
        let database = match location {
            StoreLocation::File(path) => Database::File(database::File::open(path).during(ACTION)?),
            StoreLocation::Server(url) => Database::Server(database::Server::new(url).during(ACTION)?),
        };
        Ok(Self { database })
    }

    /// How far the store is migrated.
    pub fn schema(&self) -> Result<SchemaState, StoreError> {
        schema::state(&self.database)
    }

    /// Migrates the store to the schema of this program.
    pub fn migrate(&self) -> Result<(), StoreError> {
        schema::migrate(&self.database)
    }

    /// Limits the size of a database in a file, as a full disk does. For tests.
    pub fn limit_pages(&self, max: Option<u32>) -> Result<(), StoreError> {
        match &self.database {
            Database::File(file) => file.limit_pages(max).during("limit the database"),
            Database::Server(_) => Ok(()),
        }
    }

    /// Writes something that changes nothing, to see whether the store can be written now.
    pub(crate) fn check_writable(&self) -> Result<(), StoreError> {
        self.database.check_writable().during("write to the database")
    }

    /// Writes a snapshot of the store into a new file. A server has programs of its own for this.
    pub fn save_into(&self, file: &Path) -> Result<(), StoreError> {
        match &self.database {
            Database::File(from) => from.save_into(file).during("save the database"),
            Database::Server(_) => Err(StoreError::SaveOnServer),
        }
    }

    /// One transaction that writes while no other does: all of `work` is stored, or nothing.
    fn write<T>(
        &self,
        action: &'static str,
        work: impl FnMut(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.write(Writers::One, work).during(action)
    }

    /// One transaction that may write while others do.
    fn write_beside_others<T>(
        &self,
        action: &'static str,
        work: impl FnMut(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.write(Writers::Many, work).during(action)
    }

    /// One transaction that writes, whose work may abort it with an error of its own.
    fn write_or_abort<T, E: From<StoreError>>(
        &self,
        writers: Writers,
        action: &'static str,
        work: impl FnMut(&Transaction<'_>) -> Result<T, TxError<E>>,
    ) -> Result<T, E> {
        self.database.write(writers, work).map_err(|error| error.during(action))
    }

    /// One query: more than one could see different moments.
    fn query<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.query(work).during(action)
    }

    /// One transaction that reads: all queries of `work` see the same snapshot.
    fn read<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> database::Result<T>,
    ) -> Result<T, StoreError> {
        self.database.read(work).during(action)
    }

    /// One transaction that reads, whose work may abort it with an error of its own.
    fn read_or_abort<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, TxError<StoreError>>,
    ) -> Result<T, StoreError> {
        self.database.read(work).map_err(|error| error.during(action))
    }
}
