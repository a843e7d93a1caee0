import type {View} from '../../src/engine/control.ts';
import {asArray, asObject, asString, type JsonObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {isAsked, kyvernoTakes, refusing} from './admission.ts';
import {parseImage} from './image.ts';

/** Where an image without a registry comes from. */
const usual = 'docker.io';

/** The repository of an image in full, as a registry knows it: `docker.io/library/nginx` of `nginx:1.31`. */
export function fullRepository(reference: string): string {
  const {repository} = parseImage(reference);
  const [first = '', ...rest] = repository.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (isRegistry) return first === 'index.docker.io' ? [usual, ...rest].join('/') : repository;
  return rest.length === 0 ? `${usual}/library/${repository}` : `${usual}/${repository}`;
}

export const registryOf = (reference: string): string => fullRepository(reference).split('/')[0] ?? '';

/** Whether an image comes from one of these: a registry, or a repository or folder of one. */
export const comesFrom = (reference: string, allowed: readonly string[]): boolean => {
  const repository = fullRepository(reference);
  return allowed
    .map((one) => one.replace(/\/?\*?$/, ''))
    .some((one) => repository === one || repository.startsWith(`${one}/`));
};

/** The policy of ours that reads its list from a ConfigMap. */
export const listParameter = 'params.data.registries';
const quoted = /(['"])([a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9._/-]*)?)\1/g;

/** What a ValidatingAdmissionPolicy lets in: prefixes in its expressions, or the list of the ConfigMap that it reads. */
function fromPolicy({policy, binding}: {policy: Resource; binding: Resource}, view: View): readonly string[] {
  const {variables, validations} = asObject(policy.object.spec);
  const expressions = [...asArray(variables), ...asArray(validations)].map((one) =>
    asString(asObject(one).expression),
  );
  const text = expressions.join('\n');
  // What is refused by name leaves every other registry open.
  const isAllowList =
    /\.image\b/.test(text) && text.includes('.startsWith(') && !/!\s*[\w.]+\.startsWith/.test(text);
  if (!isAllowList) return [];
  const {name, namespace} = asObject(asObject(binding.object.spec).paramRef);
  const list = text.includes(listParameter)
    ? asString(asObject(view.get('ConfigMap', asString(namespace), asString(name))?.object.data).registries)
    : '';
  const written = [...text.matchAll(quoted)].map(([, , prefix = '']) => prefix);
  return [...list.split(/[\s,]+/), ...written]
    .map((one) => one.replace(/\/$/, ''))
    .filter((one) => one.includes('.') || one.includes(':') || one === 'localhost');
}

const enforce = (value: unknown): boolean => String(value).toLowerCase() === 'enforce';

/** What a policy of Kyverno lets in, by the pattern that each image has to have. */
function fromKyverno({object}: Resource, namespace: Resource): readonly string[] {
  const {rules, validationFailureAction} = asObject(object.spec);
  return asArray(rules)
    .map(asObject)
    .filter((rule) => kyvernoTakes(rule, namespace))
    .map((rule): JsonObject => asObject(rule.validate))
    .filter(({failureAction}) => enforce(failureAction ?? validationFailureAction))
    .flatMap(({pattern}) => asArray(asObject(asObject(pattern).spec).containers))
    .flatMap((container) => asString(asObject(container).image).split('|'))
    .map((one) => one.trim().replace(/\/\*$/, ''))
    .filter((one) => one !== '' && !one.includes('*') && !one.startsWith('!'));
}

/** The registries that admission lets the pods of a namespace come from; undefined where nothing limits them. */
export function admittedRegistries(view: View, namespace: Resource): readonly string[] | undefined {
  const bound = refusing(view, namespace).flatMap((one) => fromPolicy(one, view));
  const kyverno = isAsked(view, /\.kyverno\.svc/, namespace)
    ? view.list('ClusterPolicy').flatMap((one) => fromKyverno(one, namespace))
    : [];
  const all = [...new Set([...bound, ...kyverno])];
  return all.length === 0 ? undefined : all;
}
