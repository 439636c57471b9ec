//! Drills: practising alone, exercises and their sheets, and what a trainer says.
//!
//! A drill has a store of its own, with its own key. Its statements are of another namespace, so that neither
//! the real count nor this phone's other elections take them.

use evidence::{DeviceId, LogKey, Namespace};
use practice::{PracticeSheet, Scenario, SheetPages, When};
use protocol::{Assignment, EndpointInfo, EnrolResponse, KnownAs};
use sheet::{Colour, Picture};
use tally::{Election, Paper};

use crate::Device;
use crate::attempt::happens;
use crate::error::{DeviceError, StoreError};
use crate::model::{
    Assigned, Drill, Enrolment, KnownLog, StoredAttempt, election_of, log_key_of, scenario_of,
};
use crate::store::{NewAttempt, Store};

/// Resolution in which a page is shown. Its digits can be read when it is enlarged, and a cheap phone has
/// the memory for it.
const SHOWN_PIXELS_PER_MM: f64 = 2.8;
/// Quality of drawn pages as JPEG.
const DRAWN_QUALITY: u8 = 80;

/// The setting that holds as whom a class may know this phone.
const KNOWN_AS: &str = "known_as";

/// As whom a class may know this phone, if the witness agreed.
pub(crate) fn known_as(store: &Store) -> Result<Option<KnownAs>, StoreError> {
    Ok(store.setting(KNOWN_AS)?.and_then(|json| serde_json::from_str(&json).ok()))
}

/// The sheets of the exercise that is open, for the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedSheet {
    /// A name for the file.
    pub name: String,
    /// PDF.
    pub bytes: Vec<u8>,
}

/// A sheet that is open, with what it is drawn from.
pub(crate) struct OpenSheet {
    pub(crate) attempt: StoredAttempt,
    pub(crate) paper: Paper,
    pub(crate) sheet: PracticeSheet,
}

impl Device {
    /// Makes this a device for practising alone with a scenario, or gives it another one. Its endpoint is in
    /// the phone itself.
    pub(crate) fn begin_alone(
        &self,
        scenario: &Scenario,
        package: Election,
        assigned: Vec<Assignment>,
    ) -> Result<(), DeviceError> {
        let rng = self.platform.environment.rng.as_ref();
        let key = self.key_file.read_or_make(rng)?;
        let seed = match self.store().drill()?.and_then(|drill| drill.log_seed) {
            Some(seed) => seed,
            None => self.platform.environment.random()?,
        };
        let log = KnownLog::pinned(LogKey::of(Namespace::Drill, seed).public());
        let assigned = Assigned { now: assigned, ..Assigned::default() };
        let enrolment = Enrolment::new(String::new(), key.public(), package, assigned, log);
        for exercise in &scenario.exercises {
            enrolment.tally_of_exercise(exercise)?;
        }
        self.replace_enrolment(enrolment, true)?;
        let drill = Drill::begun(Some(scenario.to_json()), Some(seed));
        self.store().write(|write| {
            write.set_drill(&drill)?;
            write.begin_other_sheets()
        })?;
        self.begin_exercise(1)
    }

    /// Stores what the hall of a class answered to the enrolment. The hall is the endpoint of the drill, and
    /// the link on its wall names its log.
    pub fn entered_class(
        &self,
        address: &str,
        info: &EndpointInfo,
        response: EnrolResponse,
    ) -> Result<(), DeviceError> {
        let key = self.key_file.read_or_make(self.platform.environment.rng.as_ref())?;
        let election = election_of(&response.election)?;
        if !election.drill || response.device != key.public().device_id() {
            return Err(DeviceError::NotAHall);
        }
        let log = KnownLog::pinned(log_key_of(&info.log_key)?);
        let (now, revision) = (response.assignments, response.assignments_revision);
        let assigned = Assigned { now, revision, ..Assigned::default() };
        let enrolment = Enrolment::new(address.to_owned(), key.public(), election, assigned, log);
        self.replace_enrolment(enrolment, true)?;
        if self.store().drill()?.is_none() {
            self.store().write(|write| write.set_drill(&Drill::begun(None, None)))?;
        }
        self.try_now()
    }

    /// Whether this device practises alone.
    pub(crate) fn is_alone(&self) -> Result<bool, StoreError> {
        Ok(self.store().drill()?.is_some_and(|drill| drill.log_seed.is_some()))
    }

    /// Begins an exercise of the scenario, from its first figure. What was typed of it and not sealed goes.
    pub fn begin_exercise(&self, number: u8) -> Result<(), DeviceError> {
        let drill = self.store().drill()?.ok_or(DeviceError::NoDrill)?;
        let file = drill.scenario.ok_or(DeviceError::NoDrill)?;
        let scenario = scenario_of(&file)?;
        let exercise = scenario.exercise(number).ok_or(DeviceError::NoDrill)?;
        let tally_key = self.enrolment()?.tally_of_exercise(exercise)?;
        let now_ms = self.true_now_ms();
        self.store().write(|write| {
            write.begin_attempt(&NewAttempt {
                scenario: &file,
                exercise: number,
                copy: drill.copy,
                tally_key: &tally_key,
                begun_at_ms: now_ms,
            })?;
            match write.newest_attempt()? {
                Some(attempt) => happens(write, &attempt, When::Start, now_ms),
                None => Ok(()),
            }
        })?;
        self.set_drill_clock()?;
        self.wake();
        Ok(())
    }

    /// Begins the exercise again with another sheet: other figures, the same traps.
    pub fn begin_other_sheet(&self, number: u8) -> Result<(), DeviceError> {
        let drill = self.store().drill()?.ok_or(DeviceError::NoDrill)?;
        if drill.log_seed.is_none() {
            // In a class the trainer has handed out the sheets.
            return self.begin_exercise(number);
        }
        self.store().write(|write| {
            write.set_drill(&Drill { copy: drill.copy.saturating_add(1), ..drill })?;
            write.begin_other_sheets()
        })?;
        self.begin_exercise(number)
    }

    /// Asks the trainer for help, or takes that back.
    pub fn raise_hand(&self, raised: bool) -> Result<(), DeviceError> {
        let drill = self.store().drill()?.ok_or(DeviceError::NoDrill)?;
        self.store().write(|write| write.set_drill(&Drill { hand_raised: raised, ..drill }))?;
        self.wake();
        Ok(())
    }

    /// Signs that the device of a drill is used by the witness of this device.
    pub(crate) fn vouch_for(&self, drill_device: DeviceId) -> Result<KnownAs, DeviceError> {
        let key = self.key()?.ok_or(StoreError::KeyLost)?;
        Ok(KnownAs::sign(&key, drill_device))
    }

    /// Remembers as whom the trainer's class may know this phone; `None` as nobody.
    pub(crate) fn set_known_as(&self, known: Option<&KnownAs>) -> Result<(), DeviceError> {
        let json = known.map(serde_json::to_string).transpose();
        let json = json.map_err(|error| StoreError::Damaged(error.to_string()))?.unwrap_or_default();
        self.store().write(|write| write.set_setting(KNOWN_AS, &json))?;
        self.wake();
        Ok(())
    }

    /// A page of the sheet that is open, a JPEG.
    pub fn sheet_page(&self, page: u8) -> Result<Vec<u8>, DeviceError> {
        let OpenSheet { attempt, paper, sheet } = self.open_sheet()?;
        let pages = SheetPages::of(&paper)?;
        let no_page = || DeviceError::NoSuchPage { contest: attempt.tally_key.contest.clone(), page };
        let canvas = pages.canvas(&sheet, page, SHOWN_PIXELS_PER_MM).ok_or_else(no_page)?;
        jpeg(canvas.width(), canvas.height(), canvas.rgb().to_vec())
    }

    /// Adds a photo of a page that the app takes of its own drawing, because there is no paper. It is marked
    /// as drawn.
    pub fn photograph_sheet(&self, page: u8) -> Result<(), DeviceError> {
        let OpenSheet { attempt, paper, sheet } = self.open_sheet()?;
        let tally_key = &attempt.tally_key;
        let taken = self.store().photos(tally_key)?.iter().filter(|photo| photo.page == page).count();
        let take = u32::try_from(taken).unwrap_or(u32::MAX);
        let no_page = || DeviceError::NoSuchPage { contest: tally_key.contest.clone(), page };
        let (width, height, rgb) = SheetPages::of(&paper)?.photo(&sheet, page, take).ok_or_else(no_page)?;
        self.attach_drawn(tally_key, page, &jpeg(width, height, rgb)?)
    }

    /// The sheet that is open, for the printer.
    pub fn print_sheet(&self) -> Result<PrintedSheet, DeviceError> {
        let OpenSheet { attempt, paper, sheet } = self.open_sheet()?;
        let pages = SheetPages::of(&paper)?;
        let bytes = pages.pdf(&[sheet], pages.paper_size())?;
        Ok(PrintedSheet { name: format!("saksi-latihan-{}.pdf", attempt.sheet_number()), bytes })
    }

    /// The sheet that was begun last.
    pub(crate) fn open_sheet(&self) -> Result<OpenSheet, DeviceError> {
        let attempt = self.store().newest_attempt()?.ok_or(DeviceError::NoDrill)?;
        let paper = self.enrolment()?.paper(&attempt.tally_key)?.clone();
        let sheet = attempt.sheet(&paper)?;
        Ok(OpenSheet { attempt, paper, sheet })
    }
}

fn jpeg(width: usize, height: usize, rgb: Vec<u8>) -> Result<Vec<u8>, DeviceError> {
    let picture = Picture::new(width, height, Colour::Rgb, rgb)
        .ok_or_else(|| StoreError::Damaged("a drawing has no pixels".into()))?;
    Ok(picture.to_jpeg(DRAWN_QUALITY)?)
}
