import type {Edit} from '../../src/engine/change.ts';
import {asArray, asObject, asString} from '../../src/engine/json.ts';
import {type PathSegment, plainElement} from '../../src/engine/path.ts';
import type {Container} from '../../src/engine/pod-spec.ts';
import {remove, set} from './fix.ts';

/** The capabilities that a container adds or drops, as written. */
export const capabilities = ({securityContext}: Container, list: 'add' | 'drop'): readonly string[] =>
  asArray(asObject(securityContext.capabilities)[list]).map((item) => asString(item));

/** The name without the prefix that some write: `SYS_ADMIN`. */
export const plainName = (capability: string): string => capability.toUpperCase().replace(/^CAP_/, '');

/** Path of an added capability below its container; named by itself, because others may be taken out before it. */
export const addedPath = (capability: string): readonly PathSegment[] => [
  'securityContext',
  'capabilities',
  'add',
  plainElement(capability),
];

/** The edits that take added capabilities from a container; none where it has no such. */
export const takeCapabilities = (
  container: Container,
  take: (capability: string) => boolean,
): readonly Edit[] =>
  capabilities(container, 'add')
    .filter(take)
    .map((capability) => remove([...container.path, ...addedPath(capability)]));

/** The edit that makes a container an unprivileged one; none where it is. */
export const takePrivileged = (container: Container): readonly Edit[] =>
  container.securityContext.privileged === true
    ? [set([...container.path, 'securityContext', 'privileged'], false)]
    : [];

const isCapSysAdmin = (name: string): boolean => name === 'CAP_SYS_ADMIN';

/** Whether the API refuses `allowPrivilegeEscalation: false` in it: privileged, or SYS_ADMIN written with its prefix. */
export const isRefusedBeside = (container: Container): boolean =>
  container.securityContext.privileged === true || capabilities(container, 'add').some(isCapSysAdmin);

/** The edits that take away what the API refuses beside `allowPrivilegeEscalation: false`; none where nothing is. */
export const lowerRefused = (container: Container): readonly Edit[] => [
  ...takePrivileged(container),
  ...takeCapabilities(container, isCapSysAdmin),
];
