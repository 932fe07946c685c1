/**
 * The SDK's server reads the state that comes with every request to read a resource, and fails where there is none, as
 * when a resource is imported by its id (@pulumi/pulumi 3.256, provider/server.js, `read`). An empty state says the same.
 */
import { createRequire } from 'node:module';

interface Message {
  readonly ReadRequest: { readonly prototype: { getProperties(): unknown } };
}

interface Struct {
  readonly Struct: new () => object;
}

/** As the SDK itself finds its modules. */
const require = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi'));

export function allowImportWithoutState(): void {
  const { ReadRequest } = require('./proto/provider_pb.js') as Message;
  const { Struct } = require('google-protobuf/google/protobuf/struct_pb.js') as Struct;
  const { getProperties } = ReadRequest.prototype;
  ReadRequest.prototype.getProperties = function (this: unknown) {
    return getProperties.call(this as Message['ReadRequest']['prototype']) ?? new Struct();
  };
}
