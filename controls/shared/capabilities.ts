import type {Edit} from '../../src/engine/change.ts';
import {asArray, asObject, asString} from '../../src/engine/json.ts';
import type {Container} from '../../src/engine/pod-spec.ts';
import {remove, set} from './fix.ts';

export type CapabilityList = 'add' | 'drop';

/** The capabilities that a container adds or drops, as written. */
export const capabilities = ({securityContext}: Container, list: CapabilityList): readonly string[] =>
  asArray(asObject(securityContext.capabilities)[list]).map((item) => asString(item));

/** The name without the optional prefix: the runtime takes both `SYS_ADMIN` and `CAP_SYS_ADMIN`. */
export const plainName = (capability: string): string => capability.toUpperCase().replace(/^CAP_/, '');

/** The edit that leaves only these added capabilities; none where nothing changes. */
export function keepCapabilities(
  container: Container,
  keep: (capability: string) => boolean,
): readonly Edit[] {
  const added = capabilities(container, 'add');
  const kept = added.filter(keep);
  if (kept.length === added.length) return [];
  const path = [...container.path, 'securityContext', 'capabilities', 'add'];
  return [kept.length > 0 ? set(path, kept) : remove(path)];
}

const isCapSysAdmin = (name: string): boolean => name === 'CAP_SYS_ADMIN';

/** Whether the API refuses `allowPrivilegeEscalation: false` in it: privileged, or SYS_ADMIN written with its prefix. */
export const isRefusedBeside = (container: Container): boolean =>
  container.securityContext.privileged === true || capabilities(container, 'add').some(isCapSysAdmin);

/** The edits that take away what the API refuses beside `allowPrivilegeEscalation: false`; none where nothing is. */
export const lowerRefused = (container: Container): readonly Edit[] => [
  ...(container.securityContext.privileged === true
    ? [set([...container.path, 'securityContext', 'privileged'], false)]
    : []),
  ...keepCapabilities(container, (name) => !isCapSysAdmin(name)),
];
