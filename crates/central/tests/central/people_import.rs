//! Importing people from spreadsheets, and exporting them.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use central::view::{
    ImportCheck, ImportFaultReason, ImportState, PeopleImport, PersonColumn, PersonView, Role, StaffingView,
};
use protocol::ProblemCode;
use serde_json::{Value, json};

use crate::people::{DESA, OTHER_DESA, add, count, list, person};
use crate::post::{Answer, Post};

async fn upload(post: &Post, cookie: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let request = Request::post("/api/people/imports?file=saksi.csv")
        .header("cookie", cookie)
        .header("content-type", "application/octet-stream")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(bytes.into()))
        .unwrap();
    post.send(request).await
}

/// What is asked of an import with the columns that were suggested.
fn asked(import: &PeopleImport, duplicates: &str) -> Value {
    json!({ "columns": import.columns, "position": "witness_inside", "duplicates": duplicates })
}

async fn check(post: &Post, cookie: &str, import: &PeopleImport, request: &Value) -> ImportCheck {
    post.post_json(&format!("/api/people/imports/{}/check", import.import), cookie, request.clone())
        .await
        .json()
}

/// Begins to store an import and waits for its end.
async fn store(post: &Post, cookie: &str, import: &PeopleImport, request: &Value) -> PeopleImport {
    let path = format!("/api/people/imports/{}", import.import);
    let begun = post.post_json(&format!("{path}/store"), cookie, request.clone()).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", String::from_utf8_lossy(&begun.body));
    loop {
        let now: PeopleImport = post.get(&path, cookie).await.json();
        if now.state != ImportState::Storing {
            return now;
        }
        // As the console does, and within the rate of a user.
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
}

#[tokio::test]
async fn a_spreadsheet_as_people_write_it_is_understood() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let first = post.station(0);
    let text = format!(
        "DAFTAR SAKSI 2029;;;;;;;\n\
         Nama Lengkap;No. HP;Kode Desa;TPS;Jabatan;Surat Mandat;Persetujuan;Catatan\n\
         Siti Ma'rufah;812-3456-7890;5271051001;TPS 1;Saksi;ya;ya;datang pagi\n\
         Budi;'081111111111;52.71.05.1001;002;saksi luar;;tidak;\n\
         Citra;;;{first};;;;\n\
         ;;;;;;;\n\
         Dewi;+62 822 2222 2222;{OTHER_DESA};;Korcam;;;\n"
    );
    // As Excel in Indonesia saves it: semicolons, Windows-1252, lines of Windows.
    let bytes: Vec<u8> = text.replace('\n', "\r\n").bytes().collect();
    let import: PeopleImport = upload(&post, &cookie, bytes).await.json();
    assert_eq!((import.rows, import.state), (4, ImportState::Uploaded));
    assert_eq!(import.columns[1], Some(PersonColumn::Phone));
    assert_eq!(import.preview[0][0], "Siti Ma'rufah");
    let request = asked(&import, "merge");
    let found = check(&post, &cookie, &import, &request).await;
    assert_eq!((found.sound, found.faults_total, found.duplicates_total), (4, 0, 0), "{:?}", found.faults);
    assert!(list(&post, &cookie, "").await.people.is_empty(), "a check stores nothing");
    let stored = store(&post, &cookie, &import, &request).await;
    assert_eq!((stored.state, stored.done), (ImportState::Stored, 4), "{:?}", stored.failure);

    let page = list(&post, &cookie, "?search=siti").await;
    let siti = &page.people[0];
    assert_eq!(siti.phone.as_deref(), Some("+6281234567890"));
    assert_eq!((siti.assignments[0].station.clone(), siti.consent_at_ms.is_some()), (first, true));
    assert!(siti.assignments[0].letter_at_ms.is_some());
    let korcam = list(&post, &cookie, "?position=coordinator_kecamatan").await;
    assert_eq!(korcam.people[0].desa.as_str(), OTHER_DESA);
    let view: StaffingView = post.get("/api/staffing", &cookie).await.json();
    assert_eq!((view.total.witnesses, view.total.one, view.total.two), (3, 1, 1));
    let kept = count(&post, "SELECT count(*) FROM person_import WHERE bytes IS NOT NULL");
    assert_eq!(kept, 0, "the file goes when it is stored");

    // The same columns are understood the next time, whatever the user called them.
    let mut own = asked(&import, "merge");
    own["columns"] = json!(["name", "desa", null]);
    let odd: PeopleImport =
        upload(&post, &cookie, format!("Kolom A,Kolom B,Kolom C\nEko,{DESA},x\n")).await.json();
    assert_eq!(odd.columns, [None, None, None]);
    store(&post, &cookie, &odd, &own).await;
    let again: PeopleImport =
        upload(&post, &cookie, format!("Kolom A,Kolom B,Kolom C\nFajar,{DESA},x\n")).await.json();
    assert_eq!(again.columns, [Some(PersonColumn::Name), Some(PersonColumn::Desa), None]);
}

#[tokio::test]
async fn faults_are_named_by_row_and_column_and_nothing_is_stored() {
    let post = Post::new();
    let cookie = post.user("dekat", Role::Coordinator, Some("52.71.05")).await;
    let rows = [
        ("Siti,0812345678,52.71.05.1001,1,saksi,", None),
        (",0812345679,52.71.05.1001,1,saksi,", Some((ImportFaultReason::NameMissing, "A"))),
        ("Budi,12,52.71.05.1001,1,saksi,", Some((ImportFaultReason::PhoneUnfit, "B"))),
        ("Citra,,52.71.05.9999,1,saksi,", Some((ImportFaultReason::DesaUnknown, "C"))),
        ("Dewi,,\"5,27E+09\",1,saksi,", Some((ImportFaultReason::DesaUnknown, "C"))),
        ("Eko,,52.71.05.1001,777,saksi,", Some((ImportFaultReason::StationUnknown, "D"))),
        ("Fajar,,52.71.05.1001,1,raja,", Some((ImportFaultReason::PositionUnknown, "E"))),
        ("Gita,,52.71.05.1001,1,saksi,5271011234560001", Some((ImportFaultReason::NikUnfit, "F"))),
        ("Hadi,,,,saksi,", Some((ImportFaultReason::DesaMissing, "C"))),
    ];
    let body: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
    let file = format!("Nama,HP,Kode Desa,TPS,Jabatan,NIK\n{body}");
    let import: PeopleImport = upload(&post, &cookie, file).await.json();
    let request = asked(&import, "keep");
    let found = check(&post, &cookie, &import, &request).await;
    assert_eq!((found.sound, found.faults_total), (1, 8));
    let expected =
        (2..).zip(rows).filter_map(|(row, (_, fault))| fault.map(|(reason, at)| (row, reason, at)));
    let named = found.faults.iter().map(|fault| (fault.row, fault.reason, fault.letters.as_str()));
    assert_eq!(named.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert!(found.faults.iter().all(|fault| !fault.text.contains("5271011234560001")), "no NIK is repeated");
    let path = format!("/api/people/imports/{}/store", import.import);
    assert_eq!(post.post_json(&path, &cookie, request).await.code(), ProblemCode::ImportFaulty);
    assert!(list(&post, &cookie, "").await.people.is_empty());
}

#[tokio::test]
async fn rows_of_another_region_are_refused_and_an_import_is_seen_in_its_region_only() {
    let post = Post::new();
    let near = post.user("dekat", Role::Coordinator, Some(DESA)).await;
    let file = format!("Nama,Kode Desa,TPS\nSiti,{DESA},1\nBudi,{OTHER_DESA},1\nCitra,{OTHER_DESA},\n");
    let import: PeopleImport = upload(&post, &near, file).await.json();
    let found = check(&post, &near, &import, &asked(&import, "keep")).await;
    assert_eq!(found.faults_total, 2);
    assert!(found.faults.iter().all(|fault| fault.reason == ImportFaultReason::OutsideRegion));
    let far = post.user("jauh", Role::Coordinator, Some(OTHER_DESA)).await;
    let path = format!("/api/people/imports/{}", import.import);
    assert_eq!(post.get(&path, &far).await.code(), ProblemCode::Forbidden);
    for step in ["check", "store"] {
        let answer = post.post_json(&format!("{path}/{step}"), &far, asked(&import, "keep")).await;
        assert_eq!(answer.code(), ProblemCode::Forbidden);
    }
    assert_eq!(
        post.post_json(&format!("{path}/discard"), &far, json!({})).await.code(),
        ProblemCode::Forbidden
    );
    let listed: Value = post.get("/api/people/imports", &far).await.json();
    assert_eq!(listed["imports"].as_array().unwrap().len(), 0);
    let dropped: PeopleImport = post.post_json(&format!("{path}/discard"), &near, json!({})).await.json();
    assert_eq!(dropped.state, ImportState::Discarded);
    let answer = post.post_json(&format!("{path}/check"), &near, asked(&import, "keep")).await;
    assert_eq!(answer.code(), ProblemCode::ImportStateWrong);
}

#[tokio::test]
async fn duplicates_are_named_and_merged_kept_or_left_out() {
    let file = format!(
        "Nama,HP,Kode Desa,TPS\nSiti Rahma,081234567890,{DESA},1\nBUDI,,{DESA},2\nBudi,,{DESA},3\nAni,,{DESA},\n"
    );
    for (choice, people, witnesses) in [("merge", 3, 3), ("keep", 6, 3), ("skip", 4, 1)] {
        let post = Post::new();
        let cookie = post.user("rini", Role::Coordinator, None).await;
        let mut known = person("Siti", DESA);
        known["phone"] = json!("0812 3456 7890");
        let known = add(&post, &cookie, known).await;
        add(&post, &cookie, person("Ani", DESA)).await;
        let import: PeopleImport = upload(&post, &cookie, file.clone()).await.json();
        let request = asked(&import, choice);
        let found = check(&post, &cookie, &import, &request).await;
        assert_eq!((found.sound, found.duplicates_total), (4, 3), "{choice}");
        assert_eq!(found.duplicates[0].person, Some(known.person.person));
        assert_eq!(found.duplicates[1].earlier_row, Some(3));
        let stored = store(&post, &cookie, &import, &request).await;
        assert_eq!(stored.state, ImportState::Stored, "{:?}", stored.failure);
        let page = list(&post, &cookie, "").await;
        let expected = if choice == "skip" { 3 } else { people };
        assert_eq!(page.people.len(), expected, "{choice}: {:?}", page.people);
        let view: StaffingView = post.get("/api/staffing", &cookie).await.json();
        assert_eq!(view.total.witnesses, witnesses, "{choice}");
        let siti: PersonView =
            post.get(&format!("/api/people/{}", known.person.person), &cookie).await.json();
        assert_eq!(siti.person.name, "Siti", "the stored name stays");
        assert_eq!(siti.person.assignments.len(), usize::from(choice == "merge"), "{choice}");
    }
}

#[tokio::test]
async fn a_single_row_is_decided_otherwise() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    for name in ["Ani", "Budi"] {
        add(&post, &cookie, person(name, DESA)).await;
    }
    let file = format!("Nama,Kode Desa\nAni,{DESA}\nBudi,{DESA}\n");
    let import: PeopleImport = upload(&post, &cookie, file).await.json();
    let mut request = asked(&import, "skip");
    request["decisions"] = json!([{ "row": 3, "duplicates": "keep" }]);
    let stored = store(&post, &cookie, &import, &request).await;
    assert_eq!((stored.state, stored.done), (ImportState::Stored, 1), "{:?}", stored.failure);
    assert_eq!(list(&post, &cookie, "?search=budi").await.people.len(), 2);
    assert_eq!(list(&post, &cookie, "?search=ani").await.people.len(), 1);
}

#[tokio::test]
async fn an_import_is_stored_as_a_whole_or_not_at_all() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let mut file = String::from("Nama,Kode Desa,TPS\n");
    for number in 0..2_500 {
        file += &format!("Saksi {number},{DESA},\n");
    }
    file += &format!("Mandat A,{DESA},1\nMandat B,{DESA},1\n");
    let import: PeopleImport = upload(&post, &cookie, file.clone()).await.json();
    let mut request = asked(&import, "keep");
    request["participant"] = json!("ppwp:1");
    assert_eq!(check(&post, &cookie, &import, &request).await.faults_total, 0);
    // Between the check and the storing somebody else gets a mandate there.
    let path = format!("/api/people/imports/{}", import.import);
    let begun: PeopleImport = post.post_json(&format!("{path}/store"), &cookie, request.clone()).await.json();
    assert_eq!(begun.state, ImportState::Storing);
    let again = post.post_json(&format!("{path}/store"), &cookie, request.clone()).await;
    assert_eq!(again.status, StatusCode::ACCEPTED, "asking again begins nothing");
    let stored = loop {
        let now: PeopleImport = post.get(&path, &cookie).await.json();
        if now.state != ImportState::Storing {
            break now;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((stored.state, stored.done), (ImportState::Stored, 2_502), "{:?}", stored.failure);

    // A second file asks for a third mandate: it is refused, row by row.
    let file = format!("Nama,Kode Desa,TPS\nTanpa,{DESA},\nMandat C,{DESA},1\n");
    let import: PeopleImport = upload(&post, &cookie, file).await.json();
    let found = check(&post, &cookie, &import, &request).await;
    assert_eq!((found.sound, found.faults_total), (1, 1));
    assert_eq!(found.faults[0].reason, ImportFaultReason::MandateFull);
    assert_eq!(list(&post, &cookie, "?search=tanpa").await.people.len(), 0);

    // The rule holds in the store too, past every check: nothing of such an import stays.
    use central::store::{Actor, AuditContext, ImportRow, OnKnown};
    let environment = post.clock.environment();
    let row = |name: &str, station: Option<&str>| ImportRow {
        person: central::view::PersonId::new(&environment).unwrap(),
        assignment: central::view::AssignmentId::new(&environment).unwrap(),
        details: central::model::person_details::PersonDetails {
            name: name.to_owned(),
            phone: None,
            organisation: None,
            field: None,
            position: central::view::Position::WitnessInside,
            availability: central::view::Availability::Unknown,
            desa: DESA.parse().unwrap(),
            nik_last4: None,
            note: None,
            consent_at_ms: None,
        },
        station: station.map(|station| station.parse().unwrap()),
        shift: String::new(),
        participant: station.map(|_| "ppwp:1".parse().unwrap()),
        letter: false,
        on_known: OnKnown::Keep,
    };
    let rows = [row("Setengah", None), row("Ketiga", Some("52.71.05.1001-001"))];
    let audit = AuditContext { actor: &Actor::Operator, now_ms: 0 };
    let stored =
        post.endpoint.store().store_import(import.import, &rows, &|stored, _| stored.clone(), &|_| (), audit);
    assert!(stored.is_err());
    assert_eq!(list(&post, &cookie, "?search=setengah").await.people.len(), 0);
}

#[tokio::test]
async fn hostile_spreadsheets_are_refused_before_they_are_read() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let mut long = String::from("Nama,Kode Desa\n");
    for _ in 0..200_001 {
        long += "a,b\n";
    }
    let one_cell = format!("Nama,Kode Desa\n{},x\n", "y".repeat(3_000));
    let files: [&[u8]; 5] =
        [b"", b"PK\x03\x04 not a workbook", b"<html>", long.as_bytes(), one_cell.as_bytes()];
    for file in files {
        let answer = upload(&post, &cookie, file).await;
        assert_eq!(answer.code(), ProblemCode::ImportUnreadable);
    }
    assert_eq!(count(&post, "SELECT count(*) FROM person_import"), 0);
}

#[tokio::test]
async fn no_cell_of_an_export_is_a_formula_and_an_export_is_audited() {
    let post = Post::new();
    let cookie = post.user("rini", Role::Coordinator, None).await;
    let mut evil = person("=HYPERLINK(\"http://x\";\"klik\")", DESA);
    evil["organisation"] = json!("@SUM(A1:A9)");
    evil["phone"] = json!("081234567890");
    add(&post, &cookie, evil).await;
    let answer = post.get("/api/people/export?format=csv", &cookie).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = String::from_utf8(answer.body).unwrap();
    let row = text.lines().nth(1).unwrap();
    let begins_formula = |cell: &str| cell.trim_matches('"').starts_with(['=', '+', '-', '@']);
    assert!(!row.split(',').any(begins_formula), "{row}");
    assert!(row.contains("'=HYPERLINK") && row.contains("'@SUM") && row.contains("'+6281234567890"));
    let workbook = post.get("/api/people/export?format=xlsx", &cookie).await;
    assert!(workbook.body.starts_with(b"PK"));
    let audit = post.endpoint.store().audit().unwrap();
    let exports: Vec<&str> =
        audit.iter().filter(|row| row.action == "person.export").map(|row| row.subject.as_str()).collect();
    assert_eq!(exports, ["everywhere: 1 rows", "everywhere: 1 rows"]);

    // What was exported comes in again as it was.
    let import: PeopleImport = upload(&post, &cookie, text).await.json();
    let found = check(&post, &cookie, &import, &asked(&import, "skip")).await;
    assert_eq!((found.faults_total, found.duplicates_total), (0, 1), "{:?}", found.faults);
}
