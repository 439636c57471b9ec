//! The comparison of older checkpoints with the log.

use central::view::{LogComparison, LogVerdict, LogView, Role};
use evidence::log::NodeHash;
use evidence::{Checkpoint, LogKey, LogPublicKey, Sealed, StatementId};

use crate::post::{Post, settings, sound_tally};

async fn log(post: &Post, cookie: &str) -> LogView {
    post.get("/api/log", cookie).await.json()
}

async fn compare(post: &Post, cookie: &str, kept: &str) -> LogComparison {
    post.post_json("/api/log/compare", cookie, serde_json::json!({ "kept": kept })).await.json()
}

async fn sealed(post: &Post, count: u32) -> Vec<Sealed> {
    let station = post.station(0);
    let mut phone = post.phone_at(1, &station).await;
    (0..count).map(|votes| phone.tally(&station, sound_tally(&post.paper(), [votes, 2, 3]))).collect()
}

#[tokio::test]
async fn a_log_that_only_grew_continues_every_checkpoint_and_every_fingerprint_of_it() {
    let post = Post::new();
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let empty = log(&post, &cookie).await;
    assert_eq!((empty.size, empty.began_at_ms, empty.keys.len()), (0, None, 1));
    let mut seen = vec![empty];
    for statement in sealed(&post, 5).await {
        post.push_one(&statement.bytes).await.unwrap();
        assert_eq!(log(&post, &cookie).await.waiting, 1);
        post.endpoint.sequence().unwrap();
        seen.push(log(&post, &cookie).await);
    }
    let newest = seen.last().unwrap();
    assert_eq!((newest.size, newest.waiting, newest.began_at_ms), (5, 0, Some(crate::post::NOON_MS)));
    let key = LogPublicKey::from_hex(&newest.keys[0].public_key).unwrap();
    for older in &seen {
        let answer = compare(&post, &cookie, &older.checkpoint).await;
        assert_eq!((answer.verdict, answer.size), (LogVerdict::Continues, Some(older.size)));
        // Nobody has to believe the verdict: what it rests on is in the answer.
        let proof: Vec<NodeHash> =
            answer.proof.iter().map(|hex| hex.parse::<StatementId>().unwrap().0).collect();
        let [newest, older_note] =
            [&answer.newest, &older.checkpoint].map(|note| Checkpoint::parse(note, &key).unwrap());
        assert!(newest.continues(&older_note, &proof));
        // As it comes out of a mail.
        let mailed = format!("  {}", older.checkpoint.replace('\n', "\r\n"));
        assert_eq!(compare(&post, &cookie, &mailed).await.verdict, LogVerdict::Continues);
        let heard = older.spoken.to_lowercase().replace('-', " ");
        assert_eq!(compare(&post, &cookie, &heard).await.verdict, LogVerdict::Continues, "{heard}");
    }
}

#[tokio::test]
async fn a_log_rebuilt_without_a_statement_and_signed_with_the_right_key_contradicts_itself() {
    let honest = Post::new();
    let cookie = honest.user("auditor", Role::Auditor, None).await;
    let all = sealed(&honest, 6).await;
    for statement in &all {
        honest.push_one(&statement.bytes).await.unwrap();
    }
    honest.endpoint.sequence().unwrap();
    let kept = log(&honest, &cookie).await;

    // The same key, the same phone, one statement less and others instead.
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::copy(honest.folder.path().join("log.key"), folder.path().join("log.key")).unwrap();
    let election = honest.endpoint.election().clone();
    let rewritten =
        central::Endpoint::open(&settings(folder.path()), Some(election), honest.clock.environment())
            .unwrap();
    let post = Post::around(rewritten, folder, honest.clock.clone());
    let mut phone = post.phone_at(1, &post.station(0)).await;
    for (place, statement) in all.iter().enumerate() {
        if place != 2 {
            post.push_one(&statement.bytes).await.unwrap();
        }
    }
    post.endpoint.sequence().unwrap();
    let cookie = post.user("auditor", Role::Auditor, None).await;
    assert_eq!(compare(&post, &cookie, &kept.checkpoint).await.verdict, LogVerdict::Ahead);
    for votes in 0..4 {
        let more = phone.tally(&post.station(0), sound_tally(&post.paper(), [votes, 7, 7]));
        post.push_one(&more.bytes).await.unwrap();
        post.endpoint.sequence().unwrap();
        let answer = compare(&post, &cookie, &kept.checkpoint).await;
        assert_eq!(answer.verdict, LogVerdict::Contradicts, "at {votes} more");
        assert_eq!(compare(&post, &cookie, &kept.spoken).await.verdict, LogVerdict::NeverHeard);
    }
}

#[tokio::test]
async fn what_is_no_checkpoint_of_this_log_has_a_verdict_of_its_own() {
    let post = Post::new();
    let cookie = post.user("auditor", Role::Auditor, None).await;
    let own = log(&post, &cookie).await.checkpoint;
    let other = Checkpoint::sign(&LogKey::from_seed([7; 32]), 3, [1; 32], 1_796_792_400);
    let bent = own.replacen("\n0\n", "\n1\n", 1);
    assert_ne!(bent, own);
    let far = "999 ABCD-ABCD-ABCD-ABCD-ABCD-ABCD-ABCD-ABCD";
    for (kept, verdict) in [
        (other.note(), LogVerdict::OtherLog),
        (&bent, LogVerdict::Unsigned),
        (far, LogVerdict::Ahead),
        ("saya tidak tahu", LogVerdict::Unreadable),
        ("", LogVerdict::Unreadable),
    ] {
        assert_eq!(compare(&post, &cookie, kept).await.verdict, verdict, "{kept}");
    }
}
