import type { Finding } from '../core/advice';
import type { AdviceCode } from '../core/advice-codes';
import { canonicalIscsiName } from '../core/iscsi-names';
import type { NodeFacts } from '../scripts/node/node-facts';
import { declaredSystems, imageSystems, type NeededProgram, neededPrograms, systemOf } from './systems';

/** A finding about a node. */
export type NodeFinding = Finding & { readonly affects: { readonly node: string } };

type Nodes = Readonly<Record<string, NodeFacts>>;

/** Lists what is wrong with nodes: with each one alone, and between them. */
export function findingsOf(nodes: Nodes): NodeFinding[] {
  return [
    ...Object.entries(nodes).flatMap(([node, facts]) =>
      [...lacks(facts), ...base(facts), ...initiator(facts), ...sessions(facts), ...mounts(facts)].map((finding) => ({
        subject: node,
        affects: { node },
        ...finding,
      })),
    ),
    ...shared(nodes, 'initiatorName'),
    ...shared(nodes, 'machineId'),
  ];
}

type OwnFinding = Omit<Finding, 'subject' | 'affects'>;

function lacks(facts: NodeFacts): OwnFinding[] {
  const missing = neededPrograms.filter((program) => !facts.programs.includes(program));
  if (missing.length === 0) return [];
  return [
    {
      severity: 'error',
      code: 'program-missing',
      found: `lacks ${missing.join(', ')}`,
      remedy: installing(facts, missing),
    },
  ];
}

/** In this version came `--service-type=exec` and output that is appended to a file, which units of Lunward have. */
const OLDEST_SYSTEMD = 240;

/** What scripts need of the system itself. */
function base({ systemd, privateMounts }: NodeFacts): OwnFinding[] {
  return [
    ...(systemd >= OLDEST_SYSTEMD
      ? []
      : [
          {
            severity: 'error',
            code: 'systemd-too-old',
            found: systemd > 0 ? `runs systemd ${systemd}` : 'runs no systemd',
            expected: `${OLDEST_SYSTEMD} or newer: long copies run as its units`,
            remedy: 'update the system of the node, or copy on another node',
          } as const,
        ]),
    ...privateMounts.map(
      (target): OwnFinding => ({
        severity: 'error',
        code: 'mounts-private',
        found: `has ${target} mounted with propagation "private": a script would go on holding what the node unmounts meanwhile`,
        remedy: `mount --make-rshared ${target}, at each start of the node (systemd does it; OpenRC and some containers do not)`,
      }),
    ),
  ];
}

/** Returns how the operator installs programs on a node of this kind. */
function installing(facts: NodeFacts, missing: readonly NeededProgram[]): string {
  if (facts.management === 'nixos' || facts.management === 'flatcar') return declaredSystems[facts.management];
  const system = systemOf(facts);
  if (!system) return `install what holds them on ${facts.systemName || 'this system'}`;
  const packages = [...new Set(missing.map((program) => system.packages[program]))].join(' ');
  if (facts.management) return `${imageSystems[facts.management]} ${packages}, and reboot the node`;
  return `${system.install} ${packages}`;
}

function initiator({
  programs,
  initiatorName,
  iscsidService,
  iscsidSocket,
  automaticRecords,
  multipathd,
}: NodeFacts): OwnFinding[] {
  if (!programs.includes('iscsiadm')) return [];
  const found: OwnFinding[] = [];
  if (!initiatorName) {
    found.push({
      severity: 'error',
      code: 'no-initiator-name',
      found: 'has no initiator name in /etc/iscsi/initiatorname.iscsi',
      remedy: INITIATOR_REMEDY,
    });
  }
  if (iscsidService !== 'active' && iscsidSocket !== 'active') {
    found.push({
      severity: 'error',
      code: 'no-initiator',
      found: `runs no iSCSI initiator: iscsid.service is ${iscsidService || 'unknown'}, iscsid.socket ${iscsidSocket || 'unknown'}`,
      remedy: 'systemctl enable --now iscsid.socket, or iscsid.service where there is no such socket',
    });
  }
  for (const iqn of new Set(automaticRecords)) {
    found.push({
      severity: 'warning',
      code: 'automatic-login',
      found: `logs in to ${iqn} by itself when it boots, whatever uses the target then`,
      remedy: `iscsiadm -m node -T ${iqn} -o update -n node.startup -v manual`,
    });
  }
  if (multipathd === 'active') {
    found.push({
      severity: 'warning',
      code: 'multipath-claims',
      found: 'runs multipathd, which claims iSCSI disks that the kubelet wants for itself',
      remedy: 'set find_multipaths to "yes" in /etc/multipath.conf, or blacklist the vendor of your NAS there',
    });
  }
  return found;
}

function sessions({ sessions: all }: NodeFacts): OwnFinding[] {
  return all.flatMap(({ iqn, state, disks }): OwnFinding[] => {
    if (state === 'FAILED') {
      return [
        {
          severity: 'error',
          code: 'session-lost',
          found: `has lost its connection to ${iqn}, and waits for it`,
          remedy:
            'see that the NAS is up and reachable from this node; file systems on it may need their pods restarted',
        },
      ];
    }
    const offline = disks.filter((disk) => disk.state !== 'running');
    if (offline.length > 0) {
      const names = offline.map((disk) => `${disk.name} (${disk.state})`).join(', ');
      return [
        {
          severity: 'error',
          code: 'disk-offline',
          found: `has disks of ${iqn} that answer no more: ${names}`,
          remedy: 'stop the pods that use them; the kubelet then logs out, and in again when they start',
        },
      ];
    }
    if (disks.some(({ mountpoints, holders }) => mountpoints.length > 0 || holders.length > 0)) return [];
    return [
      {
        severity: 'warning',
        code: 'session-unused',
        found: `is logged in to ${iqn} and uses nothing of it: the session was never ended`,
        remedy: `see that no pod of it is just starting here, then: iscsiadm -m node -T ${iqn} --logout`,
      },
    ];
  });
}

function mounts({ hangingMounts, staleMounts }: NodeFacts): OwnFinding[] {
  return [
    ...hangingMounts.map(
      (target): OwnFinding => ({
        severity: 'error',
        code: 'server-silent',
        found: `waits for the server of ${target}, which does not answer`,
        remedy: 'see that the NAS is up and reachable from this node; what reads or writes there hangs until then',
      }),
    ),
    ...staleMounts.map(
      ({ target, problem }): OwnFinding => ({
        severity: 'error',
        code: 'mount-stale',
        found: `has ${target} mounted from a server that does not know it any more: ${problem}`,
        remedy:
          'see that the folder is there and exported as before; then delete the pods that use it, so that it is mounted again',
      }),
    ),
  ];
}

const INITIATOR_REMEDY =
  'give it one of its own, with no session open: echo "InitiatorName=$(iscsi-iname)" >/etc/iscsi/initiatorname.iscsi; ' +
  'systemctl restart iscsid';

/** What to do about nodes that have one machine id. */
export const MACHINE_ID_REMEDY = 'they were cloned: rm /etc/machine-id; systemd-machine-id-setup; then reboot the node';

interface SharedKind {
  readonly code: AdviceCode;
  readonly noun: string;
  readonly remedy: string;
}

const sharedKinds = {
  initiatorName: { code: 'initiator-name-shared', noun: 'initiator name', remedy: INITIATOR_REMEDY },
  machineId: { code: 'machine-id-shared', noun: 'machine id', remedy: MACHINE_ID_REMEDY },
} as const satisfies Readonly<Record<string, SharedKind>>;

/**
 * Finds nodes with the same name or id. Case is ignored. A target takes a second node for the first one that has come
 * back.
 */
function shared(nodes: Nodes, fact: keyof typeof sharedKinds): NodeFinding[] {
  const values = Object.entries(nodes).map(([node, facts]) => [node, facts[fact]] as const);
  return sharedValues(values, sharedKinds[fact]);
}

/** Finds nodes that have the initiator name of another node. The first node of each name in the list has no finding. */
export function sharedInitiatorNames(names: readonly (readonly [node: string, name: string])[]): NodeFinding[] {
  return sharedValues(names, sharedKinds.initiatorName);
}

function sharedValues(
  values: readonly (readonly [string, string])[],
  { code, noun, remedy }: SharedKind,
): NodeFinding[] {
  const owners = new Map<string, string[]>();
  for (const [node, value] of values) {
    const key = canonicalIscsiName(value);
    if (value) owners.set(key, [...(owners.get(key) ?? []), node]);
  }
  return [...owners].flatMap(([value, names]) =>
    names.slice(1).map((node) => ({
      code,
      subject: node,
      affects: { node },
      severity: 'error' as const,
      found: `has the ${noun} of ${names[0]}: ${value}`,
      remedy,
    })),
  );
}
