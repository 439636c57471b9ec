//! `saksi-central sample draw`: draws the stations from which results are projected.

use central::projection::NewSample;
use central::store::Actor;
use clap::{Args, Subcommand, ValueEnum};
use tally::{ContestId, RegionLevel, StationId};

use super::config::FileSettings;
use super::{DataFolder, print};

#[derive(Debug, Subcommand)]
pub(super) enum Sample {
    /// Draw the sample of a contest, once and before the day, and print its stations. It is audited.
    Draw(Draw),
}

#[derive(Debug, Args)]
pub(super) struct Draw {
    #[command(flatten)]
    data: DataFolder,
    /// The contest.
    #[arg(long, value_name = "ID")]
    contest: ContestId,
    /// A text that is published before the day, 8 characters at least. From it and the package anybody draws
    /// the same stations.
    #[arg(long, value_name = "TEXT")]
    seed: String,
    /// Number of stations.
    #[arg(long, value_name = "NUMBER")]
    size: u32,
    /// The regions in each of which stations are drawn.
    #[arg(long, value_enum, default_value = "kabupaten-kota")]
    level: Level,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Level {
    Provinsi,
    KabupatenKota,
    Kecamatan,
}

impl Sample {
    pub(super) fn run(&self, file: &FileSettings) -> anyhow::Result<()> {
        let Self::Draw(draw) = self;
        let new = NewSample {
            contest: draw.contest.clone(),
            seed: draw.seed.clone(),
            size: draw.size,
            level: match draw.level {
                Level::Provinsi => RegionLevel::Provinsi,
                Level::KabupatenKota => RegionLevel::KabupatenKota,
                Level::Kecamatan => RegionLevel::Kecamatan,
            },
        };
        let drawn = draw.data.open(file)?.draw_sample(&new, &Actor::Operator)?;
        drawn.stations.iter().map(StationId::to_string).for_each(|station| print(&station));
        print(&format!("# {} stations, SHA-256 of the lines above: {}", drawn.stations.len(), drawn.digest));
        Ok(())
    }
}
