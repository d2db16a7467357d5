//! Logs as JSON on standard error, and traces for OpenTelemetry where an operator wants them.

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tokio::runtime::Handle;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// Time that a batch of traces may take on its way.
const EXPORT: Duration = Duration::from_secs(10);

/// Batches are sent from a thread of the SDK's own, and sockets belong to the server's runtime.
#[derive(Debug)]
struct OnRuntime {
    inner: HyperClient,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let inner = self.inner.clone();
        self.runtime.spawn(async move { inner.send_bytes(request).await }).await?
    }
}

/// Traces under way; ends with the program.
#[derive(Debug, Default)]
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts logging at `level` (`info` by itself, or a filter such as `plimsoll_webhook=debug`), and tracing to a collector's HTTP address.
///
/// # Errors
/// When the filter or the address cannot be read, as a lowercase fragment.
pub fn logs(level: &str, otlp_endpoint: Option<&str>, runtime: &Handle) -> Result<Telemetry, String> {
    let plain = ["error", "warn", "info", "debug", "trace"].contains(&level);
    // Libraries speak up at their own warnings; their chatter at debug level is nobody's.
    let filter = if plain { format!("warn,plimsoll_webhook={level},plimsoll_cluster={level}") } else { level.to_owned() };
    let filter = EnvFilter::try_new(&filter).map_err(|error| format!("`{level}` is no log level: {error}"))?;
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    let lines = lines.with_writer(std::io::stderr).with_filter(filter);
    let provider = otlp_endpoint.map(|endpoint| exporter(endpoint, runtime)).transpose()?;
    let traces = provider.as_ref().map(|provider| {
        let filter = EnvFilter::new("warn,plimsoll_webhook=info");
        tracing_opentelemetry::layer().with_tracer(provider.tracer("plimsoll")).with_filter(filter)
    });
    tracing_subscriber::registry().with(lines).with(traces).try_init().map_err(|error| error.to_string())?;
    Ok(Telemetry(provider))
}

fn exporter(endpoint: &str, runtime: &Handle) -> Result<SdkTracerProvider, String> {
    // The standard's environment variables name the collector; its path is ours to add.
    let address =
        if endpoint.ends_with("/v1/traces") { endpoint.to_owned() } else { format!("{}/v1/traces", endpoint.trim_end_matches('/')) };
    let client = OnRuntime { inner: HyperClient::with_default_connector(EXPORT, None), runtime: runtime.clone() };
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().with_http_client(client).with_endpoint(address).build();
    let exporter = exporter.map_err(|error| format!("traces cannot be sent to {endpoint}: {error}"))?;
    let resource = Resource::builder().with_service_name("plimsoll").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            let _ = provider.shutdown();
        }
    }
}
