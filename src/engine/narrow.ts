import type {FrameworkEntry} from './control.ts';
import {kindInfo} from './kinds.ts';
import type {Resource} from './objects.ts';

/** The control over these objects only, by their ids. */
export function onlyObjects(entry: FrameworkEntry, ids: ReadonlySet<string>): FrameworkEntry {
  const {control} = entry;
  const counts: typeof control.counts = (resource, view) =>
    ids.has(resource.id) && (control.counts?.(resource, view) ?? true);
  return {...entry, control: {...control, counts}};
}

/** The control over these namespaces only. One that is about the cluster itself is not evaluated: that is no pass. */
export function inNamespaces(entry: FrameworkEntry, namespaces: ReadonlySet<string>): FrameworkEntry {
  const {control} = entry;
  const isInside = ({kind, namespace, name}: Resource): boolean =>
    namespaces.has(kind === 'Namespace' ? name : namespace);
  const isAboutCluster = control.kinds.every(
    (kind) => kind !== 'Namespace' && kind !== 'Grant' && kindInfo(kind)?.namespaced !== true,
  );
  return {
    ...entry,
    control: {
      ...control,
      counts: (resource, view) => isInside(resource) && (control.counts?.(resource, view) ?? true),
      unavailable: (view) =>
        isAboutCluster
          ? `It looks at the cluster itself, not at namespace ${[...namespaces].join(', ')}.`
          : control.unavailable?.(view),
    },
  };
}
