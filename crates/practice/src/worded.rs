//! Closed sets of words that people read: each has its name in files and statements, and its texts in both
//! languages, in one table.

use tally::Localized;

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) id: &'static str,
    pub(crate) en: &'static str,
}

impl From<Text> for Localized {
    fn from(text: Text) -> Self {
        Self::new(text.id, text.en)
    }
}

/// An enum whose values have a word, a title and an explanation.
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident { $(
        $(#[$doc:meta])*
        $variant:ident $word:literal
        { $title_id:literal, $title_en:literal; $more_id:literal, $more_en:literal; }
    )+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum $name { $(
            $(#[$doc])*
            #[serde(rename = $word)]
            $variant,
        )+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in files and statements, and the key of its texts.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The inverse of [`Self::word`].
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }

            /// A few words.
            pub fn title(self) -> tally::Localized {
                match self { $(Self::$variant => $crate::worded::Text { id: $title_id, en: $title_en }.into(),)+ }
            }

            /// One sentence more.
            pub fn explanation(self) -> tally::Localized {
                match self { $(Self::$variant => $crate::worded::Text { id: $more_id, en: $more_en }.into(),)+ }
            }
        }
    };
}

pub(crate) use worded;
