import type {Call} from './call.ts';
import type {Services} from './resource-handlers.ts';
import {respond} from './respond.ts';

export async function serveOpenApi(call: Call, _services: Services, path: string): Promise<boolean> {
  if (path !== '/openapi/v3') return false;
  await respond(call.response, 200, {paths: {}});
  return true;
}
