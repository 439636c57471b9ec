//! Drafts: every figure is on disk.

use device::{DeviceError, LifeState, TallyKey};
use tally::{Figure, FindingKey, Localized};

use crate::world::{World, contest, key};

#[test]
fn every_figure_survives_the_app_being_killed() {
    let mut world = World::joined();
    world.type_figure("I.A.L", 140);
    world.type_figure("IV.2", 97);
    world.set("IV.3", Some(Figure::Illegible));
    world.set("V.B", Some(Figure::Blank));
    world.restart();
    let tally = world.tally();
    assert_eq!((tally.filled, tally.life.state), (4, LifeState::Draft));
    assert_eq!(tally.last_field.as_ref().map(|field| field.as_str()), Some("V.B"));
    let iv = tally.sections.iter().find(|section| section.code.as_str() == "IV").unwrap();
    assert_eq!(iv.rows[1].cells[0].figure, Some(Figure::Written(97)));
    assert_eq!(iv.rows[1].cells[0].words, Localized::new("sembilan puluh tujuh", "ninety-seven"));
    assert_eq!(iv.rows[2].cells[0].figure, Some(Figure::Illegible));
    assert_eq!(iv.running_sum.as_ref().map(|sum| (sum.filled, sum.fields, sum.total)), Some((1, 3, 97)));
}

#[test]
fn a_figure_can_be_removed_and_is_then_not_zero() {
    let world = World::joined();
    world.type_figure("IV.1", 0);
    assert_eq!(world.tally().filled, 1);
    world.set("IV.1", None);
    assert_eq!(world.tally().filled, 0);
}

#[test]
fn an_edit_removes_the_answer_to_its_fault() {
    let world = World::joined();
    world.type_all();
    world.type_figure("V.A", 243);
    let fault = FindingKey("F401".into());
    assert!(world.tally().open_faults > 0);
    world.device().acknowledge(&key(), &fault, true).unwrap();
    let answered = |world: &World| {
        let tally = world.tally();
        let found = tally.findings.iter().find(|found| found.finding.key == fault);
        found.map(|found| found.acknowledged_at_ms.is_some())
    };
    assert_eq!(answered(&world), Some(true));
    world.type_figure("I.A.L", 140);
    assert_eq!(answered(&world), Some(true), "typing the same figure again is no edit");
    world.type_figure("IV.1", 122);
    assert_eq!(answered(&world), Some(false));
    world.type_figure("IV.1", 118);
    assert_eq!(answered(&world), None, "the figures agree again");
}

#[test]
fn only_what_the_paper_and_the_assignment_have_can_be_typed() {
    let world = World::joined();
    let device = world.device();
    let field = "IV.1".parse().unwrap();
    let elsewhere = "52.71.05.1002-001".parse().unwrap();
    let refusal = device
        .set_figure(&TallyKey::first(&elsewhere, &contest()), &field, Some(Figure::Written(1)))
        .unwrap_err();
    assert!(matches!(refusal, DeviceError::NotAssigned { .. }), "{refusal}");
    let refusal = device.set_figure(&key(), &"IV.9".parse().unwrap(), None).unwrap_err();
    assert!(matches!(refusal, DeviceError::NoSuchField { .. }), "{refusal}");
    let refusal = device.set_figure(&key(), &field, Some(Figure::Written(1000))).unwrap_err();
    assert!(matches!(refusal, DeviceError::FigureTooLong { digits: 3, .. }), "{refusal}");
}
