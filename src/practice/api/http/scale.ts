import {asObject, type JsonObject} from '../../../engine/json.ts';
import {whenAnswered} from '../admission/asks.ts';
import {methodNotAllowed} from '../api-error.ts';
import {copy, type Draft, ensure, text} from '../draft.ts';
import type {Stored} from '../machine.ts';
import type {Column, ResourceInfo} from '../resources.ts';
import {scaleOf, setReplicas} from '../scale-object.ts';
import {mediaType, readBody} from './body.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {patchChange, patchType} from './patch.ts';
import {type Answer, bodyOf, type Services} from './resource-handlers.ts';
import {checkScale} from './scale-check.ts';

const columns: readonly Column[] = [
  ['Name', 'string'],
  ['Desired', 'integer'],
  ['Available', 'integer'],
  ['Age', 'string'],
].map(([name = '', type = '']) => ({name, type, format: '', priority: 0}));

/** How a table shows the scale of a kind: the same for all of them. */
function shownAs({custom: _, view: __, ...info}: ResourceInfo): ResourceInfo {
  return {...info, id: 'scales.autoscaling', columns};
}

/** @throws {ApiError} */
export async function serveScale(
  call: Call,
  services: Services,
  info: ResourceInfo,
  namespace: string,
): Promise<Answer> {
  const {server} = services;
  const {name, verb} = call.info;
  const type = server.registry.schema.type('autoscaling/v1.Scale');
  const expected = {type, apiVersion: 'autoscaling/v1', version: 'v1', kind: 'Scale'};
  if (verb === 'get')
    return {code: 200, object: scaleOf(info, server.read(info, namespace, name)), info: shownAs(info)};
  let change: (scale: JsonObject) => Draft;
  if (verb === 'update') {
    const draft = decodeBody(call, await bodyOf(call, info, services, 'Scale'), expected);
    change = () => draft;
  } else if (verb === 'patch') {
    const kind = patchType(mediaType(call.request));
    const patched = patchChange(call, kind, (await readBody(call.request)).toString('utf8'), info, type);
    change = (scale) => patched(scale as Stored);
  } else throw methodNotAllowed();
  const context = contextOf(call, verb === 'patch' ? false : undefined);
  const scaled = (current: Stored): Draft => {
    const scale = change(scaleOf(info, current));
    checkScale(info, current, scale);
    const draft = copy(current);
    setReplicas(info, draft, Number(asObject(scale.spec).replicas ?? 0));
    const revision = text(ensure(scale, 'metadata'), 'resourceVersion');
    if (revision) ensure(draft, 'metadata').resourceVersion = revision;
    return draft;
  };
  const updated = await whenAnswered(context, (asking) =>
    server.updateObject(info, namespace, name, 'scale', scaled, asking),
  );
  return {code: 200, object: scaleOf(info, updated), info: shownAs(info)};
}
