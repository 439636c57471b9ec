//! All texts of this crate by their keys, for the dictionaries of the screens.

use tally::Localized;

use crate::{FirstStep, Judged, Lesson, Level, NotReady, Objecting, SlipKind, TrapKind};

/// Every text with its key: `slip.own_sum` for the few words, `slip.own_sum.more` for the sentence. In the
/// order of the tables.
pub fn texts() -> Vec<(String, Localized)> {
    let mut all = Vec::new();
    macro_rules! add {
        ($($key:literal $name:ident),+) => { $(for word in $name::ALL {
            all.push((format!("{}.{}", $key, word.word()), word.title()));
            all.push((format!("{}.{}.more", $key, word.word()), word.explanation()));
        })+ };
    }
    add!("slip" SlipKind, "judged" Judged, "lesson" Lesson, "objecting" Objecting, "not_ready" NotReady);
    add!("trap" TrapKind, "level" Level, "first_step" FirstStep);
    all
}
