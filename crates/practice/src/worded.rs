//! Closed sets of words that people read: each has its name in files and statements, and its texts in both
//! languages, in one table.

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
                match self { $(Self::$variant => tally::Localized::new($title_id, $title_en),)+ }
            }

            /// One sentence more.
            pub fn explanation(self) -> tally::Localized {
                match self { $(Self::$variant => tally::Localized::new($more_id, $more_en),)+ }
            }
        }
    };
}

pub(crate) use worded;
