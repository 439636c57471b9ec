//! The people behind devices, for those who may see them.

use evidence::DeviceId;
use tally::StationId;

use super::database::sql;
use super::{Store, StoreError};
use crate::model::person::PersonId;

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContact {
    pub person: PersonId,
    pub name: String,
    /// Empty if it is not known.
    pub phone: String,
}

/// A device at a station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DevicePost {
    pub device: DeviceId,
    pub station: StationId,
}

impl Store {
    /// For each device the person who joined with it: by their assignment at the station, or by another one.
    pub fn contacts_of(&self, posts: &[DevicePost]) -> Result<Vec<Option<StoredContact>>, StoreError> {
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        let stations: Vec<String> = posts.iter().map(|post| post.station.to_string()).collect();
        self.query("look for the people of devices", |transaction| {
            transaction.row_each(
                sql!(
                    "SELECT p.id, p.name, p.phone
                     FROM person_assignment a JOIN person p ON p.id = a.person
                     WHERE a.device = ?1 AND p.erased_at_ms IS NULL
                     ORDER BY CASE WHEN a.station = ?2 THEN 0 ELSE 1 END, a.created_at_ms DESC, a.id LIMIT 1"
                ),
                posts.iter().zip(&stations),
                |(post, station)| [&post.device.0, station],
                |row| {
                    Ok(StoredContact {
                        person: PersonId(row.get("id")?),
                        name: row.get("name")?,
                        phone: row.get::<Option<String>>("phone")?.unwrap_or_default(),
                    })
                },
            )
        })
    }
}
