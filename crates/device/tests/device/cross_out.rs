//! The rest of a section is crossed out in one step, and that is undone in one step.

use device::DeviceError;
use device::view::{SectionState, SectionView};
use tally::Figure;

use crate::world::{World, key_of};

const DPR: &str = "dpr-ntb-2";

fn section(world: &World, code: &str) -> SectionView {
    let tally = world.device().tally(&key_of(DPR)).unwrap();
    tally.sections.into_iter().find(|section| section.code.as_str() == code).unwrap()
}

/// The figures of a section, in order.
fn figures(section: &SectionView) -> Vec<Option<Figure>> {
    section.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.figure).collect()
}

fn cross_out(world: &World, section: &str) {
    world.device().cross_out_rest(&key_of(DPR), &section.parse().unwrap()).unwrap();
}

fn undo(world: &World, section: &str) {
    world.device().undo_cross_out(&key_of(DPR), &section.parse().unwrap()).unwrap();
}

#[test]
fn the_rest_of_a_list_is_recorded_as_blank_and_its_total_waits() {
    let mut world = World::joined_general();
    world.type_into(&key_of(DPR), &[("IV.1.A.1", 5), ("IV.1.A.2.1", 7), ("IV.1.A.2.3", 2)]);
    assert_eq!(section(&world, "IV.1").state, SectionState::Open);
    cross_out(&world, "IV.1");
    world.restart();
    let list = section(&world, "IV.1");
    let (blank, written) = (Some(Figure::Blank), |number| Some(Figure::Written(number)));
    let parts = [written(5), written(7), blank, written(2), blank, blank, blank, blank, blank];
    assert_eq!(figures(&list)[..9], parts);
    assert_eq!(figures(&list)[9], None, "the committee's sum is never crossed out");
    assert_eq!((list.state, list.crossed_out, list.filled, list.fields), (SectionState::Open, 6, 9, 10));
    assert_eq!(list.running_sum.map(|sum| sum.total), Some(14));
}

#[test]
fn crossing_out_is_undone_in_one_step_and_leaves_what_was_typed() {
    let world = World::joined_general();
    world.type_into(&key_of(DPR), &[("IV.1.A.1", 5)]);
    cross_out(&world, "IV.1");
    cross_out(&world, "IV.2");
    world.type_into(&key_of(DPR), &[("IV.1.A.2.4", 3)]);
    assert_eq!(section(&world, "IV.1").crossed_out, 7, "one of the eight was typed after all");
    undo(&world, "IV.1");
    let list = section(&world, "IV.1");
    assert_eq!((list.filled, list.crossed_out), (2, 0));
    assert_eq!(section(&world, "IV.2").filled, 9, "the other list stays as it is");
    undo(&world, "IV.1");
    assert_eq!(section(&world, "IV.1").filled, 2, "there is nothing more to undo");
}

#[test]
fn no_total_is_crossed_out() {
    let world = World::joined_general();
    for code in ["I", "V"] {
        cross_out(&world, code);
        let crossed = section(&world, code);
        let totals = crossed.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.figure.is_none());
        let totals: Vec<String> = totals.map(|cell| cell.field.to_string()).collect();
        match code {
            "I" => assert!(totals.iter().any(|field| field == "I.A.J") && totals.contains(&"I.B.4.L".into())),
            _ => assert_eq!(totals, ["V.A", "V.C"]),
        }
    }
}

#[test]
fn a_section_that_the_paper_does_not_have_is_refused() {
    let world = World::joined_general();
    let refusal = world.device().cross_out_rest(&key_of(DPR), &"IV.77".parse().unwrap()).unwrap_err();
    assert!(matches!(refusal, DeviceError::NoSuchSection { .. }), "{refusal}");
}

#[test]
fn crossing_out_takes_back_the_answers_that_it_concerns() {
    let world = World::joined_general();
    let key = key_of(DPR);
    world.type_into(&key, &[("IV.1.A.1", 5), ("IV.1.B", 9)]);
    cross_out(&world, "IV.1");
    let fault = world.device().tally(&key).unwrap().findings[0].finding.key.clone();
    world.device().acknowledge(&key, &fault, true).unwrap();
    assert_eq!(section(&world, "IV.1").state, SectionState::Disagrees, "also after the answer");
    undo(&world, "IV.1");
    cross_out(&world, "IV.1");
    let found = world.device().tally(&key).unwrap().findings;
    let again = found.iter().find(|found| found.finding.key == fault).unwrap();
    assert_eq!(again.acknowledged_at_ms, None);
}
