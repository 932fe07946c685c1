/**
 * Ends this process when the engine that has started it is gone, as when its CLI was killed: a plugin of Pulumi's SDK
 * would wait for its next call for ever (@pulumi/pulumi 3.256). gRPC is HTTP/2, so a connection that carries no call
 * tells when the other side ends.
 */
import { connect } from 'node:http2';

/** @param args  of the plugin: the engine's address, as `127.0.0.1:40123`, among options */
export function endWithEngine(args: readonly string[]): void {
  const address = args.find((arg) => !arg.startsWith('-'));
  if (address === undefined) return;
  const engine = connect(`http://${address}`);
  engine.on('error', () => {});
  engine.on('close', () => process.exit(1));
  engine.unref();
}
