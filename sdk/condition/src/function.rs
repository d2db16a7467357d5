//! The functions a condition may call.

use crate::code::numbered;
use crate::eval::no_overload;
use crate::value::{Text, Value};
use crate::{access, convert, quantity, text};

numbered! {
    pub(crate) enum Function {
        Size = 0 "size",
        Type = 1 "type",
        Dyn = 2 "dyn",
        Int = 3 "int",
        Double = 4 "double",
        String = 5 "string",
        Bool = 6 "bool",
        Contains = 7 "contains",
        StartsWith = 8 "startsWith",
        EndsWith = 9 "endsWith",
        Matches = 10 "matches",
        LowerAscii = 11 "lowerAscii",
        UpperAscii = 12 "upperAscii",
        Trim = 13 "trim",
        Split = 14 "split",
        Join = 15 "join",
        Replace = 16 "replace",
        Substring = 17 "substring",
        IndexOf = 18 "indexOf",
        LastIndexOf = 19 "lastIndexOf",
        CharAt = 20 "charAt",
        Quantity = 21 "quantity",
        IsQuantity = 22 "isQuantity",
        IsGreaterThan = 23 "isGreaterThan",
        IsLessThan = 24 "isLessThan",
        CompareTo = 25 "compareTo",
        AsInteger = 26 "asInteger",
        AsApproximateFloat = 27 "asApproximateFloat",
        IsInteger = 28 "isInteger",
        Sign = 29 "sign",
        QuantityAdd = 30 "add",
        QuantitySub = 31 "sub",
    }
}

impl Function {
    /// Fewest and most arguments, the receiver counted as the first.
    pub(crate) const fn arity(self) -> (usize, usize) {
        match self {
            Self::Split | Self::Substring | Self::IndexOf | Self::LastIndexOf => (2, 3),
            Self::Join => (1, 2),
            Self::Replace => (3, 4),
            Self::Contains
            | Self::StartsWith
            | Self::EndsWith
            | Self::Matches
            | Self::CharAt
            | Self::IsGreaterThan
            | Self::IsLessThan
            | Self::CompareTo
            | Self::QuantityAdd
            | Self::QuantitySub => (2, 2),
            Self::Size
            | Self::Type
            | Self::Dyn
            | Self::Int
            | Self::Double
            | Self::String
            | Self::Bool
            | Self::LowerAscii
            | Self::UpperAscii
            | Self::Trim
            | Self::Quantity
            | Self::IsQuantity
            | Self::AsInteger
            | Self::AsApproximateFloat
            | Self::IsInteger
            | Self::Sign => (1, 1),
        }
    }
}

/// Calls a function; no argument is unknown or an error.
#[inline(never)]
pub(crate) fn call<'a>(function: Function, arguments: &[Value<'a>]) -> Value<'a> {
    let Some((first, rest)) = arguments.split_first() else { return no_overload(function.text(), &[]) };
    match function {
        Function::Size => access::size(first),
        Function::Type => convert::type_of(first),
        Function::Dyn => first.clone(),
        Function::Int => convert::to_int(first),
        Function::Double => convert::to_double(first),
        Function::String => convert::to_string(first),
        Function::Bool => convert::to_bool(first),
        Function::Quantity | Function::IsQuantity => match first {
            Value::Text(text) => read_quantity(function, text),
            // YAML writes `cpu: 2`, which is a quantity all the same.
            Value::Int(number) => read_quantity(function, &Text::Made(number.to_string().into())),
            Value::Double(number) => read_quantity(function, &Text::Made(number.to_string().into())),
            other => no_overload(function.text(), &[other]),
        },
        Function::IsGreaterThan
        | Function::IsLessThan
        | Function::CompareTo
        | Function::AsInteger
        | Function::AsApproximateFloat
        | Function::IsInteger
        | Function::Sign
        | Function::QuantityAdd
        | Function::QuantitySub => quantities(function, first, rest),
        _ => text::call(function, first, rest),
    }
}

fn read_quantity<'a>(function: Function, text: &Text<'a>) -> Value<'a> {
    match (function, quantity::parse(text.as_str())) {
        (Function::IsQuantity, found) => Value::Bool(found.is_some()),
        (_, Some(quantity)) => Value::Quantity(quantity),
        (_, None) => Value::error(format!("`{}` is not a quantity", text.as_str())),
    }
}

fn quantities<'a>(function: Function, first: &Value<'a>, rest: &[Value<'a>]) -> Value<'a> {
    match (first, rest) {
        (Value::Quantity(left), []) => match function {
            Function::AsInteger => quantity::whole(*left).map_or_else(|| Value::error("the quantity is no int"), Value::Int),
            Function::IsInteger => Value::Bool(quantity::whole(*left).is_some()),
            Function::Sign => Value::Int(left.signum() as i64),
            _ => Value::Double(quantity::approximate(*left)),
        },
        (Value::Quantity(left), [Value::Quantity(right)]) => match function {
            Function::IsGreaterThan => Value::Bool(left > right),
            Function::IsLessThan => Value::Bool(left < right),
            Function::CompareTo => Value::Int(left.cmp(right) as i64),
            Function::QuantityAdd => left.checked_add(*right).map_or_else(|| Value::error("quantity overflow"), Value::Quantity),
            _ => left.checked_sub(*right).map_or_else(|| Value::error("quantity overflow"), Value::Quantity),
        },
        (_, [right]) => no_overload(function.text(), &[first, right]),
        _ => no_overload(function.text(), &[first]),
    }
}
