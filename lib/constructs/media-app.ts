import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { labelName } from '../core/names';
import { type Problem, throwProblems, type Warning } from '../core/problems';
import { problemsOf } from '../core/schema';
import type { PersistentVolume } from '../volumes/kinds';
import { appProblems, appWarnings } from '../workload/checks/check';
import { presentVolumes, volumeManifests, workloadManifests } from '../workload/manifests/manifests';
import { type MediaAppModel, resolveApp } from '../workload/model';
import type { MediaAppObjects, MediaAppProps } from '../workload/props';
import { addObject, namespaceFor } from './objects';
import { volumeObject } from './volume-objects';

/** What a description has found out of an app before it becomes a construct. */
export interface ResolvedApp {
  readonly model: MediaAppModel;
  /** The volumes that are the app's own to make. */
  readonly volumes: readonly PersistentVolume[];
}

/**
 * A media app in anybody's chart: Deployment, Services, Ingresses, routes, and its volumes. A volume that its chart has already,
 * with the same props, is not made again.
 */
export class MediaApp extends Construct implements MediaAppObjects {
  readonly volumes: readonly ApiObject[];
  readonly deployment: ApiObject;
  readonly services: readonly ApiObject[];
  readonly ingresses: readonly ApiObject[];
  readonly httpRoutes: readonly ApiObject[];
  /** What is allowed and risky. */
  readonly warnings: readonly Warning[];

  /**
   * @param resolved What a checked description has found out; leave it out in a chart of your own.
   * @throws DescriptionError with every problem of the props; where the chart has a volume of the same name and other props.
   */
  constructor(scope: Construct, id: string, props: MediaAppProps, resolved?: ResolvedApp) {
    super(scope, id);
    const { model, volumes } = resolved ?? this.resolve(id, props);
    this.warnings = resolved ? [] : appWarnings(model, '');
    this.volumes = volumes.flatMap((volume) => this.addVolume(model, volume));
    const objects = workloadManifests(model).map((manifest) =>
      addObject(this, `${manifest.kind}-${manifest.metadata.name}`, manifest),
    );
    const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
    this.deployment = ofKind('Deployment')[0] as ApiObject;
    this.services = ofKind('Service');
    this.ingresses = ofKind('Ingress');
    this.httpRoutes = ofKind('HTTPRoute');
    this.orderVolumesFirst();
    props.customize?.(this);
  }

  private resolve(id: string, props: MediaAppProps): ResolvedApp {
    const context = { name: props.facts?.name ?? id, namespace: namespaceFor(this, props.namespace) };
    const problems = appProblems(props, context, '');
    throwProblems(`MediaApp "${this.node.path}"`, [...this.idProblems(id, props), ...problems]);
    const model = resolveApp(props, context);
    return { model, volumes: presentVolumes(model) };
  }

  // In a description the app's key is checked; here the id may be any text, and becomes a name only by default.
  private idProblems(id: string, props: MediaAppProps): Problem[] {
    return props.name === undefined && props.facts === undefined ? problemsOf(labelName.optional(), id, 'name') : [];
  }

  private addVolume(model: MediaAppModel, volume: PersistentVolume): ApiObject[] {
    const labelled = volumeManifests(volume, model.namespace, model.labels);
    return volumeManifests(volume, model.namespace).map((manifest, index) =>
      volumeObject(this, `${manifest.kind}-${manifest.metadata.name}`, manifest, labelled[index]),
    );
  }

  private orderVolumesFirst(): void {
    for (const volume of this.volumes) {
      this.deployment.addDependency(volume);
    }
  }
}
