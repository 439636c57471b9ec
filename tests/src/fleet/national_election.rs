//! Elections of national size, for load tests and benchmarks.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tally::Election;

use super::national_contests;
use crate::data::{demo_election, real};

/// An election with about `stations` stations, at each of which `contests` contests are voted: the
/// presidential one, then DPR, DPD, DPRD provinsi and DPRD kabupaten/kota with the districts and lists of a
/// general election. The stations are those of 2024 where the machine has their list, invented ones
/// elsewhere.
///
/// # Errors
/// When the list cannot be read, or the package is invalid.
pub fn election_with_stations(stations: u32, contests: u8) -> Result<Election> {
    let demo: serde_json::Value = serde_json::from_slice(&std::fs::read(demo_election())?)?;
    let blocks = match real("regions/desa_tps_2024.csv") {
        Some(file) => blocks_of_2024(&file, stations)?,
        None => invented_blocks(stations),
    };
    let mut regions: BTreeMap<String, String> = BTreeMap::new();
    for block in &blocks {
        for (length, name) in [2, 5, 8, 13].into_iter().zip(&block.names) {
            let code = block.desa.get(..length).context("a desa's code has 13 characters")?;
            regions.entry(code.to_owned()).or_insert_with(|| name.clone());
        }
    }
    let mut contests_at_all = vec![demo["contests"][0].clone()];
    if contests > 1 {
        let desas: Vec<String> = blocks.iter().map(|block| block.desa.clone()).collect();
        contests_at_all.extend(national_contests::contests(&desas, usize::from(contests) - 1)?);
    }
    let regions: Vec<_> =
        regions.into_iter().map(|(code, name)| json!({ "code": code, "name": name })).collect();
    let stations: Vec<_> =
        blocks.iter().map(|block| json!({ "desa": block.desa, "numbers": block.numbers })).collect();
    let package = json!({
        "format": tally::election::FORMAT, "id": demo["id"], "version": 1, "title": demo["title"],
        "date": demo["date"],
        "parties": national_contests::parties(),
        "station_voters_max": demo["station_voters_max"],
        "contests": contests_at_all,
        "regions": regions,
        "stations": stations,
    });
    Ok(Election::from_json(&package.to_string())?)
}

/// The stations of one desa.
struct Block {
    desa: String,
    /// Names of provinsi, kabupaten, kecamatan and desa.
    names: [String; 4],
    numbers: String,
}

/// A line of the list: the desa's code, four names, the highest TPS number, the first and last number after a
/// gap, and the number of TPS.
fn blocks_of_2024(file: &Path, stations: u32) -> Result<Vec<Block>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let (mut blocks, mut count) = (BTreeMap::new(), 0);
    for line in text.lines().skip(1) {
        if count >= stations {
            break;
        }
        let cells: Vec<&str> = line.split(',').collect();
        let [code, prov, kab, kec, desa, .., begin, end, number] = cells.as_slice() else {
            bail!("a line has too few cells: {line}");
        };
        let number: u32 = number.trim().parse().with_context(|| format!("reading {line}"))?;
        if number == 0 || code.len() != 10 {
            continue;
        }
        let special = match (begin.parse::<u32>(), end.parse::<u32>()) {
            (Ok(begin), Ok(end)) if begin <= end && end - begin < number => Some((begin, end)),
            _ => None,
        };
        let ordinary = number - special.map_or(0, |(begin, end)| end - begin + 1);
        let numbers = match special {
            Some((begin, end)) if begin > ordinary => format!("1-{ordinary},{begin}-{end}"),
            _ => format!("1-{number}"),
        };
        let numbers = if ordinary == 0 { numbers.trim_start_matches("1-0,").to_owned() } else { numbers };
        let desa_code = format!("{}.{}.{}.{}", &code[..2], &code[2..4], &code[4..6], &code[6..]);
        let names = [*prov, *kab, *kec, *desa].map(str::to_owned);
        count += number;
        blocks.insert(desa_code.clone(), Block { desa: desa_code, names, numbers });
    }
    Ok(blocks.into_values().collect())
}

/// Ten stations per desa, ten desa per kecamatan, ten kecamatan per kabupaten, ten kabupaten per provinsi.
fn invented_blocks(stations: u32) -> Vec<Block> {
    (0..stations.div_ceil(10))
        .map(|desa| {
            let (kec, kab, prov) = (desa / 10, desa / 100, desa / 1_000);
            let code =
                format!("{:02}.{:02}.{:02}.{}", 11 + prov, kab % 10 + 1, kec % 10 + 1, 1001 + desa % 10);
            let names = [
                format!("Provinsi {}", 11 + prov),
                format!("Kabupaten {kab}"),
                format!("Kecamatan {kec}"),
                format!("Desa {desa}"),
            ];
            Block { desa: code, names, numbers: "1-10".to_owned() }
        })
        .collect()
}
