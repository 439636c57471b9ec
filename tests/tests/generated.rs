//! Generated files are up to date. `cargo xtask generate` writes them again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails right there")]

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use saksi_tests::data::root;
use ts_rs::{Config, TS, TypeVisitor};

/// Declarations of the TypeScript types that some root types need, by name.
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
        // Only types with their own declaration have an output path.
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
fn the_types_of_the_witness_app_match_the_device() {
    let mut types = Types::default();
    types.visit::<device::view::AppView>();
    types.visit::<device::view::JoinOutcome>();
    types.visit::<device::view::TallyView>();
    types.visit::<device::view::AddedPhotos>();
    types.visit::<device::view::Failure>();
    types.visit::<device::view::BundleView>();
    types.visit::<device::view::CourierReceipt>();
    types.visit::<device::view::ReportsView>();
    types.visit::<device::view::DrillResultView>();
    assert_up_to_date("ui/src/shared/generated/witness.ts", &types.file());
}

#[test]
fn the_types_of_the_console_match_the_endpoint() {
    let mut types = Types::default();
    types.visit::<central::view::LoginRequest>();
    types.visit::<central::view::SessionView>();
    types.visit::<central::view::BoundariesView>();
    types.visit::<central::view::RegionView>();
    types.visit::<central::view::SeatsView>();
    types.visit::<central::view::StationList>();
    types.visit::<central::view::StationView>();
    types.visit::<central::view::CropsView>();
    types.visit::<central::view::ApiTokenView>();
    types.visit::<central::view::NewApiToken>();
    types.visit::<central::view::NewApiTokenRequest>();
    types.visit::<central::view::PatternsView>();
    types.visit::<central::view::ProjectionView>();
    types.visit::<central::view::PhotoRequestRequest>();
    types.visit::<central::view::VerdictRequest>();
    types.visit::<central::view::OriginalRequest>();
    types.visit::<central::view::QueueView>();
    types.visit::<central::view::TakeRequest>();
    types.visit::<central::view::ReviewKeyRequest>();
    types.visit::<central::view::ReviewKeyView>();
    types.visit::<central::view::RevokeKeyRequest>();
    types.visit::<evidence::VerdictDecision>();
    types.visit::<central::view::InviteRequest>();
    types.visit::<central::view::InvitationList>();
    types.visit::<central::view::NewInvitation>();
    types.visit::<central::view::AccountView>();
    types.visit::<central::view::NewAccountRequest>();
    types.visit::<central::view::NewPassword>();
    types.visit::<central::view::RoleRequest>();
    types.visit::<central::view::AuditView>();
    types.visit::<central::view::PasswordRequest>();
    types.visit::<central::view::SecondFactorRequest>();
    types.visit::<central::view::NewSecondFactor>();
    types.visit::<central::view::ConfirmSecondFactor>();
    types.visit::<central::view::RecoveryCodes>();
    types.visit::<central::view::OpenSession>();
    types.visit::<central::view::NewMessageRequest>();
    types.visit::<central::view::MessageList>();
    types.visit::<central::view::ReaderList>();
    types.visit::<central::view::IncidentList>();
    types.visit::<central::view::IncidentHistory>();
    types.visit::<central::view::IncidentStepRequest>();
    types.visit::<central::view::AttendanceList>();
    types.visit::<central::view::DeviceList>();
    types.visit::<central::view::RevokeRequest>();
    types.visit::<central::view::LogView>();
    types.visit::<central::view::CompareRequest>();
    types.visit::<central::view::LogComparison>();
    types.visit::<central::view::DifferencesView>();
    types.visit::<central::view::OfficialImports>();
    types.visit::<central::view::OfficialChanges>();
    types.visit::<central::view::PeoplePage>();
    types.visit::<central::view::PersonView>();
    types.visit::<central::view::PersonRequest>();
    types.visit::<central::view::SimilarRequest>();
    types.visit::<central::view::SimilarPeople>();
    types.visit::<central::view::AssignRequest>();
    types.visit::<central::view::AssignmentRequest>();
    types.visit::<central::view::MoveRequest>();
    types.visit::<central::view::InviteAssignmentsRequest>();
    types.visit::<central::view::MandateSlip>();
    types.visit::<central::view::BulkEditRequest>();
    types.visit::<central::view::ChangeView>();
    types.visit::<central::view::PersonHistory>();
    types.visit::<central::view::MergeRequest>();
    types.visit::<central::view::EraseRequest>();
    types.visit::<central::view::StationPerson>();
    types.visit::<central::view::OfDevicesRequest>();
    types.visit::<central::view::PeopleSettings>();
    types.visit::<central::view::DrillView>();
    types.visit::<central::view::DrillOrder>();
    types.visit::<central::view::DrillReportView>();
    types.visit::<central::view::ReadinessView>();
    types.visit::<central::view::UnreadyStations>();
    types.visit::<central::view::StaffingView>();
    types.visit::<central::view::TargetRequest>();
    types.visit::<central::view::LackingStations>();
    types.visit::<central::view::Lack>();
    types.visit::<central::view::PeopleImport>();
    types.visit::<central::view::PeopleImports>();
    types.visit::<central::view::ImportRequest>();
    types.visit::<central::view::ImportCheck>();
    types.visit::<central::import::Imported>();
    types.visit::<protocol::Problem>();
    assert_up_to_date("ui/src/shared/generated/console.ts", &types.file());
}

#[test]
fn the_diagram_of_a_tallys_life_matches_the_code() {
    let file = "docs/architecture.md";
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let (begin, end) = ("<!-- life -->\n```mermaid\n", "```\n<!-- /life -->");
    let (before, rest) = text.split_once(begin).expect("the start of the diagram");
    let (_, after) = rest.split_once(end).expect("the end of the diagram");
    assert_up_to_date(file, &format!("{before}{begin}{}{end}{after}", device::life_diagram()));
}

/// The texts of practice as a TypeScript module, with `practice.` before their keys.
fn practice_module() -> String {
    let mut module =
        String::from("// Generated from `practice::texts` by `cargo xtask generate`. Do not edit.\n");
    for (language, text) in
        [("id", (|text| text.id) as fn(tally::Localized) -> String), ("en", |text| text.en)]
    {
        module += &format!("\nexport const {language} = {{\n");
        for (key, localized) in practice::texts() {
            let text = serde_json::to_string(&text(localized)).unwrap();
            module += &format!("  \"practice.{key}\": {text},\n");
        }
        module += "} as const;\n";
    }
    module
}

#[test]
fn the_texts_of_practice_on_the_screens_are_those_of_the_crate() {
    assert_up_to_date("ui/src/shared/generated/practice.ts", &practice_module());
}

/// The constants of `protocol::limit` as a TypeScript module.
fn limits_module() -> String {
    let mut module =
        String::from("// Generated from `protocol::limit` by `cargo xtask generate`. Do not edit.\n");
    for limit in protocol::limit::ALL {
        let docs: String = limit.docs.iter().map(|line| format!(" *{line}\n")).collect();
        module += &format!("\n/**\n{docs} */\nexport const {} = {};\n", limit.name, limit.value);
    }
    module
}

#[test]
fn the_limits_of_the_screens_are_those_of_the_protocol() {
    assert_up_to_date("ui/src/shared/generated/limits.ts", &limits_module());
}

/// Compares a file with its generated content, or writes it with `SAKSI_GENERATE=1`.
fn assert_up_to_date(file: &str, wanted: &str) {
    let path = root().join(file);
    if std::env::var_os("SAKSI_GENERATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{file} is stale; run `cargo xtask generate`");
}
