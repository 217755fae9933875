/**
 * A stand-in for Pulumi's Node.js language host, for machines that can't have
 * the official one. Engine, SDK and program are the real ones: this only
 * starts the SDK's own runner and tells the engine how it ended.
 */
import { once } from 'node:events';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb.js';
import * as language from '@pulumi/pulumi/proto/language_pb.js';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import { PULUMI_VERSION } from '../../pieces';
import { engineAddress, serve, unary, unimplemented } from '../plugin-server';
import { installedPackages, providerPackages } from './packages';
import { Program } from './program';

const NAME = 'stand-in of lunward, not the official Node.js language host';

let engine = engineAddress();
const programs = new Set<Program>();

/** Streaming calls have no callback, so the error is an event there. */
function refused(what: string) {
  const error = unimplemented(`${NAME}: it can't ${what}`);
  return (call: { emit(event: 'error', error: Error): void }, callback?: (error: Error) => void) =>
    callback ? callback(error) : call.emit('error', error);
}

async function run(request: language.RunRequest): Promise<language.RunResponse> {
  if (request.getAttachDebugger()) throw new Error(`${NAME}: it can't attach a debugger`);
  const program = new Program(request, engine);
  programs.add(program);
  try {
    return await program.finished();
  } finally {
    programs.delete(program);
  }
}

function about(): language.AboutResponse {
  const response = new language.AboutResponse();
  response.setExecutable(process.execPath);
  response.setVersion(process.version);
  response.getMetadataMap().set('language host', NAME);
  return response;
}

const service: UntypedServiceImplementation = {
  handshake: unary((request: language.LanguageHandshakeRequest) => {
    // An engine that attaches to a running host has no other way to tell its address.
    engine = request.getEngineAddress() || engine;
    return new language.LanguageHandshakeResponse();
  }),
  getRequiredPackages: unary((request: language.GetRequiredPackagesRequest) => {
    const response = new language.GetRequiredPackagesResponse();
    response.setPackagesList(providerPackages(request.getInfo()?.getProgramDirectory() ?? '.'));
    return response;
  }),
  getProgramDependencies: unary((request: language.GetProgramDependenciesRequest) => {
    const response = new language.GetProgramDependenciesResponse();
    const folder = request.getInfo()?.getProgramDirectory() ?? '.';
    response.setDependenciesList(installedPackages(folder, request.getTransitivedependencies()));
    return response;
  }),
  run: unary(run),
  getPluginInfo: unary(() => {
    const response = new plugin.PluginInfo();
    response.setVersion(`${PULUMI_VERSION}-stand-in`);
    return response;
  }),
  about: unary(about),
  runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
  cancel: unary(() => {
    for (const program of programs) program.end();
    return new Empty();
  }),
  getRequiredPlugins: refused('list plugins the way engines before 3.132 ask'),
  installDependencies: refused('install packages: run "npm ci" in the project'),
  template: refused('fill in a template'),
  runPlugin: refused('run a component provider'),
  generateProgram: refused('generate a program'),
  generateProject: refused('generate a project'),
  generatePackage: refused('generate a package'),
  pack: refused('pack a package'),
  link: refused('link a package'),
};

serve(
  (server) => server.addService(LanguageRuntimeService as never, service),
  () => {
    for (const program of programs) program.end();
  },
);
process.once('SIGTERM', async () => {
  const running = [...programs];
  for (const program of running) program.end();
  await Promise.all(running.map((program) => once(program.child, 'exit')));
  process.exit(143);
});
