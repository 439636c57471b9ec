//! Practising alone: a device of its own, which has no endpoint.

use std::sync::Arc;

use practice::{Level, Scenario, drill_package};
use protocol::Assignment;
use tally::{Election, StationId};

use super::Elections;
use crate::Device;
use crate::error::DeviceError;

/// The election with which somebody practises who has joined none: all kinds of contests.
const EXAMPLE: &str = include_str!("../../../../assets/elections/demo-general.json");

/// The contests and stations with which somebody practises.
struct Base {
    election: Election,
    stations: Vec<StationId>,
}

impl Elections {
    /// Begins to practise alone, on a level or with the file of a scenario, and shows it. The contests are
    /// those of the witness's own election, or of an example.
    pub fn practise(&self, level: Level) -> Result<(), DeviceError> {
        let base = self.base()?;
        let seed = u32::from_le_bytes(self.platform.environment.random()?);
        let scenario = Scenario::of_level(level, seed, &base.election);
        self.practise_with(&base, &scenario)
    }

    /// The same with the file of a scenario.
    pub fn practise_scenario(&self, file: &[u8]) -> Result<(), DeviceError> {
        let text =
            std::str::from_utf8(file).map_err(|_| DeviceError::ScenarioUnreadable("it is no text".into()))?;
        let scenario =
            Scenario::from_json(text).map_err(|error| DeviceError::ScenarioUnreadable(error.to_string()))?;
        self.practise_with(&self.base()?, &scenario)
    }

    fn practise_with(&self, base: &Base, scenario: &Scenario) -> Result<(), DeviceError> {
        let package = drill_package(&base.election, scenario, &base.stations)
            .map_err(|error| DeviceError::ScenarioUnreadable(error.to_string()))?;
        let assigned = base.stations.iter().map(|station| Assignment {
            station: station.clone(),
            contests: package.contests_at(station).map(|contest| contest.id.clone()).collect(),
        });
        let assigned = assigned.collect();
        let (number, device) = match self.alone(&package)? {
            Some(alone) => alone,
            None => self.spare()?,
        };
        device.begin_alone(scenario, package, assigned)?;
        self.choose(number)
    }

    /// Shows what was shown before the practice: the election that was chosen last, or the first screen.
    pub fn end_practice(&self) -> Result<(), DeviceError> {
        let mut last = None;
        for (number, device) in self.devices() {
            let chosen = device.chosen()?;
            if !device.is_drill() && !device.is_unused()? && last.is_none_or(|(of, _)| of <= chosen) {
                last = Some((chosen, number));
            }
        }
        match last {
            Some((_, number)) => self.choose(number),
            None => self.choose(self.spare()?.0),
        }
    }

    /// The witness agrees that what they practise in this class is noted for them, or takes that back. The
    /// key of their own election signs it.
    pub fn be_known_in_class(&self, known: bool) -> Result<(), DeviceError> {
        let class = self.current()?;
        if !known {
            return class.set_known_as(None);
        }
        let own = self.devices().into_iter().map(|(_, device)| device);
        let own =
            own.filter(|device| device.real_election().is_some()).last().ok_or(DeviceError::NotJoined)?;
        class.set_known_as(Some(&own.vouch_for(class.device_id()?)?))
    }

    /// The device that practises alone with this package's election.
    fn alone(&self, package: &Election) -> Result<Option<(u32, Arc<Device>)>, DeviceError> {
        for (number, device) in self.devices() {
            if device.is_alone()? && device.election_is(&package.id) {
                return Ok(Some((number, device)));
            }
        }
        Ok(None)
    }

    fn base(&self) -> Result<Base, DeviceError> {
        let mut own = None;
        for (_, device) in self.devices() {
            if let Some((election, stations)) = device.real_election() {
                let chosen = device.chosen()?;
                if own.as_ref().is_none_or(|(last, _)| *last <= chosen) {
                    own = Some((chosen, Base { election, stations }));
                }
            }
        }
        if let Some((_, base)) = own {
            return Ok(base);
        }
        let election = Election::from_json(EXAMPLE)
            .map_err(|error| DeviceError::ScenarioUnreadable(error.to_string()))?;
        let stations = election.stations().take(1).collect();
        Ok(Base { election, stations })
    }
}
