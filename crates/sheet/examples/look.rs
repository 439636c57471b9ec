//! Looks at photos and prints page, faults and readings: `cargo run --release -p saksi-sheet --example look
//! -- FORM PHOTO…`. FORM is a built-in form's id, such as `c-hasil-salinan-ppwp-2024`, or a geometry file.
#![expect(clippy::print_stdout, reason = "it prints what it sees")]

use std::error::Error;
use std::time::Instant;

use sheet::{FormGeometry, Look, ingest_and_look};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let form = arguments.next().ok_or("which form?")?;
    let form = match FormGeometry::known(&form) {
        Some(known) => known.clone(),
        None => FormGeometry::from_json(&std::fs::read_to_string(&form)?)?,
    };
    for photo in arguments {
        let bytes = std::fs::read(&photo)?;
        let begun = Instant::now();
        match ingest_and_look(&bytes, &form, 0) {
            Ok((ingested, look)) => {
                let took_ms = begun.elapsed().as_millis();
                println!("{photo}: {} bytes are sent, {took_ms} ms", ingested.derivative.bytes.len());
                print(&look);
            }
            Err(error) => println!("{photo}: {error}"),
        }
    }
    Ok(())
}

fn print(look: &Look) {
    match &look.view {
        Some(view) => println!("  page {}", view.page),
        None => println!("  page not known"),
    }
    let issues: Vec<&str> = look.issues().into_iter().map(|issue| issue.code()).collect();
    println!("  faults: {}", if issues.is_empty() { "none".into() } else { issues.join(", ") });
    for reading in &look.readings {
        match (reading.is_confident(), reading.value) {
            (true, Some(value)) => println!("  {}: {value} ({:.2})", reading.field, reading.confidence),
            _ => println!("  {}: silent", reading.field),
        }
    }
}
