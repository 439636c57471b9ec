//! Reports of witnesses are ingested, logged, shown, and never counted.

use central::view::{Role, StationView, WitnessReport};
use evidence::{
    AttendanceBody, AttendanceEvent, Body, DrillBody, IncidentBody, IncidentCategory, Namespace, Subject,
};
use protocol::ProblemCode;

use crate::post::{Post, demo_json, demo_subject, sound_tally};

fn exercise() -> Body {
    Body::Drill(DrillBody {
        drill: String::from("latihan-1"),
        sheet: String::from("lembar-3"),
        fields: 40,
        wrong: vec![String::from("IV.2")],
        faults: 3,
        faults_noticed: 2,
        duration_s: 300,
        graded: None,
    })
}

#[tokio::test]
async fn incidents_and_attendance_are_ingested_logged_and_shown_at_the_station() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    let attendance = AttendanceBody { event: AttendanceEvent::Arrived, package_version: 1 };
    let arrived = phone.seal(demo_subject(&station), Body::Attendance(attendance));
    let incident = IncidentBody {
        category: IncidentCategory::CopyWithheld,
        text: String::from("Salinan tidak diberikan."),
        on_the_form: true,
        tally: Some(tally.id),
    };
    let objected = phone.seal(demo_subject(&station), Body::Incident(incident));
    for sealed in [&tally, &arrived, &objected] {
        post.push_one(&sealed.bytes).await.unwrap();
        post.clock.advance(1_000);
    }
    post.endpoint.sequence().unwrap();

    let cookie = post.user("auditor", Role::Auditor, None).await;
    let page: StationView = post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    let said: Vec<&WitnessReport> = page.reports.iter().map(|report| &report.report).collect();
    assert_eq!(
        said,
        [
            &WitnessReport::Attendance { event: AttendanceEvent::Arrived },
            &WitnessReport::Incident {
                category: IncidentCategory::CopyWithheld,
                text: String::from("Salinan tidak diberikan."),
                on_the_form: true,
                tally: Some(tally.id.to_string()),
            },
        ]
    );
    assert!(page.reports.iter().all(|report| report.assigned && !report.quarantined));
    assert_eq!(page.reports.iter().map(|report| report.log_index).collect::<Vec<_>>(), [Some(1), Some(2)]);
    assert_eq!(page.tallies.len(), 1);
}

#[tokio::test]
async fn an_exercise_belongs_to_a_drill_and_is_refused_in_the_real_count() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    // The same bytes cannot be both: a drill's namespace is another election's here.
    let drilled = Subject { namespace: Namespace::Drill, ..demo_subject(&station) };
    let sealed = phone.seal(drilled.clone(), exercise());
    assert_eq!(post.push_one(&sealed.bytes).await, Err(ProblemCode::ElectionWrong));

    let mut package = demo_json();
    package["drill"] = true.into();
    let drill = Post::of(&package);
    let mut phone = drill.phone_at(1, &station).await;
    let sealed = phone.seal(drilled, exercise());
    drill.push_one(&sealed.bytes).await.unwrap();
    let cookie = drill.user("pelatih", Role::Trainer, None).await;
    let page: StationView = drill.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    assert!(matches!(page.reports[0].report, WitnessReport::Drill { wrong: 1, faults_noticed: 2, .. }));
}
