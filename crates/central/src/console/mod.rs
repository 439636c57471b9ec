//! The pages of the console, built from the store: a station, lists of stations, a region.

pub(crate) mod bundle_export;
pub(crate) mod station_page;
