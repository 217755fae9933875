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

/** An app that a description has already checked and resolved. */
export interface ResolvedApp {
  readonly model: MediaAppModel;
  /** The volumes that this app creates. */
  readonly volumes: readonly PersistentVolume[];
}

/**
 * A media app for any chart: Deployment, Services, Ingresses, HTTPRoutes, and its volumes. A volume that the chart
 * already has with the same props is not created again.
 */
export class MediaApp extends Construct implements MediaAppObjects {
  /** PersistentVolumes and claims of the app's volumes. */
  readonly volumes: readonly ApiObject[];
  readonly deployment: ApiObject;
  readonly services: readonly ApiObject[];
  readonly ingresses: readonly ApiObject[];
  readonly httpRoutes: readonly ApiObject[];
  /** Warnings about settings that are allowed but risky. */
  readonly warnings: readonly Warning[];

  /**
   * @param resolved the app as resolved by a checked description. Leave it out in your own chart.
   * @throws DescriptionError with every problem of the props, or if the chart has a volume of the same name with other
   * props
   * @throws Error if neither the props nor the chart have a namespace
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

  // A description checks the app's key. Here the id may be any text; it is checked only if it becomes the name.
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
