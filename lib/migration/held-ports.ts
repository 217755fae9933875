import type { ClusterClient } from '../kubernetes/cluster-client';
import type { Lease } from '../kubernetes/lease';
import type { Runner, Unit } from '../nodes/runner';
import type { Owner } from '../owners/owner';
import type { OwnerFactories } from '../owners/registry';
import type { MigratorPorts } from './ports';

type Proof = Lease['assertHeld'];

/**
 * The ports of use cases that hold an app's lease: nothing is changed through them before it is proven that the lease is still held.
 * So no use case can forget it, wherever the machine slept.
 */
export function heldPorts(ports: MigratorPorts, { assertHeld }: Pick<Lease, 'assertHeld'>): MigratorPorts {
  const { client, nodes, owners, project } = ports;
  return {
    ...ports,
    client: heldClient(client, assertHeld),
    nodes: nodes.map((node) => ({ ...node, runner: heldRunner(node.runner, assertHeld) })),
    owners: heldOwners(owners, assertHeld),
    project: proven(project, ['changeLock'], assertHeld),
  };
}

function heldClient(client: ClusterClient, assertHeld: Proof): ClusterClient {
  return proven(client, ['create', 'write', 'patch', 'delete'], assertHeld);
}

/** A script may change something whatever its name is, so each of them waits for the proof. */
function heldRunner(runner: Runner, assertHeld: Proof): Runner {
  return {
    run: async (script) => {
      await assertHeld();
      return runner.run(script);
    },
    unit: (name, script) => heldUnit(runner.unit(name, script), assertHeld),
  };
}

function heldUnit<Facts>(unit: Unit<Facts>, assertHeld: Proof): Unit<Facts> {
  const { start, cancel } = proven(unit, ['start', 'cancel'], assertHeld);
  return { start, cancel, reattach: (options) => unit.reattach({ ...options, beforeRemoval: assertHeld }) };
}

function heldOwners({ kubectl, pulumi }: OwnerFactories, assertHeld: Proof): OwnerFactories {
  const held = (owner: Owner) => proven(owner, ['fence', 'stop', 'switchClaim', 'start', 'release'], assertHeld);
  return {
    kubectl: (props) => held(kubectl({ ...props, assertHeld })),
    ...(pulumi && { pulumi: async (props) => held(await pulumi({ ...props, assertHeld })) }),
  };
}

/** The same object, but that some of its methods wait for the proof first. */
function proven<Port extends object>(port: Port, methods: readonly (keyof Port)[], assertHeld: Proof): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target);
      if (!methods.includes(name as keyof Port)) return method;
      return async (...parameters: readonly unknown[]) => {
        await assertHeld();
        return method(...parameters);
      };
    },
  });
}
