//! What `run` tells the person at the terminal: where to look, and how to get in.

/// The console's address and login.
#[derive(Debug)]
pub(super) struct Console<'a> {
    pub(super) address: String,
    pub(super) user: &'a str,
    pub(super) password: &'a str,
}

impl Console<'_> {
    /// Prints them in a box, as what one has to find again on a full terminal.
    pub(super) fn greet(&self) {
        println!(
            "\n{}\n",
            boxed(&[
                format!("Console   {}", self.address),
                format!("User      {}", self.user),
                format!("Password  {}", self.password),
                String::new(),
                "Ctrl-C stops everything; a later run goes on with the same data.".to_owned(),
            ])
        );
    }
}

/// Says by which invitation the demo witness joins.
pub(super) fn witness(invitation: &str) {
    println!("The app opens as a demo witness, whose invitation is\n{invitation}\n");
}

fn boxed(lines: &[String]) -> String {
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let edge = "─".repeat(width + 2);
    let rows: Vec<_> = lines.iter().map(|line| format!("│ {line:width$} │")).collect();
    format!("╭{edge}╮\n{}\n╰{edge}╯", rows.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_box_is_as_wide_as_the_widest() {
        let drawn = boxed(&["a".to_owned(), "äöü longer".to_owned()]);
        let widths: Vec<_> = drawn.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [14; 4]);
    }
}
