import type {Edit, Question} from '../../src/engine/change.ts';
import type {Failure, Finding, View} from '../../src/engine/control.ts';
import {asArray, asObject, type Json} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {type Container, podTemplate} from '../../src/engine/pod-spec.ts';
import {formatCpu, formatMemory, parseQuantity} from '../../src/engine/quantity.ts';
import type {Plan} from './fix.ts';
import {listIn} from './namespaces.ts';
import {type ResourceName, roundUp, type Usage} from './usage.ts';
import {inContainer} from './workload.ts';

export const limitReferences = [
  'Kubernetes Hardening Guidance, Network separation and hardening: Resource policies',
  'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  'https://kubernetes.io/docs/concepts/policy/limit-range/',
] as const;

export const limitMessages = {
  cpu: 'Container {container} of {object} may take every CPU of its node: it has no CPU limit. Set one.',
  memory:
    'Container {container} of {object} may take all memory of its node, until other pods are killed for it: it has no memory limit. Set one.',
} as const;

export const format = (resource: ResourceName, value: number): string =>
  resource === 'memory' ? formatMemory(value) : formatCpu(value);

export const limitOf = ({spec}: Container, resource: ResourceName): Json | undefined =>
  asObject(asObject(spec.resources).limits)[resource] ?? undefined;

export const requestOf = ({spec}: Container, resource: ResourceName): Json | undefined =>
  asObject(asObject(spec.resources).requests)[resource] ?? undefined;

/** Whether the pod as a whole has a limit, which holds for all its containers. */
const podLimit = (workload: Resource, resource: ResourceName): Json | undefined =>
  asObject(asObject(podTemplate(workload).spec.resources).limits)[resource] ?? undefined;

/** The containers (not init) that have no limit of their own, nor their pod. */
export const unlimited = (workload: Resource, resource: ResourceName): readonly Container[] =>
  podLimit(workload, resource) === undefined
    ? podTemplate(workload).containers.filter(
        (container) => container.type === 'containers' && limitOf(container, resource) === undefined,
      )
    : [];

/** Whether a LimitRange of the namespace gives a limit to containers without: its default, else its maximum. */
export const hasDefaultLimit = (view: View, namespace: string, resource: ResourceName): boolean =>
  listIn(view, 'LimitRange', namespace).some(({object}) =>
    asArray(asObject(object.spec).limits).some((item) => {
      const {type, default: given, max} = asObject(item);
      return type === 'Container' && (asObject(given)[resource] ?? asObject(max)[resource]) !== undefined;
    }),
  );

export function* missingLimits<Id extends ResourceName>(
  workload: Resource,
  resources: readonly Id[],
): Iterable<Finding<Id>> {
  for (const container of podTemplate(workload).containers) {
    for (const resource of resources) {
      if (!unlimited(workload, resource).includes(container)) continue;
      yield inContainer(resource, workload, container, ['resources', 'limits', resource], undefined);
    }
  }
}

/** A limit, and where nothing requests anything a request too, in each container that has no limit. */
export function atEachContainer(
  {resource: workload}: Failure,
  resources: readonly ResourceName[],
  usage: Usage,
): Plan {
  const edits = resources.flatMap((resource) =>
    unlimited(workload, resource).flatMap((container) => editsOf(workload, container, resource, usage)),
  );
  return {
    approach: 'at each container',
    summary: `sets ${resources.length === 2 ? 'CPU and memory limits' : resources[0] === 'cpu' ? 'a CPU limit' : 'a memory limit'} in each container, restarts its pods`,
    kind: 'review',
    edits,
    consequence: [
      resources.includes('memory') ? 'A container that uses more memory than its limit is killed.' : '',
      resources.includes('cpu') ? 'One that wants more CPU than its limit is slowed.' : '',
      'Without a request of its own it is given its limit as request, so that fewer pods fit on a node.',
    ]
      .filter(Boolean)
      .join(' '),
  };
}

const words = {cpu: 'CPU', memory: 'memory'} as const;
/** Starting takes more than running, and one measurement is no peak. */
const least = {cpu: 0.25, memory: 128 * 1024 ** 2} as const;

function editsOf(
  workload: Resource,
  container: Container,
  resource: ResourceName,
  usage: Usage,
): readonly Edit[] {
  const used = usage.of(workload, container.name, resource);
  const request = parseQuantity(requestOf(container, resource));
  const path = [...container.path, 'resources'];
  const question = (
    what: 'limit' | 'request',
    then: Pick<Question, 'reason'> & {suggestion?: string},
  ): Question => ({
    id: `${workload.key} ${container.name} ${resource} ${what}`,
    label: `${words[resource]} ${what} of ${container.name}`,
    type: 'quantity',
    ...then,
  });
  const limit = question('limit', limitAnswer(resource, used, request));
  const edits: Edit[] = [{op: 'set', path: [...path, 'limits', resource], value: {ask: limit}}];
  if (request === undefined && used !== undefined) {
    const suggestion = format(resource, roundUp(resource, used));
    const ask = question('request', {suggestion, reason: `its use, ${format(resource, used)}`});
    edits.push({op: 'set', path: [...path, 'requests', resource], value: {ask}});
  }
  return edits;
}

function limitAnswer(
  resource: ResourceName,
  used: number | undefined,
  request: number | undefined,
): {suggestion?: string; reason: string} {
  if (used === undefined) {
    const floor = request === undefined ? '' : `, not below its request of ${format(resource, request)}`;
    return {reason: `nothing was measured: type a value${floor}`};
  }
  const twice = Math.max(used * 2, least[resource]);
  const isRequest = request !== undefined && request > twice;
  return {
    suggestion: format(resource, roundUp(resource, isRequest ? request : twice)),
    reason: isRequest
      ? `its request, ${format(resource, request)}`
      : `twice its use of ${format(resource, used)}, at least ${format(resource, least[resource])}`,
  };
}
