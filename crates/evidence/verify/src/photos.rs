//! The checks of photos: a signed statement names the hash and the length of each.

use std::collections::{HashMap, HashSet};

use evidence::{Body, PhotoHash, StatementId};

use crate::report::{Report, Sort};
use crate::things::{FoundPhoto, Verified};

/// What a statement says about a photo.
struct Signed {
    bytes: u64,
    statement: StatementId,
}

pub(crate) fn check(photos: &[FoundPhoto], statements: &Verified, report: &mut Report) {
    let signed = signed_photos(statements);
    for FoundPhoto { at, hash, bytes } in photos {
        match signed.get(hash) {
            Some(signed) if signed.bytes == *bytes => {
                let detail = format!("it is the photo {hash} of statement {}", signed.statement);
                report.pass(Sort::Photo, at, detail);
            }
            Some(Signed { bytes: named, statement }) => {
                let detail = format!("it has {bytes} bytes, but statement {statement} says {named}");
                report.fail(Sort::Photo, at, detail);
            }
            None => report.not_checked(
                Sort::Photo,
                at,
                format!("no statement here whose signature holds names photo {hash}"),
                format!("the signed statement that names photo {hash}"),
            ),
        }
    }
    note_missing(photos, statements, report);
}

fn signed_photos(statements: &Verified) -> HashMap<PhotoHash, Signed> {
    let mut signed = HashMap::new();
    for (id, (_, statement)) in statements {
        if let Body::Photo(photo) = &statement.body {
            for (hash, bytes) in
                [(photo.original, photo.original_bytes), (photo.derivative, photo.derivative_bytes)]
            {
                signed.insert(hash, Signed { bytes, statement: *id });
            }
        }
    }
    signed
}

fn note_missing(photos: &[FoundPhoto], statements: &Verified, report: &mut Report) {
    let here: HashSet<_> = photos.iter().map(|photo| photo.hash).collect();
    let missing = statements
        .values()
        .filter(|(_, statement)| match &statement.body {
            Body::Photo(photo) => !here.contains(&photo.original) && !here.contains(&photo.derivative),
            _ => false,
        })
        .count();
    if missing > 0 {
        report.note(format!("{missing} signed photos are not in the files"));
    }
}
