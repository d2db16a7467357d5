use crate::options::ServiceKeysOrder;
use crate::order;
use plimsoll_sdk::compose::{Report, Service};

pub fn check(service: Service, options: &ServiceKeysOrder, report: &mut Report) {
    order::keys(service.node(), |key| order::place(key, &options.keys), report);
}
