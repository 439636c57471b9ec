//! Files that are made from the Rust types are not stale. `cargo xtask generate` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use saksi_tests::data::root;
use ts_rs::{Config, TS, TypeVisitor};

/// The types that cross to TypeScript from some roots on, by name.
#[derive(Default)]
struct Types {
    config: Config,
    seen: BTreeSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only types with a declaration of their own have a place to be exported to.
        if T::output_path().is_some() {
            let declaration = format!("export {}", T::decl(&self.config));
            let before = self.declarations.insert(T::ident(&self.config), declaration.clone());
            assert!(
                before.is_none_or(|before| before == declaration),
                "two types are named {}",
                T::ident(&self.config)
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl Types {
    fn file(self) -> String {
        let declarations: Vec<String> = self.declarations.into_values().collect();
        format!(
            "// Made from the Rust types by `cargo xtask generate`. Do not edit.\n\n{}\n",
            declarations.join("\n\n")
        )
    }
}

#[test]
fn the_types_of_the_witness_app_are_those_of_the_device() {
    let mut types = Types::default();
    types.visit::<device::view::AppView>();
    types.visit::<device::view::TallyView>();
    types.visit::<device::view::Failure>();
    types.visit::<device::view::BundleView>();
    types.visit::<device::view::TakenAlongView>();
    types.visit::<device::view::AccountsView>();
    fresh("ui/src/shared/generated/witness.ts", &types.file());
}

#[test]
fn the_types_of_the_console_are_those_of_the_endpoint() {
    let mut types = Types::default();
    types.visit::<central::view::LoginRequest>();
    types.visit::<central::view::SessionView>();
    types.visit::<central::view::RegionView>();
    types.visit::<central::view::StationList>();
    types.visit::<central::view::StationView>();
    types.visit::<central::view::CropsView>();
    types.visit::<central::view::PhotoRequestRequest>();
    types.visit::<central::view::VerdictRequest>();
    types.visit::<central::view::OriginalRequest>();
    types.visit::<central::view::InviteRequest>();
    types.visit::<central::view::InvitationView>();
    types.visit::<central::view::DeviceList>();
    types.visit::<central::view::RevokeRequest>();
    types.visit::<central::view::LogView>();
    types.visit::<central::view::CompareRequest>();
    types.visit::<central::view::LogComparison>();
    types.visit::<central::import::Imported>();
    types.visit::<protocol::Problem>();
    fresh("ui/src/shared/generated/console.ts", &types.file());
}

#[test]
fn the_diagram_of_a_tallys_life_is_that_of_the_code() {
    let file = "docs/architecture.md";
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let (begin, end) = ("<!-- life -->\n```mermaid\n", "```\n<!-- /life -->");
    let (before, rest) = text.split_once(begin).expect("the diagram's place");
    let (_, after) = rest.split_once(end).expect("the end of the diagram");
    fresh(file, &format!("{before}{begin}{}{end}{after}", device::life_diagram()));
}

/// Compares a file with what it should hold, or writes it when told to.
fn fresh(file: &str, wanted: &str) {
    let path = root().join(file);
    if std::env::var_os("SAKSI_GENERATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{file} is stale; write it anew with `cargo xtask generate`");
}
