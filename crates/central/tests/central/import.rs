//! An import is ingested like a push: verified, once, all of a file or nothing.

use axum::body::Body;
use axum::http::Request;
use central::import::Imported;
use central::view::Role;
use evidence::bundle::{self, Item};
use evidence::qr::Picture;
use evidence::{Body as Said, Namespace, StatementId, Subject};
use image::{GrayImage, ImageFormat, Luma};
use protocol::ProblemCode;

use crate::post::{Post, demo_subject, sound_tally};

fn a_photo() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8, y as u8, 9]));
    image::DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// Writes a bundle of one phone's tally and photo, and what else is given, and gives the file.
async fn bundle_of(post: &Post, more: Vec<Item>) -> (std::path::PathBuf, StatementId) {
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let photo = a_photo();
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let named = phone.photo(&station, tally.id, 1, &photo);
    let mut items = vec![
        Item::DeviceKey(phone.key.public()),
        Item::Statement(tally.bytes.clone()),
        Item::Statement(named.bytes),
        Item::Photo(photo),
    ];
    items.extend(more);
    let file = post.folder.path().join("carried.saksi");
    std::fs::write(&file, bundle::write(items, Vec::new()).unwrap()).unwrap();
    (file, tally.id)
}

#[tokio::test]
async fn a_bundle_is_ingested_once_however_often_it_comes() {
    let post = Post::new();
    let (file, tally) = bundle_of(&post, Vec::new()).await;
    for here_before in [0, 2] {
        let imported = post.endpoint.import(&file).unwrap();
        assert_eq!((imported.accepted, imported.already_here, imported.photos), (2, here_before, 1));
        assert_eq!((imported.refused.len(), imported.photos_refused.len()), (0, 0));
    }
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 2);
    assert!(post.endpoint.store().statement(tally).unwrap().is_some());
}

#[tokio::test]
async fn a_damaged_or_shortened_bundle_leaves_nothing_behind() {
    let post = Post::new();
    let (file, _) = bundle_of(&post, Vec::new()).await;
    let whole = std::fs::read(&file).unwrap();
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    for damaged in [&whole[..whole.len() - 10], &bent, b"PK\x03\x04 something else", b""] {
        std::fs::write(&file, damaged).unwrap();
        let error = post.endpoint.import(&file).unwrap_err().to_string();
        assert!(error.starts_with("nothing was imported"), "{error}");
        assert_eq!(post.endpoint.store().statement_count().unwrap(), 0);
    }
}

#[tokio::test]
async fn what_does_not_belong_in_a_bundle_is_named_and_the_rest_is_taken() {
    let post = Post::new();
    let stranger = Post::new();
    let station = stranger.station(0);
    let mut unknown = stranger.phone_at(9, &station).await;
    let foreign = unknown.tally(&station, sound_tally(&post.paper(), [7, 7, 7]));
    let more = vec![Item::Statement(foreign.bytes), Item::Photo(b"no statement names these bytes".to_vec())];
    let (file, _) = bundle_of(&post, more).await;
    let imported = post.endpoint.import(&file).unwrap();
    assert_eq!((imported.accepted, imported.photos), (2, 1));
    assert!(imported.refused[0].contains("not enrolled"), "{:?}", imported.refused);
    assert!(imported.photos_refused[0].contains("names this photo"), "{:?}", imported.photos_refused);
}

/// A picture of a statement's code.
pub(crate) fn picture_of(statement: &[u8]) -> GrayImage {
    let code = Picture::draw(statement).unwrap();
    let scale = 6;
    let side = u32::try_from(code.side()).unwrap() * scale;
    GrayImage::from_fn(side, side, |x, y| {
        let dark = code.is_dark((x / scale) as usize, (y / scale) as usize);
        Luma([if dark { 20 } else { 235 }])
    })
}

#[tokio::test]
async fn a_drills_bundle_and_code_are_refused_as_a_whole() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let subject = Subject { namespace: Namespace::Drill, ..demo_subject(&station) };
    let drill = phone.seal(subject, Said::Tally(sound_tally(&post.paper(), [1, 2, 3]))).bytes;
    let bundle = post.folder.path().join("latihan.saksi");
    let items = vec![Item::DeviceKey(phone.key.public()), Item::Statement(drill.clone())];
    std::fs::write(&bundle, bundle::write(items, Vec::new()).unwrap()).unwrap();
    let code = post.folder.path().join("latihan.png");
    picture_of(&drill).save(&code).unwrap();
    for file in [bundle, code] {
        let error = with_causes(&post.endpoint.import(&file).unwrap_err());
        assert!(error.contains("it is of a drill"), "{error}");
    }
    assert_eq!(post.endpoint.store().statement_count().unwrap(), 0);
}

/// An error with its causes.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[tokio::test]
async fn a_tally_is_read_from_a_picture_of_its_code() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let picture = picture_of(&tally.bytes);
    let file = post.folder.path().join("kode (1).png");
    picture.save(&file).unwrap();
    assert_eq!(post.endpoint.import(&file).unwrap().accepted, 1);
    assert!(post.endpoint.store().statement(tally.id).unwrap().is_some());

    std::fs::write(&file, a_photo()).unwrap();
    let error = post.endpoint.import(&file).unwrap_err().to_string();
    assert!(error.contains("no code was found"), "{error}");
}

#[tokio::test]
async fn a_coordinator_takes_a_bundle_in_from_the_console_and_an_auditor_does_not() {
    let post = Post::new();
    let (file, _) = bundle_of(&post, Vec::new()).await;
    let bytes = std::fs::read(&file).unwrap();
    let upload = async |cookie: &str, bytes: Vec<u8>| {
        let request = Request::post("/api/imports")
            .header("cookie", cookie)
            .header("content-type", "application/octet-stream")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(bytes))
            .unwrap();
        post.send(request).await
    };
    let coordinator = post.user("koordinator", Role::Coordinator, None).await;
    let auditor = post.user("auditor", Role::Auditor, None).await;
    assert_eq!(upload(&auditor, bytes.clone()).await.code(), ProblemCode::Forbidden);
    assert_eq!(upload(&coordinator, bytes[..99].to_vec()).await.code(), ProblemCode::ImportUnreadable);
    let imported: Imported = upload(&coordinator, bytes).await.json();
    assert_eq!((imported.accepted, imported.photos), (2, 1));
}
