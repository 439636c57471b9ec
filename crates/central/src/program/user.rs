//! `saksi-central user`: who may use the console.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::Context as _;
use central::Endpoint;
use central::store::{self, Actor};
use central::view::Role;
use clap::{Args, Subcommand, ValueEnum};
use tally::RegionCode;

use super::config::FileSettings;
use super::{DataFolder, ElectionFile, open, print, remark};

/// The variable of the environment with a new user's password.
const PASSWORD: &str = "SAKSI_PASSWORD";

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user. The password comes from SAKSI_PASSWORD, or else from standard input unless that is a
    /// terminal, or else it is random and printed; then the user must change it when they log in.
    Add(Add),
    /// Give a user another password, which comes from the same places as with `add`, and end their sessions.
    Password(Password),
    /// Change the role and the region of a user, and end their sessions.
    Role(Add),
    /// End all sessions of a user.
    Sessions(Named),
    /// Remove the second factor of a user who lost it, and end their sessions.
    ResetSecondFactor(Named),
    /// Remove a user. What they did stays in the audit.
    Remove(Named),
    /// List the users.
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    #[command(flatten)]
    data: DataFolder,
    #[command(flatten)]
    election: ElectionFile,
    /// The name with which they log in.
    name: String,
    /// What they may do.
    #[arg(long)]
    role: RoleWord,
    /// The region that limits them, for instance 52.71; without it, the whole election.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
}

#[derive(Debug, Args)]
pub(super) struct Password {
    #[command(flatten)]
    data: DataFolder,
    /// The user.
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    #[command(flatten)]
    data: DataFolder,
    /// The user.
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    data: DataFolder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleWord {
    /// Everything.
    Admin,
    /// Reads, reviews and invites.
    Coordinator,
    /// Reads, invites and drills.
    Trainer,
    /// Reads.
    Auditor,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Coordinator => Self::Coordinator,
            RoleWord::Trainer => Self::Trainer,
            RoleWord::Auditor => Self::Auditor,
        }
    }
}

impl User {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(file),
            Self::Password(password) => password.run(file),
            Self::Role(changed) => changed.change_role(file),
            Self::Sessions(named) => named.end_sessions(file),
            Self::ResetSecondFactor(named) => named.reset_second_factor(file),
            Self::Remove(named) => named.remove(file),
            Self::List(list) => list.run(file),
        }
    }
}

impl Add {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = open(&self.data.settings(file), self.election.read(file)?)?;
        let user =
            store::User { name: self.name.clone(), role: self.role.into(), region: self.region.clone() };
        match chosen_password()? {
            Some(password) => endpoint.add_user(&user, &password, &Actor::Operator)?,
            None => print_one_time(&endpoint.add_user_with_one_time_password(&user, &Actor::Operator)?),
        }
        remark(&format!("the user {} was added", self.name));
        Ok(())
    }
}

impl Add {
    fn change_role(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = open(&self.data.settings(file), self.election.read(file)?)?;
        let user =
            store::User { name: self.name.clone(), role: self.role.into(), region: self.region.clone() };
        endpoint.change_role(&user, &Actor::Operator)?;
        remark(&format!("the user {} has another role now, and must log in again", self.name));
        Ok(())
    }
}

impl Named {
    fn end_sessions(&self, file: &FileSettings) -> anyhow::Result<()> {
        let ended = self.data.open(file)?.end_sessions(&self.name, &Actor::Operator)?;
        remark(&format!("{ended} sessions of the user {} were ended", self.name));
        Ok(())
    }

    fn reset_second_factor(&self, file: &FileSettings) -> anyhow::Result<()> {
        self.data.open(file)?.reset_second_factor(&self.name, &Actor::Operator)?;
        remark(&format!("the user {} has no second factor now, and must log in again", self.name));
        Ok(())
    }

    fn remove(&self, file: &FileSettings) -> anyhow::Result<()> {
        self.data.open(file)?.remove_user(&self.name, &Actor::Operator)?;
        remark(&format!("the user {} was removed", self.name));
        Ok(())
    }
}

impl Password {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        match chosen_password()? {
            Some(password) => endpoint.change_password(&self.name, &password, &Actor::Operator)?,
            None => print_one_time(&endpoint.reset_password(&self.name, &Actor::Operator)?),
        }
        remark(&format!("the user {} has another password now", self.name));
        Ok(())
    }
}

impl List {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        for account in endpoint.store().accounts(0)? {
            let user = account.user;
            let region = user.region.map_or_else(|| String::from("everywhere"), |code| code.to_string());
            let factor = if account.has_second_factor { "second factor" } else { "no second factor" };
            print(&format!("{}\t{:?}\t{region}\t{factor}", user.name, user.role));
        }
        Ok(())
    }
}

/// The name of the admin whom the first start makes.
const FIRST_ADMIN: &str = "admin";

/// Makes the first admin of a store without users, and says their one-time password on the terminal.
pub(super) fn make_first_admin(endpoint: &Endpoint) -> anyhow::Result<()> {
    let admin = store::User { name: FIRST_ADMIN.to_owned(), role: Role::Admin, region: None };
    let password = endpoint.add_user_with_one_time_password(&admin, &Actor::Operator)?;
    remark(&format!(
        "the console has no user yet: log in as\n  user      {FIRST_ADMIN}\n  password  {password}\nand choose \
         another password. This one is not shown again; `saksi-central user password {FIRST_ADMIN}` makes a new one"
    ));
    Ok(())
}

/// The password that somebody chose; `None` for one that is to be random.
fn chosen_password() -> anyhow::Result<Option<String>> {
    if let Some(chosen) = std::env::var_os(PASSWORD) {
        return chosen.into_string().ok().map(Some).with_context(|| format!("{PASSWORD} is not UTF-8"));
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("cannot read the password from standard input")?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

fn print_one_time(password: &str) {
    print(&format!("password: {password}"));
    remark("the user must choose another password when they log in");
}
