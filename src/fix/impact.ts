import type {Inventory} from '../engine/inventory.ts';
import type {Work} from '../engine/slices.ts';
import type {PreviewItem, TargetKind} from '../target/target.ts';
import {access} from './impact/access.ts';
import {capabilities} from './impact/capabilities.ts';
import {host} from './impact/host.ts';
import {limits} from './impact/limits.ts';
import {networkPolicies} from './impact/network-policies.ts';
import {podSecurity} from './impact/pod-security.ts';
import {quotas} from './impact/quotas.ts';
import {restarts} from './impact/restarts.ts';
import {type Consequence, situationOf, type Topic} from './impact/situation.ts';
import {tokens} from './impact/tokens.ts';
import {users} from './impact/users.ts';

const topics: readonly Topic[] = [
  limits,
  quotas,
  podSecurity,
  tokens,
  networkPolicies,
  users,
  capabilities,
  host,
  access,
  restarts,
];

/**
 * The third answer: what a previewed change could break, and why, from what is known of the cluster. Pure. Steps that the
 * server refuses break nothing.
 */
export function* impactOf(
  inventory: Inventory,
  items: readonly PreviewItem[],
  kind: TargetKind,
): Work<readonly Consequence[]> {
  const situation = situationOf(inventory, items, kind);
  if (situation.items.length === 0) return [];
  const found: Consequence[] = [];
  for (const topic of topics) {
    for (const one of topic(situation)) found.push(one);
    yield;
  }
  if (found.length > 0) return found;
  const text =
    kind === 'files'
      ? 'It changes files only: nothing runs from them yet.'
      : 'Nothing that runs now is touched by it.';
  return [{mark: 'passed', text}];
}
