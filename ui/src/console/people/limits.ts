// How long what is said of a person may be. The endpoint's own: `crates/central/src/model/person_details.rs`.

/** Maximum length of a name, in characters. */
export const NAME_CHARS = 100;
/** Maximum length of an organisation, a field or a shift, in characters. */
export const WORD_CHARS = 60;
/** Maximum length of a note, in characters. */
export const NOTE_CHARS = 500;
