import type { AppFacts } from '../../lib/workload';
import { HELPER_IMAGE } from '../control-plane/local-path';
import type { ArchiveImage } from './archive';
import { type Layers, MEDIA_APP, PATH } from './layers';
import { behaviorOf, standIn } from './stand-in';

/** The image of the container that keeps a pod's network, in containerd's configuration. */
export const PAUSE_REFERENCE = 'lab/pause:1';

/** The images that every machine of the lab has. */
export function labImages(layers: Layers): ArchiveImage[] {
  return [
    { reference: PAUSE_REFERENCE, layers: [layers.mediaApp], entrypoint: [MEDIA_APP, 'pause'], env: { PATH } },
    {
      reference: HELPER_IMAGE,
      layers: [layers.busybox],
      entrypoint: ['/bin/sh'],
      env: { PATH },
      workingDirectory: '/',
    },
  ];
}

/** An image under any reference that behaves as the catalog's facts say that the app does. */
export function appImage(app: { readonly reference: string; readonly facts: AppFacts }, layers: Layers): ArchiveImage {
  return standIn(app.reference, behaviorOf(app.facts), layers);
}
