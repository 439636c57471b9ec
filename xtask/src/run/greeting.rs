//! The messages of `run`: the console's address and login, the demo witness's invitation.

/// The console's address and login.
#[derive(Debug)]
pub(super) struct Console<'a> {
    pub(super) address: String,
    pub(super) user: &'a str,
    pub(super) password: &'a str,
}

impl Console<'_> {
    /// Prints them in a box, which is easy to find on a full terminal.
    pub(super) fn print(&self) {
        println!(
            "\n{}\n",
            boxed(&[
                format!("Console   {}", self.address),
                format!("User      {}", self.user),
                format!("Password  {}", self.password),
                String::new(),
                "Ctrl-C stops everything; the next run continues with the same data.".to_owned(),
            ])
        );
    }
}

/// Prints the invitation of the demo witness.
pub(super) fn print_invitation(invitation: &str) {
    println!("The app opens as a demo witness with the invitation\n{invitation}\n");
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
