//! Which functions may be called on what, and what they give.

use super::types::Ty;
use crate::function::Function;
use std::sync::Arc as Rc;

/// How a function is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `size(x)`.
    Global,
    /// `x.contains(y)`.
    Method,
    /// Both.
    Either,
}

use Style::{Either, Global, Method};

const TABLE: &[(Function, Style)] = &[
    (Function::Size, Either),
    (Function::Type, Global),
    (Function::Dyn, Global),
    (Function::Int, Global),
    (Function::Double, Global),
    (Function::String, Global),
    (Function::Bool, Global),
    (Function::Contains, Method),
    (Function::StartsWith, Method),
    (Function::EndsWith, Method),
    (Function::Matches, Either),
    (Function::LowerAscii, Method),
    (Function::UpperAscii, Method),
    (Function::Trim, Method),
    (Function::Split, Method),
    (Function::Join, Method),
    (Function::Replace, Method),
    (Function::Substring, Method),
    (Function::IndexOf, Method),
    (Function::LastIndexOf, Method),
    (Function::CharAt, Method),
    (Function::Quantity, Global),
    (Function::IsQuantity, Global),
    (Function::IsGreaterThan, Method),
    (Function::IsLessThan, Method),
    (Function::CompareTo, Method),
    (Function::AsInteger, Method),
    (Function::AsApproximateFloat, Method),
    (Function::IsInteger, Method),
    (Function::Sign, Method),
    (Function::QuantityAdd, Method),
    (Function::QuantitySub, Method),
];

/// The function `name`, or why there is none.
pub(super) fn find(name: &str, method: bool) -> Result<Function, String> {
    match TABLE.iter().find(|(function, _)| function.text() == name) {
        Some((function, style)) if *style == Either || (*style == Method) == method => Ok(*function),
        Some((_, Method)) => Err(format!("`{name}` is called on a value: `x.{name}(…)`")),
        Some(_) => Err(format!("`{name}` is no method: write `{name}(x)`")),
        None => match name {
            "uint" | "bytes" | "duration" | "timestamp" => Err(format!("documents hold no `{name}`, so conditions have none")),
            _ => {
                let known =
                    TABLE.iter().map(|(function, _)| function.text()).chain(["has", "all", "exists", "exists_one", "map", "filter"]);
                Err(format!("there is no function `{name}`{}", super::types::hint(name, known)))
            }
        },
    }
}

/// What the function gives, or what is wrong with its arguments (which one, and why).
pub(super) fn check(function: Function, arguments: &[Ty]) -> Result<Ty, (usize, String)> {
    let name = function.text();
    let (least, most) = function.arity();
    if arguments.len() < least || arguments.len() > most {
        let count = if least == most { least.to_string() } else { format!("{least} or {most}") };
        return Err((0, format!("`{name}` takes {count} arguments, the value it is called on included, and got {}", arguments.len())));
    }
    let want = |at: usize, good: &dyn Fn(&Ty) -> bool, what: &str| match arguments.get(at) {
        Some(ty) if !ty.is_free() && !matches!(ty, Ty::Null) && !good(ty) => {
            let remedy = match (function, ty) {
                (Function::Contains, Ty::List(_)) => " (write `x in list`)",
                _ => "",
            };
            Err((at, format!("`{name}` takes {what} here, not {}{remedy}", ty.name())))
        }
        _ => Ok(()),
    };
    let text = |ty: &Ty| matches!(ty, Ty::Text);
    let int = |ty: &Ty| matches!(ty, Ty::Int | Ty::Number);
    let quantity = |ty: &Ty| matches!(ty, Ty::Quantity);
    let scalar = |ty: &Ty| matches!(ty, Ty::Text | Ty::Bool | Ty::Number | Ty::Int | Ty::Double | Ty::Type);
    Ok(match function {
        Function::Size => {
            want(0, &|ty| matches!(ty, Ty::Text | Ty::List(_) | Ty::Map(_) | Ty::Named(_) | Ty::Options(_)), "text, a list or a map")?;
            Ty::Int
        }
        Function::Type => Ty::Type,
        Function::Dyn => match &arguments[0] {
            Ty::Any => Ty::Any,
            _ => Ty::Dyn,
        },
        Function::Int | Function::Double | Function::String | Function::Bool => {
            want(0, &scalar, "a scalar")?;
            match function {
                Function::Int => Ty::Int,
                Function::Double => Ty::Double,
                Function::String => Ty::Text,
                _ => Ty::Bool,
            }
        }
        Function::Quantity | Function::IsQuantity => {
            want(0, &|ty| matches!(ty, Ty::Text) || ty.is_number(), "text or a number")?;
            if function == Function::Quantity { Ty::Quantity } else { Ty::Bool }
        }
        Function::Join => {
            want(0, &|ty| matches!(ty, Ty::List(_)), "a list")?;
            want(1, &text, "text")?;
            Ty::Text
        }
        Function::Contains | Function::StartsWith | Function::EndsWith | Function::Matches => {
            want(0, &text, "text")?;
            want(1, &text, "text")?;
            Ty::Bool
        }
        Function::LowerAscii | Function::UpperAscii | Function::Trim => {
            want(0, &text, "text")?;
            Ty::Text
        }
        Function::Split => {
            want(0, &text, "text")?;
            want(1, &text, "text")?;
            want(2, &int, "an int")?;
            Ty::List(Rc::new(Ty::Text))
        }
        Function::Replace => {
            want(0, &text, "text")?;
            want(1, &text, "text")?;
            want(2, &text, "text")?;
            want(3, &int, "an int")?;
            Ty::Text
        }
        Function::Substring | Function::CharAt => {
            want(0, &text, "text")?;
            want(1, &int, "an int")?;
            want(2, &int, "an int")?;
            Ty::Text
        }
        Function::IndexOf | Function::LastIndexOf => {
            want(0, &text, "text")?;
            want(1, &text, "text")?;
            want(2, &int, "an int")?;
            Ty::Int
        }
        Function::IsGreaterThan | Function::IsLessThan | Function::CompareTo | Function::QuantityAdd | Function::QuantitySub => {
            want(0, &quantity, "a quantity")?;
            want(1, &quantity, "a quantity")?;
            match function {
                Function::CompareTo => Ty::Int,
                Function::QuantityAdd | Function::QuantitySub => Ty::Quantity,
                _ => Ty::Bool,
            }
        }
        Function::AsInteger | Function::AsApproximateFloat | Function::IsInteger | Function::Sign => {
            want(0, &quantity, "a quantity")?;
            match function {
                Function::IsInteger => Ty::Bool,
                Function::AsApproximateFloat => Ty::Double,
                _ => Ty::Int,
            }
        }
    })
}
