//! From what arrived to what the console shows: regions, lists, the station's page.

use axum::http::StatusCode;
use central::store::Actor;
use central::view::{RegionView, Role, Standing, StationList, StationView, Votes};
use evidence::Sealed;
use protocol::ProblemCode;
use tally::Figure;

use crate::post::{Phone, Post, correction, hash_of, picture, sound_tally};

async fn region(post: &Post, cookie: &str, path: &str) -> RegionView {
    post.get(&format!("/api/regions{path}?contest=ppwp"), cookie).await.json()
}

async fn stations(post: &Post, cookie: &str, query: &str) -> StationList {
    post.get(&format!("/api/stations?contest=ppwp{query}"), cookie).await.json()
}

/// Station 0 corroborated, 1 provisional and then corrected, 2 conflicting, 3 heard of from a stranger only.
async fn an_evening(post: &Post) -> Sealed {
    let paper = post.paper();
    let mut phones = Vec::new();
    for (seed, place) in [(1, 0), (2, 0), (3, 1), (4, 2), (5, 2)] {
        phones.push(post.phone_at(seed, &post.station(place)).await);
    }
    let mut push = Vec::new();
    let mut say = |phone: &mut Phone, place: usize, votes| {
        let sealed = phone.tally(&post.station(place), sound_tally(&paper, votes));
        push.push(sealed.bytes.clone());
        sealed
    };
    say(&mut phones[0], 0, [10, 20, 30]);
    say(&mut phones[1], 0, [10, 20, 30]);
    let first = say(&mut phones[2], 1, [1, 2, 3]);
    say(&mut phones[3], 2, [7, 7, 7]);
    say(&mut phones[4], 2, [7, 7, 8]);
    say(&mut phones[0], 3, [100, 100, 100]);
    let corrected = phones[2].tally(&post.station(1), correction(&paper, [1, 2, 4], first.id, "salah baca"));
    push.push(corrected.bytes.clone());
    for bytes in &push {
        post.clock.advance(60_000);
        post.push_one(bytes).await.unwrap();
    }
    corrected
}

#[tokio::test]
async fn a_region_adds_up_what_counts_and_says_of_which_kind_it_is() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let empty = region(&post, &cookie, "").await;
    assert_eq!(empty.coverage.missing, empty.coverage.stations);
    assert_eq!(empty.coverage.stations, post.endpoint.election().station_count());
    assert!(empty.arrivals.is_empty());

    an_evening(&post).await;
    let whole = region(&post, &cookie, "").await;
    let coverage = whole.coverage;
    assert_eq!((coverage.corroborated, coverage.provisional, coverage.conflicting), (1, 1, 1));
    assert_eq!(coverage.missing, coverage.stations - 3);
    assert_eq!(coverage.flagged, 0);
    let votes: Vec<Votes> = whole.votes.iter().map(|candidate| candidate.votes).collect();
    let of = |corroborated, provisional| Votes { verified: 0, corroborated, provisional };
    assert_eq!(votes, [of(10, 1), of(20, 2), of(30, 4)]);
    assert_eq!(whole.children.len(), 1, "one provinsi");
    assert_eq!(whole.children[0].coverage, coverage);
    assert_eq!(whole.arrivals.iter().map(|step| step.tallies).sum::<u32>(), 7);

    // Down to the desa, each level's children add up to it.
    let kecamatan = region(&post, &cookie, "/52.71.05").await;
    assert_eq!(kecamatan.path.len(), 3);
    assert_eq!(kecamatan.coverage, coverage);
    assert_eq!(
        kecamatan.children.iter().map(|child| child.coverage.stations).sum::<u32>(),
        coverage.stations
    );
    let desa = kecamatan.children[0].region.code.to_string();
    assert!(region(&post, &cookie, &format!("/{desa}")).await.children.is_empty());
    let nowhere = post.get("/api/regions/11?contest=ppwp", &cookie).await;
    assert_eq!(nowhere.code(), ProblemCode::NotFound);
    let no_contest = post.get("/api/regions?contest=dpd", &cookie).await;
    assert_eq!(no_contest.code(), ProblemCode::ContestUnknown);
}

#[tokio::test]
async fn a_fault_and_a_late_assignment_are_seen_in_the_roll_up() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let mut phone = Phone::new(1);
    let elsewhere = post.invite(&post.station(5));
    post.enrol(&phone.asks_with(&elsewhere.code)).await;
    let mut body = sound_tally(&post.paper(), [10, 20, 30]);
    let valid = post.paper().fields().iter().position(|field| field.code.as_str() == "V.A").unwrap();
    body.figures[valid] = Some(61);
    let sealed = phone.tally(&post.station(0), body);
    post.push_one(&sealed.bytes).await.unwrap();
    assert_eq!(region(&post, &cookie, "").await.coverage.provisional, 0, "stored, but it does not count");
    let page: StationView =
        post.get(&format!("/api/stations/{}?contest=ppwp", post.station(0)), &cookie).await.json();
    assert_eq!((page.standing, page.tallies[0].assigned), (Standing::Missing, false));

    let invitation = post.invite(&post.station(0));
    post.enrol(&phone.asks_with(&invitation.code)).await;
    let coverage = region(&post, &cookie, "").await.coverage;
    assert_eq!((coverage.provisional, coverage.flagged), (1, 1));
}

#[tokio::test]
async fn the_list_of_stations_is_filtered_searched_and_paged() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    an_evening(&post).await;
    let all = stations(&post, &cookie, "").await;
    assert_eq!(all.total, post.endpoint.election().station_count());
    assert!(all.stations.windows(2).all(|two| two[0].station < two[1].station));
    assert_eq!(all.next, None);
    let standings: Vec<Standing> = all.stations[..4].iter().map(|row| row.standing).collect();
    use Standing::{Conflicting, Corroborated, Missing, Provisional};
    assert_eq!(standings, [Corroborated, Provisional, Conflicting, Missing]);
    assert_eq!((all.stations[0].witnesses, all.stations[0].tallies), (2, 2));
    assert_eq!((all.stations[3].witnesses, all.stations[3].tallies), (0, 1));

    let conflicting = stations(&post, &cookie, "&standing=conflicting").await;
    assert_eq!((conflicting.total, &conflicting.stations[0].station), (1, &post.station(2)));
    let found = stations(&post, &cookie, &format!("&search={}", post.station(1))).await;
    assert_eq!((found.total, &found.stations[0].station), (1, &post.station(1)));
    let desa = stations(
        &post,
        &cookie,
        &format!("&search={}", all.stations[0].desa.to_uppercase().replace(' ', "%20")),
    )
    .await;
    assert!(desa.total > 0 && desa.stations.iter().all(|row| row.desa.contains(&all.stations[0].desa)));
    let rest = stations(&post, &cookie, &format!("&after={}", all.stations[1].station)).await;
    assert_eq!(rest.stations, all.stations[2..]);
    assert_eq!(rest.total, all.total);
    let long = "x".repeat(101);
    let refused = post.get(&format!("/api/stations?contest=ppwp&search={long}"), &cookie).await;
    assert_eq!(refused.code(), ProblemCode::RequestMalformed);
}

/// A sound tally with other figures in some fields.
fn tally_with(post: &Post, changes: &[(&str, Option<i64>)]) -> evidence::TallyBody {
    let paper = post.paper();
    let mut body = sound_tally(&paper, [10, 20, 30]);
    for (code, figure) in changes {
        let index = paper.fields().iter().position(|field| field.code.as_str() == *code).unwrap();
        body.figures[index] = *figure;
    }
    body
}

#[tokio::test]
async fn a_second_witness_removes_votes_only_by_a_contradiction_in_a_figure_that_decides() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    use Standing::{Conflicting, Corroborated, Provisional};
    let invalid = tally_with(&post, &[]).figures
        [post.paper().fields().iter().position(|field| field.code.as_str() == "V.B").unwrap()]
    .unwrap();
    type Changes<'a> = &'a [(&'a str, Option<i64>)];
    let cases: [(Changes<'_>, Standing, &[&str]); 5] = [
        (&[("III.J", Some(-1))], Corroborated, &[]),
        (&[("I.A.L", Some(1)), ("II.1", None)], Corroborated, &[]),
        (&[("V.B", None)], Provisional, &[]),
        (&[("IV.2", Some(21))], Conflicting, &["IV.2"]),
        (&[("IV.2", Some(21)), ("V.B", Some(invalid + 1))], Conflicting, &["IV.2", "V.B"]),
    ];
    for (place, (changes, ..)) in (0_u8..).zip(&cases) {
        let station = post.station(place.into());
        for (seed, body) in
            [(2 * place + 1, tally_with(&post, &[])), (2 * place + 2, tally_with(&post, changes))]
        {
            let mut phone = post.phone_at(seed, &station).await;
            post.push_one(&phone.tally(&station, body).bytes).await.unwrap();
        }
    }
    let list = stations(&post, &cookie, "").await;
    for (row, (changes, standing, conflicts)) in list.stations.iter().zip(cases) {
        let page: StationView =
            post.get(&format!("/api/stations/{}?contest=ppwp", row.station), &cookie).await.json();
        let codes = |fields: &[tally::FieldCode]| fields.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!((row.standing, page.standing), (standing, standing), "{changes:?}");
        assert_eq!(
            (codes(&row.conflicts), codes(&page.conflicts)),
            (codes(&page.conflicts), conflicts.iter().copied().map(String::from).collect()),
            "{changes:?}"
        );
        // Every difference is shown, whether it decides or not.
        let differs = page.sections.iter().flat_map(|section| &section.fields).filter(|row| row.differs);
        assert_eq!(differs.count(), changes.len(), "{changes:?}");
    }
    let whole = region(&post, &cookie, "").await;
    let votes = whole.votes[1].votes;
    assert_eq!((votes.corroborated, votes.provisional), (40, 20), "{votes:?}");
}

/// Station 0 has two faults and news first, 1 is sound, 2 has one fault and the latest news, 3 has all photos
/// and no faults, 4 has a witness and no news.
async fn an_evening_with_faults(post: &Post) {
    for (seed, place, faults) in [(1, 0, 2), (2, 1, 0), (3, 3, 0), (4, 2, 1)] {
        let station = post.station(place);
        let mut phone = post.phone_at(seed, &station).await;
        let changes: &[(&str, Option<i64>)] = match faults {
            0 => &[],
            1 => &[("V.A", Some(61))],
            _ => &[("V.A", Some(61)), ("I.A.J", Some(9))],
        };
        let tally = phone.tally(&station, tally_with(post, changes));
        post.clock.advance(60_000);
        post.push_one(&tally.bytes).await.unwrap();
        if place == 3 {
            for page in 1..=u8::try_from(post.paper().pages().len()).unwrap() {
                let bytes = picture(page, 30);
                post.push_one(&phone.photo(&station, tally.id, page, &bytes).bytes).await.unwrap();
                assert_eq!(post.photo_piece(hash_of(&bytes), 0, &bytes).await.status, StatusCode::NO_CONTENT);
            }
        }
    }
    post.phone_at(5, &post.station(4)).await;
}

#[tokio::test]
async fn flags_and_missing_photos_filter_the_list_to_the_numbers_of_the_overview() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    an_evening_with_faults(&post).await;
    let coverage = region(&post, &cookie, "").await.coverage;
    assert_eq!((coverage.flagged, coverage.photographed), (2, 1));
    let ids =
        |list: &StationList| -> Vec<_> { list.stations.iter().map(|row| row.station.clone()).collect() };

    let flagged = stations(&post, &cookie, "&flagged=true").await;
    assert_eq!(flagged.total, coverage.flagged);
    assert_eq!(ids(&flagged), [post.station(0), post.station(2)]);
    let missing = stations(&post, &cookie, "&missing_photos=true").await;
    assert_eq!(missing.total, coverage.stations - coverage.photographed);
    assert!(!ids(&missing).contains(&post.station(3)));
    assert_eq!(ids(&missing).len(), usize::try_from(missing.total).unwrap());

    // Conditions combine with each other, with a search text, a region and an order.
    let both = stations(&post, &cookie, "&standing=provisional&missing_photos=true&sort=age").await;
    assert_eq!((both.total, ids(&both)), (3, vec![post.station(0), post.station(1), post.station(2)]));
    let found = stations(&post, &cookie, &format!("&flagged=true&search={}", post.station(2))).await;
    assert_eq!((found.total, ids(&found)), (1, vec![post.station(2)]));
    let near = stations(&post, &cookie, "&region=52.71&flagged=true&sort=flags").await;
    assert_eq!((near.total, ids(&near)), (2, vec![post.station(0), post.station(2)]));
    let nothing = stations(&post, &cookie, "&standing=missing&flagged=true").await;
    assert_eq!((nothing.total, nothing.stations.len()), (0, 0));
    let wrong = post.get("/api/stations?contest=ppwp&sort=colour", &cookie).await;
    assert_eq!(wrong.code(), ProblemCode::RequestMalformed);
}

#[tokio::test]
async fn the_list_is_ordered_by_age_and_by_flags_and_pages_join_without_a_gap() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    an_evening_with_faults(&post).await;
    let ids =
        |list: &StationList| -> Vec<_> { list.stations.iter().map(|row| row.station.clone()).collect() };
    // The whole election is read by the store's index, and a kabupaten is sorted.
    for region in ["", "&region=52", "&region=52.71"] {
        let by_age = stations(&post, &cookie, &format!("&sort=age{region}")).await;
        let ages: Vec<Option<i64>> = by_age.stations.iter().map(|row| row.last_at_ms).collect();
        assert!(ages.is_sorted(), "{ages:?}");
        assert_eq!(by_age.stations[0].station, post.station(4), "no news comes first");
        assert_eq!(usize::try_from(by_age.total).unwrap(), by_age.stations.len());
        let with_news = ids(&by_age).into_iter().rev().take(4).rev().collect::<Vec<_>>();
        assert_eq!(with_news, [0, 1, 3, 2].map(|place| post.station(place)));

        let by_flags = stations(&post, &cookie, &format!("&sort=flags{region}")).await;
        assert_eq!(ids(&by_flags)[..4], [0, 2, 1, 3].map(|place| post.station(place)));
        assert_eq!(by_flags.total, by_age.total);

        // A page that begins after any station has the rest, in each order.
        for (sort, list) in [("age", &by_age), ("flags", &by_flags)] {
            for (index, row) in list.stations.iter().enumerate() {
                let key = match sort {
                    "age" => row.last_at_ms.unwrap_or(i64::MIN),
                    _ => -i64::from(row.faults),
                };
                let after = format!("&after={key}~{}", row.station);
                let rest = stations(&post, &cookie, &format!("&sort={sort}{region}{after}")).await;
                assert_eq!(ids(&rest), ids(list)[index + 1..], "{sort} after {index}");
                assert_eq!(rest.total, list.total);
            }
        }
    }
}

#[tokio::test]
async fn the_stations_page_holds_figures_beside_photos() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let corrected = an_evening(&post).await;
    let page: StationView =
        post.get(&format!("/api/stations/{}?contest=ppwp", post.station(1)), &cookie).await.json();
    assert_eq!(page.standing, Standing::Provisional);
    assert_eq!(page.path.len(), 4);
    assert_eq!(
        (page.previous, page.next.is_some() || page.station != post.station(0)),
        (Some(post.station(0)), true)
    );
    assert_eq!(page.tallies.len(), 2);
    assert_eq!((page.tallies[0].superseded, page.tallies[1].superseded), (true, false));
    assert_eq!(page.tallies[1].correction_reason.as_deref(), Some("salah baca"));
    assert_eq!(page.tallies[1].statement, corrected.id.to_string());
    assert_eq!(page.tallies[0].witness, "A");
    let third =
        page.sections.iter().flat_map(|section| &section.fields).find(|row| row.field.as_str() == "IV.3");
    let third = third.unwrap();
    assert_eq!(third.figures, [Some(Figure::Written(3)), Some(Figure::Written(4))]);
    assert!(!third.differs, "a witness who corrects does not differ from themselves");

    let conflicting: StationView =
        post.get(&format!("/api/stations/{}?contest=ppwp", post.station(2)), &cookie).await.json();
    let differing: Vec<&str> = conflicting
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|row| row.differs)
        .map(|row| row.field.as_str())
        .collect();
    assert!(differing.contains(&"IV.3") && !differing.contains(&"IV.1"), "{differing:?}");

    let bytes = post.get(&format!("/api/statements/{}", corrected.id), &cookie).await;
    assert_eq!(bytes.body, corrected.bytes);
    assert!(bytes.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
}

#[tokio::test]
async fn a_station_is_photographed_once_all_its_pages_are_here() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let mut stranger = post.phone_at(2, &post.station(1)).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let pages = post.paper().pages().len();
    let mut hash = hash_of(b"");
    for page in 1..=u8::try_from(pages).unwrap() {
        assert_eq!(region(&post, &cookie, "").await.coverage.photographed, 0, "before page {page}");
        let bytes = picture(page, 30);
        hash = hash_of(&bytes);
        let photo = phone.photo(&station, tally.id, page, &bytes);
        post.push_one(&photo.bytes).await.unwrap();
        assert_eq!(post.photo_piece(hash, 0, &bytes).await.status, StatusCode::NO_CONTENT);
    }
    // Nobody else can hang a photo on this tally.
    let foreign = stranger.photo(&station, tally.id, 1, b"something else");
    post.push_one(&foreign.bytes).await.unwrap();

    let whole = region(&post, &cookie, "").await;
    assert_eq!(whole.coverage.photographed, 1);
    assert_eq!(whole.arrivals.iter().map(|step| step.photos).sum::<u32>(), u32::try_from(pages).unwrap());
    let page: StationView = post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    assert_eq!(page.photos.len(), pages);
    assert!(page.photos.iter().all(|photo| photo.arrived && photo.received_bytes == photo.total_bytes));
    assert_eq!(page.photos.last().unwrap().hash, hash.to_string());
}

#[tokio::test]
async fn a_revoked_phones_earlier_tally_stays_and_a_later_one_is_kept_apart() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let (station, paper) = (post.station(0), post.paper());
    let mut phone = post.phone_at(1, &station).await;
    let before = phone.tally(&station, sound_tally(&paper, [10, 20, 30]));
    post.push_one(&before.bytes).await.unwrap();
    let device = phone.key.public().device_id();
    assert!(post.endpoint.revoke_device(device, None, &Actor::Operator).unwrap());
    assert!(!post.endpoint.revoke_device(device, None, &Actor::Operator).unwrap(), "once is enough");

    let after = phone.tally(&station, sound_tally(&paper, [99, 0, 0]));
    post.push_one(&after.bytes).await.unwrap();
    // It is proved like every other statement: who revoked cannot make it vanish.
    assert_eq!(post.endpoint.sequence().unwrap(), 2);
    let whole = region(&post, &cookie, "").await;
    assert_eq!((whole.coverage.provisional, whole.votes[0].votes.provisional), (1, 10));
    let page: StationView = post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    let seen: Vec<(bool, Option<u64>)> =
        page.tallies.iter().map(|tally| (tally.quarantined, tally.log_index)).collect();
    assert_eq!(seen, [(false, Some(0)), (true, Some(1))]);
    let audited = post.endpoint.store().audit().unwrap();
    assert!(audited.iter().any(|entry| entry.action == "device.revoke"));
}

#[tokio::test]
async fn a_gap_in_a_witnesss_chain_is_shown_at_the_station() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let (station, paper) = (post.station(0), post.paper());
    let mut phone = post.phone_at(1, &station).await;
    let first = phone.tally(&station, sound_tally(&paper, [1, 2, 3]));
    phone.tally(&station, sound_tally(&paper, [4, 5, 6]));
    let third = phone.tally(&station, sound_tally(&paper, [7, 8, 9]));
    post.push(&[&first.bytes, &third.bytes]).await;
    let page: StationView = post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    assert_eq!(page.gaps.len(), 1);
    assert_eq!((page.gaps[0].witness.as_str(), &page.gaps[0].missing[..]), ("A", &[2][..]));
}
