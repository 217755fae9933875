import type {
  AdmissionregistrationV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  RequestContext,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** Seconds to wait for a response from the API server. */
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
export async function connect(context: string | undefined): Promise<Connection> {
  // Loaded only when needed: the module takes longer to load than a whole preview of an unchanged stack.
  const { AdmissionregistrationV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi } = await import(
    '@kubernetes/client-node'
  );
  /** A server that is off sends nothing, and without a deadline the operating system waits for minutes. */
  class WithDeadline extends KubeConfig {
    override async applySecurityAuthentication(request: RequestContext): Promise<void> {
      await super.applySecurityAuthentication(request);
      request.setSignal(AbortSignal.timeout(DEADLINE_SECONDS * 1000));
    }
  }
  const config = new WithDeadline();
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
