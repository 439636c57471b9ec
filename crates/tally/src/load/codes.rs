//! All region codes of a package that cannot be read, once the first one has ended the reading.

use serde::Deserialize;
use serde_json::Value;

use super::mistakes::Mistake;
use crate::id::RegionCode;

/// The parts of a package that have region codes. Everything else is skipped.
#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    regions: Vec<Entry>,
    #[serde(default)]
    stations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(alias = "desa")]
    code: Option<Value>,
}

/// Every wrong region code of `json`, in the package's order. Empty if the JSON has another shape than a
/// package.
pub(super) fn wrong_codes(json: &str) -> Vec<Mistake> {
    let Ok(Package { regions, stations }) = serde_json::from_str(json) else { return Vec::new() };
    [("regions", "code", regions), ("stations", "desa", stations)]
        .iter()
        .flat_map(|(list, field, entries)| {
            entries.iter().enumerate().filter_map(move |(index, entry)| {
                let reason = wrong(entry.code.as_ref()?)?;
                Some(Mistake::new(format!("{list}[{index}].{field}"), reason))
            })
        })
        .collect()
}

fn wrong(code: &Value) -> Option<String> {
    match code {
        Value::String(text) => text.parse::<RegionCode>().err().map(|error| error.to_string()),
        other => {
            Some(format!("{other} is not a text; put the region code in quotes, as in \"52.71.01.1001\""))
        }
    }
}
