//! The pages of the console, built from the store: a region, a list of stations, one station, its bundle,
//! and who is at the stations.

mod arrivals;
pub(crate) mod attendance;
pub(crate) mod bundle_export;
mod contacts;
pub(crate) mod contests;
pub(crate) mod crops;
pub(crate) mod region_page;
pub(crate) mod seats_page;
pub(crate) mod station_list;
pub(crate) mod station_page;
mod votes;
