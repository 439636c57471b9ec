//! All region codes of a package that cannot be read, once the first one has ended the reading.

use serde::Deserialize;
use serde_json::Value;

use super::mistakes::Mistake;
use crate::id::RegionCode;

/// The parts of a package that have region codes. Everything else is skipped.
#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    contests: Vec<District>,
    #[serde(default)]
    regions: Vec<Entry>,
    #[serde(default)]
    stations: Vec<Entry>,
}

#[derive(Deserialize)]
struct District {
    #[serde(default)]
    district: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(alias = "desa")]
    code: Option<Value>,
}

/// Every wrong region code of `json`, in the package's order. Empty if the JSON has another shape than a
/// package.
pub(super) fn wrong_codes(json: &str) -> Vec<Mistake> {
    let Ok(Package { contests, regions, stations }) = serde_json::from_str(json) else { return Vec::new() };
    let mut found = Vec::new();
    let mut examine = |path: &dyn Fn() -> String, code: &Value| {
        found.extend(wrong(code).map(|reason| Mistake::new(path(), reason)));
    };
    for (contest, District { district }) in contests.iter().enumerate() {
        for (index, code) in district.iter().enumerate() {
            examine(&|| format!("contests[{contest}].district[{index}]"), code);
        }
    }
    for (list, field, entries) in [("regions", "code", regions), ("stations", "desa", stations)] {
        for (index, code) in
            entries.iter().enumerate().filter_map(|(at, entry)| Some((at, entry.code.as_ref()?)))
        {
            examine(&|| format!("{list}[{index}].{field}"), code);
        }
    }
    found
}

fn wrong(code: &Value) -> Option<String> {
    match code {
        Value::String(text) => text.parse::<RegionCode>().err().map(|error| error.to_string()),
        other => {
            Some(format!("{other} is not a text; put the region code in quotes, as in \"52.71.01.1001\""))
        }
    }
}
