import type { KubernetesObject, PatchStrategy } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import { type Connection, connect } from './connection';
import { answerTo, ConflictError, RefusedByServer } from './server-answer';

export { ConflictError, RefusedByServer };

/** An object as the API server returns it. */
export type LiveObject = KubernetesObject & { readonly spec?: Readonly<Record<string, unknown>> };

type Named = Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>;

/** Which part of a container's log to read. Default: all of it. */
export interface LogOptions {
  /** Leaves out older lines. Unit: seconds. */
  readonly sinceSeconds?: number;
  /** Reads the log of the container's previous run. */
  readonly previous?: boolean;
  /** Number of lines to read, from the end of the log. */
  readonly tailLines?: number;
  /** Number of bytes to read, from the start of the log. */
  readonly limitBytes?: number;
}

const FIELD_MANAGER = 'lunward';
const MERGE_PATCH: typeof PatchStrategy.MergePatch = 'application/merge-patch+json';

/**
 * Asks a cluster about facts that no Pulumi preview can show, and stores Lunward's own records there.
 *
 * Every method throws an UnreachableError if the API server cannot be asked: it is off, or the kubeconfig's user has no
 * permission.
 */
export class ClusterClient {
  private connection: Promise<Connection> | undefined;

  /** @param context context of the kubeconfig. Default: the current one */
  constructor(private readonly context: string | undefined) {}

  /**
   * Reads the live object of this kind and name.
   *
   * @returns `undefined` if there is none, or the cluster does not know its kind
   */
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
   * Returns what `object`, with every default filled in, would be if it replaced the live one. Nothing changes: it is a
   * dry run.
   *
   * @returns `undefined` if there is no live object
   * @throws RefusedByServer with the server's message, for example for a field that cannot change
   */
  async dryRunReplace(object: LiveObject): Promise<LiveObject | undefined> {
    return this.ask(({ objects }) => objects.replace(object, undefined, 'All', FIELD_MANAGER) as Promise<LiveObject>);
  }

  /**
   * Creates an object, or asks the API server what it would become.
   *
   * @param options.dryRun creates nothing; everything that could refuse the object is still asked
   * @returns `undefined` if the object's kind has no namespace and the cluster does not know the kind
   * @throws ConflictError if the object exists already
   * @throws RefusedByServer with the message of the server, or of a policy or webhook of the cluster
   * @throws UserError if the namespace does not exist
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
      { code: 'namespace-missing' },
    );
  }

  /**
   * Creates an object that has no `resourceVersion`. Replaces one that has, if it has not changed since it was read.
   *
   * @throws ConflictError if the object has changed, or exists already
   * @throws RefusedByServer as `create` does
   * @throws UserError if the namespace does not exist, or the cluster does not know the kind
   */
  async write(object: LiveObject): Promise<LiveObject> {
    const { name, namespace, resourceVersion } = object.metadata ?? {};
    const subject = `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    if (resourceVersion === undefined) {
      const created = await this.create(object);
      if (created) return created;
      throw new UserError(`${subject} can't be written: the cluster does not know this kind`, { code: 'kind-unknown' });
    }
    const replaced = await this.ask(
      ({ objects }) => objects.replace(object, undefined, undefined, FIELD_MANAGER) as Promise<LiveObject>,
    );
    if (replaced) return replaced;
    throw new ConflictError(`${subject} was deleted`);
  }

  /**
   * Changes only the fields that `object` names, even if another process has written the object since: a JSON merge
   * patch (RFC 7386). `null` removes a field, and a list replaces the whole list.
   *
   * @returns the object after the change; `undefined` if there is none
   * @throws RefusedByServer with the server's message
   */
  async patch(object: LiveObject): Promise<LiveObject | undefined> {
    return this.ask(
      ({ objects }) =>
        objects.patch(object, undefined, undefined, FIELD_MANAGER, undefined, MERGE_PATCH) as Promise<LiveObject>,
    );
  }

  /**
   * Deletes an object; the cluster then deletes the objects that it owns. The object may still exist on return:
   * finalizers, or a pod's grace period, come first.
   *
   * @param options.uid uid of the object to delete, if another one of the same name may have replaced it
   * @returns whether the object existed
   * @throws ConflictError if the existing object has another uid
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

  /**
   * Lists all objects of a kind, in a namespace or in the whole cluster. Empty if the cluster does not know the kind.
   *
   * @param apiVersion Default: `v1`
   */
  async list<Listed extends KubernetesObject>(
    kind: string,
    namespace?: string,
    apiVersion = 'v1',
  ): Promise<readonly Listed[]> {
    const found = await this.ask(({ objects }) => objects.list<Listed>(apiVersion, kind, namespace));
    return found?.items ?? [];
  }

  /**
   * Lists the kinds of `admissionregistration.k8s.io/v1` that the API server serves. It answers every authenticated
   * user. Nothing is changed.
   */
  async admissionKinds(): Promise<readonly string[]> {
    const found = await this.ask(({ admission }) => admission.getAPIResources());
    return (found?.resources ?? []).map(({ kind }) => kind);
  }

  /**
   * Reads the log of a pod's container. Empty if the container has not started, or its node does not know it yet or any
   * more.
   *
   * @throws RefusedByServer if the pod has no such container
   */
  async log(namespace: string, pod: string, container: string, options: LogOptions = {}): Promise<string> {
    const found = await this.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, namespace } });
    // For a pod without a node the API server responds without a content type, and the library refuses such a response.
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

/** Messages of the kubelet: validateContainerLogStatus() in pkg/kubelet/kubelet_pods.go. */
const NO_LOG_YET =
  /^(container ".*" in pod ".*" is (waiting to start|not available|terminated)|previous terminated container ".*" in pod ".*" not found)/;
