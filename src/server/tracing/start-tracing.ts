import { KindredError } from '../../errors.js'
import { version } from '../../version.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Sends traces to an OpenTelemetry collector where the standard variables name one (OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT). Headers, sampling, batches, limits and the service's name come from its other
 * variables, which the SDK reads itself. Nothing of the SDK is loaded where there is no collector.
 *
 * @returns what sends the spans that are left, and ends it; null where there is no tracing
 * @throws KindredError INVALID_SETTING for a protocol other than http/protobuf
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export async function startTracing(env: Environment): Promise<(() => Promise<void>) | null> {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? ''
  if (endpoint === '' || env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none')
    return null
  const protocol =
    env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? 'http/protobuf'
  if (protocol !== 'http/protobuf') {
    throw new KindredError('INVALID_SETTING', `Traces are sent as http/protobuf, not as ${protocol}`, {
      hint: 'Unset OTEL_EXPORTER_OTLP_PROTOCOL, and name the port of the collector that takes HTTP (4318).',
    })
  }
  const [{ OTLPTraceExporter }, sdk, resources] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/resources'),
  ])
  const ours = resources.resourceFromAttributes({ 'service.name': 'kindred', 'service.version': version })
  const provider = new sdk.NodeTracerProvider({
    resource: resources
      .defaultResource()
      .merge(ours)
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  return () => provider.shutdown()
}
