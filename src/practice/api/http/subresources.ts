import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {whenAnswered} from '../admission/asks.ts';
import {restrictNode} from '../admission/node-restriction.ts';
import {ApiError, badRequest, methodNotAllowed, notImplemented, pathNotFound} from '../api-error.ts';
import type {ResourceInfo} from '../resources.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {negotiate} from './negotiate.ts';
import {presentObject} from './present.ts';
import {type Answer, bodyOf, finish, patch, replace, type Services} from './resource-handlers.ts';
import {respond} from './respond.ts';
import {serveScale} from './scale.ts';

/** @throws {ApiError} */
export async function handleSubresource(call: Call, services: Services, info: ResourceInfo): Promise<void> {
  const {subresource, verb, namespace, name} = call.info;
  const sub = info.subresources.get(subresource);
  if (!sub) throw pathNotFound();
  const at = info.namespaced ? namespace : '';
  if (info.id === 'nodes' && subresource === 'proxy') {
    await serveNodeProxy(call, services);
    return;
  }
  if (!sub.verbs.includes(verb)) throw methodNotAllowed();
  if (info.id === 'pods' && streams.has(subresource)) {
    await serveStream(call, services, at);
    return;
  }
  if (subresource === 'ephemeralcontainers' && verb !== 'get')
    throw notImplemented(
      'The practice cluster runs no debug containers: look with kubectl logs, kubectl exec and kubectl describe, or run a pod of your own beside it.',
    );
  const format = negotiate(call.request.headers.accept);
  const send = async (answer: Answer): Promise<void> => {
    await services.durable();
    const shown = answer.info
      ? presentObject(answer.info, answer.object, format, call.query)
      : JSON.stringify(answer.object);
    await finish(call, answer.code, shown, format.media);
  };
  switch (subresource) {
    case 'status':
    case 'approval':
    case 'finalize':
    case 'resize':
    case 'ephemeralcontainers':
      if (verb === 'get') await send({code: 200, object: services.server.read(info, at, name), info});
      else if (verb === 'update')
        await send({code: 200, object: await replace(call, services, info, at, subresource), info});
      else await send(await patch(call, services, info, at, subresource));
      return;
    case 'scale':
      await send(await serveScale(call, services, info, at));
      return;
    case 'binding': {
      const body = await bodyOf(call, info, services, 'Binding');
      const type = services.server.registry.schema.type('core/v1.Binding');
      const binding = decodeBody(call, body, {type, apiVersion: 'v1', version: 'v1', kind: 'Binding'});
      if (services.server.settings.plugins.has('NodeRestriction')) {
        const write = {info, operation: 'CREATE', sub: 'binding', namespace: at, name} as const;
        restrictNode(services.server, write, call.user);
      }
      await whenAnswered(contextOf(call), (asking) =>
        services.server.bindPod(at, name, asString(asObject(binding.target).name), asking),
      );
      await send({code: 201, object: success()});
      return;
    }
    case 'eviction': {
      const {evict} = await import('./eviction.ts');
      await send(await evict(call, services, at));
      return;
    }
    case 'token': {
      const {createToken} = await import('./token.ts');
      await send(await createToken(call, services, at));
      return;
    }
    default:
      throw notImplemented(
        `The practice cluster does not serve ${info.plural}/${subresource}: no real container runs here.`,
      );
  }
}

const streams = new Set(['log', 'exec', 'attach', 'portforward']);

/** What a kubelet serves of a pod. @throws {ApiError} */
async function serveStream(call: Call, services: Services, namespace: string): Promise<void> {
  const {subresource, name} = call.info;
  if (subresource === 'log') {
    const {serveLog} = await import('./log.ts');
    await serveLog(call, services, namespace);
    return;
  }
  services.server.read(services.server.info('pods'), namespace, name);
  if (!call.upgrade) throw badRequest('Upgrade request required');
  if (subresource === 'exec') {
    const {serveExec} = await import('./exec.ts');
    await serveExec(call, services, namespace, call.upgrade);
    return;
  }
  throw notImplemented(
    subresource === 'attach'
      ? 'The practice cluster has no terminal to attach to, as no real container runs here: read what the program writes with kubectl logs.'
      : 'The practice cluster forwards no ports, as no real container listens here: look at the Service and its EndpointSlices with kubectl describe.',
  );
}

export const success = (code = 201): JsonObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code,
});

/** `nodes/NAME/proxy/configz`: the kubelet's configuration, from the node's own file. */
async function serveNodeProxy(call: Call, services: Services): Promise<void> {
  const {name, rest} = call.info;
  services.server.read(services.server.info('nodes'), '', name);
  if (rest !== 'configz')
    throw notImplemented(`The practice cluster's kubelets answer configz only, and not ${rest || '/'}.`);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw pathNotFound();
  let text: string;
  try {
    text = await readFile(join(services.directory, 'nodes', name, 'var/lib/kubelet/config.yaml'), 'utf8');
  } catch {
    throw pathNotFound();
  }
  const {parse} = await import('yaml');
  let config: JsonObject;
  try {
    config = asObject(parse(text) as Json);
  } catch (error) {
    throw new ApiError(
      503,
      'ServiceUnavailable',
      `error trying to reach service: the kubelet of ${name} does not start, as its var/lib/kubelet/config.yaml is no YAML: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  const {apiVersion: _, kind: __, ...kubeletconfig} = config;
  await respond(call.response, 200, {kubeletconfig});
}
