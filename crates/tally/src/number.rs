//! Conversions of numbers.

/// The number of entries. Lists here are bounded far below `u32::MAX`; a longer one counts as that.
pub(crate) fn u32_len<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len()).unwrap_or(u32::MAX)
}
