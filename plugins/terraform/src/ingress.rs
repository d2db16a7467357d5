//! What security groups let in, alike for every way to write it: blocks and lists of `aws_security_group` and `aws_default_security_group`,
//! `aws_security_group_rule`, `aws_vpc_security_group_ingress_rule`, and calls of the registry's security group module.

use plimsoll_sdk::terraform::{Dyn, Field, Module, ModuleCall, Node, Resource, View};

/// One way in that is open to everyone. Only what is certain is here: an unknown address or port is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open<'a> {
    /// The resource or module call.
    pub(crate) owner: Node<'a>,
    /// The address that is everyone's.
    pub(crate) world: Node<'a>,
    /// That address.
    pub(crate) address: &'a str,
    /// The ports, if they are known.
    pub(crate) ports: Option<Ports>,
}

/// The ports of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ports {
    /// First port.
    pub(crate) from: u32,
    /// Last port.
    pub(crate) to: u32,
    /// Whether TCP passes.
    pub(crate) tcp: bool,
    /// Whether every protocol passes, with all their ports.
    pub(crate) everything: bool,
}

impl Ports {
    /// Whether a TCP port is among them.
    pub(crate) fn holds(self, port: u32) -> bool {
        self.everything || self.tcp && (self.from..=self.to).contains(&port)
    }

    /// Whether all ports are among them.
    pub(crate) const fn is_all(self) -> bool {
        self.everything || self.from <= 1 && self.to >= 65535
    }
}

/// What a message calls a resource or module call: its address.
pub(crate) fn label(owner: Node<'_>) -> String {
    let address = if owner.get_text("type").known().is_some() {
        Resource::from_node(owner).facts().address()
    } else {
        ModuleCall::from_node(owner).facts().address()
    };
    address.known().map_or_else(|| "a security group".to_owned(), |address| format!("`{address}`"))
}

/// The arguments that hold addresses.
const ADDRESSES: [&str; 2] = ["cidr_blocks", "ipv6_cidr_blocks"];
/// The same of a rule that is a resource of its own.
const RULE_ADDRESSES: [&str; 2] = ["cidr_ipv4", "cidr_ipv6"];

/// Everything that a module lets in from everywhere.
pub(crate) fn open(module: Module<'_>) -> Vec<Open<'_>> {
    let mut out = vec![];
    for resource in module.resources() {
        of_resource(resource, &mut out);
    }
    for call in module.modules() {
        of_call(call, &mut out);
    }
    out
}

fn of_resource<'a>(resource: Resource<'a>, out: &mut Vec<Open<'a>>) {
    let owner = resource.node();
    match resource.type_().known() {
        Some("aws_security_group" | "aws_default_security_group") => {
            for block in resource.blocks("ingress") {
                rule(owner, block, &ADDRESSES, ["from_port", "to_port", "protocol"], out);
            }
        }
        Some("aws_security_group_rule") if resource.attr("type").str().is("ingress").is_true() => {
            if let Some(body) = resource.body().known() {
                rule(owner, body, &ADDRESSES, ["from_port", "to_port", "protocol"], out);
            }
        }
        Some("aws_vpc_security_group_ingress_rule") => {
            if let Some(body) = resource.body().known() {
                rule(owner, body, &RULE_ADDRESSES, ["from_port", "to_port", "ip_protocol"], out);
            }
        }
        _ => {}
    }
}

/// The security group module of the registry takes addresses for all its rules, or rules of its own.
fn of_call<'a>(call: ModuleCall<'a>, out: &mut Vec<Open<'a>>) {
    let ours = call.source().holds(|source| source.contains("terraform-aws-modules/security-group/aws")).is_true();
    let Some(body) = call.body().known().filter(|_| ours) else { return };
    for name in ["ingress_cidr_blocks", "ingress_ipv6_cidr_blocks"] {
        worlds(call.node(), body.get(name), None, out);
    }
    for name in ["ingress", "ingress_with_cidr_blocks", "ingress_with_ipv6_cidr_blocks"] {
        for block in body.blocks(name) {
            rule(call.node(), block, &ADDRESSES, ["from_port", "to_port", "protocol"], out);
        }
    }
}

fn rule<'a>(owner: Node<'a>, block: Dyn<'a>, addresses: &[&str], [from, to, protocol]: [&str; 3], out: &mut Vec<Open<'a>>) {
    let ports = ports(block.get(from), block.get(to), block.get(protocol));
    for name in addresses {
        worlds(owner, block.get(name), ports, out);
    }
}

fn worlds<'a>(owner: Node<'a>, addresses: Field<'a, Dyn<'a>>, ports: Option<Ports>, out: &mut Vec<Open<'a>>) {
    let one = addresses.str();
    let texts = one.known().map(|text| (text, one.node())).into_iter();
    let texts = texts.chain(addresses.strings().items().filter_map(|item| Some((item.value().known()?, Some(item.node())))));
    for (text, node) in texts {
        // The registry's module takes several addresses in one text.
        let found = text.split(',').map(str::trim).find(|address| is_world(address));
        if let (Some(address), Some(world)) = (found, node) {
            out.push(Open { owner, world, address, ports });
        }
    }
}

fn ports<'a>(from: Field<'a, Dyn<'a>>, to: Field<'a, Dyn<'a>>, protocol: Field<'a, Dyn<'a>>) -> Option<Ports> {
    let number = |field: Field<'a, Dyn<'a>>| field.number().known().filter(|port| (-1.0..=65535.0).contains(port));
    let protocol = match (protocol.number().known(), protocol.str().known()) {
        (Some(number), _) => format!("{number}"),
        (None, Some(name)) => name.to_ascii_lowercase(),
        (None, None) => return None,
    };
    let everything = matches!(protocol.as_str(), "-1" | "all");
    let tcp = matches!(protocol.as_str(), "tcp" | "6");
    if everything {
        return Some(Ports { from: 0, to: 65535, tcp: true, everything: true });
    }
    if !tcp && !matches!(protocol.as_str(), "udp" | "17") {
        return None;
    }
    let (from, to) = (number(from)?, number(to)?);
    (from >= 0.0 && to >= from).then_some(Ports { from: from as u32, to: to as u32, tcp, everything: false })
}

/// Whether an address is everyone's: the whole of IPv4 or IPv6, or a part of it so large that it might as well be.
fn is_world(address: &str) -> bool {
    let Some((base, length)) = address.split_once('/') else { return false };
    let Ok(length) = length.parse::<u32>() else { return false };
    if let Ok(base) = base.parse::<std::net::Ipv6Addr>() {
        let bits = u128::from(base);
        return length == 0 && bits == 0 || length <= 4 && bits >> 120 == 0x20;
    }
    let Ok(base) = base.parse::<std::net::Ipv4Addr>() else { return false };
    let bits = u32::from(base);
    let canonical = length == 0 && bits == 0 || (1..=8).contains(&length) && bits.trailing_zeros() >= 32 - length;
    // Private, loopback and multicast addresses are nobody's on the internet.
    canonical && (length == 0 || !matches!(bits >> 24, 0 | 10 | 127 | 224..))
}

#[cfg(test)]
mod tests {
    use super::{Ports, is_world};

    #[test]
    fn everyones_addresses_are_told_from_large_private_ones() {
        for address in ["0.0.0.0/0", "::/0", "0:0:0:0:0:0:0:0/0", "128.0.0.0/1", "8.0.0.0/8", "2000::/3"] {
            assert!(is_world(address), "{address}");
        }
        for address in ["10.0.0.0/8", "1.2.3.4/5", "1.0.0.0/0", "/0", "192.168.0.0/16", "fc00::/8", "0.0.0.0", "127.0.0.0/8", "x/0"] {
            assert!(!is_world(address), "{address}");
        }
    }

    #[test]
    fn udp_is_no_way_in_for_tcp() {
        let udp = Ports { from: 0, to: 65535, tcp: false, everything: false };
        assert!(!udp.holds(22) && Ports { tcp: true, ..udp }.holds(22));
    }
}
