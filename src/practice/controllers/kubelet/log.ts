import type {Machine} from '../../api/machine.ts';
import {Cache} from '../cache.ts';
import {timeOf} from '../clock.ts';
import {containersOf} from '../pods.ts';
import {builtInResources} from '../resources.ts';
import type {Container, ContainerStatus, Pod} from '../types.ts';
import {startOutcome} from './kubelet.ts';
import {readTraits} from './traits.ts';

export type LogOf = {
  readonly namespace: string;
  readonly name: string;
  /** The only one, or the first main container, where none is named. */
  readonly container?: string;
  /** Of the instance before this one. */
  readonly previous?: boolean;
};

/**
 * What `kubectl logs` would show: the error of a program that crashes, a few lines of one that runs, nothing of one
 * that never started. Undefined when there is no such pod or container.
 */
export function podLog(
  machine: Machine,
  scenarioDirectory: string,
  of: LogOf,
  nodeDirectory?: string,
): string | undefined {
  const pod = machine.get('pods', of.namespace, of.name) as Pod | undefined;
  const container = pod && chosen(pod, of.container);
  if (!pod || !container) return undefined;
  const status = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ].find(({name}) => name === container.name);
  if (!status) return '';
  const crashed = status.lastState.terminated ?? status.state.terminated;
  const isCrash = of.previous === true || status.state.running === undefined;
  if (isCrash) {
    if (crashed?.reason !== 'Error') return crashed ? startLines(pod, container, status) : '';
    const told = typeof crashed.message === 'string' ? crashed.message : undefined;
    return told ?? reasonOf(machine, scenarioDirectory, pod, container, nodeDirectory);
  }
  return startLines(pod, container, status);
}

function chosen(pod: Pod, name: string | undefined): Container | undefined {
  const fallback = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const wanted = name ?? fallback;
  return wanted === undefined ? pod.spec.containers[0] : containersOf(pod).find((one) => one.name === wanted);
}

function reasonOf(
  machine: Machine,
  scenarioDirectory: string,
  pod: Pod,
  container: Container,
  nodeDirectory: string | undefined,
): string {
  const cache = new Cache();
  cache.load(machine, builtInResources);
  const outcome = startOutcome({cache}, readTraits(scenarioDirectory, cache), pod, container, nodeDirectory);
  return outcome.is === 'crashed' ? outcome.log : '';
}

function startLines(pod: Pod, container: Container, status: ContainerStatus): string {
  const since =
    status.state.running?.startedAt ?? status.lastState.terminated?.startedAt ?? pod.status?.startTime;
  const at = new Date(timeOf(since)).toISOString();
  const ports = (container.ports ?? []).map((port) => port.containerPort);
  return [
    `${at} INFO starting ${container.name} (${container.image})`,
    ...(ports.length > 0 ? [`${at} INFO listening on ${ports.join(', ')}`] : []),
  ].join('\n');
}
