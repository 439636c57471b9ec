//! Days of the calendar.

/// Whether `text` is a day of the Gregorian calendar, written `YYYY-MM-DD`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, width: usize| -> Option<u32> {
        let digits = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for day in ["2024-02-29", "2000-02-29", "2026-12-09", "2019-04-17"] {
            assert!(is_date(day), "{day}");
        }
        for wrong in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-1",
            "",
            "09-12-2026",
            "2026-12-00",
            "2026-12-+9",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
