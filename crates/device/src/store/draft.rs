//! Tallies that are being typed.

use std::collections::BTreeMap;

use evidence::{StatementId, Supersedes};
use rusqlite::{Row, params};
use tally::{FieldCode, Figure, Figures, FindingKey};

use super::{Store, TallyKey, Write, doing, optional, parsed};
use crate::error::StoreError;

/// A tally that is being typed, as it is on disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub(crate) saved_at_ms: i64,
    pub(crate) last_field: Option<FieldCode>,
    pub(crate) supersedes: Option<Supersedes>,
    pub(crate) figures: Figures,
    /// When each finding was answered.
    pub(crate) acknowledged: BTreeMap<FindingKey, i64>,
    /// The fields that were crossed out together, by section.
    pub(crate) crossed_out: BTreeMap<FieldCode, Vec<FieldCode>>,
}

impl Store {
    /// The draft of `tally_key`, if there is one.
    pub(crate) fn draft(&self, tally_key: &TallyKey) -> Result<Option<Draft>, StoreError> {
        read(&self.connection, tally_key).map_err(doing("read the draft"))
    }
}

impl Write<'_> {
    /// The draft of `tally_key`, if there is one.
    pub(crate) fn draft(&self, tally_key: &TallyKey) -> Result<Option<Draft>, StoreError> {
        read(&self.transaction, tally_key).map_err(doing("read the draft"))
    }

    /// Begins a draft, or writes when and where it was last edited.
    pub(crate) fn touch_draft(
        &self,
        tally_key: &TallyKey,
        now_ms: i64,
        last_field: Option<&FieldCode>,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "INSERT INTO draft (station, contest, round, saved_at_ms, last_field)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (station, contest, round) DO UPDATE
                 SET saved_at_ms = excluded.saved_at_ms,
                    last_field = coalesce(excluded.last_field, last_field)",
                params![
                    tally_key.station.to_string(),
                    tally_key.contest.as_str(),
                    tally_key.round,
                    now_ms,
                    last_field.map(FieldCode::as_str)
                ],
            )
            .map_err(doing("save the draft"))?;
        Ok(())
    }

    /// Makes the draft a correction.
    pub(crate) fn set_supersedes(
        &self,
        tally_key: &TallyKey,
        supersedes: &Supersedes,
    ) -> Result<(), StoreError> {
        self.transaction
            .execute(
                "UPDATE draft SET supersedes = ?4, reason = ?5
                 WHERE station = ?1 AND contest = ?2 AND round = ?3",
                params![
                    tally_key.station.to_string(),
                    tally_key.contest.as_str(),
                    tally_key.round,
                    supersedes.statement.0,
                    supersedes.reason
                ],
            )
            .map_err(doing("save the reason of the correction"))?;
        Ok(())
    }

    /// Sets or removes one figure. The draft must exist.
    pub(crate) fn set_figure(
        &self,
        tally_key: &TallyKey,
        field: &FieldCode,
        figure: Option<Figure>,
    ) -> Result<(), StoreError> {
        let Key { station, contest, round } = Key::of(tally_key);
        match figure {
            Some(figure) => self.transaction.execute(
                "INSERT INTO draft_figure (station, contest, round, field, figure) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (station, contest, round, field) DO UPDATE SET figure = excluded.figure",
                params![station, contest, round, field.as_str(), figure.to_wire()],
            ),
            None => self.transaction.execute(
                "DELETE FROM draft_figure WHERE station = ?1 AND contest = ?2 AND round = ?3 AND field = ?4",
                params![station, contest, round, field.as_str()],
            ),
        }
        .map_err(doing("save the figure"))?;
        Ok(())
    }

    /// Stores or removes the answer to a finding.
    pub(crate) fn set_acknowledged(
        &self,
        tally_key: &TallyKey,
        finding: &FindingKey,
        given_at_ms: Option<i64>,
    ) -> Result<(), StoreError> {
        let Key { station, contest, round } = Key::of(tally_key);
        match given_at_ms {
            Some(given_at_ms) => self.transaction.execute(
                "INSERT INTO draft_acknowledgement (station, contest, round, finding, given_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                params![station, contest, round, finding.0, given_at_ms],
            ),
            None => self.transaction.execute(
                "DELETE FROM draft_acknowledgement
                 WHERE station = ?1 AND contest = ?2 AND round = ?3 AND finding = ?4",
                params![station, contest, round, finding.0],
            ),
        }
        .map_err(doing("save the answer"))?;
        Ok(())
    }

    /// Deletes the draft: it was sealed, or the witness abandoned a correction.
    pub(crate) fn delete_draft(&self, tally_key: &TallyKey) -> Result<(), StoreError> {
        let Key { station, contest, round } = Key::of(tally_key);
        self.run(
            "DELETE FROM draft WHERE station = ?1 AND contest = ?2 AND round = ?3",
            params![station, contest, round],
        )
        .map_err(doing("delete the draft"))?;
        Ok(())
    }

    /// Writes which fields of a section were crossed out together, in place of what was written before.
    pub(crate) fn set_crossed_out(
        &self,
        tally_key: &TallyKey,
        section: &FieldCode,
        fields: &[&FieldCode],
    ) -> Result<(), StoreError> {
        let Key { station, contest, round } = Key::of(tally_key);
        self.run(
            "DELETE FROM draft_cross_out
             WHERE station = ?1 AND contest = ?2 AND round = ?3 AND section = ?4",
            params![station, contest, round, section.as_str()],
        )
        .and_then(|_| {
            fields.iter().try_for_each(|field| {
                self.run(
                    "INSERT INTO draft_cross_out (station, contest, round, section, field)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![station, contest, round, section.as_str(), field.as_str()],
                )
                .map(drop)
            })
        })
        .map_err(doing("save which fields were crossed out"))
    }
}

/// The columns of a tally's key.
struct Key<'a> {
    station: String,
    contest: &'a str,
    round: u8,
}

impl<'a> Key<'a> {
    fn of(tally_key: &'a TallyKey) -> Self {
        Self {
            station: tally_key.station.to_string(),
            contest: tally_key.contest.as_str(),
            round: tally_key.round,
        }
    }
}

fn read(connection: &rusqlite::Connection, tally_key: &TallyKey) -> rusqlite::Result<Option<Draft>> {
    let Key { station, contest, round } = Key::of(tally_key);
    let key = params![station, contest, round];
    let mut head = connection.prepare_cached(
        "SELECT saved_at_ms, last_field, supersedes, reason FROM draft
         WHERE station = ?1 AND contest = ?2 AND round = ?3",
    )?;
    let head = optional(head.query_row(key, |row| {
        let supersedes = row.get::<_, Option<[u8; 32]>>("supersedes")?.zip(row.get("reason")?);
        Ok(Draft {
            saved_at_ms: row.get("saved_at_ms")?,
            last_field: row.get::<_, Option<String>>("last_field")?.and_then(|code| code.parse().ok()),
            supersedes: supersedes
                .map(|(statement, reason)| Supersedes { statement: StatementId(statement), reason }),
            ..Draft::default()
        })
    }))?;
    let Some(mut draft) = head else { return Ok(None) };

    let mut figures = connection.prepare_cached(
        "SELECT field, figure FROM draft_figure WHERE station = ?1 AND contest = ?2 AND round = ?3",
    )?;
    draft.figures.0 = figures.query_map(key, figure)?.collect::<rusqlite::Result<_>>()?;

    let mut acknowledged = connection.prepare_cached(
        "SELECT finding, given_at_ms FROM draft_acknowledgement
         WHERE station = ?1 AND contest = ?2 AND round = ?3",
    )?;
    draft.acknowledged = acknowledged
        .query_map(key, |row| Ok((FindingKey(row.get("finding")?), row.get("given_at_ms")?)))?
        .collect::<rusqlite::Result<_>>()?;

    let mut crossed_out = connection.prepare_cached(
        "SELECT section, field FROM draft_cross_out WHERE station = ?1 AND contest = ?2 AND round = ?3",
    )?;
    for crossed in crossed_out.query_map(key, |row| Ok((parsed(row, "section")?, parsed(row, "field")?)))? {
        let (section, field) = crossed?;
        draft.crossed_out.entry(section).or_default().push(field);
    }
    Ok(Some(draft))
}

fn figure(row: &Row<'_>) -> rusqlite::Result<(FieldCode, Figure)> {
    let wire: i64 = row.get("figure")?;
    let figure = Figure::from_wire(wire).ok_or(rusqlite::Error::IntegralValueOutOfRange(1, wire))?;
    Ok((parsed(row, "field")?, figure))
}
