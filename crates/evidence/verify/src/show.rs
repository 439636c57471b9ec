//! Printing what stands in a file as a person reads it.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::DateTime;
use evidence::{AttendanceEvent, Body, IncidentCategory, Namespace, ReadFigure, Seen, Statement};

use crate::input::{self, Thing};

/// Prints files; whether all of them could be read.
pub(crate) fn files(files: &[PathBuf], out: &mut impl Write) -> io::Result<bool> {
    let mut all_read = true;
    for path in files {
        match input::read(path) {
            Ok(found) => {
                for found in found {
                    writeln!(out, "{}", found.at)?;
                    thing(&found.thing, out)?;
                    writeln!(out)?;
                }
            }
            Err(reason) => {
                all_read = false;
                writeln!(out, "{}\n  cannot be read: {reason}\n", path.display())?;
            }
        }
    }
    writeln!(out, "Nothing of this was checked. To check it: saksi-verify FILE…")?;
    Ok(all_read)
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
        Thing::DeviceKey(key) => writeln!(out, "  Public key of device {}", key.device_id()),
        Thing::LogKey(key) => writeln!(out, "  Public key of log {}", key.id()),
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
    };
    let count = match claims.subject.namespace {
        Namespace::Real => "the real count",
        Namespace::Drill => "a DRILL",
    };
    writeln!(out, "  {kind}, in {count}")?;
    writeln!(out, "  statement    {}", statement.id)?;
    writeln!(out, "  election     {}", plain(&claims.subject.election))?;
    writeln!(out, "  station      TPS {}", plain(&claims.subject.station))?;
    writeln!(out, "  device       {}", claims.device)?;
    writeln!(out, "  sealed at    {} (by the device's clock)", time(claims.sealed_at_s))?;
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
    for fault in &seen.issues {
        writeln!(out, "  kept though  {}", plain(fault))?;
    }
    for ReadFigure { field, figure, certainty_permille } in &seen.read {
        let figure = figure.map_or_else(|| "no digit".to_owned(), |figure| figure.to_string());
        writeln!(out, "  device read  {}: {figure} ({certainty_permille} ‰ sure)", plain(field))?;
    }
    Ok(())
}

fn body(body: &Body, out: &mut impl Write) -> io::Result<()> {
    match body {
        Body::Tally(tally) => {
            writeln!(out, "  contest      {}", plain(&tally.contest))?;
            writeln!(
                out,
                "  form         {}, package version {}",
                plain(&tally.form),
                tally.package_version
            )?;
            if let Some(corrected) = &tally.supersedes {
                writeln!(out, "  corrects     {}", corrected.statement)?;
                writeln!(out, "  because      {}", plain(&corrected.reason))?;
            }
            if !tally.acknowledged.is_empty() {
                let keys: Vec<_> = tally.acknowledged.iter().map(|key| plain(key)).collect();
                writeln!(out, "  the paper has it so, in spite of {}", keys.join(", "))?;
            }
            writeln!(out, "  figures, in the form's order")?;
            for (place, figure) in (1..).zip(&tally.figures) {
                let figure = match figure {
                    None => "not typed".to_owned(),
                    Some(-1) => "blank".to_owned(),
                    Some(-2) => "illegible".to_owned(),
                    Some(number) => number.to_string(),
                };
                writeln!(out, "    {place:>4}  {figure}")?;
            }
            Ok(())
        }
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
        Body::Incident(incident) => {
            writeln!(out, "  category     {}", category(incident.category))?;
            let on_the_form = if incident.on_the_form { "yes" } else { "no" };
            writeln!(out, "  on the form  {on_the_form}")?;
            if let Some(tally) = incident.tally {
                writeln!(out, "  about tally  {tally}")?;
            }
            writeln!(out, "  account      {}", plain(&incident.text))
        }
        Body::Drill(drill) => {
            writeln!(out, "  drill        {}, sheet {}", plain(&drill.drill), plain(&drill.sheet))?;
            writeln!(out, "  wrong        {} of {} fields", drill.wrong.len(), drill.fields)?;
            writeln!(out, "  noticed      {} of {} faults", drill.faults_noticed, drill.faults)?;
            writeln!(out, "  took         {} s", drill.duration_s)
        }
    }
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

/// A text without what could move a terminal's cursor or its colours: whoever wrote it may not mean well.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}
