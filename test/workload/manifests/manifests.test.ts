import { describe, expect, it } from 'vitest';
import { catalog } from '../../../lib/catalog';
import { workloadManifests, workloadNames } from '../../../lib/workload/manifests/manifests';
import { resolveApp } from '../../../lib/workload/model';
import type { MediaAppProps } from '../../../lib/workload/props';
import { image, lun } from '../../helpers';

describe('workloadNames', () => {
  it.each<[string, MediaAppProps]>([
    ...Object.entries(catalog).map(([name, app]): [string, MediaAppProps] => [name, app({ image, config: lun('c') })]),
    ['a worker without ports', { image }],
    [
      'an app with several of everything',
      {
        image,
        ports: { http: 80 },
        service: [{}, { name: 'lan' }],
        ingress: [{ hosts: ['a.example.com'] }, { name: 'b', hosts: ['b.example.com'] }],
        httpRoute: { parentRefs: [{ name: 'gateway' }] },
      },
    ],
  ])('names what workloadManifests makes: %s', (_, props) => {
    const app = resolveApp(props, { name: 'app', namespace: 'media' });
    const made = workloadManifests(app).map(({ kind, metadata }) => [kind, metadata.name]);
    expect(workloadNames(app)).toEqual(made);
  });
});
