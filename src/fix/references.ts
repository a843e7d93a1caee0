import type {View} from '../engine/control.ts';
import {asArray, asObject, asString, isArray, isObject, type Json} from '../engine/json.ts';
import type {Ref, Resource} from '../engine/objects.ts';
import {isTopLevel, podTemplate, serviceAccountName, WORKLOADS} from '../engine/pod-spec.ts';

/** The workloads of a namespace that controls judge: those that no other counted workload owns. */
export const workloadsIn = (view: View, namespace: string): readonly Resource[] =>
  WORKLOADS.flatMap((kind) => view.list(kind, namespace)).filter(isTopLevel);

/** Fields of a pod spec that name a Secret or a ConfigMap. */
const namingFields: Readonly<Record<string, readonly string[]>> = {
  Secret: ['secretRef', 'secretKeyRef', 'secret', 'imagePullSecrets'],
  ConfigMap: ['configMapRef', 'configMapKeyRef', 'configMap'],
};

function names(value: Json, fields: readonly string[], wanted: string): boolean {
  if (isArray(value)) return value.some((item) => names(item, fields, wanted));
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, item]) => {
    if (fields.includes(key)) {
      const holders = isArray(item) ? item : [item];
      if (holders.map(asObject).some(({name, secretName}) => (name ?? secretName) === wanted)) return true;
    }
    return names(item, fields, wanted);
  });
}

/** Whether a value refers to a Secret or a ConfigMap by name, in the namespace that both are in. */
export const namesObject = (value: Json, {kind, name}: Pick<Ref, 'kind' | 'name'>): boolean =>
  names(value, namingFields[kind] ?? [], name);

/** What needs an object: the workloads that mount it or run as it, the bindings of a role, all that is in a namespace. */
export function usersOf({kind, namespace, name}: Ref, view: View): readonly Resource[] {
  if (kind === 'Namespace') return workloadsIn(view, name);
  const fields = namingFields[kind];
  if (fields) {
    return workloadsIn(view, namespace).filter((workload) => names(podTemplate(workload).spec, fields, name));
  }
  if (kind === 'ServiceAccount') {
    return workloadsIn(view, namespace).filter(
      (workload) => serviceAccountName(podTemplate(workload)) === name,
    );
  }
  if (kind !== 'Role' && kind !== 'ClusterRole') return [];
  return ['RoleBinding', 'ClusterRoleBinding']
    .flatMap((binding) => view.list(binding))
    .filter(({object, namespace: at}) => {
      const ref = asObject(object.roleRef);
      return ref.kind === kind && ref.name === name && (kind === 'ClusterRole' || at === namespace);
    });
}

/** Grants of a ServiceAccount itself: groups that hold every account are left out. */
export const grantsOf = (view: View, namespace: string, name: string): readonly Resource[] =>
  view.list('Grant').filter(({object}) => {
    const subject = asObject(object.subject);
    return subject.kind === 'ServiceAccount' && subject.namespace === namespace && subject.name === name;
  });

/** Running pods of a workload, by the labels of its selector or by ownership. */
export function podsOf(view: View, workload: Resource): readonly Resource[] {
  if (workload.kind === 'Pod') return [workload];
  return view.list('Pod', workload.namespace).filter((pod) => topLevelKey(view, pod) === workload.key);
}

/** The pods of a namespace by the key of the workload that they belong to. */
export const podsByWorkload = (view: View, namespace: string): ReadonlyMap<string, readonly Resource[]> =>
  Map.groupBy(view.list('Pod', namespace), (pod) => topLevelKey(view, pod));

/** The key of the workload that a pod belongs to: itself where nothing owns it. */
export function topLevelKey(view: View, pod: Resource): string {
  let current = pod;
  // A pod, its ReplicaSet or Job, and what makes that.
  for (let step = 0; step < 3; step += 1) {
    const owners = asArray(asObject(current.object.metadata).ownerReferences).map(asObject);
    const next = owners
      .map(({kind, name}) => view.get(asString(kind), current.namespace, asString(name)))
      .find((one) => one !== undefined);
    if (next === undefined) break;
    current = next;
  }
  return current.key;
}
