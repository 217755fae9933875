import { serviceName } from '../../core/names';
import { at } from '../../core/paths';
import type { Problem } from '../../core/problems';
import { problemsOf } from '../../core/schema';
import { hasAction, healthOf } from '../manifests/probes';
import type { MediaAppModel } from '../model';

/** Lists ports that clash, and Services, probes and routes that name a port that does not exist. */
export function portProblems(app: MediaAppModel, path: string): Problem[] {
  return [
    ...clashes(app, path),
    ...serviceProblems(app, path),
    ...healthProblems(app, path),
    ...backendProblems(app, path),
  ];
}

function clashes(app: MediaAppModel, path: string): Problem[] {
  return app.ports
    .filter((port, index) =>
      app.ports
        .slice(0, index)
        .some(
          (other) =>
            other.name === port.name ||
            (other.containerPort === port.containerPort && other.protocol === port.protocol),
        ),
    )
    .map((port) => ({
      path: at(path, 'ports', port.group),
      value: app.props.ports?.[port.group],
      expected: `no other port named "${port.name}" and none on ${port.containerPort}/${port.protocol}`,
    }));
}

function serviceProblems(app: MediaAppModel, path: string): Problem[] {
  const known = new Set(app.ports.map((port) => port.group));
  const problems: Problem[] = [];
  app.services.forEach((service, index) => {
    const where = Array.isArray(app.props.service) ? at(path, 'service', index) : at(path, 'service');
    if (app.services.slice(0, index).some((other) => (other.name ?? app.name) === (service.name ?? app.name))) {
      problems.push({
        path: at(where, 'name'),
        value: service.name,
        expected: `another name than "${service.name ?? app.name}", which a Service before it has`,
      });
    }
    if (service.name === undefined && problemsOf(serviceName, app.name, '').length > 0) {
      problems.push({
        path: at(where, 'name'),
        value: app.name,
        expected: 'a name that begins with a letter, as Services want it',
        remedy: 'name the Service, for the app’s own name does not fit',
      });
    }
    if (known.size === 0) {
      problems.push({ path: where, value: service, expected: 'no Service for an app without ports' });
    }
    service.ports?.forEach((entry, position) => {
      const name = typeof entry === 'string' ? entry : entry.name;
      if (!known.has(name)) {
        problems.push(unknownPort(app, at(where, 'ports', position), name));
      }
      const before = service.ports?.slice(0, position).map((one) => (typeof one === 'string' ? one : one.name));
      if (before?.includes(name)) {
        problems.push({ path: at(where, 'ports', position), value: name, expected: 'no port twice' });
      }
    });
  });
  return problems;
}

function healthProblems(app: MediaAppModel, path: string): Problem[] {
  const health = healthOf(app);
  const name = health && ('tcpPort' in health ? health.tcpPort : 'port' in health ? health.port : undefined);
  const problems: Problem[] = [];
  if (name !== undefined && !app.ports.some((port) => port.group === name && port.protocol === 'TCP')) {
    problems.push(unknownPort(app, at(path, 'health'), name));
  }
  if (app.props.health && !('command' in app.props.health) && !app.ports.some(({ protocol }) => protocol === 'TCP')) {
    problems.push({
      path: at(path, 'health'),
      value: app.props.health,
      expected: 'a command, for the app has no TCP port',
    });
  }
  for (const [kind, probe] of Object.entries(app.props.probes ?? {})) {
    if (probe && !hasAction(probe) && !health) {
      problems.push({
        path: at(path, 'probes', kind),
        value: probe,
        expected: 'an action such as exec, for the app has neither `health` nor a TCP port to ask',
      });
    }
    const port = probe && (probe.httpGet?.port ?? probe.tcpSocket?.port);
    if (typeof port === 'string' && !app.ports.some((candidate) => candidate.name === port)) {
      problems.push(unknownPort(app, at(path, 'probes', kind), port));
    }
  }
  return problems;
}

function backendProblems(app: MediaAppModel, path: string): Problem[] {
  const problems: Problem[] = [];
  for (const key of ['ingress', 'httpRoute'] as const) {
    const value = app.props[key];
    const list = value === undefined ? [] : [value].flat();
    list.forEach((reference, index) => {
      const name = reference.name ?? app.name;
      if (list.slice(0, index).some((other) => (other.name ?? app.name) === name)) {
        problems.push({
          path: at(path, key, index, 'name'),
          value: reference.name,
          expected: `another name than "${name}", which one before it has`,
        });
      }
      if (!app.findBackend(reference)) {
        problems.push({
          path: Array.isArray(value) ? at(path, key, index) : at(path, key),
          value: { service: reference.service, port: reference.port },
          expected: 'a Service of the app and a TCP port of that Service',
          remedy: `the Services are ${quoted(app.services.map((service) => service.name ?? app.name))}, the ports ${quoted(app.ports.map(({ name }) => name))}`,
        });
      }
    });
  }
  return problems;
}

function unknownPort(app: MediaAppModel, path: string, value: string): Problem {
  return { path, value, expected: `one of the app's ports: ${quoted(app.ports.map((port) => port.group))}` };
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ');
}
