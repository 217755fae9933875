import { quote } from '../../lib/scripts/quote';
import { SERVER_IN_MACHINES } from '../control-plane/files';
import type { Accelerator } from './accelerator';

/** One emulated machine, whatever it is for. */
export interface MachineSpec {
  /** Host name. */
  readonly name: string;
  /** Tells its network cards and its firmware's UUID from others'; from 1 to 255. */
  readonly number: number;
  /** Address on the storage network, such as `192.0.2.210`. */
  readonly address: string;
  readonly memoryMebibytes: number;
  /** Subnet of the pods, where it is a node. */
  readonly pods?: string;
  /** Writable disks, by serial number; the first holds the system. */
  readonly disks: readonly Disk[];
  /** Whether it sees the read-only disk with the programs and images of a node. */
  readonly hasPayload?: boolean;
  /** Ports of the machine that are forwarded from a port of the host's loopback. */
  readonly ports: readonly number[];
}

export interface Disk {
  readonly serial: string;
  /** Where it begins empty. */
  readonly gibibytes?: number;
}

/** What machines start from. */
export interface Boot {
  readonly kernel: string;
  readonly initialRamDisk: string;
  readonly payload: string;
  /** Folder with `authorized_key` and a `NAME.host_key` for each machine. */
  readonly keys: string;
}

/** Addresses that only a machine sees, and the unix sockets of the host behind them. */
export const FORWARDS = {
  /** The API server. */
  api: { ...SERVER_IN_MACHINES, socket: 'control-plane/api.sock' },
  /** Where apps acknowledge what they have committed. */
  acknowledge: { address: '10.0.2.101', port: 5170, socket: 'acknowledge.sock' },
} as const;

/**
 * What a machine has flushed is written to its file, so that the end of QEMU takes nothing of it; that the host writes it to
 * its own disk is not waited for, since no lab outlives the host.
 */
const WRITABLE = 'driver=qcow2,discard=unmap,cache.no-flush=on,file.cache.no-flush=on';

/**
 * The largest that there is: without the offloads that a real card has, an emulated processor spends its time on frames.
 * A LUN is read at 39 MB/s instead of 7.
 */
const STORAGE_MTU = 65_535;

/** Part of what a saved machine depends on: another one can't be loaded into it. */
export const MACHINE_TYPE = 'pc-i440fx-7.2';

/**
 * QEMU's command line. Paths of sockets are relative to the folder of the lab, since a unix socket's is limited to 107
 * characters.
 */
export function qemuArguments(
  spec: MachineSpec,
  boot: Boot,
  accelerator: Accelerator,
  start: {
    /** Ports of the host, in the order of `spec.ports`; 0 leaves the choice to the system. */
    readonly hostPorts: readonly number[];
    /** The file of a saved machine to go on with, instead of booting. */
    readonly saved?: string;
  },
): string[] {
  return [
    ...acceleration(accelerator),
    ...['-machine', MACHINE_TYPE, '-m', String(spec.memoryMebibytes), '-smp', '1', '-uuid', uuid(spec)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-msg', 'guest-name=off'],
    ...['-serial', `file:${spec.name}/serial.log`, '-qmp', `unix:${spec.name}/qmp.sock,server=on,wait=off`],
    ...['-kernel', boot.kernel, '-initrd', boot.initialRamDisk, '-append', commandLine(spec, accelerator)],
    ...spec.disks.flatMap(({ serial }) => disk(serial, WRITABLE, `${spec.name}/${serial}.qcow2`)),
    ...(spec.hasPayload ? disk('payload', 'driver=raw,read-only=on', boot.payload) : []),
    ...controlNetwork(spec, start.hostPorts),
    ...['-netdev', `stream,id=storage,server=off,addr.type=unix,addr.path=${spec.name}/switch.sock`],
    ...['-device', `virtio-net-pci,netdev=storage,mac=${mac(spec, 1)},host_mtu=${STORAGE_MTU}`],
    ...['-object', 'rng-random,id=random,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=random'],
    ...['-fw_cfg', `name=opt/lunward/authorized_key,file=${comma(`${boot.keys}/authorized_key`)}`],
    ...['-fw_cfg', `name=opt/lunward/host_key,file=${comma(`${boot.keys}/${spec.name}.host_key`)}`],
    // `-incoming file:` came with QEMU 8.2.
    ...(start.saved ? ['-incoming', `exec:cat ${quote(start.saved)}`] : []),
  ];
}

function acceleration(accelerator: Accelerator): string[] {
  return accelerator === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host,migratable=on']
    : // Its cache of translated code would take a gigabyte a machine.
      ['-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'Westmere'];
}

function commandLine(spec: MachineSpec, accelerator: Accelerator): string {
  return [
    // By its label: which disk the kernel finds first is chance.
    'root=LABEL=lab-root rw console=ttyS0 loglevel=5 systemd.show_status=0 net.ifnames=0',
    // Nobody in there is to be kept from anybody, and it costs an emulated processor dearly. Above all, code that lies
    // at the same place in every process is translated once.
    'mitigations=off norandmaps nokaslr init_on_alloc=0 apparmor=0 selinux=0 nowatchdog cryptomgr.notests fsck.mode=skip',
    // X86_FEATURE_REP_GOOD: string instructions are emulated step by step, and without it the kernel clears and copies pages by
    // others. A fork takes a fifth less.
    // Timers of less than a tick: an interrupt each, some seven hundred a second. Without them an idle node takes a third less.
    ...(accelerator === 'tcg' ? ['clearcpuid=112 highres=off'] : []),
    // What went wrong is to be seen even where the network is what went wrong.
    'systemd.journald.forward_to_console=1 systemd.journald.max_level_console=err',
    `lab.host=${spec.name} lab.address=${spec.address}/24`,
    ...(spec.pods ? [`lab.pods=${spec.pods}`] : []),
  ].join(' ');
}

function disk(serial: string, format: string, file: string): string[] {
  return [
    '-blockdev',
    `${format},node-name=${serial},file.driver=file,file.filename=${comma(file)}`,
    '-device',
    `virtio-blk-pci,drive=${serial},serial=${serial}`,
  ];
}

/** QEMU answers on this card itself; `restrict` lets nothing through but what is forwarded by name. */
function controlNetwork(spec: MachineSpec, hostPorts: readonly number[]): string[] {
  const forwards = Object.values(FORWARDS).map(
    ({ address, port, socket }) => `,guestfwd=tcp:${address}:${port}-cmd:socat - UNIX-CONNECT:${socket}`,
  );
  const ports = spec.ports.map((port, index) => `,hostfwd=tcp:127.0.0.1:${hostPorts[index] ?? 0}-:${port}`);
  return [
    ...['-netdev', `user,id=control,ipv6=off,restrict=on${forwards.join('')}${ports.join('')}`],
    ...['-device', `virtio-net-pci,netdev=control,mac=${mac(spec, 0)}`],
  ];
}

function mac(spec: MachineSpec, card: number): string {
  return `52:54:00:00:0${card}:${hexadecimal(spec.number)}`;
}

function uuid(spec: MachineSpec): string {
  return `6c756e77-6172-4400-8000-0000000000${hexadecimal(spec.number)}`;
}

function hexadecimal(number: number): string {
  return number.toString(16).padStart(2, '0');
}

/** A comma in a value of an option is written twice. */
function comma(value: string): string {
  return value.replaceAll(',', ',,');
}
