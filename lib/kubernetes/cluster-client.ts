import type { KubernetesObject, KubernetesObjectApi, RequestContext } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { Manifest } from '../spec/kubernetes';
import { UserError } from '../spec/problems';

/** An object as the API server has it. */
export type LiveObject = KubernetesObject & { readonly spec?: Readonly<Record<string, unknown>> };

const DEADLINE_SECONDS = 30;

/** What the API server said no to. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
}

/** Somebody else has written an object since it was read. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** Asks a cluster for what no preview of Pulumi's can tell, and keeps what Lunward itself writes down there. */
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

  /**
   * Creates an object that has no `resourceVersion`; replaces one that has, if it is still the one that was read.
   *
   * @throws ConflictError when it is not, or exists already
   */
  async write(object: LiveObject): Promise<LiveObject> {
    const api = await this.connect();
    const isNew = object.metadata?.resourceVersion === undefined;
    const written = await this.ask(() => (isNew ? api.create(object) : api.replace(object)) as Promise<LiveObject>);
    if (written) return written;
    const { name, namespace } = object.metadata ?? {};
    if (!isNew) throw new ConflictError(`${object.kind} ${namespace}/${name} was deleted`);
    throw new UserError(
      `${object.kind} ${namespace}/${name} can't be written: there is no namespace "${namespace}"; the shared stack makes it`,
    );
  }

  /** All objects of a kind, in a namespace or in the cluster; none where the kind is unknown to it. */
  async list<Listed extends KubernetesObject>(kind: string, namespace?: string): Promise<readonly Listed[]> {
    const api = await this.connect();
    const found = await this.ask(() => api.list<Listed>('v1', kind, namespace));
    return found?.items ?? [];
  }

  private connect(): Promise<KubernetesObjectApi> {
    // Loaded only when it is needed: it takes longer to load than a whole preview of an unchanged stack.
    this.api ??= import('@kubernetes/client-node').then(({ KubeConfig, KubernetesObjectApi: Api }) => {
      /** Of a server that is off nothing comes back, and the system waits for it for minutes. */
      class WithDeadline extends KubeConfig {
        override async applySecurityAuthentication(request: RequestContext): Promise<void> {
          await super.applySecurityAuthentication(request);
          request.setSignal(AbortSignal.timeout(DEADLINE_SECONDS * 1000));
        }
      }
      const config = new WithDeadline();
      config.loadFromDefault();
      if (this.context !== undefined) {
        config.setCurrentContext(this.context);
      }
      return Api.makeApiClient(config);
    });
    return this.api;
  }

  private async ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await question();
    } catch (error) {
      const { name, code, body } = error as { name: string; code?: number | string; body?: unknown };
      const message =
        name === 'AbortError' ? `it gave no answer within ${DEADLINE_SECONDS} s` : (error as Error).message;
      if (code === 404 || message.startsWith('Unrecognized API version and kind')) {
        return undefined;
      }
      if (code === 409) throw new ConflictError(statusMessage(body) ?? message);
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
