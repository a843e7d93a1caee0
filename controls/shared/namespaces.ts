import type {View} from '../../src/engine/control.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {WORKLOADS} from '../../src/engine/pod-spec.ts';

/** An object on disk that names no namespace goes to `default` unless it is told otherwise: both are one. */
export const spaceOf = (namespace: string): string => namespace || 'default';
const spaces = (namespace: string): readonly string[] =>
  spaceOf(namespace) === 'default' ? ['', 'default'] : [namespace];

export const listIn = (view: View, kind: string, namespace: string): readonly Resource[] =>
  spaces(namespace).flatMap((space) => view.list(kind, space));

export const getIn = (view: View, kind: string, namespace: string, name: string): Resource | undefined => {
  for (const space of spaces(namespace)) {
    const found = view.get(kind, space, name);
    if (found) return found;
  }
  return undefined;
};

/** Whether anything runs in a namespace, or would. */
export const hasWorkloads = (view: View, namespace: string): boolean =>
  WORKLOADS.some((kind) => listIn(view, kind, namespace).length > 0);
