import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import {labelsOf, type Resource} from '../../src/engine/objects.ts';
import {selects} from '../../src/engine/selectors.ts';

const includes = (list: Json | undefined, wanted: string): boolean =>
  asArray(list).some((one) => one === wanted || one === '*');

/** Whether rules of a webhook or a policy take new pods. */
export const takesPods = (rules: Json | undefined): boolean =>
  asArray(rules)
    .map(asObject)
    .some(
      ({apiGroups, resources, operations, scope}) =>
        includes(apiGroups, '') &&
        asArray(resources).some(
          (one) => one === 'pods' || one === '*' || one === '*/*' || one === 'pods/*',
        ) &&
        includes(operations, 'CREATE') &&
        scope !== 'Cluster',
    );

/** Labels of a namespace, with the one that every namespace has. */
const labelsIn = (namespace: Resource): JsonObject => ({
  'kubernetes.io/metadata.name': namespace.name,
  ...labelsOf(namespace.object),
});

/** Whether a webhook or policy looks at the pods of a namespace: some of them are no promise. */
export const looksAt = (matching: JsonObject, namespace: Resource): boolean =>
  selects(matching.namespaceSelector, labelsIn(namespace)) &&
  Object.keys(asObject(matching.objectSelector)).length === 0;

/**
 * Whether the API server asks a webhook, whose name is like this, about every new pod of a namespace, and refuses the
 * pod where it does not answer.
 */
export const isAsked = (view: View, name: RegExp, namespace: Resource): boolean =>
  (['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const)
    .flatMap((kind) => view.list(kind))
    .flatMap(({object}) => asArray(object.webhooks).map(asObject))
    .some(
      (webhook) =>
        name.test(asString(webhook.name)) &&
        webhook.failurePolicy !== 'Ignore' &&
        takesPods(webhook.rules) &&
        asArray(webhook.matchConditions).length === 0 &&
        looksAt(webhook, namespace),
    );

/** A policy of the API server itself, with a binding that lets it refuse. */
export type Bound = {readonly policy: Resource; readonly binding: Resource};

/** Each ValidatingAdmissionPolicy that refuses pods of a namespace, by each binding that lets it. */
export function refusing(view: View, namespace: Resource): readonly Bound[] {
  return view.list('ValidatingAdmissionPolicy').flatMap((policy) => {
    const {failurePolicy, matchConstraints, matchConditions} = asObject(policy.object.spec);
    const constraints = asObject(matchConstraints);
    const isMeant =
      failurePolicy !== 'Ignore' &&
      asArray(matchConditions).length === 0 &&
      takesPods(constraints.resourceRules) &&
      asArray(constraints.excludeResourceRules).length === 0 &&
      looksAt(constraints, namespace);
    if (!isMeant) return [];
    return view
      .list('ValidatingAdmissionPolicyBinding')
      .filter(({object}) => {
        const {policyName, validationActions, matchResources} = asObject(object.spec);
        return (
          policyName === policy.name &&
          includes(validationActions, 'Deny') &&
          looksAt(asObject(matchResources), namespace)
        );
      })
      .map((binding) => ({policy, binding}));
  });
}

/** Kyverno's own patterns: `*` for any text, `?` for a character, `|` between several. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  pattern.split('|').some((part) => {
    const plain = part.trim().replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
    return new RegExp(`^${plain.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
  });

/** Whether a rule of Kyverno is for the pods of a namespace, as its match and exclude name namespaces. */
export function kyvernoTakes(rule: JsonObject, namespace: Resource): boolean {
  const filters = (value: Json | undefined): readonly JsonObject[] => {
    const {any, all, resources} = asObject(value);
    const listed = [...asArray(any), ...asArray(all)].map((one) => asObject(asObject(one).resources));
    return resources === undefined ? listed : [...listed, asObject(resources)];
  };
  const isIn = ({namespaces, namespaceSelector, kinds}: JsonObject): boolean =>
    (asArray(kinds).length === 0 || asArray(kinds).some((kind) => /(^|\/)(Pod|\*)$/.test(String(kind)))) &&
    (asArray(namespaces).length === 0 ||
      asArray(namespaces).some((pattern) => matchesPattern(asString(pattern), namespace.name))) &&
    selects(namespaceSelector, labelsIn(namespace));
  const narrow = ({names, name, selector, annotations}: JsonObject): boolean =>
    [names, name, selector, annotations].some((one) => one !== undefined);
  return (
    filters(rule.match).some((filter) => isIn(filter) && !narrow(filter)) && !filters(rule.exclude).some(isIn)
  );
}
