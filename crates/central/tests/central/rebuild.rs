//! A rebuild from the statements gives the same counts.

use central::rebuild::RebuildError;
use central::store::Actor;
use central::view::Role;

use evidence::TallyBody;
use tally::Choice;

use crate::lists::{general, list_tally, paper_of, seal};
use crate::post::{Post, correction, hash_of, picture, sound_tally};
use crate::rounds::a_re_vote;

/// All rows that a rebuild writes, as text.
fn rows(post: &Post) -> Vec<String> {
    post.endpoint.settle_counts().unwrap();
    [
        ("statement", "1"),
        ("photo", "1"),
        ("station_count", "1, 2"),
        ("region_count", "1, 2"),
        ("arrival", "1, 2, 3"),
        ("device_chain", "1"),
    ]
    .into_iter()
    .flat_map(|(table, key)| {
        // A minute in which what arrived was counted elsewhere since has none.
        let kept = if table == "arrival" { "WHERE tallies <> 0 OR photos <> 0" } else { "" };
        post.sql(&format!("SELECT * FROM {table} {kept} ORDER BY {key}"))
    })
    .collect()
}

async fn an_evening() -> Post {
    let post = Post::new();
    let paper = post.paper();
    for seed in 1..=3_u8 {
        let station = post.station(usize::from(seed / 2));
        let mut phone = post.phone_at(seed, &station).await;
        let tally = phone.tally(&station, sound_tally(&paper, [u32::from(seed), 2, 3]));
        let bytes = picture(seed, 20);
        let photo = phone.photo(&station, tally.id, 1, &bytes);
        let corrected = phone.tally(&station, correction(&paper, [7, 2, 3], tally.id, "salah baca"));
        post.push(&[&tally.bytes, &photo.bytes]).await;
        post.photo_piece(hash_of(&bytes), 0, &bytes).await;
        post.clock.advance(5_000);
        if seed == 2 {
            post.endpoint.revoke_device(phone.key.public().device_id(), None, &Actor::Operator).unwrap();
        }
        post.push_one(&corrected.bytes).await.unwrap();
    }
    post
}

#[tokio::test]
async fn rebuilt_is_live() {
    let post = an_evening().await;
    let cookie = post.user("admin", Role::Admin, None).await;
    let (live, shown) = (rows(&post), post.get("/api/regions?contest=ppwp", &cookie).await.body);
    let counts = post.sql("SELECT counted FROM station_count ORDER BY contest, station");
    assert_eq!(counts.len(), 2, "{counts:?}");
    // Whatever was done to the tables behind the endpoint's back, the statements say how it is.
    post.sql("UPDATE statement SET figures = '[]', faults = 9 WHERE contest <> ''");
    post.sql("DELETE FROM photo WHERE page = 1");
    post.sql("UPDATE station_count SET standing = 'verified'");
    post.sql("UPDATE region_count SET total = '{}' WHERE region = ''");
    post.sql("UPDATE arrival SET tallies = 99");
    post.sql("UPDATE device_chain SET sequences = 0, statements = 7");
    assert_ne!(rows(&post), live);
    assert_eq!(post.endpoint.rebuild().unwrap().statements, 9);
    assert_eq!(rows(&post), live);
    assert_eq!(post.get("/api/regions?contest=ppwp", &cookie).await.body, shown);
}

#[tokio::test]
async fn rebuilt_is_live_for_lists_kinds_and_rounds() {
    let post = Post::of(&general());
    for (seed, place, contest) in [
        (1, "52.71.05.1001-001", "dprd-mataram-1"),
        (2, "52.71.01.1004-001", "dprd-mataram-2"),
        (3, "52.71.01.1004-001", "dpr-ntb-2"),
    ] {
        let station = place.parse().unwrap();
        let mut phone = post.phone_at(seed, &station).await;
        let paper = paper_of(&post, contest, &station);
        for votes in [u32::from(seed), 0] {
            // The second corrects the first: candidates who had votes have none.
            let body = list_tally(&paper, |choice| match choice {
                Choice::ListCandidate(_, 1) => 7,
                _ => votes,
            });
            post.push_one(&seal(&post, &mut phone, &station, body).bytes).await.unwrap();
            post.endpoint.settle_counts().unwrap();
        }
    }
    assert_same_after_a_rebuild(&post);
    let kinds =
        post.sql("SELECT total FROM region_count WHERE contest = 'kind:dprd_kabkota' AND region = ''");
    assert_eq!(kinds.len(), 1, "{kinds:?}");

    let (post, station, mut phones) = a_re_vote().await;
    let second = TallyBody { round: 2, ..sound_tally(&post.paper(), [1, 2, 3]) };
    post.push_one(&phones[0].tally(&station, second).bytes).await.unwrap();
    assert_same_after_a_rebuild(&post);
}

fn assert_same_after_a_rebuild(post: &Post) {
    let live = rows(post);
    post.sql("UPDATE statement SET round = 9");
    post.sql("UPDATE region_count SET total = '{}'");
    assert_ne!(rows(post), live);
    post.endpoint.rebuild().unwrap();
    assert_eq!(rows(post), live);
}

#[tokio::test]
async fn a_statement_that_was_changed_in_the_database_is_named_and_nothing_is_rebuilt() {
    let post = an_evening().await;
    post.sql(
        "UPDATE statement SET bytes = id WHERE id = (SELECT id FROM statement ORDER BY id DESC LIMIT 1)",
    );
    let live = rows(&post);
    let error = post.endpoint.rebuild().unwrap_err();
    let RebuildError::Statement { id: named, .. } = &error else { panic!("{error}") };
    let (_, bytes) = post.endpoint.store().statement(*named).unwrap().unwrap();
    assert_eq!(bytes, named.0, "the one that was changed is named");
    assert_eq!(rows(&post), live);
}
