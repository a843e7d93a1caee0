import {aggregated, apiGroupList, apiResourceList, apiVersions, singleGroup} from '../discovery.ts';
import type {Call} from './call.ts';
import {negotiate} from './negotiate.ts';
import type {Services} from './resource-handlers.ts';
import {respond, respondText} from './respond.ts';

const checks = ['ping', 'log', 'etcd', 'informer-sync', 'poststarthook/rbac/bootstrap-roles', 'shutdown'];

/** Paths that are no resource: discovery, version, health, OpenAPI. False when there is nothing. */
export async function handlePath(call: Call, services: Services): Promise<boolean> {
  const {response, info, request} = call;
  const {registry} = services.server;
  const path = info.path.length > 1 ? info.path.replace(/\/$/, '') : info.path;
  const [, check = '', part] = /^\/(healthz|livez|readyz)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (check && part === undefined) {
    const lines = checks.map((name) => `[+]${name} ok\n`).join('');
    respondText(response, 200, call.query.has('verbose') ? `${lines}${check} check passed\n` : 'ok');
    return true;
  }
  if (check && checks.includes(part!)) {
    respondText(response, 200, 'ok');
    return true;
  }
  if (path === '/metrics') {
    respondText(response, 200, services.server.store.atRest?.metrics() ?? '');
    return true;
  }
  if (path === '/version') {
    // It is indented for everybody.
    await respond(response, 200, JSON.stringify(versionOf(registry.schema.version), undefined, 2));
    return true;
  }
  if (path === '/api' || path === '/apis') {
    const format = negotiate(request.headers.accept, false);
    const core = path === '/api';
    if (format.as === 'APIGroupDiscoveryList') {
      response.setHeader('Vary', 'Accept');
      const bytes = Buffer.from(JSON.stringify(aggregated(registry, core)));
      response.writeHead(200, {
        'Content-Type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        'Content-Length': bytes.length,
      });
      response.end(bytes);
    } else
      await respond(
        response,
        200,
        core ? apiVersions(request.headers.host ?? '') : apiGroupList(registry),
        format.media,
      );
    return true;
  }
  if (path.startsWith('/openapi/')) {
    const {serveOpenApi} = await import('./openapi.ts');
    return serveOpenApi(call, services, path);
  }
  if (path === '/') {
    const paths = registry.groups.flatMap(({group, versions}) => [
      ...(group ? [`/apis/${group}`] : []),
      ...versions.map(({version}) => (group ? `/apis/${group}/${version}` : `/api/${version}`)),
    ]);
    await respond(response, 200, {
      paths: [
        '/api',
        '/apis',
        ...paths,
        '/healthz',
        '/livez',
        '/metrics',
        '/openapi/v3',
        '/readyz',
        '/version',
      ].sort(),
    });
    return true;
  }
  const parts = path.split('/').slice(1);
  const found =
    parts[0] === 'api' && parts.length === 2
      ? apiResourceList(registry, '', parts[1]!)
      : parts[0] === 'apis' && parts.length === 2
        ? singleGroup(registry, parts[1]!)
        : parts[0] === 'apis' && parts.length === 3
          ? apiResourceList(registry, parts[1]!, parts[2]!)
          : undefined;
  if (found) await respond(response, 200, found, negotiate(request.headers.accept, false).media);
  else respondText(response, 404, '404 page not found\n');
  return true;
}

function versionOf(version: string): Record<string, string> {
  const [, major = '1', minor = ''] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: version,
    gitCommit: 'kubekata',
    gitTreeState: '',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: 'linux/arm64',
  };
}
