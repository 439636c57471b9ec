//! The results of the checks.

use std::fmt;

use serde::Serialize;

/// The sorts of checks, in the order of the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sort {
    /// The file can be read.
    Form,
    /// A statement is of the real count, or of a drill if the user checks a drill.
    Namespace,
    /// A statement is signed by the device that it names.
    Signature,
    /// That device was enrolled.
    Roster,
    /// A device's statements continue each other.
    Chain,
    /// Statements that name each other belong together.
    Reference,
    /// The endpoint says of a decision what was signed.
    Verdict,
    /// Who signed a decision may decide.
    Reviewer,
    /// A photo is the one that was signed.
    Photo,
    /// The log's key is the one that the user trusts.
    LogKey,
    /// A change of the log's key holds.
    Rotation,
    /// The log proves that it contains a statement.
    Receipt,
    /// The log has signed a checkpoint.
    Checkpoint,
    /// The log only grew.
    Consistency,
}

impl Sort {
    /// Whether the check relies on the log's key.
    fn is_under_log_key(self) -> bool {
        matches!(self, Self::Rotation | Self::Receipt | Self::Checkpoint | Self::Consistency)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Form => "form",
            Self::Namespace => "namespace",
            Self::Signature => "signature",
            Self::Roster => "roster",
            Self::Chain => "chain",
            Self::Reference => "reference",
            Self::Verdict => "verdict",
            Self::Reviewer => "reviewer",
            Self::Photo => "photo",
            Self::LogKey => "log key",
            Self::Rotation => "rotation",
            Self::Receipt => "receipt",
            Self::Checkpoint => "checkpoint",
            Self::Consistency => "consistency",
        })
    }
}

/// The result of one check, or of all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Holds,
    Fails,
    /// Something is missing that the check needs.
    NotChecked,
}

impl Outcome {
    /// The outcome of several checks together. No check at all proves nothing.
    pub(crate) fn of_all(outcomes: impl IntoIterator<Item = Self> + Clone) -> Self {
        let has = |wanted| outcomes.clone().into_iter().any(|outcome| outcome == wanted);
        if has(Self::Fails) {
            Self::Fails
        } else if has(Self::NotChecked) || !has(Self::Holds) {
            Self::NotChecked
        } else {
            Self::Holds
        }
    }
}

/// One check.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    pub(crate) number: usize,
    #[serde(rename = "check")]
    pub(crate) sort: Sort,
    pub(crate) outcome: Outcome,
    pub(crate) position: String,
    pub(crate) detail: String,
    /// What the check needs, if it could not be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) needs: Option<String>,
}

/// All checks, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Report {
    checks: Vec<Check>,
    notes: Vec<String>,
    /// What is needed to trust the log's key, if the user does not trust it yet.
    log_key_needs: Option<String>,
}

impl Report {
    pub(crate) fn checks(&self) -> &[Check] {
        &self.checks
    }

    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(crate) fn outcome(&self) -> Outcome {
        Outcome::of_all(self.checks.iter().map(|check| check.outcome))
    }

    /// The user does not trust the log's key yet. What holds under this key is not checked until they do.
    pub(crate) fn doubt_log_key(&mut self, needs: String) {
        self.log_key_needs = Some(needs);
    }

    pub(crate) fn pass(&mut self, sort: Sort, position: impl fmt::Display, detail: impl fmt::Display) {
        match self.log_key_needs.clone().filter(|_| sort.is_under_log_key()) {
            None => self.add(sort, Outcome::Holds, &position, &detail, None),
            Some(needs) => {
                let detail = format!("{detail} (under the key that came with the evidence)");
                self.add(sort, Outcome::NotChecked, &position, &detail, Some(needs));
            }
        }
    }

    pub(crate) fn fail(&mut self, sort: Sort, position: impl fmt::Display, detail: impl fmt::Display) {
        self.add(sort, Outcome::Fails, &position, &detail, None);
    }

    /// A check that could not be made. `needs` completes the sentence "To check it, you need …".
    pub(crate) fn not_checked(
        &mut self,
        sort: Sort,
        position: impl fmt::Display,
        detail: impl fmt::Display,
        needs: impl Into<String>,
    ) {
        self.add(sort, Outcome::NotChecked, &position, &detail, Some(needs.into()));
    }

    /// Adds a remark that is no check.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    fn add(
        &mut self,
        sort: Sort,
        outcome: Outcome,
        position: &dyn fmt::Display,
        detail: &dyn fmt::Display,
        needs: Option<String>,
    ) {
        let number = self.checks.len() + 1;
        let (position, detail) = (position.to_string(), detail.to_string());
        self.checks.push(Check { number, sort, outcome, position, detail, needs });
    }
}
