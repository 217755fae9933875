import { describe, expect, it } from 'vitest';
import { type ClusterClient, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { canFence, compareFence, type FenceProps, putFence } from '../../lib/kubernetes/fence';
import { type FenceObjects, fenceObjects } from '../../lib/kubernetes/fence-objects';
import { untyped } from '../helpers';
import { useFastClock } from '../migration/clock';
import { fenceEdits } from './fence-edits';

const props: FenceProps = {
  app: 'jellyfin',
  namespace: 'media',
  claims: ['jellyfin-config'],
  nfs: [],
  message: 'jellyfin has moved',
  workloads: false,
};

/** A cluster that has nothing yet, and creates what `create` lets it. */
const cluster = (create: (object: LiveObject) => LiveObject | undefined) =>
  ({ read: async () => undefined, create: async (object: LiveObject) => create(object) }) as unknown as ClusterClient;

describe('a cluster without ValidatingAdmissionPolicy', () => {
  it('is reported as such', async () => {
    expect(
      await putFence(
        cluster(() => undefined),
        props,
      ),
    ).toBe('unsupported');
  });

  it.each([
    [true, ['ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy']],
    [false, ['ValidatingWebhookConfiguration']],
    [false, []],
  ])('is reported before anything is changed: %s of %j', async (expected, kinds) => {
    expect(await canFence({ admissionKinds: async () => kinds })).toBe(expected);
  });
});

describe('a fence that is compared with the required one', () => {
  /** As the client has it from an API server: with its defaults, and with a key for every field. */
  const { policy, binding } = fenceObjects(props);
  const everything = { matchExpressions: undefined, matchLabels: undefined };
  const selectors = { matchPolicy: 'Equivalent', objectSelector: everything, excludeResourceRules: undefined };
  type Described = {
    readonly matchConstraints: { readonly resourceRules: readonly object[] };
    readonly matchResources: object;
  };
  const [described, bound] = [untyped<Described>(policy.spec), untyped<Described>(binding.spec)];
  const live = {
    policy: {
      ...described,
      matchConstraints: {
        ...selectors,
        namespaceSelector: everything,
        resourceRules: described.matchConstraints.resourceRules.map((rule) => ({ ...rule, scope: '*' })),
      },
    },
    binding: { ...bound, matchResources: { ...bound.matchResources, ...selectors } },
  };
  const compared = (specs: Partial<Record<Exclude<keyof FenceObjects, 'mark'>, object>>, wanted = props) =>
    compareFence(
      {
        read: async ({ kind }) => {
          const spec = kind?.endsWith('Binding') ? specs.binding : specs.policy;
          return spec && ({ kind, metadata: {}, spec } as LiveObject);
        },
      },
      wanted,
    );

  it('is in place with the defaults of the API server', async () => {
    expect(await compared(live)).toBe('in place');
  });

  it.each(fenceEdits)('differs with %s of its %s', async (_, of, edit) => {
    expect(await compared({ ...live, [of]: edit(structuredClone(live[of]) as never) })).toBe('different');
  });

  it('differs where more is refused than is required', async () => {
    expect(await compared(live, { ...props, claims: [...props.claims, 'jellyfin-config-2'] })).toBe('different');
  });

  it.each([{ policy: live.policy }, { binding: live.binding }, {}])(
    'is missing without one of its objects',
    async (found) => {
      expect(await compared(found)).toBe('missing');
    },
  );
});

describe('a fence that does not work', () => {
  useFastClock();

  const failure = (answer: () => void) =>
    putFence(
      cluster((object) => {
        if (object.kind === 'Pod') {
          answer();
        }
        return object;
      }),
      props,
    ).catch((error: Error) => error.message);

  it('is reported with its current content', async () => {
    expect(await failure(() => {})).toBe(
      'Fence lunward-media.jellyfin does not work: 30 s after it was put, a pod of namespace media that mounts claim ' +
        'jellyfin-config is still let in. ValidatingAdmissionPolicy lunward-media.jellyfin and its binding are in the ' +
        'cluster; no pod was created for this, and nothing else was changed. See that the API servers run with the ' +
        'admission plugin ValidatingAdmissionPolicy, and try again',
    );
  });

  it.each([
    ['another rule refuses the pod', 'pods "lunward-fence-probe" is forbidden: no image of that registry'],
    [
      'an earlier content of it does',
      "ValidatingAdmissionPolicy 'lunward-media.jellyfin' with binding 'lunward-media.jellyfin' denied request: x (fence 0)",
    ],
  ])('is reported with the message of the refusal: %s', async (_, words) => {
    const told = await failure(() => {
      throw new RefusedByServer(words);
    });
    expect(told).toContain(
      "Whether fence lunward-media.jellyfin works can't be seen: a pod of namespace media that mounts claim " +
        `jellyfin-config is refused by something else before, 30 s long: ${words}. `,
    );
  });
});
