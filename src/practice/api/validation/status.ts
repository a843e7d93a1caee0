import {isIP} from 'node:net';
import {asArray, asObject, asString, type JsonObject} from '../../../engine/json.ts';
import {forbiddenField, invalidValue} from '../api-error.ts';
import {subdomainProblems} from '../names.ts';
import type {ResourceInfo} from '../resources.ts';
import {certificateProblem} from './certificate-request.ts';
import {checkCounts, checkNames, type Errors} from './rules.ts';

/** A status that a client writes. */
export function validateStatus({id}: ResourceInfo, object: JsonObject, errors: Errors): void {
  const status = asObject(object.status);
  switch (id) {
    case 'deployments.apps':
      checkReplicas(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], errors);
      return;
    case 'replicasets.apps':
      checkReplicas(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], errors);
      return;
    case 'services': {
      const ingress = asArray(asObject(status.loadBalancer).ingress);
      if (asObject(object.spec).type === 'LoadBalancer') checkIngress(ingress.map(asObject), errors);
      else if (ingress.length > 0)
        errors.push(
          forbiddenField(
            'status.loadBalancer.ingress',
            "may only be used when `spec.type` is 'LoadBalancer'",
          ),
        );
      return;
    }
    case 'ingresses.networking.k8s.io':
      checkIngress(asArray(asObject(status.loadBalancer).ingress).map(asObject), errors);
      return;
    case 'poddisruptionbudgets.policy':
      checkCounts(
        status,
        ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'],
        'status',
        errors,
      );
      return;
    case 'certificatesigningrequests.certificates.k8s.io': {
      const problem = certificateProblem(asString(status.certificate));
      if (problem !== undefined)
        errors.push(invalidValue('status.certificate', '<certificate data>', problem));
      return;
    }
    default:
  }
}

function checkReplicas(status: JsonObject, parts: readonly string[], errors: Errors): void {
  checkCounts(status, ['replicas', ...parts, 'observedGeneration'], 'status', errors);
  const all = Number(status.replicas ?? 0);
  for (const part of parts) {
    const count = Number(status[part] ?? 0);
    if (count > all)
      errors.push(invalidValue(`status.${part}`, count, 'cannot be greater than status.replicas'));
  }
  const [ready, available] = [Number(status.readyReplicas ?? 0), Number(status.availableReplicas ?? 0)];
  if (available > ready)
    errors.push(invalidValue('status.availableReplicas', available, 'cannot be greater than readyReplicas'));
}

function checkIngress(items: readonly JsonObject[], errors: Errors): void {
  for (const [index, {ip, hostname}] of items.entries()) {
    const at = `status.loadBalancer.ingress[${index}]`;
    const [address, host] = [asString(ip), asString(hostname)];
    if (address && !isIP(address))
      errors.push(
        invalidValue(`${at}.ip`, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
    if (!host) continue;
    checkNames(subdomainProblems(host), host, `${at}.hostname`, errors);
    if (isIP(host))
      errors.push(invalidValue(`${at}.hostname`, host, 'must be a DNS name, not an IP address'));
  }
}
