//! Crossing out what is left of a section: the boxes that the committee left empty or crossed.

use tally::{Column, Field, FieldCode, Figure, Paper, Quantity};

use crate::Device;
use crate::entry::{change_figures, open_draft};
use crate::error::DeviceError;
use crate::model::TallyKey;
use crate::store::Draft;

impl Device {
    /// Records as blank every field of a section that is asked for and has no figure, except totals. All of
    /// them are one step, which [`Device::undo_cross_out`] undoes.
    pub fn cross_out_rest(&self, tally_key: &TallyKey, section: &FieldCode) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        let fields = fields_of(paper, section)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, tally_key)?;
            let rest: Vec<&FieldCode> = fields
                .iter()
                .filter(|field| field.asked && !is_total(field) && !draft.figures.0.contains_key(&field.code))
                .map(|field| &field.code)
                .collect();
            if rest.is_empty() {
                return Ok(());
            }
            write.touch_draft(tally_key, now_ms, None)?;
            change_figures(write, &enrolment, tally_key, &draft, &rest, Some(Figure::Blank))?;
            Ok(write.set_crossed_out(tally_key, section, &rest)?)
        })
    }

    /// Removes the figures of the section's fields that were crossed out together and are still blank.
    pub fn undo_cross_out(&self, tally_key: &TallyKey, section: &FieldCode) -> Result<(), DeviceError> {
        let enrolment = self.enrolment()?;
        let paper = enrolment.paper(tally_key)?;
        fields_of(paper, section)?;
        let now_ms = self.now_ms();
        self.store().write(|write| {
            let draft = open_draft(write, tally_key)?;
            let crossed: Vec<&FieldCode> = still_crossed_out(&draft, section).collect();
            if crossed.is_empty() {
                return Ok(());
            }
            write.touch_draft(tally_key, now_ms, None)?;
            change_figures(write, &enrolment, tally_key, &draft, &crossed, None)?;
            Ok(write.set_crossed_out(tally_key, section, &[])?)
        })
    }
}

/// The fields of a section that were crossed out together, without those that were typed since.
pub(crate) fn still_crossed_out<'a>(
    draft: &'a Draft,
    section: &FieldCode,
) -> impl Iterator<Item = &'a FieldCode> {
    let crossed = draft.crossed_out.get(section).into_iter().flatten();
    crossed.filter(|field| draft.figures.0.get(*field) == Some(&Figure::Blank))
}

fn fields_of<'a>(paper: &'a Paper, section: &FieldCode) -> Result<Vec<&'a Field>, DeviceError> {
    let found = paper.sections().iter().find(|known| known.code == *section).ok_or_else(|| {
        DeviceError::NoSuchSection { contest: paper.contest().id.clone(), section: section.clone() }
    })?;
    Ok(found.rows.iter().flat_map(|row| paper.fields_of(row)).collect())
}

/// Whether the figure is a total of others. A committee that leaves one empty has forgotten it, so the
/// witness answers for each of them.
fn is_total(field: &Field) -> bool {
    use Quantity as Q;
    let counts_all = matches!(
        field.counts,
        Q::ListVotes | Q::ValidVotes | Q::AllVotes | Q::VotersAll | Q::UsersAll | Q::BallotsReceived
    );
    counts_all || field.column == Some(Column::J)
}
