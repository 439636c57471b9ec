//! A hall without internet: phones join through its laptop, record, and go home.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use anyhow::Result;
use central::store::{Actor, PhotoOutcome};
use device::view::{AppView, JoinOutcome};
use device::{LifeState, TallyKey};
use protocol::link_fingerprint;
use saksi_tests::data::{demo_election, drawn_photo};
use saksi_tests::fleet::plausible;
use saksi_tests::hall::{Hall, Internet, Phone};
use saksi_tests::in_process::InProcessEndpoint;
use saksi_tests::rng::TestRng;
use tally::{ContestId, Election, StationId};

/// Number of phones in the hall.
const PHONES: usize = 30;
/// The page that every third of them photographs.
const PHOTO_PAGE: u8 = 2;

fn election() -> Election {
    tally::load::read(&demo_election()).unwrap()
}

fn contest() -> ContestId {
    "ppwp".parse().unwrap()
}

fn stations() -> Vec<StationId> {
    election().stations().collect()
}

/// An endpoint that no phone reaches before there is an [`Internet`].
async fn endpoint_far_away() -> Result<InProcessEndpoint> {
    InProcessEndpoint::start_known_as(election(), Internet::address_of).await
}

fn seal(phone: &Phone, station: &StationId, seed: u64) -> Result<()> {
    let device = phone.device()?;
    let key = TallyKey::first(station, &contest());
    let paper = device.paper(&key)?;
    for (field, figure) in plausible(&paper, &mut TestRng::new(seed)).0 {
        device.set_figure(&key, &field, Some(figure))?;
    }
    if seed.is_multiple_of(3) {
        device.attach_photo(&key, PHOTO_PAGE, &drawn_photo(u8::try_from(seed)?)?)?;
    }
    device.seal(&key)?;
    Ok(())
}

fn state(phone: &Phone, station: &StationId) -> LifeState {
    phone.device().unwrap().tally(&TallyKey::first(station, &contest())).unwrap().life.state
}

fn view(phone: &Phone) -> AppView {
    phone.elections.app().unwrap()
}

/// The phones of an evening: each has its own invitation, and a sealed tally that the hall keeps.
struct Evening {
    endpoint: InProcessEndpoint,
    hall: Hall,
    phones: Vec<(Phone, StationId)>,
    /// What was sealed: tallies, and photos of some.
    statements: u64,
    photos: usize,
}

impl Evening {
    async fn begin() -> Result<Self> {
        let endpoint = endpoint_far_away().await?;
        let stations = stations();
        let mut links = Vec::new();
        for index in 0..PHONES {
            let station = &stations[index % stations.len()];
            links.push((endpoint.invite(station)?, station.clone()));
        }
        let file = endpoint.endpoint.hall_file(None, &Actor::Operator)?;
        let hall = Hall::open(&file).await?;
        let mut phones = Vec::new();
        let (mut statements, mut photos) = (0, 0);
        for (index, (link, station)) in links.into_iter().enumerate() {
            let phone = Phone::new()?;
            let outcome = phone.elections.join(&link, &phone.transport).await?;
            assert_eq!(outcome, JoinOutcome::Waiting);
            let outcome = phone.elections.join(&hall.link, &phone.transport).await?;
            assert_eq!(outcome, JoinOutcome::AtHall);
            assert!(!view(&phone).witness.unwrap().stations[0].is_own, "the hall knows its invitation");
            seal(&phone, &station, index as u64)?;
            statements += if index.is_multiple_of(3) { 2 } else { 1 };
            photos += usize::from(index.is_multiple_of(3));
            phones.push((phone, station));
        }
        let evening = Self { endpoint, hall, phones, statements, photos };
        evening.entrust().await?;
        Ok(evening)
    }

    /// The phones send in the hall, and its log appends.
    async fn entrust(&self) -> Result<()> {
        for _ in 0..2 {
            for (phone, _) in &self.phones {
                phone.send().await?;
            }
            self.hall.endpoint.sequence()?;
        }
        for (phone, station) in &self.phones {
            phone.send().await?;
            let device = phone.device()?;
            let tally = device.tally(&TallyKey::first(station, &contest()))?;
            assert_eq!(tally.life.state, LifeState::Sealed, "a hall's receipt proves nothing");
            assert!(tally.life.entrusted_at_ms.is_some());
            let hall = view(phone).witness.unwrap().hall.unwrap();
            assert_eq!((hall.waiting, hall.error), (0, None));
        }
        Ok(())
    }

    /// At home the phones reach the endpoint, and nobody does anything.
    async fn go_home(&self) -> Result<()> {
        let _internet = Internet::connect(&self.endpoint.url).await?;
        for _ in 0..3 {
            for (phone, _) in &self.phones {
                phone.send().await?;
            }
            self.endpoint.endpoint.sequence()?;
        }
        Ok(())
    }

    fn arrived_photos(&self) -> Result<usize> {
        let store = self.endpoint.endpoint.store();
        let mut arrived = 0;
        for (phone, station) in &self.phones {
            let tally = phone.device()?.tally(&TallyKey::first(station, &contest()))?;
            for photo in tally.pages.iter().filter_map(|page| page.photo.as_ref()) {
                let known = store.announced_photo(photo.hash.parse()?)?;
                arrived += usize::from(photo.arrived && known.outcome == Some(PhotoOutcome::Complete));
            }
        }
        Ok(arrived)
    }

    fn assert_all_proved_once(&self) -> Result<()> {
        for (phone, station) in &self.phones {
            assert_eq!(state(phone, station), LifeState::Receipted);
            let app = view(phone);
            assert!(app.joining.is_none());
            assert_eq!(app.elections[0].unproved, 0);
        }
        let store = self.endpoint.endpoint.store();
        assert_eq!(store.statement_count()?, self.statements, "each statement once");
        assert_eq!(self.arrived_photos()?, self.photos);
        // The devices of the phones, and the hall's own when it handed on.
        assert!((PHONES..=PHONES + 1).contains(&store.devices()?.len()));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_phones_join_through_a_hall_and_everything_arrives_once_and_is_proved_at_home() -> Result<()> {
    let evening = Evening::begin().await?;
    let done = evening.hall.endpoint.hand_over(Some(&evening.endpoint.url)).await?;
    assert_eq!(done.enrolments as usize, PHONES);
    assert_eq!((u64::from(done.statements), done.photos as usize), (evening.statements, evening.photos));
    assert_eq!((done.refused, done.later), (0, 0));
    let again = evening.hall.endpoint.hand_over(Some(&evening.endpoint.url)).await?;
    assert_eq!(again, central::hall::HandedOver::default(), "nothing is handed on twice");
    assert_eq!(evening.endpoint.endpoint.store().statement_count()?, evening.statements);

    evening.go_home().await?;
    evening.assert_all_proved_once()?;
    evening.hall.close().await?;
    evening.endpoint.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hall_whose_disk_is_lost_before_it_handed_on_loses_nothing_that_the_phones_hold() -> Result<()> {
    let evening = Evening::begin().await?;
    let Evening { endpoint, hall, phones, statements, photos } = evening;
    drop(hall.close().await?);
    let file = endpoint.endpoint.hall_file(None, &Actor::Operator)?;
    let evening = Evening { hall: Hall::open(&file).await?, endpoint, phones, statements, photos };
    evening.go_home().await?;
    evening.assert_all_proved_once()?;
    evening.hall.close().await?;
    evening.endpoint.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hall_keeps_everything_over_its_restart_and_hands_on_what_the_phones_lost() -> Result<()> {
    let endpoint = endpoint_far_away().await?;
    let station = stations().remove(0);
    let link = endpoint.invite(&station)?;
    let file = endpoint.endpoint.hall_file(None, &Actor::Operator)?;
    let hall = Hall::open(&file).await?;
    let phone = Phone::new()?;
    phone.elections.join(&link, &phone.transport).await?;
    phone.elections.join(&hall.link, &phone.transport).await?;
    seal(&phone, &station, 3)?;
    phone.send().await?;
    // The photo follows once the hall has proved that it has the statements.
    hall.endpoint.sequence()?;
    phone.send().await?;
    let device = view(&phone).witness.unwrap().device;
    // The phone falls into a rice field.
    drop(phone);
    let folder = hall.close().await?;
    let hall = Hall::open_in(&file, folder).await?;
    hall.endpoint.sequence()?;
    let done = hall.endpoint.hand_over(Some(&endpoint.url)).await?;
    assert_eq!((done.enrolments, done.statements, done.photos), (1, 2, 1));
    let devices = endpoint.endpoint.store().devices()?;
    assert!(devices.iter().any(|known| known.device.to_string() == device));
    hall.close().await?;
    endpoint.stop().await
}

#[tokio::test]
async fn the_hall_knows_no_code_and_cannot_enrol_another_phone_with_an_invitation() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let station = stations().remove(0);
    let link = endpoint.invite(&station)?;
    let code = link.split('#').nth(1).unwrap().split('.').next().unwrap().replace('-', "");
    let file = endpoint.endpoint.hall_file(None, &Actor::Operator)?.to_json()?;
    assert!(!file.replace('-', "").contains(&code), "no code of a witness is in the hall file");

    // Who reads the enrolment on the way puts another key into it.
    let (honest, thief) = (evidence::DeviceKey::from_seed([1; 32]), evidence::DeviceKey::from_seed([2; 32]));
    let carried = protocol::CarriedEnrolment::sign(&honest, Some(&code));
    let mut stolen = protocol::CarriedEnrolment::sign(&thief, None);
    stolen.invitation.clone_from(&carried.invitation);
    // It fails if a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let post = async |enrolment: &protocol::CarriedEnrolment| {
        let url = format!("{}{}", endpoint.url, protocol::path::ENROL_CARRIED);
        reqwest::Client::new().post(url).json(enrolment).send().await.unwrap().status().as_u16()
    };
    assert_eq!(post(&stolen).await, 422);
    assert_eq!(post(&protocol::CarriedEnrolment::sign(&thief, None)).await, 404);
    assert_eq!(post(&carried).await, 200);
    assert_eq!(post(&carried).await, 200, "the same again is the same");
    assert_eq!(post(&protocol::CarriedEnrolment::sign(&thief, Some(&code))).await, 409, "it is used");
    endpoint.stop().await
}

#[tokio::test]
async fn another_laptop_and_another_endpoints_hall_are_refused() -> Result<()> {
    let (endpoint, other) = (InProcessEndpoint::start(election()).await?, endpoint_far_away().await?);
    let station = stations().remove(0);
    let hall = Hall::open(&endpoint.endpoint.hall_file(None, &Actor::Operator)?).await?;
    let phone = Phone::new()?;
    let refused = |error: device::DeviceError| device::view::Failure::from(&error).code;

    // The link names another laptop's log.
    let fingerprint = link_fingerprint(evidence::LogKey::from_seed([5; 32]).public());
    let forged = format!("{}#{fingerprint}", hall.link.split('#').next().unwrap());
    let error = phone.elections.join(&forged, &phone.transport).await.unwrap_err();
    assert_eq!(refused(error), device::view::FailureCode::NotAHall);
    // An endpoint is no hall.
    let endpoint_as_hall = other.endpoint.hall_link(&other.url);
    let error = phone.elections.join(&endpoint_as_hall, &phone.transport).await.unwrap_err();
    assert_eq!(refused(error), device::view::FailureCode::NotAHall);
    // The invitation names another endpoint's log than the hall has: a guest of the hall is another election.
    phone.elections.join(&other.invite(&station)?, &phone.transport).await?;
    phone.elections.join(&hall.link, &phone.transport).await?;
    let cards = view(&phone).elections;
    assert_eq!(cards.len(), 2, "the invitation still waits for its own endpoint");
    assert!(view(&phone).witness.unwrap().stations.is_empty(), "a guest has no station");
    hall.close().await?;
    other.stop().await?;
    endpoint.stop().await
}

#[tokio::test]
async fn the_same_election_twice_is_one_and_a_drill_stands_beside_it() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let mut practice = election();
    practice.drill = true;
    let drill = InProcessEndpoint::start(practice).await?;
    let stations = stations();
    let phone = Phone::new()?;
    let join = async |link: String| phone.elections.join(&link, &phone.transport).await;
    assert_eq!(join(drill.invite(&stations[0])?).await?, JoinOutcome::Joined);
    seal(&phone, &stations[0], 1)?;
    assert_eq!(join(endpoint.invite(&stations[0])?).await?, JoinOutcome::Joined);
    assert_eq!(join(endpoint.invite(&stations[1])?).await?, JoinOutcome::AlreadyHere);
    let app = view(&phone);
    assert_eq!(app.elections.iter().map(|card| card.drill).collect::<Vec<_>>(), [true, false]);
    assert_eq!(app.witness.unwrap().stations.len(), 2, "the second invitation adds its station");
    assert_eq!(endpoint.endpoint.store().devices()?.len(), 1);

    seal(&phone, &stations[1], 2)?;
    phone.send().await?;
    for endpoint in [&endpoint, &drill] {
        assert_eq!(endpoint.endpoint.store().statement_count()?, 1, "each has its own and nothing else");
    }
    drill.stop().await?;
    endpoint.stop().await
}

#[tokio::test]
async fn a_lost_phone_is_revoked_a_new_one_is_invited_and_what_the_old_one_gave_away_still_comes_in()
-> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let station = stations().remove(0);
    let (lost, courier) = (Phone::new()?, Phone::new()?);
    for phone in [&lost, &courier] {
        phone.elections.join(&endpoint.invite(&station)?, &phone.transport).await?;
    }
    seal(&lost, &station, 1)?;
    let bundle = lost.device()?.export_bundle()?;
    courier.device()?.accept_bundle(&bundle.bytes)?;
    let device = view(&lost).witness.unwrap().device.parse()?;
    drop(lost);
    assert!(endpoint.endpoint.revoke_device(device, Some("hilang"), &Actor::Operator)?);
    let replacement = Phone::new()?;
    replacement.elections.join(&endpoint.invite(&station)?, &replacement.transport).await?;
    seal(&replacement, &station, 4)?;
    for phone in [&courier, &replacement] {
        phone.send().await?;
    }
    endpoint.endpoint.sequence()?;
    for phone in [&courier, &replacement] {
        phone.send().await?;
    }
    assert_eq!(state(&replacement, &station), LifeState::Receipted);
    let carried = view(&courier).witness.unwrap().carried;
    assert_eq!((carried[0].records, carried[0].proved), (1, 1), "it is in the log, set apart");
    endpoint.stop().await
}
