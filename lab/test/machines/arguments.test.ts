import { describe, expect, it } from 'vitest';
import { type Boot, FORWARDS, qemuArguments } from '../../machines/arguments';
import { MACHINES, NAS, NODES } from '../../setup/specs';

const boot: Boot = {
  kernel: '/cache/vmlinuz',
  initialRamDisk: '/cache/initrd.img',
  payload: '/cache/a,b/payload.img',
  keys: '/cache/keys',
};

describe("QEMU's arguments", () => {
  it.each(MACHINES.map((spec) => [spec.name, spec] as const))(
    'keep %s on the loopback and in its folder',
    (_, spec) => {
      const args = qemuArguments(spec, boot, 'tcg', { hostPorts: spec.ports.map(() => 0) });
      const text = args.join('\n');
      expect(text).toContain('restrict=on');
      for (const [, address] of text.matchAll(/hostfwd=tcp:([\d.]+):/g)) expect(address).toBe('127.0.0.1');
      expect(text.match(/hostfwd/g)).toHaveLength(spec.ports.length);
      for (const { socket } of Object.values(FORWARDS)) expect(text).toContain(`socat - UNIX-CONNECT:${socket}`);
      expect(text).not.toMatch(/-net(dev)? (bridge|tap|vde|l2tpv3)/);
    },
  );

  it('tell machines apart', () => {
    const all = MACHINES.map((spec) => qemuArguments(spec, boot, 'tcg', { hostPorts: [] }).join(' '));
    const found = (pattern: RegExp) => all.flatMap((text) => [...text.matchAll(pattern)].map(([match]) => match));
    expect(new Set(found(/mac=\S+/g)).size).toBe(2 * MACHINES.length);
    expect(new Set(found(/-uuid \S+/g)).size).toBe(MACHINES.length);
    expect(new Set(found(/lab\.address=\S+/g)).size).toBe(MACHINES.length);
    expect(new Set(found(/lab\.pods=\S+/g)).size).toBe(NODES.length);
  });

  it('write a comma of a path twice, and quote what a shell reads', () => {
    const args = qemuArguments(NODES[0] as (typeof NODES)[0], boot, 'tcg', {
      hostPorts: [40022, 40250],
      saved: "/home/it's/memory",
    });
    expect(args).toContain(
      'driver=raw,read-only=on,node-name=payload,file.driver=file,file.filename=/cache/a,,b/payload.img',
    );
    expect(args.at(-1)).toBe("exec:cat '/home/it'\\''s/memory'");
    expect(args.join(' ')).toContain('hostfwd=tcp:127.0.0.1:40022-:22,hostfwd=tcp:127.0.0.1:40250-:10250');
  });

  it('name a processor that can be saved', () => {
    const processor = (accelerator: 'kvm' | 'tcg') => {
      const args = qemuArguments(NAS, boot, accelerator, { hostPorts: [] });
      return args[args.indexOf('-cpu') + 1];
    };
    expect([processor('tcg'), processor('kvm')]).toEqual(['Westmere', 'host,migratable=on']);
  });
});
