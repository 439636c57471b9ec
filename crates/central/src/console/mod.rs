//! The pages of the console, built from the store: a region, a list of stations, one station, and its bundle.

mod arrivals;
pub(crate) mod bundle_export;
pub(crate) mod contests;
pub(crate) mod crops;
pub(crate) mod region_page;
pub(crate) mod seats_page;
pub(crate) mod station_list;
pub(crate) mod station_page;
mod votes;
