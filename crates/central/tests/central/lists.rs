//! A general election: contests of several kinds with districts, party lists and seats.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use central::store::Actor;
use central::view::{
    NewInvitation, RegionView, Role, SeatsView, SessionView, Standing, StationList, StationView, VoteRow,
};
use evidence::{Body as Said, Namespace, Sealed, Subject, TallyBody};
use protocol::{EnrolResponse, Outcome, ProblemCode, limit};
use serde_json::json;
use tally::{Choice, Column, ContestKind, Field, Paper, Quantity, StationId};

use crate::post::{Phone, Post, package_json};

/// The demo election with five contests.
pub(crate) fn general() -> serde_json::Value {
    package_json("demo-general.json")
}

/// The paper of a contest at a station.
pub(crate) fn paper_of(post: &Post, contest: &str, station: &StationId) -> Paper {
    post.endpoint.election().paper_of_kind(&contest.parse().unwrap(), station.kind()).unwrap()
}

/// A tally with these votes, in which everything adds up.
pub(crate) fn list_tally(paper: &Paper, votes: impl Fn(Choice) -> u32) -> TallyBody {
    let total = |party| {
        let list = paper.contest().list(party).unwrap();
        let candidates =
            list.candidates.iter().map(|candidate| Choice::ListCandidate(party, candidate.number));
        candidates.chain([Choice::PartyItself(party)]).map(&votes).sum::<u32>()
    };
    let of = |choice| match choice {
        Choice::List(party) => total(party),
        other => votes(other),
    };
    let pairs = paper.contest().candidates.iter().map(|candidate| Choice::Candidate(candidate.number));
    let lists = paper.contest().lists.iter().map(|list| Choice::List(list.party));
    let all: u32 = pairs.chain(lists).map(of).sum();
    let figure = |field: &Field| match (field.choice, field.counts) {
        (Some(choice), _) => of(choice),
        (None, Quantity::ValidVotes | Quantity::AllVotes | Quantity::UsersDpt | Quantity::UsersAll)
        | (
            None,
            Quantity::VotersDpt | Quantity::VotersAll | Quantity::BallotsReceived | Quantity::BallotsUsed,
        ) if field.column != Some(Column::P) => all,
        _ => 0,
    };
    TallyBody {
        contest: paper.contest().id.to_string(),
        package_version: 1,
        form: paper.form().id.to_string(),
        figures: paper.fields().iter().map(|field| Some(i64::from(figure(field)))).collect(),
        acknowledged: Vec::new(),
        supersedes: None,
        round: 1,
    }
}

pub(crate) fn seal(post: &Post, phone: &mut Phone, station: &StationId, body: TallyBody) -> Sealed {
    let election = post.endpoint.election().id.to_string();
    let subject = Subject { namespace: Namespace::Real, election, station: station.to_string() };
    phone.seal(subject, Said::Tally(body))
}

async fn region(post: &Post, cookie: &str, query: &str) -> RegionView {
    post.get(&format!("/api/regions{query}"), cookie).await.json()
}

fn row(view: &RegionView, choice: Choice) -> &VoteRow {
    let mut rows = view.votes.iter().flat_map(|row| std::iter::once(row).chain(&row.candidates));
    rows.find(|row| row.choice == choice).unwrap_or_else(|| panic!("no {choice}"))
}

fn station(text: &str) -> StationId {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_contest_is_where_its_district_is_and_nowhere_else() {
    let post = Post::of(&general());
    let cookie = post.user("admin", Role::Admin, None).await;
    let (selaparang, ampenan) = (station("52.71.05.1001-001"), station("52.71.01.1004-001"));

    // Denominators, regions below and lists have the stations of the district.
    let whole = region(&post, &cookie, "?contest=dprd-mataram-1").await;
    assert_eq!((whole.coverage.stations, whole.coverage.missing), (25, 25));
    assert_eq!(region(&post, &cookie, "?contest=ppwp").await.coverage.stations, 36);
    assert_eq!(region(&post, &cookie, "?kind=dprd_kabkota").await.coverage.stations, 36);
    let kota = region(&post, &cookie, "/52.71?contest=dprd-mataram-2").await;
    let below: Vec<&str> = kota.children.iter().map(|child| child.region.code.as_str()).collect();
    assert_eq!((below, kota.coverage.stations), (vec!["52.71.01"], 11));
    let stations: StationList = post.get("/api/stations?contest=dprd-mataram-2", &cookie).await.json();
    assert_eq!((stations.total, stations.stations.len()), (11, 11));
    assert!(stations.stations.iter().all(|row| row.station.to_string().starts_with("52.71.01.")));
    let missing: StationList =
        post.get("/api/stations?contest=dprd-mataram-2&standing=missing&sort=age", &cookie).await.json();
    assert_eq!(missing.total, 11);

    // A region shows the contests that are voted in it.
    let kinds = |view: &RegionView| -> Vec<(ContestKind, u32)> {
        view.kinds.iter().map(|kind| (kind.kind, kind.count)).collect()
    };
    use ContestKind::{Dpd, Dpr, DprdKabkota, DprdProvinsi, Ppwp};
    let all = |kabkota| [(Ppwp, 1), (Dpr, 1), (Dpd, 1), (DprdProvinsi, 1), (DprdKabkota, kabkota)];
    assert_eq!(kinds(&whole), all(2));
    let kecamatan = region(&post, &cookie, "/52.71.01?kind=dprd_kabkota").await;
    assert_eq!(kinds(&kecamatan), all(1));
    assert_eq!(kecamatan.contest.as_ref().map(|id| id.as_str()), Some("dprd-mataram-2"));
    let near = post.user("near", Role::Coordinator, Some("52.71.05")).await;
    let session: SessionView = post.get("/api/session", &near).await.json();
    assert_eq!(session.kinds[4].contests[0].contest.as_str(), "dprd-mataram-1");

    // Who is invited without naming contests gets those of the station.
    let named = |invitation: &NewInvitation| {
        let number = invitation.invitation;
        let state = post.endpoint.store().invitation(number).unwrap().unwrap();
        state.contests.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        named(&post.invite(&ampenan)),
        ["ppwp", "dpr-ntb-2", "dpd-ntb", "dprd-ntb-1", "dprd-mataram-2"]
    );
    let only: Vec<_> = ["dprd-mataram-1", "dprd-mataram-2"].map(|id| id.parse().unwrap()).into();
    let both = post.endpoint.invite(&[selaparang.clone(), ampenan.clone()], &only, &Actor::Operator).unwrap();
    assert_eq!((named(&both[0]), named(&both[1])), (vec![only[0].to_string()], vec![only[1].to_string()]));
    let wrong = json!({ "stations": [ampenan], "contests": ["dprd-mataram-1"] });
    let refused = post.post_json("/api/invitations", &cookie, wrong).await;
    assert_eq!(refused.code(), ProblemCode::ContestUnknown);

    // The slice of a phone has the papers of its station, and a tally of another is refused.
    let mut phone = Phone::new(1);
    let enrolled: EnrolResponse = post.enrol(&phone.asks_with(&post.invite(&ampenan).code)).await.json();
    assert_eq!(enrolled.election.contests.len(), 5);
    assert!(enrolled.election.contest(&"dprd-mataram-1".parse().unwrap()).is_none());
    let body = list_tally(&paper_of(&post, "dprd-mataram-1", &selaparang), |_| 1);
    let foreign = seal(&post, &mut phone, &ampenan, body);
    assert_eq!(post.push_one(&foreign.bytes).await, Err(ProblemCode::ContestUnknown));
    let page = post.get(&format!("/api/stations/{ampenan}?contest=dprd-mataram-1"), &cookie).await;
    assert_eq!(page.code(), ProblemCode::NotFound);
}

/// Votes that differ by choice and station.
fn votes_at(nth: u32) -> impl Fn(Choice) -> u32 {
    move |choice| match choice {
        Choice::ListCandidate(party, number) => u32::from(party) * nth + u32::from(number % 3),
        Choice::PartyItself(party) => u32::from(party) + nth,
        Choice::Candidate(number) => u32::from(number) * nth,
        Choice::List(_) => 0,
    }
}

#[tokio::test]
async fn lists_add_up_by_candidate_in_a_district_and_by_party_in_a_kind() {
    let post = Post::of(&general());
    let cookie = post.user("admin", Role::Admin, None).await;
    let places = [
        ("52.71.05.1001-001", "dprd-mataram-1"),
        ("52.71.05.1002-002", "dprd-mataram-1"),
        ("52.71.01.1004-001", "dprd-mataram-2"),
    ];
    let mut by_contest: BTreeMap<&str, BTreeMap<Choice, u64>> = BTreeMap::new();
    for (nth, (place, contest)) in (1_u8..).zip(places) {
        let place = station(place);
        let mut phone = post.phone_at(nth, &place).await;
        let paper = paper_of(&post, contest, &place);
        let body = list_tally(&paper, votes_at(nth.into()));
        for (field, figure) in paper.fields().iter().zip(&body.figures) {
            if let (Some(choice), Some(number)) = (field.choice, figure) {
                let sums = by_contest.entry(contest).or_default();
                *sums.entry(choice).or_default() += u64::try_from(*number).unwrap();
            }
        }
        post.push_one(&seal(&post, &mut phone, &place, body).bytes).await.unwrap();
    }
    for (contest, sums) in &by_contest {
        let view = region(&post, &cookie, &format!("?contest={contest}")).await;
        assert_eq!(view.contest.as_ref().map(|id| id.as_str()), Some(*contest));
        assert_eq!(view.coverage.flagged, 0, "everything adds up");
        for (choice, sum) in sums {
            let votes = match choice {
                Choice::PartyItself(party) => row(&view, Choice::List(*party)).party_itself.unwrap(),
                other => row(&view, *other).votes,
            };
            assert_eq!(votes.provisional, *sum, "{contest} {choice}");
        }
        let first: Vec<Choice> = view.votes.iter().map(|row| row.choice).collect();
        assert!(first.is_sorted() && first.iter().all(|choice| matches!(choice, Choice::List(_))));
    }
    // The whole election, the provinsi and the kota have two districts, and so the sums of parties.
    let kind_sum = |party| by_contest.values().filter_map(|sums| sums.get(&Choice::List(party))).sum::<u64>();
    for place in ["", "/52", "/52.71"] {
        let view = region(&post, &cookie, &format!("{place}?kind=dprd_kabkota")).await;
        assert_eq!((view.contest, view.kind), (None, ContestKind::DprdKabkota));
        assert_eq!((view.coverage.provisional, view.coverage.stations), (3, 36));
        assert_eq!(view.arrivals.iter().map(|step| step.tallies).sum::<u32>(), 3);
        let parties: Vec<u16> = view.votes.iter().filter_map(|row| row.party).collect();
        assert_eq!(parties, [1, 2, 3, 4, 5, 24]);
        for row in &view.votes {
            assert_eq!(row.votes.provisional, kind_sum(row.party.unwrap()), "{place} {}", row.choice);
            assert!(row.candidates.is_empty() && row.party_itself.is_none());
        }
        assert!(view.children.iter().map(|child| child.coverage.provisional).sum::<u32>() == 3);
    }
    let no_query = post.get("/api/regions", &cookie).await;
    assert_eq!(no_query.code(), ProblemCode::RequestMalformed);
    let both = post.get("/api/regions?contest=ppwp&kind=ppwp", &cookie).await;
    assert_eq!(both.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn the_stations_page_shows_a_section_for_each_list() {
    let post = Post::of(&general());
    let cookie = post.user("admin", Role::Admin, None).await;
    let here = station("52.71.01.1004-001");
    let paper = paper_of(&post, "dpr-ntb-2", &here);
    for seed in [1, 2] {
        let mut phone = post.phone_at(seed, &here).await;
        let body = list_tally(&paper, |choice| match choice {
            Choice::ListCandidate(3, 2) => 10 + u32::from(seed),
            _ => 5,
        });
        post.push_one(&seal(&post, &mut phone, &here, body).bytes).await.unwrap();
    }
    let page: StationView =
        post.get(&format!("/api/stations/{here}?contest=dpr-ntb-2"), &cookie).await.json();
    assert_eq!((page.standing, page.kind, page.contests.len()), (Standing::Conflicting, ContestKind::Dpr, 5));
    let lists: Vec<u16> = page.sections.iter().filter_map(|section| section.party).collect();
    assert_eq!(lists, [1, 2, 3, 4, 5, 24]);
    let differing: Vec<(Option<u16>, u32)> = page
        .sections
        .iter()
        .filter(|section| section.party.is_some() && section.differing > 0)
        .map(|section| (section.party, section.differing))
        .collect();
    assert_eq!(differing, [(Some(3), 2)], "one candidate, and the list's sum");
    let codes: Vec<String> = page.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(codes[..2], ["IV.3.A.2.2", "IV.3.B"], "{codes:?}");
    assert_eq!(page.pages.len(), paper.pages().len());
    let list: StationList =
        post.get("/api/stations?contest=dpr-ntb-2&standing=conflicting", &cookie).await.json();
    assert_eq!((list.total, usize::try_from(list.stations[0].pages).unwrap()), (1, paper.pages().len()));
}

#[tokio::test]
async fn seats_follow_from_the_sums_of_the_district_and_the_threshold_from_those_of_the_nation() {
    let post = Post::of(&general());
    let cookie = post.user("admin", Role::Admin, None).await;
    let here = station("52.71.01.1004-001");
    let mut phone = post.phone_at(1, &here).await;
    // Party 5 has 3 of 103 votes: under 4 % for the DPR, and no threshold for a DPRD.
    let votes = |choice| match choice {
        Choice::PartyItself(1) => 60,
        Choice::PartyItself(2) => 40,
        Choice::PartyItself(5) => 3,
        _ => 0,
    };
    for contest in ["dpr-ntb-2", "dprd-ntb-1"] {
        let body = list_tally(&paper_of(&post, contest, &here), votes);
        post.push_one(&seal(&post, &mut phone, &here, body).bytes).await.unwrap();
    }
    let seats = async |contest: &str| -> SeatsView {
        post.get(&format!("/api/seats?contest={contest}"), &cookie).await.json()
    };
    let of = |view: &SeatsView, party: u16| {
        let found = view.allocation.parties.iter().find(|found| found.party == party).unwrap();
        (found.votes, found.seats, found.takes_part)
    };
    let dpr = seats("dpr-ntb-2").await;
    assert_eq!((of(&dpr, 1), of(&dpr, 2), of(&dpr, 5)), ((60, 5, true), (40, 3, true), (3, 0, false)));
    assert_eq!((dpr.coverage.provisional, dpr.coverage.missing), (1, 35), "sums of one station");
    let threshold = dpr.threshold.unwrap();
    assert_eq!((threshold.permille, threshold.coverage.stations), (40, 36));
    assert_eq!(dpr.names[0], "Partai Fajar Nusa");
    let dprd = seats("dprd-ntb-1").await;
    assert_eq!((of(&dprd, 5), dprd.threshold), ((3, 0, true), None));
    assert_eq!(dprd.allocation.parties.iter().map(|party| party.seats).sum::<u16>(), 8);
    assert_eq!(seats("ppwp").await.allocation.parties.len(), 0, "no lists, no seats to divide");

    // The sums of the whole district are for those who see all of it.
    let near = post.user("near", Role::Coordinator, Some("52.71.01")).await;
    assert_eq!(post.get("/api/seats?contest=dprd-mataram-2", &near).await.status, StatusCode::OK);
    for outside in ["dpr-ntb-2", "dprd-mataram-1", "ppwp"] {
        let refused = post.get(&format!("/api/seats?contest={outside}"), &near).await;
        assert_eq!(refused.code(), ProblemCode::Forbidden, "{outside}");
    }
}

/// A file of real figures, if the machine has it.
fn real(file: &str) -> Option<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/results");
    std::fs::read_to_string(root.join(file)).ok()
}

/// The votes of a station in a file, or nothing where its row is blank.
type RealStation = (StationId, Option<BTreeMap<Choice, u32>>);

fn station_of_2024(code: &str) -> StationId {
    let parts = [&code[..2], &code[2..4], &code[4..6], &code[6..10]];
    station(&format!("{}-{}", parts.join("."), &code[10..]))
}

/// Totals of parties at 976 stations of Cilacap; 306 of them had not been read.
fn dprd_of_cilacap(text: &str) -> Vec<RealStation> {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let parties: Vec<(usize, u16)> = head
        .iter()
        .enumerate()
        .filter_map(|(column, name)| {
            Some((column, name.strip_prefix("partai_")?.strip_suffix("_total")?.parse().ok()?))
        })
        .collect();
    lines
        .map(|cells| {
            let votes =
                |&(column, party): &(usize, u16)| Some((Choice::List(party), cells[column].parse().ok()?));
            let votes = (cells[6] == "angka").then(|| parties.iter().filter_map(votes).collect());
            (station_of_2024(cells[2]), votes)
        })
        .collect()
}

/// Votes of candidates at 65 stations of Palembang.
fn dpr_of_palembang(text: &str) -> Vec<RealStation> {
    let mut stations: BTreeMap<StationId, BTreeMap<Choice, u32>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let choice = Choice::ListCandidate(cells[2].parse().unwrap(), cells[3].parse().unwrap());
        let votes = stations.entry(station_of_2024(cells[1])).or_default();
        votes.insert(choice, cells[4].parse().unwrap());
    }
    stations.into_iter().map(|(station, votes)| (station, Some(votes))).collect()
}

/// A package of these stations with one contest of lists.
fn package_of(kind: &str, form: &str, stations: &[RealStation]) -> serde_json::Value {
    let mut numbers: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    let mut regions: BTreeMap<String, ()> = BTreeMap::new();
    let mut lists: BTreeMap<u16, BTreeMap<u16, ()>> = BTreeMap::new();
    for (station, votes) in stations {
        numbers.entry(station.desa().to_string()).or_default().push(station.number());
        regions.extend(station.desa().path().into_iter().map(|code| (code.to_string(), ())));
        for choice in votes.iter().flatten().map(|(choice, _)| choice) {
            let list = lists.entry(choice.party().unwrap()).or_default();
            list.extend(choice.candidate().map(|number| (number, ())));
        }
    }
    let candidate =
        |party: u16, number: u16| json!({ "number": number, "names": [format!("Calon {party} {number}")] });
    let lists: Vec<_> = lists
        .iter()
        .map(|(party, candidates)| {
            let candidates: Vec<_> = candidates.keys().map(|number| candidate(*party, *number)).collect();
            json!({ "party": party, "candidates": candidates })
        })
        .collect();
    let parties: Vec<_> = lists
        .iter()
        .map(|list| json!({ "number": list["party"], "name": format!("Partai {}", list["party"]) }))
        .collect();
    let blocks: Vec<_> = numbers
        .iter_mut()
        .map(|(desa, numbers)| {
            numbers.sort_unstable();
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            json!({ "desa": desa, "numbers": numbers.join(",") })
        })
        .collect();
    let regions: Vec<_> =
        regions.keys().map(|code| json!({ "code": code, "name": format!("Wilayah {code}") })).collect();
    let title = json!({ "id": "Contoh", "en": "Example" });
    json!({
        "format": "saksi-election/2", "id": "real", "version": 1, "title": title, "date": "2024-02-14",
        "station_voters_max": 300, "parties": parties, "regions": regions, "stations": blocks,
        "contests": [{
            "id": "c", "kind": kind, "title": title, "short_title": title, "form": form, "seats": 8,
            "lists": lists,
        }],
    })
}

/// Sends the votes of these stations from one phone.
async fn send_all(post: &Post, seed: u8, stations: &[RealStation]) {
    let mut phone = post.phone_at(seed, &stations[0].0).await;
    let device = phone.key.public().device_id();
    let mut push = Vec::new();
    for (station, votes) in stations {
        post.endpoint.assign(device, station, &[], &Actor::Operator).unwrap();
        let Some(votes) = votes else { continue };
        let paper = paper_of(post, "c", station);
        let mut body = list_tally(&paper, |_| 0);
        for (field, figure) in paper.fields().iter().zip(&mut body.figures) {
            *figure = field.choice.and_then(|choice| votes.get(&choice)).map(|number| i64::from(*number));
        }
        push.push(seal(post, &mut phone, station, body).bytes);
    }
    for batch in push.chunks(limit::STATEMENTS_PER_PUSH) {
        let batch: Vec<&[u8]> = batch.iter().map(Vec::as_slice).collect();
        let outcomes = post.push(&batch).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })), "{outcomes:?}");
    }
}

/// Sends the votes of every station, and compares the sums of the whole and of each kecamatan and desa with
/// those that are made straight from the file.
async fn sums_equal_the_file(kind: &str, form: &str, stations: &[RealStation]) {
    let post = Post::of(&package_of(kind, form, stations));
    let cookie = post.user("admin", Role::Admin, None).await;
    // A phone may send 600 statements a minute.
    for (seed, part) in (1..).zip(stations.chunks(300)) {
        send_all(&post, seed, part).await;
    }
    let mut sums: BTreeMap<String, (u32, BTreeMap<Choice, u64>)> = BTreeMap::new();
    for (station, votes) in stations {
        for place in station.desa().path().iter().map(|code| format!("/{code}")).chain([String::new()]) {
            let (counted, sum) = sums.entry(place).or_default();
            *counted += u32::from(votes.is_some());
            for (choice, number) in votes.iter().flatten() {
                *sum.entry(*choice).or_default() += u64::from(*number);
                if let Choice::ListCandidate(party, _) = choice {
                    *sum.entry(Choice::List(*party)).or_default() += u64::from(*number);
                }
            }
        }
    }
    for (place, (counted, sum)) in &sums {
        let view = region(&post, &cookie, &format!("{place}?contest=c")).await;
        assert_eq!(view.coverage.provisional, *counted, "{place}");
        assert_eq!(
            view.coverage.missing,
            view.coverage.stations - counted,
            "a blank row stays blank: {place}"
        );
        for (choice, sum) in sum {
            assert_eq!(row(&view, *choice).votes.provisional, *sum, "{place} {choice}");
        }
    }
    let special = stations.iter().filter(|(station, _)| station.number() > 900).count();
    let found: StationList = post.get("/api/stations?contest=c&search=-9", &cookie).await.json();
    assert!(usize::try_from(found.total).unwrap() >= special);
}

#[tokio::test]
async fn totals_by_party_of_real_stations_equal_the_sums_of_their_file() {
    let Some(text) = real("legislative_tps.csv") else { return };
    let stations = dprd_of_cilacap(&text);
    let blank = stations.iter().filter(|(_, votes)| votes.is_none()).count();
    assert_eq!((stations.len(), blank), (976, 306));
    assert_eq!(stations.iter().filter(|(station, _)| station.number() > 900).count(), 15);
    sums_equal_the_file("dprd_provinsi", "c-hasil-dprd-prov-2024", &stations).await;
}

#[tokio::test]
async fn totals_by_candidate_of_real_stations_equal_the_sums_of_their_file() {
    let Some(text) = real("legislative_tps_dpr_candidates.csv") else { return };
    let stations = dpr_of_palembang(&text);
    let figures: usize = stations.iter().flat_map(|(_, votes)| votes).map(BTreeMap::len).sum();
    assert_eq!((stations.len(), figures), (65, 9_230));
    sums_equal_the_file("dpr", "c-hasil-dpr-2024", &stations).await;
}
