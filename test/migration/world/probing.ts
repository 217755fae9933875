import { well } from '../../nodes/facts';
import { probed } from '../facts';
import { type Answers, sizeOf } from './filling';
import { modelKind } from './kinds';
import { type Machine, openSealed, openSource, openTarget, openUnusedLun, require } from './opened';
import type { Parameters } from './parameters';
import { DATABASE, digestOf, type Files, type Place } from './storage';

const found = (facts: unknown) => ({ result: 'unchanged' as const, facts });

/** Scripts that change nothing. */
export const probingAnswers: Answers = {
  'confirm-machine': () => found({}),
  'node-facts': ({ name, machineId, ...machine }) =>
    found({
      ...well,
      hostName: name,
      machineId,
      initiatorName: machine.initiatorName,
      sessions: lunMounts({ name, machineId, ...machine }).map(({ iqn, lun }) => ({
        iqn,
        state: 'LOGGED_IN',
        disks: [{ name: 'sdb', lun, state: 'running', mountpoints: [KUBELET], holders: [] }],
      })),
    }),
  'probe-lun': (machine, given) => {
    const iqn = given.text('iqn');
    const lun = given.number('lun');
    const used = lunMounts(machine).filter((mount) => mount.iqn === iqn);
    const shown = [lun, ...used.map((mount) => mount.lun)];
    return found({
      initiatorName: machine.initiatorName,
      wasShown: used.some((mount) => mount.lun === lun),
      problem: '',
      luns: machine.storage
        .lunsOf(iqn)
        .filter(([number]) => shown.includes(number))
        .map(([number, { bytes, name: wwn, fileSystem: content, uuid }]) => {
          const use = used.some((mount) => mount.lun === number) ? `mounted at ${KUBELET}` : '';
          return { lun: number, bytes, wwn, serial: '', content, uuid, use };
        }),
    });
  },
  'probe-source': (machine, given) => {
    const { files } = openSource(machine, given);
    const [count, bytes] = [Object.keys(files).length, sizeOf(files)];
    return found({
      ...probed,
      bytes,
      allocatedBytes: bytes,
      files: count,
      entries: count,
      databases: databasesOf(files),
      texts: textsOf(files, given),
    });
  },
  'read-texts': (machine, given) => found({ texts: textsOf(openSource(machine, given).files, given) }),
  'scan-source': (machine, given) => {
    const { files } = openSource(machine, given);
    return found({ scan: digestOf(files), entries: Object.keys(files).length });
  },
  'probe-folder': (machine, given) => {
    const place = machine.storage.at(modelKind('nfs').targetKey(given, machine.name) ?? '');
    require(place, `there is no folder ${given.text('target_path')}`);
    return found({ ...contentsOf(place), freeBytes: 1024 ** 4, freeInodes: 1e6, held: { bytes: 0, entries: 0 } });
  },
  'mounted-errors': (machine, given) => {
    const [iqn, lun] = [given.text('iqn'), given.number('lun')];
    const own = lunMounts(machine).filter((mount) => mount.iqn === iqn && mount.lun === lun);
    return found({
      mounted: own.map(({ place }) => ({
        device: '/dev/sdb',
        type: place.fileSystem,
        mountpoint: KUBELET,
        diskState: 'running',
        stopped: '',
        disk: '',
        look: '',
        errors: { count: 0, first: '', last: '', function: '' },
        ...place.trouble,
      })),
    });
  },
  'superblock-errors': (machine, given) => {
    const place = openUnusedLun(machine, given);
    const errors = place.trouble?.errors ?? { count: 0, first: '', last: '', function: '' };
    return found({ type: place.fileSystem, state: errors.count > 0 ? 'clean with errors' : 'clean', errors });
  },
  'probe-volume': (machine, given) => found(contentsOf(openTarget(machine, given))),
  'source-users': (machine, given) => {
    const place = machine.storage.at(modelKind('nfs').sourceKey(given, machine.name));
    const own = machine.mounts().filter((mount) => mount.node === machine.name && mount.place === place);
    return found({ mounts: own.map(() => ({ source: place?.name, mountpoint: KUBELET, process: 0 })) });
  },
  'pod-mounts': (machine, given) => {
    const own = machine.mounts().filter((mount) => mount.node === machine.name && mount.podUid === given.text('uid'));
    const disks = lunMounts(machine);
    return found({
      mounts: own.map(({ place, persistentVolume: volume }) => ({
        plugin: `kubernetes.io~${place.kind}`,
        volume,
        type: place.fileSystem || 'nfs4',
        source: modelKind(place.kind).mountSource(place),
        disks: disks
          .filter((disk) => disk.place === place)
          .map(({ iqn, lun }) => ({ iqn, lun, portal: '192.0.2.200:3260' })),
      })),
    });
  },
  'ask-http': (machine) => found({ status: machine.httpStatus(), problem: '' }),
  'verify-volume': (machine, given) => {
    const place = openSealed(machine, given);
    const { files, sealed, marker } = place;
    require(sealed && marker?.manifest, 'the volume was sealed without a list of what it held');
    require(digestOf(sealed) === marker.manifest, 'the list is not the one that its marker names');
    return found({
      mountpoint: given.text('used') === 'yes' ? KUBELET : '',
      manifest: marker.manifest,
      sealed: { files: Object.keys(sealed).length, bytes: sizeOf(sealed) },
      same: { files: Object.keys(sealed).filter((path) => files[path] === sealed[path]).length, bytes: 0 },
      damaged: told(Object.keys(files).filter((path) => files[path] === DAMAGED)),
      unreadable: told([]),
      changed: told(Object.keys(sealed).filter((path) => ![undefined, DAMAGED, sealed[path]].includes(files[path]))),
      added: told(Object.keys(files).filter((path) => sealed[path] === undefined)),
      removed: told(Object.keys(sealed).filter((path) => files[path] === undefined)),
      complaint: '',
      bytesRead: 0,
      seconds: 0,
    });
  },
};

/** Text of a file whose bytes changed on the disk of the NAS, with its size and time as they were. */
export const DAMAGED = 'damaged';

const KUBELET = '/var/lib/kubelet/volume';

const told = (names: string[]) => ({ files: { count: names.length, names }, bytes: 0 });

/** What the app writes to is a database. */
function databasesOf(files: Files) {
  const check = { outcome: 'whole', text: '' };
  return files[DATABASE] === undefined
    ? []
    : [{ path: DATABASE, bytes: files[DATABASE].length, wal: false, beside: [], check }];
}

function contentsOf({ marker, files }: Place) {
  const { state = '', attempt = '', volume = '', uuid = '' } = marker ?? {};
  return { marker: { state, attempt: String(attempt), volume, uuid }, names: Object.keys(files) };
}

function textsOf(files: Files, given: Parameters) {
  return given
    .list('wanted')
    .flatMap((path) =>
      files[path] === undefined ? [] : [{ path, base64: Buffer.from(files[path]).toString('base64') }],
    );
}

/** LUNs that a node has mounted for pods. */
function lunMounts({ name, mounts }: Machine) {
  return mounts().flatMap(({ node, place, lun }) => (node === name && lun ? [{ ...lun, place }] : []));
}
