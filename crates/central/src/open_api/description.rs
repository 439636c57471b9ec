//! The OpenAPI description of `/open/v1`, made from the same types that answer.

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::view::{OpenElection, OpenResults, OpenStationList};

/// A route: its path, what it is for, its parameters, and the schema of its answer.
struct Operation {
    path: &'static str,
    summary: &'static str,
    parameters: &'static [Parameter],
    /// Makes the schema; `None` for a file.
    answer: Option<fn(&mut SchemaGenerator) -> Value>,
}

struct Parameter {
    name: &'static str,
    is_required: bool,
    description: &'static str,
    /// The values, if they are few.
    values: &'static [&'static str],
}

const CONTEST: Parameter = Parameter {
    name: "contest",
    is_required: true,
    description: "The contest's id, from /open/v1/election.",
    values: &[],
};
const REGION: Parameter = Parameter {
    name: "region",
    is_required: false,
    description: "A region's Kemendagri code with dots, as 52.71. Without it, all that the token reads.",
    values: &[],
};
const AFTER: Parameter =
    Parameter { name: "after", is_required: false, description: "`next` of the page before.", values: &[] };
const FORMAT: Parameter = Parameter {
    name: "format",
    is_required: false,
    description: "csv is the default; nist is the JSON of NIST SP 1500-100 version 2.",
    values: &["csv", "xlsx", "nist"],
};

const OPERATIONS: [Operation; 5] = [
    Operation {
        path: "/open/v1/openapi.json",
        summary: "This description. It needs no token.",
        parameters: &[],
        answer: None,
    },
    Operation {
        path: "/open/v1/election",
        summary: "The contests, and for whom votes are counted.",
        parameters: &[],
        answer: Some(schema_of::<OpenElection>),
    },
    Operation {
        path: "/open/v1/results",
        summary: "The sums of a region, by the standing of the tallies, and the regions below it.",
        parameters: &[CONTEST, REGION],
        answer: Some(schema_of::<OpenResults>),
    },
    Operation {
        path: "/open/v1/stations",
        summary: "The results of stations, a page at a time.",
        parameters: &[CONTEST, REGION, AFTER],
        answer: Some(schema_of::<OpenStationList>),
    },
    Operation {
        path: "/open/v1/export",
        summary: "The results of all stations as one file.",
        parameters: &[CONTEST, REGION, FORMAT],
        answer: None,
    },
];

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// The description.
pub(crate) fn description() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let paths: serde_json::Map<String, Value> = OPERATIONS
        .iter()
        .map(|operation| (operation.path.to_owned(), json!({ "get": described(operation, &mut generator) })))
        .collect();
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Saksi: results as witnesses recorded them",
            "version": "1",
            "description": "Read-only. These are not the official results. Every sum says how many stations it \
                is made of and by which standing; a station that is missing is not zero.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
        "security": [{ "token": [] }],
    })
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
    let content = match operation.answer {
        Some(schema) => json!({ "application/json": { "schema": schema(generator) } }),
        None => json!({ "application/octet-stream": {} }),
    };
    let problem = |text: &str| json!({ "description": text, "content": { "application/problem+json": {} } });
    let mut described = json!({
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": "OK", "content": content },
            "401": problem("The token is missing, wrong or revoked."),
            "403": problem("The region is outside of the token's."),
            "429": problem("Too many requests: wait as long as Retry-After says."),
        },
    });
    if operation.path.ends_with("openapi.json") {
        described["security"] = json!([]);
    }
    described
}

fn parameter(of: &Parameter) -> Value {
    let schema = if of.values.is_empty() {
        json!({ "type": "string" })
    } else {
        json!({ "type": "string", "enum": of.values })
    };
    json!({
        "name": of.name, "in": "query", "required": of.is_required,
        "description": of.description, "schema": schema,
    })
}
