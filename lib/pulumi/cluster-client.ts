import type { KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { Manifest } from '../spec/kubernetes';
import { UserError } from '../spec/problems';

/** An object as the API server has it. */
export type LiveObject = KubernetesObject & { readonly spec?: Readonly<Record<string, unknown>> };

/** What the API server said no to. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
}

/** Reads the cluster that a stack applies to. Only what no preview of Pulumi's can tell is asked here. */
export class ClusterClient {
  private api: Promise<KubernetesObjectApi> | undefined;

  /** @param context Context of the kubeconfig. Default: the current one. */
  constructor(private readonly context: string | undefined) {}

  /** The live object of this kind and name; `undefined` where there is none, or its kind is unknown to the cluster. */
  async read({
    apiVersion,
    kind,
    metadata,
  }: Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>): Promise<LiveObject | undefined> {
    const api = await this.connect();
    const { name, namespace } = metadata;
    return this.ask(
      () => api.read({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } }) as Promise<LiveObject>,
    );
  }

  /**
   * What `object` would be, with every default filled in, if it took the place of the live one. A dry run: nothing changes.
   *
   * @throws RefusedByServer with the server's own words, for a field that can't change for instance.
   */
  async dryRunReplace(object: LiveObject): Promise<LiveObject | undefined> {
    const api = await this.connect();
    return this.ask(() => api.replace(object, undefined, 'All') as Promise<LiveObject>);
  }

  private connect(): Promise<KubernetesObjectApi> {
    // Loaded only when it is needed: it takes longer to load than a whole preview of an unchanged stack.
    this.api ??= import('@kubernetes/client-node').then(({ KubeConfig, KubernetesObjectApi: Api }) => {
      const config = new KubeConfig();
      config.loadFromDefault();
      if (this.context !== undefined) {
        config.setCurrentContext(this.context);
      }
      return Api.makeApiClient(config);
    });
    return this.api;
  }

  private async ask(question: () => Promise<LiveObject>): Promise<LiveObject | undefined> {
    try {
      return await question();
    } catch (error) {
      const { code, body, message } = error as { code?: number | string; body?: unknown; message: string };
      if (code === 404 || message.startsWith('Unrecognized API version and kind')) {
        return undefined;
      }
      if (code === 422 || code === 400) {
        throw new RefusedByServer(statusMessage(body) ?? message);
      }
      throw new UserError(
        `The API server of context "${this.context ?? 'current'}" can't be asked: ${statusMessage(body) ?? message}`,
      );
    }
  }
}

function statusMessage(body: unknown): string | undefined {
  try {
    const status =
      typeof body === 'string' ? (JSON.parse(body) as { message?: string }) : (body as { message?: string });
    return status?.message;
  } catch {
    return undefined;
  }
}
