//! Phones as a coordinator sees them: what is missing in their chains, where these fork, and a lost one
//! revoked.

use central::view::{DeviceList, DeviceView, InvitationList, Role};
use protocol::ProblemCode;

use crate::post::{Post, demo_subject, hash_of, picture, sound_tally};

async fn devices(post: &Post, cookie: &str, query: &str) -> DeviceList {
    post.get(&format!("/api/devices{query}"), cookie).await.json()
}

#[tokio::test]
async fn gaps_and_forks_are_listed_and_whole_chains_are_left_out_on_demand() {
    let post = Post::new();
    let (station, paper) = (post.station(0), post.paper());
    let mut whole = post.phone_at(1, &station).await;
    let mut gapped = post.phone_at(2, &station).await;
    let mut forking = post.phone_at(3, &station).await;
    post.phone_at(4, &station).await;
    let say = |votes| evidence::Body::Tally(sound_tally(&paper, votes));
    let mut push = vec![whole.tally(&station, sound_tally(&paper, [1, 1, 1])).bytes];
    gapped.tally(&station, sound_tally(&paper, [1, 1, 1]));
    push.push(gapped.tally(&station, sound_tally(&paper, [2, 2, 2])).bytes);
    push.push(forking.tally(&station, sound_tally(&paper, [3, 3, 3])).bytes);
    push.push(forking.seal_again(demo_subject(&station), say([4, 4, 4])).bytes);
    for bytes in &push {
        post.push_one(bytes).await.unwrap();
    }

    let cookie = post.user("auditor", Role::Auditor, None).await;
    assert_eq!(devices(&post, &cookie, "").await.devices.len(), 4);
    let troubled = devices(&post, &cookie, "?troubled=true").await;
    assert_eq!(troubled.next, None);
    let of = |phone: &crate::post::Phone| {
        let name = phone.key.public().device_id().to_string();
        troubled.devices.iter().find(|device| device.device == name).cloned()
    };
    assert_eq!(troubled.devices.len(), 2);
    let (gapped, forking) = (of(&gapped).unwrap(), of(&forking).unwrap());
    assert_eq!((gapped.missing_count, &gapped.missing[..], &gapped.forks[..]), (1, &[1][..], &[][..]));
    assert_eq!((forking.missing_count, &forking.forks[..], forking.statements), (0, &[1][..], 2));
    assert_eq!(gapped.stations, [station]);
}

#[tokio::test]
async fn a_coordinator_revokes_a_lost_phone_of_their_region_and_is_on_record_with_it() {
    let post = Post::new();
    let (station, paper) = (post.station(0), post.paper());
    let mut phone = post.phone_at(1, &station).await;
    let before = phone.tally(&station, sound_tally(&paper, [1, 2, 3]));
    post.push_one(&before.bytes).await.unwrap();
    let device = phone.key.public().device_id();
    let revoke = async |cookie: &str| {
        post.post_json(
            &format!("/api/devices/{device}/revoke"),
            cookie,
            serde_json::json!({ "because": " HP hilang di pasar " }),
        )
        .await
    };
    let trainer = post.user("pelatih", Role::Trainer, None).await;
    assert_eq!(revoke(&trainer).await.code(), ProblemCode::Forbidden);
    let far = post.user("jauh", Role::Coordinator, Some("52.71.05.1005")).await;
    assert_eq!(revoke(&far).await.code(), ProblemCode::Forbidden);

    let near = post.user("dekat", Role::Coordinator, Some(station.desa().as_str())).await;
    let revoked: DeviceView = revoke(&near).await.json();
    assert_eq!(revoked.revoked_at_ms, Some(crate::post::NOON_MS));
    assert_eq!(revoked.revoked_because.as_deref(), Some("HP hilang di pasar"));
    post.clock.advance(1_000);
    let again: DeviceView = revoke(&near).await.json();
    assert_eq!(again.revoked_at_ms, revoked.revoked_at_ms, "it is revoked since the first time");

    let after = phone.tally(&station, sound_tally(&paper, [9, 9, 9]));
    post.push_one(&after.bytes).await.unwrap();
    let listed = devices(&post, &near, "").await.devices.remove(0);
    assert_eq!((listed.statements, listed.quarantined), (2, 1));
    let list: InvitationList = post.get("/api/invitations", &near).await.json();
    assert_eq!(list.invitations[0].revoked_at_ms, revoked.revoked_at_ms);
    let audit = post.endpoint.store().audit().unwrap();
    let entries: Vec<_> = audit.iter().filter(|entry| entry.action == "device.revoke").collect();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].actor.as_str(), &entries[0].subject), ("user:dekat", &device.to_string()));
}

#[tokio::test]
async fn a_photo_that_a_revoked_phone_announces_is_refused_and_completes_nothing() {
    let post = Post::new();
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    let tally = phone.tally(&station, sound_tally(&post.paper(), [1, 2, 3]));
    post.push_one(&tally.bytes).await.unwrap();
    let cookie = post.user("admin", Role::Admin, None).await;
    let device = phone.key.public().device_id();
    post.post_json(&format!("/api/devices/{device}/revoke"), &cookie, serde_json::json!({})).await;
    for page in 1..=u8::try_from(post.paper().pages().len()).unwrap() {
        let bytes = picture(page, 20);
        let photo = phone.photo(&station, tally.id, page, &bytes);
        assert_eq!(post.push_one(&photo.bytes).await, Err(protocol::ProblemCode::QuotaExceeded));
        let sent = post.photo_piece(hash_of(&bytes), 0, &bytes).await;
        assert_eq!(sent.code(), protocol::ProblemCode::PhotoUnknown);
    }
    let region: central::view::RegionView = post.get("/api/regions?contest=ppwp", &cookie).await.json();
    assert_eq!((region.coverage.provisional, region.coverage.photographed), (1, 0));
    let page: central::view::StationView =
        post.get(&format!("/api/stations/{station}?contest=ppwp"), &cookie).await.json();
    assert!(page.photos.is_empty());
}

#[tokio::test]
async fn many_devices_are_read_in_pages_and_found_by_id_station_and_name() {
    const ALL: u8 = 205;
    let post = Post::new();
    let (first, second) = (post.station(0), post.station(1));
    for seed in 1..ALL {
        post.phone_at(seed, &first).await;
    }
    let other = post.phone_at(ALL, &second).await;
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let page = devices(&post, &cookie, "").await;
    assert_eq!(page.devices.len(), 200);
    let rest = devices(&post, &cookie, &format!("?after={}", page.next.unwrap())).await;
    assert_eq!((rest.devices.len(), rest.next), (5, None));
    let mut all: Vec<String> = page.devices.into_iter().chain(rest.devices).map(|one| one.device).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), usize::from(ALL));

    let device = other.key.public().device_id().to_string();
    for search in [&device[..9], &second.to_string()] {
        let found = devices(&post, &cookie, &format!("?search={search}")).await;
        assert_eq!(found.devices.iter().map(|one| &one.device).collect::<Vec<_>>(), [&device], "{search}");
    }
    assert_eq!(devices(&post, &cookie, "?search=tidak-ada").await.devices.len(), 0);
    let refused = post.get("/api/devices?after=x", &cookie).await;
    assert_eq!(refused.code(), ProblemCode::RequestMalformed);
}
