use plimsoll_sdk::compose::{Fix, Node, Report, Service};

pub fn check(service: Service, report: &mut Report) {
    let short = service.ports().iter().filter(|port| port.facts().short().is(true).is_true()).map(plimsoll_sdk::compose::Port::node);
    let exposed = service.expose().items().map(|item| item.node());
    let mut seen = None;
    for node in short.chain(exposed) {
        let text = node.source_text();
        if seen.replace(node.span()) == Some(node.span()) || !is_plain(node) {
            continue;
        }
        report.at(node).message(format!("port `{text}` stands without quotes")).fix(Fix::unsafe_("put it into quotes").replace_source(node, format!("\"{text}\"")));
    }
}

fn is_plain(node: Node) -> bool {
    let text = node.source_text();
    text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(['"', '\'', '\n', ' '])
}
