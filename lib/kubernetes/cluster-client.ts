import type { KubernetesObject, PatchStrategy } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import { type Connection, connect } from './connection';
import { answerTo, ConflictError, RefusedByServer } from './server-answer';

export { ConflictError, RefusedByServer };

/** An object as the API server has it. */
export type LiveObject = KubernetesObject & { readonly spec?: Readonly<Record<string, unknown>> };

type Named = Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>;

export interface LogOptions {
  /** Leaves out what is older. */
  readonly sinceSeconds?: number;
  /** Of the container's run before this one. */
  readonly previous?: boolean;
  /** From the beginning. */
  readonly limitBytes?: number;
}

const FIELD_MANAGER = 'lunward';
const MERGE_PATCH: typeof PatchStrategy.MergePatch = 'application/merge-patch+json';

/**
 * Asks a cluster for what no preview of Pulumi's can tell, and keeps what Lunward itself writes down there.
 *
 * Every method throws an UnreachableError when the API server can't be asked: it is off, or the user of the kubeconfig may not.
 */
export class ClusterClient {
  private connection: Promise<Connection> | undefined;

  /** @param context Context of the kubeconfig. Default: the current one. */
  constructor(private readonly context: string | undefined) {}

  /** The live object of this kind and name; `undefined` where there is none, or its kind is unknown to the cluster. */
  async read({ apiVersion, kind, metadata }: Named): Promise<LiveObject | undefined> {
    const { name, namespace } = metadata;
    return this.ask(
      ({ objects }) =>
        objects.read({
          apiVersion,
          kind,
          metadata: { name, ...(namespace && { namespace }) },
        }) as Promise<LiveObject>,
    );
  }

  /**
   * What `object` would be, with every default filled in, if it took the place of the live one. A dry run: nothing changes.
   *
   * @throws RefusedByServer with the server's own words, for a field that can't change for instance.
   */
  async dryRunReplace(object: LiveObject): Promise<LiveObject | undefined> {
    return this.ask(({ objects }) => objects.replace(object, undefined, 'All', FIELD_MANAGER) as Promise<LiveObject>);
  }

  /**
   * Creates an object, or has the API server say what it would become.
   *
   * @param options.dryRun nothing is created, and everything that could refuse it is asked all the same
   * @returns `undefined` where its kind, of the whole cluster, is unknown to it
   * @throws ConflictError when it exists already
   * @throws RefusedByServer with the server's own words, or those of a policy or webhook of the cluster
   * @throws UserError where there is no such namespace
   */
  async create(object: LiveObject, options: { readonly dryRun?: boolean } = {}): Promise<LiveObject | undefined> {
    const dryRun = options.dryRun ? 'All' : undefined;
    const created = await this.ask(
      ({ objects }) => objects.create(object, undefined, dryRun, FIELD_MANAGER) as Promise<LiveObject>,
    );
    const { name, namespace } = object.metadata ?? {};
    if (created || namespace === undefined) return created;
    throw new UserError(
      `${object.kind} ${namespace}/${name} can't be written: there is no namespace "${namespace}": make it first, with \`pulumi up\` of the shared stack or \`kubectl create namespace ${namespace}\``,
    );
  }

  /**
   * Creates an object that has no `resourceVersion`; replaces one that has, if it is still the one that was read.
   *
   * @throws ConflictError when it is not, or exists already
   * @throws RefusedByServer as `create` does
   */
  async write(object: LiveObject): Promise<LiveObject> {
    const { name, namespace, resourceVersion } = object.metadata ?? {};
    const subject = `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    if (resourceVersion === undefined) {
      const created = await this.create(object);
      if (created) return created;
      throw new UserError(`${subject} can't be written: the cluster does not know this kind`);
    }
    const replaced = await this.ask(
      ({ objects }) => objects.replace(object, undefined, undefined, FIELD_MANAGER) as Promise<LiveObject>,
    );
    if (replaced) return replaced;
    throw new ConflictError(`${subject} was deleted`);
  }

  /**
   * Changes the fields that `object` names and no others, whoever has written since: a JSON merge patch (RFC 7386), where `null`
   * takes a field away and a list takes the place of the whole list.
   *
   * @returns what it is now; `undefined` where there is none
   * @throws RefusedByServer with the server's own words
   */
  async patch(object: LiveObject): Promise<LiveObject | undefined> {
    return this.ask(
      ({ objects }) =>
        objects.patch(object, undefined, undefined, FIELD_MANAGER, undefined, MERGE_PATCH) as Promise<LiveObject>,
    );
  }

  /**
   * Has an object deleted, and what it owns after it. It may be there still on return: whoever has a finalizer on it, or a pod its
   * grace period, comes first.
   *
   * @param options.uid of the one that is meant, where another of its name may have taken its place
   * @returns whether there was one
   * @throws ConflictError when the one that is there has another uid
   */
  async delete(object: Named, options: { readonly uid?: string } = {}): Promise<boolean> {
    const { apiVersion, kind, metadata } = object;
    const { name, namespace } = metadata;
    const body = { propagationPolicy: 'Background', ...(options.uid && { preconditions: { uid: options.uid } }) };
    const deleted = await this.ask(({ objects }) =>
      objects.delete(
        { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } },
        ...([undefined, undefined, undefined, undefined, undefined] as const),
        body,
      ),
    );
    return deleted !== undefined;
  }

  /** All objects of a kind of `v1`, in a namespace or in the cluster; none where the kind is unknown to it. */
  async list<Listed extends KubernetesObject>(kind: string, namespace?: string): Promise<readonly Listed[]> {
    const found = await this.ask(({ objects }) => objects.list<Listed>('v1', kind, namespace));
    return found?.items ?? [];
  }

  /** Kinds of `admissionregistration.k8s.io/v1` that the API server serves. It tells everyone who may log in; nothing is changed. */
  async admissionKinds(): Promise<readonly string[]> {
    const found = await this.ask(({ admission }) => admission.getAPIResources());
    return (found?.resources ?? []).map(({ kind }) => kind);
  }

  /**
   * What a container of a pod has written: nothing where it has not started, or its node does not know of it yet, or not any more.
   *
   * @throws RefusedByServer where the pod has no such container
   */
  async log(namespace: string, pod: string, container: string, options: LogOptions = {}): Promise<string> {
    const found = await this.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, namespace } });
    // Of a pod that is on no node the API server answers without a content type, which the library refuses to read.
    if (!found?.spec?.nodeName) return '';
    try {
      const wanted = { namespace, name: pod, container, ...options };
      return (await this.ask(({ core }) => core.readNamespacedPodLog(wanted))) ?? '';
    } catch (error) {
      if (error instanceof RefusedByServer && NO_LOG_YET.test(error.message)) return '';
      throw error;
    }
  }

  private ask<Answer>(question: (connection: Connection) => Promise<Answer>): Promise<Answer | undefined> {
    this.connection ??= connect(this.context);
    const { connection } = this;
    return answerTo(async () => question(await connection), this.context);
  }
}

/** The kubelet's words: validateContainerLogStatus() in pkg/kubelet/kubelet_pods.go. */
const NO_LOG_YET =
  /^(container ".*" in pod ".*" is (waiting to start|not available|terminated)|previous terminated container ".*" in pod ".*" not found)/;
