//! Levels, from first steps to a full night, each with a scenario from a seed.

use std::collections::BTreeMap;

use sheet::draw::SeededRng;
use tally::{ContestKind, Election, StationKind};

use super::{Event, Exercise, Happening, SCENARIO_FORMAT, Scenario, When};
use crate::seed::mixed;
use crate::trap::TrapKind;
use crate::worded::worded;

worded! {
    /// How much is asked at once.
    Level {
        /// One small paper without traps.
        FirstSteps "first_steps" {
            "Langkah pertama", "First steps";
            "Satu lembar yang rapi, tanpa jebakan.", "One neat sheet without traps.";
        }
        /// Corrections, crossed boxes, digits that are hard to read.
        Handwriting "handwriting" {
            "Tulisan sulit", "Difficult handwriting";
            "Angka yang dibetulkan, dicoret, dan sulit dibaca.",
            "Figures that are corrected, crossed, and hard to read.";
        }
        /// Sums that are wrong on the paper.
        Sums "sums" {
            "Jumlah yang keliru", "Sums that are wrong";
            "Kertas yang jumlahnya tidak cocok, dan kapan itu dibiarkan.",
            "Papers that do not add up, and when to leave them so.";
        }
        /// Dark photos, a missing page, an objection.
        Evidence "evidence" {
            "Foto dan keberatan", "Photos and objections";
            "Foto gelap, halaman yang tidak ada, dan keberatan yang dicatat.",
            "A dark photo, a missing page, and an objection on record.";
        }
        /// The phone dies, there is no network, the clock is wrong.
        Hindrances "hindrances" {
            "Gangguan", "Hindrances";
            "HP mati, tanpa jaringan, jam yang salah.", "The phone dies, no network, a wrong clock.";
        }
        /// All papers of a station, with everything at once.
        FullNight "full_night" {
            "Semalam penuh", "A full night";
            "Semua lembar satu TPS dengan semua gangguan, sampai pemungutan suara ulang.",
            "All papers of one station with every hindrance, up to a re-vote.";
        }
    }
}

impl Scenario {
    /// A scenario of a level for the contests of an election. The same arguments give the same scenario.
    pub fn of_level(level: Level, seed: u32, election: &Election) -> Self {
        Self::of_kinds(level, seed, &kinds_of(election))
    }

    /// The same for kinds of contests, in the order in which a station counts them.
    pub fn of_kinds(level: Level, seed: u32, kinds: &[ContestKind]) -> Self {
        let mut random = SeededRng::new(mixed(seed.into(), &[3, level as u64]));
        let first = kinds.first().copied().unwrap_or_default();
        let any = kinds.get(random.below(kinds.len())).copied().unwrap_or_default();
        let exercises = match level {
            Level::FirstSteps => vec![exercise(first, &[], 15)],
            Level::Handwriting => {
                let traps = [TrapKind::Correction, TrapKind::CrossedBoxes, TrapKind::UnclearDigit];
                vec![exercise(first, &traps, 8), exercise(any, &traps, minutes(any))]
            }
            Level::Sums => {
                let both = [TrapKind::WrongSum, TrapKind::Correction];
                vec![exercise(first, &[TrapKind::WrongSum], 8), exercise(any, &both, minutes(any))]
            }
            Level::Evidence => {
                let photos = [TrapKind::DarkPhoto, TrapKind::Objection];
                let pages = [TrapKind::MissingPage, TrapKind::Illegible];
                vec![exercise(first, &photos, 8), exercise(any, &pages, minutes(any))]
            }
            Level::Hindrances => vec![exercise(any, &[], minutes(any)), exercise(first, &[], 8)],
            Level::FullNight => night(kinds, &mut random),
        };
        let events = events(level, exercises.len());
        let id = format!("{}-{seed}", level.word().replace('_', "-"));
        let title = level.title().id;
        Self { format: SCENARIO_FORMAT.to_owned(), id, title, seed, level, exercises, events }
    }
}

/// Kinds of contests of an election, in the order in which a station counts them.
fn kinds_of(election: &Election) -> Vec<ContestKind> {
    let has = |kind: &ContestKind| election.contests.iter().any(|contest| contest.kind == *kind);
    ContestKind::ALL.into_iter().filter(has).collect()
}

fn exercise(kind: ContestKind, traps: &[TrapKind], minutes: u16) -> Exercise {
    let traps = traps.iter().map(|trap| (*trap, 1)).collect();
    Exercise { kind, station: StationKind::default(), round: 1, traps, minutes }
}

/// A paper of party lists takes longer.
fn minutes(kind: ContestKind) -> u16 {
    if kind.has_lists() { 30 } else { 8 }
}

/// Every paper of a station with two traps each, and a re-vote of the first one.
fn night(kinds: &[ContestKind], random: &mut SeededRng) -> Vec<Exercise> {
    let all = TrapKind::ALL;
    let paper = |kind: &ContestKind| {
        let first = random.below(all.len());
        let second = (first + 1 + random.below(all.len() - 1)) % all.len();
        exercise(*kind, &[all[first], all[second]], minutes(*kind))
    };
    let mut exercises: Vec<Exercise> = kinds.iter().map(paper).collect();
    if let Some(first) = kinds.first() {
        let traps = BTreeMap::from([(TrapKind::WrongSum, 1)]);
        exercises.push(Exercise { round: 2, traps, ..exercise(*first, &[], 8) });
    }
    exercises
}

fn events(level: Level, exercises: usize) -> Vec<Event> {
    let event = |exercise, when, what| Event { exercise, when, what };
    let last = u8::try_from(exercises).unwrap_or(1);
    match level {
        Level::Hindrances | Level::FullNight => vec![
            event(1, When::Start, Happening::WrongClock(-190)),
            event(1, When::Halfway, Happening::PhoneDies),
            event(last, When::AfterSeal, Happening::NoNetwork(10)),
        ],
        _ => Vec::new(),
    }
}
