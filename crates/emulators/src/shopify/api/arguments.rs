//! Arguments of a field as JSON: literals, variables and defaults brought together. An input field that was left
//! out stays left out, which is not the same as null (`changeFromQuantity`).

use apollo_compiler::ast::Value as Literal;
use apollo_compiler::executable::Field;
use serde_json::{Map, Value};

/// Values of the variables of one call, already checked against the schema.
pub(in crate::shopify) type Variables = Map<String, Value>;

/// The arguments of one field.
#[derive(Clone, Debug, Default)]
pub(in crate::shopify) struct Arguments(pub(super) Map<String, Value>);

impl Arguments {
    /// Reads the arguments of a field.
    pub(super) fn of(field: &Field, variables: &Variables) -> Self {
        let mut values = Map::new();
        for definition in &field.definition.arguments {
            let given = field.specified_argument_by_name(&definition.name).and_then(|literal| read(literal, variables));
            let value =
                given.or_else(|| definition.default_value.as_ref().and_then(|literal| read(literal, variables)));
            if let Some(value) = value {
                values.insert(definition.name.to_string(), value);
            }
        }
        Self(values)
    }

    /// A value; `None` when it is absent or null.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text, id or enum value.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// A whole number.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    /// True only when it was given as true.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A list; empty when it is absent.
    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// A literal as JSON; `None` for a variable that was not given.
pub(super) fn read(literal: &Literal, variables: &Variables) -> Option<Value> {
    Some(match literal {
        Literal::Null => Value::Null,
        Literal::Variable(name) => return variables.get(name.as_str()).cloned(),
        Literal::Enum(name) => Value::from(name.as_str()),
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Boolean(flag) => Value::from(*flag),
        Literal::Int(number) => number.as_str().parse::<i64>().map_or(Value::Null, Value::from),
        Literal::Float(number) => number.try_to_f64().map_or(Value::Null, Value::from),
        Literal::List(values) => values.iter().map(|value| read(value, variables).unwrap_or(Value::Null)).collect(),
        Literal::Object(fields) => {
            let fields = fields.iter().filter_map(|(name, value)| Some((name.to_string(), read(value, variables)?)));
            Value::Object(fields.collect())
        }
    })
}
