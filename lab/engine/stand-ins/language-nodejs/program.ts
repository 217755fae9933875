import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type RunRequest, RunResponse } from '@pulumi/pulumi/proto/language_pb.js';

/** The SDK's runner ends with this after it has shown the error itself. */
const ERROR_WAS_SHOWN = 32;

interface Options {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
  readonly tsconfig?: string;
}

/** One run of a user's program, in a process of its own. */
export class Program {
  readonly child: ChildProcess;

  constructor(request: RunRequest, engine: string | undefined) {
    const options = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as Options;
    const nodeArguments = (options.nodeargs ?? '').split(/\s+/).filter((argument) => argument !== '');
    this.child = spawn(process.execPath, [...nodeArguments, findRunner(request), ...runnerArguments(request, engine)], {
      cwd: request.getPwd(),
      env: { ...process.env, ...environment(request, options) },
      // The engine shows what its plugins print: the program writes straight into that.
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }

  finished(): Promise<RunResponse> {
    return new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('exit', (code, signal) => {
        const response = new RunResponse();
        if (code === ERROR_WAS_SHOWN) response.setBail(true);
        else if (signal) response.setError(`the program was ended by ${signal}`);
        else if (code !== 0) response.setError(`the program ended with exit code ${code}`);
        resolve(response);
      });
    });
  }

  end(): void {
    this.child.kill('SIGTERM');
  }
}

/** The SDK is the program's, never ours: their versions may differ. */
function findRunner(request: RunRequest): string {
  const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
  try {
    return createRequire(join(folder, 'package.json')).resolve('@pulumi/pulumi/cmd/run');
  } catch {
    throw new Error(`the program in ${folder} has no @pulumi/pulumi installed: run "npm ci" there first`);
  }
}

function runnerArguments(request: RunRequest, engine: string | undefined): string[] {
  const named: Record<string, string | undefined> = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    'root-directory': request.getInfo()?.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    request.getInfo()?.getEntryPoint() || '.',
    ...request.getArgsList(),
  ];
}

/** Configuration holds secrets, so it goes by the environment and not by the command line. */
function environment(request: RunRequest, options: Options): Record<string, string> {
  const configuration: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    configuration[key] = value;
  });
  return {
    PULUMI_CONFIG: JSON.stringify(configuration),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: 'true' }),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}
