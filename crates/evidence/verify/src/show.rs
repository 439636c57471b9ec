//! Prints the contents of files for people.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::bail;
use chrono::DateTime;
use evidence::{
    AttendanceEvent, Body, Graded, IncidentBody, IncidentCategory, Namespace, ReadFigure, Seen, Statement,
    TallyBody,
};

use crate::input::{self, Thing, Unreadable};

/// Prints files. An error if one of them cannot be read; the others are printed all the same.
pub(crate) fn files(files: &[PathBuf], out: &mut impl Write) -> anyhow::Result<()> {
    let mut unreadable = 0;
    for path in files {
        match input::read(path) {
            Ok(found) => {
                for found in found {
                    writeln!(out, "{}", found.at)?;
                    thing(&found.thing, out)?;
                    writeln!(out)?;
                }
            }
            Err(error) => {
                unreadable += 1;
                let reason = match error {
                    Unreadable::File(error) => error.to_string(),
                    Unreadable::Content(reason) => reason,
                };
                writeln!(out, "{}\n  cannot be read: {reason}\n", path.display())?;
            }
        }
    }
    writeln!(out, "Nothing of this was checked. To check it: saksi-verify FILE…")?;
    match unreadable {
        0 => Ok(()),
        count => bail!("cannot read {count} of {} files", files.len()),
    }
}

fn thing(thing: &Thing, out: &mut impl Write) -> io::Result<()> {
    match thing {
        Thing::Statement { parsed, .. } => statement(parsed.unproved(), out),
        Thing::Receipt(receipt) => {
            writeln!(out, "  Receipt of log {} for statement {}", receipt.log(), receipt.statement())
        }
        Thing::Checkpoint(checkpoint) => {
            let claimed = checkpoint.unproved();
            writeln!(out, "  Checkpoint of log {}", checkpoint.log())?;
            writeln!(out, "  statements   {}", claimed.size)?;
            writeln!(out, "  signed at    {} (by the log's clock)", time(claimed.at_s))?;
            writeln!(out, "  read out     {}", claimed.spoken())
        }
        Thing::Consistency(proof) => {
            writeln!(out, "  Proof that the log of {} statements continues that of {}", proof.to, proof.from)
        }
        Thing::Rotation(rotation) => {
            writeln!(out, "  Change of key from log {} to {}", rotation.old.id(), rotation.new.id())
        }
        Thing::Verdict(record) => {
            let (reviewer, decision) = (plain(&record.reviewer), record.decision.word());
            writeln!(out, "  The endpoint says that {reviewer} decided on {}: {decision}", record.about)?;
            writeln!(out, "  because      {}", plain(&record.reason))?;
            match record.signed {
                Some(id) => writeln!(out, "  signed in    {id}"),
                None => writeln!(out, "  nobody signed it"),
            }
        }
        Thing::DeviceKey(key) => writeln!(out, "  Public key of device {}", key.device_id()),
        Thing::LogKey(key) => {
            writeln!(out, "  Public key of log {}", key.id())?;
            writeln!(out, "  fingerprint  {}", key.spoken())
        }
        Thing::Photo { hash, bytes } => writeln!(out, "  Photo {hash}, {bytes} bytes"),
    }
}

fn statement(statement: &Statement, out: &mut impl Write) -> io::Result<()> {
    let claims = &statement.claims;
    let kind = match &statement.body {
        Body::Tally(tally) if tally.supersedes.is_some() => "Correction of a tally",
        Body::Tally(_) => "Tally",
        Body::Photo(_) => "Photo of a page",
        Body::Attendance(_) => "Attendance",
        Body::Incident(_) => "Incident",
        Body::Drill(_) => "Result of a drill",
        Body::Audit(_) => "State of the endpoint's audit",
        Body::Verdict(_) => "Verdict of a coordinator",
        Body::Correction(_) => "Correction by a coordinator",
    };
    let count = match claims.subject.namespace {
        Namespace::Real => "the real count",
        Namespace::Drill => "a DRILL",
    };
    writeln!(out, "  {kind}, in {count}")?;
    writeln!(out, "  statement    {}", statement.id)?;
    writeln!(out, "  election     {}", plain(&claims.subject.election))?;
    writeln!(out, "  station      {}", plain(&claims.subject.station))?;
    writeln!(out, "  device       {}", claims.device)?;
    match claims.sealed_at.plausible_s() {
        Some(seconds) => writeln!(out, "  sealed at    {} (by the device's clock)", time(seconds))?,
        None => {
            writeln!(out, "  sealed at    no plausible time (the device's clock was wrong)")?;
        }
    }
    match claims.previous {
        Some(previous) => writeln!(out, "  in its chain {}, after {previous}", claims.sequence)?,
        None => writeln!(out, "  in its chain {}, the first", claims.sequence)?,
    }
    body(&statement.body, out)
}

fn seen_in_photo(seen: &Seen, out: &mut impl Write) -> io::Result<()> {
    match seen.page {
        Some(page) => writeln!(out, "  device saw   page {page}")?,
        None => writeln!(out, "  device saw   no page's mark")?,
    }
    for issue in &seen.issues {
        writeln!(out, "  kept though  {}", plain(issue))?;
    }
    for ReadFigure { field, figure, certainty_permille } in &seen.read {
        let figure = figure.map_or_else(|| "no digit".to_owned(), |figure| figure.to_string());
        writeln!(out, "  device read  {}: {figure} ({certainty_permille} ‰ sure)", plain(field))?;
    }
    Ok(())
}

fn body(body: &Body, out: &mut impl Write) -> io::Result<()> {
    match body {
        Body::Tally(body) => tally(body, out),
        Body::Photo(photo) => {
            writeln!(out, "  page         {} of tally {}", photo.page, photo.tally)?;
            writeln!(out, "  original     {} ({} bytes)", photo.original, photo.original_bytes)?;
            writeln!(out, "  sent picture {} ({} bytes)", photo.derivative, photo.derivative_bytes)?;
            photo.seen.as_ref().map_or(Ok(()), |seen| seen_in_photo(seen, out))
        }
        Body::Attendance(attendance) => {
            let event = match attendance.event {
                AttendanceEvent::Arrived => "arrived",
                AttendanceEvent::Left => "left",
                AttendanceEvent::NotAdmitted => "was not admitted",
            };
            writeln!(out, "  the witness  {event}")
        }
        Body::Incident(body) => incident(body, out),
        Body::Audit(audit) => {
            let head: String = audit.head.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(out, "  rows         {}", audit.rows)?;
            writeln!(out, "  head         {head}")
        }
        Body::Verdict(verdict) => {
            writeln!(out, "  about        {}", verdict.statement)?;
            writeln!(out, "  decision     {}", verdict.decision.word())?;
            writeln!(out, "  because      {}", plain(&verdict.reason))
        }
        Body::Correction(correction) => tally(&correction.to_tally(), out),
        Body::Drill(drill) => {
            writeln!(out, "  drill        {}, sheet {}", plain(&drill.drill), plain(&drill.sheet))?;
            writeln!(out, "  wrong        {} of {} fields", drill.wrong.len(), drill.fields)?;
            writeln!(out, "  noticed      {} of {} faults", drill.faults_noticed, drill.faults)?;
            writeln!(out, "  took         {} s", drill.duration_s)?;
            drill.graded.as_ref().map_or(Ok(()), |graded| grading(graded, out))
        }
    }
}

fn grading(graded: &Graded, out: &mut impl Write) -> io::Result<()> {
    let [pages, photographed, poor] = graded.pages;
    writeln!(out, "  attempt      {}", graded.attempt)?;
    writeln!(out, "  photos       {photographed} of {pages} pages, {poor} of them poor")?;
    for slip in &graded.slips {
        let (kind, field) = (plain(&slip.kind), plain(&slip.field));
        writeln!(out, "  slip         {kind} at {field}, {} fields", slip.fields)?;
    }
    for answer in &graded.answers {
        writeln!(out, "  answer       {}: {}", plain(&answer.finding), plain(&answer.judged))?;
    }
    Ok(())
}

fn tally(tally: &TallyBody, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  contest      {}", plain(&tally.contest))?;
    writeln!(out, "  form         {}, package version {}", plain(&tally.form), tally.package_version)?;
    if tally.round > 1 {
        writeln!(out, "  round        {}, after the first count", tally.round)?;
    }
    if let Some(corrected) = &tally.supersedes {
        writeln!(out, "  corrects     {}", corrected.statement)?;
        writeln!(out, "  because      {}", plain(&corrected.reason))?;
    }
    if !tally.acknowledged.is_empty() {
        let keys: Vec<_> = tally.acknowledged.iter().map(|key| plain(key)).collect();
        writeln!(out, "  the paper has it so, in spite of {}", keys.join(", "))?;
    }
    writeln!(out, "  figures, in the form's order")?;
    for (number, figure) in (1..).zip(&tally.figures) {
        let figure = match figure {
            None => "not typed".to_owned(),
            Some(-1) => "blank".to_owned(),
            Some(-2) => "illegible".to_owned(),
            Some(number) => number.to_string(),
        };
        writeln!(out, "    {number:>4}  {figure}")?;
    }
    Ok(())
}

fn incident(incident: &IncidentBody, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  category     {}", category(incident.category))?;
    let on_the_form = if incident.on_the_form { "yes" } else { "no" };
    writeln!(out, "  on the form  {on_the_form}")?;
    if let Some(tally) = incident.tally {
        writeln!(out, "  about tally  {tally}")?;
    }
    writeln!(out, "  account      {}", plain(&incident.text))
}

fn category(category: IncidentCategory) -> &'static str {
    match category {
        IncidentCategory::Objection => "objection (keberatan saksi)",
        IncidentCategory::FiguresChanged => "figures changed",
        IncidentCategory::CopyWithheld => "copy of the form withheld",
        IncidentCategory::WitnessHindered => "witness hindered",
        IncidentCategory::TimeOrPlace => "time or place of the vote",
        IncidentCategory::Material => "ballots, ink or forms",
        IncidentCategory::BallotTampering => "ballots or boxes tampered with",
        IncidentCategory::VoterRights => "right to vote",
        IncidentCategory::Inducement => "money or goods for votes",
        IncidentCategory::Intimidation => "threats or pressure",
        IncidentCategory::Neutrality => "officials not neutral",
        IncidentCategory::Violence => "violence",
        IncidentCategory::Disaster => "disaster, weather, no electricity",
        IncidentCategory::Other => "other",
    }
}

fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| format!("second {seconds}"), |time| time.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A text without control characters. Its author may be an attacker, who could move a terminal's cursor with
/// them.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}
