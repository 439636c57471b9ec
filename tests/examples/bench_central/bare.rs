//! The bare limits of this machine: the same work with nothing around it.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use saksi_tests::fleet::{SimWitness, papers, tally_of};
use saksi_tests::postgres::psql;
use saksi_tests::rng::TestRng;
use tally::Election;

use super::per_second;

/// Bytes of a typical statement.
const STATEMENT_BYTES: usize = 430;

/// Signatures that one core checks in a second.
pub(super) fn verify(election: &Election) -> Result<f64> {
    const TIMES: usize = 8_000;
    let station = election.stations().next().context("a station")?;
    let paper = election.paper(&election.contests[0].id).context("a paper")?;
    let mut witness = SimWitness::new(1, station);
    let sealed = witness.seal(election.id.as_str(), 1, tally_of(&paper, 1, &papers(&paper, 1)[0]))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&witness.key.public().to_bytes())?;
    let signing = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let signature = ed25519_dalek::Signer::sign(&signing, &sealed.bytes);
    let started = Instant::now();
    for _ in 0..TIMES {
        // A check under the wrong key takes the same time.
        black_box(key.verify_strict(black_box(&sealed.bytes), &signature).is_ok());
    }
    Ok(per_second(TIMES, started))
}

/// Rows of a statement's size, 100 in a transaction.
pub(super) fn sqlite() -> Result<f64> {
    const ROWS: u64 = 20_000;
    let folder = tempfile::tempdir()?;
    let mut bare = Connection::open(folder.path().join("bare.sqlite"))?;
    bare.pragma_update(None, "journal_mode", "wal")?;
    bare.pragma_update(None, "synchronous", "full")?;
    bare.execute_batch("CREATE TABLE statement (id BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    let started = Instant::now();
    for group in 0..ROWS / 100 {
        let transaction = bare.transaction()?;
        for number in 0..100 {
            let mut insert = transaction.prepare_cached("INSERT INTO statement VALUES (?1, ?2)")?;
            insert.execute(params![key_of(group * 100 + number), [7_u8; STATEMENT_BYTES]])?;
        }
        transaction.commit()?;
    }
    Ok(per_second(usize::try_from(ROWS)?, started))
}

/// A key of 32 random bytes, like a hash.
fn key_of(number: u64) -> [u8; 32] {
    let mut key = [0; 32];
    TestRng::new(number).fill(&mut key);
    key
}

/// Rows of a statement's size, 1,000 in a transaction.
pub(super) fn postgres(server: &str) -> Result<f64> {
    psql(server, "DROP TABLE IF EXISTS bare")?;
    psql(server, "CREATE TABLE bare (id bytea PRIMARY KEY, bytes bytea NOT NULL)")?;
    let sql = "DO $$ BEGIN FOR part IN 1..50 LOOP
            INSERT INTO bare SELECT * FROM UNNEST(
                (SELECT array_agg(sha256((part * 1000 + n)::text::bytea)) FROM generate_series(1, 1000) n),
                (SELECT array_agg(decode(repeat('07', 430), 'hex')) FROM generate_series(1, 1000)));
            COMMIT;
        END LOOP; END $$";
    let started = Instant::now();
    psql(server, sql)?;
    let rate = per_second(50_000, started);
    psql(server, "DROP TABLE bare")?;
    Ok(rate)
}
