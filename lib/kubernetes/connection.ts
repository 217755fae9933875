import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type {
  AdmissionregistrationV1Api,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  RequestContext,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** Seconds to wait for credentials and a response from the API server, together. */
export const DEADLINE_SECONDS = 30;

/** The API clients of a cluster: for objects of any kind, and for requests that are not about objects. */
export interface Connection {
  readonly objects: KubernetesObjectApi;
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
}

/**
 * Connects to the API server of a kubeconfig context.
 *
 * @param context context of the kubeconfig. Default: the current one
 */
export async function connect(
  context: string | undefined,
  deadlineSeconds: number = DEADLINE_SECONDS,
): Promise<Connection> {
  // Loaded only when needed: the module takes longer to load than a whole preview of an unchanged stack.
  const { AdmissionregistrationV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi } = await import(
    '@kubernetes/client-node'
  );
  /** A server that is off sends nothing, and without a deadline the operating system waits for minutes. */
  class WithDeadline extends KubeConfig {
    override async applySecurityAuthentication(request: RequestContext): Promise<void> {
      const deadline = AbortSignal.timeout(deadlineSeconds * 1000);
      request.setSignal(deadline);
      await before(deadline, super.applySecurityAuthentication(request));
    }
  }
  const config = new WithDeadline();
  endPluginsAfter(deadlineSeconds, config);
  config.loadFromDefault();
  if (context !== undefined) {
    config.setCurrentContext(context);
  }
  return {
    objects: KubernetesObjectApi.makeApiClient(config),
    core: config.makeApiClient(CoreV1Api),
    admission: config.makeApiClient(AdmissionregistrationV1Api),
  };
}

/** A credential plugin of the kubeconfig may wait for ever, for example for a login in a browser. */
async function before(deadline: AbortSignal, credentials: Promise<void>): Promise<void> {
  const message = 'its credential plugin gave no answer in time: run "kubectl get nodes" to see what it waits for';
  const late = once(deadline, 'abort').then(() => {
    throw new Error(message);
  });
  await Promise.race([credentials, late]);
}

/** A plugin that goes on would keep this process from ending. */
function endPluginsAfter(seconds: number, config: KubeConfig): void {
  const { authenticators } = config as unknown as { readonly authenticators: readonly { execFn?: typeof spawn }[] };
  for (const authenticator of authenticators.filter(({ execFn }) => execFn)) {
    const run = (command: string, args: readonly string[], options: SpawnOptions) =>
      spawn(command, args, { ...options, timeout: seconds * 1000 });
    authenticator.execFn = run as typeof spawn;
  }
}
