import type {Container, ContainerStatus} from '../types.ts';
import type {Happening} from './container.ts';
import {canonical} from './traits.ts';

const firstWait = 10_000;

export type Pull = {
  readonly happened: readonly Happening[];
  readonly problem?: {readonly reason: string; readonly message: string};
  readonly wakeIn?: number;
};

const valid =
  /^(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
/** Hosts that by RFC 2606 and 6761 never exist. */
const nowhere = /(^|\.)(invalid|example|test|example\.(com|net|org))(:\d+)?$/;

/**
 * Fetches an image in thought. Every image is there, unless its name can't be one, or its registry can't exist.
 * @param waited Milliseconds since the pod began to wait.
 */
export function pull(container: Container, prior: ContainerStatus | undefined, waited: number): Pull {
  const {image} = container;
  if (!valid.test(image)) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
    const problem = {reason: 'InvalidImageName', message};
    const isKnown = prior?.state.waiting?.reason === problem.reason;
    return {problem, happened: isKnown ? [] : [{type: 'Warning', reason: 'InspectFailed', message}]};
  }
  const host = canonical(image).split('/')[0] ?? '';
  if (!nowhere.test(host)) {
    const message = `Container image "${image}" already present on machine`;
    return {happened: [{type: 'Normal', reason: 'Pulled', message}]};
  }
  const why = `failed to pull and unpack image "${canonical(image)}": failed to resolve reference "${canonical(image)}": failed to do request: Head "https://${host}/v2/": dial tcp: lookup ${host}: no such host`;
  const before = prior?.image === image ? prior.state.waiting : undefined;
  const backOff = {
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "${image}": ErrImagePull: ${why}`,
  };
  if (before?.reason === 'ImagePullBackOff') return {problem: backOff, happened: []};
  if (before?.reason === 'ErrImagePull') {
    if (waited < firstWait)
      return {problem: {reason: 'ErrImagePull', message: why}, happened: [], wakeIn: firstWait - waited};
    const message = `Back-off pulling image "${image}"`;
    return {problem: backOff, happened: [{type: 'Normal', reason: 'BackOff', message}]};
  }
  return {
    problem: {reason: 'ErrImagePull', message: why},
    happened: [
      {type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"`},
      {type: 'Warning', reason: 'Failed', message: `Failed to pull image "${image}": ${why}`},
    ],
    wakeIn: firstWait,
  };
}
