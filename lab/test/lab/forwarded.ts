import { type ChildProcess, spawn } from 'node:child_process';
import type { LabFixture } from './fixture';

/** Does something with a port of an app while it is forwarded, as with `kubectl port-forward`. */
export async function forwarded<Result>(
  { engine, lab }: LabFixture,
  app: { readonly namespace: string; readonly name: string; readonly port: number },
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const args = ['--namespace', app.namespace, 'port-forward', `deployment/${app.name}`, `:${app.port}`];
  const child = spawn(engine.program('kubectl'), args, { env: { ...process.env, KUBECONFIG: lab.kubeconfig } });
  try {
    return await work(`http://127.0.0.1:${await portOf(child)}`);
  } finally {
    child.kill();
  }
}

function portOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      const port = /127\.0\.0\.1:(\d+) ->/.exec(String(data))?.[1];
      if (port) resolve(port);
    });
    child.once('exit', (code) => reject(new Error(`kubectl port-forward ended with ${code}`)));
  });
}
