//! Patterns that a person should see: what stations have in common that they rarely have. They are found by
//! rules and prove nothing.

mod digits;
mod find;
mod page;

pub(crate) use page::patterns_view;
