import {asArray, asObject, equal, type Json} from '../../engine/json.ts';
import {matchesLabels, selectorOf} from '../api/selectors.ts';
import {type Context, type Controller, splitKey, systemUser} from './controller.ts';
import type {Obj} from './types.ts';

const resource = 'clusterroles.rbac.authorization.k8s.io';
const component = 'clusterrole-aggregation-controller';

/** Fills a ClusterRole that has an aggregationRule with the rules of those that its selectors choose. */
export function aggregationController({cache, machine}: Context): Controller {
  const isAggregated = (role: Obj): boolean =>
    role.aggregationRule !== undefined && role.aggregationRule !== null;

  function reconcile(key: string): void {
    const [, name] = splitKey(key);
    const role = cache.get<Obj>(resource, '', name);
    if (!role || !isAggregated(role)) return;
    const selectors = asArray(asObject(role.aggregationRule).clusterRoleSelectors).map((one) =>
      selectorOf(asObject(one)),
    );
    const rules: Json[] = [];
    const others = [...cache.list<Obj>(resource)].sort((a, b) =>
      a.metadata.name < b.metadata.name ? -1 : 1,
    );
    for (const other of others) {
      const labels = asObject(other.metadata.labels);
      if (other === role || !selectors.some((selector) => matchesLabels(selector, labels))) continue;
      for (const rule of asArray(other.rules))
        if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    }
    if (equal(asArray(role.rules), rules)) return;
    machine.update(resource, {...role, rules}, {user: systemUser(component)});
  }

  return {
    name: component,
    level: 1,
    watches: {
      [resource]: () =>
        cache
          .list<Obj>(resource)
          .filter(isAggregated)
          .map((role) => `/${role.metadata.name}`),
    },
    reconcile,
  };
}
