//! Types that the store and the rooms above it share. This layer is below the store and knows no other module.

pub mod count;
pub(crate) mod credentials;
pub(crate) mod invitation_code;
pub mod role;
pub mod statement;
pub mod verdict;
