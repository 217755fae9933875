/**
 * A stand-in for the command provider 1.2.1, for machines that can't have the
 * official one. It holds to that one's inputs, outputs and order of events, and
 * connects to loopback addresses only.
 */
import { randomBytes } from 'node:crypto';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb.js';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import * as provider from '@pulumi/pulumi/proto/provider_pb.js';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb.js';
import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb.js';
import { COMMAND_PROVIDER_VERSION } from '../../pieces';
import { engineAddress, serve, unary, unimplemented } from '../plugin-server';
import { endLocalCommands, type LocalCommand, runLocally } from './local-command';
import { engineLogger, type Logger } from './logger';
import { changedInputs, check, RESOURCES, type Resource } from './resources';
import { reveal, unknown, type Values } from './values';

const NAME = "lunward's stand-in for the command provider";

const logger = engineLogger(engineAddress());
let announced = false;

/** Says once a run that its results rest on a stand-in. */
function announcing(urn: string): Logger {
  if (!announced) logger('').info(`commands are run by ${NAME} ${COMMAND_PROVIDER_VERSION}, not by the official one`);
  announced = true;
  return logger(urn);
}

function values(struct: Struct | undefined): Values {
  return struct?.toJavaScript() ?? {};
}

function struct(properties: Values): Struct {
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(defined) as Record<string, JavaScriptValue>);
}

/** What an implementation works with: no marks of secrets. */
function plain(properties: Values): Values {
  return reveal(properties) as Values;
}

function typeOf(urn: string): string {
  return urn.split('::')[2]?.split('$').at(-1) ?? '';
}

function resourceOf(urn: string): Resource {
  const resource = RESOURCES[typeOf(urn)];
  if (resource) return resource;
  throw new Error(`${NAME}: ${typeOf(urn)} is not among its resources: ${Object.keys(RESOURCES).join(', ')}`);
}

function unknownOutputs(resource: Resource): Values {
  return Object.fromEntries(resource.outputs.map((name) => [name, unknown]));
}

async function create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
  const resource = resourceOf(request.getUrn());
  const inputs = values(request.getProperties());
  const response = new provider.CreateResponse();
  if (request.getPreview()) {
    response.setProperties(struct({ ...inputs, ...unknownOutputs(resource) }));
    return response;
  }
  const outputs = await resource.create(plain(inputs), announcing(request.getUrn()));
  // Inputs go back as they came, with their marks: that keeps secrets secret in the state.
  response.setProperties(struct({ ...inputs, ...outputs }));
  response.setId(`${request.getUrn().split('::').at(-1)}${randomBytes(4).toString('hex')}`);
  return response;
}

async function update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
  const resource = resourceOf(request.getUrn());
  const [before, inputs] = [values(request.getOlds()), withoutIgnored(request)];
  const response = new provider.UpdateResponse();
  const outputs = request.getPreview()
    ? unknownOutputs(resource)
    : await resource.update(plain(inputs), plain(before), announcing(request.getUrn()));
  response.setProperties(struct({ ...inputs, ...outputs }));
  return response;
}

function diff(request: provider.DiffRequest): provider.DiffResponse {
  const resource = resourceOf(request.getUrn());
  const before = values(request.getOldInputs() ?? request.getOlds());
  const after = withoutIgnored(request);
  const response = new provider.DiffResponse();
  const changed = changedInputs(resource, before, after);
  response.setChanges(
    changed.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDiffsList(changed);
  response.setReplacesList(changed.filter((name) => name === 'triggers'));
  response.setHasdetaileddiff(true);
  for (const name of changed) {
    const detail = new provider.PropertyDiff();
    detail.setInputdiff(true);
    detail.setKind(diffKind(name, before, after));
    response.getDetaileddiffMap().set(name, detail);
  }
  return response;
}

function diffKind(name: string, before: Values, after: Values): provider.PropertyDiff.Kind {
  const { Kind } = provider.PropertyDiff;
  const replaces = name === 'triggers';
  if (before[name] === undefined) return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (after[name] === undefined) return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

/** The new inputs, with the old value of what the program asks to ignore. */
function withoutIgnored(request: provider.DiffRequest | provider.UpdateRequest): Values {
  const inputs = values(request.getNews());
  const before = values(request.getOlds());
  for (const name of request.getIgnorechangesList()) {
    if (name in before) inputs[name] = before[name];
  }
  return inputs;
}

function checked(request: provider.CheckRequest): provider.CheckResponse {
  const { inputs, problems } = check(resourceOf(request.getUrn()), values(request.getNews()));
  const response = new provider.CheckResponse();
  response.setInputs(struct(inputs));
  response.setFailuresList(
    problems.map(({ property, reason }) => {
      const failure = new provider.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

async function invoke(request: provider.InvokeRequest): Promise<provider.InvokeResponse> {
  if (request.getTok() !== 'command:local:run') throw unimplemented(`${NAME} has no function ${request.getTok()}`);
  const args = values(request.getArgs());
  const { command, ...properties } = plain(args) as { command: string } & Values;
  const response = new provider.InvokeResponse();
  response.setReturn(struct({ ...args, ...(await runLocally(command, properties as LocalCommand, logger(''))) }));
  return response;
}

const service: UntypedServiceImplementation = {
  getPluginInfo: unary(() => {
    const response = new plugin.PluginInfo();
    response.setVersion(COMMAND_PROVIDER_VERSION);
    return response;
  }),
  getSchema: unary(() => {
    const response = new provider.GetSchemaResponse();
    response.setSchema(JSON.stringify({ name: 'command', version: COMMAND_PROVIDER_VERSION, description: NAME }));
    return response;
  }),
  checkConfig: unary((request: provider.CheckRequest) => {
    const response = new provider.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  }),
  diffConfig: unary(() => new provider.DiffResponse()),
  configure: unary(() => {
    const response = new provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
    return response;
  }),
  check: unary(checked),
  diff: unary(diff),
  create: unary(create),
  update: unary(update),
  read: unary((request: provider.ReadRequest) => {
    // What a command did can't be looked at, so a refresh returns what is known.
    const response = new provider.ReadResponse();
    response.setId(request.getId());
    response.setProperties(request.getProperties());
    response.setInputs(request.getInputs());
    return response;
  }),
  delete: unary(async (request: provider.DeleteRequest) => {
    const state = plain(values(request.getProperties()));
    await resourceOf(request.getUrn()).delete(state, announcing(request.getUrn()));
    return new Empty();
  }),
  invoke: unary(invoke),
  cancel: unary(() => {
    endLocalCommands();
    return new Empty();
  }),
};

serve((server) => server.addService(ResourceProviderService as never, service), endLocalCommands);
process.once('SIGTERM', () => {
  endLocalCommands();
  process.exit(143);
});
