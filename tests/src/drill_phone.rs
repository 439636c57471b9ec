//! A simulated phone of a trainee: it joins the class of a hall, says what it does, and sends what it signs.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use evidence::{Body, DeviceKey, Draft, Namespace, StatementId, Subject, TallyBody};
use practice::{Attempt, PracticeSheet, Scenario, SealedPhoto, SheetNumber, grade};
use protocol::{
    CarriedEnrolment, DrillProgress, DrillStage, DrillState, EnrolResponse, KnownAs, Outcome, PushRequest,
    PushResponse, path,
};
use serde_bytes::ByteBuf;
use tally::{Figures, Paper};

use crate::http::HttpConnection;

/// When the first statement of a phone is sealed, in seconds since 1970.
const EVENING_S: i64 = 1_796_821_200;

/// A phone of the class.
pub struct DrillPhone {
    pub key: DeviceKey,
    joined: EnrolResponse,
    /// The number of its copies.
    pub copy: u16,
    scenario: Scenario,
    sequence: u64,
    previous: Option<StatementId>,
    /// Whose it says that it is.
    pub known_as: Option<KnownAs>,
    pub hand_raised: bool,
}

impl DrillPhone {
    /// Joins the class at this address, as the phone with this number.
    ///
    /// # Errors
    /// When the hall refuses.
    pub fn join(url: &str, number: u8) -> Result<Self> {
        let key = DeviceKey::from_seed([number + 1; 32]);
        let carried = serde_json::to_vec(&CarriedEnrolment::sign(&key, None))?;
        let headers = [("content-type", "application/json")];
        let reply = HttpConnection::open(url)?.exchange("POST", path::ENROL_CARRIED, &headers, &carried)?;
        ensure!(reply.status == 200, "joining: {}", String::from_utf8_lossy(&reply.body));
        let joined: EnrolResponse = serde_json::from_slice(&reply.body)?;
        let (state, _) = said(url, &key, &words(DrillStage::Waiting, 0, false, None))?;
        let scenario = Scenario::from_json(&state.scenario.context("a scenario")?)?;
        let (sequence, previous, copy) = (0, None, state.copy);
        Ok(Self { key, joined, copy, scenario, sequence, previous, known_as: None, hand_raised: false })
    }

    /// Says what it does, and hears how the class is led and how long the answer took.
    ///
    /// # Errors
    /// When the hall refuses.
    pub fn say(&self, url: &str, stage: DrillStage, exercise: u8) -> Result<(DrillState, Duration)> {
        said(url, &self.key, &words(stage, exercise, self.hand_raised, self.known_as.clone()))
    }

    /// Types an exercise as the sheet has it, then as `change` leaves it. Seals the tally and the result, and
    /// pushes both.
    ///
    /// # Errors
    /// When the hall refuses.
    pub fn take(
        &mut self,
        url: &str,
        exercise: u8,
        change: impl FnOnce(&Paper, &PracticeSheet, &mut Figures),
    ) -> Result<()> {
        let number = SheetNumber { exercise, copy: self.copy };
        let paper = self.paper()?;
        let sheet = PracticeSheet::of(&self.scenario, number, &paper).context("a sheet")?;
        let mut attempt = perfect(&paper, &sheet);
        change(&paper, &sheet, &mut attempt.figures);
        let tally = self.seal(Body::Tally(tally_of(&paper, &attempt.figures)))?;
        let graded = grade(&paper, &sheet, &attempt);
        let result = self.seal(Body::Drill(graded.result(&self.scenario.id, number)))?;
        let statements = [tally, result].map(ByteBuf::from).into();
        let body = protocol::to_cbor(&PushRequest { statements })?;
        let headers = [("content-type", protocol::CBOR)];
        let mut line = HttpConnection::open(url)?;
        let reply = line.exchange_as(&self.key, "POST", path::STATEMENTS, &headers, &body)?;
        let response: PushResponse = protocol::from_cbor(&reply.body)?;
        // A number with more digits than boxes is no tally, and a result all the same.
        let outcome = response.outcomes.last().context("no outcome")?;
        ensure!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        Ok(())
    }

    fn paper(&self) -> Result<Paper> {
        let place = self.joined.assignments.first().context("a station")?;
        let contest = place.contests.first().context("a contest")?;
        self.joined.election.paper_of_kind(contest, place.station.kind()).context("a paper")
    }

    fn seal(&mut self, body: Body) -> Result<Vec<u8>> {
        let place = self.joined.assignments.first().context("a station")?;
        let subject = Subject {
            namespace: Namespace::Drill,
            election: self.joined.election.id.to_string(),
            station: place.station.to_string(),
        };
        self.sequence += 1;
        let (sequence, previous) = (self.sequence, self.previous);
        let sealed_at_s = EVENING_S + i64::try_from(sequence)?;
        let sealed = Draft { subject, sealed_at_s, sequence, previous, body }.seal(&self.key)?;
        self.previous = Some(sealed.id);
        Ok(sealed.bytes)
    }
}

fn words(stage: DrillStage, exercise: u8, hand_raised: bool, known_as: Option<KnownAs>) -> DrillProgress {
    DrillProgress {
        exercise: (exercise > 0).then_some(exercise),
        stage,
        section: (stage == DrillStage::Entering).then(|| "IV".to_owned()),
        hand_raised,
        scenario: None,
        known_as,
    }
}

fn said(url: &str, key: &DeviceKey, said: &DrillProgress) -> Result<(DrillState, Duration)> {
    let body = serde_json::to_vec(said)?;
    let mut line = HttpConnection::open(url)?;
    let start = Instant::now();
    let headers = [("content-type", "application/json")];
    let reply = line.exchange_as(key, "PUT", path::DRILL, &headers, &body)?;
    let took = start.elapsed();
    ensure!(reply.status == 200, "speaking: {}", String::from_utf8_lossy(&reply.body));
    Ok((serde_json::from_slice(&reply.body)?, took))
}

/// Everything typed right, the findings of the paper confirmed, every page photographed.
fn perfect(paper: &Paper, sheet: &PracticeSheet) -> Attempt {
    let figures = sheet.expected().clone();
    let pages = paper.pages().iter().map(|page| page.number);
    let pages = pages.filter(|page| !sheet.missing_pages().contains(page));
    Attempt {
        number: 1,
        acknowledged: paper.check(&figures).faults().map(|fault| fault.key.clone()).collect(),
        figures,
        photos: pages.map(|page| SealedPhoto { page, issues: Vec::new() }).collect(),
        times: Vec::new(),
        seconds: 400,
        incidents: sheet.objection().map(|asked| asked.category).into_iter().collect(),
    }
}

fn tally_of(paper: &Paper, figures: &Figures) -> TallyBody {
    TallyBody {
        contest: paper.contest().id.to_string(),
        package_version: 1,
        form: paper.form().id.to_string(),
        figures: paper.to_wire(figures),
        acknowledged: Vec::new(),
        supersedes: None,
        round: 1,
    }
}
