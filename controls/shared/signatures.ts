import type {View} from '../../src/engine/control.ts';
import {embeddedObject} from '../../src/engine/embedded.ts';
import {asArray, asObject, asString, type Json, type JsonObject} from '../../src/engine/json.ts';
import type {Resource} from '../../src/engine/objects.ts';
import {isAsked, kyvernoTakes, looksAt, matchesPattern, takesPods} from './admission.ts';
import {running} from './agents.ts';
import {fullRepository} from './registries.ts';

/** What verifies images at admission: whether it takes an image in a namespace, and refuses it without a signature. */
export type Verifier = (namespace: Resource, image: string, view: View) => boolean;

const is = (word: string, value: Json | undefined): boolean => asString(value).toLowerCase() === word;

/** An image as policies may write it: as it is, and in full. */
const written = (image: string): readonly string[] => {
  const full = fullRepository(image);
  const rest = image.slice(Math.max(image.lastIndexOf('@'), image.lastIndexOf(':', image.length)));
  const tail = /^[:@][^/]*$/.test(rest) ? rest : ':latest';
  const names = full.startsWith('docker.io/') ? [full, `index.${full}`] : [full];
  return [image, ...names, ...names.map((name) => name + tail)];
};

const kyvernoHook = /\.kyverno\.svc/;

function byKyverno({object}: Resource, namespace: Resource, image: string): boolean {
  const {rules, validationFailureAction, validationFailureActionOverrides, failurePolicy, admission} =
    asObject(object.spec);
  if (failurePolicy === 'Ignore' || admission === false) return false;
  const isLoosened = asArray(validationFailureActionOverrides)
    .map(asObject)
    .some(
      ({action, namespaces}) =>
        !is('enforce', action) &&
        (namespaces === undefined ||
          asArray(namespaces).some((one) => matchesPattern(asString(one), namespace.name))),
    );
  const takes = ({imageReferences, image: single, skipImageReferences}: JsonObject): boolean => {
    const among = (list: Json | undefined): boolean =>
      asArray(list).some((one) => written(image).some((name) => matchesPattern(asString(one), name)));
    return (among(imageReferences) || among([asString(single)])) && !among(skipImageReferences);
  };
  return asArray(rules)
    .map(asObject)
    .filter((rule) => kyvernoTakes(rule, namespace))
    .flatMap((rule) => asArray(rule.verifyImages).map(asObject))
    .some(
      (verify) =>
        (verify.failureAction === undefined
          ? is('enforce', validationFailureAction) && !isLoosened
          : is('enforce', verify.failureAction)) &&
        verify.required !== false &&
        asArray(verify.attestors).length + asArray(verify.attestations).length > 0 &&
        takes(verify),
    );
}

/** `*` within a part of the name, `**` over several, as Sigstore and Kyverno's own kind write it. */
function matchesGlob(glob: string, image: string): boolean {
  const plain = glob
    .replace(/[\\^$.|+?()[\]{}]/g, String.raw`\$&`)
    .replace(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'));
  const pattern = new RegExp(`^${plain}$`);
  return written(image).some((name) => pattern.test(name));
}

function byImagePolicy({object}: Resource, namespace: Resource, image: string): boolean {
  const {failurePolicy, validationActions, matchConstraints, matchImageReferences, attestors, validations} =
    asObject(object.spec);
  const constraints = asObject(matchConstraints);
  return (
    failurePolicy !== 'Ignore' &&
    asArray(validationActions).includes('Deny') &&
    takesPods(constraints.resourceRules) &&
    looksAt(constraints, namespace) &&
    asArray(attestors).length > 0 &&
    asArray(validations).some((one) =>
      /verifyImageSignatures|verifyAttestationSignatures/.test(asString(asObject(one).expression)),
    ) &&
    asArray(matchImageReferences).some((one) => {
      const glob = asString(asObject(one).glob);
      return glob === '*' || matchesGlob(glob, image);
    })
  );
}

function bySigstore({object}: Resource, image: string): boolean {
  const {mode, authorities, images, match} = asObject(object.spec);
  const proves = (authority: JsonObject): boolean => asObject(authority.static).action !== 'pass';
  return (
    mode !== 'warn' &&
    asArray(match).length === 0 &&
    asArray(authorities).length > 0 &&
    asArray(authorities).map(asObject).every(proves) &&
    asArray(images).some((one) => matchesGlob(asString(asObject(one).glob), image))
  );
}

/** Connaisseur's own configuration: the most telling pattern decides which validator is asked. */
function byConnaisseur(view: View, image: string): boolean {
  return running(view, /(^|\/)connaisseur$/)
    .flatMap(({namespace}) => view.list('ConfigMap', namespace))
    .flatMap(({object}) => Object.values(asObject(object.data)))
    .map((text) => embeddedObject(text) ?? {})
    .some(({policy, validators, detectionMode, detection_mode: older}) => {
      if (detectionMode === true || older === true) return false;
      const [rule] = asArray(policy)
        .map(asObject)
        .filter(({pattern}) =>
          written(image).some((name) => matchesGlob(asString(pattern).replace('*:*', '**'), name)),
        )
        .sort((a, b) => asString(b.pattern).length - asString(a.pattern).length);
      const name = asString(rule?.validator) || 'default';
      const validator = asArray(validators)
        .map(asObject)
        .find((one) => one.name === name);
      return rule !== undefined && validator !== undefined && validator.type !== 'static';
    });
}

/** Ratify is asked by Gatekeeper, through a constraint that denies what it does not vouch for. */
const byRatify = ({object}: Resource, namespace: Resource): boolean => {
  const {enforcementAction, match} = asObject(object.spec);
  const {namespaces, excludedNamespaces, kinds, labelSelector} = asObject(match);
  const among = (list: Json | undefined) =>
    asArray(list).some((one) => matchesPattern(asString(one), namespace.name));
  return (
    (enforcementAction === undefined || enforcementAction === 'deny') &&
    labelSelector === undefined &&
    (namespaces === undefined || among(namespaces)) &&
    !among(excludedNamespaces) &&
    (kinds === undefined ||
      asArray(kinds).some((one) =>
        asArray(asObject(one).kinds).some((kind) => kind === 'Pod' || kind === '*'),
      ))
  );
};

/** Whether anything verifies an image in a namespace: a webhook that is asked and holds, with a policy that refuses. */
export const isVerified: Verifier = (namespace, image, view) =>
  (isAsked(view, kyvernoHook, namespace) &&
    (view.list('ClusterPolicy').some((one) => byKyverno(one, namespace, image)) ||
      view.list('ImageValidatingPolicy').some((one) => byImagePolicy(one, namespace, image)))) ||
  (isAsked(view, /policy\.sigstore\.dev/, namespace) &&
    view.list('ClusterImagePolicy').some((one) => bySigstore(one, image))) ||
  (isAsked(view, /connaisseur/, namespace) && byConnaisseur(view, image)) ||
  (isAsked(view, /validation\.gatekeeper\.sh/, namespace) &&
    running(view, /(^|\/)ratify$/).length > 0 &&
    view.list('RatifyVerification').some((one) => byRatify(one, namespace)));

/** Whether an object names images that have to be signed, held or not: for a message. */
export const isAboutSignatures = ({kind, object}: Resource): boolean =>
  kind !== 'ClusterPolicy' ||
  asArray(asObject(object.spec).rules).some((rule) => asObject(rule).verifyImages !== undefined);
