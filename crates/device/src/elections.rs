//! The elections that one phone holds side by side: a drill, the day, a re-vote under another package. Each
//! has a folder of its own, with its database, photos and key, so that nothing of one can reach another.

mod alone;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tally::text::Language;
use tokio::sync::Notify;

use crate::Device;
use crate::error::{DeviceError, StoreError, error_chain};
use crate::folder::sync_parent;
use crate::invitation::{HallLink, Invitation};
use crate::platform::Platform;
use crate::sync::{HttpTransport, RestartDelay, Transport, supervise};
use crate::view::{AppView, ElectionCard, JoinOutcome};

/// Maximum number of elections that a device holds.
const ELECTIONS_MAX: usize = 16;
/// The folder of the elections.
const ELECTIONS: &str = "elections";
/// The folder of those that were left. Nothing in it is ever deleted or opened.
const LEFT: &str = "left";
/// The file that marks a folder as left. Until the next start it can be undone.
const MARK: &str = "left";

/// All elections of this device, by their number. A number is never used twice.
pub struct Elections {
    folder: PathBuf,
    platform: Platform,
    state: RwLock<Opened>,
    changed: Notify,
}

#[derive(Default)]
struct Opened {
    devices: BTreeMap<u32, Arc<Device>>,
    /// The one that the screens show.
    current: u32,
    /// Those that were left since the start, as they were.
    left: BTreeMap<u32, ElectionCard>,
}

impl Elections {
    /// Opens the app's folder. The election of an earlier version, which lies in the folder itself, becomes
    /// the first one. Elections that were left before are moved aside.
    pub fn open(folder: &Path, platform: Platform) -> Result<Self, DeviceError> {
        let inside = folder.join(ELECTIONS);
        fs::create_dir_all(&inside).map_err(about("make the data folder", &inside))?;
        move_into_a_folder(folder).map_err(about("move the election into its folder", folder))?;
        move_left_aside(folder).map_err(about("move the election aside", folder))?;
        let this =
            Self { folder: folder.to_owned(), platform, state: RwLock::default(), changed: Notify::new() };
        let mut damaged = None;
        for number in numbers_in(&inside).map_err(about("list the elections", &inside))? {
            match this.open_one(number) {
                Ok(device) => _ = this.write().devices.insert(number, device),
                // One damaged database must not keep the witness from the others.
                Err(error) => {
                    tracing::error!(number, error = error_chain(&error), "cannot open an election");
                    damaged = Some(error);
                }
            }
        }
        let is_empty = this.read().devices.is_empty();
        match damaged {
            Some(error) if is_empty => return Err(error),
            None if is_empty => _ = this.make_spare()?,
            _ => {}
        }
        let current = this.chosen_last()?;
        this.write().current = current;
        Ok(this)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Opened> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Opened> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn folder_of(&self, number: u32) -> PathBuf {
        self.folder.join(ELECTIONS).join(number.to_string())
    }

    fn open_one(&self, number: u32) -> Result<Arc<Device>, DeviceError> {
        Ok(Arc::new(Device::open(&self.folder_of(number), self.platform.clone())?))
    }

    /// The election that was chosen last.
    fn chosen_last(&self) -> Result<u32, DeviceError> {
        let mut last = (0, 0);
        for (number, device) in self.devices() {
            last = last.max((device.chosen()?.saturating_add(1), number));
        }
        Ok(last.1)
    }

    /// The device of the election that the screens show.
    pub fn current(&self) -> Result<Arc<Device>, DeviceError> {
        let state = self.read();
        let device = state.devices.get(&state.current).or_else(|| state.devices.values().next());
        device.cloned().ok_or(DeviceError::NotJoined)
    }

    /// The devices of all elections, by number.
    pub fn devices(&self) -> Vec<(u32, Arc<Device>)> {
        self.read().devices.iter().map(|(number, device)| (*number, Arc::clone(device))).collect()
    }

    fn device(&self, number: u32) -> Result<Arc<Device>, DeviceError> {
        self.read().devices.get(&number).cloned().ok_or(DeviceError::NoSuchElection(number))
    }

    /// The screens show this election from now on.
    pub fn choose(&self, number: u32) -> Result<(), DeviceError> {
        let device = self.device(number)?;
        let chosen =
            self.devices().iter().map(|(_, device)| device.chosen()).collect::<Result<Vec<_>, _>>()?;
        device.set_chosen(chosen.into_iter().max().unwrap_or(0) + 1)?;
        self.write().current = number;
        device.wake();
        Ok(())
    }

    /// The whole app at a glance: the election that is shown, and the cards of all.
    pub fn app(&self) -> Result<AppView, DeviceError> {
        let app = self.current()?.app()?;
        Ok(AppView { elections: self.cards()?, ..app })
    }

    /// The elections on this device, and those that were left since the start.
    fn cards(&self) -> Result<Vec<ElectionCard>, DeviceError> {
        let current = self.read().current;
        let mut cards = Vec::new();
        for (number, device) in self.devices() {
            let card = device.election_card(number)?;
            cards.extend(card.map(|card| ElectionCard { is_current: number == current, ..card }));
        }
        cards.extend(self.read().left.values().cloned());
        Ok(cards)
    }

    /// Sets the language of the screens, for all elections.
    pub fn set_language(&self, language: Language) -> Result<(), DeviceError> {
        self.devices().iter().try_for_each(|(_, device)| device.set_language(language))
    }

    /// A device that has not joined anything: an unused one, or a new one with the language of the others.
    fn spare(&self) -> Result<(u32, Arc<Device>), DeviceError> {
        for (number, device) in self.devices() {
            if device.is_unused()? {
                return Ok((number, device));
            }
        }
        self.make_spare()
    }

    fn make_spare(&self) -> Result<(u32, Arc<Device>), DeviceError> {
        if self.read().devices.len() >= ELECTIONS_MAX {
            return Err(DeviceError::TooManyElections(ELECTIONS_MAX));
        }
        let used = [ELECTIONS, LEFT].map(|name| self.folder.join(name));
        let mut highest = 0;
        for folder in used.iter().filter(|folder| folder.exists()) {
            let numbers = numbers_in(folder).map_err(about("list the elections", folder))?;
            highest = numbers.into_iter().max().unwrap_or(0).max(highest);
        }
        let number = highest + 1;
        let language = self.current().ok().map(|device| device.app().map(|app| app.language)).transpose()?;
        let device = self.open_one(number)?;
        if let Some(language) = language {
            device.set_language(language)?;
        }
        self.write().devices.insert(number, Arc::clone(&device));
        self.changed.notify_one();
        Ok((number, device))
    }
}

/// Joining.
impl Elections {
    /// Joins with an invitation, or enters a hall with its link. Without a connection the invitation waits,
    /// and the sync joins later.
    pub async fn join(&self, text: &str, transport: &HttpTransport) -> Result<JoinOutcome, DeviceError> {
        if let Some(link) = HallLink::parse(text) {
            return self.enter_hall(&link, transport).await;
        }
        let invitation = Invitation::parse(text)?;
        match transport.info(&invitation.endpoint).await {
            Ok(info) => self.join_at(&invitation, info.as_ref(), transport).await,
            Err(DeviceError::Unreachable(_) | DeviceError::AnswerCutOff) => self.wait_for(&invitation),
            Err(error) => Err(error),
        }
    }

    async fn join_at(
        &self,
        invitation: &Invitation,
        info: Option<&protocol::EndpointInfo>,
        transport: &HttpTransport,
    ) -> Result<JoinOutcome, DeviceError> {
        let same = |device: &Device| info.is_some_and(|info| device.belongs_to(info));
        let held = self.devices().into_iter().find(|(_, device)| same(device));
        let (number, device) = match held {
            Some(held) => held,
            None => self.waiting_for(invitation)?.map_or_else(|| self.spare(), Ok)?,
        };
        let was_here = device.has_joined()?;
        let request = device.request_with(&invitation.fragment.code)?;
        match device.join_with(invitation, &request, transport).await {
            // Another phone used it. That is no reason to hide the election that is here.
            Err(DeviceError::Unreachable(_) | DeviceError::AnswerCutOff) if !was_here => {
                return self.wait_for(invitation);
            }
            result => result?,
        }
        self.choose(number)?;
        self.changed.notify_one();
        Ok(if was_here { JoinOutcome::AlreadyHere } else { JoinOutcome::Joined })
    }

    /// The invitation waits for a connection.
    fn wait_for(&self, invitation: &Invitation) -> Result<JoinOutcome, DeviceError> {
        let (number, device) = match self.waiting_for(invitation)? {
            Some(waiting) => waiting,
            None => self.spare()?,
        };
        device.remember_invitation(invitation)?;
        self.choose(number)?;
        Ok(JoinOutcome::Waiting)
    }

    /// The device that waits for this endpoint already: with an invitation that was replaced, or as a guest
    /// of a hall.
    fn waiting_for(&self, invitation: &Invitation) -> Result<Option<(u32, Arc<Device>)>, DeviceError> {
        for (number, device) in self.devices() {
            if device.waits_for(invitation)? {
                return Ok(Some((number, device)));
            }
        }
        Ok(None)
    }

    /// Enters a hall: its laptop gives the package, and keeps the enrolment and what is sealed until there is
    /// a connection.
    async fn enter_hall(
        &self,
        link: &HallLink,
        transport: &HttpTransport,
    ) -> Result<JoinOutcome, DeviceError> {
        let info = transport.info(&link.address).await?.ok_or(DeviceError::NotAHall)?;
        if info.drill {
            return self.enter_class(link, &info, transport).await;
        }
        let (number, device) = self.device_for_hall(link, &info)?;
        let enrolment = device.carried_enrolment()?;
        let response = transport.enrol_carried(&link.address, &enrolment).await?;
        device.entered_hall(&link.address, &info, response)?;
        self.choose(number)?;
        Ok(JoinOutcome::AtHall)
    }

    /// Joins a trainer's class with a device of its own. Its hall is the endpoint of the drill.
    async fn enter_class(
        &self,
        link: &HallLink,
        info: &protocol::EndpointInfo,
        transport: &HttpTransport,
    ) -> Result<JoinOutcome, DeviceError> {
        is_of_link(link, info)?;
        let held = self.devices().into_iter().find(|(_, device)| device.belongs_to(info));
        let (number, device) = held.map_or_else(|| self.spare(), Ok)?;
        let enrolment = device.carried_enrolment()?;
        let response = transport.enrol_carried(&link.address, &enrolment).await?;
        device.entered_class(&link.address, info, response)?;
        self.choose(number)?;
        Ok(JoinOutcome::InClass)
    }

    /// The device for a hall: one that has joined its election, one whose invitation waits, or an unused one
    /// as a guest.
    fn device_for_hall(
        &self,
        link: &HallLink,
        info: &protocol::EndpointInfo,
    ) -> Result<(u32, Arc<Device>), DeviceError> {
        let of = info.hall.as_ref().ok_or(DeviceError::NotAHall)?;
        is_of_link(link, info)?;
        let devices = self.devices();
        if let Some(held) = devices.iter().find(|(_, device)| device.belongs_to_hall(info, of)) {
            return Ok(held.clone());
        }
        for (number, device) in devices {
            if device.waits_for_log(of)? {
                return Ok((number, device));
            }
        }
        self.spare()
    }
}

/// Whether the log of what answered is the one that the link names.
fn is_of_link(link: &HallLink, info: &protocol::EndpointInfo) -> Result<(), DeviceError> {
    let key = evidence::LogPublicKey::from_hex(&info.log_key).map_err(|_| DeviceError::NotAHall)?;
    match protocol::invitation::is_fingerprint_of(&link.fingerprint, key) {
        true => Ok(()),
        false => Err(DeviceError::NotAHall),
    }
}

/// Leaving.
impl Elections {
    /// Leaves an election of which everything is proved or in a file. Its folder stays where it is until the
    /// next start, and is then moved aside; nothing is deleted.
    pub fn leave(&self, number: u32, with_drafts: bool) -> Result<(), DeviceError> {
        let device = self.device(number)?;
        let card = device.election_card(number)?.ok_or(DeviceError::NoSuchElection(number))?;
        if card.unproved > 0 && !card.is_exported {
            return Err(DeviceError::NotProvedYet(card.unproved));
        }
        if card.drafts > 0 && !with_drafts {
            return Err(DeviceError::DraftsOpen(card.drafts));
        }
        let mark = self.folder_of(number).join(MARK);
        let write = || File::create(&mark)?.sync_all().and_then(|()| sync_parent(&mark));
        write().map_err(about("mark the election as left", &mark))?;
        {
            let mut state = self.write();
            state.devices.remove(&number);
            state.left.insert(number, ElectionCard { is_left: true, is_current: false, ..card });
        }
        if self.read().devices.is_empty() {
            self.make_spare()?;
        }
        let current = self.chosen_last()?;
        self.write().current = current;
        self.changed.notify_one();
        Ok(())
    }

    /// Takes back that an election was left, until the next start.
    pub fn undo_leave(&self, number: u32) -> Result<(), DeviceError> {
        if !self.read().left.contains_key(&number) {
            return Err(DeviceError::NoSuchElection(number));
        }
        let mark = self.folder_of(number).join(MARK);
        let remove = || fs::remove_file(&mark).and_then(|()| sync_parent(&mark));
        remove().map_err(about("take back that the election was left", &mark))?;
        let device = self.open_one(number)?;
        {
            let mut state = self.write();
            state.left.remove(&number);
            state.devices.insert(number, device);
        }
        self.choose(number)?;
        self.changed.notify_one();
        Ok(())
    }
}

/// Sending for all.
impl Elections {
    /// Runs the sync of each election for as long as it is polled; see [`supervise`]. Elections that come
    /// begin, and those that are left end.
    pub async fn supervise_all<T: Transport + 'static>(
        &self,
        transport: impl Fn() -> Result<T, DeviceError> + Clone + Send + 'static,
        changed: Arc<dyn Fn() + Send + Sync>,
        delay: RestartDelay,
    ) {
        let mut tasks = tokio::task::JoinSet::new();
        let mut running: Vec<(Arc<Device>, tokio::task::AbortHandle)> = Vec::new();
        loop {
            let woken = self.changed.notified();
            let devices = self.devices();
            running.retain(|(device, task)| {
                let stays = devices.iter().any(|(_, open)| Arc::ptr_eq(open, device));
                if !stays {
                    task.abort();
                }
                stays
            });
            for (_, device) in devices {
                if !running.iter().any(|(known, _)| Arc::ptr_eq(known, &device)) {
                    let sync = supervise(Arc::clone(&device), transport.clone(), Arc::clone(&changed), delay);
                    running.push((device, tasks.spawn(sync)));
                }
            }
            woken.await;
        }
    }

    /// What the system says of the connection is true for all elections.
    pub fn connection_may_be_back(&self, metered: bool, resumed: bool) -> Result<(), DeviceError> {
        for (_, device) in self.devices() {
            device.set_metered(metered);
            match resumed {
                true => device.resumed()?,
                false => device.connection_may_be_back()?,
            }
        }
        Ok(())
    }
}

/// The names of an election's files. A database that was set aside begins with `saksi.` too.
fn is_of_an_election(name: &str) -> bool {
    name.starts_with("saksi.") || name.starts_with("device.key") || name == "photos"
}

/// Moves the election of an earlier version, which lies in the app's folder itself, into a folder of its own.
/// After a crash the next start moves the rest; nothing is opened before all of it is there.
fn move_into_a_folder(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name.to_str().is_some_and(is_of_an_election) {
            files.push(name);
        }
    }
    if files.is_empty() {
        return Ok(());
    }
    let first = folder.join(ELECTIONS).join("1");
    fs::create_dir_all(&first)?;
    for name in files {
        fs::rename(folder.join(&name), first.join(&name))?;
    }
    sync_parent(&first.join(MARK))?;
    sync_parent(&first)
}

fn move_left_aside(folder: &Path) -> io::Result<()> {
    let inside = folder.join(ELECTIONS);
    for number in numbers_in(&inside)? {
        let from = inside.join(number.to_string());
        if from.join(MARK).exists() {
            let left = folder.join(LEFT);
            fs::create_dir_all(&left)?;
            fs::rename(&from, left.join(number.to_string()))?;
            sync_parent(&left.join(MARK))?;
        }
    }
    Ok(())
}

/// The numbers of the folders, in order.
fn numbers_in(folder: &Path) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        numbers.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn about(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File { doing, path, source }
}
