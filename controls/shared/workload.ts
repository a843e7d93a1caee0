import type {Finding} from '../../src/engine/control.ts';
import type {Json} from '../../src/engine/json.ts';
import {isKnown} from '../../src/engine/kinds.ts';
import {describe, type Resource} from '../../src/engine/objects.ts';
import type {PathSegment} from '../../src/engine/path.ts';
import {type Container, isTopLevel, podTemplate, WORKLOADS} from '../../src/engine/pod-spec.ts';
import {shown} from './fix.ts';

/** What every control over workloads counts, and what it must be able to read. */
export const overWorkloads = {
  kinds: WORKLOADS,
  counts: (resource: Resource): boolean =>
    isTopLevel(resource) && isKnown(resource.apiVersion, resource.kind),
};

/** A finding at a field of a container; the message may name `{container}` and `{object}`. */
export const inContainer = <Id extends string>(
  message: Id,
  resource: Resource,
  container: Container,
  field: readonly PathSegment[],
  value: Json | undefined,
): Finding<Id> => ({
  message,
  path: [...container.path, ...field],
  found: shown(value),
  data: {container: container.name, object: describe(resource)},
});

/** All containers of a workload, none of a Windows pod: there the API refuses the fields of Linux. */
export const linuxContainers = (resource: Resource): readonly Container[] => {
  const template = podTemplate(resource);
  return template.windows ? [] : template.containers;
};
