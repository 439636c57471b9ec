//! A station with several contests: one paper each, in the order in which they are counted.

use device::view::{SectionState, TallyView};
use device::{DeviceError, TallyKey};
use evidence::Body;
use tally::{ContestKind, Figure, FindingKey};

use crate::world::{WHOLE_PAPER, World, key, key_of};

const DPR: &str = "dpr-ntb-2";

fn dpr(world: &World) -> TallyView {
    world.device().tally(&key_of(DPR)).unwrap()
}

fn state(world: &World, section: &str) -> SectionState {
    let tally = dpr(world);
    tally.sections.iter().find(|known| known.code.as_str() == section).unwrap().state
}

#[test]
fn the_papers_of_a_station_come_in_the_order_of_counting() {
    let world = World::joined_general();
    let witness = world.device().app().unwrap().witness.unwrap();
    let cards = &witness.stations[0].tallies;
    let kinds: Vec<ContestKind> = cards.iter().map(|card| card.kind).collect();
    let five = ContestKind::ALL.into_iter().take(5).collect::<Vec<_>>();
    assert_eq!(kinds, five, "president, DPR, DPD, and both DPRD");
    assert!(cards.iter().all(|card| card.round.is_none() && card.is_newest_round));
    assert_eq!(cards[1].pages, 8, "voters, six parties, and all votes");
}

#[test]
fn a_list_says_whether_it_adds_up_as_soon_as_it_can() {
    let world = World::joined_general();
    assert_eq!(state(&world, "IV.2"), SectionState::Empty);
    world.type_into(&key_of(DPR), &[("IV.2.B", 9), ("IV.2.A.1", 4)]);
    assert_eq!(state(&world, "IV.2"), SectionState::Open);
    world.type_into(&key_of(DPR), &[("IV.2.A.2.1", 6)]);
    assert_eq!(state(&world, "IV.2"), SectionState::Disagrees, "10 is more than 9 already");
    world.type_into(&key_of(DPR), &[("IV.2.A.2.1", 5)]);
    world.device().cross_out_rest(&key_of(DPR), &"IV.2".parse().unwrap()).unwrap();
    assert_eq!(state(&world, "IV.2"), SectionState::Done);
    world.type_into(&key_of(DPR), &[("IV.2.B", 11)]);
    assert_eq!(state(&world, "IV.2"), SectionState::Disagrees, "9 is less than 11");
    let list = dpr(&world).sections.into_iter().find(|list| list.code.as_str() == "IV.2").unwrap();
    assert_eq!((list.party, list.stated_sum), (Some(2), Some(Figure::Written(11))));
    assert!(list.has_open_fault);
}

#[test]
fn a_figure_that_differs_from_another_paper_is_a_question_and_is_never_filled_in() {
    let world = World::joined_general();
    world.type_all();
    assert_eq!(dpr(&world).filled, 0, "nothing is filled in");
    world.type_into(&key_of(DPR), &[("I.A.J", 248)]);
    let questions = dpr(&world).questions;
    assert_eq!(questions.len(), 1, "{questions:?}");
    let question = &questions[0];
    assert_eq!((question.field.as_str(), question.here, question.there), ("I.A.J", 248, 284));
    assert_eq!(question.other_contest.as_str(), "ppwp");
    assert_eq!(dpr(&world).open_questions, 1);
    assert!(world.device().tally(&key()).unwrap().questions.is_empty(), "the other paper is not asked too");

    world.device().acknowledge(&key_of(DPR), &question.key, true).unwrap();
    assert_eq!(dpr(&world).open_questions, 0);
    world.type_into(&key_of(DPR), &[("I.A.J", 249)]);
    assert_eq!(dpr(&world).open_questions, 1, "another figure needs another answer");
    world.type_into(&key_of(DPR), &[("I.A.J", 284)]);
    assert!(dpr(&world).questions.is_empty());
}

#[tokio::test]
async fn a_question_does_not_delay_sealing_and_its_answer_is_sealed() {
    let world = World::joined_general();
    world.type_all();
    world.seal();
    let key = key_of(DPR);
    let people = WHOLE_PAPER.iter().filter(|(field, _)| !field.starts_with("IV") && !field.starts_with('V'));
    let people: Vec<(&str, u32)> = people.map(|(field, value)| (*field, *value)).collect();
    world.type_into(&key, &people);
    world.type_into(&key, &[("I.A.L", 141), ("I.A.J", 285)]);
    for party in [1, 2, 3, 4, 5, 24] {
        let list = format!("IV.{party}");
        let votes = if party == 1 { 248 } else { 0 };
        world.type_into(&key, &[(format!("{list}.B").as_str(), votes)]);
        world.type_into(&key, &[(format!("{list}.A.1").as_str(), votes)]);
        world.device().cross_out_rest(&key, &list.parse().unwrap()).unwrap();
    }
    world.type_into(&key, &[("V.A", 248), ("V.B", 4), ("V.C", 252)]);
    let tally = dpr(&world);
    assert_eq!((tally.open_faults, tally.open_questions), (0, 1), "{:?}", tally.findings);
    let asked = tally.questions[0].key.clone();
    world.device().acknowledge(&key, &asked, true).unwrap();
    world.device().seal(&key).unwrap();
    world.send().await;
    let sealed = world.endpoint.verified(&world.public_key()).into_iter().filter_map(|one| match one.body {
        Body::Tally(tally) if tally.contest == DPR => Some(tally),
        _ => None,
    });
    let sealed: Vec<_> = sealed.collect();
    assert_eq!(sealed[0].acknowledged.iter().filter(|key| **key == asked.0).count(), 1);
    assert_eq!(dpr(&world).questions[0].answered_at_ms, dpr(&world).sealed_at_ms);
}

#[test]
fn an_answer_to_a_question_that_does_not_exist_is_ignored() {
    let world = World::joined_general();
    world.type_into(&key_of(DPR), &[("I.A.J", 248)]);
    world.device().acknowledge(&key_of(DPR), &FindingKey("W501@I.A.J".into()), true).unwrap();
    world.type_all();
    assert_eq!(dpr(&world).open_questions, 1);
}

#[test]
fn a_contest_of_another_district_is_not_the_witnesss() {
    let world = World::joined_general();
    let refusal = world.device().tally(&key_of("dprd-mataram-2")).unwrap_err();
    assert!(matches!(refusal, DeviceError::NotAssigned { .. }), "{refusal}");
    let round = TallyKey { round: 2, ..key_of(DPR) };
    assert!(
        matches!(world.device().tally(&round), Err(DeviceError::NotAssigned { .. })),
        "there is no round 2"
    );
}
