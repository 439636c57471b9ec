//! The rows of the paper, with the figures of every tally.

use evidence::photo_answer_key;
use tally::{Field, Figure, Paper};

use super::belongs_to;
use super::received::{ReceivedPhoto, ReceivedTally};
use crate::ingest::admission::CERTAIN_PERMILLE;
use crate::model::count::u32_of;
use crate::view::{FieldRow, ReadView, SectionView};

/// The sections of the paper. `latest` are the current tallies of assigned devices.
pub(super) fn sections(
    paper: &Paper,
    tallies: &[ReceivedTally],
    latest: &[&ReceivedTally],
    photos: &[ReceivedPhoto],
) -> Vec<SectionView> {
    let sections = paper.sections().iter();
    sections
        .map(|section| {
            let fields = section.rows.iter().flat_map(|row| paper.fields_of(row));
            let fields: Vec<FieldRow> =
                fields.map(|field| field_row(field, tallies, latest, photos)).collect();
            SectionView {
                code: section.code.clone(),
                title: section.title.clone(),
                party: section.party,
                page: section.page,
                differing: u32_of(fields.iter().filter(|row| row.differs).count()),
                fields,
            }
        })
        .collect()
}

fn field_row(
    field: &Field,
    tallies: &[ReceivedTally],
    latest: &[&ReceivedTally],
    photos: &[ReceivedPhoto],
) -> FieldRow {
    FieldRow {
        field: field.code.clone(),
        row: field.row.clone(),
        label: field.label.clone(),
        column: field.column,
        counts: field.counts,
        choice: field.choice,
        candidate: field.candidate(),
        asked: field.asked,
        figures: tallies.iter().map(|tally| figure_of(tally, field)).collect(),
        read: tallies.iter().map(|tally| reading_of(field, tally, photos)).collect(),
        differs: latest.windows(2).any(|pair| match pair {
            [one, other] => figure_of(one, field) != figure_of(other, field),
            _ => false,
        }),
    }
}

fn figure_of(tally: &ReceivedTally, field: &Field) -> Option<Figure> {
    tally.figures.as_ref().and_then(|figures| figures.0.get(&field.code).copied())
}

/// What the tally's device read of a field in its newest photo of the page. A photo in which it saw another
/// page does not count.
fn reading_of(field: &Field, tally: &ReceivedTally, photos: &[ReceivedPhoto]) -> Option<ReadView> {
    let newest = photos
        .iter()
        .filter(|photo| belongs_to(photo, tally) && photo.body.page == field.page)
        .max_by_key(|photo| photo.statement.claims.sequence)?;
    let seen = newest.body.seen.as_ref().filter(|seen| seen.page == Some(field.page))?;
    let read = seen.read.iter().find(|read| read.field == field.code.as_str())?;
    let figure = read.figure.filter(|_| read.certainty_permille >= CERTAIN_PERMILLE)?;
    Some(ReadView {
        figure,
        certainty_permille: read.certainty_permille,
        differs: figure_of(tally, field)? != Figure::Written(figure),
        answered: tally.body.acknowledged.contains(&photo_answer_key(field.code.as_str(), figure)),
    })
}
