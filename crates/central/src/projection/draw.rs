//! Draws a stratified random sample of stations. Anybody draws the same one from the seed and the package.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use tally::{Contest, ContestId, RegionCode, RegionLevel, StationId};

use crate::election::package::Package;
use crate::endpoint::Endpoint;
use crate::model::count::u32_of;
use crate::store::{Actor, AuditContext, NewStoredSample, StoreError};

/// Every stratum has at least so many: with one, nothing is known about how its stations differ.
const PER_STRATUM_MIN: u32 = 2;
/// Maximum length of a seed.
const SEED_CHARS_MAX: usize = 200;

/// What is asked of a sample.
#[derive(Debug, Clone)]
pub struct NewSample {
    pub contest: ContestId,
    /// Published before the day, so that nobody can choose the stations.
    pub seed: String,
    pub size: u32,
    /// The level of the regions that are its strata.
    pub level: RegionLevel,
}

/// A sample that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// In the order of their codes.
    pub stations: Vec<StationId>,
    /// SHA-256 of the codes, one a line.
    pub digest: String,
}

/// Why no sample was drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("the election has no contest {0}")]
    UnknownContest(ContestId),
    #[error("a seed has 8 to {SEED_CHARS_MAX} characters")]
    Seed,
    #[error("a sample has at least {least} stations here, and at most all {most}")]
    Size { least: u32, most: u32 },
    #[error("a sample of contest {0} was drawn already, and is never drawn again")]
    DrawnBefore(ContestId),
    #[error("results of contest {0} have arrived: a sample is drawn before the day")]
    TooLate(ContestId),
    #[error("cannot store the sample")]
    Store(#[from] StoreError),
}

impl Endpoint {
    /// Draws and stores the sample of a contest, once and before any result has arrived.
    ///
    /// # Errors
    /// When the request or its time is wrong, or the store fails.
    pub fn draw_sample(&self, new: &NewSample, actor: &Actor) -> Result<Drawn, DrawError> {
        let unknown = || DrawError::UnknownContest(new.contest.clone());
        let contest = self.election().contest(&new.contest).ok_or_else(unknown)?;
        let length = new.seed.chars().count();
        if !(8..=SEED_CHARS_MAX).contains(&length) {
            return Err(DrawError::Seed);
        }
        if self.store().has_tallies(&new.contest)? {
            return Err(DrawError::TooLate(new.contest.clone()));
        }
        let drawn = draw(self.package(), contest, new)?;
        let audit = AuditContext { actor, now_ms: self.now_ms() };
        let level = level_word(new.level);
        let stored = NewStoredSample {
            contest: &new.contest,
            seed: &new.seed,
            level,
            stations: &drawn.stations,
            digest: &drawn.digest,
        };
        if self.store().add_sample(&stored, audit)? {
            Ok(drawn)
        } else {
            Err(DrawError::DrawnBefore(new.contest.clone()))
        }
    }
}

/// The word in the database.
fn level_word(level: RegionLevel) -> &'static str {
    match level {
        RegionLevel::Provinsi => "provinsi",
        RegionLevel::KabupatenKota => "kabupaten_kota",
        RegionLevel::Kecamatan => "kecamatan",
        RegionLevel::Desa => "desa",
    }
}

pub(super) fn level_of(word: &str) -> RegionLevel {
    match word {
        "provinsi" => RegionLevel::Provinsi,
        "kecamatan" => RegionLevel::Kecamatan,
        "desa" => RegionLevel::Desa,
        _ => RegionLevel::KabupatenKota,
    }
}

/// The region of this level that contains a desa.
pub(super) fn stratum_of(desa: &RegionCode, level: RegionLevel) -> RegionCode {
    desa.path().into_iter().find(|region| region.level() == level).unwrap_or_else(|| desa.clone())
}

/// Draws the sample: in each stratum the stations with the lowest digests.
fn draw(package: &Package, contest: &Contest, new: &NewSample) -> Result<Drawn, DrawError> {
    let mut strata: BTreeMap<RegionCode, Vec<StationId>> = BTreeMap::new();
    for desa in package.desas_in(None).iter().filter(|desa| contest.covers(desa)) {
        let stations = package.election.stations_of(desa);
        strata.entry(stratum_of(desa, new.level)).or_default().extend(stations);
    }
    let sizes: Vec<u32> = strata.values().map(|stations| u32_of(stations.len())).collect();
    let shares = allocate(&sizes, new.size)?;
    let mut stations: Vec<StationId> = Vec::new();
    for (all, share) in strata.into_values().zip(shares) {
        let mut ranked = all;
        ranked.sort_by_cached_key(|station| rank(&new.seed, &new.contest, station));
        stations.extend(ranked.into_iter().take(share as usize));
    }
    stations.sort();
    let lines: String = stations.iter().map(|station| format!("{station}\n")).collect();
    Ok(Drawn { digest: evidence::to_hex(&Sha256::digest(lines.as_bytes())), stations })
}

/// The digest by which stations are ordered: of the seed, the contest and the station's code, one a line.
pub(super) fn rank(seed: &str, contest: &ContestId, station: &StationId) -> [u8; 32] {
    Sha256::digest(format!("{seed}\n{contest}\n{station}\n").as_bytes()).into()
}

/// How many stations each stratum has in a sample: in proportion to its size, and at least two of those that
/// have two. What is left after rounding down goes to the largest remainders.
fn allocate(sizes: &[u32], size: u32) -> Result<Vec<u32>, DrawError> {
    let most: u32 = sizes.iter().sum();
    let floor: Vec<u32> = sizes.iter().map(|of| PER_STRATUM_MIN.min(*of)).collect();
    let least: u32 = floor.iter().sum();
    if size < least || size > most {
        return Err(DrawError::Size { least, most });
    }
    let exact = |of: u32| u64::from(of) * u64::from(size);
    let mut shares: Vec<u32> = sizes
        .iter()
        .zip(&floor)
        .map(|(of, least)| u32::try_from(exact(*of) / u64::from(most)).unwrap_or(*of).max(*least))
        .collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse((exact(sizes[*place]) % u64::from(most), sizes[*place])));
    // Rounded down there are too few, or too many because of the small strata.
    for place in order.iter().cycle() {
        let sum: u32 = shares.iter().sum();
        match sum.cmp(&size) {
            std::cmp::Ordering::Equal => break,
            std::cmp::Ordering::Less if shares[*place] < sizes[*place] => shares[*place] += 1,
            std::cmp::Ordering::Greater if shares[*place] > floor[*place] => shares[*place] -= 1,
            _ => {}
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_divided_in_proportion_and_leaves_no_stratum_with_one() {
        assert_eq!(allocate(&[100, 200, 700], 10).unwrap(), [2, 2, 6]);
        assert_eq!(allocate(&[100, 200, 700], 100).unwrap(), [10, 20, 70]);
        assert_eq!(allocate(&[1, 3, 996], 20).unwrap().iter().sum::<u32>(), 20);
        assert_eq!(allocate(&[1, 3, 996], 20).unwrap()[..2], [1, 2]);
        assert_eq!(allocate(&[5, 5], 10).unwrap(), [5, 5]);
        assert!(matches!(allocate(&[5, 5], 3), Err(DrawError::Size { least: 4, most: 10 })));
        assert!(allocate(&[5, 5], 11).is_err());
        assert!(matches!(allocate(&[], 0).as_deref(), Ok([])));
    }
}
