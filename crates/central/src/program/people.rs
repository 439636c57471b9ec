//! `saksi-central people`: exports, reports and erases what is stored about people.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::Context as _;
use central::view::PersonId;
use central::{Editor, PeopleQuery};
use clap::{Args, Subcommand};
use tally::RegionCode;

use super::config::FileSettings;
use super::{DataFolder, print};

#[derive(Debug, Subcommand)]
pub(super) enum People {
    /// Write the people of a region to a CSV file. It is audited.
    Export(Export),
    /// Print everything that is stored about a person, as JSON, for them. It is audited.
    Report(OfPerson),
    /// Erase the personal data of a person. What their phone sent stays.
    Erase(OfPerson),
    /// Erase the personal data of everybody who was not changed since a day.
    EraseOlder(EraseOlder),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    data: DataFolder,
    /// The file, which is made or replaced.
    file: PathBuf,
    /// The code of the region; all of the election without it.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
}

#[derive(Debug, Args)]
pub(super) struct OfPerson {
    #[command(flatten)]
    data: DataFolder,
    /// The person's id, as the address of their page in the console has it.
    person: PersonId,
}

#[derive(Debug, Args)]
pub(super) struct EraseOlder {
    #[command(flatten)]
    data: DataFolder,
    /// The day, as 2027-03-31 (UTC).
    #[arg(long, value_name = "DATE")]
    before: String,
}

impl People {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        match self {
            Self::Export(export) => export.run(file),
            Self::Report(OfPerson { data, person }) => {
                let report = data.open(file)?.person_report(&Editor::operator(), *person)?;
                print(&serde_json::to_string_pretty(&report)?);
                Ok(())
            }
            Self::Erase(OfPerson { data, person }) => {
                data.open(file)?.erase_person(&Editor::operator(), *person)?;
                print(&format!("the personal data of {person} is erased"));
                Ok(())
            }
            Self::EraseOlder(older) => older.run(file),
        }
    }
}

impl Export {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let endpoint = self.data.open(file)?;
        let query = PeopleQuery { region: self.region.clone(), ..PeopleQuery::default() };
        let to = File::create(&self.file).with_context(|| format!("cannot make {}", self.file.display()))?;
        endpoint.export_people(&Editor::operator(), &query, false, BufWriter::new(to))?;
        print(&format!("{} is written", self.file.display()));
        Ok(())
    }
}

impl EraseOlder {
    fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let editor = Editor::operator();
        let erased = self.data.open(file)?.erase_people_before(&self.before, &editor.actor)?;
        print(&format!("the personal data of {erased} people is erased"));
        Ok(())
    }
}
