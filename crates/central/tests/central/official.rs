//! Official results: imports, what they change, and the differences from the witnesses' results.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use central::model::official::{OfficialState, Rung, Shape};
use central::store::{Actor, AuditContext, NewOfficialImport};
use central::view::{
    DifferencesView, ImportId, OfficialChanges, OfficialCheck, OfficialImportRequest, OfficialImportView,
    OfficialImports, OfficialLayout, Role,
};
use protocol::ProblemCode;
use serde_json::json;
use spreadsheet::{Cell, FaultCode, Mapping, XlsxWriter};

use crate::post::{Answer, NOON_MS, PASSWORD, Phone, Post, cookie_of, sound_tally};

/// Uploads a file of official results.
pub(crate) async fn upload(post: &Post, cookie: &str, contest: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let request = Request::post(format!("/api/official/imports?contest={contest}&file=hasil.csv"))
        .header("cookie", cookie)
        .header("content-type", "application/octet-stream")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(bytes.into()))
        .unwrap();
    post.send(request).await
}

/// Waits until the work behind an import has ended.
async fn ended(post: &Post, cookie: &str, id: ImportId) -> OfficialImportView {
    use OfficialState::{Checking, Storing};
    // Read from the store: so many requests in so little time would be above their rate.
    while matches!(post.endpoint.store().official_import(id).unwrap().unwrap().state, Checking | Storing) {
        tokio::task::yield_now().await;
    }
    post.clock.advance(1_000);
    post.get(&format!("/api/official/imports/{id}?brief=true"), cookie).await.json()
}

/// Uploads and checks a file; `change` may change what the endpoint suggests.
pub(crate) async fn checked(
    post: &Post,
    cookie: &str,
    contest: &str,
    bytes: impl Into<Vec<u8>>,
    change: impl FnOnce(&mut OfficialImportRequest),
) -> OfficialImportView {
    let answer = upload(post, cookie, contest, bytes).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    let uploaded: OfficialImportView = answer.json();
    let mut request = uploaded.file_view.unwrap().suggested;
    change(&mut request);
    let path = format!("/api/official/imports/{}/check", uploaded.import);
    let answer = post.post_json(&path, cookie, serde_json::to_value(&request).unwrap()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    ended(post, cookie, uploaded.import).await
}

/// Stores a checked import.
pub(crate) async fn stored(post: &Post, cookie: &str, import: &OfficialImportView) -> OfficialImportView {
    assert_eq!(import.check.as_ref().unwrap().faults, [], "{:?}", import.check);
    let path = format!("/api/official/imports/{}/store", import.import);
    let answer = post.post_json(&path, cookie, json!({})).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&answer.body));
    let import = ended(post, cookie, import.import).await;
    assert_eq!(import.state, OfficialState::Stored);
    import
}

async fn import(post: &Post, cookie: &str, contest: &str, text: &str) -> OfficialImportView {
    let import = checked(post, cookie, contest, text, |_| {}).await;
    stored(post, cookie, &import).await
}

pub(crate) async fn differences(post: &Post, cookie: &str, query: &str) -> DifferencesView {
    // Within the rate of requests, which such a page uses much of.
    post.clock.advance(10_000);
    let answer = post.get(&format!("/api/official/differences?{query}"), cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

/// Sends a tally of each station from a phone of its own. Every one has 5 invalid votes.
async fn witnessed(post: &Post, votes: &[[u32; 3]]) {
    for (place, votes) in votes.iter().enumerate() {
        let station = post.station(place);
        let mut phone: Phone = post.phone_at(u8::try_from(place + 1).unwrap(), &station).await;
        let tally = phone.tally(&station, sound_tally(&post.paper(), *votes));
        post.push_one(&tally.bytes).await.unwrap();
    }
}

/// A table of the first stations, as KPU's codes.
fn table(post: &Post, rows: &[[u32; 3]]) -> String {
    let mut text = String::from("kode,suara_01,suara_02,suara_03\n");
    for (place, votes) in rows.iter().enumerate() {
        let code = post.station(place).to_string().replace(['.', '-'], "");
        text += &format!("{code},{},{},{}\n", votes[0], votes[1], votes[2]);
    }
    text
}

#[tokio::test]
async fn differences_have_a_sign_a_size_and_a_shape() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    witnessed(&post, &[[10, 20, 30], [10, 20, 30], [10, 20, 30], [10, 20, 30], [10, 20, 30]]).await;
    let before = differences(&post, &cookie, "contest=ppwp").await;
    assert_eq!((before.compared, before.no_official, before.import), (0, 5, None));

    let rows = [[10, 20, 30], [20, 10, 30], [10, 80, 30], [15, 20, 25], [10, 20, 30], [1, 2, 3]];
    let import = import(&post, &cookie, "ppwp", &table(&post, &rows)).await;
    assert_eq!((import.version, import.check.unwrap().added), (Some(1), 6));
    let found = differences(&post, &cookie, "contest=ppwp").await;
    assert_eq!((found.compared, found.same, found.differing), (5, 2, 3));
    assert_eq!((found.no_official, found.no_witness, found.total), (0, 1, 3));
    assert_eq!((found.size, found.largest), (60 + 20 + 10, 60));
    let shapes: Vec<Shape> = found.rows.iter().map(|row| row.shape).collect();
    assert_eq!(shapes, [Shape::OneDigit, Shape::Swapped, Shape::SameSize], "the largest first");
    let swapped = &found.rows[1];
    assert_eq!(swapped.votes.values().copied().collect::<Vec<i64>>(), [10, -10]);
    assert_eq!(swapped.station, post.station(1));

    let only = differences(&post, &cookie, "contest=ppwp&shape=swapped").await;
    assert_eq!((only.total, only.rows.len(), only.differing), (1, 1, 3));
    let of_third = differences(&post, &cookie, "contest=ppwp&choice=3").await;
    assert_eq!(of_third.rows.iter().map(|row| &row.station).collect::<Vec<_>>(), [&post.station(3)]);
    assert_eq!(differences(&post, &cookie, "contest=ppwp&least=20").await.total, 2);
    let rest = differences(&post, &cookie, &format!("contest=ppwp&after=20:{}", post.station(1))).await;
    assert_eq!((rest.rows.len(), rest.total), (1, 3));

    let csv = post.get("/api/official/export?contest=ppwp", &cookie).await;
    let csv = String::from_utf8(csv.body).unwrap();
    assert_eq!(csv.lines().count(), 1 + 3);
    assert!(csv.contains("one_digit,60,10,20,30,10,80,30,0,60,0"), "{csv}");
    let xlsx = post.get("/api/official/export?contest=ppwp&format=xlsx", &cookie).await;
    assert!(xlsx.body.starts_with(b"PK"));
}

#[tokio::test]
async fn what_changed_between_two_imports_is_kept() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let tuesday = import(&post, &cookie, "ppwp", &table(&post, &[[1, 2, 3], [4, 5, 6], [7, 8, 9]])).await;
    post.clock.advance(2 * 24 * 60 * 60 * 1_000);
    let cookie = cookie_of(&post.log_in("admin", PASSWORD).await);
    // The second changed, the third was withdrawn, and the fourth is new; a row of zeros was never a reading.
    let rows = [[1, 2, 3], [4, 5, 60], [0, 0, 0], [1, 1, 1], [0, 0, 0]];
    let thursday = import(&post, &cookie, "ppwp", &table(&post, &rows)).await;
    let check: OfficialCheck = thursday.check.clone().unwrap();
    assert_eq!((check.added, check.changed, check.withdrawn, check.no_reading), (1, 1, 1, 2));
    assert_ne!(tuesday.sha256, thursday.sha256);

    let path = format!("/api/official/imports/{}/changes", thursday.import);
    let changes: OfficialChanges = post.get(&path, &cookie).await.json();
    let third = |figures: &Option<central::model::official::OfficialFigures>| {
        figures.as_ref().map(|figures| figures.votes.values().copied().next_back().unwrap())
    };
    let seen: Vec<_> =
        changes.changes.iter().map(|change| (third(&change.before), third(&change.after))).collect();
    assert_eq!(seen, [(Some(6), Some(60)), (Some(9), None), (None, Some(1))]);

    witnessed(&post, &[[1, 2, 3], [4, 5, 6]]).await;
    assert_eq!(differences(&post, &cookie, "contest=ppwp").await.differing, 1);
    let then = differences(&post, &cookie, "contest=ppwp&as_of=1").await;
    assert_eq!((then.differing, then.no_witness), (0, 1), "as of Tuesday");

    let all: OfficialImports = post.get("/api/official/imports?contest=ppwp", &cookie).await.json();
    let states: Vec<_> = all.imports.iter().map(|import| (import.version, import.by.as_str())).collect();
    assert_eq!(states, [(Some(2), "user:admin"), (Some(1), "user:admin")]);
    let audit = post.endpoint.store().audit().unwrap();
    assert_eq!(audit.iter().filter(|row| row.action == "official.store").count(), 2);
    // The same file again changes nothing.
    let again = checked(&post, &cookie, "ppwp", table(&post, &rows), |_| {}).await;
    let check = again.check.unwrap();
    assert_eq!((check.added, check.changed, check.withdrawn), (0, 0, 0));
}

/// The first fault of a file that can be opened.
async fn first_fault(post: &Post, cookie: &str, text: &str) -> (FaultCode, Option<u32>, Option<String>) {
    let import = checked(post, cookie, "ppwp", text, |_| {}).await;
    let check = import.check.unwrap();
    assert!(check.faults_total > 0, "{text:?} has no fault");
    let path = format!("/api/official/imports/{}/store", import.import);
    let refused = post.post_json(&path, cookie, json!({})).await;
    assert_eq!(refused.code(), ProblemCode::ImportFaulty, "{text:?}");
    let fault = check.faults.into_iter().next().unwrap();
    (fault.code, fault.row, fault.column.map(String::from))
}

#[tokio::test]
async fn a_bad_file_is_named_with_row_and_column_and_changes_nothing() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let code = post.station(0).to_string().replace(['.', '-'], "");
    let next = post.station(1).to_string().replace(['.', '-'], "");
    let head = "kode,suara_01,suara_02,suara_03\n";
    let column = |letters: &str| Some(letters.to_owned());
    for (rows, fault) in [
        (format!("{code},1,2,-3\n"), (FaultCode::Negative, Some(2), column("D"))),
        (format!("{next},1,2,3\n{code},1,dua,3\n"), (FaultCode::NotAFigure, Some(3), column("C"))),
        (format!("{code},1,2.5,3\n"), (FaultCode::Fraction, Some(2), column("C"))),
        (format!("{code},1,200000,3\n"), (FaultCode::TooLarge, Some(2), column("C"))),
        (format!("{code},1,2,3\n{next},1,2,3\n{code},1,2,3\n"), (FaultCode::Twice, Some(4), None)),
        ("5299099001001,1,2,3\n".to_owned(), (FaultCode::UnknownRegion, Some(2), column("A"))),
        (format!("{}999,1,2,3\n", &code[..10]), (FaultCode::UnknownStation, Some(2), column("A"))),
        (format!("{},1,2,3\n", &code[..11]), (FaultCode::NotARegionCode, Some(2), column("A"))),
        ("5.2710510010e+12,1,2,3\n".to_owned(), (FaultCode::Shortened, Some(2), column("A"))),
        (format!("{next},1,2,3\n{code},1,2\n"), (FaultCode::ShortRow, Some(3), None)),
        ("".to_owned(), (FaultCode::NoRows, None, None)),
    ] {
        assert_eq!(first_fault(&post, &cookie, &format!("{head}{rows}")).await, fault, "{rows:?}");
    }
    for (file, part) in [
        (b"kode,suara_01\n\x00\x01\x02".to_vec(), "unknown_format"),
        ("kode,suara_01\nLu\u{fffd}k,1\n".into(), "wrong_encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "old_excel"),
        ("kode,nama saksi,suara_01\n1,Budi,3\n".into(), "personal_data"),
        (
            format!("kode,x,suara_01\n{code},5271010101900001,3\n{next},5271010101900002,3\n").into(),
            "personal_data",
        ),
    ] {
        let refused = upload(&post, &cookie, "ppwp", file).await;
        assert_eq!(refused.code(), ProblemCode::ImportUnreadable, "{part}");
        assert!(String::from_utf8_lossy(&refused.body).contains(part), "{part}");
    }
    let found = differences(&post, &cookie, "contest=ppwp").await;
    assert_eq!((found.no_witness, found.import), (0, None), "nothing counts");
}

#[tokio::test]
async fn a_column_that_is_missing_is_named() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let text = table(&post, &[[1, 2, 3]]);
    let import = checked(&post, &cookie, "ppwp", text, |request| {
        request.columns.columns.insert("valid".into(), "suara_sah".into());
    })
    .await;
    let fault = &import.check.unwrap().faults[0];
    assert_eq!((fault.code, fault.text.as_str()), (FaultCode::MissingColumn, "suara_sah"));
    let without = checked(&post, &cookie, "ppwp", table(&post, &[[1, 2, 3]]), |request| {
        request.columns.columns.remove("code");
    })
    .await;
    let fault = &without.check.unwrap().faults[0];
    assert_eq!((fault.code, fault.text.as_str()), (FaultCode::MissingColumn, "code"));
}

#[tokio::test]
async fn two_million_rows_are_refused() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let text = format!("kode,suara_01\n{}", "JUMLAH,1\n".repeat(2_000_000));
    let import = checked(&post, &cookie, "ppwp", text, |_| {}).await;
    let fault = &import.check.unwrap().faults[0];
    assert_eq!(
        (fault.code, fault.row, fault.limit),
        (FaultCode::TooManyRows, Some(1_000_001), Some(1_000_000))
    );
}

#[tokio::test]
async fn long_and_turned_tables_say_the_same_as_wide_ones() {
    let post = Post::new();
    let cookie = post.user("admin", Role::Admin, None).await;
    let station = post.station(0);
    let names: Vec<String> = station
        .desa()
        .path()
        .iter()
        .map(|code| post.endpoint.election().region(code).unwrap().name.to_uppercase())
        .collect();
    let number = station.number();
    let long = format!(
        "kabupaten;kecamatan;desa;tps;nomor urut;nama;suara\n\
         {kab};{kec};{desa};TPS {number};1;A;11\n;;;TPS-00{number};2;B;12\n{kab};{kec};{desa};{number};3;C;1.013\n\
         JUMLAH PINDAHAN;;;;;;1.036\n",
        kab = names[1],
        kec = names[2],
        desa = names[3],
    );
    let import = checked(&post, &cookie, "ppwp", long, |request| {
        assert_eq!(request.layout, OfficialLayout::Long, "recognised");
    })
    .await;
    assert_eq!(import.check.as_ref().unwrap().left_out, 1);
    stored(&post, &cookie, &import).await;

    // The same as a form of the kecamatan: choices as rows, desa above stations in merged cells.
    let other = post.endpoint.election().stations().find(|other| other.desa() != station.desa()).unwrap();
    let other_desa = post.endpoint.election().region(other.desa()).unwrap().name.to_uppercase();
    let mut xlsx = XlsxWriter::new("D.HASIL", &["REKAPITULASI"]).unwrap();
    let text = Cell::of;
    for row in [
        vec![text("Uraian"), text(&names[3]), Cell::Empty, text(&other_desa), text("JUMLAH AKHIR")],
        vec![Cell::Empty, text("TPS 1"), text("TPS 2"), text("TPS 1"), Cell::Empty],
        vec![
            text("1. Calon"),
            Cell::Number(11.0),
            Cell::Number(21.0),
            Cell::Number(31.0),
            Cell::Number(63.0),
        ],
        vec![
            text("2. Calon"),
            Cell::Number(12.0),
            Cell::Number(22.0),
            Cell::Number(32.0),
            Cell::Number(66.0),
        ],
        vec![text("3. Calon"), text("1.013"), text("23"), text("33.0"), text("1.069")],
    ] {
        xlsx.row(&row).unwrap();
    }
    let columns = [
        ("desa", "Uraian"),
        ("station", "A"),
        ("votes:1", "1. Calon"),
        ("votes:2", "2. Calon"),
        ("votes:3", "3. Calon"),
    ];
    let within = station.desa().parent();
    let import = checked(&post, &cookie, "ppwp", xlsx.finish().unwrap(), |request| {
        let columns = columns.iter().map(|(field, name)| ((*field).into(), (*name).into())).collect();
        *request = OfficialImportRequest {
            layout: OfficialLayout::Transposed,
            header_row: 2,
            columns: Mapping { columns },
            within: within.clone(),
            ..OfficialImportRequest::default()
        };
        // The label of the second row is empty: its column has the letters of its place.
        request.columns.columns.insert("station".into(), "B".into());
    })
    .await;
    let check = import.check.clone().unwrap();
    assert_eq!(check.faults, []);
    assert_eq!((check.units[&Rung::Station], check.added, check.changed, check.left_out), (3, 2, 0, 1));
}

#[tokio::test]
async fn an_import_ends_at_the_users_region_and_so_does_what_they_see() {
    let post = Post::new();
    let admin = post.user("admin", Role::Admin, None).await;
    let near = post.station(0);
    let far = post.endpoint.election().stations().find(|far| far.desa() != near.desa()).unwrap();
    let code = |station: &tally::StationId| station.to_string().replace(['.', '-'], "");
    let text = format!("kode,suara_01\n{},5\n{},6\n", code(&near), code(&far));
    let cookie = post.user("near", Role::Coordinator, Some(near.desa().as_str())).await;
    let import = checked(&post, &cookie, "ppwp", text.clone(), |_| {}).await;
    let fault = &import.check.as_ref().unwrap().faults[0];
    assert_eq!((fault.code, fault.row), (FaultCode::OutsideRegion, Some(3)));
    // Somebody of elsewhere cannot even see it.
    let elsewhere = post.user("far", Role::Coordinator, Some(far.desa().as_str())).await;
    let path = format!("/api/official/imports/{}", import.import);
    assert_eq!(post.get(&path, &elsewhere).await.code(), ProblemCode::Forbidden);
    let list: OfficialImports = post.get("/api/official/imports?contest=ppwp", &elsewhere).await.json();
    assert_eq!(list.imports, []);

    let whole = checked(&post, &admin, "ppwp", text, |_| {}).await;
    let whole = stored(&post, &admin, &whole).await;
    let path = format!("/api/official/imports/{}/changes", whole.import);
    let seen: OfficialChanges = post.get(&path, &elsewhere).await.json();
    assert_eq!(
        seen.changes.iter().map(|change| change.unit.to_string()).collect::<Vec<_>>(),
        [far.to_string()]
    );
    let seen = differences(&post, &elsewhere, "contest=ppwp").await;
    assert_eq!((seen.no_witness, seen.path.last().unwrap().code.clone()), (1, far.desa().clone()));
    let asked = format!("/api/official/differences?contest=ppwp&region={}", near.desa());
    assert_eq!(post.get(&asked, &elsewhere).await.code(), ProblemCode::Forbidden);
}

/// An import at the step that a route needs.
pub(crate) fn at_step_for(post: &central::Endpoint, path: &str) -> ImportId {
    use OfficialState::{Checked, Stored, Uploaded};
    let store = post.store();
    let id = ImportId::new(&environment::Environment::system()).unwrap();
    let contest = "ppwp".parse().unwrap();
    let request = OfficialImportRequest { header_row: 1, ..OfficialImportRequest::default() };
    let new = NewOfficialImport {
        id,
        contest: &contest,
        region: None,
        file: "hasil.csv",
        sha256: [0; 32],
        content: b"kode,suara_01\n5271051001001,5\n",
        request: &serde_json::to_string(&request).unwrap(),
    };
    let audit = AuditContext { actor: &Actor::Operator, now_ms: NOON_MS };
    store.add_official_import(&new, audit).unwrap();
    for import in store.official_imports(&contest).unwrap() {
        if import.state == OfficialState::Storing {
            store.drop_official_version(import.id, import.version.unwrap()).unwrap();
        }
    }
    let check = serde_json::to_string(&OfficialCheck::default()).unwrap();
    let texts = Some((new.request, check.as_str()));
    if path.ends_with("/store") || path.ends_with("/changes") {
        assert!(store.move_official_import(id, &[Uploaded], Checked, texts, audit).unwrap());
    }
    if path.ends_with("/changes") {
        let central::store::OfficialStart::Started(version) =
            store.start_official_version(id, NOON_MS).unwrap()
        else {
            panic!("the import is checked")
        };
        assert!(store.finish_official_version(id, version, &check, audit).unwrap());
        assert_eq!(store.official_import(id).unwrap().unwrap().state, Stored);
    }
    id
}
