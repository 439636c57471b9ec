//! Real devices and the real endpoint, over a transport that loses, repeats, changes and forges.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use central::store::{Actor, AuditContext, NewMessage, PhotoRequest, SendingRate};
use central::view::MessageId;
use device::sync::{Answer, Call, Reads, Sender, Transport as _, WireRequest, send_due};
use device::view::SyncError;
use device::{DeviceError, LifeState, TallyKey};
use environment::Environment;
use evidence::{Body, DeviceKey, Draft, Namespace, StatementId, Subject, TallyBody, Unverified};
use protocol::invitation::LINK_FINGERPRINT_LETTERS;
use protocol::{InvitationFragment, Outcome, ProblemCode};
use saksi_tests::data::{demo_election, drawn_photo};
use saksi_tests::fleet::plausible;
use saksi_tests::in_process::{InProcessEndpoint, InterceptedTransport, Witness};
use saksi_tests::rng::TestRng;
use tally::{ContestId, Election, Figure, StationId};

fn election() -> Election {
    tally::load::read(&demo_election()).unwrap()
}

fn station() -> StationId {
    "52.71.05.1001-001".parse().unwrap()
}

fn contest() -> ContestId {
    "ppwp".parse().unwrap()
}

fn tally_key() -> TallyKey {
    TallyKey::first(&station(), &contest())
}

/// Types, photographs and seals a tally; each seed gives another one.
fn seal(witness: &Witness, seed: u64) -> Result<()> {
    let paper = witness.device.paper(&tally_key())?;
    for (field, figure) in plausible(&paper, &mut TestRng::new(seed)).0 {
        witness.device.set_figure(&tally_key(), &field, Some(figure))?;
    }
    witness.device.attach_photo(&tally_key(), 2, &drawn_photo(u8::try_from(seed)?)?)?;
    witness.device.seal(&tally_key())?;
    Ok(())
}

/// Whether the endpoint has it, with or without a receipt on the device.
fn has_arrived(state: LifeState) -> bool {
    matches!(state, LifeState::Accepted | LifeState::Receipted)
}

fn statement_count(endpoint: &InProcessEndpoint) -> Result<u64> {
    Ok(endpoint.endpoint.store().statement_count()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_that_lose_every_other_response_store_each_statement_and_photo_once() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let (first, second) = (endpoint.witness(&station()).await?, endpoint.witness(&station()).await?);
    for (witness, seed) in [(&first, 1), (&second, 2)] {
        seal(witness, seed)?;
        witness.device.begin_correction(&tally_key(), "periksa ulang")?;
        witness.device.seal(&tally_key())?;
    }
    let send_losing_answers = async |witness: &Witness| -> Result<()> {
        let lost = AtomicUsize::new(0);
        // Every other response is lost, so everything is sent at least twice.
        let lossy = InterceptedTransport {
            transport: &witness.transport,
            before: |call| call,
            after: |answer| {
                if lost.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                    Answer::Failed(SyncError::Interrupted)
                } else {
                    answer
                }
            },
        };
        for _ in 0..40 {
            send_due(&witness.device, &lossy).await?;
            // The devices' clocks run ahead, so the test runs the log's sequencer itself.
            endpoint.endpoint.sequence()?;
            witness.advance_ms(10 * 60_000);
        }
        Ok(())
    };
    let (one, other) = tokio::join!(send_losing_answers(&first), send_losing_answers(&second));
    one?;
    other?;
    assert_eq!(statement_count(&endpoint)?, 6, "two tallies and one photo of each device, once");
    for witness in [&first, &second] {
        let tally = witness.device.tally(&tally_key())?;
        assert_eq!(tally.life.state, LifeState::Receipted);
        assert!(tally.pages[1].photo.as_ref().is_some_and(|photo| photo.arrived));
    }
    endpoint.stop().await
}

#[tokio::test]
async fn statements_pushed_again_in_another_order_get_the_same_outcomes_and_are_stored_once() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    seal(&witness, 3)?;
    let sent = sent_statements(&witness).await?;
    let forwards = push(&endpoint, &witness, &sent).await?;
    let mut reversed = sent.clone();
    reversed.reverse();
    let mut backwards = push(&endpoint, &witness, &reversed).await?;
    backwards.reverse();
    assert_eq!(forwards, backwards);
    assert!(forwards.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    assert_eq!(statement_count(&endpoint)?, 2);
    endpoint.stop().await
}

#[tokio::test]
async fn a_statement_changed_in_transit_is_refused_and_the_device_keeps_the_original_and_shows_the_reason()
-> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    seal(&witness, 4)?;
    let before = witness.device.tally(&tally_key())?;
    let changing = InterceptedTransport {
        transport: &witness.transport,
        before: |call| match call {
            Call::Push(mut statements) => {
                for bytes in &mut statements {
                    // The last byte belongs to the signature.
                    let last = bytes.len() - 1;
                    bytes[last] ^= 1;
                }
                Call::Push(statements)
            }
            call => call,
        },
        after: |answer| answer,
    };
    send_due(&witness.device, &changing).await?;
    let tally = witness.device.tally(&tally_key())?;
    assert_eq!(tally.life.state, LifeState::Refused);
    assert_eq!(tally.life.refusal.context("a reason")?.code, ProblemCode::SignatureInvalid);
    assert_eq!((tally.statement, tally.filled), (before.statement, before.filled));
    assert_eq!(statement_count(&endpoint)?, 0);

    // Without the change, the device offers the sealed bytes again, and they are accepted.
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    assert!(has_arrived(witness.device.tally(&tally_key())?.life.state));
    endpoint.stop().await
}

#[tokio::test]
async fn a_tally_is_receipted_when_the_device_has_verified_its_receipt() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    seal(&witness, 6)?;
    send_due(&witness.device, &witness.transport).await?;
    endpoint.endpoint.sequence()?;
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    let tally = witness.device.tally(&tally_key())?;
    assert_eq!(tally.life.state, LifeState::Receipted);
    let receipt = tally.receipt.context("a receipt")?;
    assert!(receipt.leaf_index < receipt.tree_size);
    endpoint.stop().await
}

#[tokio::test]
async fn a_damaged_photo_is_refused_and_does_not_hold_up_its_tally() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    seal(&witness, 5)?;
    // Another process overwrites the device's file. It is not an image any more, and has another hash.
    let photo = witness.device.tally(&tally_key())?.pages[1].photo.clone().context("a photo")?;
    let file = witness.folder().join(format!("photos/derivatives/{}.jpg", photo.hash));
    let length = std::fs::metadata(&file)?.len();
    std::fs::write(&file, vec![b'x'; usize::try_from(length)?])?;
    send_due(&witness.device, &witness.transport).await?;
    let tally = witness.device.tally(&tally_key())?;
    assert!(has_arrived(tally.life.state), "the tally arrives without its photo");
    let photo = tally.pages[1].photo.clone().context("the photo is kept")?;
    assert!(!photo.arrived);
    assert_eq!(photo.sent_bytes, 0, "no byte of it is reported as sent");
    endpoint.stop().await
}

#[tokio::test]
async fn forged_and_foreign_statements_are_refused_with_their_problem_codes() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    let own_key = device_key(&witness)?;
    let stranger = DeviceKey::from_seed([77; 32]);
    let fields = election().paper(&contest()).context("the paper")?.fields().len();

    let draft = |change: &dyn Fn(&mut Draft)| {
        let mut draft = Draft {
            subject: Subject {
                namespace: Namespace::Real,
                election: election().id.to_string(),
                station: station().to_string(),
            },
            sealed_at_s: 1_796_821_200,
            sequence: 1,
            previous: None,
            body: Body::Tally(TallyBody {
                contest: contest().to_string(),
                package_version: 1,
                form: "c-hasil-ppwp-2024".into(),
                figures: vec![Some(1); fields],
                acknowledged: Vec::new(),
                supersedes: None,
                round: 1,
            }),
        };
        change(&mut draft);
        draft
    };
    let sealed = |change: &dyn Fn(&mut Draft)| draft(change).seal(&own_key).map(|sealed| sealed.bytes);
    let body = |change: fn(&mut TallyBody)| {
        move |draft: &mut Draft| {
            if let Body::Tally(body) = &mut draft.body {
                change(body);
            }
        }
    };
    let mut other_key = sealed(&|_| {})?;
    let of_stranger = draft(&|_| {}).seal(&stranger)?.bytes;
    // The stranger's signature on the witness's statement.
    let (start, signature) = (other_key.len() - 64, of_stranger.len() - 64);
    other_key.splice(start.., of_stranger[signature..].iter().copied());

    let cases: Vec<(&str, ProblemCode, Vec<u8>)> = vec![
        ("another key", ProblemCode::SignatureInvalid, other_key),
        ("an unknown device", ProblemCode::DeviceUnknown, of_stranger),
        (
            "another election",
            ProblemCode::ElectionWrong,
            sealed(&|draft| draft.subject.election = "pilkada".into())?,
        ),
        ("a drill", ProblemCode::ElectionWrong, sealed(&|draft| draft.subject.namespace = Namespace::Drill)?),
        (
            "an unknown station",
            ProblemCode::StationUnknown,
            sealed(&|draft| draft.subject.station = "52.71.05.1001-777".into())?,
        ),
        (
            "an unknown contest",
            ProblemCode::ContestUnknown,
            sealed(&body(|body| body.contest = "dpr".into()))?,
        ),
        ("too few figures", ProblemCode::FiguresUnfit, sealed(&body(|body| body.figures.truncate(3)))?),
        ("noise", ProblemCode::StatementMalformed, vec![0x42; 300]),
    ];
    for (what, code, bytes) in cases {
        let outcomes = push(&endpoint, &witness, &[bytes]).await?;
        let [Outcome::Refused { problem }] = &outcomes[..] else {
            panic!("{what} was accepted: {outcomes:?}")
        };
        assert_eq!(problem.code, code, "{what}");
    }
    assert_eq!(statement_count(&endpoint)?, 0);
    endpoint.stop().await
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    let request = WireRequest {
        method: "POST",
        path: protocol::path::STATEMENTS.to_owned(),
        headers: vec![("content-type", protocol::CBOR.to_owned())],
        body: vec![0; protocol::limit::PUSH_BYTES + 1],
        reads: Reads::Outcomes,
    };
    let request = request.proven_by(&device_key(&witness)?);
    let mut sending = reqwest::Client::new().post(format!("{}{}", endpoint.url, request.path));
    for (name, value) in &request.headers {
        sending = sending.header(*name, value);
    }
    let response = sending.body(request.body).send().await?;
    assert_eq!(response.status(), 413);
    let problem: protocol::Problem = serde_json::from_slice(&response.bytes().await?)?;
    assert_eq!(problem.code, ProblemCode::BodyTooLong);
    endpoint.stop().await
}

#[tokio::test]
async fn a_device_joins_only_the_endpoint_whose_log_its_invitation_names() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let link = endpoint.invite(&station())?;
    let (address, fragment) = link.split_once('#').context("a fragment")?;
    let mut fragment = InvitationFragment::parse(fragment)?;
    ensure!(fragment.log_fingerprint.is_some(), "the link names no log: {link}");
    fragment.log_fingerprint = Some("0".repeat(LINK_FINGERPRINT_LETTERS));
    let witness = Witness::new()?;
    let refused = witness.device.join(&format!("{address}#{fragment}"), &witness.transport).await;
    ensure!(matches!(refused, Err(DeviceError::OtherLog)), "{refused:?}");
    ensure!(witness.device.app()?.witness.is_none(), "nothing was joined");
    witness.device.join(&format!("Undangan: *{link}*"), &witness.transport).await?;
    ensure!(witness.device.app()?.witness.is_some(), "the link of this endpoint is accepted");
    endpoint.stop().await
}

/// The statements that the device would push now. They are not sent.
async fn sent_statements(witness: &Witness) -> Result<Vec<Vec<u8>>> {
    let caught = std::sync::Mutex::new(Vec::new());
    let once = AtomicBool::new(false);
    let capturing = InterceptedTransport {
        transport: &witness.transport,
        before: |call| {
            if let Call::Push(statements) = &call
                && !once.swap(true, Ordering::SeqCst)
            {
                caught.lock().unwrap().extend(statements.clone());
            }
            Call::Push(Vec::new())
        },
        after: |_| Answer::Failed(SyncError::Unreachable),
    };
    send_due(&witness.device, &capturing).await?;
    Ok(caught.into_inner().unwrap())
}

async fn push(
    endpoint: &InProcessEndpoint,
    witness: &Witness,
    statements: &[Vec<u8>],
) -> Result<Vec<Outcome>> {
    let key = device_key(witness)?;
    let sender = Sender { endpoint: &endpoint.url, key: &key };
    let answer = witness.transport.exchange(sender, Call::Push(statements.to_vec())).await;
    let Answer::Pushed { outcomes, .. } = answer else { anyhow::bail!("{answer:?}") };
    for (outcome, bytes) in outcomes.iter().zip(statements) {
        if let Outcome::Accepted { id, .. } = outcome {
            let parsed: StatementId = Unverified::parse(bytes)?.id();
            assert_eq!(*id, parsed);
        }
    }
    Ok(outcomes)
}

fn device_key(witness: &Witness) -> Result<DeviceKey> {
    let seed: [u8; 32] = std::fs::read(witness.folder().join("device.key"))?.as_slice().try_into()?;
    Ok(DeviceKey::from_seed(seed))
}

#[tokio::test]
async fn a_coordinators_request_for_another_photo_reaches_the_device_and_the_new_photo_the_coordinator()
-> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    witness.device.set_figure(&tally_key(), &"IV.1".parse()?, Some(Figure::Written(7)))?;
    witness.device.attach_photo(&tally_key(), 2, &drawn_photo(1)?)?;
    witness.device.seal(&tally_key())?;
    send_due(&witness.device, &witness.transport).await?;

    let tally = witness.device.tally(&tally_key())?.statement.context("a statement")?.parse()?;
    let device = witness.device.app()?.witness.context("a witness")?.device.parse()?;
    let request = PhotoRequest { tally, page: 2, reason: "angka kedua tidak terbaca" };
    endpoint.endpoint.store().request_photo(
        device,
        &station(),
        request,
        AuditContext { actor: &Actor::Operator, now_ms: 1 },
    )?;
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    let waiting = |witness: &Witness| -> Result<Vec<u8>> {
        let requests = witness.device.app()?.witness.context("a witness")?.photo_requests;
        Ok(requests.into_iter().map(|request| request.page).collect())
    };
    assert_eq!(waiting(&witness)?, [2]);
    witness.device.attach_photo(&tally_key(), 2, &drawn_photo(2)?)?;
    assert!(waiting(&witness)?.is_empty());
    send_due(&witness.device, &witness.transport).await?;
    assert_eq!(endpoint.endpoint.store().statements_about(&station())?.len(), 3, "a tally and two photos");
    endpoint.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_the_phone_and_the_endpoint_learns_that_it_was_opened() -> Result<()> {
    let endpoint = InProcessEndpoint::start(election()).await?;
    let witness = endpoint.witness(&station()).await?;
    let store = endpoint.endpoint.store();
    let region = "52.71".parse()?;
    let id = MessageId::new(&Environment::system())?;
    let message = NewMessage { id, region: Some(&region), text: "Rapat pukul 12.", sender: "rini" };
    let audit = AuditContext { actor: &Actor::Operator, now_ms: 1 };
    ensure!(store.send_message(message, SendingRate { most: 1, since_ms: 0 }, audit)?);
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    let messages = || -> Result<_> { Ok(witness.device.app()?.witness.context("a witness")?.messages) };
    let shown = messages()?.pop().context("the message")?;
    assert_eq!((shown.text.as_str(), shown.by.as_str(), shown.opened), ("Rapat pukul 12.", "rini", false));

    witness.device.open_messages(&[shown.id])?;
    send_due(&witness.device, &witness.transport).await?;
    let stored = store.message(id)?.context("the message")?;
    assert_eq!(stored.read, 1);
    ensure!(store.withdraw_message(&stored, audit)?);
    witness.device.try_now()?;
    send_due(&witness.device, &witness.transport).await?;
    assert!(messages()?[0].withdrawn && messages()?[0].opened);
    endpoint.stop().await
}
