//! The signing context: what a signature covers beside the statement, and the names of the kinds in each
//! namespace.
//!
//! A drill signs its statements with external data (RFC 9052 §4.3) and under content types of its own. So a
//! program of the real count does not know the kind, and if it did, the signature would not hold.

use std::borrow::Cow;

use super::subject::Namespace;
use crate::body;

/// The beginning of all content types, and of those of a drill.
const KIND: &str = "application/vnd.saksi.";
const DRILL_KIND: &str = "application/vnd.saksi.drill.";
/// The external data of a drill's signatures.
const DRILL_DATA: &[u8] = b"saksi-drill-v1";

/// The context of one kind in one namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Context<'a> {
    /// The content type in the protected header.
    pub(super) content_type: Cow<'a, str>,
    /// The external data that are signed.
    pub(super) data: &'static [u8],
}

impl<'a> Context<'a> {
    /// The context of a kind, by its content type in the real count.
    pub(super) fn of(namespace: Namespace, kind: &'a str) -> Self {
        let plain = Context { content_type: kind.into(), data: b"" };
        match namespace {
            Namespace::Real => plain,
            // The first version of a result was signed without a context, and stays as it is.
            Namespace::Drill if kind == body::DRILL_RESULT_V1 => plain,
            Namespace::Drill => {
                let rest = kind.strip_prefix(KIND).unwrap_or(kind);
                Context { content_type: format!("{DRILL_KIND}{rest}").into(), data: DRILL_DATA }
            }
        }
    }

    /// The kind in a content type, named as in the real count.
    pub(super) fn kind(content_type: &str) -> Cow<'_, str> {
        match content_type.strip_prefix(DRILL_KIND) {
            Some(rest) => format!("{KIND}{rest}").into(),
            None => content_type.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_another_name_and_other_data_in_a_drill() {
        let tally = "application/vnd.saksi.tally.v1+cbor";
        let drill = Context::of(Namespace::Drill, tally);
        assert_eq!(drill.content_type, "application/vnd.saksi.drill.tally.v1+cbor");
        assert_eq!(Context::kind(&drill.content_type), tally);
        assert_ne!(drill.data, Context::of(Namespace::Real, tally).data);
    }
}
