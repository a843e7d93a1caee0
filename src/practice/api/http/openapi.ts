import {createHash} from 'node:crypto';
import type {JsonObject} from '../../../engine/json.ts';
import {openApiDocument} from '../openapi.ts';
import {encodeOpenApiV2, openApiV2} from '../openapi-v2.ts';
import type {Call} from './call.ts';
import type {Services} from './resource-handlers.ts';
import {respond, respondText} from './respond.ts';

/** `/openapi/v3`: the index, and one document for each group and version; `/openapi/v2`: all in one. */
export async function serveOpenApi(call: Call, services: Services, path: string): Promise<boolean> {
  const {registry} = services.server;
  const bases = registry.groups.flatMap(({group, versions}) =>
    versions.map(({version, resources}) => ({
      base: group ? `apis/${group}/${version}` : `api/${version}`,
      resources,
    })),
  );
  if (path === '/openapi/v3') {
    const paths: Record<string, JsonObject> = {};
    for (const {base, resources} of bases) {
      const names = resources
        .map((info) => `${info.plural}${JSON.stringify(info.custom?.schema ?? '')}`)
        .join();
      const hash = createHash('sha256').update(names).digest('hex').toUpperCase();
      paths[base] = {serverRelativeURL: `/openapi/v3/${base}?hash=${hash}`};
    }
    await respond(call.response, 200, {paths});
    return true;
  }
  if (path === '/openapi/v2') {
    const documents = bases.map(({base, resources}) => openApiDocument(base, resources, registry.schema));
    const document = openApiV2(documents, registry.schema.version);
    if (!(call.request.headers.accept ?? '').includes('com.github.proto-openapi.spec.v2')) {
      await respond(call.response, 200, document);
      return true;
    }
    const bytes = encodeOpenApiV2(document);
    call.response.writeHead(200, {
      'Content-Type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      'Content-Length': bytes.length,
      'Cache-Control': 'no-cache, private',
    });
    call.response.end(bytes);
    return true;
  }
  const found = bases.find(({base}) => path === `/openapi/v3/${base}`);
  if (found) await respond(call.response, 200, openApiDocument(found.base, found.resources, registry.schema));
  else respondText(call.response, 404, '404 page not found\n');
  return true;
}
