//! The vendor's introspection file as a schema that queries can be validated against.

use std::fmt::Write;
use std::io::Read;

use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use serde_json::Value;

pub struct Reference {
    pub schema: Valid<Schema>,
    types: Vec<Value>,
}

impl Reference {
    /// `None` when no reference folder is named.
    pub fn read() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "where the vendor's files lie is the tester's choice")]
        let folder = std::env::var("LOCKSTEP_REFERENCE").ok()?;
        let path = format!("{folder}/specs/shopify/admin_2026-10.introspection.json.gz");
        let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).expect("gzip of text");
        let mut file: Value = serde_json::from_str(&text).expect("JSON");
        let Value::Array(types) = file["data"]["__schema"]["types"].take() else { panic!("{path}: no types") };
        let schema = Schema::parse(sdl(&types), "admin_2026-10.graphql").expect("the vendor's schema reads");
        // The vendor's own schema is not what is tested.
        Some(Self { schema: Valid::assume_valid(schema), types })
    }

    /// The values of an enumeration.
    pub fn values_of(&self, name: &str) -> Vec<String> {
        let found = self.types.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name}"));
        list(&found["enumValues"]).iter().map(|value| text(&value["name"]).to_owned()).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn sdl(types: &[Value]) -> String {
    let mut sdl = "schema { query: QueryRoot mutation: Mutation }\n\
                   directive @idempotent(key: String!) on FIELD\n"
        .to_owned();
    for it in types.iter().filter(|it| !text(&it["name"]).starts_with("__")) {
        let name = text(&it["name"]);
        match text(&it["kind"]) {
            "SCALAR" if matches!(name, "Int" | "Float" | "String" | "Boolean" | "ID") => {}
            "SCALAR" => line(&mut sdl, format_args!("scalar {name}")),
            "OBJECT" => line(&mut sdl, format_args!("type {name}{} {{{}}}", interfaces(it), fields(it))),
            "INTERFACE" => line(&mut sdl, format_args!("interface {name}{} {{{}}}", interfaces(it), fields(it))),
            "UNION" => line(&mut sdl, format_args!("union {name} = {}", names(&it["possibleTypes"], " | "))),
            "ENUM" => line(&mut sdl, format_args!("enum {name} {{ {} }}", names(&it["enumValues"], " "))),
            "INPUT_OBJECT" => line(&mut sdl, format_args!("input {name} {{{}}}", inputs(&it["inputFields"], " "))),
            other => panic!("{name} is of the unknown kind {other}"),
        }
    }
    sdl
}

fn line(sdl: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(sdl, "{text}").expect("text can always grow");
}

fn names(values: &Value, between: &str) -> String {
    list(values).iter().map(|value| text(&value["name"])).collect::<Vec<_>>().join(between)
}

fn interfaces(it: &Value) -> String {
    match names(&it["interfaces"], " & ") {
        none if none.is_empty() => none,
        some => format!(" implements {some}"),
    }
}

fn fields(it: &Value) -> String {
    let field = |field: &Value| {
        let arguments = match inputs(&field["args"], ", ") {
            none if none.is_empty() => none,
            some => format!("({some})"),
        };
        let deprecated = if field["isDeprecated"] == true { " @deprecated" } else { "" };
        format!(" {}{arguments}: {}{deprecated}\n", text(&field["name"]), named(&field["type"]))
    };
    list(&it["fields"]).iter().map(field).collect()
}

fn inputs(values: &Value, between: &str) -> String {
    let input = |input: &Value| {
        let default = input["defaultValue"].as_str().map(|value| format!(" = {value}")).unwrap_or_default();
        format!("{}: {}{default}", text(&input["name"]), named(&input["type"]))
    };
    list(values).iter().map(input).collect::<Vec<_>>().join(between)
}

fn named(it: &Value) -> String {
    match text(&it["kind"]) {
        "NON_NULL" => format!("{}!", named(&it["ofType"])),
        "LIST" => format!("[{}]", named(&it["ofType"])),
        _ => text(&it["name"]).to_owned(),
    }
}
