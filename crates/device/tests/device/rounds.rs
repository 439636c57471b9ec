//! A re-vote is a count of its own: what was written for the first count stays as it is.

use device::view::TallyCard;
use device::{LifeState, TallyKey};
use evidence::Body;
use protocol::ChangedEnrolment;
use tally::{Election, Figure, Localized, Round, RoundKind};

use crate::world::{World, assignment, general_election, key, key_of, picture, station};

const QUARTER_MS: i64 = 15 * 60_000;

/// The general election with a higher version.
fn newer(version: u32, rounds: Vec<Round>) -> Election {
    let mut election = tally::load::read(&general_election()).unwrap();
    (election.version, election.rounds) = (version, rounds);
    election
}

/// The vote for the president is repeated at the first station.
fn re_vote() -> Round {
    Round {
        number: 2,
        kind: RoundKind::Psu,
        date: "2026-12-16".into(),
        reason: Localized::new("Pemilih memilih dua kali", "A voter voted twice"),
        stations: vec![station()],
        contests: vec!["ppwp".parse().unwrap()],
    }
}

/// The endpoint offers this package, and the device reads its inbox.
async fn announce(world: &World, election: &Election) {
    *world.endpoint.enrolment.lock().unwrap() = Some(ChangedEnrolment {
        assignments_revision: 0,
        assignments: vec![assignment(election)],
        election: election.slice(&[station()]).to_json().unwrap(),
    });
    world.pass_ms(QUARTER_MS);
    world.send().await;
}

fn cards(world: &World) -> Vec<TallyCard> {
    world.device().app().unwrap().witness.unwrap().stations.remove(0).tallies
}

fn second() -> TallyKey {
    TallyKey { round: 2, ..key() }
}

fn tallies(world: &World) -> Vec<evidence::TallyBody> {
    let statements = world.endpoint.verified(&world.public_key()).into_iter();
    let tallies = statements.filter_map(|one| match one.body {
        Body::Tally(tally) => Some(tally),
        _ => None,
    });
    tallies.collect()
}

#[tokio::test]
async fn a_re_vote_that_is_announced_through_the_inbox_shows_a_card_of_its_own() {
    let world = World::joined_general();
    assert_eq!(cards(&world).len(), 5);
    announce(&world, &newer(2, vec![re_vote()])).await;
    let cards = cards(&world);
    assert_eq!(cards.len(), 6);
    let rounds: Vec<Option<u8>> =
        cards.iter().map(|card| card.round.as_ref().map(|round| round.number)).collect();
    assert_eq!(rounds, [Some(2), None, None, None, None, None], "the newest first");
    assert_eq!((cards[0].is_newest_round, cards[1].is_newest_round), (true, false));
    let round = world.device().tally(&second()).unwrap().round.unwrap();
    assert_eq!((round.kind, round.date.as_str()), (RoundKind::Psu, "2026-12-16"));
    let newest = world.device().tally_key(&station(), &key().contest, None).unwrap();
    assert_eq!(newest, second(), "without a number, the newest round is meant");
}

#[tokio::test]
async fn what_was_written_for_the_first_count_stays_as_it_is() {
    let mut world = World::joined_general();
    world.type_all();
    world.device().attach_photo(&key(), 1, &picture(1)).unwrap();
    world.seal();
    world.type_into(&key_of("dpr-ntb-2"), &[("IV.1.A.1", 5)]);
    announce(&world, &newer(2, vec![re_vote()])).await;
    world.restart();
    let before = world.device().tally(&key()).unwrap();
    assert_eq!((before.life.state, before.filled), (LifeState::Receipted, 28));
    assert_eq!(world.device().tally(&key_of("dpr-ntb-2")).unwrap().filled, 1);
    let after = world.device().tally(&second()).unwrap();
    assert_eq!((after.life.state, after.filled), (LifeState::Draft, 0));
    assert!(after.pages[0].photo.is_none());

    world.type_into(&second(), &[("IV.1", 100), ("IV.2", 120), ("IV.3", 28), ("V.A", 248)]);
    world.device().attach_photo(&second(), 2, &picture(2)).unwrap();
    world.device().seal(&second()).unwrap();
    world.send().await;
    let sealed = tallies(&world);
    assert_eq!(sealed.iter().map(|tally| tally.round).collect::<Vec<_>>(), [1, 2]);
    assert!(sealed.iter().all(|tally| tally.supersedes.is_none()), "a re-vote corrects nothing");
    assert_eq!(world.device().tally(&key()).unwrap().statement, before.statement);
    let photos = |tally_key: &TallyKey| {
        let tally = world.device().tally(tally_key).unwrap();
        tally.pages.iter().filter(|page| page.photo.is_some()).map(|page| page.page).collect::<Vec<_>>()
    };
    assert_eq!((photos(&key()), photos(&second())), (vec![1], vec![2]));
}

#[tokio::test]
async fn both_rounds_can_be_corrected_each_on_its_own() {
    let world = World::joined_general();
    world.type_all();
    world.seal();
    announce(&world, &newer(2, vec![re_vote()])).await;
    world.type_into(&second(), &[("IV.1", 100)]);
    world.device().seal(&second()).unwrap();
    for (tally_key, figure) in [(key(), 124), (second(), 101)] {
        world.device().begin_correction(&tally_key, "salah ketik").unwrap();
        world.type_into(&tally_key, &[("IV.1", figure)]);
        for found in world.device().tally(&tally_key).unwrap().findings {
            world.device().acknowledge(&tally_key, &found.finding.key, true).unwrap();
        }
        world.device().seal(&tally_key).unwrap();
        assert_eq!(world.device().tally(&tally_key).unwrap().superseded.len(), 1);
    }
    world.send().await;
    let sealed = tallies(&world);
    assert_eq!(sealed.iter().map(|tally| tally.round).collect::<Vec<_>>(), [1, 2, 1, 2]);
    let ids = world.endpoint.statement_ids();
    let superseded: Vec<_> =
        sealed[2..].iter().map(|tally| tally.supersedes.as_ref().unwrap().statement).collect();
    assert_eq!(superseded, ids[..2]);
}

#[tokio::test]
async fn a_phone_that_never_heard_of_the_round_sends_the_first_one_as_before() {
    let world = World::joined_general();
    world.type_all();
    world.seal();
    world.send().await;
    let statement = world.endpoint_statement();
    let text = String::from_utf8_lossy(&statement);
    assert!(text.contains("vnd.saksi.tally.v1+cbor"), "the format of the first count has not changed");
    assert_eq!(tallies(&world)[0].round, 1);
}

#[tokio::test]
async fn a_package_without_a_round_for_which_figures_were_written_is_not_used() {
    let world = World::joined_general();
    announce(&world, &newer(2, vec![re_vote()])).await;
    world.type_into(&second(), &[("IV.1", 9)]);
    announce(&world, &newer(3, Vec::new())).await;
    let tally = world.device().tally(&second()).unwrap();
    let votes = tally.sections.iter().find(|section| section.code.as_str() == "IV").unwrap();
    assert_eq!(votes.rows[0].cells[0].figure, Some(Figure::Written(9)));
}
