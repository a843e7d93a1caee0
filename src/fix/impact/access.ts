import {asObject} from '../../engine/json.ts';
import {describe, objectId} from '../../engine/objects.ts';
import type {Consequence, Topic} from './situation.ts';

/** Grants that go: who could do something until now, and can't any more. */
export const access: Topic = ({now, then, items}) => {
  const found: Consequence[] = [];
  for (const {ref} of items) {
    if (ref.kind !== 'RoleBinding' && ref.kind !== 'ClusterRoleBinding') continue;
    const key = objectId(ref.kind, ref.namespace, ref.name);
    const ofThis = (view: typeof now) =>
      view.list('Grant').filter(({object}) => asObject(object.binding).key === key);
    const left = new Set(ofThis(then).map(({id}) => id));
    for (const grant of ofThis(now).filter(({id}) => !left.has(id))) {
      const subject = asObject(grant.object.subject);
      const role = asObject(grant.object.role);
      const who = describe({
        kind: String(subject.kind),
        namespace: String(subject.namespace),
        name: String(subject.name),
      });
      const text = `${who} loses ${String(role.kind)} ${String(role.name)}${ref.namespace ? ` in ${ref.namespace}` : ' in the whole cluster'}. What it does with it stops at once.`;
      found.push({mark: 'look', text, object: ref, cause: ref});
    }
  }
  return found;
};
