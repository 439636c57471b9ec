//! The dossier of a station: a document beside the bundle that anybody verifies.

use std::io::{Cursor, Read as _};

use axum::http::StatusCode;
use central::view::Role;
use evidence::VerdictDecision;
use evidence::bundle::{Item, Reader};
use lopdf::Document;
use protocol::ProblemCode;
use sha2::{Digest as _, Sha256};

use crate::official::{checked, stored};
use crate::post::{Answer, Post, hash_of, picture, sound_tally};
use crate::reading::page_2;
use crate::reviewer::Reviewer;

/// The files of an archive, in its order.
fn files(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The text of the document in an archive, its lines joined.
fn text_of(archive: &[u8]) -> String {
    let (name, pdf) = files(archive).remove(0);
    assert!(name.ends_with(".pdf"), "{name}");
    let document = Document::load_mem(&pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn get(post: &Post, path: &str, cookie: &str) -> Answer {
    post.clock.advance(60_000);
    post.get(path, cookie).await
}

/// A station with two witnesses who disagree on one figure, photos, a verdict and an official result.
async fn disputed(post: &Post, cookie: &str) -> String {
    let station = post.station(0);
    let mut first = post.phone_at(1, &station).await;
    let mut second = post.phone_at(2, &station).await;
    let tally = first.tally(&station, sound_tally(&post.paper(), [12, 3, 5]));
    let other = second.tally(&station, sound_tally(&post.paper(), [12, 8, 5]));
    let (shown, noise) = (page_2(), picture(1, 60));
    let photo = first.photo(&station, tally.id, 2, &shown);
    let no_jpeg = first.photo(&station, tally.id, 1, &noise);
    let coming = second.photo(&station, other.id, 3, b"not here yet");
    post.push(&[&tally.bytes, &other.bytes, &photo.bytes, &no_jpeg.bytes, &coming.bytes]).await;
    post.photo_piece(hash_of(&shown), 0, &shown).await;
    post.photo_piece(hash_of(&noise), 0, &noise).await;
    let mut reviewer = Reviewer::with_cookie(post, "admin", cookie.to_owned()).await;
    let answer = reviewer.decide(post, &station, tally.id, VerdictDecision::Verified, "sesuai foto").await;
    assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
    let code = station.to_string().replace(['.', '-'], "");
    let table = format!("kode,suara_01,suara_02,suara_03\n{code},12,3,65\n");
    let import = checked(post, cookie, "ppwp", table, |_| {}).await;
    stored(post, cookie, &import).await;
    while post.endpoint.settle_counts().unwrap() > 0 {}
    post.endpoint.sequence().unwrap();
    station.to_string()
}

#[tokio::test]
async fn it_has_what_a_court_asks_for_and_the_bundle_beside_it() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let station = disputed(&post, &cookie).await;
    let answer = get(&post, &format!("/api/stations/{station}/dossier?contest=ppwp"), &cookie).await;
    assert_eq!(answer.status, StatusCode::OK);
    let _ = std::fs::write("/tmp/h4/d.zip", &answer.body); // TEMP
    let name = format!("attachment; filename=\"berkas-ppwp-{station}.zip\"");
    assert_eq!(answer.headers["content-disposition"], name.as_str());
    assert_eq!(answer.headers["content-length"], answer.body.len().to_string().as_str());

    let text = text_of(&answer.body);
    for expected in [
        "Diverifikasi koordinator",
        "Berbeda 60 suara: satu angka berbeda.",
        "saksi A",
        "saksi B",
        "+60",
        "sesuai foto",
        "ditandatangani dengan kunci",
        "Sidik jari",
        "Foto ini belum tiba.",
        "bukan JPEG",
        "Halaman 1 dari",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in {text}");
    }
    assert!(text.contains(&hash_of(&page_2()).to_string()));

    let files = files(&answer.body);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let bundle = format!("saksi-{station}.saksi");
    assert_eq!(names, [&format!("berkas-ppwp-{station}.pdf"), &bundle, "BACA-SAYA.txt", "SHA256SUMS"]);
    let statements = Reader::new(&files[1].1[..]).unwrap();
    let count = statements.filter(|item| matches!(item, Ok(Item::Statement(_)))).count();
    assert_eq!(count, 6, "the verdict is one of them");
    let sums = String::from_utf8(files[3].1.clone()).unwrap();
    for (name, bytes) in &files[..3] {
        let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(sums.contains(&format!("{sum}  {name}\n")), "{name}");
    }
    let audit = post.endpoint.store().audit().unwrap();
    assert!(audit.iter().any(|row| row.action == "dossier.export" && row.subject.contains(&station)));
}

#[tokio::test]
async fn the_same_state_gives_the_same_bytes_whenever_and_by_whomever_it_is_made() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let station = disputed(&post, &cookie).await;
    let path = format!("/api/stations/{station}/dossier?contest=ppwp");
    let first = get(&post, &path, &cookie).await;
    let auditor = post.user("auditor", Role::Auditor, None).await;
    let second = get(&post, &path, &auditor).await;
    assert_eq!(first.body, second.body);
    assert_eq!(first.headers["repr-digest"], second.headers["repr-digest"]);
}

#[tokio::test]
async fn several_stations_are_one_dossier_within_the_users_region() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let stations: Vec<String> = (0..3).map(|place| post.station(place).to_string()).collect();
    let path = format!("/api/dossiers?contest=ppwp&stations={}", stations.join(","));
    let answer = get(&post, &path, &cookie).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = text_of(&answer.body);
    assert!(text.contains("Berkas bukti 3 TPS") && stations.iter().all(|station| text.contains(station)));
    assert_eq!(files(&answer.body).len(), 1 + 3 + 2);

    let many = [stations[0].as_str(); 3].join(",") + ",nowhere";
    let refused = get(&post, &format!("/api/dossiers?contest=ppwp&stations={many}"), &cookie).await;
    assert_eq!(refused.code(), ProblemCode::RequestMalformed);
    let elsewhere = post.user("lain", Role::Coordinator, Some("52.71.05.1005")).await;
    assert_eq!(get(&post, &path, &elsewhere).await.code(), ProblemCode::Forbidden);
    let unknown = get(&post, "/api/dossiers?contest=ppwp&stations=52.71.01.1001-999", &cookie).await;
    assert_eq!(unknown.code(), ProblemCode::NotFound);
}
