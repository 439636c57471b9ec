//! The order of the review queue: how much depends on a station. Pure: what is in doubt, the margin and the
//! time in; a number out.
//!
//! A thousand points are shared so, by what a wrong station can do to the result first, and by how sure it is
//! that something is wrong second:
//!
//! | points | for |
//! | --- | --- |
//! | 500 | the votes that may be wrong, against those between the first two of the contest in the region |
//! | 200 | faults in the checks, from four on |
//! | 150 | figures for which witnesses state different numbers, from five on |
//! | 100 | figures that a device read differently in the photo, from five on |
//! | 50 | waiting, from five hours on |

use crate::model::review::Doubt;

/// Points of the votes that may be wrong, if they are as many as the margin.
const VOTES: u64 = 500;
const FAULTS: u64 = 200;
const FAULTS_MOST: u64 = 4;
const CONFLICTS: u64 = 150;
const CONFLICTS_MOST: u64 = 5;
const MISREAD: u64 = 100;
const MISREAD_MOST: u64 = 5;
const WAITING: u64 = 50;
/// Time after which waiting has all its points, in milliseconds: five hours.
const WAITING_MOST_MS: u64 = 5 * 60 * 60 * 1_000;
/// The least margin. Before anything is counted, and in a tie, every vote decides.
const MARGIN_LEAST: u64 = 100;

/// The consequence of a station, from 0 to 1,000.
pub(super) fn consequence(doubt: &Doubt, margin: u64, now_ms: i64) -> u32 {
    let waited = u64::try_from(now_ms.saturating_sub(doubt.since_ms)).unwrap_or(0);
    let points = share(VOTES, doubt.votes.into(), margin.max(MARGIN_LEAST))
        + share(FAULTS, doubt.faults.into(), FAULTS_MOST)
        + share(CONFLICTS, doubt.conflicts.into(), CONFLICTS_MOST)
        + share(MISREAD, doubt.misread.into(), MISREAD_MOST)
        + share(WAITING, waited, WAITING_MOST_MS);
    u32::try_from(points).unwrap_or(u32::MAX)
}

/// The part of the points that a number has of the one from which on all are given.
fn share(points: u64, number: u64, most: u64) -> u64 {
    points * number.min(most) / most
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Doubt = Doubt { votes: 0, conflicts: 0, faults: 0, misread: 0, since_ms: 0 };

    #[test]
    fn what_can_change_the_result_comes_first() {
        let faulty = Doubt { faults: 9, conflicts: 0, ..NOTHING };
        let of_consequence = Doubt { votes: 600, conflicts: 1, ..NOTHING };
        assert!(consequence(&of_consequence, 1_000, 0) > consequence(&faulty, 1_000, 0));
        // Where the margin is wide, the same votes weigh less than the faults.
        assert!(consequence(&of_consequence, 1_000_000, 0) < consequence(&faulty, 1_000_000, 0));
    }

    #[test]
    fn every_part_has_its_points_and_no_more() {
        let one = |doubt: Doubt| consequence(&doubt, 1_000, 0);
        assert_eq!(one(Doubt { votes: u32::MAX, ..NOTHING }), 500);
        assert_eq!(one(Doubt { faults: u32::MAX, ..NOTHING }), 200);
        assert_eq!(one(Doubt { conflicts: u32::MAX, ..NOTHING }), 150);
        assert_eq!(one(Doubt { misread: u32::MAX, ..NOTHING }), 100);
        assert_eq!(consequence(&NOTHING, 1_000, i64::MAX), 50);
        assert_eq!(consequence(&Doubt { since_ms: 10, ..NOTHING }, 1_000, 0), 0, "a clock that went back");
        let all = Doubt { votes: 1_000, faults: 4, conflicts: 5, misread: 5, since_ms: 0 };
        assert_eq!(consequence(&all, 1_000, i64::MAX), 1_000);
    }
}
