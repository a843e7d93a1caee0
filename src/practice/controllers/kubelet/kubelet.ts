import type {ChangeEvent} from '../../api/machine.ts';
import {type Context, type Controller, itself, keyOf, refusal, splitKey, writeStatus} from '../controller.ts';
import type {Container, ContainerStatus, Node, Pod} from '../types.ts';
import {Addresses, nodeAddress} from './addresses.ts';
import {type Happening, nextStep, type Step, waitingFor} from './container.ts';
import {endOf} from './ends.ts';
import {resolvesNames} from './network.ts';
import {nodeFiles} from './node-files.ts';
import {writeStart} from './node-logs.ts';
import {isSidecar, podStatus} from './pod-status.ts';
import {missingVolume, objectsOf, refersTo} from './references.ts';
import {type Outcome, start} from './start.ts';
import type {TraitsOf} from './traits.ts';

const component = 'kubelet';

/** Runs the pods of every node, in thought: images have traits, and a container that lacks what it needs fails. */
export function kubelet(
  context: Context,
  traitsOf: TraitsOf,
  nodeDirectory?: string,
  logDirectory?: string,
  isDown: (node: string) => boolean = () => false,
): Controller {
  const {cache, machine, events, clock} = context;
  const addresses = new Addresses();
  const objects = objectsOf(cache);

  function reconcile(key: string): void {
    const pod = cache.get<Pod>('pods', ...splitKey(key));
    if (!pod?.spec.nodeName || isDown(pod.spec.nodeName)) return;
    const node = cache.get<Node>('nodes', '', pod.spec.nodeName);
    if (!node) return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      end(pod);
      return;
    }
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') return;
    advance(key, pod, node);
  }

  function end(pod: Pod): void {
    const {namespace = '', name} = pod.metadata;
    for (const status of pod.status?.containerStatuses ?? []) {
      if (status.state.running)
        tell(pod, [{type: 'Normal', reason: 'Killing', message: `Stopping container ${status.name}`}]);
    }
    try {
      machine.delete('pods', namespace, name, {user: userOf(pod), gracePeriodSeconds: 0});
    } catch (error) {
      if (refusal(error).code !== 404) throw error;
    }
  }

  function advance(key: string, pod: Pod, node: Node): void {
    const now = clock.now();
    const hostIP = nodeAddress(node);
    const unmounted = isStarted(pod) ? undefined : missingVolume(pod, objects);
    if (unmounted !== undefined) {
      tell(pod, [{type: 'Warning', reason: 'FailedMount', message: unmounted}]);
      const inits = pod.spec.initContainers ?? [];
      const wait = (container: Container): ContainerStatus =>
        waitingFor(container, inits.length > 0 ? 'PodInitializing' : 'ContainerCreating');
      const parts = {
        inits: inits.map(wait),
        mains: pod.spec.containers.map(wait),
        isInitialized: inits.length === 0,
      };
      const status = podStatus(pod, {...parts, isSetUp: false, podIP: undefined, hostIP, now});
      writeStatus(context, 'pods', pod, status, userOf(pod));
      return;
    }
    const podIP = pod.spec.hostNetwork === true ? hostIP : addresses.allocate(pod, node);
    const steps: Step[] = [];
    const {inits, isInitialized} = initialize(pod, now, steps);
    const mains = isInitialized
      ? pod.spec.containers.map((container) =>
          stepOf(pod, container, pod.status?.containerStatuses, now, steps),
        )
      : pod.spec.containers.map((container) => waitingFor(container, 'PodInitializing'));
    tell(
      pod,
      steps.flatMap((step) => step.happened),
    );
    const status = podStatus(pod, {inits, mains, isSetUp: true, isInitialized, podIP, hostIP, now});
    writeStatus(context, 'pods', pod, status, userOf(pod));
    const waits = steps.flatMap((step) => step.wakeIn ?? []);
    if (waits.length > 0) context.enqueue(component, key, Math.min(...waits));
  }

  /** Init containers one after the other; a sidecar only has to be up. */
  function initialize(pod: Pod, now: number, steps: Step[]) {
    const inits: ContainerStatus[] = [];
    let isInitialized = true;
    for (const container of pod.spec.initContainers ?? []) {
      if (!isInitialized) {
        inits.push(waitingFor(container, 'PodInitializing'));
        continue;
      }
      const status = stepOf(pod, container, pod.status?.initContainerStatuses, now, steps);
      inits.push(status);
      isInitialized = isSidecar(container)
        ? status.state.running !== undefined || status.lastState.terminated !== undefined
        : status.state.terminated?.exitCode === 0;
    }
    return {inits, isInitialized};
  }

  function stepOf(
    pod: Pod,
    container: Container,
    statuses: readonly ContainerStatus[] | undefined,
    now: number,
    steps: Step[],
  ): ContainerStatus {
    const prior = statuses?.find(({name}) => name === container.name);
    const traits = traitsOf(pod, container);
    const isInit = pod.spec.initContainers?.includes(container) === true;
    const policy = pod.spec.restartPolicy ?? 'Always';
    const step = nextStep(prior, {
      pod,
      container,
      now,
      outcome: () => {
        const outcome = startNow(pod, container);
        if (prior?.state.running === undefined)
          writeStart(logDirectory, pod, container, prior ? prior.restartCount + 1 : 0, outcome, now);
        return outcome;
      },
      ending: () =>
        traits.dns !== undefined && !resolvesNames(cache, pod)
          ? `dial tcp: lookup ${traits.dns}: i/o timeout`
          : undefined,
      restartPolicy: isInit
        ? isSidecar(container)
          ? 'Always'
          : policy === 'Never'
            ? 'Never'
            : 'OnFailure'
        : policy,
    });
    steps.push(step);
    return step.status;
  }

  function startNow(pod: Pod, container: Container): Outcome {
    return startOutcome(context, traitsOf, pod, container, nodeDirectory);
  }

  function tell(pod: Pod, happened: readonly Happening[]): void {
    for (const {type, reason, message} of happened) {
      if (type === 'Normal') events.normal(pod, reason, message, component, pod.spec.nodeName);
      else events.warning(pod, reason, message, component, pod.spec.nodeName);
    }
  }

  /** Pods that wait for an object of this kind, or that the network keeps from starting. */
  const dependents = ({object}: ChangeEvent): readonly string[] =>
    cache
      .list<Pod>('pods', object.metadata.namespace)
      .filter(
        (pod) => pod.status?.phase === 'Pending' && refersTo(pod, object.kind, object.metadata.name ?? ''),
      )
      .map(keyOf);

  const askers = ({object}: ChangeEvent): readonly string[] => {
    const {namespace} = object.metadata;
    const pods = cache.list<Pod>('pods', namespace === 'kube-system' ? undefined : namespace);
    return pods
      .filter((pod) => pod.spec.containers.some((container) => traitsOf(pod, container).dns !== undefined))
      .map(keyOf);
  };

  return {
    name: component,
    level: 2,
    watches: {
      pods: (event) => {
        addresses.observe(event);
        return event.type === 'DELETED' || !(event.object as Pod).spec.nodeName ? [] : itself(event);
      },
      configmaps: dependents,
      secrets: dependents,
      persistentvolumeclaims: dependents,
      'networkpolicies.networking.k8s.io': askers,
    },
    reconcile,
  };
}

/** What would become of a container if it were started now. */
export function startOutcome(
  context: Pick<Context, 'cache'>,
  traitsOf: TraitsOf,
  pod: Pod,
  container: Container,
  nodeDirectory?: string,
): Outcome {
  const {cache} = context;
  const traits = traitsOf(pod, container);
  return start(pod, container, {
    traits,
    objects: objectsOf(cache),
    resolvesNames: traits.dns === undefined || resolvesNames(cache, pod),
    ends: endOf(pod, container, traits),
    read: nodeFiles(nodeDirectory, pod, container),
  });
}

const userOf = (pod: Pod): string => `system:node:${pod.spec.nodeName}`;

const isStarted = (pod: Pod): boolean =>
  (pod.status?.containerStatuses ?? []).some((one) => one.containerID !== undefined);
