import {applyPatch, type Operation, Pointer} from 'rfc6902';
import {asObject, asString, type Json, type JsonObject} from '../../../engine/json.ts';
import {copy, copyValue, type Draft, isDraft} from '../draft.ts';

/** The object with a webhook's JSON patch applied. @throws {Error} in the words of the real server's library. */
export function webhookPatch(object: JsonObject, operations: readonly Json[]): Draft {
  const result = copy(object);
  for (const item of operations) {
    const {op, path, from, value} = asObject(item);
    const given = value === undefined ? null : copyValue(value);
    const problem = applied(result, asString(op), asString(path), asString(from), given);
    if (problem !== undefined) throw new Error(problem);
  }
  return result;
}

function applied(
  target: Draft,
  op: string,
  path: string,
  from: string,
  value: ReturnType<typeof copyValue>,
): string | undefined {
  const operation = {op, path, from, value} as Operation;
  if (!['add', 'remove', 'replace', 'move', 'copy', 'test'].includes(op))
    return `Unexpected kind: ${op || 'unknown'}`;
  let place: ReturnType<Pointer['evaluate']>;
  try {
    place = Pointer.fromJSON(path).evaluate(target);
  } catch {
    return `${op} operation does not apply: doc is missing path: ${path}: missing value`;
  }
  const {parent, key, value: current} = place;
  const hasParent = typeof parent === 'object' && parent !== null;
  switch (op) {
    case 'add':
      if (!hasParent)
        return `add operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`;
      break;
    case 'remove':
      if (!hasParent)
        return `remove operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`;
      if (current === undefined)
        return `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`;
      break;
    case 'replace':
      if (!hasParent) return `replace operation does not apply: doc is missing path: ${path}: missing value`;
      // As on a real server, a key that is not there is added.
      if (current === undefined && isDraft(parent)) operation.op = 'add';
      break;
    case 'test':
      if (!hasParent) return `test operation does not apply: is missing path: ${path}: missing value`;
      break;
    default:
  }
  const [problem] = applyPatch(target, [operation]);
  if (!problem) return undefined;
  return op === 'test'
    ? `testing value ${path} failed: test failed`
    : `${op} operation does not apply: ${problem.message}`;
}
