//! The review queue: the stations of a region and contest at which a person should look, of highest
//! consequence first. A reviewer who takes one has it alone until they decide, give it back, or leave it for
//! too long.

use std::cmp::Reverse;

use tally::{Choice, Contest, RegionCode, StationId};

use super::consequence::consequence;
use crate::counting::region::region_total;
use crate::endpoint::Endpoint;
use crate::model::count::RegionTotal;
use crate::model::count::u32_of;
use crate::refusal::Refusal;
use crate::store::{DoubtfulStation, LeaseRequest, QueueRange, StationRange, User};
use crate::view::{QueueItem, QueueView};

/// Time for which a station belongs to the reviewer who took it, in milliseconds. An open screen takes it
/// again.
const LEASE_MS: i64 = 5 * 60 * 1_000;
/// Time for which a station is put off, in milliseconds.
const SKIP_MS: i64 = 15 * 60 * 1_000;
/// Maximum number of stations that are weighed: those with the most votes that may be wrong.
const WEIGHED_MAX: usize = 20_000;
/// Number of stations on the screen.
const SHOWN: usize = 60;
/// Number of stations that are tried, because others may take them at the same moment.
const TRIED: usize = 40;

/// The part of the election that a queue is of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueOf<'a> {
    pub(crate) contest: &'a Contest,
    pub(crate) region: Option<&'a RegionCode>,
}

/// A station with its consequence.
struct Weighed {
    station: DoubtfulStation,
    consequence: u32,
}

/// The stations in doubt at one moment.
struct Queue {
    /// Votes between the first two of the contest in the region.
    margin: u64,
    /// Highest consequence first; what the user put off is last.
    weighed: Vec<Weighed>,
    /// Number of all of them, also of those that were not weighed.
    total: u64,
}

impl Queue {
    /// The first stations that nobody else has and the user did not put off.
    fn free(&self, user: &User) -> Vec<StationId> {
        let is_free = |one: &&Weighed| {
            let holder = one.station.holder.as_ref();
            !one.station.skipped && holder.is_none_or(|holder| *holder == user.name)
        };
        let free = self.weighed.iter().filter(is_free).take(TRIED);
        free.map(|one| one.station.station.clone()).collect()
    }
}

impl Endpoint {
    /// The queue as a user sees it.
    pub(crate) fn queue_view(&self, of: QueueOf<'_>, user: &User) -> Result<QueueView, Refusal> {
        self.view_of(&self.queue(of, user)?, of.contest, user)
    }

    /// Takes the next station, or the named one. Gives the queue with the station that the user now has.
    pub(crate) fn take_from_queue(
        &self,
        of: QueueOf<'_>,
        wanted: Option<StationId>,
        user: &User,
    ) -> Result<QueueView, Refusal> {
        let queue = self.queue(of, user)?;
        let candidates = match wanted {
            Some(station) => vec![station],
            None => queue.free(user),
        };
        let now_ms = self.now_ms();
        let request = LeaseRequest {
            contest: &of.contest.id,
            account: &user.name,
            now_ms,
            until_ms: now_ms + LEASE_MS,
        };
        self.store().lease_first(&candidates, request)?;
        self.view_of(&queue, of.contest, user)
    }

    /// Puts a station off for a user.
    pub(crate) fn skip_in_queue(
        &self,
        contest: &Contest,
        station: &StationId,
        user: &User,
    ) -> Result<(), Refusal> {
        let now_ms = self.now_ms();
        Ok(self.store().skip_station(&contest.id, station, &user.name, now_ms, now_ms + SKIP_MS)?)
    }

    /// The stations in doubt, of highest consequence first.
    fn queue(&self, of: QueueOf<'_>, user: &User) -> Result<Queue, Refusal> {
        let now_ms = self.now_ms();
        let margin = margin(of.contest, &region_total(self, of.contest, of.region)?);
        let range = StationRange::of_region(of.region);
        let range = QueueRange { contest: &of.contest.id, stations: &range };
        let (stations, total) = self.store().doubtful_stations(range, &user.name, now_ms, WEIGHED_MAX)?;
        let weigh = |station: DoubtfulStation| {
            let consequence = consequence(&station.doubt, margin, now_ms);
            Weighed { station, consequence }
        };
        let mut weighed: Vec<Weighed> = stations.into_iter().map(weigh).collect();
        // The store gives them by station where votes are equal, and a stable order keeps that.
        weighed.sort_by_key(|one| (one.station.skipped, Reverse(one.consequence)));
        Ok(Queue { margin, weighed, total })
    }

    fn view_of(&self, queue: &Queue, contest: &Contest, user: &User) -> Result<QueueView, Refusal> {
        let Queue { margin, weighed, total } = queue;
        let number = |has: fn(&Weighed) -> bool| u32_of(weighed.iter().filter(|one| has(one)).count());
        Ok(QueueView {
            total: *total,
            conflicting: number(|one| one.station.doubt.conflicts > 0),
            faulty: number(|one| one.station.doubt.faults > 0),
            misread: number(|one| one.station.doubt.misread > 0),
            margin: *margin,
            held: self.store().leased(&contest.id, &user.name, self.now_ms())?,
            items: weighed.iter().take(SHOWN).map(|one| self.queue_item(one, user)).collect(),
        })
    }

    fn queue_item(&self, Weighed { station: found, consequence }: &Weighed, user: &User) -> QueueItem {
        let doubt = found.doubt;
        QueueItem {
            station: found.station.clone(),
            desa: self.package().region_name(found.station.desa()),
            consequence: *consequence,
            votes: doubt.votes,
            conflicts: doubt.conflicts,
            faults: doubt.faults,
            misread: doubt.misread,
            since_ms: doubt.since_ms,
            holder: found.holder.clone().filter(|holder| *holder != user.name),
            skipped: found.skipped,
        }
    }
}

/// The votes between the first two of a contest: lists where there are lists, candidates otherwise.
fn margin(contest: &Contest, total: &RegionTotal) -> u64 {
    let of_lists = contest.kind.has_lists();
    let is_meant = |choice: &Choice| !of_lists || matches!(choice, Choice::List(_));
    let meant = total.votes.iter().filter(|(choice, _)| is_meant(choice));
    let mut votes: Vec<u64> = meant.map(|(_, votes)| votes.all()).collect();
    votes.sort_unstable_by_key(|votes| Reverse(*votes));
    match votes[..] {
        [first, second, ..] => first - second,
        [only] => only,
        [] => 0,
    }
}
