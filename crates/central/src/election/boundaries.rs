//! The outlines of regions, for the console's map. The operator may give a GeoJSON file (RFC 7946); the
//! package has none, since every phone would carry them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tally::{Election, RegionCode, RegionLevel};

use crate::view::RegionOutline;

/// Maximum size of the file, in bytes. All desa of the country need some 40 MB after they were simplified.
const FILE_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// Maximum number of positions of one region after rounding. A region with more is drawn too slowly.
const POSITIONS_MAX: usize = 20_000;
/// A ring needs four positions, of which the last is the first.
const RING_POSITIONS_MIN: usize = 4;

/// Why a file of boundaries cannot be used. Each message says which feature is wrong.
#[derive(Debug, thiserror::Error)]
pub enum BoundariesError {
    #[error("cannot read the boundaries {file}")]
    File { file: PathBuf, source: io::Error },
    #[error("the boundaries {0} are larger than 96 MB: simplify them, for instance with mapshaper")]
    TooLarge(PathBuf),
    #[error("the boundaries {file} are no GeoJSON FeatureCollection of polygons with a property `code`")]
    Json { file: PathBuf, source: serde_json::Error },
    #[error("the boundaries have region {0} twice")]
    Twice(RegionCode),
    #[error("the boundaries of region {0} have a position that is no longitude and latitude in degrees")]
    Position(RegionCode),
    #[error(
        "the boundaries of region {code} have {positions} positions after rounding, at most 20,000 are drawn"
    )]
    Positions { code: RegionCode, positions: usize },
    #[error(
        "the boundaries have no region of this election; the property `code` is to be its Kemendagri code"
    )]
    NoRegion,
}

/// The outlines of the regions that the file has.
#[derive(Debug, Default)]
pub(crate) struct Boundaries(BTreeMap<RegionCode, Vec<Ring>>);

/// A closed line of longitudes and latitudes. What an odd number of rings contains is inside.
type Ring = Vec<[f64; 2]>;

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: RegionCode,
}

/// A position may have a height, which is left out.
#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

impl Boundaries {
    /// The boundaries of the file; none without one.
    pub(crate) fn open(file: Option<&Path>, election: &Election) -> Result<Self, BoundariesError> {
        file.map_or_else(|| Ok(Self::default()), |file| Self::read(file, election))
    }

    /// Reads the file, and keeps the regions of this election.
    fn read(file: &Path, election: &Election) -> Result<Self, BoundariesError> {
        let failed = |source| BoundariesError::File { file: file.to_owned(), source };
        let mut text = Vec::new();
        File::open(file)
            .and_then(|open| open.take(FILE_BYTES_MAX + 1).read_to_end(&mut text))
            .map_err(failed)?;
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(BoundariesError::TooLarge(file.to_owned()));
        }
        let json = |source| BoundariesError::Json { file: file.to_owned(), source };
        Self::of(serde_json::from_slice(&text).map_err(json)?, election)
    }

    fn of(collection: Collection, election: &Election) -> Result<Self, BoundariesError> {
        let mut outlines = BTreeMap::new();
        for Feature { properties: Properties { code }, geometry } in collection.features {
            if election.region(&code).is_none() {
                continue;
            }
            let rings = rings_of(geometry, &code)?;
            if outlines.insert(code.clone(), rings).is_some() {
                return Err(BoundariesError::Twice(code));
            }
        }
        if outlines.is_empty() {
            return Err(BoundariesError::NoRegion);
        }
        Ok(Self(outlines))
    }

    /// The outlines of the regions directly below this one, or of the topmost regions.
    pub(crate) fn below(&self, election: &Election, code: Option<&RegionCode>) -> Vec<RegionOutline> {
        let children = election.children(code);
        let known = children.filter_map(|child| {
            let rings = self.0.get(&child.code)?.clone();
            Some(RegionOutline { code: child.code.clone(), rings })
        });
        known.collect()
    }
}

/// The rings of a region, no finer than a screen shows them.
fn rings_of(geometry: Geometry, code: &RegionCode) -> Result<Vec<Ring>, BoundariesError> {
    let nowhere = || BoundariesError::Position(code.clone());
    let polygons = match geometry {
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    let mut rings = Vec::new();
    for ring in polygons.into_iter().flatten() {
        let ring = rounded(&ring, steps_per_degree(code.level())).ok_or_else(nowhere)?;
        // What is smaller than a step vanishes: a rock in the sea.
        if ring.len() >= RING_POSITIONS_MIN {
            rings.push(ring);
        }
    }
    let positions = rings.iter().map(Vec::len).sum();
    if positions > POSITIONS_MAX {
        return Err(BoundariesError::Positions { code: code.clone(), positions });
    }
    Ok(rings)
}

/// How fine the outlines of a level are: some 500 m for a provinsi, 20 m for a desa.
fn steps_per_degree(level: RegionLevel) -> f64 {
    match level {
        RegionLevel::Provinsi => 200.0,
        RegionLevel::KabupatenKota => 500.0,
        RegionLevel::Kecamatan => 2_000.0,
        RegionLevel::Desa => 5_000.0,
    }
}

/// The ring on a grid, without positions that fall on the one before. `None` for a position that is nowhere
/// on earth.
fn rounded(ring: &[Vec<f64>], steps: f64) -> Option<Ring> {
    let mut rounded: Ring = Vec::new();
    for position in ring {
        let (longitude, latitude) = (*position.first()?, *position.get(1)?);
        if !(-180.0..=180.0).contains(&longitude) || !(-90.0..=90.0).contains(&latitude) {
            return None;
        }
        let on_grid = [longitude, latitude].map(|degrees| (degrees * steps).round() / steps);
        if rounded.last() != Some(&on_grid) {
            rounded.push(on_grid);
        }
    }
    Some(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Election {
        Election::from_json(include_str!("../../../../assets/elections/demo.json")).unwrap()
    }

    fn of(features: &serde_json::Value) -> Result<Boundaries, BoundariesError> {
        let collection = serde_json::json!({ "type": "FeatureCollection", "features": features });
        Boundaries::of(serde_json::from_value(collection).unwrap(), &demo())
    }

    fn feature(code: &str, coordinates: &serde_json::Value) -> serde_json::Value {
        serde_json::json!({
            "type": "Feature",
            "properties": { "code": code, "name": "more is allowed" },
            "geometry": { "type": "Polygon", "coordinates": coordinates },
        })
    }

    fn square(side: f64) -> serde_json::Value {
        serde_json::json!([[
            [116.0, -8.0, 12.5],
            [116.0 + side, -8.0],
            [116.0 + side, -8.0 - side],
            [116.0, -8.0]
        ]])
    }

    fn top() -> RegionCode {
        demo().children(None).next().unwrap().code.clone()
    }

    #[test]
    fn outlines_are_those_of_the_regions_below_and_of_no_others() {
        let election = demo();
        let top = top();
        let below = election.children(Some(&top)).next().unwrap().code.clone();
        let all = [feature(&top.to_string(), &square(1.0)), feature(&below.to_string(), &square(0.5))];
        let boundaries = of(&[&all[..], &[feature("99", &square(1.0))]].concat().into()).unwrap();
        let codes =
            |code| boundaries.below(&election, code).into_iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(codes(None), std::slice::from_ref(&top));
        assert_eq!(codes(Some(&top)), std::slice::from_ref(&below));
        assert!(codes(Some(&below)).is_empty());
    }

    #[test]
    fn rings_smaller_than_a_step_vanish_and_heights_are_left_out() {
        let boundaries = of(&serde_json::json!([feature(&top().to_string(), &square(0.001))])).unwrap();
        assert!(boundaries.below(&demo(), None)[0].rings.is_empty());
        let boundaries = of(&serde_json::json!([feature(&top().to_string(), &square(0.5))])).unwrap();
        assert_eq!(boundaries.below(&demo(), None)[0].rings[0][1], [116.5, -8.0]);
    }

    #[test]
    fn a_wrong_file_is_refused_by_what_is_wrong() {
        let top = top().to_string();
        let nowhere = serde_json::json!([[[200.0, -8.0], [116.0, -8.0], [116.0, -9.0], [200.0, -8.0]]]);
        let refused = |features: serde_json::Value| of(&features).unwrap_err();
        assert!(matches!(
            refused(serde_json::json!([feature(&top, &nowhere)])),
            BoundariesError::Position(_)
        ));
        let twice = serde_json::json!([feature(&top, &square(1.0)), feature(&top, &square(1.0))]);
        assert!(matches!(refused(twice), BoundariesError::Twice(_)));
        assert!(matches!(
            refused(serde_json::json!([feature("99", &square(1.0))])),
            BoundariesError::NoRegion
        ));
        assert!(
            serde_json::from_str::<Collection>(r#"{"features":[{"properties":{},"geometry":null}]}"#)
                .is_err()
        );
        let file = Path::new("no such file");
        assert!(matches!(Boundaries::read(file, &demo()), Err(BoundariesError::File { .. })));
    }
}
