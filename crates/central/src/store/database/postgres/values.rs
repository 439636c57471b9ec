//! Values on their way to the server and back.

use std::error::Error;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::store::database::{DatabaseError, Params, Result};

type Encoded = std::result::Result<IsNull, Box<dyn Error + Sync + Send>>;

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell(pub(super) Value);

/// The parameters of a statement.
pub(super) fn cells(params: Params<'_>) -> Result<Vec<Cell>> {
    params.iter().map(|param| cell(*param)).collect()
}

fn cell(param: &dyn rusqlite::ToSql) -> Result<Cell> {
    let unwritable = |reason: String| DatabaseError::Unwritable(reason.into());
    Ok(Cell(match param.to_sql()? {
        ToSqlOutput::Borrowed(value) => {
            Value::try_from(value).map_err(|error| unwritable(error.to_string()))?
        }
        ToSqlOutput::Owned(value) => value,
        _ => return Err(unwritable(String::from("it has no plain value"))),
    }))
}

impl ToSql for Cell {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Encoded {
        match (&self.0, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(number), &Type::BOOL) => (*number != 0).to_sql(kind, out),
            (Value::Integer(number), &Type::INT8) => number.to_sql(kind, out),
            (Value::Integer(number), &Type::INT4) => i32::try_from(*number)?.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT) => text.to_sql(kind, out),
            (Value::Blob(bytes), &Type::BYTEA) => bytes.as_slice().to_sql(kind, out),
            (value, kind) => Err(format!("a {} cannot become a {kind}", value.data_type()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The same parameter of many statements, sent as an array.
#[derive(Debug)]
pub(super) struct Column(pub(super) Vec<Cell>);

impl Column {
    /// The server's type of the cells.
    pub(super) fn kind(&self) -> &'static str {
        let known = self.0.iter().find_map(|cell| match cell.0 {
            Value::Integer(_) => Some("bigint"),
            Value::Blob(_) => Some("bytea"),
            Value::Real(_) => Some("double precision"),
            Value::Text(_) => Some("text"),
            Value::Null => None,
        });
        known.unwrap_or("text")
    }
}

/// The parameters of many statements, column by column.
pub(super) fn columns<'p, const N: usize>(
    rows: impl Iterator<Item = [&'p dyn rusqlite::ToSql; N]>,
) -> Result<[Column; N]> {
    let mut columns = [const { Column(Vec::new()) }; N];
    for row in rows {
        for (column, param) in columns.iter_mut().zip(row) {
            column.0.push(cell(param)?);
        }
    }
    Ok(columns)
}

impl ToSql for Column {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Encoded {
        self.0.as_slice().to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(kind.kind(), Kind::Array(_))
    }

    to_sql_checked!();
}

/// The values as the client wants them.
pub(super) fn borrowed<T: ToSql + Sync>(values: &[T]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// A value from the server.
pub(super) struct Received<'a>(pub(super) ValueRef<'a>);

impl<'a> FromSql<'a> for Received<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(match *kind {
            Type::BOOL => ValueRef::Integer(i64::from(bool::from_sql(kind, raw)?)),
            Type::INT8 => ValueRef::Integer(i64::from_sql(kind, raw)?),
            Type::INT4 => ValueRef::Integer(i64::from(i32::from_sql(kind, raw)?)),
            Type::TEXT => ValueRef::Text(raw),
            Type::BYTEA => ValueRef::Blob(raw),
            ref other => return Err(format!("the store reads no columns of type {other}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
