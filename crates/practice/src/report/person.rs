//! One person of a class.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tally::Readiness;

use super::{TakenExercise, accuracy_permille, count};
use crate::grade::Judged;
use crate::slip::SlipKind;
use crate::worded::worded;

worded! {
    /// Why a person is not ready.
    NotReady {
        /// Too few exercises.
        Exercises "exercises" {
            "Latihan belum cukup", "Too few exercises";
            "Ulangi dengan lembar lain.", "Practise with more sheets.";
        }
        /// Too many figures are wrong.
        Accuracy "accuracy" {
            "Ketelitian belum cukup", "Not accurate enough"; "Terlalu banyak angka yang keliru.",
            "Too many figures are wrong.";
        }
        /// Checks were answered wrongly.
        Checks "checks" {
            "Temuan belum dijawab dengan benar", "Findings were answered wrongly";
            "Bedakan salah ketik dari kertas yang memang begitu.",
            "Tell what was mistyped from what the paper does say.";
        }
        /// Pages lack a good photo.
        Photos "photos" {
            "Foto belum lengkap", "Photos are missing or poor"; "Setiap halaman perlu satu foto yang baik.",
            "Every page needs one good photo.";
        }
    }
}

/// One person's results together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PersonReport {
    /// The device that signed.
    pub person: String,
    /// Exercises that were taken; of each the last attempt counts.
    pub exercises: u32,
    pub fields: u32,
    pub right: u32,
    pub accuracy_permille: u32,
    /// Half of the exercises took at most so long.
    pub median_seconds: u32,
    /// How often each slip was made, in the order of the kinds.
    pub slips: BTreeMap<SlipKind, u32>,
    /// Checks that were answered wrongly.
    pub misjudged: u32,
    /// Pages without a photo, or with poor ones only.
    pub pages_lacking: u32,
    pub ready: bool,
    pub not_ready: Vec<NotReady>,
}

impl PersonReport {
    pub(super) fn of(person: &str, taken: &[&TakenExercise], readiness: &Readiness) -> Self {
        let figures = || taken.iter().map(|taken| taken.figures());
        let mut slips = BTreeMap::new();
        for kind in taken.iter().flat_map(|taken| taken.slips()) {
            *slips.entry(kind).or_insert(0) += 1;
        }
        let answers = taken.iter().flat_map(|taken| taken.answers());
        let report = Self {
            person: person.to_owned(),
            exercises: count(taken.len()),
            fields: figures().map(|[fields, _]| fields).sum(),
            right: figures().map(|[_, right]| right).sum(),
            accuracy_permille: accuracy_permille(taken),
            median_seconds: median(taken.iter().map(|taken| taken.seconds()).collect()),
            slips,
            misjudged: count(answers.filter(|(_, judged)| *judged != Judged::Confirmed).count()),
            pages_lacking: taken.iter().map(|taken| pages_lacking(taken)).fold(0, u32::saturating_add),
            ready: false,
            not_ready: Vec::new(),
        };
        let not_ready = report.reasons(readiness);
        Self { ready: not_ready.is_empty(), not_ready, ..report }
    }

    fn reasons(&self, readiness: &Readiness) -> Vec<NotReady> {
        let Readiness { exercises_min, accuracy_permille_min, misjudged_max, pages_lacking_max } = *readiness;
        let reasons = [
            (self.exercises < exercises_min.into(), NotReady::Exercises),
            (self.accuracy_permille < accuracy_permille_min.into(), NotReady::Accuracy),
            (self.misjudged > misjudged_max.into(), NotReady::Checks),
            (self.pages_lacking > pages_lacking_max.into(), NotReady::Photos),
        ];
        reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, reason)| reason).collect()
    }
}

/// The reader of results has checked that no more pages are photographed than there are, and no more are
/// poor.
fn pages_lacking(taken: &TakenExercise) -> u32 {
    taken.graded().map_or(0, |graded| {
        let [pages, photographed, poor] = graded.pages;
        pages.saturating_sub(photographed).saturating_add(poor)
    })
}

fn median(mut seconds: Vec<u32>) -> u32 {
    seconds.sort_unstable();
    seconds.get(seconds.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}
