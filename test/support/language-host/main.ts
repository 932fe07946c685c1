/**
 * Stands in for Pulumi's language host of Node, which comes with Pulumi's own installation alone: runs a project's
 * program in a process of its own, by the SDK's own `cmd/run`, as the official one does (Pulumi 3.256). It answers what
 * the CLI needs to preview, make, refresh, destroy and import; it generates no code.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import grpcService from '@pulumi/pulumi/proto/language_grpc_pb.js';
import language, { type RunRequest } from '@pulumi/pulumi/proto/language_pb.js';
import plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { endWithEngine } from '../../../stacks/provider/end-with-engine.ts';
import { runArguments, runEnvironment } from './run-request.ts';

type Answer = (error: Error | null, response: unknown) => void;

interface Call {
  readonly request: RunRequest;
  on(event: 'cancelled', listener: () => void): void;
}

/** As the SDK itself finds its modules. */
const require = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi'));
const grpc = require('@grpc/grpc-js');
const { Empty } = require('google-protobuf/google/protobuf/empty_pb.js');

/** With which the SDK ends when it has told the user already what is wrong. */
const SAID_BY_PROGRAM = 32;

const { positionals } = parseArgs({ allowPositionals: true, strict: false });
const programs = new Set<ChildProcess>();
endWithEngine(positionals);

const server = new grpc.Server();
server.addService((grpcService as unknown as { LanguageRuntimeService: object }).LanguageRuntimeService, {
  getPluginInfo(_: unknown, answer: Answer) {
    answer(null, new plugin.PluginInfo());
  },
  /** Providers are asked for by the resources themselves. */
  getRequiredPackages(_: unknown, answer: Answer) {
    answer(null, new language.GetRequiredPackagesResponse());
  },
  run(call: Call, answer: Answer) {
    runProgram(call).then(
      (response) => answer(null, response),
      (error) => answer(error, null),
    );
  },
  cancel(_: unknown, answer: Answer) {
    for (const program of programs) program.kill('SIGINT');
    answer(null, new Empty());
  },
});

async function runProgram(call: Call): Promise<object> {
  const [engine = ''] = positionals;
  const program = spawn('node', [require.resolve('./cmd/run'), ...runArguments(call.request, engine)], {
    env: { ...process.env, ...runEnvironment(call.request) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  programs.add(program);
  call.on('cancelled', () => program.kill('SIGINT'));
  const [code] = await once(program, 'exit');
  programs.delete(program);
  const response = new language.RunResponse();
  if (code === SAID_BY_PROGRAM) response.setBail(true);
  else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}

/** The CLI reads the port from the first line. */
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error: Error | null, port: number) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
