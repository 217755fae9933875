import type {
  AdmissionregistrationV1Api,
  CoreV1Api,
  KubernetesObjectApi,
  RequestContext,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** How long the API server is given for an answer. */
export const DEADLINE_SECONDS = 30;

/** The ways to ask an API server: for objects of any kind, and for what is no object. */
export interface Connection {
  readonly objects: KubernetesObjectApi;
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
}

/** @param context of the kubeconfig. Default: the current one */
export async function connect(context: string | undefined): Promise<Connection> {
  // Loaded only when it is needed: it takes longer to load than a whole preview of an unchanged stack.
  const { AdmissionregistrationV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi } = await import(
    '@kubernetes/client-node'
  );
  /** Of a server that is off nothing comes back, and the system waits for it for minutes. */
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
