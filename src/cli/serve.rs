//! `plimsoll serve`.

use super::args::Serve;
use super::{check, terminal};
use anyhow::Context;
use plimsoll_cluster::Namespaces;
use plimsoll_config::Layer;
use plimsoll_engine::Engine;
use plimsoll_source::ConfigLookup;
use plimsoll_verdict::Ending;
use plimsoll_webhook::{NamespaceLabels, PolicySource, Settings};
use std::path::Path;

pub(crate) fn run(args: &Serve) -> anyhow::Result<Ending> {
    let cwd = std::env::current_dir().context("failed to find the working directory")?;
    let mut layer = Layer { serve: args.layer(&cwd), ..check::layer(&args.rules) };
    for plugin in &mut layer.plugins {
        plugin.path = cwd.join(&plugin.path);
    }
    let lookup = check::lookup(&args.rules, &cwd);
    // What a file that was named by its path says of others is beside it, wherever the process was started: in a pod, both are mounted.
    let folder = match &lookup {
        ConfigLookup::Fixed(file) => file.parent().map_or_else(|| cwd.clone(), Path::to_owned),
        _ => cwd,
    };
    let source = PolicySource { lookup, cwd: folder, layer };
    let config = source.config();
    for problem in &config.problems {
        terminal::tell(&problem.to_string());
    }
    if config.has_errors() {
        return Ok(Ending::Failed);
    }
    let serve = config.serve();
    let settings = Settings::new(&serve, &source.folder()).map_err(anyhow::Error::msg)?;
    let mut threads = tokio::runtime::Builder::new_multi_thread();
    // Reading and answering takes a tenth of what judging does. More threads for it than it needs only take turns with those that judge.
    threads.worker_threads(settings.threads.div_ceil(2)).enable_all();
    let runtime = threads.build().context("failed to start the threads")?;
    let level = serve.log.as_deref().unwrap_or("info");
    let _telemetry = plimsoll_webhook::logs(level, serve.otlp_endpoint.as_deref(), runtime.handle()).map_err(anyhow::Error::msg)?;
    // A thread judges one object with one plugin at a time; a few more instances let one be made while another is let go.
    let instances = u32::try_from(settings.threads * 2 + 4).unwrap_or(u32::MAX);
    let engine = Engine::serving(check::cache_dir(), instances)?;
    let dry_run_report = settings.dry_run_report;
    let report = runtime.block_on(async {
        let namespaces = if args.no_cluster { NamespaceLabels::None } else { namespaces().await };
        plimsoll_webhook::serve(settings, source, engine, namespaces).await
    })?;
    if dry_run_report {
        terminal::print(&format!("{}\n", serde_json::to_string_pretty(&report)?))?;
    }
    Ok(Ending::Clean)
}

/// A watch of the cluster at hand; without one, labels of namespaces cannot be told, and settings that need them are met with the failure
/// policy.
async fn namespaces() -> NamespaceLabels {
    match plimsoll_cluster::connect(None).await {
        Ok(client) => NamespaceLabels::Cluster(Namespaces::watch(client)),
        Err(_) => NamespaceLabels::None,
    }
}
