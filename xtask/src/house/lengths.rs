//! `lengths`: how long functions are. The median is at most 8 lines, and none is over 60 but tables.

use anyhow::Result;

use super::source::{self, Source, is_word, item_end, line_of};

/// Maximum median length, in non-blank lines from the signature to the closing brace.
const MEDIAN_MAX: usize = 8;
/// Maximum length of a function that is no table.
const LENGTH_MAX: usize = 60;
/// Number of functions that `cargo xtask lengths` lists.
const LISTED: usize = 10;

/// Functions that are one table each, and why they stay whole: path, name, reason.
const TABLES: &[(&str, &str, &str)] =
    &[("crates/central/src/http/routes.rs", "console_table", "one row for each route of the console")];

/// One function.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Function {
    path: String,
    line: usize,
    name: String,
    lines: usize,
}

impl Function {
    /// Why the function may be long, if it may.
    fn table(&self) -> Option<&'static str> {
        let known = TABLES.iter().find(|(path, name, _)| *path == self.path && *name == self.name);
        known.map(|(_, _, why)| *why)
    }

    fn row(&self) -> String {
        format!("{:4}  {}:{} {}", self.lines, self.path, self.line, self.name)
    }
}

/// Prints the distribution and the longest functions.
///
/// # Errors
/// When a source cannot be read.
pub(crate) fn print() -> Result<()> {
    let functions = all()?;
    let lengths: Vec<usize> = functions.iter().map(|function| function.lines).collect();
    println!("{} functions, tests cut off; non-blank lines from signature to closing brace", lengths.len());
    for (name, percent) in [("median", 50), ("p90", 90), ("p99", 99), ("longest", 100)] {
        println!("  {name:8} {:>4}", percentile(&lengths, percent));
    }
    println!("The median is to be at most {MEDIAN_MAX}; all but tables at most {LENGTH_MAX}. The longest:");
    for function in functions.iter().rev().take(LISTED) {
        println!(
            "  {}{}",
            function.row(),
            function.table().map_or_else(String::new, |why| format!(" (table: {why})"))
        );
    }
    Ok(())
}

/// All functions of all packages, the shortest first.
fn all() -> Result<Vec<Function>> {
    let mut functions = Vec::new();
    for package in source::packages()? {
        for source in source::rust(&package)? {
            functions.extend(functions_in(&source));
        }
    }
    functions.sort_by(|one, other| one.lines.cmp(&other.lines).then_with(|| other.path.cmp(&one.path)));
    Ok(functions)
}

/// The length at `percent` of sorted lengths.
fn percentile(sorted: &[usize], percent: usize) -> usize {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or(0)
}

fn functions_in(source: &Source) -> Vec<Function> {
    let code = source.code.as_str();
    let mut functions = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_keyword = !code[..at].chars().next_back().is_some_and(is_word);
        let name: String = code[at + 3..].chars().take_while(|character| is_word(*character)).collect();
        if !is_keyword || name.is_empty() {
            continue;
        }
        let end = item_end(code, at);
        // A trait's method without a body has no length.
        if !code[..end].ends_with('}') {
            continue;
        }
        // Lines are counted in the text: a comment counts, a blank line does not.
        let lines = source.text[at..end].lines().filter(|line| !line.trim().is_empty()).count();
        functions.push(Function { path: source.path.clone(), line: line_of(code, at), name, lines });
    }
    functions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions(text: &str) -> Vec<(String, usize)> {
        let code = source::without_literals(text);
        let source = Source { path: "a.rs".into(), text: text.into(), code };
        functions_in(&source).into_iter().map(|function| (function.name, function.lines)).collect()
    }

    #[test]
    fn functions_are_short() {
        let functions = all().unwrap();
        let lengths: Vec<usize> = functions.iter().map(|function| function.lines).collect();
        let median = percentile(&lengths, 50);
        assert!(median <= MEDIAN_MAX, "the median of all functions is {median} lines, over {MEDIAN_MAX}");
        let long: Vec<String> = functions
            .iter()
            .rev()
            .filter(|function| function.lines > LENGTH_MAX && function.table().is_none())
            .map(Function::row)
            .collect();
        assert!(long.is_empty(), "over {LENGTH_MAX} lines: split into named steps\n{}", long.join("\n"));
    }

    #[test]
    fn every_table_exists_and_is_long() {
        let functions = all().unwrap();
        for (path, name, _) in TABLES {
            let found = functions.iter().find(|function| function.path == *path && function.name == *name);
            assert!(
                found.is_some_and(|function| function.lines > LENGTH_MAX),
                "{path} has no function {name} over {LENGTH_MAX} lines: remove it from TABLES"
            );
        }
    }

    #[test]
    fn a_function_is_measured_from_its_signature_to_its_brace() {
        let text =
            "fn one() {}\n\nfn three(\n    a: [u8; 2],\n) -> u8 {\n\n    a[0]\n}\ntrait T { fn none(); }\n";
        assert_eq!(functions(text), [("one".into(), 1), ("three".into(), 5)]);
    }
}
