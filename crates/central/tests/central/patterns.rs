//! Patterns that a person should see.

use central::view::{PatternKind, PatternView, PatternsView, Role};
use evidence::{Body as Said, PhotoBody, ReadFigure, Seen};

use crate::official::{checked, stored};
use crate::post::{Post, demo_subject, hash_of, photo_body, picture, sound_tally};

async fn patterns(post: &Post, cookie: &str) -> PatternsView {
    while post.endpoint.settle_counts().unwrap() > 0 {}
    post.clock.advance(60_000);
    post.get("/api/patterns?contest=ppwp", cookie).await.json()
}

fn of(view: &PatternsView, kind: PatternKind) -> &PatternView {
    view.patterns.iter().find(|pattern| pattern.kind == kind).unwrap()
}

/// The stations of a kind's first finding.
fn first(view: &PatternsView, kind: PatternKind) -> Vec<String> {
    let row = of(view, kind).rows.first();
    row.map(|row| row.stations.iter().map(|one| one.station.to_string()).collect()).unwrap_or_default()
}

#[tokio::test]
async fn an_ordinary_evening_has_none() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    for (place, votes) in [[101, 52, 33], [98, 61, 27], [120, 44, 30]].into_iter().enumerate() {
        let station = post.station(place);
        let mut phone = post.phone_at(u8::try_from(place).unwrap() + 1, &station).await;
        let mut tally = sound_tally(&post.paper(), votes);
        // A voter of the list who did not come.
        let at = post.paper().position(&"I.A.J".parse().unwrap()).unwrap();
        tally.figures[at] = tally.figures[at].map(|voters| voters + 40);
        let invalid = post.paper().position(&"V.B".parse().unwrap()).unwrap();
        tally.figures[invalid] = Some(3);
        let tally = phone.tally(&station, tally);
        let photo = phone.photo(&station, tally.id, 1, &picture(u8::try_from(place).unwrap(), 60));
        post.push(&[&tally.bytes, &photo.bytes]).await;
    }
    let view = patterns(&post, &cookie).await;
    assert_eq!((view.examined, view.too_large, view.digits), (3, false, None));
    assert!(view.patterns.iter().all(|pattern| pattern.total == 0), "{:?}", view.patterns);
    assert_eq!(view.patterns.len(), 7, "kinds of which nothing was found are named too");
}

#[tokio::test]
async fn what_two_stations_should_not_share_is_found() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let places = [post.station(0), post.station(1), post.station(2)];
    let mut copied = post.phone_at(1, &places[0]).await;
    let mut again = post.phone_at(2, &places[1]).await;
    let one = copied.tally(&places[0], sound_tally(&post.paper(), [120, 40, 30]));
    let two = again.tally(&places[1], sound_tally(&post.paper(), [120, 40, 30]));
    let image = picture(1, 60);
    let (one_photo, two_photo) =
        (copied.photo(&places[0], one.id, 1, &image), again.photo(&places[1], two.id, 1, &image));
    // The second phone sends a tally of a third station too.
    let elsewhere = again.tally(&places[2], sound_tally(&post.paper(), [7, 8, 9]));
    post.push(&[&one.bytes, &two.bytes, &one_photo.bytes, &two_photo.bytes, &elsewhere.bytes]).await;
    let view = patterns(&post, &cookie).await;
    let pair = vec![places[0].to_string(), places[1].to_string()];
    assert_eq!(first(&view, PatternKind::SameFigures), pair);
    assert_eq!(first(&view, PatternKind::SamePhoto), pair);
    assert_eq!(first(&view, PatternKind::OneDevice), [places[1].to_string(), places[2].to_string()]);
    // Everybody of the list came, and no vote is invalid.
    assert_eq!(of(&view, PatternKind::FullTurnout).total, 2);
    assert_eq!(of(&view, PatternKind::NoInvalid).total, 2);
}

#[tokio::test]
async fn a_photo_with_the_figures_of_the_neighbour_is_found() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let (here, there) = (post.station(0), post.station(1));
    assert_eq!(here.desa(), there.desa());
    let mut phone = post.phone_at(1, &here).await;
    let mut neighbour = post.phone_at(2, &there).await;
    let tally = phone.tally(&here, sound_tally(&post.paper(), [110, 20, 30]));
    let other = neighbour.tally(&there, sound_tally(&post.paper(), [64, 75, 12]));
    let image = picture(1, 60);
    let read = |field: &str, figure| ReadFigure {
        field: field.into(),
        figure: Some(figure),
        certainty_permille: 980,
    };
    let read = vec![read("IV.1", 64), read("IV.2", 75), read("IV.3", 12)];
    let seen = Seen { page: Some(2), issues: vec![], read };
    let body = PhotoBody { seen: Some(seen), ..photo_body(tally.id, 2, &image) };
    let photo = phone.seal(demo_subject(&here), Said::Photo(body));
    post.push(&[&tally.bytes, &other.bytes, &photo.bytes]).await;
    post.photo_piece(hash_of(&image), 0, &image).await;
    let view = patterns(&post, &cookie).await;
    assert_eq!(first(&view, PatternKind::PageOfAnother), [here.to_string(), there.to_string()]);
}

#[tokio::test]
async fn an_official_sum_that_grew_is_found_with_both_numbers() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let code = post.station(0).to_string().replace(['.', '-'], "");
    for third in [30, 95] {
        post.clock.advance(60_000);
        let table = format!("kode,suara_01,suara_02,suara_03\n{code},10,20,{third}\n");
        let import = checked(&post, &cookie, "ppwp", table, |_| {}).await;
        stored(&post, &cookie, &import).await;
    }
    let view = patterns(&post, &cookie).await;
    assert_eq!(of(&view, PatternKind::SumGrew).rows[0].numbers, [60, 125]);
}
