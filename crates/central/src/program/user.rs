//! `saksi-central user`: who may use the console.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::Context as _;
use central::Endpoint;
use central::store::{self, Actor};
use central::view::Role;
use clap::{Args, Subcommand, ValueEnum};
use tally::RegionCode;

use super::{DataFolder, ElectionFile, complain, say};

/// The variable that may carry a new user's password.
const PASSWORD: &str = "SAKSI_PASSWORD";

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user. The password comes from SAKSI_PASSWORD, else from standard input unless that is a terminal, else
    /// it is made up and printed.
    Add(Add),
    /// Give a user another password, which comes as with `add`, and end their sessions.
    Password(Password),
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
    /// The region to which they are held, for instance 52.71; without it, the whole election.
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
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(),
            Self::Password(password) => password.run(),
            Self::List(list) => list.run(),
        }
    }
}

impl Add {
    fn run(&self) -> anyhow::Result<()> {
        let endpoint = self.data.open(None, self.election.read()?)?;
        let user =
            store::User { name: self.name.clone(), role: self.role.into(), region: self.region.clone() };
        let password = NewPassword::ask(&endpoint)?;
        endpoint.add_user(&user, password.text(), &Actor::Operator)?;
        password.tell();
        complain(&format!("the user {} was added", self.name));
        Ok(())
    }
}

impl Password {
    fn run(&self) -> anyhow::Result<()> {
        let endpoint = self.data.open(None, None)?;
        let password = NewPassword::ask(&endpoint)?;
        endpoint.change_password(&self.name, password.text(), &Actor::Operator)?;
        password.tell();
        complain(&format!("the user {} has another password now", self.name));
        Ok(())
    }
}

impl List {
    fn run(&self) -> anyhow::Result<()> {
        let endpoint = self.data.open(None, None)?;
        for user in endpoint.store().users()? {
            let region = user.region.map_or_else(|| String::from("everywhere"), |code| code.to_string());
            say(&format!("{}\t{:?}\t{region}", user.name, user.role));
        }
        Ok(())
    }
}

/// A password that somebody chose, or that was made up and has to be told.
enum NewPassword {
    Chosen(String),
    MadeUp(String),
}

impl NewPassword {
    fn ask(endpoint: &Endpoint) -> anyhow::Result<Self> {
        if let Some(chosen) = std::env::var_os(PASSWORD) {
            let chosen = chosen.into_string().ok().with_context(|| format!("{PASSWORD} is not UTF-8"))?;
            return Ok(Self::Chosen(chosen));
        }
        let input = std::io::stdin();
        if input.is_terminal() {
            return Ok(Self::MadeUp(endpoint.draw_password()?));
        }
        let mut line = String::new();
        input.lock().read_line(&mut line).context("reading the password from standard input")?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            return Ok(Self::MadeUp(endpoint.draw_password()?));
        }
        Ok(Self::Chosen(line.to_owned()))
    }

    fn text(&self) -> &str {
        let (Self::Chosen(password) | Self::MadeUp(password)) = self;
        password
    }

    fn tell(&self) {
        if let Self::MadeUp(password) = self {
            say(&format!("password: {password}"));
        }
    }
}
